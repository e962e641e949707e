//! # pdm keeps its cache in the layer
//!
//! pdm stores what it downloads and builds under `~/.cache/pdm`. No later build step reads it back, so it only makes the image
//! larger. What it may link to from an environment lies there too, so it is not deleted as a whole.
//!
//! ```diff
//!  FROM python:3.13-slim
//!  COPY pyproject.toml pdm.lock ./
//! -RUN pdm sync --prod
//! +RUN pdm sync --prod && rm -rf ~/.cache/pdm/http ~/.cache/pdm/wheels
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
//! -RUN pdm install --check --prod
//! +RUN --mount=type=cache,target=/root/.cache/pdm/http --mount=type=cache,target=/root/.cache/pdm/wheels pdm install --check --prod
//! ```
//!
//! Silent when the cache is switched off, lives in a mount, or is removed in the same step.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN pdm --no-cache sync --prod
//! RUN --mount=type=cache,target=/root/.cache pdm sync --prod
//! RUN pdm sync && pdm cache clear
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pdm-cache",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(|command, here| CACHE.finding(command, here)),
};

// `--no-cache` would be shorter, but a pdm before 2.13 fails for it.
const CACHE: HomeCache = HomeCache {
    manager: Manager::Pdm,
    tool: "pdm",
    verbs: &["install", "sync", "add", "update"],
    folders: &["pdm/http", "pdm/wheels"],
    moved_by: "PDM_CACHE_DIR",
    off: &["--no-cache", "PDM_NO_CACHE"],
};
