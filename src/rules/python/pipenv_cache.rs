//! # pipenv keeps its cache in the layer
//!
//! pipenv has pip store what it downloads and builds under `~/.cache/pipenv`, wherever pip's own cache is. No later build step
//! reads it back, so it only makes the image larger.
//!
//! ```diff
//!  FROM python:3.13-slim
//!  COPY Pipfile Pipfile.lock ./
//! -RUN pipenv install --system --deploy
//! +RUN pipenv install --system --deploy && rm -rf ~/.cache/pipenv
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
//! -RUN pipenv sync --system
//! +RUN --mount=type=cache,target=/root/.cache/pipenv pipenv sync --system
//! ```
//!
//! Silent when pip keeps no cache, when it lives in a mount, or is removed in the same step.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN PIP_NO_CACHE_DIR=1 pipenv install --system --deploy
//! RUN pipenv sync && pipenv --clear
//! RUN --mount=type=cache,target=/root/.cache pipenv sync
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pipenv-cache",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(|command, here| CACHE.finding(command, here)),
};

const CACHE: HomeCache = HomeCache {
    manager: Manager::Pipenv,
    tool: "pipenv",
    verbs: &["install", "sync", "update", "upgrade"],
    folders: &["pipenv"],
    moved_by: "PIPENV_CACHE_DIR",
    off: &["--clear", "PIP_NO_CACHE_DIR"],
};
