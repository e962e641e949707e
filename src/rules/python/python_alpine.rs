//! # Python packages are installed on Alpine
//!
//! Alpine builds on musl instead of glibc. A package without a wheel for musl is compiled during the build, which takes
//! a compiler, its headers and time; musl's resolver, its memory allocator and its small thread stacks behave
//! differently under load. Where image size is the reason, the slim variant is close to it.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-alpine
//! RUN apk add --no-cache gcc musl-dev libffi-dev
//! RUN pip install --no-cache-dir cryptography
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
    let stages = &file.dockerfile.stages;
    // What runs on an image: the stage that names it, and those that build on that. A parent stands before its children.
    let mut on_image: Vec<Vec<&Command>> = vec![vec![]; stages.len()];
    let mut roots: Vec<usize> = vec![];
    for (i, stage) in stages.iter().enumerate() {
        roots.push(stage.parent.map_or(i, |p| roots[p]));
        if is_python_on_alpine(stage) {
            on_image[roots[i]].extend(stage.instructions.clone().flat_map(|i| file.here(i).commands()));
        }
    }
    stages.iter().zip(on_image).filter_map(|(stage, commands)| finding(stage, &commands, file)).collect()
}

fn is_python_on_alpine(stage: &Stage) -> bool {
    let official = matches!(facts::official(&stage.base.name), Some("python" | "pypy"));
    official
        && !stage.base.unknown
        && facts::family(&stage.base.name, stage.base.tag.as_deref()) == Some(facts::Family::Alpine)
}

fn finding(root: &Stage, commands: &[&Command], file: &File) -> Option<Finding> {
    if !commands.iter().any(|c| installs(c)) {
        return None;
    }
    let message = match commands.iter().find_map(|c| compiler(c)) {
        Some(tool) => format!(
            "Alpine has musl instead of glibc: packages without a wheel for it are compiled during the build, here with `{tool}`"
        ),
        None => "Alpine has musl instead of glibc: packages without a wheel for it have to be compiled, and name resolution, \
                 memory and thread stacks behave differently"
            .to_owned(),
    };
    let placed = &file.dockerfile.instructions[root.instructions.start];
    let image = &placed.node.from.as_ref()?.image;
    Some(Finding::new(placed.absolute(image.span), message))
}

/// Whether it installs packages of Python, other than the tools that install them.
fn installs(command: &Command) -> bool {
    let Some(call) = command.package.as_ref().filter(|p| p.action == Action::Install) else { return false };
    let tools = ["pip", "setuptools", "wheel", "pipenv", "poetry", "uv", "virtualenv"];
    let name = |word: &Word| word.value.split(['=', '<', '>', '~', '!', '[']).next().unwrap_or("").to_owned();
    let packages = call.operands.iter().any(|o| !tools.contains(&name(&command.words[*o]).as_str()));
    match call.manager {
        Manager::Pip => packages || command.has_flag(&["-r", "--requirement", "-e", "--editable"]),
        Manager::Uv | Manager::Poetry | Manager::Pipenv => true,
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
