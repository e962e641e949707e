//! # poetry installs the project before its source is there
//!
//! Without `--no-root`, `poetry install` also installs the project itself. Where only `pyproject.toml` and the lock file have
//! been copied, there is nothing to install yet: poetry complains, and from version 2 on it fails.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  WORKDIR /app
//!  COPY pyproject.toml poetry.lock ./
//! -RUN poetry install --only main --no-cache
//! +RUN poetry install --no-root --only main --no-cache
//!  COPY . .
//! ```
//!
//! Not safe, because poetry may have left a link to the folder that the source comes to. Silent where the source is copied
//! before, and where the project is said to be no package.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY . .
//! RUN poetry install --only main
//! ```
//!
//! ```text pyproject.toml
//! [tool.poetry]
//! package-mode = false
//! ```
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY pyproject.toml poetry.lock ./
//! RUN poetry install
//! COPY . .
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "poetry-root",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Poetry)?;
    let verb = &command.words[call.verb];
    let said = ["--no-root", "--only-root", "-C", "--directory", "-P", "--project", "--dry-run"];
    if !matches!(verb.value.as_str(), "install" | "sync")
        || command.has_flag(&said)
        || here.has_hidden_flags(command)
    {
        return None;
    }
    if here.instruction.keyword != Keyword::Run || !only_lists_before(here) || is_no_package(here) {
        return None;
    }
    let edit = here.argument_after(verb, "--no-root");
    let fix = Fix::risky(Scope::Arguments, "Add `--no-root`", vec![edit]);
    let message =
        "poetry also installs the project itself, whose source is not there yet: from version 2 on it fails";
    Some(Finding::new(command.span, message).fix(fix))
}

/// Whether nothing but the files of poetry was copied, and something more is copied later.
fn only_lists_before(here: &Here) -> bool {
    let Some(stage) = here.stage() else { return false };
    let copies = |i: &usize| {
        let node = here.file().here(*i).instruction;
        matches!(node.keyword, Keyword::Copy | Keyword::Add) && node.flag("from").is_none()
    };
    let sources = |i: usize| {
        let words = &here.file().here(i).instruction.words;
        words.split_last().map_or(&[][..], |(_, sources)| sources).iter()
    };
    let listed = |w: &Word| {
        let name = w.value.rsplit('/').next().unwrap_or_default();
        ["pyproject.toml", "poetry.lock", "poetry.toml"].contains(&name)
            || name == "poetry.lock*"
            || name == "poetry*"
            || name == "*.toml"
    };
    let (before, after): (Vec<usize>, Vec<usize>) =
        here.file().lineage(stage).into_iter().filter(copies).partition(|i| *i < here.index());
    let project = before.iter().flat_map(|i| sources(*i)).any(|w| w.value.ends_with("pyproject.toml"));
    // A mount may show the source.
    let mounted =
        here.instruction.flags.iter().any(|f| f.name == "mount" && !f.value.value.contains("type=cache"));
    let clones = here.file().mentions("git clone") || here.is_onbuild();
    project && !after.is_empty() && !mounted && !clones && before.iter().flat_map(|i| sources(*i)).all(listed)
}

/// Whether the project says that it is no package.
fn is_no_package(here: &Here) -> bool {
    let text = here.origin("pyproject.toml").and_then(|path| here.file().context().read(&path));
    text.is_some_and(|t| t.lines().any(|l| l.replace(' ', "").starts_with("package-mode=false")))
}
