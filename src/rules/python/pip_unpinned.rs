//! # A package is installed in whatever version is the newest
//!
//! Without a version, `pip install` takes what was published last: the same Dockerfile gives another image next week.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! RUN pip install --no-cache-dir flask
//! ```
//!
//! Off by default: tools may follow their newest version, and versions are better kept in a lock file. Silent there, and for
//! pip itself.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY requirements.txt ./
//! RUN pip install --upgrade pip setuptools
//! RUN pip install -r requirements.txt 'django>=5,<6' gunicorn==23.0.0 git+https://example.com/a.git@v1
//! RUN pip install -c constraints.txt flask
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "pip-unpinned",
    aliases: &["DL3013"],
    severity: Severity::Hint,
    on: false,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call =
        command.package.as_ref().filter(|p| p.manager == Manager::Pip && p.action == Action::Install)?;
    if here.instruction.keyword != Keyword::Run
        || command.has_flag(&["-c", "--constraint", "-r", "--requirement"])
    {
        return None;
    }
    let tools = ["pip", "setuptools", "wheel"];
    let found = here.python_packages(command)?;
    let open = |name: &str| {
        found.packages.iter().find(|p| p.name == name && p.version.is_empty() && p.origin == Origin::Index)
    };
    let words = call.operands.iter().map(|o| &command.words[*o]).filter(|w| w.literal);
    let mut named = words.filter_map(|w| {
        let name = w.value.split(['[', ';', ' ']).next()?.to_ascii_lowercase().replace(['_', '.'], "-");
        (!tools.contains(&name.as_str()) && open(&name).is_some()).then_some(w)
    });
    let word = named.next()?;
    let more = named.count();
    let others = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(Finding::new(
        word.span,
        format!("`{}`{others} may be another version in the next build", word.value),
    ))
}
