//! # Files that every user may change
//!
//! After `chmod 777`, whoever gets to run anything in the container, as whichever user, may replace these files: also
//! programs, which root then starts. What an application has to write needs an owner, not everybody.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN mkdir /data && chmod 777 /data
//! ```
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! COPY --chmod=777 entrypoint.sh /
//! ```
//!
//! There is no fix: who has to write there is not in the file. Silent for folders for everybody, in which each may delete
//! only what is his own (`1777`), for the group (`g=u`, as OpenShift needs it), and for what does not reach the image.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN mkdir -p /data /srv/tmp && chmod 1777 /srv/tmp && chmod g=u /data && chmod 777 /tmp/build
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "world-writable",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

const MESSAGE: &str = "every user in the container may change this";

fn check(here: &Here) -> Vec<Finding> {
    if !here.is_kept() {
        return vec![];
    }
    let copies = matches!(here.instruction.keyword, Keyword::Copy | Keyword::Add);
    let flag = here.instruction.flag("chmod").filter(|w| copies && opens(&w.value));
    let flag = flag.map(|w| Finding::new(w.span, MESSAGE));
    let run = here.instruction.keyword == Keyword::Run;
    let commands = here.commands().iter().filter(|_| run);
    flag.into_iter().chain(commands.filter_map(|c| in_command(c, here))).collect()
}

fn in_command(command: &Command, here: &Here) -> Option<Finding> {
    let words = command.arguments();
    let mode = words
        .iter()
        .find(|w| !is_option(&w.value))
        .filter(|w| command.program() == "chmod" && opens(&w.value))?;
    let paths = || words.iter().filter(|w| !is_option(&w.value) && w.span != mode.span);
    // Made for the time of the build, or taken away in the same step.
    let passing = |w: &Word| {
        let temporary = ["/tmp", "/var/tmp", "/dev"]
            .iter()
            .any(|t| w.value == *t || w.value.starts_with(&format!("{t}/")));
        let deleted =
            |c: &Command| c.span.start > command.span.start && c.program() == "rm" && c.has_word(&w.value);
        temporary || here.commands().iter().any(deleted)
    };
    (paths().count() > 0 && !paths().all(passing)).then(|| Finding::new(mode.span, MESSAGE))
}

/// `-R`, `--recursive`; not `-rwx`, which is a mode.
fn is_option(word: &str) -> bool {
    word.starts_with("--")
        || word.len() > 1 && word.starts_with('-') && word[1..].chars().all(|c| "Rvcf".contains(c))
}

/// Whether a mode lets others write, and does not keep them from deleting what is not theirs.
fn opens(mode: &str) -> bool {
    if mode.bytes().all(|b| b.is_ascii_digit()) && !mode.is_empty() {
        let digits: Vec<u32> = mode.chars().rev().filter_map(|c| c.to_digit(8)).collect();
        let sticky = digits.get(3).is_some_and(|d| d & 1 == 1);
        return mode.len() >= 3 && digits[0] & 2 == 2 && !sticky;
    }
    let clause = |clause: &str| {
        let Some(at) = clause.find(['+', '=']) else { return false };
        let (who, what) = clause.split_at(at);
        // Without a `who`, the umask keeps others from writing.
        who.contains(['a', 'o']) && what.contains('w')
    };
    !mode.contains('t') && mode.split(',').any(clause)
}
