//! # The packages of developers are in the image
//!
//! `npm ci` also installs what is listed under `devDependencies`: test runners, compilers and linters, often most of
//! `node_modules`. An application that is not built in this stage does not need them.
//!
//! ```text package.json
//! { "scripts": { "start": "node server.js" }, "devDependencies": { "jest": "^30.0.0" } }
//! ```
//! ```diff,unsafe
//!  FROM node:24-slim
//!  WORKDIR /app
//!  COPY package.json package-lock.json ./
//! -RUN npm ci
//! +RUN npm ci --omit=dev
//!  COPY . .
//!  CMD ["npm", "start"]
//! ```
//!
//! The fix is unsafe, as an application may load by mistake what is listed for developers. Silent where nothing is listed
//! for them, where the stage builds something, and where its command is one of theirs.
//!
//! ```dockerfile
//! FROM node:24-slim
//! WORKDIR /app
//! COPY . .
//! RUN npm ci && npm run build
//! CMD ["node", "dist/server.js"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "dev-dependencies",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    here.stage().filter(|s| s.role == Role::Final && !here.is_onbuild())?;
    let install = NodeInstall::of(command, here).filter(|i| !i.is_production(here))?;
    let package = package(&install, here)?;
    let last = here.file().dockerfile().stages.last()?;
    if package.dev_dependencies.is_empty() || builds(last, here) || !starts_without(&package, last, here) {
        return None;
    }
    let count = package.dev_dependencies.len();
    let packages = if count == 1 { "the package".to_owned() } else { format!("the {count} packages") };
    let message = format!("`{}` also installs {packages} that only developers need", install.name());
    let from = if command.package.is_some() { &command.words[0] } else { install.verb };
    Some(Finding::new(from.span.to(install.verb.span), message).fix(fix(&install, &package, here)))
}

/// The `package.json` that is installed from.
fn package(install: &NodeInstall, here: &Here) -> Option<NodePackage> {
    let context = here.file().context();
    match install.lock(here) {
        Some(lock) => context.node_package(&lock.origin?),
        None => context.node_package("."),
    }
}

/// Whether anything but installations runs in the stage: it may need these packages.
fn builds(last: &Stage, here: &Here) -> bool {
    let node = |c: &Command| {
        let runs = matches!(
            c.program(),
            "npx" | "node" | "tsc" | "make" | "webpack" | "vite" | "next" | "ng" | "bash" | "sh"
        );
        let script = c.package.as_ref().is_some_and(|p| {
            let node = matches!(p.manager, Manager::Npm | Manager::Yarn | Manager::Pnpm);
            node && !matches!(p.action, Action::Install | Action::Clean)
        });
        runs || script || c.runs_script()
    };
    let lineage = here.file().lineage(last).into_iter().map(|i| here.file().here(i));
    let mut runs = lineage.into_iter().filter(|h| h.instruction.keyword == Keyword::Run);
    runs.any(|h| h.commands().is_empty() || h.commands().iter().any(node))
}

/// Whether the container starts without any of these packages, as far as its command and the script behind it tell.
fn starts_without(package: &NodePackage, last: &Stage, here: &Here) -> bool {
    let entry = |k: Keyword| {
        here.file().instructions(last).map(|(i, _)| here.file().here(i)).rfind(|h| h.instruction.keyword == k)
    };
    let entry: Vec<Here> = [Keyword::Entrypoint, Keyword::Cmd].into_iter().filter_map(entry).collect();
    let words: Vec<&str> =
        entry.iter().flat_map(|h| h.commands()).flat_map(|c| &c.words).map(|w| w.value.as_str()).collect();
    let (program, rest) = match words.split_first() {
        Some((program, rest)) => (program.rsplit('/').next().unwrap_or(program), rest),
        None => return false,
    };
    let plain = |text: &str| {
        let tools: Vec<&str> =
            package.dev_dependencies.keys().filter_map(|name| name.rsplit('/').next()).collect();
        text.starts_with("node ") && !text.split([' ', '=', '/']).any(|word| tools.contains(&word))
    };
    match program {
        "node" => plain(&words.join(" ")),
        "npm" | "yarn" | "pnpm" => rest == ["start"] && package.start_command().is_some_and(plain),
        _ => false,
    }
}

fn fix(install: &NodeInstall, package: &NodePackage, here: &Here) -> Option<Fix> {
    // Scripts that run with the installation may call the tools of developers.
    if package.reads_project() {
        return None;
    }
    let flag = match install.manager {
        // npm 7, which came with Node.js 15, was the first to know `--omit`.
        Manager::Npm => {
            if here.node_version()?.0 >= 15 {
                "--omit=dev"
            } else {
                "--only=production"
            }
        }
        Manager::Yarn if here.file().has_berry() => return None,
        Manager::Yarn => "--production",
        _ => "--prod",
    };
    let edit = here.argument_after(install.verb, flag);
    Some(Fix::risky(Scope::Arguments, format!("Add `{flag}`"), vec![edit]))
}
