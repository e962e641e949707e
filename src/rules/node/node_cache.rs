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
//! pnpm links what is installed to its store, which therefore takes up no room of its own: it is only spoken of where caches
//! are to be kept.
//!
//! ```toml
//! caches = "mount"
//! ```
//! ```text pnpm-workspace.yaml
//! packages: [app]
//! ```
//! ```diff
//!  FROM node:22-slim
//!  COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
//! -RUN corepack enable && pnpm install --frozen-lockfile
//! +RUN --mount=type=cache,target=/root/.local/share/pnpm/store corepack enable && pnpm install --frozen-lockfile
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
        Self { berry: file.has_berry(), other_yarn: file.mentions("yarn@"), needed }
    }
}

fn check(here: &Here) -> Vec<Finding> {
    if !here.is_kept() {
        return vec![];
    }
    let all = [Manager::Npm, Manager::Yarn].into_iter().filter_map(|manager| finding(manager, here));
    all.chain(store_finding(here)).collect()
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
        // yarn 1 takes `/usr/local/share` for the home folder of root.
        let (target, places) = match manager {
            Manager::Npm => ("/root/.npm", ["HOME", "npm_config_cache", "NPM_CONFIG_CACHE"]),
            _ => ("/usr/local/share/.cache/yarn", ["HOME", "XDG_CACHE_HOME", "YARN_CACHE_FOLDER"]),
        };
        let plain = certain && !facts.needed && is_at_home(&places, command, here);
        return Some(finding.fix(plain.then(|| mount(Safety::Safe, target, here))));
    }
    let again = command.called_again().filter(|_| certain && stays_found(here, command) && !facts.needed);
    let edit = again.and_then(|tool| here.step_after(command.step, &format!("{tool} {clean}")));
    let fix = edit.map(|e| Fix::safe(Scope::Commands, format!("Add `{tool} {clean}`"), vec![e]));
    Some(finding.fix(fix))
}

/// Whether root downloads to the place that is usual in official images: none of these variables names another.
fn is_at_home(places: &[&str], command: &Command, here: &Here) -> bool {
    let told = places.iter().any(|name| here.env(Some(command), name).is_some());
    let official = here.base().is_some_and(|b| facts::official(&b.name).is_some());
    !told && official && here.is_root() && !command.is_sudo() && !here.is_onbuild()
}

fn mount(safety: Safety, target: &str, here: &Here) -> Fix {
    Fix::new(safety, Scope::Arguments, "Keep it in a cache mount", vec![here.cache_mount(target)])
}

/// What there is to say of the store of pnpm, where caches are to be kept.
fn store_finding(here: &Here) -> Option<Finding> {
    let installs = |c: &&Command| {
        let fetches = c
            .package
            .as_ref()
            .is_some_and(|p| p.manager == Manager::Pnpm && c.words[p.verb].value == "fetch");
        let plain = !c.has_flag(&["-g", "--global", "--offline", "--store-dir", "--lockfile-only", "--help"]);
        (c.asks(Manager::Pnpm, Action::Install) || fetches) && plain
    };
    let command = here.commands().iter().rfind(installs)?;
    let mounted =
        here.mount_targets().iter().any(|t| ["pnpm", "store", "cache"].iter().any(|c| t.contains(c)));
    let wanted = here.settings().caches() == Caches::Mount && here.instruction.keyword == Keyword::Run;
    if !wanted || mounted || here.fact::<Facts>().needed {
        return None;
    }
    let fix = store(command, here).map(|(safety, target)| mount(safety, &target, here));
    let message = "`pnpm` keeps its store in this layer, where the next build does not find it";
    Some(Finding::new(command.words[0].span, message).fix(fix))
}

/// Where pnpm, from version 7 on, has its store, and how sure it is that nothing links to it by its path. None where that is
/// set in a way that is not followed.
///
/// <https://pnpm.io/settings#storedir>, <https://pnpm.io/global-virtual-store>
fn store(command: &Command, here: &Here) -> Option<(Safety, String)> {
    const PLACES: [&str; 4] = ["HOME", "XDG_DATA_HOME", "npm_config_store_dir", "NPM_CONFIG_STORE_DIR"];
    let (file, context) = (here.file(), here.file().context());
    let moves = |text: &str| {
        let text = text.to_ascii_lowercase().replace(['-', '_'], "");
        text.contains("storedir") || text.contains("virtualstore")
    };
    let beside = [".npmrc", "pnpm-workspace.yaml"].into_iter().filter_map(|name| context.read(name));
    if beside.chain([file.text().to_owned()]).any(|text| moves(&text)) || !is_at_home(&PLACES, command, here)
    {
        return None;
    }
    let target = match here.env(Some(command), "PNPM_HOME") {
        Some(home) if home.starts_with('/') => format!("{}/store", home.trim_end_matches('/')),
        None if !file.mentions("PNPM_HOME") => "/root/.local/share/pnpm/store".to_owned(),
        _ => return None,
    };
    let known = context.exists("package.json").is_some();
    Some((if known { Safety::Safe } else { Safety::Unsafe }, target))
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
