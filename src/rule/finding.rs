//! What a rule answers: findings, and the fixes that go with them.
use super::{Edit, Span, facts};
use std::borrow::Cow;

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
    /// Flags of commands become variables: ENVs are added, and commands lose flags.
    Environment,
    /// Commands are added to a RUN; those that were there stay, in order.
    Commands,
    /// Which RUN a command stands in; the sequence of commands stays.
    Layers,
    /// The tag of a FROM, or the default of a global ARG that it is made of; and packages of Debian that come by one RUN
    /// more, or by more words for an `apt-get install`.
    Base,
    /// The distribution of stages: the image of their FROM, and with it the calls of the package manager of the system and
    /// the commands that create users.
    System,
    /// What a package manager is asked to install; the commands stay, unless they had nothing else to install.
    Packages,
    /// COPY and ADD: how sources are divided among them, and where they stand.
    Copies,
    /// The settings of the image: ENV, LABEL, USER, WORKDIR, CMD, … Commands of RUN instructions stay; new ones may come.
    /// COPY and ADD bring the same files, which may have another owner.
    Config,
    /// The rights of what COPY and ADD bring: their `--chown` and `--chmod`, and `chown` and `chmod` commands of RUN.
    Rights,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: Cow<'static, str>,
    /// What it may do to the image.
    pub safety: Safety,
    /// The one thing it may change.
    pub scope: Scope,
    /// The edits, made all or none. Sorted.
    pub edits: Vec<Edit>,
    /// A file that it creates.
    pub creates: Option<NewFile>,
    /// By how much the image gets smaller on disk, where that is known. An estimate.
    pub saves: Option<facts::Megabytes>,
}

impl Fix {
    /// A safe fix.
    pub fn safe(scope: Scope, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self::new(Safety::Safe, scope, title, edits)
    }
    /// An unsafe fix.
    pub fn risky(scope: Scope, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        Self::new(Safety::Unsafe, scope, title, edits)
    }
    /// A fix of this safety; the edits are sorted here.
    pub fn new(
        safety: Safety,
        scope: Scope,
        title: impl Into<Cow<'static, str>>,
        mut edits: Vec<Edit>,
    ) -> Self {
        edits.sort();
        // As many as there are findings are kept.
        edits.shrink_to_fit();
        Self { title: title.into(), safety, scope, edits, creates: None, saves: None }
    }
    /// With what it saves, where that is known.
    pub fn saves(mut self, much: Option<facts::Megabytes>) -> Self {
        self.saves = much;
        self
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
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where.
    pub span: Span,
    /// What is so, and what follows from it, in the present tense.
    pub message: Cow<'static, str>,
    /// Other places.
    pub related: Vec<Related>,
    /// What to do about it.
    pub fix: Option<Fix>,
    /// How the part of the file that it is about may be shown.
    pub tag: Option<Tag>,
    /// It matters less than its rule says: a hint.
    pub is_hint: bool,
}

impl Finding {
    /// A finding without a fix.
    pub fn new(span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self { span, message: message.into(), related: vec![], fix: None, tag: None, is_hint: false }
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
    /// As a hint, however much the rule matters elsewhere.
    pub fn hint(mut self) -> Self {
        self.is_hint = true;
        self
    }
    /// The same, with spans of the file made spans of an instruction at `offset`.
    pub fn back(self, offset: u32) -> Self {
        self.shift(offset.wrapping_neg())
    }
    /// The same, with spans of an instruction made spans of the file.
    pub fn shift(mut self, by: u32) -> Self {
        self.span = self.span.shift(by);
        self.related.iter_mut().for_each(|r| r.span = r.span.shift(by));
        self.fix.iter_mut().flat_map(|f| &mut f.edits).for_each(|e| e.span = e.span.shift(by));
        self
    }
}
