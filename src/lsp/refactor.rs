//! Other ways of writing what stands at the cursor, that need no finding.
use super::document::Reading;
use super::names::{self, Thing};
use crate::join::join;
use crate::model::{
    Action, Form, Instruction, Joint, Keyword, Manager, Placed, Script, Source, StepKind, Word,
};
use crate::rule::json_string;
use crate::text::{Edit, Span, newline};
use tower_lsp::ls_types::CodeActionKind;

/// One way.
pub(super) struct Change {
    pub(super) title: String,
    pub(super) kind: CodeActionKind,
    pub(super) edits: Vec<Edit>,
}

/// Every way for what `span` begins with.
pub(super) fn all(reading: &Reading, span: Span) -> Vec<Change> {
    let Some(index) = reading.instruction_at(span.start) else { return vec![] };
    let here = Here { reading, index, placed: &reading.file.instructions[index], offset: span.start };
    let rewrite = |title: &str, edits: Option<Vec<Edit>>| {
        edits.map(|mut edits| {
            edits.sort();
            Change { title: title.to_owned(), kind: CodeActionKind::REFACTOR_REWRITE, edits }
        })
    };
    let mut out: Vec<Change> = [
        rewrite("Join with the RUN above", here.join()),
        rewrite("Split into two RUNs here", here.split()),
        rewrite("Write as a here-document", here.to_heredoc()),
        rewrite("Write as a chain of commands", here.to_chain()),
        rewrite("Write in JSON form", here.to_json()),
        rewrite("Write in shell form", here.to_shell()),
        rewrite("Sort the packages, one per line", here.sort()),
        rewrite("Keep the package manager's downloads in a cache mount", here.cache()),
        rewrite("Give the stage a name", here.name_stage()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some((name, mut edits)) = here.extract() {
        edits.sort();
        let kind = CodeActionKind::REFACTOR_EXTRACT;
        out.push(Change { title: format!("Extract the tag to `ARG {name}`"), kind, edits });
    }
    out
}

struct Here<'a> {
    reading: &'a Reading,
    index: usize,
    placed: &'a Placed,
    offset: u32,
}

impl<'a> Here<'a> {
    fn node(&self) -> &'a Instruction {
        &self.placed.node
    }

    fn newline(&self) -> &'static str {
        newline(&self.reading.file.source)
    }

    /// A continuation, and the indentation that follows it.
    fn continuation(&self) -> String {
        format!("{}{}    ", self.reading.file.escape, self.newline())
    }

    fn replace(&self, span: Span, text: impl Into<String>) -> Option<Vec<Edit>> {
        Some(vec![Edit::replace(self.placed.absolute(span), text)])
    }

    /// The script of a RUN that a POSIX shell reads.
    fn script(&self) -> Option<&'a Script> {
        let posix = self.reading.file.states[self.index].shell.is_posix();
        let node = self.node();
        let script = node.script.as_ref().filter(|_| node.keyword == Keyword::Run && posix)?;
        (!script.broken && script.source != Source::Json).then_some(script)
    }

    fn join(&self) -> Option<Vec<Edit>> {
        join(&self.reading.file, self.index.checked_sub(1)?).map(|e| vec![e])
    }

    fn split(&self) -> Option<Vec<Edit>> {
        let script =
            self.script().filter(|s| s.source == Source::Line && !s.has_heredoc && !s.has_comment)?;
        let node = self.node();
        let offset = self.offset - self.placed.at;
        let step = script.steps.iter().rposition(|s| s.span.start <= offset).filter(|i| *i > 0)?;
        let chain = script.steps[1..].iter().all(|s| s.joint == Joint::And && !s.background);
        let keeps = script.commands.iter().filter(|c| c.step < step).all(|c| !c.changes_shell());
        let gap = Span { start: script.steps[step - 1].span.end, end: script.steps[step].span.start };
        if !chain || !keeps || gap.of(&node.text).contains('#') {
            return None;
        }
        let head = Span { start: 0, end: node.body.start }.of(&node.text);
        if head.contains('\n') {
            return None;
        }
        self.replace(gap, format!("{}{head}", self.newline()))
    }

    fn to_heredoc(&self) -> Option<Vec<Edit>> {
        let script =
            self.script().filter(|s| s.source == Source::Line && !s.has_heredoc && !s.has_comment)?;
        let node = self.node();
        let several = script.steps.len() > 1 && script.steps[1..].iter().all(|s| s.joint == Joint::And);
        if !several || !node.comments.is_empty() || script.steps.iter().any(|s| s.background) {
            return None;
        }
        let end = self.newline();
        let lines: String =
            script.steps.iter().map(|s| format!("{}{end}", node.read(s.span).trim_end())).collect();
        self.replace(node.body, format!("<<EOF{end}set -e{end}{lines}EOF"))
    }

    fn to_chain(&self) -> Option<Vec<Edit>> {
        let script = self.script().filter(|s| s.source == Source::Heredoc && s.interpreter.is_none())?;
        let node = self.node();
        let [doc] = node.heredocs.as_slice() else { return None };
        let text = |i: usize| script.steps[i].span.of(&node.text);
        let sets = text_is_errexit(script.steps.first().map(|_| text(0))?);
        let plain = |s: &crate::model::Step| {
            matches!(s.joint, Joint::First | Joint::Then | Joint::And)
                && s.kind != StepKind::Compound
                && !s.background
                && !s.span.of(&node.text).contains('\n')
        };
        let whole = !script.has_comment && !script.has_heredoc && script.steps.iter().all(plain);
        if !sets || !whole || script.steps.len() < 2 {
            return None;
        }
        let joint = format!(" && {}", self.continuation());
        let steps: Vec<&str> = (1..script.steps.len()).map(text).collect();
        self.replace(node.body.to(doc.end), steps.join(&joint))
    }

    fn to_json(&self) -> Option<Vec<Edit>> {
        let node = self.node();
        let script = node.script.as_ref().filter(|s| s.source == Source::Line && !s.broken)?;
        let [command] = script.commands.as_slice() else { return None };
        let simple = command.assignments.is_empty() && !command.redirected && script.steps.len() == 1;
        let words: Vec<&Word> = command.wrappers.iter().chain(&command.words).collect();
        if !simple
            || !matches!(node.keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run)
            || words.iter().any(|w| !w.literal)
        {
            return None;
        }
        let words: Vec<String> = words.iter().map(|w| json_string(&w.value)).collect();
        self.replace(node.body, format!("[{}]", words.join(", ")))
    }

    fn to_shell(&self) -> Option<Vec<Edit>> {
        let node = self.node();
        let runs = matches!(node.keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run);
        if node.form != Form::Json || !runs || node.words.is_empty() {
            return None;
        }
        let quoted = |w: &Word| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
            let bare = !w.value.is_empty() && w.value.chars().all(plain);
            (!w.value.contains(['\'', '\n']))
                .then(|| if bare { w.value.clone() } else { format!("'{}'", w.value) })
        };
        let words: Option<Vec<String>> = node.words.iter().map(quoted).collect();
        self.replace(node.body, words?.join(" "))
    }

    fn sort(&self) -> Option<Vec<Edit>> {
        let script = self.script().filter(|s| s.source == Source::Line)?;
        let node = self.node();
        let offset = self.offset - self.placed.at;
        let installs = script.commands.iter().filter(|c| c.span.contains(Span::at(offset)));
        let (command, call) = installs
            .filter_map(|c| Some((c, c.package.as_ref().filter(|p| p.action == Action::Install)?)))
            .next_back()?;
        let row = call.operands.windows(2).all(|w| w[1] == w[0] + 1);
        let words: Vec<&Word> = call.operands.iter().map(|i| &command.words[*i]).collect();
        let (first, last) = (words.first()?, words.last()?);
        let span = first.span.to(last.span);
        let comment = node.comments.iter().any(|c| span.contains(*c));
        if !row || comment || words.len() < 2 || words.iter().any(|w| !w.literal) {
            return None;
        }
        let mut names: Vec<&str> = words.iter().map(|w| w.span.of(&node.text)).collect();
        names.sort_unstable();
        names.dedup();
        let (escape, end) = (self.reading.file.escape, self.newline());
        let next = format!(" {escape}{end}        ");
        let before = Span { start: 0, end: span.start }.of(&node.text);
        let fresh = before.trim_end_matches([' ', '\t']).ends_with('\n');
        let text = names.join(&next);
        if span.of(&node.text) == text && fresh {
            return None;
        }
        let start = if fresh { span.start } else { before.trim_end().len() as u32 };
        let lead = if fresh { String::new() } else { next };
        self.replace(Span { start, end: span.end }, lead + &text)
    }

    fn cache(&self) -> Option<Vec<Edit>> {
        let script = self.script()?;
        let node = self.node();
        let mounted =
            |path: &str| node.flags.iter().any(|f| f.name == "mount" && f.value.value.contains(path));
        let mut paths: Vec<(&str, &str)> = vec![];
        for call in script.commands.iter().filter_map(|c| c.package.as_ref()) {
            let all =
                if matches!(call.action, Action::Install | Action::Update) || call.manager == Manager::Go {
                    caches(call.manager)
                } else {
                    &[]
                };
            for cache in all.iter().filter(|(p, _)| !mounted(p)) {
                if !paths.contains(cache) {
                    paths.push(*cache);
                }
            }
        }
        if paths.is_empty() {
            return None;
        }
        let mounts: String =
            paths.iter().map(|(path, more)| format!(" --mount=type=cache,target={path}{more}")).collect();
        Some(vec![Edit::insert(self.placed.absolute(node.keyword_span).end, mounts)])
    }

    fn name_stage(&self) -> Option<Vec<Edit>> {
        let (here, all) = names::at(self.reading, self.offset)?;
        let Thing::Stage(index) = here.thing else { return None };
        let file = &self.reading.file;
        let stage = &file.stages[index];
        if !here.number || stage.name.is_some() {
            return None;
        }
        let free = |n: &str| file.stages.iter().all(|s| s.name.as_deref() != Some(n));
        let name = if free("builder") { "builder".to_owned() } else { format!("stage-{index}") };
        let placed = &file.instructions[stage.instructions.start];
        let from = placed.node.from.as_ref()?;
        let end = placed.absolute(from.image.span).end;
        let numbers = all.iter().filter(|o| o.number).map(|o| Edit::replace(o.span, name.clone()));
        Some(numbers.chain([Edit::insert(end, format!(" AS {name}"))]).collect())
    }

    fn extract(&self) -> Option<(String, Vec<Edit>)> {
        let node = self.node();
        let from = node.from.as_ref()?;
        let tag = from.tag.as_ref().filter(|t| t.literal && from.digest.is_none())?;
        let image = from.image.value.split(':').next()?.rsplit('/').next()?;
        let upper: String = image
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        let name = format!("{upper}_VERSION");
        let file = &self.reading.file;
        let first = &file.instructions[file.stages.first()?.instructions.start];
        let taken = file.globals.contains_key(&name) || name.starts_with(|c: char| c.is_ascii_digit());
        if taken || !from.image.span.contains(Span::at(self.offset - self.placed.at)) {
            return None;
        }
        let arg = format!("ARG {name}={}{}", tag.value, self.newline());
        let tag = self.placed.absolute(tag.span);
        let edits = vec![Edit::insert(first.at, arg), Edit::replace(tag, format!("${{{name}}}"))];
        Some((name, edits))
    }
}

fn text_is_errexit(step: &str) -> bool {
    matches!(step.trim(), "set -e" | "set -o errexit")
}

/// Where a package manager keeps what it downloads when root runs it, and how the mount is shared.
fn caches(manager: Manager) -> &'static [(&'static str, &'static str)] {
    match manager {
        Manager::Apt => &[("/var/cache/apt", ",sharing=locked"), ("/var/lib/apt", ",sharing=locked")],
        Manager::Apk => &[("/etc/apk/cache", "")],
        Manager::Dnf => &[("/var/cache/dnf", ",sharing=locked")],
        Manager::Yum => &[("/var/cache/yum", ",sharing=locked")],
        Manager::Pip | Manager::Pipenv => &[("/root/.cache/pip", "")],
        Manager::Uv => &[("/root/.cache/uv", "")],
        Manager::Poetry => &[("/root/.cache/pypoetry", "")],
        Manager::Conda => &[("/opt/conda/pkgs", "")],
        Manager::Npm => &[("/root/.npm", "")],
        Manager::Yarn => &[("/usr/local/share/.cache/yarn", "")],
        Manager::Pnpm => &[("/root/.local/share/pnpm/store", "")],
        Manager::Go => &[("/go/pkg/mod", ""), ("/root/.cache/go-build", "")],
        Manager::Cargo => &[("/usr/local/cargo/registry", "")],
        Manager::Composer => &[("/root/.composer/cache", "")],
        Manager::Bundle | Manager::Gem | Manager::Microdnf | Manager::Zypper | Manager::Pacman => &[],
    }
}
