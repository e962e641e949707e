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
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Poetry)?;
    let fills = matches!(command.words[call.verb].value.as_str(), "install" | "sync" | "add" | "update");
    // One finding for all of the step.
    let later = |c: &Command| c.asks(Manager::Poetry, Action::Install) && c.span.start > command.span.start;
    let last = !here.commands().iter().any(later);
    if !fills
        || !last
        || here.instruction.keyword != Keyword::Run
        || is_off(command, here)
        || !here.ships_cache()
    {
        return None;
    }
    let moved = ["POETRY_CACHE_DIR", "XDG_CACHE_HOME", "HOME"].iter().any(|name| {
        here.env(Some(command), name).is_some() || here.file().text().contains(&format!("{name}="))
    });
    let configured = here.file().commands().any(|(_, c)| c.program() == "poetry" && c.has_word("cache-dir"));
    let mounts = || here.home_cache_mounts(&["pypoetry/cache", "pypoetry/artifacts"]);
    let fix = if moved || configured || command.called_again().is_none_or(|c| c.starts_with("sudo")) {
        None
    } else if let Some(edits) = mounts().filter(|_| here.settings().caches() == Caches::Mount) {
        Some(Fix::safe(Scope::Arguments, "Mount a cache for poetry", edits))
    } else {
        let edit =
            here.step_after(command.step, "rm -rf ~/.cache/pypoetry/cache ~/.cache/pypoetry/artifacts");
        edit.map(|edit| Fix::safe(Scope::Commands, "Delete the cache of poetry", vec![edit]))
    };
    Some(Finding::new(command.span, "poetry keeps its cache in this layer").fix(fix))
}

/// Whether no cache is written to the layer, or it is removed.
fn is_off(command: &Command, here: &Here) -> bool {
    let names = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("cache") || text.contains("pypoetry") || text == "/root" || text == "/tmp/*"
    };
    let removes = |c: &Command| {
        matches!(c.program(), "rm" | "find" | "poetry") && c.arguments().iter().any(|w| names(&w.value))
    };
    command.has_flag(&["--no-cache", "--dry-run"])
        || here.mount_targets().iter().any(|t| names(t))
        || here
            .env(Some(command), "POETRY_CACHE_DIR")
            .is_some_and(|folder| here.mounts(&folder) || folder == "/dev/null")
        || here.commands().iter().any(|c| c.span.start > command.span.start && removes(c))
}
