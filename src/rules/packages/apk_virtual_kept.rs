//! # Build dependencies that are never deleted
//!
//! `apk add --virtual .build-deps` gives packages a common name so that one `apk del .build-deps` removes them when they
//! have done their work. Without that, the compilers stay in the image. To make it smaller, the deletion has to stand
//! in the same step.
//!
//! ```diff,unsafe
//!  FROM python:3.13-alpine
//!  RUN apk add --no-cache --virtual .build-deps gcc musl-dev \
//! -    && pip install --no-cache-dir cffi
//! +    && pip install --no-cache-dir cffi \
//! +    && apk del .build-deps
//! ```
//!
//! ```diff
//!  FROM alpine:3.22
//! -RUN apk add --no-cache --virtual .fetch-deps tar xz && tar -xJf /tmp/app.tar.xz -C /srv
//! +RUN apk add --no-cache --virtual .fetch-deps tar xz && tar -xJf /tmp/app.tar.xz -C /srv && apk del .fetch-deps
//! ```
//!
//! For compilers and libraries the fix needs consent: a library that belongs to the build packages, such as `libstdc++` to `g++` or `libffi` to
//! `libffi-dev`, goes with them even if what was compiled needs it to run. (Keep it by naming it in an `apk add` of its
//! own.) There is no fix where a later step may still need the packages.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-alpine
//! RUN apk add --no-cache --virtual .build-deps gcc musl-dev
//! RUN pip install --no-cache-dir cffi
//! ```
//!
//! Silent when the name is deleted somewhere, or says that the packages are wanted when the image runs.
//!
//! ```dockerfile
//! FROM alpine:3.22
//! RUN apk add --no-cache --virtual .build-deps gcc && make && apk del .build-deps
//! RUN apk add --no-cache --virtual .run-deps libffi
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "apk-virtual-kept",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

/// What the name of packages that are only needed for a while is made of.
const SHORT_LIVED: &[&str] =
    &["build", "dev", "compil", "fetch", "tmp", "temp", "install", "make", "download", "setup"];
/// Programs of busybox and the shell that need none of the packages.
const PLAIN: &[&str] = &[
    "adduser", "addgroup", "chown", "chmod", "mkdir", "rm", "ln", "cp", "mv", "echo", "touch", "true", ":",
    "set", "cd", "test", "[", "cat", "ls", "export", "printf", "sleep", "",
];

/// Packages of which nothing is needed to run what was made with them: headers, and tools that come without a library
/// that a compiled program would load.
const LEAVE_NOTHING: &[&str] = &[
    "autoconf",
    "automake",
    "bison",
    "bzip2",
    "cmake",
    "dpkg-dev",
    "flex",
    "gnupg",
    "gzip",
    "libc-dev",
    "linux-headers",
    "m4",
    "make",
    "musl-dev",
    "patch",
    "pkgconf",
    "pkgconfig",
    "re2c",
    "tar",
    "unzip",
    "xz",
];

fn check(command: &Command, here: &Here) -> Option<Finding> {
    if !command.asks(Manager::Apk, Action::Install)
        || here.instruction.keyword != Keyword::Run
        || !here.is_kept()
    {
        return None;
    }
    let (word, name) = virtual_name(command)?;
    let lower = name.to_ascii_lowercase();
    let lasting = ["run", "persist", "keep"].iter().any(|l| lower.contains(l));
    if !word.literal || lasting || !SHORT_LIVED.iter().any(|s| lower.contains(s)) {
        return None;
    }
    let deletes = |c: &Command| {
        let named = |w: &Word| w.value == name || w.value.starts_with('$') || w.value.contains(name);
        c.words.iter().any(|w| w.value == "del") && c.words.iter().any(named) || c.runs_script()
    };
    let behind = here.commands().iter().filter(|c| c.span.start > command.span.start);
    if behind.into_iter().any(deletes) || here.followers().any(|f| f.commands().iter().any(deletes)) {
        return None;
    }
    let message = format!("the packages of `{name}` are never deleted and stay in the image");
    Some(Finding::new(word.span, message).fix(deletion(command, here, name)))
}

/// The word that gives the name, and the name.
fn virtual_name(command: &Command) -> Option<(&Word, &str)> {
    let words = command.arguments();
    let at = words
        .iter()
        .position(|w| matches!(w.value.as_str(), "-t" | "--virtual") || w.value.starts_with("--virtual="))?;
    match words[at].value.split_once('=') {
        Some((_, name)) => Some((&words[at], name)),
        None => words.get(at + 1).map(|w| (w, w.value.as_str())),
    }
}

/// The deletion at the end of the RUN, where no step behind it can need the packages.
fn deletion(command: &Command, here: &Here, name: &str) -> Option<Fix> {
    let harmless = |next: &Here| {
        let readable = next.instruction.script.as_ref().is_none_or(|s| !s.broken);
        readable && next.commands().iter().all(|c| PLAIN.contains(&c.program()))
    };
    let mut runs = here.followers().filter(|f| f.instruction.keyword == Keyword::Run);
    let simple = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if here.is_onbuild() || !simple || !runs.all(|f| harmless(&f)) {
        return None;
    }
    let last = here.instruction.script.as_ref()?.steps.len().checked_sub(1)?;
    let edit = here.step_after(last, &format!("{} del {name}", command.called_again()?))?;
    let packages = &command.package.as_ref()?.operands;
    let gone = |o: &usize| LEAVE_NOTHING.contains(&command.words[*o].value.as_str());
    let safety = if packages.iter().all(gone) { Safety::Safe } else { Safety::Unsafe };
    let title = format!("Delete `{name}` at the end of the step");
    Some(Fix::new(safety, Scope::Commands, title, vec![edit]))
}
