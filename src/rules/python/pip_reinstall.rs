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
    let asks = command.asks(Manager::Pip, Action::Install) && here.instruction.keyword == Keyword::Run;
    let official = here.base().is_some_and(|b| facts::official(&b.name) == Some("python"));
    let listed = command.has_flag(&["-r", "--requirement"]);
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

/// Whether it installs somewhere else than where the image has its packages.
fn is_elsewhere(command: &Command) -> bool {
    command.words[0].value.contains('/')
        || command.has_flag(&["--target", "-t", "--prefix", "--root", "--user"])
}
