//! `dockfix.toml`: where it is looked for, and what can be wrong with it.
use super::unknown_rule;
use crate::settings::Settings;
use crate::text::Lines;
use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub const FILE_NAME: &str = "dockfix.toml";

/// A configuration file that cannot be read.
#[derive(thiserror::Error, Clone, Debug)]
#[error("{}: {what}", place)]
pub struct ConfigError {
    /// The file, and where in it.
    place: String,
    /// What is wrong there.
    what: String,
}

/// The configuration file that the Dockerfile at `path` falls under: that of its folder, or of the nearest folder above.
pub fn find(path: &Path) -> Option<PathBuf> {
    // A relative path has no parents to look into.
    let path = std::path::absolute(path).ok()?;
    path.ancestors().skip(1).map(|folder| folder.join(FILE_NAME)).find(|f| f.is_file())
}

/// Reads a configuration file.
///
/// # Errors
/// It is not readable, is no TOML, or holds a name or value that dockfix does not know. The message names file, line and
/// column.
pub fn read(path: &Path) -> Result<Settings, ConfigError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|reason| ConfigError { place: shown.clone(), what: format!("cannot be read: {reason}") })?;
    let settings: Settings = toml::from_str(&text).map_err(|error| {
        let place = error.span().map(|span| {
            let place = Lines::new(&text).place(span.start as u32);
            format!("{shown}:{}:{}", place.line, place.column)
        });
        let what = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        ConfigError { place: place.unwrap_or(shown.clone()), what }
    })?;
    match unknown_rule(&settings) {
        Some(name) => Err(ConfigError { place: shown, what: format!("no rule is called `{name}`") }),
        None => Ok(settings),
    }
}
