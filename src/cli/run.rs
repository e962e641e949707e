//! One file after the other, on every core.
use super::args::{Args, Format};
use super::configs::Configs;
use super::error::Error;
use super::files;
use crate::check::{Found, check};
use crate::config::Config;
use crate::context::Context;
use crate::facts::Megabytes;
use crate::fix::{Fixed, fix};
use crate::model::Dockerfile;
use crate::report;
use crate::rule::{NewFile, Safety};
use indicatif::{ParallelProgressIterator, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is done with every file.
pub(super) struct Task {
    configs: Configs,
    /// None: only look.
    fixes: Option<Safety>,
    write: bool,
    print: Print,
    verbose: bool,
    stdin_name: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Print {
    Nothing,
    Human,
    Json,
    Diff,
}

/// What became of a file.
#[derive(Default)]
pub(super) struct Done {
    pub(super) is_stdin: bool,
    /// It could be read.
    pub(super) read: bool,
    pub(super) path: PathBuf,
    /// What is found, or left after fixing.
    pub(super) found: Vec<Found>,
    /// How many fixes were made.
    pub(super) applied: usize,
    /// By how much its image got smaller.
    pub(super) saved: Option<Megabytes>,
    /// Standard input after its fixes.
    pub(super) fixed: Option<String>,
    pub(super) diff: String,
    pub(super) report: String,
    pub(super) json: Vec<serde_json::Value>,
    pub(super) creates: Vec<NewFile>,
    pub(super) error: Option<Error>,
}

impl Task {
    pub(super) fn of(args: &Args, configs: Configs) -> Self {
        let safety = if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        let print = match args.format {
            _ if args.diff => Print::Diff,
            _ if args.quiet => Print::Nothing,
            Format::Human => Print::Human,
            Format::Json => Print::Json,
        };
        Self {
            configs,
            fixes: (args.fix || args.diff).then_some(safety),
            write: args.fix,
            print,
            verbose: args.verbose,
            stdin_name: args.stdin_filename.clone(),
        }
    }

    fn file(&self, path: &Path) -> Done {
        let is_stdin = path.as_os_str() == "-";
        let shown = self.stdin_name.as_deref().filter(|_| is_stdin).unwrap_or(path);
        let mut done = Done { is_stdin, path: shown.to_owned(), ..Done::default() };
        // What is wrong with its configuration is said once, not for every file.
        let Some(config) = self.configs.of(shown) else { return done };
        match files::read(path, shown) {
            Ok(text) => {
                done.read = true;
                self.text(&text, config, &mut done);
            }
            Err(error) => done.error = Some(error),
        }
        done
    }

    fn text(&self, text: &str, config: &Config, done: &mut Done) {
        let unnamed = done.is_stdin && self.stdin_name.is_none();
        let context = if unnamed { Context::unknown() } else { Context::of(&done.path) };
        let Some(safety) = self.fixes else {
            done.found = check(&Dockerfile::new(text).behind(&config.settings.mirrors), &context, config);
            self.print(text, done);
            return;
        };
        let Fixed { source, applied, refused, creates, remaining, saved } =
            fix(text, &context, config, safety);
        done.applied = applied.len();
        done.saved = saved;
        done.creates = creates;
        if self.print == Print::Diff {
            done.diff = report::diff(&done.path, text, &source);
        }
        if done.is_stdin {
            done.fixed = Some(source.clone());
        }
        if self.write && !done.is_stdin && source != text {
            let written = files::write_atomically(&done.path, text.as_bytes(), source.as_bytes());
            if let Err(error) = written {
                // The file is as it was: nothing of what was done to its text counts.
                *done = Done { path: std::mem::take(&mut done.path), error: Some(error), ..Done::default() };
                return;
            }
        }
        if self.verbose && self.print == Print::Human {
            done.report.push_str(&report::fixes(&done.path, &applied, &refused, text));
        }
        done.found = remaining;
        self.print(&source, done);
    }

    fn print(&self, text: &str, done: &mut Done) {
        match self.print {
            Print::Human => done.report.push_str(&report::human(&done.path, text, &done.found)),
            Print::Json => done.json = report::findings_json(&done.path, text, &done.found),
            Print::Nothing | Print::Diff => {}
        }
    }
}

/// From this many files on, a terminal is shown how far the run is.
const MANY: usize = 200;

/// Does `task` to every file. The answers are in the order of the files.
pub(super) fn all(files: &[PathBuf], task: &Task) -> Vec<Done> {
    let bar = if files.len() < MANY { ProgressBar::hidden() } else { progress(files.len()) };
    let done = files.par_iter().progress_with(bar.clone()).map(|f| task.file(f)).collect();
    bar.finish_and_clear();
    done
}

/// A bar on standard error; indicatif draws it only where that is a terminal.
fn progress(files: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {eta} left");
    style.map(|s| bar.with_style(s)).unwrap_or_else(|_| ProgressBar::hidden())
}

/// Creates the files that fixes ask for, or puts them into the diffs. Where several Dockerfiles of a folder ask for the
/// same file, it gets the lines that all of them agree on.
pub(super) fn create_files(done: &mut [Done], task: &Task) -> Vec<Error> {
    let mut wanted: BTreeMap<PathBuf, (usize, String)> = BTreeMap::new();
    // What comes from standard input goes to standard output, and leaves the disk alone.
    for (i, one) in done.iter().enumerate().filter(|(_, one)| !one.is_stdin) {
        for new in &one.creates {
            let path = one.path.with_file_name(&new.name);
            wanted
                .entry(path)
                .and_modify(|(_, text)| {
                    let theirs: Vec<&str> = new.text.lines().collect();
                    *text = text.lines().filter(|l| theirs.contains(l)).flat_map(|l| [l, "\n"]).collect();
                })
                .or_insert_with(|| (i, new.text.clone()));
        }
    }
    let mut errors = vec![];
    for (path, (i, text)) in wanted {
        if task.write {
            errors.extend(files::create(&path, &text).err());
        } else {
            done[i].diff.push_str(&report::new_file(&path, &text));
        }
    }
    errors
}
