//! # pip warns that it runs as root
//!
//! In a container there is nobody else to run as: the warning is noise in every log of a build, between lines that matter.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN pip install --no-cache-dir flask
//! +RUN pip install --root-user-action=ignore --no-cache-dir flask
//! ```
//!
//! Off by default, and not safe: pip knows the option from version 22.1 on. Silent in a virtual environment, for other
//! users, and where a variable says so.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ENV PIP_ROOT_USER_ACTION=ignore
//! RUN pip install --no-cache-dir flask
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pip-root-warning",
    aliases: &[],
    severity: Severity::Hint,
    on: false,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call =
        command.package.as_ref().filter(|p| p.manager == Manager::Pip && p.action == Action::Install)?;
    let flags = ["--root-user-action", "--target", "-t", "--prefix", "--root"];
    let said = command.has_flag(&flags) || here.env(Some(command), "PIP_ROOT_USER_ACTION").is_some();
    let environment = command.words[0].value.contains('/')
        || ["VIRTUAL_ENV", "PATH"].iter().any(|name| here.env(Some(command), name).is_some())
        || here.commands().iter().any(|c| c.changes_shell() && c.program() != "set");
    let python = here.base().filter(|b| facts::official(&b.name) == Some("python"));
    let version = facts::interpreter(&python?.name, python?.tag.as_deref()).and_then(|i| i.version);
    if said
        || environment
        || !here.is_root()
        || version.is_none_or(|v| v < (3, 10))
        || here.instruction.keyword != Keyword::Run
    {
        return None;
    }
    let edit = here.argument_after(&command.words[call.verb], "--root-user-action=ignore");
    let fix = Fix::risky(Scope::Arguments, "Add `--root-user-action=ignore`", vec![edit]);
    Some(Finding::new(command.span, "pip warns that it runs as root").fix(fix))
}
