//! # `useradd` with a high number makes a log file as large
//!
//! `useradd` enters the new user into `/var/log/lastlog` and `/var/log/faillog`, which have a place for each number up to
//! this one. The files are sparse, but layers are not: with a number in the millions the image grows by gigabytes.
//!
//! ```diff
//!  FROM debian:12-slim
//! -RUN useradd --uid 1000670000 app
//! +RUN useradd --no-log-init --uid 1000670000 app
//! ```
//!
//! Silent for numbers that cost next to nothing.
//!
//! ```dockerfile
//! FROM debian:12-slim
//! RUN useradd --uid 10001 app && useradd -l -u 1000670000 web
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "high-uid-useradd",
    aliases: &["DL3046"],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

/// Up to here, which is as far as 16 bits go, the files take 20 MB at most.
const HIGHEST: u64 = 65_535;

/// Size of one entry of `/var/log/lastlog`, in bytes.
const ENTRY: u64 = 292;

fn check(command: &Command, here: &Here) -> Option<Finding> {
    if command.program() != "useradd" || command.has_flag(&["-l", "--no-log-init"]) {
        return None;
    }
    let (span, number) = uid(command)?;
    if number <= HIGHEST || here.instruction.keyword != Keyword::Run || here.has_hidden_flags(command) {
        return None;
    }
    let size = number.saturating_mul(ENTRY) / 1_000_000;
    let message = format!("`useradd` makes a log file of {size} MB for a user of this number");
    let edit = here.argument_after(&command.words[0], "--no-log-init");
    let fix = Fix::safe(Scope::Arguments, "Add `--no-log-init`", vec![edit]);
    Some(Finding::new(span, message).fix(fix))
}

/// The number that it is given, where it is written out.
fn uid(command: &Command) -> Option<(Span, u64)> {
    let glued = command
        .arguments()
        .iter()
        .find_map(|w| Some((w.span, w.value.strip_prefix("--uid=")?.parse().ok()?)));
    glued.or_else(|| command.created_uid().and_then(|w| Some((w.span, w.value.parse().ok()?))))
}
