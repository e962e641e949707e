//! Which configuration each file falls under.
use super::args::Args;
use super::error::Error;
use crate::config::{self, Config};
use crate::settings::Settings;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configurations of a run.
pub(super) struct Configs {
    /// By the folder of a Dockerfile. None where the file that it falls under cannot be read.
    folders: HashMap<PathBuf, Option<Arc<Config>>>,
}

impl Configs {
    /// Reads the configuration files that `files` fall under, each once.
    pub(super) fn read(args: &Args, files: &[PathBuf]) -> (Self, Vec<Error>) {
        let (mut by_file, mut errors) = (HashMap::new(), vec![]);
        let mut folders = HashMap::new();
        for file in files {
            let folder = folder(shown(args, file));
            if folders.contains_key(&folder) {
                continue;
            }
            let found = match &args.config {
                Some(given) => Some(given.clone()),
                None if args.no_config => None,
                None => config::find(&folder.join("Dockerfile")),
            };
            let config =
                by_file.entry(found).or_insert_with_key(|found| match found.as_deref().map(config::read) {
                    None => Some(config_of(args, Settings::default())),
                    Some(Ok(settings)) => Some(config_of(args, settings)),
                    Some(Err(error)) => {
                        errors.push(Error::Config(error));
                        None
                    }
                });
            folders.insert(folder, config.clone());
        }
        (Self { folders }, errors)
    }

    /// What `file` falls under; None where that cannot be read.
    pub(super) fn of(&self, file: &Path) -> Option<&Config> {
        self.folders.get(&folder(file))?.as_deref()
    }
}

/// The name that a file goes by: standard input may stand for another one.
fn shown<'a>(args: &'a Args, file: &'a Path) -> &'a Path {
    let is_stdin = file.as_os_str() == "-";
    args.stdin_filename.as_deref().filter(|_| is_stdin).unwrap_or(file)
}

fn folder(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_owned()
}

fn config_of(args: &Args, file: Settings) -> Arc<Config> {
    Arc::new(Config { least: args.least_severity(), ..Config::of(args.settings().over(file)) })
}
