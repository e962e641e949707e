//! The frame check: a fix may change the one thing that its scope names, and nothing else.
mod base;
mod environment;
mod system;

use crate::model::{Command, Dockerfile, Instruction, Keyword, Placed, Script, Word};
use crate::rule::Scope;
use crate::text::{self, Edit, Span};

/// Why a fix was refused.
pub(crate) type Reason = &'static str;

/// Checks one fix by itself, on the instructions that it touches.
pub(crate) fn alone(before: &Dockerfile, edits: &[Edit], scope: Scope) -> Result<(), Reason> {
    let window = window(before, edits);
    let text = &before.source[window.range()];
    let local: Vec<Edit> =
        edits.iter().map(|e| Edit { span: back(e.span, window.start), text: e.text.clone() }).collect();
    let was = Dockerfile::part(text, before.escape);
    let now = Dockerfile::part(&text::apply(text, &local), before.escape);
    sound(&was, &now)?;
    frame(&was.instructions, &now.instructions, scope)
}

/// Checks the result of several fixes: nothing is broken, and every instruction that no edit touches is as it was.
pub(crate) fn together(before: &Dockerfile, after: &Dockerfile, edits: &[Edit]) -> Result<(), Reason> {
    sound(before, after)?;
    let mut growth = 0i64;
    let mut edit = edits.iter().peekable();
    for placed in &before.instructions {
        while let Some(e) = edit.next_if(|e| e.span.end < placed.at) {
            growth += e.growth();
        }
        if edit.peek().is_some_and(|e| e.span.touches(placed.span())) {
            continue;
        }
        let at = i64::from(placed.at) + growth;
        let same = after
            .instructions
            .binary_search_by_key(&at, |p| i64::from(p.at))
            .map(|i| &after.instructions[i].node.text);
        if same != Ok(&placed.node.text) {
            return Err("an instruction that it does not touch would change");
        }
    }
    let entry = |d: &Dockerfile, keyword| d.instructions.iter().any(|p| p.node.keyword == keyword);
    if [Keyword::Cmd, Keyword::Entrypoint].into_iter().any(|k| entry(before, k) && !entry(after, k)) {
        return Err("CMD or ENTRYPOINT would be lost");
    }
    Ok(())
}

/// The part of the file that holds every touched instruction whole.
fn window(file: &Dockerfile, edits: &[Edit]) -> Span {
    let edited = edits.iter().map(|e| e.span).reduce(Span::to).unwrap_or_default();
    let first = file.instructions.partition_point(|p| p.span().end < edited.start);
    let touched = file.instructions[first..].iter().take_while(|p| p.at <= edited.end);
    touched.map(Placed::span).fold(edited, Span::to)
}

fn back(span: Span, by: u32) -> Span {
    Span { start: span.start - by, end: span.end - by }
}

/// Nothing that was read before can no longer be read, and no comment is lost.
fn sound(before: &Dockerfile, after: &Dockerfile) -> Result<(), Reason> {
    let count = |d: &Dockerfile, what: fn(&Instruction) -> bool| {
        d.instructions.iter().filter(|p| what(p.node.effective())).count()
    };
    let unknown = |i: &Instruction| i.keyword == Keyword::Unknown;
    let shell = |i: &Instruction| i.script.as_ref().is_some_and(|s| s.broken);
    if after.problems.len() > before.problems.len() {
        return Err("BuildKit would refuse the file");
    }
    if count(after, unknown) > count(before, unknown) {
        return Err("a line would become an unknown instruction");
    }
    if count(after, |i| i.broken) > count(before, |i| i.broken) {
        return Err("an instruction could no longer be read");
    }
    if count(after, shell) > count(before, shell) {
        return Err("a shell script could no longer be read");
    }
    if comments(after) < comments(before) {
        return Err("a comment would be lost");
    }
    Ok(())
}

fn comments(file: &Dockerfile) -> usize {
    file.comments.len() + file.instructions.iter().map(|p| p.node.comments.len()).sum::<usize>()
}

fn frame(before: &[Placed], after: &[Placed], scope: Scope) -> Result<(), Reason> {
    let pairwise = |same: fn(&Instruction, &Instruction) -> bool| {
        before.len() == after.len() && before.iter().zip(after).all(|(a, b)| same(&a.node, &b.node))
    };
    let ok = match scope {
        Scope::Format => pairwise(same),
        Scope::Arguments => pairwise(same_but_flags),
        Scope::Environment => environment::only_flags_become_variables(before, after),
        Scope::System => pairwise(system::only_the_distribution_differs),
        Scope::Base => base::only_the_base_differs(before, after),
        Scope::Commands => {
            pairwise(|a, b| same(a, b) || (same_head(a, b) && is_subsequence(commands(a), commands(b))))
        }
        Scope::Packages => {
            pairwise(|a, b| same(a, b) || (same_head(a, b) && is_subsequence(programs(b), programs(a))))
                || only_installations_are_gone(before, after)
        }
        Scope::Layers => {
            others(before, RUNS).eq_by_meaning(others(after, RUNS))
                && all_commands(before).eq(all_commands(after))
                && run_flags(before) == run_flags(after)
        }
        Scope::Copies => {
            others(before, COPIES).eq_by_meaning(others(after, COPIES))
                && is_subsequence(files(before), files(after))
        }
        Scope::Config => {
            let kept = |p: &&Placed| matches!(p.node.keyword, Keyword::From | Keyword::Copy | Keyword::Add);
            let (was, is): (Vec<_>, Vec<_>) =
                (before.iter().filter(kept).collect(), after.iter().filter(kept).collect());
            was.len() == is.len()
                && was.iter().zip(is).all(|(a, b)| same_but(&["chown"], &a.node, &b.node))
                && is_subsequence(all_commands(before), all_commands(after))
        }
        Scope::Rights => {
            let (was, is): (Vec<_>, Vec<_>) = (others(before, RUNS).collect(), others(after, RUNS).collect());
            let but_rights = |all: &[Placed]| -> Vec<Vec<String>> {
                let own = |c: Vec<&str>| c.into_iter().map(str::to_owned).collect();
                let rights = |c: &Vec<&str>| matches!(c.first(), Some(&"chown" | &"chmod"));
                all_commands(all).filter(|c| !rights(c)).map(own).collect()
            };
            was.len() == is.len()
                && was.iter().zip(is).all(|(a, b)| same_but(&["chown", "chmod"], &a.node, &b.node))
                && but_rights(before) == but_rights(after)
                && run_flags(after).is_subset(&run_flags(before))
        }
        Scope::Lines => squeezed(before) == squeezed(after),
        Scope::Keyword => {
            pairwise(|a, b| same(a, b) || (is_unknown(a) && !is_unknown(b) && arguments(a) == arguments(b)))
        }
    };
    if ok { Ok(()) } else { Err("it would change more than it says") }
}

const RUNS: &[Keyword] = &[Keyword::Run];
const COPIES: &[Keyword] = &[Keyword::Copy, Keyword::Add];

fn others<'a>(all: &'a [Placed], but: &'static [Keyword]) -> impl Iterator<Item = &'a Placed> {
    all.iter().filter(move |p| !but.contains(&p.node.keyword))
}

trait EqByMeaning<'a>: Iterator<Item = &'a Placed> + Sized {
    fn eq_by_meaning(mut self, mut other: impl Iterator<Item = &'a Placed>) -> bool {
        loop {
            match (self.next(), other.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if same(&a.node, &b.node) => {}
                _ => return false,
            }
        }
    }
}
impl<'a, I: Iterator<Item = &'a Placed>> EqByMeaning<'a> for I {}

/// The words of a command, its wrappers and assignments. Of a word that holds commands itself, `$(…)` or the text of
/// `sh -c`, only that it is there: those commands are compared by themselves.
fn meaning<'s>(script: &'s Script, command: &'s Command) -> Vec<&'s str> {
    let assignments = command.assignments.iter().flat_map(|a| [a.name.as_str(), a.value.as_str()]);
    let words = command.wrappers.iter().chain(&command.words).map(|w| own_text(script, w));
    assignments.chain(words).collect()
}

fn own_text<'s>(script: &Script, word: &'s Word) -> &'s str {
    let first = script.commands.partition_point(|c| c.span.start <= word.span.start);
    let holds = script.commands.get(first).is_some_and(|c| c.span.end <= word.span.end);
    if holds { "$()" } else { &word.value }
}

fn commands(instruction: &Instruction) -> Vec<Vec<&str>> {
    instruction.effective().script.iter().flat_map(|s| s.commands.iter().map(|c| meaning(s, c))).collect()
}

fn programs(instruction: &Instruction) -> Vec<&str> {
    instruction.effective().script.iter().flat_map(|s| s.commands.iter().map(|c| c.program())).collect()
}

fn all_commands(all: &[Placed]) -> impl Iterator<Item = Vec<&str>> {
    all.iter().filter(|p| p.node.effective().keyword == Keyword::Run).flat_map(|p| commands(&p.node))
}

fn run_flags(all: &[Placed]) -> std::collections::BTreeSet<(&str, &str)> {
    let runs = all.iter().filter(|p| p.node.keyword == Keyword::Run);
    runs.flat_map(|p| p.node.flags.iter().map(|f| (f.name.as_str(), f.value.value.as_str()))).collect()
}

fn alias(instruction: &Instruction) -> Option<String> {
    instruction.from.as_ref()?.alias.as_ref().map(|a| a.value.to_ascii_lowercase())
}

/// Each file that is copied, with where it goes to.
fn files(all: &[Placed]) -> Vec<(&str, &str)> {
    let copies = all.iter().filter(|p| COPIES.contains(&p.node.keyword));
    let mut out: Vec<(&str, &str)> = copies
        .flat_map(|p| {
            let (to, from) =
                p.node.words.split_last().map_or(("", [].as_slice()), |(to, from)| (to.value.as_str(), from));
            from.iter().map(move |f| (f.value.as_str(), to.trim_end_matches('/')))
        })
        .collect();
    out.sort_unstable();
    out
}

/// Whether what is missing are RUNs that do nothing but call package managers and delete what those leave behind.
fn only_installations_are_gone(before: &[Placed], after: &[Placed]) -> bool {
    let mut rest = after.iter().peekable();
    let installs = |p: &Placed| {
        let script = p.node.script.as_ref().filter(|_| p.node.keyword == Keyword::Run);
        script.is_some_and(|s| s.commands.iter().all(|c| c.package.is_some() || c.program() == "rm"))
    };
    before.iter().all(|p| rest.next_if(|n| same(&p.node, &n.node)).is_some() || installs(p))
        && rest.next().is_none()
}

fn is_unknown(instruction: &Instruction) -> bool {
    instruction.effective().keyword == Keyword::Unknown
}

/// All that stands behind the keyword.
fn arguments(instruction: &Instruction) -> &str {
    let instruction = instruction.effective();
    &instruction.text[instruction.keyword_span.end as usize..]
}

/// What BuildKit reads, blanks and continuations aside. A comment may come to stand outside an instruction.
fn squeezed(all: &[Placed]) -> String {
    let read = |p: &Placed| p.node.pieces.0.iter().map(|s| s.of(&p.node.text)).collect::<String>();
    let bodies = |p: &Placed| p.node.heredocs.iter().map(|h| h.body.of(&p.node.text)).collect::<String>();
    let all: String = all.iter().map(|p| read(p) + &bodies(p)).collect();
    all.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
}

fn is_subsequence<T: PartialEq>(few: impl IntoIterator<Item = T>, many: impl IntoIterator<Item = T>) -> bool {
    let mut many = many.into_iter();
    few.into_iter().all(|f| many.any(|m| m == f))
}

/// What stands around the commands is the same: keyword, options, number of heredocs.
fn same_head(a: &Instruction, b: &Instruction) -> bool {
    let flags =
        |i: &Instruction| i.flags.iter().map(|f| (f.name.clone(), f.value.value.clone())).collect::<Vec<_>>();
    a.keyword == b.keyword && flags(a) == flags(b) && a.heredocs.len() == b.heredocs.len()
}

/// Whether two instructions mean the same: layout, case, quoting and the form of a command aside.
fn same(a: &Instruction, b: &Instruction) -> bool {
    same_parts(a, b, true) && commands(a) == commands(b) && same_joints(a, b)
}

/// As [`same`], but these flags of COPY and ADD may differ.
fn same_but(flags: &[&str], a: &Instruction, b: &Instruction) -> bool {
    let without = |i: &Instruction| {
        let mut i = i.effective().clone();
        i.flags.retain(|f| !flags.contains(&f.name.as_str()));
        i
    };
    match a.effective().keyword {
        Keyword::Copy | Keyword::Add => same(&without(a), &without(b)),
        _ => same(a, b),
    }
}

/// As [`same`], but the flags of commands and of the instruction, `sudo`, and equivalent programs may differ.
fn same_but_flags(a: &Instruction, b: &Instruction) -> bool {
    let operands = |i: &Instruction| -> Vec<Vec<String>> {
        let of = |s: &Script, c: &Command| {
            let program = match c.program() {
                "apt" | "apt-get" | "apt-cache" => "apt",
                other => other,
            };
            let rest =
                c.words.iter().skip(1).filter(|w| !w.is_flag()).map(|w| match (program, own_text(s, w)) {
                    ("npm", "i" | "ci") => "install".to_owned(),
                    (_, text) => text.to_owned(),
                });
            std::iter::once(program.to_owned()).chain(rest).collect()
        };
        i.effective().script.iter().flat_map(|s| s.commands.iter().map(|c| of(s, c))).collect()
    };
    same_parts(a, b, false) && operands(a) == operands(b) && same_joints(a, b)
}

fn same_joints(a: &Instruction, b: &Instruction) -> bool {
    let joints = |i: &Instruction| -> Option<Vec<_>> {
        let steps = &i.effective().script.as_ref()?.steps;
        Some(steps.iter().map(|s| (s.joint, s.kind, s.background)).collect())
    };
    // A JSON form has no steps.
    a.form != b.form || joints(a) == joints(b)
}

fn same_parts(a: &Instruction, b: &Instruction, flags: bool) -> bool {
    let (a, b) = (a.effective(), b.effective());
    let is_command = a.script.is_some() && b.script.is_some();
    let words = |i: &Instruction| i.words.iter().map(|w| w.value.clone()).collect::<Vec<_>>();
    let pairs = |i: &Instruction| {
        i.pairs
            .iter()
            .map(|p| (p.name.value.clone(), p.value.as_ref().map(|v| v.value.clone())))
            .collect::<Vec<_>>()
    };
    let image = |i: &Instruction| i.from.as_ref().map(|f| f.image.value.to_ascii_lowercase());
    let prose =
        |i: &Instruction| matches!(i.keyword, Keyword::Unknown | Keyword::Maintainer).then(|| i.read(i.body));
    let flag = |i: &Instruction| {
        // The name of a stage may be written in any case.
        let value = |f: &crate::model::Flag| {
            if f.name == "from" || f.name == "mount" {
                f.value.value.to_ascii_lowercase()
            } else {
                f.value.value.clone()
            }
        };
        i.flags.iter().map(|f| (f.name.clone(), value(f))).collect::<Vec<_>>()
    };
    let bodies =
        |i: &Instruction| i.heredocs.iter().map(|h| h.body.of(&i.text).to_owned()).collect::<Vec<_>>();
    let script_is_heredoc = a.script.as_ref().is_some_and(|s| s.source == crate::model::Source::Heredoc);
    a.keyword == b.keyword
        && (!flags || flag(a) == flag(b))
        && (is_command || words(a) == words(b))
        && pairs(a) == pairs(b)
        && image(a) == image(b)
        && alias(a) == alias(b)
        && prose(a) == prose(b)
        && (script_is_heredoc || bodies(a) == bodies(b))
}
