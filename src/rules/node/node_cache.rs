//! # npm or yarn leave their cache in the layer
//!
//! npm and yarn keep a copy of every archive that they download. Nothing reads it when the image runs, and a later
//! build step cannot make the layer smaller again.
//!
//! ```diff
//!  FROM node:22-slim
//!  COPY package.json package-lock.json ./
//! -RUN npm ci --omit=dev
//! +RUN npm ci --omit=dev && npm cache clean --force
//! ```
//!
//! Newer versions of yarn may run the application out of their cache: for yarn there is a fix only where the file shows
//! that it is yarn 1.
//!
//! ```dockerfile,flagged
//! FROM node:22-slim
//! COPY . .
//! RUN yarn install
//! ```
//!
//! With `caches = "mount"` in the settings, the cache is kept outside the image, where the next build finds it.
//!
//! ```toml
//! caches = "mount"
//! ```
//! ```diff
//!  FROM node:22-slim
//!  COPY package.json package-lock.json ./
//! -RUN npm ci --omit=dev
//! +RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
//! ```
//!
//! Silent when the cache is cleaned in the same step, lives in a cache mount, or belongs to a stage whose layers do not
//! reach the final image.
//!
//! ```dockerfile
//! FROM node:22-slim AS build
//! RUN npm ci && npm run build
//!
//! FROM node:22-slim
//! COPY --from=build /app/dist /app
//! RUN npm ci && npm cache clean --force
//! RUN --mount=type=cache,target=/root/.npm npm install -g pm2
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "node-cache",
    aliases: &["DL3060"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

/// What the whole file tells.
#[derive(PartialEq)]
struct Facts {
    /// Something speaks of yarn 2 or later, whose cache may be part of the application.
    berry: bool,
    /// Another yarn than that of the image is installed.
    other_yarn: bool,
    /// A step installs offline, or a cache is copied out of a stage.
    needed: bool,
}

impl Fact for Facts {
    fn of(file: &File) -> Self {
        let copied = |i: &Placed| {
            let i = i.node.effective();
            let cache = |w: &Word| w.value.contains("cache") || w.value.contains(".npm");
            i.keyword == Keyword::Copy && i.flag("from").is_some() && i.words.iter().any(cache)
        };
        let offline = file.commands().any(|(_, c)| c.has_flag(&["--offline"]));
        let needed = offline || file.dockerfile().instructions.iter().any(copied);
        Self { berry: file.has_berry(), other_yarn: file.text().contains("yarn@"), needed }
    }
}

fn check(here: &Here) -> Vec<Finding> {
    if !here.is_kept() {
        return vec![];
    }
    [Manager::Npm, Manager::Yarn].into_iter().filter_map(|manager| finding(manager, here)).collect()
}

/// Whether yarn is known to be version 1 at an instruction.
fn is_yarn_1(here: &Here, facts: &Facts) -> bool {
    let until = here.stage().map_or(0, |s| yarn_1_until(s, &here.file()));
    here.index() < until && !facts.other_yarn
}

fn finding(manager: Manager, here: &Here) -> Option<Finding> {
    let commands = here.commands();
    let last = commands.iter().rposition(|c| fills(manager, c))?;
    let command = &commands[last];
    let mounted = here.mount_targets().iter().any(|t| ["npm", "yarn", "cache"].iter().any(|c| t.contains(c)));
    let cleaned = commands[last..].iter().any(|c| cleans(manager, c));
    if here.instruction.keyword != Keyword::Run || mounted || cleaned {
        return None;
    }
    let (tool, clean) = match manager {
        Manager::Npm => ("npm", "cache clean --force"),
        _ => ("yarn", "cache clean"),
    };
    let facts = here.fact::<Facts>();
    if manager == Manager::Yarn && facts.berry {
        return None;
    }
    // There is no `yarn global` but in yarn 1.
    let certain = match manager {
        Manager::Npm => !installs_npm(command),
        _ => command.subcommand().is_some_and(|w| w.value == "global") || is_yarn_1(here, &facts),
    };
    let span = command.words[0].span;
    let finding = Finding::new(span, format!("`{tool}` keeps what it downloads in this layer"));
    if here.settings().caches() == Caches::Mount {
        return Some(finding.fix(mount(manager, command, here).filter(|_| certain && !facts.needed)));
    }
    let again = command.called_again().filter(|_| certain && stays_found(here, command) && !facts.needed);
    let edit = again.and_then(|tool| here.step_after(command.step, &format!("{tool} {clean}")));
    let fix = edit.map(|e| Fix::safe(Scope::Commands, format!("Add `{tool} {clean}`"), vec![e]));
    Some(finding.fix(fix))
}

/// A cache mount where the manager keeps what root downloads. None where it may be told another place.
fn mount(manager: Manager, command: &Command, here: &Here) -> Option<Fix> {
    let target = match manager {
        Manager::Npm => "/root/.npm",
        // yarn 1 takes this for the home folder of root.
        _ => "/usr/local/share/.cache/yarn",
    };
    let places = ["HOME", "npm_config_cache", "NPM_CONFIG_CACHE", "YARN_CACHE_FOLDER", "XDG_CACHE_HOME"];
    let told = places.iter().any(|name| here.env(Some(command), name).is_some());
    let official = here.base().is_some_and(|b| facts::official(&b.name).is_some());
    let plain = !told && official && here.is_root() && !command.is_sudo() && !here.is_onbuild();
    let fix = || Fix::safe(Scope::Arguments, "Keep it in a cache mount", vec![here.cache_mount(target)]);
    plain.then(fix)
}

/// Whether it installs packages. A bare `yarn` does.
fn fills(manager: Manager, command: &Command) -> bool {
    let elsewhere = || command.has_flag(&["--cache", "--cache-folder", "--version", "--help", "--offline"]);
    let bare = || {
        let shown = command.arguments().iter().any(|w| matches!(w.value.as_str(), "-v" | "-h"));
        manager == Manager::Yarn && command.program() == "yarn" && command.package.is_none() && !shown
    };
    (command.asks(manager, Action::Install) || bare()) && !elsewhere()
}

/// Whether it replaces npm itself, by a version that may not run at all.
fn installs_npm(command: &Command) -> bool {
    let itself = |w: &Word| w.value == "npm" || w.value.starts_with("npm@") || w.value.starts_with('$');
    command.arguments().iter().any(itself)
}

/// Whether the shell of the step finds the same program with the same cache: not inside a subshell with variables of
/// its own.
fn stays_found(here: &Here, command: &Command) -> bool {
    let step = here.instruction.script.as_ref().and_then(|s| s.steps.get(command.step));
    let text = step.map_or("", |s| s.span.of(&here.instruction.text));
    let moved = |a: &Assignment| {
        a.name == "HOME" || a.name == "PATH" || a.name.to_ascii_lowercase().contains("cache")
    };
    let open = matches!(command.position, Position::Step | Position::Pipeline) || text.starts_with("if");
    open && !command.assignments.iter().any(moved)
}

/// Whether it cleans the cache: `npm cache clean`, `rm -rf ~/.npm`, `rm -rf "$(yarn cache dir)"`.
fn cleans(manager: Manager, command: &Command) -> bool {
    let caches = ["cache", ".npm", ".yarn"];
    let names = |w: &Word| {
        caches.iter().any(|c| w.value.contains(c)) || matches!(w.value.as_str(), "/tmp/*" | "/root")
    };
    command.asks(manager, Action::Clean)
        || command.program() == "rm" && command.arguments().iter().any(names)
        || command.program().contains("clean") && command.package.is_none()
}

/// The instruction up to which yarn is known to be version 1: an official node image has no other as long as no
/// `.yarnrc.yml` is copied.
fn yarn_1_until(stage: &Stage, file: &File) -> usize {
    if stage.role != Role::Final || facts::official(&stage.base.name) != Some("node") {
        return 0;
    }
    // The folder of the Dockerfile is the project, and has none.
    let has = |name| file.context().exists(name);
    let absent = has("package.json") == Some(true) && has(".yarnrc.yml") == Some(false);
    let harmless = |word: &Word| {
        let name = word.value.rsplit('/').next().unwrap_or_default();
        let plain =
            name.ends_with(".json") || name.ends_with(".lock") || name == ".npmrc" || name == ".yarnrc";
        plain || absent && matches!(word.value.as_str(), "." | "./")
    };
    let brings = |i: &usize| {
        let copy = file.here(*i).instruction;
        let sources = copy.words.split_last().map_or(&[][..], |(_, sources)| sources);
        matches!(copy.keyword, Keyword::Copy | Keyword::Add) && !sources.iter().all(harmless)
    };
    file.lineage(stage).into_iter().find(brings).unwrap_or(usize::MAX)
}
