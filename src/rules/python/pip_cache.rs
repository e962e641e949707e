//! # pip keeps its download cache in the layer
//!
//! `pip install` stores what it downloads under `~/.cache/pip`. No later build step reads it back, so it only makes
//! the image larger.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN pip install --upgrade pip && python3 -m pip install -r requirements.txt
//! +RUN pip install --no-cache-dir --upgrade pip && python3 -m pip install --no-cache-dir -r requirements.txt
//! ```
//!
//! Silent when the cache is switched off for the stage, lives in a cache mount, or is removed in the same step.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ENV PIP_NO_CACHE_DIR=1
//! RUN pip install flask
//! ```
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN --mount=type=cache,target=/root/.cache/pip pip install flask
//! ```
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN pip install flask && rm -rf /root/.cache/pip
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pip-cache",
    aliases: &["DL3042"],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Pip && p.action == Action::Install)?;
    let verb = &command.words[call.verb];
    let off = command.has_flag(&["--no-cache-dir"])
        || here.env_is_on(Some(command), "PIP_NO_CACHE_DIR")
        || here.mount_targets().iter().any(|t| t.contains(".cache"))
        || removes_cache(here);
    if off || here.instruction.keyword != Keyword::Run {
        return None;
    }
    let edit = here.argument_after(verb, "--no-cache-dir");
    let fix = Fix::safe(Scope::Arguments, "Add `--no-cache-dir`", vec![edit]);
    Some(Finding::new(command.span, "pip keeps its download cache in this layer").fix(fix))
}

/// Whether the same step removes the cache, or everything that the user may have put there.
fn removes_cache(here: &Here) -> bool {
    let commands = here.instruction.script.iter().flat_map(|s| &s.commands);
    let removes = |c: &Command| {
        c.program() == "rm" && c.arguments().iter().any(|w| w.value.contains("/.cache"))
            || c.package.as_ref().is_some_and(|p| p.manager == Manager::Pip && c.words[p.verb].value == "cache")
    };
    commands.into_iter().any(removes)
}
