//! # An installation that may change what the lock file says
//!
//! `npm install` brings the lock file into line with `package.json` where the two disagree, and installs what it then
//! says: the image can hold other versions than those that were tested. `npm ci` installs exactly what is locked, and
//! fails where the lock file is out of date.
//!
//! ```text package.json
//! { "dependencies": { "express": "^5.1.0" } }
//! ```
//! ```text package-lock.json
//! { "lockfileVersion": 3, "packages": {
//!     "": { "dependencies": { "express": "^5.1.0" } }, "node_modules/express": { "version": "5.1.0" } } }
//! ```
//! ```diff
//!  FROM node:24-slim
//!  WORKDIR /app
//!  COPY package*.json ./
//! -RUN npm install --production
//! +RUN npm ci --omit=dev
//! ```
//!
//! The fix is safe where both files are at hand and agree. Otherwise the build may fail for it, and tell why.
//!
//! ```diff,unsafe
//!  FROM node:24-slim
//!  WORKDIR /app
//!  COPY package.json yarn.lock ./
//! -RUN yarn install
//! +RUN yarn install --frozen-lockfile
//! ```
//!
//! Silent where no lock file is known to be there, and for packages by name.
//!
//! ```dockerfile
//! FROM node:24-slim
//! WORKDIR /app
//! COPY package.json ./
//! RUN npm install && npm install --global pm2
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unenforced-lockfile",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

/// Flags of `npm install` that `npm ci` takes too, with the same effect. A value may follow behind `=`.
const NPM_FLAGS: &str = "--production --prod --only --omit --include --quiet --silent --verbose -q -s -d -dd -ddd --no-audit \
    --audit --no-fund --fund --legacy-peer-deps --force -f --ignore-scripts --unsafe-perm --no-optional --progress \
    --no-progress --prefer-offline --no-save --loglevel --registry --cache --foreground-scripts --strict-peer-deps \
    --no-bin-links --no-update-notifier --maxsockets --fetch-retries --fetch-timeout --color --no-color";

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let install = NodeInstall::of(command, here).filter(|i| !is_strict(i, here) && !here.is_onbuild())?;
    let lock = install.lock(here)?;
    let name = install.name();
    let message = format!(
        "`{name}` may install other versions than `{}` says, and the image is not the one tested",
        lock.name
    );
    let from = if install.command.package.is_some() { &command.words[0] } else { install.verb };
    let steps = here.instruction.script.as_ref().map_or(&[][..], |s| &s.steps);
    let caught = (command.step..command.step + 2).any(|i| steps.get(i).is_some_and(|s| s.joint == Joint::Or));
    let fix = if caught || here.has_hidden_flags(command) { None } else { fix(&install, &lock, here) };
    Some(Finding::new(from.span.to(install.verb.span), message).fix(fix))
}

/// Whether it leaves the lock file alone, or does not read it.
fn is_strict(install: &NodeInstall, here: &Here) -> bool {
    let command = install.command;
    let ci = || here.env_is_on(Some(command), "CI");
    match install.manager {
        Manager::Npm => {
            let lock = |w: &Word| w.value.contains("package-lock");
            !matches!(install.verb.value.as_str(), "install" | "i") || command.arguments().iter().any(lock)
        }
        Manager::Yarn => {
            let flags = [
                "--frozen-lockfile",
                "--immutable",
                "--pure-lockfile",
                "--no-lockfile",
                "--mode",
                "--no-immutable",
            ];
            command.has_flag(&flags) || here.file().has_berry() && ci()
        }
        _ => {
            let flags = [
                "--frozen-lockfile",
                "--no-frozen-lockfile",
                "--lockfile-only",
                "--fix-lockfile",
                "--no-lockfile",
            ];
            command.has_flag(&flags) || ci()
        }
    }
}

fn fix(install: &NodeInstall, lock: &Lock, here: &Here) -> Option<Fix> {
    let agrees = agreement(lock, here);
    match install.manager {
        Manager::Npm => npm_ci(install, agrees, here),
        Manager::Yarn => {
            let flag = yarn_flag(lock, here)?;
            let safety = if agrees && flag == "--frozen-lockfile" { Safety::Safe } else { Safety::Unsafe };
            let edit = here.argument_after(install.verb, flag);
            Some(Fix::new(safety, Scope::Arguments, format!("Add `{flag}`"), vec![edit]))
        }
        _ => {
            let edit = here.argument_after(install.verb, "--frozen-lockfile");
            Some(Fix::risky(Scope::Arguments, "Add `--frozen-lockfile`", vec![edit]))
        }
    }
}

/// Whether `package.json` and the lock file are at hand and agree.
fn agreement(lock: &Lock, here: &Here) -> bool {
    let context = here.file().context();
    let Some(origin) = &lock.origin else { return false };
    let path = if origin == "." { lock.name.to_owned() } else { format!("{origin}/{}", lock.name) };
    let both = context.node_package(origin).zip(context.read(&path));
    both.is_some_and(|(package, text)| match lock.name {
        "yarn.lock" => package.agrees_with_yarn_lock(&text),
        "pnpm-lock.yaml" => false,
        _ => package.agrees_with_npm_lock(&text),
    })
}

fn npm_ci(install: &NodeInstall, agrees: bool, here: &Here) -> Option<Fix> {
    let command = install.command;
    let known = |w: &Word| NPM_FLAGS.split_whitespace().any(|f| w.value.split('=').next() == Some(f));
    let flags = command.arguments().iter().filter(|w| w.is_flag());
    // `npm ci` deletes what others have put into `node_modules`.
    let adds = |c: &Command| {
        let by_name = |p: &PackageCall| p.action == Action::Install && !p.operands.is_empty();
        let own = c.package.as_ref().is_some_and(|p| p.manager == Manager::Npm && by_name(p));
        own && !c.has_flag(&["-g", "--global"])
    };
    let before = here
        .file()
        .lineage(here.stage()?)
        .into_iter()
        .filter(|i| *i <= here.index())
        .map(|i| here.file().here(i));
    let kept = before.into_iter().any(|h| h.commands().iter().any(adds));
    if !flags.into_iter().all(known) || kept {
        return None;
    }
    let version = here.node_version();
    let mut edits = vec![here.word_as(install.verb, "ci")];
    edits.extend(here.old_production_flags(command).into_iter().map(|w| here.word_as(w, "--omit=dev")));
    let modules =
        here.file().context().exists("node_modules") == Some(true) && !here.file().ignores("node_modules");
    // `npm ci` came with npm 5.7.
    let safe = agrees && !modules && version.is_some_and(|v| v.0 >= 10);
    let safety = if safe { Safety::Safe } else { Safety::Unsafe };
    Some(Fix::new(safety, Scope::Arguments, "Use `npm ci`", edits))
}

/// The flag that the yarn of the image knows; None where it is not known which that is.
fn yarn_flag(lock: &Lock, here: &Here) -> Option<&'static str> {
    let text = lock.origin.as_ref().and_then(|o| {
        here.file().context().read(&if o == "." {
            lock.name.to_owned()
        } else {
            format!("{o}/{}", lock.name)
        })
    });
    let berry = here.file().has_berry();
    match text {
        Some(text) if text.contains("__metadata:") => Some("--immutable"),
        _ if berry => None,
        Some(text) if text.contains("yarn lockfile v1") => Some("--frozen-lockfile"),
        _ => {
            let base = here.base()?;
            let own = facts::has_yarn(&base.name, base.tag.as_deref()) == Some(true);
            own.then_some("--frozen-lockfile")
        }
    }
}
