//! # The distribution's Python is installed beside the image's own
//!
//! The official Python images bring an interpreter, its headers and pip below `/usr/local`. Debian's packages put a second
//! Python below `/usr`, often an older one, which the first never uses: what `pip` installs is not for it, and its headers
//! are not those that packages are compiled with.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  RUN apt-get update && apt-get install -y --no-install-recommends \
//!      gcc \
//! -    python3-dev \
//!      libpq-dev
//! ```
//!
//! Where nothing else is installed, the whole step goes.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN apt-get update && apt-get install -y python3-dev && rm -rf /var/lib/apt/lists/*
//!  RUN pip install --no-cache-dir flask
//! ```
//!
//! There is no fix where something of Debian's Python is used, or where a package may have brought the compiler along.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y python3-pip python3-apt
//! ```
//!
//! Silent where another version is asked for.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN apt-get update && apt-get install -y python2
//! ```
use crate::rule::*;
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    name: "distro-python",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    // Most commands install nothing.
    let version = installs(command).then(|| version_of(here)).flatten()?;
    let ours = packages(command, &version)?;
    finding(command, &ours, here, &here.fact())
}

/// The version that the image of a RUN brings.
fn version_of<'a>(here: &Here<'a>) -> Option<Version<'a>> {
    let base = here.base().filter(|b| facts::official(&b.name) == Some("python"))?;
    let debian = here.family().is_some_and(facts::Family::has_apt);
    if !debian || here.instruction.keyword != Keyword::Run { None } else { version(base.tag.as_deref()) }
}

/// Those of the words of an installation that are the image's own Python once more.
fn packages(command: &Command, version: &Version) -> Option<Vec<usize>> {
    let operands = installs(command).then_some(&command.package.as_ref()?.operands)?;
    let ours = operands
        .iter()
        .copied()
        .filter(|o| command.words[*o].literal && is_python(&command.words[*o].value, version));
    let ours: Vec<usize> = ours.collect();
    (!ours.is_empty()).then_some(ours)
}

fn installs(command: &Command) -> bool {
    command.asks(Manager::Apt, Action::Install)
}

/// The version that the image brings: `3.13` and `3`, or `3` alone where the tag does not tell more.
struct Version<'a> {
    major: &'a str,
    minor: Option<&'a str>,
}

fn version(tag: Option<&str>) -> Option<Version<'_>> {
    let number = tag.unwrap_or("latest").split('-').next()?;
    let mut parts = number.split('.');
    Some(match parts.next()? {
        major @ ("2" | "3") => Version { major, minor: parts.next() },
        part if part.contains('$') => return None,
        // `latest`, `slim`, `bookworm`
        part if part.bytes().all(|b| b.is_ascii_alphabetic()) => Version { major: "3", minor: None },
        _ => return None,
    })
}

/// Whether the package is a part of Python itself in the image's version.
fn is_python(package: &str, version: &Version) -> bool {
    let name = package.split(['=', ':', '/']).next().unwrap_or("");
    let Some(rest) = name.strip_prefix("lib").unwrap_or(name).strip_prefix("python") else { return false };
    let (number, part) = rest.split_once('-').unwrap_or((rest, ""));
    let parts = [
        "",
        "dev",
        "all",
        "all-dev",
        "minimal",
        "full",
        "pip",
        "setuptools",
        "wheel",
        "venv",
        "virtualenv",
        "distutils",
    ];
    let same = match number.split_once('.') {
        Some((major, minor)) => major == version.major && version.minor == Some(minor),
        // Debian's `python-…` without a number is Python 2.
        None => number == version.major || number.is_empty() && version.major == "2",
    };
    same && parts.contains(&part) && !(name.starts_with("lib") && part.is_empty())
}

fn finding(command: &Command, ours: &[usize], here: &Here, others: &Others) -> Option<Finding> {
    let words: Vec<&str> = ours.iter().map(|o| command.words[*o].value.as_str()).collect();
    let what = if words.len() == 1 { "is" } else { "and its like are" };
    let message = format!(
        "`{}` {what} Debian's own Python: the image brings another one, which does not use it",
        words[0]
    );
    let edits = if others.use_it || brings_compiler(command, here, &words) {
        None
    } else if ours.len() == command.package.as_ref()?.operands.len() {
        whole_run(here, command, others).map(|edit| vec![edit])
    } else {
        let own = ours.iter().map(|o| here.without_word(command, *o));
        own.chain(others.removals(here, &words)).collect()
    };
    let title = format!("Take out `{}`", words.join("`, `"));
    let finding = Finding::new(command.words[ours[0]].span, message);
    Some(finding.fix(edits.map(|edits| Fix::risky(Scope::Packages, title, edits))))
}

/// What other instructions have to do with it.
#[derive(Default, PartialEq)]
struct Others {
    /// Something calls Debian's Python, or installs packages for it.
    use_it: bool,
    /// The packages that apt is told to remove, and the instructions that do it.
    removed: HashMap<String, Vec<usize>>,
    /// Instructions that install with apt and rely on package lists that they do not fetch themselves.
    without_lists: Vec<usize>,
}

impl Fact for Others {
    fn of(file: &File) -> Self {
        let paths =
            ["/usr/bin/python", "/usr/bin/pip", "/usr/lib/python", "dist-packages", "update-alternatives"];
        let mut out = Self { use_it: paths.iter().any(|path| file.mentions(path)), ..Self::default() };
        for index in 0..file.dockerfile().instructions.len() {
            let here = file.here(index);
            let calls = |action: Action| calls(&here, action);
            out.use_it |= calls(Action::Install).any(|c| c.words.iter().any(|w| is_library(&w.value)));
            for command in calls(Action::Remove) {
                for operand in command.package.iter().flat_map(|p| &p.operands) {
                    let name = command.words[*operand].value.clone();
                    out.removed.entry(name).or_default().push(index);
                }
            }
            if calls(Action::Install).next().is_some() && calls(Action::Update).next().is_none() {
                out.without_lists.push(index);
            }
        }
        out
    }
}

impl Others {
    /// The edits that take the packages out of later `apt-get purge` and its like, which may no longer know them. None
    /// where that is another instruction, or would leave nothing to remove.
    fn removals(&self, here: &Here, packages: &[&str]) -> Vec<Option<Edit>> {
        let elsewhere = |name: &&str| {
            self.removed.get(*name).is_some_and(|all| all.iter().any(|index| *index != here.index()))
        };
        if packages.iter().any(elsewhere) {
            return vec![None];
        }
        let mut out = vec![];
        for command in calls(here, Action::Remove) {
            let operands = command.package.as_ref().map_or([].as_slice(), |p| &p.operands);
            let named = |o: &&usize| packages.contains(&command.words[**o].value.as_str());
            let something_is_left = !operands.iter().all(|o| named(&o));
            let words = operands.iter().filter(named);
            out.extend(words.map(|o| here.without_word(command, *o).filter(|_| something_is_left)));
        }
        out
    }
}

/// The calls of apt that do this.
fn calls<'a>(here: &Here<'a>, action: Action) -> impl Iterator<Item = &'a Command> {
    here.commands().iter().filter(move |c| c.asks(Manager::Apt, action))
}

/// `python3-apt`, `python-lxml`: a module of Debian's Python.
fn is_library(package: &str) -> bool {
    let any = |major, minor| is_python(package, &Version { major, minor });
    package.starts_with("python")
        && package.contains('-')
        && !any("3", None)
        && !any("2", None)
        && !package.ends_with("-dev")
}

/// Debian's pip recommends a compiler, which packages may be built with in the slim images.
fn brings_compiler(command: &Command, here: &Here, words: &[&str]) -> bool {
    let slim = here.base().and_then(|b| b.tag.as_deref()).is_some_and(|t| t.contains("slim"));
    let named = ["gcc", "g++", "build-essential", "clang"];
    slim && words.iter().any(|w| w.ends_with("-pip"))
        && !command.has_flag(&["--no-install-recommends"])
        && !command.words.iter().any(|w| named.contains(&w.value.as_str()))
}

/// The instruction and its line, where it does nothing but install these packages with apt. None where a comment above
/// would be left standing above something else.
fn whole_run(here: &Here, command: &Command, others: &Others) -> Option<Edit> {
    let cleans = |c: &Command| {
        c.program() == "rm"
            && c.arguments().iter().all(|w| w.is_flag() || w.value.starts_with("/var/lib/apt/lists"))
            || c.package.as_ref().is_some_and(|p| p.manager == Manager::Apt && !installs(c))
    };
    let alone = here.commands().iter().all(|c| c.span == command.span || cleans(c));
    let placed = here.file().placed(here.index());
    let text = here.file().text();
    let rest = &text[placed.span().end as usize..];
    let line = rest.find('\n').map_or(rest.len(), |i| i + 1);
    let after = rest[line..].lines().next().is_some_and(|l| !l.trim().is_empty());
    let commented = here.file().line_above(here.index()) != placed.at && after;
    let indented = !text[..placed.at as usize].is_empty() && !text[..placed.at as usize].ends_with('\n');
    let kept = here.is_onbuild() || !here.instruction.comments.is_empty() || commented || indented;
    (alone && !kept && others.without_lists.iter().all(|i| *i == here.index()))
        .then(|| Edit::delete(Span { start: 0, end: placed.node.text.len() as u32 + line as u32 }))
}
