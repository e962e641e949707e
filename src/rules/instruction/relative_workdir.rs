//! # The first `WORKDIR` is relative
//!
//! It is taken from the working directory of the base image, which the file does not show and the next version of that
//! image may change.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -WORKDIR app
//! +WORKDIR /app
//! ```
//!
//! Where the working directory of the base image is not known, there is no fix.
//!
//! ```dockerfile,flagged
//! FROM example/base:1.2
//! WORKDIR app
//! ```
//!
//! Silent behind an absolute one, and where a variable may hold one.
//!
//! ```dockerfile
//! ARG HOME=/srv
//! FROM python:3.13-slim
//! WORKDIR /app
//! WORKDIR src
//! FROM python:3.13-slim
//! WORKDIR $HOME
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "relative-workdir",
    aliases: &["DL3000", "WorkdirRelativePath"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let Some(word) = here.instruction.words.first() else { return vec![] };
    // What an ONBUILD defers starts from wherever its own build stands.
    if here.instruction.keyword != Keyword::Workdir || here.is_onbuild() || here.stage().is_none() {
        return vec![];
    }
    if word.value.starts_with("~/") || word.value == "~" {
        let message = "WORKDIR knows no `~`: this is a folder of that name";
        return vec![Finding::new(word.span, message)];
    }
    if here.state().workdir_set || is_absolute(&word.value) {
        return vec![];
    }
    let message = "this path starts from the working directory of the base image, which may change";
    vec![Finding::new(word.span, message).fix(absolute(here, word))]
}

fn is_absolute(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    path.is_empty() || path.starts_with(['/', '\\', '$', '%', '{', '<', '@']) || drive
}

/// The same folder, from the root.
fn absolute(here: &Here, word: &Word) -> Option<Fix> {
    let base = here.base()?;
    let root = facts::workdir(&base.name, base.tag.as_deref())?;
    let text = word.span.of(&here.instruction.text);
    let path = text.strip_prefix("./").unwrap_or(text);
    // A quote would have to move, and a step up to be taken.
    if word.quoting != Quoting::Bare || path.starts_with('.') || path.is_empty() || text.contains('\n') {
        return None;
    }
    let prefix = format!("{}/", root.trim_end_matches('/'));
    let cut = Span { start: word.span.start, end: word.span.end - path.len() as u32 };
    let title = format!("Write `{prefix}{path}`");
    Some(Fix::safe(Scope::Config, title, vec![Edit::replace(cut, prefix)]))
}
