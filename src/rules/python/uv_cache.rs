//! # uv keeps its cache in the layer
//!
//! uv stores what it downloads and builds under `~/.cache/uv`. No later build step reads it back, so it only makes the
//! image larger.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN uv pip install --system flask
//! +RUN uv pip install --no-cache --system flask
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
//! -RUN uv sync --locked
//! +RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
//! ```
//!
//! Silent when the cache is switched off, lives in a mount, or is removed in the same step.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
//! RUN uv pip install --no-cache --system flask && uv sync && uv cache clean
//! ```
//!
//! And when the cache is needed: packages are linked into it, or a step installs from it alone.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ENV UV_LINK_MODE=symlink
//! RUN uv sync --locked
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "uv-cache",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Uv)?;
    let verb = &command.words[call.verb];
    let fills = matches!(verb.value.as_str(), "install" | "sync" | "add");
    if !fills || here.instruction.keyword != Keyword::Run || is_off(command, here) || !here.ships_cache() {
        return None;
    }
    if here.fact::<Needed>().0 {
        return None;
    }
    let mounting =
        here.settings().caches() == Caches::Mount && here.env(Some(command), "UV_CACHE_DIR").is_none();
    let fix = match mounting.then(|| here.home_cache_mounts(&["uv"])).flatten() {
        Some(edits) => Fix::safe(Scope::Arguments, "Mount a cache for uv", edits),
        None => {
            let edit = here.argument_after(verb, "--no-cache");
            Fix::safe(Scope::Arguments, "Add `--no-cache`", vec![edit])
        }
    };
    Some(Finding::new(command.span, "uv keeps its cache in this layer").fix(fix))
}

/// Whether something needs the cache: links from the environment into it, or an installation without a network.
#[derive(PartialEq)]
struct Needed(bool);

impl Fact for Needed {
    fn of(file: &File) -> Self {
        let says = |text: &str| {
            text.contains("symlink") || text.contains("--offline") || text.contains("UV_OFFLINE")
        };
        let beside = |name| file.context().read(name).is_some_and(|text| text.contains("symlink"));
        Self(says(file.text()) || ["uv.toml", "pyproject.toml"].into_iter().any(beside))
    }
}

/// Whether no cache is written to the layer, or the author has said where it goes.
fn is_off(command: &Command, here: &Here) -> bool {
    let removes = |c: &Command| {
        let cache = c.arguments().iter().any(|w| w.value.contains("cache") || w.value.contains("CACHE"));
        cache && (matches!(c.program(), "rm" | "find") || c.program() == "uv")
    };
    let moved = here.env(Some(command), "UV_CACHE_DIR");
    command.has_flag(&["--no-cache", "--no-cache-dir", "-n", "--cache-dir"])
        || here.has_hidden_flags(command)
        || here.env_is_on(Some(command), "UV_NO_CACHE")
        || here.mount_targets().iter().any(|t| t.contains("cache") || *t == "/root")
        || moved.is_some_and(|folder| here.mounts(&folder))
        || here.commands().iter().any(|c| c.span.start > command.span.start && removes(c))
}
