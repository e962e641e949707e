//! # poetry keeps its cache in the layer
//!
//! poetry stores what it downloads under `~/.cache/pypoetry`. No later build step reads it back, so it only makes the image
//! larger. Virtual environments may lie there too, so it is not deleted as a whole.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN poetry install --only main
//! +RUN poetry install --only main && rm -rf ~/.cache/pypoetry/cache ~/.cache/pypoetry/artifacts
//! ```
//!
//! With `caches = "mount"` in the settings, cache mounts keep it out of the image and for the next build.
//!
//! ```toml
//! caches = "mount"
//! ```
//!
//! ```diff
//!  FROM python:3.13-slim
//! -RUN poetry install
//! +RUN --mount=type=cache,target=/root/.cache/pypoetry/artifacts --mount=type=cache,target=/root/.cache/pypoetry/cache poetry install
//! ```
//!
//! Silent when the cache is switched off, lives in a mount, or is removed in the same step.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN poetry install --no-cache
//! RUN poetry install && rm -rf $POETRY_CACHE_DIR
//! RUN --mount=type=cache,target=/root/.cache poetry install
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "poetry-cache",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(|command, here| CACHE.finding(command, here)),
};

const CACHE: HomeCache = HomeCache {
    manager: Manager::Poetry,
    tool: "poetry",
    verbs: &["install", "sync", "add", "update"],
    folders: &["pypoetry/cache", "pypoetry/artifacts"],
    moved_by: "POETRY_CACHE_DIR",
    off: &["--no-cache"],
};
