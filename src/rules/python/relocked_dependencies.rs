//! # A lock file that the build may write anew
//!
//! Where the lock file no longer fits what the project asks for, `pipenv install`, `uv sync` and `pdm install` make a new one
//! and install what nobody has tested. With `--deploy`, `--locked` and `--check` the build fails instead.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  COPY Pipfile Pipfile.lock ./
//! -RUN pipenv install --system
//! +RUN pipenv install --deploy --system
//! ```
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  COPY pyproject.toml uv.lock ./
//! -RUN uv sync --no-dev
//! +RUN uv sync --locked --no-dev
//! ```
//!
//! Not safe, because builds that went well may now fail. Silent without a lock file, and where it is taken as it is.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY Pipfile Pipfile.lock pyproject.toml uv.lock ./
//! RUN uv sync --frozen && pipenv sync
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "relocked-dependencies",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|_| here.instruction.keyword == Keyword::Run)?;
    let verb = &command.words[call.verb];
    let variable = |name: &str| here.env(Some(command), name).is_some();
    let (lock, flag) = match (call.manager, verb.value.as_str()) {
        (Manager::Pipenv, "install") if call.operands.is_empty() => {
            let said =
                command.has_flag(&["--deploy", "--ignore-pipfile", "--skip-lock", "-r", "--requirements"]);
            (!said && !variable("PIPENV_IGNORE_PIPFILE") && !variable("PIPENV_SKIP_LOCK")).then_some(())?;
            ("Pipfile.lock", "--deploy")
        }
        (Manager::Uv, "sync") if !command.has_word("pip") => {
            let flags = [
                "--locked",
                "--frozen",
                "--upgrade",
                "-U",
                "--upgrade-package",
                "-P",
                "--no-sources",
                "--script",
            ];
            let said = command.has_flag(&flags);
            (!said && !variable("UV_LOCKED") && !variable("UV_FROZEN")).then_some(())?;
            ("uv.lock", "--locked")
        }
        (Manager::Pdm, "install") => {
            let said = command.has_flag(&["--check", "--frozen-lockfile", "--no-lock", "-L", "--lockfile"]);
            (!said && !variable("PDM_FROZEN_LOCKFILE") && !variable("PDM_LOCKFILE")).then_some(())?;
            ("pdm.lock", "--check")
        }
        _ => return None,
    };
    if here.has_hidden_flags(command) || !is_copied(lock, here) {
        return None;
    }
    let edit = here.argument_after(verb, flag);
    let fix = Fix::risky(Scope::Arguments, format!("Add `{flag}`"), vec![edit]);
    let message =
        format!("`{lock}` is written anew where it is out of date: the build then installs other versions");
    Some(Finding::new(command.span, message).fix(fix))
}

/// Whether the image has the lock file before it: by its name, or with the folder that has it.
fn is_copied(lock: &str, here: &Here) -> bool {
    let Some(stage) = here.stage() else { return false };
    let before =
        here.file().lineage(stage).into_iter().filter(|i| *i < here.index()).map(|i| here.file().here(i));
    let names = |h: Here| {
        let sources = h.instruction.words.split_last().map_or(&[][..], |(_, sources)| sources);
        matches!(h.instruction.keyword, Keyword::Copy | Keyword::Add)
            && sources.iter().any(|w| w.value.rsplit('/').next() == Some(lock))
    };
    before.into_iter().any(names) || here.origin(lock).is_some()
}
