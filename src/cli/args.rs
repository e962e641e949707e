//! The command line's words.
use crate::rule::Severity;
use crate::rules;
use crate::settings::Settings;
use clap::{Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
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
    /// This configuration file, instead of the nearest `dockfix.toml` above each Dockerfile
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// No configuration file
    #[arg(long)]
    pub(super) no_config: bool,
    /// The day that ends of life are reckoned from, for runs that can be repeated; by default, that of the clock
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,
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
    /// Serve an editor over standard input and output
    Lsp {
        /// What it does anyhow; editors like to say so
        #[arg(long)]
        stdio: bool,
        /// End when this process ends
        #[arg(long = "clientProcessId", value_name = "PID")]
        client_process_id: Option<u32>,
    },
    /// Print the JSON Schema of what can be chosen: in `dockfix.toml`, or by an editor
    Schema {
        /// Of the server's initialization options
        #[arg(long)]
        lsp: bool,
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
    /// What the command line chooses.
    pub(super) fn settings(&self) -> Settings {
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect();
        let (select, ignore) = (names(&self.select), names(&self.ignore));
        Settings { select, ignore, today: self.today, ..Settings::default() }
    }

    /// Findings that matter less are left out.
    pub(super) fn least_severity(&self) -> Severity {
        match self.min_severity {
            Level::Hint => Severity::Hint,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        }
    }
}

/// A rule by its name or a code that it has elsewhere.
fn rule(name: &str) -> Result<&'static str, String> {
    rules::find(name)
        .map(|r| r.name)
        .ok_or_else(|| "no rule has this name; `dockfix rules` lists them".to_owned())
}
