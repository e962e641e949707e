//! # A compiler stays in the image
//!
//! What compiles Python packages is of no use when the container runs, and takes hundreds of megabytes. Where it is needed,
//! it belongs in a stage of its own, whose result is copied; often it is not needed at all. The message tells how much that
//! is on disk, where it is known: an estimate, of the compiler with what it needs.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*
//! RUN pip install --no-cache-dir psycopg2-binary
//! ```
//!
//! Silent where it is removed in the same step, or lies in a stage that the image only copies from.
//!
//! ```dockerfile
//! FROM python:3.13-slim AS build
//! RUN apt-get update && apt-get install -y gcc libpq-dev
//! RUN pip install --prefix=/install psycopg2
//! FROM python:3.13-slim
//! COPY --from=build /install /usr/local
//! ```
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y gcc && pip install uwsgi && apt-get purge -y --auto-remove gcc
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "compiler-kept",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Image(check),
};

const COMPILERS: &[&str] = &["gcc", "g++", "build-essential", "clang", "gfortran", "cargo", "rustc"];

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    if !is_slim(&stage.base) {
        return vec![];
    }
    let kept: Vec<Here> = file.lineage(stage).into_iter().map(|i| file.here(i)).filter(is_run).collect();
    let commands = || kept.iter().flat_map(|h| h.commands().iter().map(move |c| (h, c)));
    let installs = |c: &Command| {
        c.package.as_ref().is_some_and(|p| {
            let python = [Manager::Pip, Manager::Poetry, Manager::Pdm, Manager::Pipenv, Manager::Uv]
                .contains(&p.manager);
            python && p.action == Action::Install
        })
    };
    // Compiling may be what the container does: notebooks, numba, torch.compile, Cython at run time.
    let compiles = commands().any(|(_, c)| {
        !installs(c)
            && matches!(c.program(), "make" | "cmake" | "gcc" | "g++" | "cargo" | "configure" | "ninja")
    });
    if compiles || !commands().any(|(_, c)| installs(c)) {
        return vec![];
    }
    let removed = |name: &str| {
        commands().any(|(_, c)| {
            c.asks(Manager::Apt, Action::Remove)
                && (c.has_word(name) || c.words.iter().any(|w| w.value.contains('$')))
        })
    };
    let first = commands().find_map(|(here, c)| {
        let operands = &c.package.as_ref().filter(|_| c.asks(Manager::Apt, Action::Install))?.operands;
        let word = operands.iter().map(|o| &c.words[*o]).find(|w| COMPILERS.contains(&w.value.as_str()))?;
        (!removed(&word.value)).then_some((here, word))
    });
    let Some((here, word)) = first else { return vec![] };
    let (mut needed, mut known) = (vec![], true);
    for (here, command) in commands().filter(|(_, c)| installs(c)) {
        known &= gather(here, command, &mut needed);
    }
    needed.sort();
    needed.dedup();
    let stays = format!("`{}` stays in the image{}", word.value, takes(word, here));
    let message = match needed.as_slice() {
        [] if known => format!("{stays}, although every package here has a wheel"),
        [] => format!("{stays}: a stage of its own can compile the packages that need it"),
        some => format!("{stays}: a stage of its own can compile `{}`", some.join("`, `")),
    };
    vec![Finding::new(here.placed().absolute(word.span), message)]
}

/// How much it takes, where that is known: ` and takes about 180 MB (estimate)`.
fn takes(word: &Word, here: &Here) -> String {
    let size = here.archive().and_then(|archive| facts::package_size(archive, &word.value));
    size.map_or(String::new(), |s| format!(" and takes about {} (estimate)", s.needed.on_disk.rounded()))
}

/// Whether it is a slim image of Python: the full ones have a compiler anyway.
fn is_slim(base: &Image) -> bool {
    let slim = base.tag.as_deref().is_some_and(|t| t.contains("slim"));
    slim && !base.unknown && facts::official(&base.name) == Some("python")
}

fn is_run(here: &Here) -> bool {
    here.instruction.keyword == Keyword::Run && !here.is_onbuild()
}

/// Adds the packages that are compiled; whether it is known of all.
fn gather(here: &Here, command: &Command, needed: &mut Vec<String>) -> bool {
    let Some(found) = here.python_packages(command) else { return false };
    let python = here.base().and_then(|b| facts::interpreter(&b.name, b.tag.as_deref())).unwrap_or_default();
    let mut known = found.unknown.is_none() && !found.elsewhere;
    for package in &found.packages {
        let wheel = match package.wheels {
            _ if package.from_source || package.origin != Origin::Index => None,
            Some(wheels) => Some(wheels.glibc),
            None => facts::has_wheel(&package.name, facts::Libc::Glibc, &package.version, python),
        };
        known &= wheel.is_some();
        if wheel == Some(false) && !package.maybe {
            needed.push(package.name.clone());
        }
    }
    known
}
