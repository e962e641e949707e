//! One instruction and its parts. All spans are relative to the instruction's own first byte.
use super::script::Script;
use super::word::Word;
use crate::syntax::{Heredoc, Pieces, Tree};
use crate::text::Span;
use std::sync::Arc;

/// The instructions of a Dockerfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// None that BuildKit knows.
    Unknown,
}

impl Keyword {
    /// Every keyword that BuildKit knows, with its name.
    pub const ALL: [(&'static str, Keyword); 18] = [
        ("ADD", Keyword::Add),
        ("ARG", Keyword::Arg),
        ("CMD", Keyword::Cmd),
        ("COPY", Keyword::Copy),
        ("ENTRYPOINT", Keyword::Entrypoint),
        ("ENV", Keyword::Env),
        ("EXPOSE", Keyword::Expose),
        ("FROM", Keyword::From),
        ("HEALTHCHECK", Keyword::Healthcheck),
        ("LABEL", Keyword::Label),
        ("MAINTAINER", Keyword::Maintainer),
        ("ONBUILD", Keyword::Onbuild),
        ("RUN", Keyword::Run),
        ("SHELL", Keyword::Shell),
        ("STOPSIGNAL", Keyword::Stopsignal),
        ("USER", Keyword::User),
        ("VOLUME", Keyword::Volume),
        ("WORKDIR", Keyword::Workdir),
    ];

    /// The keyword that `word` spells, in any case.
    pub fn of(word: &str) -> Self {
        Self::ALL.iter().find(|(n, _)| n.eq_ignore_ascii_case(word)).map_or(Self::Unknown, |(_, k)| *k)
    }

    /// Its name in upper case; empty for an unknown one.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, k)| *k == self).map_or("", |(n, _)| n)
    }
}

/// How the command of a RUN, CMD, ENTRYPOINT, SHELL or HEALTHCHECK, or the words of a COPY, ADD or VOLUME are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain words; for a command: text for the shell.
    Plain,
    /// A JSON array.
    Json,
}

/// An option of an instruction: `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// All of it.
    pub span: Span,
    /// The name without the dashes.
    pub name: String,
    /// The value; empty where there is none.
    pub value: Word,
}

/// A `name=value` (or, the old way, `name value`) of an ENV, LABEL or ARG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// All of it.
    pub span: Span,
    /// The name.
    pub name: Word,
    /// The value; None for an ARG without a default.
    pub value: Option<Word>,
    /// Written with a blank where the `=` belongs.
    pub legacy: bool,
}

/// The parts of a FROM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// The image as written: name, tag and digest.
    pub image: Word,
    /// The tag without its colon.
    pub tag: Option<Word>,
    /// The digest without its `@`.
    pub digest: Option<Word>,
    /// The word `AS`.
    pub as_keyword: Option<Span>,
    /// The name given to the stage.
    pub alias: Option<Word>,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Which one.
    pub keyword: Keyword,
    /// Its keyword.
    pub keyword_span: Span,
    /// All of its text, from the keyword to the end of the last line, its ending excluded.
    pub text: Arc<str>,
    /// What BuildKit reads of it: without continuations, comments, blank lines, and heredoc bodies.
    pub pieces: Pieces,
    /// Its options.
    pub flags: Vec<Flag>,
    /// What follows the options, heredoc bodies excluded; empty at the end where nothing does.
    pub body: Span,
    /// Plain words or JSON.
    pub form: Form,
    /// The words of an ADD, COPY, VOLUME, EXPOSE, USER, WORKDIR, STOPSIGNAL, SHELL, or of a JSON form.
    pub words: Vec<Word>,
    /// The pairs of an ENV, LABEL or ARG.
    pub pairs: Vec<Pair>,
    /// The parts of a FROM.
    pub from: Option<Box<From>>,
    /// The commands of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, in shell form or JSON form.
    pub script: Option<Box<Script>>,
    /// What an ONBUILD defers; its spans are relative to the ONBUILD.
    pub onbuild: Option<Box<Instruction>>,
    /// Its here-documents.
    pub heredocs: Vec<Heredoc>,
    /// Whole comment lines between its lines.
    pub comments: Vec<Span>,
    /// Whole blank lines between its lines, line endings included.
    pub blanks: Vec<Span>,
    /// The grammar found an error in it: rules about its parts pass it over.
    pub broken: bool,
    /// The tree that its parts were read from, for the next edit, while it is being edited. Only FROM, ENV, LABEL and ARG
    /// need one.
    pub(crate) tree: Option<Tree>,
}

impl Instruction {
    /// The value of its option `name`.
    pub fn flag(&self, name: &str) -> Option<&Word> {
        self.flags.iter().find(|f| f.name == name).map(|f| &f.value)
    }

    /// Gives back the memory of its trees; its next edit is read without them.
    pub(super) fn forget_trees(&mut self) {
        self.tree = None;
        self.script.iter_mut().for_each(|s| s.tree = None);
        self.onbuild.iter_mut().for_each(|i| i.forget_trees());
    }

    /// Gives back the memory that its lists do not need. A file has thousands of instructions, and most lists one item.
    pub(super) fn shrink(&mut self) {
        self.flags.shrink_to_fit();
        self.words.shrink_to_fit();
        self.pairs.shrink_to_fit();
        self.script.iter_mut().for_each(|s| s.shrink());
        self.onbuild.iter_mut().for_each(|i| i.shrink());
    }

    /// It, or the instruction that it defers.
    pub fn effective(&self) -> &Instruction {
        self.onbuild.as_deref().map_or(self, |i| i.effective())
    }

    /// What BuildKit reads of `span`: continuations, comments and blank lines left out.
    pub fn read(&self, span: Span) -> String {
        self.pieces.read(&self.text, span)
    }

    /// What stands between its parts: whether comments or several lines are in it.
    pub fn is_multiline(&self) -> bool {
        self.text.contains('\n')
    }

    /// Its lines are joined by continuations (heredoc bodies not counted).
    pub fn is_continued(&self) -> bool {
        self.text[..self.body.end as usize].contains('\n')
    }
}
