//! What can go wrong with a file, and what to do about it.
use crate::config::ConfigError;
use std::path::{Path, PathBuf};

/// A file that cannot be read or written.
#[derive(thiserror::Error, Debug)]
pub enum Error {
    /// It is not there, or reading is not allowed.
    #[error("{}: cannot be read: {reason}", path.display())]
    #[allow(missing_docs)]
    Read { path: PathBuf, reason: std::io::Error },
    /// It is not text that a Dockerfile can be.
    #[error("{}: {what}", path.display())]
    #[allow(missing_docs)]
    NotText { path: PathBuf, what: String },
    /// A folder holds no Dockerfile.
    #[error("{}: there is no Dockerfile in this folder", path.display())]
    #[allow(missing_docs)]
    NothingFound { path: PathBuf },
    /// It cannot be replaced.
    #[error("{}: cannot be written, and is as it was: {reason}", path.display())]
    #[allow(missing_docs)]
    Write { path: PathBuf, reason: std::io::Error },
    /// A configuration file cannot be read.
    #[error("{0}")]
    Config(ConfigError),
    /// Somebody else wrote it meanwhile.
    #[error("{}: changed while it was being fixed, and is left as it is", path.display())]
    #[allow(missing_docs)]
    Changed { path: PathBuf },
}

impl Error {
    pub(super) fn read(path: &Path, reason: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), reason }
    }

    pub(super) fn write(path: &Path, reason: std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), reason }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Error::Read { .. } => "check that the path is right and that you may read it",
            Error::NotText { .. } => {
                "save it as UTF-8 text, for example with `iconv -t UTF-8`, or leave it out"
            }
            Error::NothingFound { .. } => {
                "name the file itself if it is called neither Dockerfile nor Containerfile"
            }
            Error::Write { .. } => {
                "check that you may write the file and its folder, and that the disk is not full"
            }
            Error::Config(_) => {
                "correct the configuration (`dockfix schema` prints what it may hold), or leave it out with --no-config; \
                 the Dockerfiles under it are not touched"
            }
            Error::Changed { .. } => "run dockfix again",
        }
    }
}
