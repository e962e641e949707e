//! # pip installs again what is there
//!
//! `--force-reinstall` downloads what the image has and stores it in this layer once more. `--ignore-installed` writes over
//! it without taking it out first, so that files of two versions may lie side by side. And with `-r`, `--upgrade` has nothing
//! to upgrade in an image that no package was installed in: which versions come is up to the file.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  COPY requirements.txt .
//! -RUN pip install --no-cache-dir --upgrade -r requirements.txt
//! -RUN pip install --no-cache-dir --ignore-installed flask==3.1.2
//! +RUN pip install --no-cache-dir -r requirements.txt
//! +RUN pip install --no-cache-dir flask==3.1.2
//! ```
//!
//! Off by default, and not safe: the image may hold an older version of what is asked for. Silent on other images, where it
//! is a way around packages of the system that pip cannot remove.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN pip install --ignore-installed flask
//! FROM python:3.13-slim
//! RUN pip install --upgrade flask
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pip-reinstall",
    aliases: &[],
    severity: Severity::Hint,
    on: false,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let is_run = here.instruction.keyword == Keyword::Run && !here.is_onbuild();
    let asks = is_run && command.asks(Manager::Pip, Action::Install);
    let official = here.base().is_some_and(|b| facts::official(&b.name) == Some("python"));
    let listed = command.has_flag(&["-r", "--requirement"]) && is_all_new(command, here);
    let (at, message) = (1..command.words.len())
        .filter(|_| asks && official && !is_elsewhere(command))
        .find_map(|at| Some((at, message(&command.words[at].value, listed)?)))?;
    let flag = &command.words[at];
    let edit = here.without_word(command, at);
    let title = format!("Take out `{}`", flag.value);
    let fix = edit.map(|edit| Fix::risky(Scope::Arguments, title, vec![edit]));
    Some(Finding::new(flag.span, message).fix(fix))
}

/// What a flag does that nobody needs.
fn message(flag: &str, listed: bool) -> Option<&'static str> {
    match flag {
        "--force-reinstall" => {
            Some("what the image has already is downloaded and stored in this layer once more")
        }
        "--ignore-installed" | "-I" => Some(
            "what the image has already is written over, not taken out: files of two versions may lie side by side",
        ),
        "--upgrade" | "-U" if listed => {
            Some("a fresh image has nothing to upgrade: the file says which versions come")
        }
        _ => None,
    }
}

/// Whether it names no package by itself, which may be meant to be upgraded, and nothing was installed before it.
fn is_all_new(command: &Command, here: &Here) -> bool {
    let Some(stage) = here.stage() else { return false };
    let named = command.package.as_ref().is_none_or(|call| !call.operands.is_empty());
    let installs = |c: &&Command| c.asks(Manager::Pip, Action::Install);
    let before = here.file().lineage(stage).into_iter().filter(|i| *i < here.index());
    let earlier = before.map(|i| here.file().here(i)).any(|h| h.commands().iter().any(|c| installs(&c)));
    let first = here.commands().iter().find(installs).is_some_and(|first| first.span == command.span);
    !named && first && !earlier
}

/// Whether it installs somewhere else than where the image has its packages.
fn is_elsewhere(command: &Command) -> bool {
    command.words[0].value.contains('/')
        || command.has_flag(&["--target", "-t", "--prefix", "--root", "--user"])
}
