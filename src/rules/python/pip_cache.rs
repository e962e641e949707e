//! # pip keeps its download cache in the layer
//!
//! pip stores what it downloads under `~/.cache/pip`. No later build step reads it back, so it only makes the image
//! larger.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN pip install --upgrade pip && python3 -m pip install -r requirements.txt
//! +RUN pip install --no-cache-dir --upgrade pip && python3 -m pip install --no-cache-dir -r requirements.txt
//! ```
//!
//! With `caches = "mount"` in the settings, a cache mount keeps it out of the image and for the next build.
//!
//! ```toml
//! caches = "mount"
//! ```
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN pip install flask
//! +RUN --mount=type=cache,target=/root/.cache/pip pip install flask
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
//!
//! Silent too in a stage that the image only copies files from: its layers are not shipped.
//!
//! ```dockerfile
//! FROM python:3.13 AS build
//! RUN pip install --prefix=/install flask
//! FROM python:3.13-slim
//! COPY --from=build /install /usr/local
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
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Pip)?;
    let verb = &command.words[call.verb];
    let fills = matches!(verb.value.as_str(), "install" | "download" | "wheel");
    if !fills || here.instruction.keyword != Keyword::Run || is_off(command, here) || !here.ships_cache() {
        return None;
    }
    let mounting =
        here.settings().caches() == Caches::Mount && here.env(Some(command), "PIP_CACHE_DIR").is_none();
    let fix = match mounting.then(|| here.home_cache_mounts(&["pip"])).flatten() {
        Some(edits) => Fix::safe(Scope::Arguments, "Mount a cache for pip", edits),
        None => {
            let edit = here.argument_after(verb, "--no-cache-dir");
            Fix::safe(Scope::Arguments, "Add `--no-cache-dir`", vec![edit])
        }
    };
    Some(Finding::new(command.span, "pip keeps its download cache in this layer").fix(fix))
}

/// Whether no cache is written to the layer by this command, or the author has said where it goes.
fn is_off(command: &Command, here: &Here) -> bool {
    // pip takes every unambiguous beginning of an option.
    let said = |text: &str| text.contains("--no-cache") || text.contains("--cache-dir");
    let in_variable = |w: &Word| {
        let name = w.value.trim_start_matches(['$', '{']).trim_end_matches('}');
        w.value.starts_with('$') && here.env(Some(command), name).is_some_and(|v| said(&v))
    };
    let in_mount = |target: &&str| target.contains(".cache") || *target == "/root";
    let moved = here.env(Some(command), "PIP_CACHE_DIR");
    command.words.iter().any(|w| said(&w.value) || in_variable(w))
        || here.env_is_on(Some(command), "PIP_NO_CACHE_DIR")
        || here.mount_targets().iter().any(in_mount)
        || moved.is_some_and(|folder| here.mounts(&folder))
        || here
            .commands()
            .iter()
            .any(|c| if c.span.start < command.span.start { switches_off(c) } else { removes(c) })
}

/// `export PIP_NO_CACHE_DIR=1`, `pip config set global.no-cache-dir true`.
fn switches_off(command: &Command) -> bool {
    let yes = |value: &str| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes");
    let variable = |word: &Word| word.value.strip_prefix("PIP_NO_CACHE_DIR=").is_some_and(yes);
    let lone = command.words.is_empty()
        && command.assignments.iter().any(|a| a.name == "PIP_NO_CACHE_DIR" && yes(&a.value));
    lone || command.program() == "export" && command.arguments().iter().any(variable)
        || command.has_word("config") && command.has_word("global.no-cache-dir")
}

fn removes(command: &Command) -> bool {
    matches!(command.program(), "rm" | "find")
        && command.arguments().iter().any(|w| w.value.contains("/.cache"))
        || command
            .package
            .as_ref()
            .is_some_and(|p| p.manager == Manager::Pip && command.words[p.verb].value == "cache")
}
