//! # `apt` in a script
//!
//! `apt` is made for people: its options and its output may change with any release, and it says so itself
//! ("apt does not have a stable CLI interface"). `apt-get` and `apt-cache` do the same and stay as they are.
//!
//! ```diff
//!  FROM debian:13-slim
//! -RUN apt update && apt install -y curl
//! +RUN apt-get update && apt-get install -y curl
//! ```
//!
//! ```diff
//!  FROM ubuntu:24.04
//! -RUN apt update && apt show curl && apt -y upgrade
//! +RUN apt-get update && apt-cache show curl && apt-get -y upgrade --with-new-pkgs
//! ```
//!
//! Where no other program does quite the same, there is no fix.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN apt list --installed
//! ```
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y curl
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "apt-in-script",
    aliases: &["DL3027"],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref()?;
    if command.program() != "apt" || here.instruction.keyword != Keyword::Run {
        return None;
    }
    let (tool, verb) = (&command.words[0], &command.words[call.verb]);
    // What is printed may be read by what follows.
    let printed = command.position == Position::Step && !command.redirected;
    let other = match verb.value.as_str() {
        "install" | "update" | "upgrade" | "remove" | "purge" | "autoremove" | "clean" | "autoclean"
        | "build-dep" | "source" | "download" => Some("apt-get"),
        "search" | "show" | "policy" | "depends" | "rdepends" if printed => Some("apt-cache"),
        _ => None,
    };
    let finding = Finding::new(
        tool.span,
        "`apt` is made for people: its options and output may change between releases",
    );
    let Some(other) = other else { return Some(finding) };
    let raw = tool.span.of(&here.instruction.text);
    let name = raw.rfind("apt").map(|at| tool.span.start + at as u32)?;
    let mut edits = vec![Edit::replace(Span { start: name, end: name + 3 }, other)];
    // `apt upgrade` installs what an upgrade newly needs; `apt-get upgrade` has to be told.
    if verb.value == "upgrade" && !command.has_flag(&["--with-new-pkgs", "--without-new-pkgs"]) {
        edits.push(here.argument_after(verb, "--with-new-pkgs"));
    }
    Some(finding.fix(Fix::safe(Scope::Arguments, format!("Use `{other}`"), edits)))
}
