//! # One tool installs packages in several `RUN` instructions
//!
//! Each `RUN` makes a layer. Calls of one package manager that follow each other directly belong in one: a file that a
//! later call replaces or removes, such as the old pip, does not stay in the image, and they are read as what they are,
//! one installation.
//!
//! ```diff
//!  FROM python:3.13
//! -RUN pip install --upgrade pip
//! -RUN pip install -r requirements.txt
//! +RUN pip install --upgrade pip && \
//! +    pip install -r requirements.txt
//! ```
//!
//! The new line is laid out like those around it, and a comment between the two stays where it is.
//!
//! ```diff
//!  FROM alpine:3.22
//! -RUN apk add --no-cache curl \
//! -    && apk add --no-cache jq
//! +RUN apk add --no-cache curl \
//! +    && apk add --no-cache jq \
//!  # for the tests
//! -RUN apk add --no-cache bats
//! +    && apk add --no-cache bats
//! ```
//!
//! A pip that the distribution installed moves to another folder when it upgrades itself, which a shell that has called
//! it before may not notice. There the fix is not safe.
//!
//! ```diff,unsafe
//!  FROM ubuntu:18.04
//! -RUN pip3 install --upgrade pip
//! -RUN pip3 install flask
//! +RUN pip3 install --upgrade pip && \
//! +    pip3 install flask
//! ```
//!
//! Silent when anything else runs in one of the two, when their mounts differ, and when the first only fetches the
//! package lists (`apt-update-alone` speaks about that).
//!
//! ```dockerfile
//! FROM node:24
//! RUN npm ci
//! RUN npm run build
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "split-package-run",
    // Who ignores hadolint's rule about any two RUNs ignores this one; by the code alone, `consecutive-run` is meant.
    aliases: &["DL3059"],
    severity: Severity::Warning,
    on: true,
    check: Check::Written(check),
};

fn check(here: &Here) -> Option<Finding> {
    Some(finding(here.run_above()?, &here.file())?.back(here.placed().at))
}

fn finding(first: usize, file: &File) -> Option<Finding> {
    let manager = file.package_pair(first)?;
    let edit = file.join(first)?;
    let (before, behind) = (file.here(first), file.here(first + 1));
    let title = "Join it with the `RUN` above";
    let fix = if moves_itself(manager, &before, &behind) {
        Fix::risky(Scope::Layers, title, vec![edit])
    } else {
        Fix::safe(Scope::Layers, title, vec![edit])
    };
    let [above, this] = [first, first + 1].map(|i| file.placed(i));
    let tool = behind
        .instruction
        .script
        .as_ref()?
        .commands
        .iter()
        .find_map(|c| Some(&c.words[c.package.as_ref()?.tool]))?;
    let message = format!(
        "this `RUN` only continues what `{}` does in the one above, in a layer of its own",
        tool.value
    );
    let finding = Finding::new(this.absolute(this.node.keyword_span), message);
    Some(finding.related(above.absolute(above.node.keyword_span), "the `RUN` above").fix(fix))
}

/// Whether the first RUN replaces the tool itself in a way that may put it into another folder: a shell remembers where
/// it found a program.
fn moves_itself(manager: Manager, before: &Here, behind: &Here) -> bool {
    let name = match manager {
        Manager::Pip => "pip",
        Manager::Npm => "npm",
        _ => return false,
    };
    let official = before.base().and_then(|b| facts::official(&b.name));
    let in_place =
        matches!((manager, official), (Manager::Pip, Some("python" | "pypy")) | (Manager::Npm, Some("node")));
    let upgrades = |c: &Command| {
        let is_tool = |word: &Word| {
            word.value
                .strip_prefix(name)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        };
        c.package.as_ref().is_some_and(|p| p.operands.iter().any(|o| is_tool(&c.words[*o])))
    };
    // `python -m pip` is looked up by Python, each time anew.
    let by_name = |c: &Command| c.package.as_ref().is_some_and(|p| p.tool == 0);
    !in_place && before.commands().iter().any(upgrades) && behind.commands().iter().any(by_name)
}
