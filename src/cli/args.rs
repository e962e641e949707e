//! The command line's words.
use crate::rule::{Rule, Severity};
use crate::rules;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Checks Dockerfiles and fixes what it finds.
#[derive(Parser, Debug)]
#[command(name = "dockfix", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub(super) struct Args {
    /// Files, or folders to search for Dockerfiles (what .gitignore names is left out); `-` is standard input
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Fix files in place, then report what is left
    #[arg(long, conflicts_with = "diff")]
    pub(super) fix: bool,
    /// Print what --fix would change as a unified diff, and write nothing
    #[arg(long)]
    pub(super) diff: bool,
    /// With --fix or --diff: also make the fixes that change what is in the image or how it runs
    #[arg(long)]
    pub(super) unsafe_fixes: bool,
    /// The file that standard input stands for: its name in reports, and the folder that rules may look at
    #[arg(long, value_name = "FILE")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Only these rules, off by default or not: names, or codes of hadolint and BuildKit
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub(super) select: Vec<&'static str>,
    /// All rules but these
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub(super) ignore: Vec<&'static str>,
    /// Leave out findings that matter less than this
    #[arg(long, value_name = "LEVEL", default_value = "hint")]
    pub(super) min_severity: Level,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,
    /// Print errors only; the exit code tells whether something was found
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Also tell which fixes were made, and which were refused and why
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// Count findings by rule
    #[arg(long)]
    pub(super) statistics: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(super) color: Color,
    /// Exit with 0 although there are findings
    #[arg(long)]
    pub(super) exit_zero: bool,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 nothing found; 1 findings, or a diff; 2 a mistake on the command line, or a file that \
cannot be read or written";

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Print what a rule means, with examples
    Explain {
        /// Its name, or its code in hadolint or BuildKit
        #[arg(value_parser = rule)]
        rule: &'static str,
    },
    /// List all rules
    Rules {
        /// How they are printed
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: Format,
    },
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Human,
    Json,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Hint,
    Warning,
    Error,
}

impl Args {
    /// The rules of this run.
    pub(super) fn rules(&self) -> Vec<&'static Rule> {
        let least = match self.min_severity {
            Level::Hint => Severity::Hint,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        };
        let all = rules::ALL.iter().map(|e| e.rule);
        all.filter(|r| if self.select.is_empty() { r.on } else { self.select.contains(&r.name) })
            .filter(|r| !self.ignore.contains(&r.name) && r.severity >= least)
            .collect()
    }
}

/// A rule by its name or a code that it has elsewhere.
fn rule(name: &str) -> Result<&'static str, String> {
    rules::find(name)
        .map(|r| r.name)
        .ok_or_else(|| "no rule has this name; `dockfix rules` lists them".to_owned())
}
