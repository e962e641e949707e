//! # pip is upgraded in an image that has a new one
//!
//! The official images of Python bring the pip that was tested with them, and are built anew for each release of Python.
//! Upgrading it makes the build depend on the pip of the day.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN pip install --upgrade pip && pip install --no-cache-dir flask
//! +RUN pip install --no-cache-dir flask
//! ```
//!
//! Not safe, because a package may want a newer pip. Silent on images that are no longer built, whose pip is old, and where
//! a version is asked for.
//!
//! ```dockerfile
//! FROM python:3.6
//! RUN pip install --upgrade pip
//! FROM python:3.13-slim
//! RUN pip install --upgrade pip==25.3
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pip-self-upgrade",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call =
        command.package.as_ref().filter(|p| p.manager == Manager::Pip && p.action == Action::Install)?;
    let only_pip = matches!(call.operands.as_slice(), [one] if command.words[*one].value == "pip");
    let itself = !command.words[0].value.contains('/') && command.has_flag(&["-U", "--upgrade"]);
    let listed =
        command.has_flag(&["-r", "--requirement", "-e", "--editable", "-c", "--constraint", "--user"]);
    if !only_pip || !itself || listed || here.instruction.keyword != Keyword::Run || !has_new_pip(here) {
        return None;
    }
    let step =
        command.position == Position::Step && command.wrappers.is_empty() && !is_elsewhere(command, here);
    let alone = here.instruction.script.as_ref().is_some_and(|s| s.steps.len() == 1);
    let edit = if alone { here.without_itself() } else { here.without_step(command.step) };
    let edit = edit.filter(|_| step);
    let fix = edit.map(|edit| Fix::risky(Scope::Packages, "Keep the pip of the image", vec![edit]));
    let message = "the image brings a new pip: upgrading it makes the build depend on the pip of the day";
    Some(Finding::new(command.span, message).fix(fix))
}

/// Whether it is an official image of Python, by version, that is built today.
fn has_new_pip(here: &Here) -> bool {
    let Some(base) = here.base().filter(|b| facts::official(&b.name) == Some("python")) else { return false };
    let Some(tag) = base.tag.as_deref() else { return false };
    let full = tag.split_once("-alpine").map_or(tag, |(full, _)| full);
    tag.starts_with(|c: char| c.is_ascii_digit()) && facts::is_built("python", full)
}

/// Whether another environment is in force: its pip is another one.
fn is_elsewhere(command: &Command, here: &Here) -> bool {
    let before = here.commands().iter().filter(|c| c.span.start < command.span.start);
    let activates = |c: &Command| {
        c.changes_shell() && c.program() != "set" || c.has_word("venv") || c.has_word("virtualenv")
    };
    before.into_iter().any(activates)
        || here.env(None, "VIRTUAL_ENV").is_some()
        || here.env(None, "PATH").is_some()
}
