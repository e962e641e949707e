//! # Python packages are installed on Alpine
//!
//! Alpine builds on musl instead of glibc. A package without a wheel for musl is compiled in every build, which takes a
//! compiler, its headers and time; musl's resolver, its memory allocator and its small thread stacks behave differently
//! under load. Where image size is the reason, the slim variant is close to it.
//!
//! ```diff,unsafe
//! -FROM python:3.13-alpine
//! -RUN apk add --no-cache gcc musl-dev postgresql-dev
//! +FROM python:3.13-slim
//! +RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*
//!  RUN pip install --no-cache-dir psycopg2
//! ```
//!
//! The fix is made where every package and command of Alpine has a known counterpart in Debian.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-alpine
//! RUN apk add --no-cache nginx-mod-http-lua
//! RUN pip install --no-cache-dir scikit-learn
//! ```
//!
//! Silent where all packages have wheels for musl, and no compiler is installed.
//!
//! ```dockerfile
//! FROM python:3.13-alpine
//! RUN pip install --no-cache-dir flask psycopg2-binary
//! ```
//!
//! Silent where no package is installed: the standard library alone runs on musl as it does elsewhere.
//!
//! ```dockerfile
//! FROM python:3.13-alpine
//! COPY server.py /
//! CMD ["python", "/server.py"]
//! ```
//!
//! Silent on other images of Alpine: there, Python is not what the image was chosen for.
//!
//! ```dockerfile
//! FROM alpine:3.22
//! RUN apk add --no-cache py3-pip && pip install --break-system-packages awscli
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "python-alpine",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::File(check),
};

fn check(file: &File) -> Vec<Finding> {
    let stages = &file.dockerfile().stages;
    // What runs on an image: the stage that names it, and those that build on that. A parent stands before its children.
    let mut on_image: Vec<Vec<(Here, &Command)>> = vec![vec![]; stages.len()];
    let (mut roots, mut moved): (Vec<usize>, Vec<usize>) = (vec![], vec![]);
    for (i, stage) in stages.iter().enumerate() {
        roots.push(stage.parent.map_or(i, |p| roots[p]));
        if is_python_on_alpine(stage) {
            moved.push(i);
            let instructions = stage.instructions.clone().map(|i| file.here(i));
            on_image[roots[i]].extend(instructions.flat_map(|h| h.commands().iter().map(move |c| (h, c))));
        }
    }
    let finding = |(i, commands): (usize, &Vec<_>)| Some((i, finding(&stages[i], commands, file)?));
    let mut found: Vec<(usize, Finding)> = on_image.iter().enumerate().filter_map(finding).collect();
    // All or none: what one stage compiles, another may copy.
    let all: Vec<usize> = moved.iter().copied().filter(|i| roots[*i] == *i).collect();
    if let Some((_, first)) = found.first_mut() {
        match file.on_debian(&all, &moved) {
            Ok(fix) => first.fix = Some(fix),
            Err(why) => first.message.to_mut().push_str(&format!("; no fix, because {why}")),
        }
    }
    found.into_iter().map(|(_, finding)| finding).collect()
}

fn is_python_on_alpine(stage: &Stage) -> bool {
    let official = matches!(facts::official(&stage.base.name), Some("python" | "pypy"));
    official
        && !stage.base.unknown
        && facts::family(&stage.base.name, stage.base.tag.as_deref()) == Some(facts::Family::Alpine)
}

fn finding(root: &Stage, commands: &[(Here, &Command)], file: &File) -> Option<Finding> {
    let installing: Vec<&(Here, &Command)> = commands.iter().filter(|(_, c)| installs(c)).collect();
    let packages = Packages::of(&installing);
    let compiler = commands.iter().find_map(|(_, c)| compiler(c));
    if installing.is_empty() || packages.all_have_wheels() && compiler.is_none() {
        return None;
    }
    let placed = file.placed(root.instructions.start);
    let image = &placed.node.from.as_ref()?.image;
    Some(Finding::new(placed.absolute(image.span), packages.message(compiler)))
}

/// The packages that are installed, by whether there is a wheel for musl.
#[derive(Default)]
struct Packages {
    with: Vec<String>,
    without: Vec<String>,
    /// Those of them that have none for glibc either.
    nowhere: Vec<String>,
    unknown: bool,
}

impl Packages {
    fn of(commands: &[&(Here, &Command)]) -> Self {
        let mut out = Self::default();
        for (here, command) in commands {
            let Some(found) = here.python_packages(command) else {
                out.unknown = true;
                continue;
            };
            out.unknown |= found.unknown.is_some() || found.elsewhere;
            let python =
                here.base().and_then(|b| facts::interpreter(&b.name, b.tag.as_deref())).unwrap_or_default();
            for package in found.packages.iter().filter(|p| !p.maybe && !p.name.is_empty()) {
                let wheel = |libc: facts::Libc| {
                    let listed =
                        package.wheels.map(|w| if libc == facts::Libc::Musl { w.musl } else { w.glibc });
                    let indexed = package.origin == Origin::Index && !package.from_source;
                    let known = || facts::has_wheel(&package.name, libc, &package.version, python);
                    if indexed { listed.or_else(known) } else { None }
                };
                match wheel(facts::Libc::Musl) {
                    Some(true) => out.with.push(package.name.clone()),
                    None => out.unknown = true,
                    Some(false) => {
                        out.without.push(package.name.clone());
                        if wheel(facts::Libc::Glibc) == Some(false) {
                            out.nowhere.push(package.name.clone());
                        }
                    }
                }
            }
        }
        for list in [&mut out.with, &mut out.without, &mut out.nowhere] {
            list.sort();
            list.dedup();
        }
        out
    }

    fn all_have_wheels(&self) -> bool {
        self.without.is_empty() && !self.unknown
    }

    fn message(&self, compiler: Option<&str>) -> String {
        let have = |list: &[String]| if list.len() == 1 { "has" } else { "have" };
        let mut message = match (self.without.as_slice(), compiler) {
            ([], Some(tool)) => format!(
                "Alpine has musl instead of glibc: packages without a wheel for it are compiled in every build, here with \
                 `{tool}`"
            ),
            ([], None) => "Alpine has musl instead of glibc: packages without a wheel for it have to be compiled, and name \
                           resolution, memory and thread stacks behave differently"
                .to_owned(),
            (without, _) => {
                let message = format!(
                    "{} {} no wheel for musl, which Alpine has instead of glibc, and {} compiled in every build",
                    listed(without),
                    have(without),
                    if without.len() == 1 { "is" } else { "are" },
                );
                match self.nowhere.as_slice() {
                    [] => message,
                    all if all.len() == without.len() => format!("{message}, as on Debian"),
                    some => format!("{message} ({} also on Debian)", listed(some)),
                }
            }
        };
        if !self.with.is_empty() {
            message.push_str(&format!("; {} {} one", listed(&self.with), have(&self.with)));
        }
        message
    }
}

/// The first names of a list.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    match (shown.as_slice(), names.len().saturating_sub(SHOWN)) {
        ([all @ .., last], 0) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        (all, 0) => all.concat(),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}

/// Whether it installs packages of Python, other than the tools that install them.
fn installs(command: &Command) -> bool {
    let Some(call) = command.package.as_ref().filter(|p| p.action == Action::Install) else { return false };
    let tools = ["pip", "setuptools", "wheel", "pipenv", "poetry", "pdm", "uv", "virtualenv"];
    let name = |word: &Word| word.value.split(['=', '<', '>', '~', '!', '[']).next().unwrap_or("").to_owned();
    let packages = call.operands.iter().any(|o| !tools.contains(&name(&command.words[*o]).as_str()));
    match call.manager {
        Manager::Pip => packages || command.has_flag(&["-r", "--requirement", "-e", "--editable"]),
        Manager::Uv | Manager::Poetry | Manager::Pdm | Manager::Pipenv => true,
        _ => false,
    }
}

/// The compiler that it installs.
fn compiler(command: &Command) -> Option<&str> {
    let call =
        command.package.as_ref().filter(|p| p.manager == Manager::Apk && p.action == Action::Install)?;
    let words = call.operands.iter().map(|o| command.words[*o].value.as_str());
    words
        .into_iter()
        .find(|w| matches!(*w, "gcc" | "g++" | "build-base" | "musl-dev" | "clang" | "cargo" | "rust"))
}
