//! The vocabulary that rules are written in. A rule imports this and nothing else.
mod alpine;
mod apt;
mod busybox;
mod caches;
mod copies;
mod file;
mod finding;
mod handover;
mod here;
mod mentions;
mod needs;
mod node;
mod ownership;
mod python;
mod reads;
mod removal;
mod retag;
mod rights;
mod steps;
mod weight;
mod words;

pub use crate::context::{Context, NodePackage, Origin, Requirement, Requirements};
pub use crate::facts;
pub use crate::model::{
    Action, Assignment, Command, Dockerfile, Flag, Form, Image, Instruction, Joint, Keyword, Manager,
    PackageCall, Pair, Placed, Position, Quoting, Role, Script, Setting, Shell, ShellKind, Source, Stage,
    State, Step, StepKind, Word, expand, find_stage, sources,
};
pub use crate::settings::{Caches, Settings, SlimVariant};
pub(crate) use crate::syntax::is_json_array;
pub use crate::text::{Edit, Span, newline};
pub use apt::Moment;
pub use caches::HomeCache;
pub use copies::is_under;
pub use file::File;
pub use finding::{Finding, Fix, NewFile, Related, Safety, Scope, Severity, Tag};
pub use handover::{Owned, Owner, Ownership};
pub use here::{Copied, Here};
pub use needs::{Need, Needs, Unknown};
pub use node::{Lock, NodeFiles, NodeInstall};
pub use ownership::Chown;
pub(crate) use reads::{Around, Before, Looked};
pub use reads::{Fact, Reads};
pub use weight::Weight;
pub(crate) use weight::package_name;
pub use words::{has_open_quote, in_case_of, is_mixed_array, is_placeholder, json_string, quoted_words};

/// No rule looks back farther than this many instructions for each of many: its time would grow with their square. Stages of
/// that many are made by programs.
const FAR: usize = 1000;

/// How much of the file a rule needs to see, and whose spans it answers in.
#[derive(Clone, Copy)]
pub enum Check {
    /// Each simple command of RUN (also behind ONBUILD), CMD, ENTRYPOINT and HEALTHCHECK that a POSIX shell, or no
    /// shell, runs. Spans are relative to the instruction.
    Command(fn(&Command, &Here) -> Option<Finding>),
    /// Each instruction that the grammar could read, what an ONBUILD defers included. Spans are relative to the
    /// instruction.
    ///
    /// What a rule answers is kept between two checks of a file as long as everything that it looked at stays the same;
    /// see [`File`].
    Instruction(fn(&Here) -> Vec<Finding>),
    /// Each instruction as it is written, one that the grammar could not read included. Spans are relative to it.
    Written(fn(&Here) -> Option<Finding>),
    /// Each stage. Spans are those of the file.
    Stage(fn(&Stage, &File) -> Vec<Finding>),
    /// The last stage, which becomes the image. Spans are those of the file.
    Image(fn(&Stage, &File) -> Vec<Finding>),
    /// The file. Spans are those of the file.
    File(fn(&File) -> Vec<Finding>),
    /// In several ways.
    Each(&'static [Check]),
    /// The engine itself reports it.
    Engine,
}

/// A rule.
pub struct Rule {
    /// Its name: the pattern that it finds; reads well after "allow".
    pub name: &'static str,
    /// Its codes in hadolint and BuildKit.
    pub aliases: &'static [&'static str],
    /// How much its findings matter, unless they are marked as hints.
    pub severity: Severity,
    /// Whether it runs when nobody asked for it by name.
    pub on: bool,
    /// How it looks.
    pub check: Check,
}
