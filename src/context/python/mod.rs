//! What packages of Python a command installs: read from its words, and from the files of the build context that it
//! names. Nothing is run and nothing is looked up.
mod command;
mod lock;
mod marker;
mod project;
mod reader;
mod requirement;
mod wheel;

pub use command::Place;
pub use requirement::{Origin, Requirement, Wheels};

use super::Context;
use crate::facts::Interpreter;
use crate::model::Command;
use reader::Reader;

/// The packages that a command or a file asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Those that are known, in the order in which they are written.
    pub packages: Vec<Requirement>,
    /// Why there may be more: `setup.py is a program`.
    pub unknown: Option<String>,
    /// The other files and folders that the list names, as paths in the build context where they lie in it.
    pub reads: Vec<String>,
    /// Packages may come from another place than PyPI and its mirrors: `--extra-index-url`, `--find-links`.
    pub elsewhere: bool,
    /// It is a lock file: what the packages need themselves is in it too.
    pub locked: bool,
}

impl Requirements {
    /// Whether it asks for the project itself, or for a package that lies beside it.
    pub fn is_local(&self) -> bool {
        self.packages.iter().any(|p| p.origin == Origin::Local)
    }
}

impl Context {
    /// What the requirements file `path` of pip asks for, `path` being relative to the context. None when it cannot be
    /// read.
    pub fn requirements(&self, path: &str) -> Option<Requirements> {
        self.read(path)?;
        let mut reader = Reader::new(self, Interpreter::default());
        reader.requirements_file(path, 0);
        Some(reader.finish())
    }

    /// What `command` installs, where it is one that installs packages of Python.
    pub fn python_packages(&self, command: &Command, place: &Place) -> Option<Requirements> {
        command::packages(self, command, place)
    }
}
