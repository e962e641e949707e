//! The command line: files in, reports, fixed files and an exit code out.
mod args;
mod configs;
mod error;
mod files;
mod run;

pub use error::Error;
pub use files::write_atomically;

use crate::config;
use crate::report::{self, Summary};
use args::{Args, Color, Command, Format};
use clap::Parser;
use run::{Done, Task};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Runs the program. Exit codes: 0 nothing found, 1 findings (or a diff), 2 a usage, read or write error.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // A reader that went away is no reason to complain.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    colour(args.color);
    if let Some(Command::Lsp { client_process_id, .. }) = args.command {
        return ExitCode::from(crate::lsp::run(client_process_id));
    }
    let mut out = anstream::stdout().lock();
    let written = match &args.command {
        Some(Command::Explain { rule }) => write!(out, "{}", report::explain(rule)).map(|()| 0),
        Some(Command::Rules { format: Format::Human }) => write!(out, "{}", report::rules()).map(|()| 0),
        Some(Command::Rules { format: Format::Json }) => {
            writeln!(out, "{}", report::rules_json()).map(|()| 0)
        }
        Some(Command::Schema { lsp: false }) => writeln!(out, "{}", config::schema()).map(|()| 0),
        Some(Command::Schema { lsp: true }) => writeln!(out, "{}", crate::lsp::schema()).map(|()| 0),
        Some(Command::Lsp { .. }) | None => run(&args, &mut out),
    };
    // The reader of standard output went away (`dockfix | head`): what was to be written is written.
    ExitCode::from(written.unwrap_or(1))
}

fn colour(when: Color) {
    match when {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// Checks, fixes or diffs; the answer is the exit code.
fn run(args: &Args, out: &mut impl Write) -> std::io::Result<u8> {
    let (files, mut errors) = files::find(&args.paths);
    let (configs, broken) = configs::Configs::read(args, &files);
    errors.extend(broken);
    let task = Task::of(args, configs);
    let mut done = run::all(&files, &task);
    errors.extend(done.iter_mut().filter_map(|d| d.error.take()));
    errors.extend(run::create_files(&mut done, &task));

    let to_stdout = args.fix && files.iter().any(|f| f.as_os_str() == "-");
    for one in done.iter().filter(|d| d.is_stdin && to_stdout) {
        write!(out, "{}", one.fixed.as_deref().unwrap_or_default())?;
    }
    let mut report = String::new();
    if args.diff {
        done.iter().for_each(|d| report.push_str(&d.diff));
    } else if !args.quiet && done.iter().any(|d| d.read) {
        report = text(args, &done);
    }
    if to_stdout {
        // Standard output is the fixed text, and nothing else.
        let _ = write!(anstream::stderr().lock(), "{report}");
    } else {
        write!(out, "{report}")?;
    }
    out.flush()?;

    let mut err = anstream::stderr().lock();
    if args.diff && !args.quiet {
        // Standard output is what `patch` reads.
        let saved = report::saving(done.iter().filter_map(|d| d.saved));
        let _ = write!(err, "{}", saved.map_or(String::new(), |s| s + "\n"));
    }
    for error in &errors {
        let _ = writeln!(err, "{}", report::error(&error.to_string(), error.help()));
    }
    let found = if args.diff {
        done.iter().any(|d| !d.diff.is_empty())
    } else {
        done.iter().any(|d| !d.found.is_empty())
    };
    Ok(match (errors.is_empty(), found && !args.exit_zero) {
        (false, _) => 2,
        (true, true) => 1,
        (true, false) => 0,
    })
}

fn text(args: &Args, done: &[Done]) -> String {
    let mut out = String::new();
    if args.format == Format::Json {
        return report::json(done.iter().flat_map(|d| d.json.iter())) + "\n";
    }
    for one in done {
        out.push_str(&one.report);
    }
    let summary = Summary::of(done.iter().map(|d| (d.found.as_slice(), d.applied, d.saved)));
    if args.statistics {
        out.push_str(&summary.statistics());
    }
    out.push_str(&summary.line(args.fix));
    out
}
