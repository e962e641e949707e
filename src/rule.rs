//! The vocabulary that rules are written in. A rule imports this and nothing else.
mod rights;
mod steps;
mod words;

pub use crate::context::{Context, Requirements};
pub use crate::facts;
pub use crate::model::{
    Action, Assignment, Command, Dockerfile, Flag, Form, Image, Instruction, Joint, Keyword, Manager,
    PackageCall, Pair, Placed, Position, Quoting, Role, Script, Shell, ShellKind, Source, Stage, State, Step,
    StepKind, Word, expand, find_stage, sources,
};
pub(crate) use crate::syntax::is_json_array;
pub use crate::text::{Edit, Span, newline};
pub use words::{has_open_quote, quoted_words};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A suggestion.
    Hint,
    /// The image is larger, slower or less safe than it needs to be.
    Warning,
    /// The build fails, or the container does not run as intended.
    Error,
}

impl Severity {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What a fix may do to the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// The image has the same content (caches, logs and timestamps aside), configuration and behaviour, and the build
    /// succeeds wherever it did.
    Safe,
    /// Good practice, but what is in the image, or how it runs, changes.
    Unsafe,
}

/// The one thing that a fix may change. The engine checks that everything else is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Layout, case, and the way a thing is written: every instruction, pair, word and command means the same.
    Format,
    /// The flags of commands and instructions, and programs by an equivalent name; no operand, no command.
    Arguments,
    /// Commands are added to a RUN; those that were there stay, in order.
    Commands,
    /// Which RUN a command stands in; the sequence of commands stays.
    Layers,
    /// The image of a FROM.
    Base,
    /// What a package manager is asked to install; the commands stay, unless they had nothing else to install.
    Packages,
    /// COPY and ADD: how sources are divided among them, and where they stand.
    Copies,
    /// The settings of the image: ENV, LABEL, USER, WORKDIR, CMD, … Commands of RUN instructions stay; new ones may come.
    Config,
    /// Lines inside a RUN are divided anew into instructions: a lost line end comes back.
    Lines,
    /// The keyword of an instruction that BuildKit does not know; what follows it stays.
    Keyword,
}

/// A file that a fix creates beside the Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A change that answers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// What it may do to the image.
    pub safety: Safety,
    /// The one thing it may change.
    pub scope: Scope,
    /// The edits, made all or none. Sorted.
    pub edits: Vec<Edit>,
    /// A file that it creates.
    pub creates: Option<NewFile>,
}

impl Fix {
    /// A safe fix.
    pub fn safe(scope: Scope, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self::new(Safety::Safe, scope, title, edits)
    }
    /// An unsafe fix.
    pub fn risky(scope: Scope, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self::new(Safety::Unsafe, scope, title, edits)
    }
    /// A fix of this safety; the edits are sorted here.
    pub fn new(safety: Safety, scope: Scope, title: impl Into<String>, mut edits: Vec<Edit>) -> Self {
        edits.sort();
        Self { title: title.into(), safety, scope, edits, creates: None }
    }
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// What an editor may show about the part of the file that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It has no effect.
    Unnecessary,
    /// It should not be written any more.
    Deprecated,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub span: Span,
    /// What is so, and what follows from it, in the present tense.
    pub message: String,
    /// Other places.
    pub related: Vec<Related>,
    /// What to do about it.
    pub fix: Option<Fix>,
    /// How the part of the file that it is about may be shown.
    pub tag: Option<Tag>,
}

impl Finding {
    /// A finding without a fix.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), related: vec![], fix: None, tag: None }
    }
    /// With a fix, where there is one.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }
    /// With another place.
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }
    /// With a hint on how to show it.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }
    /// The same, with spans of an instruction made spans of the file.
    pub fn shift(mut self, by: u32) -> Self {
        self.span = self.span.shift(by);
        self.related.iter_mut().for_each(|r| r.span = r.span.shift(by));
        self.fix.iter_mut().flat_map(|f| &mut f.edits).for_each(|e| e.span = e.span.shift(by));
        self
    }
}

/// How much of the file a rule needs to see, and whose spans it answers in.
#[derive(Clone, Copy)]
pub enum Check {
    /// Each simple command of RUN (also behind ONBUILD), CMD, ENTRYPOINT and HEALTHCHECK that a POSIX shell, or no
    /// shell, runs. Spans are relative to the instruction.
    Command(fn(&Command, &Here) -> Option<Finding>),
    /// Each instruction that the grammar could read, what an ONBUILD defers included. Spans are relative to the
    /// instruction.
    Instruction(fn(&Here) -> Vec<Finding>),
    /// Each stage. Spans are those of the file.
    Stage(fn(&Stage, &File) -> Vec<Finding>),
    /// The file. Spans are those of the file.
    File(fn(&File) -> Vec<Finding>),
    /// The engine itself reports it.
    Engine,
}

/// A rule.
pub struct Rule {
    /// Its name: the pattern that it finds; reads well after "allow".
    pub name: &'static str,
    /// Its codes in hadolint and BuildKit.
    pub aliases: &'static [&'static str],
    /// How much its findings matter.
    pub severity: Severity,
    /// Whether it runs when nobody asked for it by name.
    pub on: bool,
    /// How it looks.
    pub check: Check,
}

/// A file under check.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// What it holds.
    pub dockerfile: &'a Dockerfile,
    /// The files beside it.
    pub context: &'a Context,
}

impl<'a> File<'a> {
    /// Its text.
    pub fn text(&self) -> &'a str {
        &self.dockerfile.source
    }
    /// Whether it is the template of a Dockerfile: placeholders stand where instructions belong, and what they bring
    /// in is not known.
    pub fn is_template(&self) -> bool {
        self.dockerfile
            .instructions
            .iter()
            .any(|i| i.node.keyword == Keyword::Unknown && is_placeholder(&i.node.text))
    }
    /// Whether `# syntax=` names a frontend other than Docker's own: it may know other instructions.
    pub fn has_other_frontend(&self) -> bool {
        let name = |value: &str| {
            value.rsplit('/').next().and_then(|n| n.split([':', '@']).next()).map(str::to_owned)
        };
        let syntax = self.dockerfile.directives.iter().find(|d| d.name == "syntax");
        let name = syntax.and_then(|d| name(&d.value));
        name.is_some_and(|n| !matches!(n.as_str(), "dockerfile" | "dockerfile-upstream"))
    }
    /// The instructions of a stage with their indices, its FROM first.
    pub fn instructions(
        &self,
        stage: &Stage,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Placed)> + use<'a> {
        let range = stage.instructions.clone();
        range.clone().zip(&self.dockerfile.instructions[range])
    }
    /// Every command that rules may speak about, with its instruction.
    pub fn commands(&self) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        let file = *self;
        (0..self.dockerfile.instructions.len()).flat_map(move |i| {
            let here = file.here(i);
            here.commands().iter().map(move |c| (here, c))
        })
    }
    /// The view of instruction `index` that instruction and command rules get.
    pub fn here(&self, index: usize) -> Here<'a> {
        Here { file: *self, index, instruction: self.dockerfile.instructions[index].node.effective() }
    }
    /// The indices of the instructions that make up a stage, those of the stages that it builds on first.
    pub fn lineage(&self, stage: &Stage) -> Vec<usize> {
        let mut ranges = vec![stage.instructions.clone()];
        let mut parent = stage.parent;
        while let Some(next) = parent {
            ranges.push(self.dockerfile.stages[next].instructions.clone());
            parent = self.dockerfile.stages[next].parent;
        }
        ranges.into_iter().rev().flatten().collect()
    }
    /// The indices of the instructions of `stage` and of all stages that build on it.
    pub fn built_on(&self, stage: &Stage) -> Vec<usize> {
        // Stages build on earlier ones only.
        let stages = &self.dockerfile.stages;
        let mut on_top = vec![false; stages.len()];
        for (i, other) in stages.iter().enumerate() {
            let is_it = other.instructions.start == stage.instructions.start;
            on_top[i] = is_it || other.parent.is_some_and(|p| on_top[p]);
        }
        stages.iter().zip(on_top).filter(|(_, on)| *on).flat_map(|(s, _)| s.instructions.clone()).collect()
    }
    /// Where a new line goes that belongs before instruction `index`: above the comment lines directly over it.
    pub fn line_above(&self, index: usize) -> u32 {
        let mut at = self.dockerfile.instructions[index].at;
        let comments = &self.dockerfile.comments;
        for comment in comments[..comments.partition_point(|c| c.start < at)].iter().rev() {
            let gap = &self.text()[comment.end as usize..at as usize];
            if gap.trim().is_empty() && gap.matches('\n').count() == 1 {
                at = comment.start;
            } else {
                break;
            }
        }
        at
    }
    /// The edit that joins RUN `first` with the RUN directly behind it, where both run as before when they are one.
    pub fn join(&self, first: usize) -> Option<Edit> {
        crate::join::join(self.dockerfile, first)
    }
    /// The first of each two RUNs that follow each other directly.
    ///
    /// Left out: a RUN that only fetches the package lists of apt, as what it needs is not another layer; and pairs that
    /// would make a chain of more than a hundred lines, which nobody reads.
    pub fn run_pairs(&self) -> Vec<usize> {
        const LONGEST: usize = 100;
        let runs = |i: usize| self.dockerfile.instructions[i].node.keyword == Keyword::Run;
        let lists = |i: usize| {
            let commands =
                self.dockerfile.instructions[i].node.script.as_ref().map(|s| s.commands.as_slice());
            let [only] = commands.unwrap_or_default() else { return false };
            only.package.as_ref().is_some_and(|p| p.manager == Manager::Apt && p.action == Action::Update)
        };
        let lines = |i: usize| self.dockerfile.instructions[i].node.text.lines().count();
        let last = self.dockerfile.instructions.len().saturating_sub(1);
        let (mut out, mut chain) = (vec![], 0);
        for first in 0..last {
            // Lines of the chain that this pair goes on with, or begins.
            let before = if out.last() == first.checked_sub(1).as_ref() { chain } else { lines(first) };
            if runs(first) && runs(first + 1) && !lists(first) && before + lines(first + 1) <= LONGEST {
                chain = before + lines(first + 1);
                out.push(first);
            }
        }
        out
    }
    /// The package manager, where RUN `first` and the one behind it do nothing but call it.
    pub fn package_pair(&self, first: usize) -> Option<Manager> {
        let calls = |i: usize| self.dockerfile.instructions.get(i)?.node.script.as_ref()?.only_calls();
        calls(first).filter(|m| calls(first + 1) == Some(*m))
    }
    /// Whether only blanks and comments stand between two instructions that follow each other, and the comments.
    pub fn comments_between(&self, first: usize) -> Vec<Span> {
        let all = &self.dockerfile.instructions;
        let (from, to) = (all[first].span().end, all[first + 1].at);
        let comments = &self.dockerfile.comments;
        let start = comments.partition_point(|c| c.start < from);
        comments[start..].iter().take_while(|c| c.end <= to).copied().collect()
    }
}

/// Whether a line begins with a placeholder of a template language, or is nothing but a name set off as one:
/// `{{ … }}`, `{% … %}`, `<% … %>`, `%%NAME%%`, `@NAME@`, `${…}`, `__NAME__`.
pub fn is_placeholder(line: &str) -> bool {
    const OPENING: &[&str] = &["{{", "{%", "{#", "<%", "<#", "%%", "${", "@@"];
    let word = line.split_whitespace().next().unwrap_or_default();
    let framed = |mark: &str| word.len() > 2 * mark.len() && word.starts_with(mark) && word.ends_with(mark);
    OPENING.iter().any(|o| word.starts_with(o)) || framed("@") || framed("%") || framed("__")
}

/// `keyword` in lower case where `model` is, in upper case elsewhere.
pub fn in_case_of(model: &str, keyword: &str) -> String {
    let lower = model.bytes().all(|b| !b.is_ascii_uppercase());
    if lower { keyword.to_ascii_lowercase() } else { keyword.to_ascii_uppercase() }
}

/// Whether `text` is a JSON array of which some part is no string; BuildKit refuses that.
pub fn is_mixed_array(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[')
        && serde_json::from_str::<Vec<serde_json::Value>>(text)
            .is_ok_and(|all| all.iter().any(|v| !v.is_string()))
}

/// `text` as a string of a JSON array.
pub fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A file or folder that a COPY or ADD takes from the build context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied<'a> {
    /// Its path in the context; `.` for all of it.
    pub source: &'a str,
    /// Where it goes, an absolute path.
    pub target: String,
    /// Whether that is a folder for sure. A single file may be given the name itself.
    pub folder: bool,
}

impl Copied<'_> {
    /// Whether the source, taken for a file, is found at `path` afterwards.
    pub fn lands_at(&self, path: &str) -> bool {
        let name = self.source.rsplit('/').next().unwrap_or(self.source);
        let inside = path.strip_suffix(name).and_then(|p| p.strip_suffix('/'));
        inside == Some(self.target.trim_end_matches('/')) || !self.folder && self.target == path
    }
}

/// An instruction under check: what it is, and what is in force before it.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The file.
    pub file: File<'a>,
    /// Its index in the file.
    pub index: usize,
    /// The instruction; of an ONBUILD, what it defers.
    pub instruction: &'a Instruction,
}

impl<'a> Here<'a> {
    /// The instruction as it stands in the file, an ONBUILD included.
    pub fn placed(&self) -> &'a Placed {
        &self.file.dockerfile.instructions[self.index]
    }
    /// What is in force before it.
    pub fn state(&self) -> &'a State {
        &self.file.dockerfile.states[self.index]
    }
    /// Its stage; None before the first FROM.
    pub fn stage(&self) -> Option<&'a Stage> {
        self.state().stage.map(|s| &self.file.dockerfile.stages[s])
    }
    /// Whether it stands behind ONBUILD: it runs in another build, on top of this image.
    pub fn is_onbuild(&self) -> bool {
        self.placed().node.keyword == Keyword::Onbuild
    }
    /// The image at the bottom of its stage, where it is known.
    pub fn base(&self) -> Option<&'a Image> {
        self.stage().map(|s| &s.base).filter(|b| !b.unknown)
    }
    /// The OS family of that image, where it is known.
    pub fn family(&self) -> Option<facts::Family> {
        self.base().and_then(|b| facts::family(&b.name, b.tag.as_deref()))
    }
    /// The value of `name` in the environment of a command: set for it alone, or by ENV or ARG. None when it is not set
    /// or not known.
    pub fn env(&self, command: Option<&Command>, name: &str) -> Option<String> {
        let own = command.and_then(|c| c.assignments.iter().rfind(|a| a.name == name));
        match own {
            Some(own) => Some(own.value.clone()),
            None => self.file.dockerfile.variable(self.index, name)?.value.as_deref().map(str::to_owned),
        }
    }
    /// Whether `name` is set to a yes: `1`, `true`, `on`, `yes`.
    pub fn env_is_on(&self, command: Option<&Command>, name: &str) -> bool {
        let value = self.env(command, name).unwrap_or_default();
        matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes" | "y" | "t")
    }
    /// The absolute path that `path` names for it: `.` removed, and `?` for the base image's own working directory. None
    /// with `..`.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let start = if path.starts_with('/') { "" } else { self.state().workdir.as_deref().unwrap_or("?") };
        let parts = start.split('/').chain(path.split('/')).filter(|p| !p.is_empty() && *p != ".");
        let parts: Vec<&str> = parts.collect();
        let known = if parts.first() == Some(&"?") { "" } else { "/" };
        (!parts.contains(&"..")).then(|| format!("{known}{}", parts.join("/")))
    }
    /// What a COPY or ADD takes from the build context. None for anything else, and where a name is not literal.
    pub fn copied(&self) -> Option<Vec<Copied<'a>>> {
        let this = self.instruction;
        let plain =
            matches!(this.keyword, Keyword::Copy | Keyword::Add) && this.heredocs.is_empty() && !this.broken;
        let (to, from) = this.words.split_last()?;
        let literal = |w: &Word| w.literal && !w.value.contains(['*', '?', '[']) && !w.value.contains("://");
        if !plain || this.flag("from").is_some() || !this.words.iter().all(literal) {
            return None;
        }
        let target = self.absolute(&to.value)?;
        let folder = from.len() > 1
            || to.value.ends_with('/')
            || to.value == "."
            || Some(&target) == self.absolute(".").as_ref();
        let source = |w: &'a Word| w.value.trim_start_matches("./").trim_matches('/');
        let one = |w: &'a Word| Copied {
            source: if source(w).is_empty() { "." } else { source(w) },
            target: target.clone(),
            folder,
        };
        Some(from.iter().map(one).collect())
    }
    /// Whether a cache or tmpfs mount of this RUN covers `path`: it is the mount's target, lies below it or above it.
    pub fn mounts(&self, path: &str) -> bool {
        self.mount_targets().iter().any(|target| {
            let target = target.trim_end_matches('/');
            path.starts_with(target) || target.starts_with(path.trim_end_matches('/'))
        })
    }
    /// The targets of the cache and tmpfs mounts of this RUN.
    pub fn mount_targets(&self) -> Vec<&'a str> {
        let mounts =
            self.instruction.flags.iter().filter(|f| f.name == "mount").map(|f| f.value.value.as_str());
        let kept = mounts.filter(|m| m.split(',').any(|kv| matches!(kv, "type=cache" | "type=tmpfs")));
        kept.flat_map(|m| m.split(','))
            .filter_map(|kv| {
                let (key, value) = kv.split_once('=')?;
                matches!(key, "target" | "dst" | "destination").then_some(value)
            })
            .collect()
    }
    /// Its commands, as far as rules may speak about them: those of a POSIX shell, or of no shell at all.
    pub fn commands(&self) -> &'a [Command] {
        let instruction = self.instruction;
        let Some(script) = &instruction.script else { return &[] };
        let interpreter = script.interpreter.as_deref().unwrap_or("sh");
        let posix = matches!(interpreter, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh");
        let shell = self.state().shell.is_posix() || instruction.form == Form::Json;
        let runs = matches!(
            instruction.keyword,
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
        );
        if script.broken || !posix || !shell || !runs { &[] } else { &script.commands }
    }
    /// The user that runs it, where the file or the facts tell. A variable is kept as written.
    pub fn user(&self) -> Option<&'a str> {
        if let Some(user) = self.state().user.as_deref() {
            return Some(user);
        }
        let base = self.base()?;
        facts::default_user(&base.name, base.tag.as_deref())
    }
    /// Whether root is known to run it.
    pub fn is_root(&self) -> bool {
        self.user().is_some_and(|u| matches!(u.split(':').next(), Some("root" | "0")))
    }
    /// Another argument right behind `word`, written the way the command is written.
    pub fn argument_after(&self, word: &Word, argument: &str) -> Edit {
        let text =
            if word.quoting == Quoting::Json { format!(", \"{argument}\"") } else { format!(" {argument}") };
        Edit::insert(word.span.end, text)
    }
    /// Whether a variable among the words of `command` may stand for flags: its value begins with a dash, or its name
    /// says so.
    pub fn has_hidden_flags(&self, command: &Command) -> bool {
        let variables =
            command.arguments().iter().filter(|w| w.value.starts_with('$') && !w.value.starts_with("$("));
        variables.into_iter().any(|w| {
            let name = w.value.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let hints = ["OPT", "FLAG", "ARG", "YES"];
            match self.env(None, name) {
                Some(value) => value.trim_start().starts_with('-'),
                None => hints.iter().any(|h| name.to_ascii_uppercase().contains(h)),
            }
        })
    }
    /// `text` in the place of `word`, written the way the command is written.
    pub fn word_as(&self, word: &Word, text: &str) -> Edit {
        let text = if word.quoting == Quoting::Json { format!("\"{text}\"") } else { text.to_owned() };
        Edit::replace(word.span, text)
    }
    /// Whether what it leaves behind becomes part of the final image: it stands in the last stage, or in one that that
    /// stage builds on.
    pub fn is_kept(&self) -> bool {
        self.stage().is_none_or(|s| s.role == Role::Final)
    }
    /// The instructions that run on top of it, in the order of the file: those behind it in its stage, and those of
    /// the stages that build on its stage.
    pub fn followers(&self) -> impl Iterator<Item = Here<'a>> + use<'a> {
        let (file, own) = (self.file, self.state().stage);
        let stages = &file.dockerfile.stages;
        let builds_on = move |stage: usize| {
            let mut at = Some(stage);
            while let Some(stage) = at.filter(|s| Some(*s) > own) {
                at = stages[stage].parent;
            }
            at == own
        };
        let end = own.map_or(file.dockerfile.instructions.len(), |s| stages[s].instructions.end);
        let others = own.map_or(stages.len(), |s| s + 1)..stages.len();
        let others = others.filter(move |s| builds_on(*s)).flat_map(move |s| stages[s].instructions.clone());
        (self.index + 1..end).chain(others).map(move |i| file.here(i))
    }
}
