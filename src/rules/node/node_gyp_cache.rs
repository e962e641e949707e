//! # node-gyp keeps the headers of Node.js in the layer
//!
//! To compile a package, node-gyp downloads the headers of Node.js, more than 50 MB, to `~/.cache/node-gyp`. Nothing reads them
//! when the image runs, and `npm cache clean` does not touch them.
//!
//! ```diff
//!  FROM node:24-slim
//!  RUN apt-get update && apt-get install -y python3 make g++ && rm -rf /var/lib/apt/lists/*
//!  COPY package.json package-lock.json ./
//! -RUN npm ci && npm cache clean --force
//! +RUN npm ci && rm -rf ~/.cache/node-gyp && npm cache clean --force
//! ```
//!
//! With `caches = "mount"` in the settings, a cache mount keeps them out of the image and for the next build.
//!
//! ```toml
//! caches = "mount"
//! ```
//! ```diff
//!  FROM node:24-alpine
//! -RUN apk add --no-cache build-base python3 && npm install -g bcrypt
//! +RUN --mount=type=cache,target=/root/.cache/node-gyp apk add --no-cache build-base python3 && npm install -g bcrypt
//! ```
//!
//! Silent where no compiler is installed for it, the headers of the image are used, or they are deleted in the same step.
//!
//! ```dockerfile
//! FROM node:24-slim
//! RUN npm ci
//! RUN apt-get update && apt-get install -y g++ make python3 && npm ci && rm -rf ~/.cache
//! RUN npm ci --nodedir=/usr/local
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "node-gyp-cache",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let manager = command.package.as_ref().map(|p| p.manager)?;
    let npm = matches!(manager, Manager::Npm | Manager::Pnpm);
    // The node-gyp of older versions has another folder.
    let known = npm && here.node_version().is_some_and(|v| v.0 >= 14);
    let finding = known.then(|| cache(manager).finding(command, here)).flatten()?;
    let told = ["nodedir", "devdir"].iter().any(|option| here.file().mentions(option));
    (!told && has_compiler(here)).then_some(finding)
}

/// Whether a compiler of C++ was installed in the stage, or is in this step.
fn has_compiler(here: &Here) -> bool {
    const NAMES: [&str; 4] = ["g++", "gcc-c++", "build-essential", "build-base"];
    let installs = |c: &Command| {
        let call = c.package.as_ref().filter(|p| p.action == Action::Install);
        call.is_some_and(|p| p.operands.iter().any(|o| NAMES.contains(&c.words[*o].value.as_str())))
    };
    let Some(stage) = here.stage() else { return false };
    let so_far = here.file().lineage(stage).into_iter().filter(|i| *i <= here.index());
    so_far.map(|i| here.file().here(i)).any(|h| h.commands().iter().any(installs))
}

const fn cache(manager: Manager) -> HomeCache {
    HomeCache {
        manager,
        tool: "node-gyp",
        verbs: &["install", "i", "ci", "clean-install", "add", "rebuild"],
        folders: &["node-gyp"],
        moved_by: "npm_config_devdir",
        off: &["--nodedir", "--devdir", "--ignore-scripts"],
    }
}
