//! Comments that switch rules off: dockfix's own, hadolint's and BuildKit's.
use crate::check::Found;
use crate::model::Dockerfile;
use crate::rule::{Check, Finding, Rule};
use crate::text::{Edit, Span, newline};

/// One comment, and what it covers.
struct Suppression {
    /// The comment.
    span: Span,
    /// The names in it: rules, or their codes in other tools.
    names: Vec<String>,
    /// The part of the file that it covers.
    covers: Span,
    /// It is written for dockfix, so it is known to be useless when it suppresses nothing.
    own: bool,
}

/// Every suppression of a file.
pub(crate) struct Suppressions(Vec<Suppression>);

/// How far a comment reaches.
enum Reach {
    Instruction,
    Stage,
    File,
}

impl Suppressions {
    /// Finds the comments of `file`.
    pub(crate) fn read(file: &Dockerfile) -> Self {
        let mut out = vec![];
        let inside =
            |p: &crate::model::Placed| p.node.comments.iter().map(|c| p.absolute(*c)).collect::<Vec<_>>();
        let within = file.instructions.iter().filter(|p| !p.node.comments.is_empty()).flat_map(inside);
        for span in file.comments.iter().copied().chain(within) {
            let text = span.of(&file.source);
            // Most comments are prose.
            let Some((names, reach, own)) = text.contains('=').then(|| read(text)).flatten() else {
                continue;
            };
            let directive = file.directives.iter().any(|d| d.span == span);
            let covers = match reach {
                _ if directive => Some(Span::new(0, file.source.len())),
                Reach::File => Some(Span::new(0, file.source.len())),
                Reach::Stage => below(file, span).and_then(|i| file.states[i].stage).map(|s| {
                    let range = &file.stages[s].instructions;
                    file.instructions[range.start].span().to(file.instructions[range.end - 1].span())
                }),
                Reach::Instruction => below(file, span).map(|i| file.instructions[i].span()),
            };
            out.push(Suppression { span, names, covers: covers.unwrap_or(Span::at(span.end)), own });
        }
        Self(out)
    }

    /// Takes out what is suppressed; adds a finding of the engine's own rule for each name that suppresses nothing.
    pub(crate) fn apply(&self, found: &mut Vec<Found>, rules: &[&'static Rule]) {
        if self.0.is_empty() {
            return;
        }
        let mut used: Vec<Vec<bool>> = self.0.iter().map(|s| vec![false; s.names.len()]).collect();
        found.retain(|f| {
            let mut keep = true;
            for (suppression, used) in self.0.iter().zip(&mut used) {
                if !suppression.covers.contains(f.span())
                    && !suppression.covers.contains(Span::at(f.span().start))
                {
                    continue;
                }
                for (name, used) in suppression.names.iter().zip(used) {
                    if is_called(f.rule, name) {
                        keep = false;
                        *used = true;
                    }
                }
            }
            keep
        });
        let Some(reporter) = rules.iter().find(|r| matches!(r.check, Check::Engine)) else { return };
        for (suppression, used) in self.0.iter().zip(used).filter(|(s, _)| s.own) {
            for (name, _) in suppression.names.iter().zip(used).filter(|(_, used)| !used) {
                // A rule that does not run in this call may well have something to suppress.
                let message = match crate::rules::find(name) {
                    Some(rule) if !rules.iter().any(|r| r.name == rule.name) => continue,
                    Some(_) => format!("`{name}` finds nothing here, so this comment suppresses nothing"),
                    None if name == "all" => {
                        "no rule finds anything here, so this comment suppresses nothing".to_owned()
                    }
                    None => format!("no rule is called `{name}`, so this comment suppresses nothing"),
                };
                found.push(Found::new(reporter, Finding::new(suppression.span, message)));
            }
        }
    }
}

/// Whether `name` is the rule's name, one of its codes, or `all`.
fn is_called(rule: &Rule, name: &str) -> bool {
    name.eq_ignore_ascii_case(rule.name)
        || name.eq_ignore_ascii_case("all")
        || rule.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
}

/// The instruction that a comment stands in or directly above: only comment lines between.
fn below(file: &Dockerfile, comment: Span) -> Option<usize> {
    let i = file.instructions.partition_point(|p| p.span().end < comment.start);
    let next = file.instructions.get(i)?;
    if next.at < comment.start {
        return Some(i);
    }
    let between = &file.source[comment.end as usize..next.at as usize];
    let gap = between.split('\n').skip(1).map(str::trim);
    let lines: Vec<&str> = gap.collect();
    let (_, above) = lines.split_last()?;
    above.iter().all(|l| l.starts_with('#')).then_some(i)
}

/// Writes `# dockfix: ignore=name` above the instruction that `span` lies in, or adds the name to the comment there.
/// None where no instruction is.
pub(crate) fn ignore_at(file: &Dockerfile, span: Span, name: &str) -> Option<Edit> {
    let index = file.instructions.partition_point(|p| p.span().end < span.start);
    let placed = file.instructions.get(index).filter(|p| p.at <= span.start)?;
    let start = index.checked_sub(1).map_or(0, |above| file.instructions[above].span().end);
    let between = file.comments.partition_point(|c| c.start < start)..;
    let above = file.comments[between].iter().take_while(|c| c.end <= placed.at);
    let above = above.filter(|c| below(file, **c) == Some(index));
    if let Some(edit) = above.filter_map(|c| added(file, *c, "ignore", name)).last() {
        return Some(edit);
    }
    let line = file.source[..placed.at as usize].rfind('\n').map_or(0, |i| i as u32 + 1);
    let indent = Span { start: line, end: placed.at }.of(&file.source);
    // Behind a byte order mark or a lone continuation, no line of its own begins here.
    let blank = indent.chars().all(|c| matches!(c, ' ' | '\t'));
    let (at, indent) = if blank { (line, indent) } else { (placed.at, "") };
    Some(Edit::insert(at, format!("{indent}# dockfix: ignore={name}{}", newline(&file.source))))
}

/// Writes `# dockfix: ignore-file=name` at the top, behind the parser directives, or adds the name to the comment that
/// the file has.
pub(crate) fn ignore_in_file(file: &Dockerfile, name: &str) -> Edit {
    if let Some(edit) = file.comments.iter().find_map(|c| added(file, *c, "ignore-file", name)) {
        return edit;
    }
    let (source, end) = (&file.source, newline(&file.source));
    let comment = format!("# dockfix: ignore-file={name}");
    match file.directives.last() {
        // A comment above a directive would end the directives.
        Some(last) => Edit::insert(last.span.end, format!("{end}{comment}")),
        None => {
            let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
            Edit::insert(start, format!("{comment}{end}"))
        }
    }
}

/// `name` added to the names of a comment of dockfix's own, if `comment` is one with this key.
fn added(file: &Dockerfile, comment: Span, key: &str, name: &str) -> Option<Edit> {
    let text = comment.of(&file.source);
    let rest = text.trim_start_matches('#').trim_start().strip_prefix("dockfix:")?;
    let rest = rest.split(" -- ").next()?.trim_end();
    rest.trim_start().split_once('=').filter(|(k, _)| k.trim() == key)?;
    let end = rest.as_ptr() as usize + rest.len() - text.as_ptr() as usize;
    Some(Edit::insert(comment.start + end as u32, format!(",{name}")))
}

/// Reads a comment: the names in it, how far it reaches, and whether it is dockfix's own.
fn read(comment: &str) -> Option<(Vec<String>, Reach, bool)> {
    let text = comment.trim_start_matches('#').trim();
    let names = |list: &str| -> Vec<String> {
        list.split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect()
    };
    if let Some(rest) = text.strip_prefix("dockfix:") {
        let rest = rest.split(" -- ").next()?.trim();
        let (key, list) = rest.split_once('=')?;
        return match key.trim() {
            "ignore" => Some((names(list), Reach::Instruction, true)),
            "ignore-file" => Some((names(list), Reach::File, true)),
            _ => None,
        };
    }
    if let Some(rest) = text.strip_prefix("hadolint ") {
        let rest = rest.split(" #").next()?.trim();
        let (key, list) = rest.split_once('=')?;
        return match key.trim() {
            "ignore" => Some((names(list), Reach::Instruction, false)),
            "stage ignore" => Some((names(list), Reach::Stage, false)),
            "global ignore" => Some((names(list), Reach::File, false)),
            _ => None,
        };
    }
    let rest = text.strip_prefix("check")?.trim_start().strip_prefix('=')?;
    let rest = rest.split(" //").next()?;
    let list = rest.split(';').find_map(|part| part.trim().strip_prefix("skip="))?;
    Some((names(list), Reach::Instruction, false))
}
