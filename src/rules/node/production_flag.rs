//! # `npm --production` is deprecated
//!
//! From version 7 on, which came with Node.js 15, npm takes `--production` and `--only=production` for `--omit=dev`, and
//! each build warns that they are deprecated.
//!
//! ```diff
//!  FROM node:24-slim
//!  COPY package.json package-lock.json ./
//! -RUN npm ci --production && npm cache clean --force
//! +RUN npm ci --omit=dev && npm cache clean --force
//! ```
//!
//! Silent where npm is older, or may be, and for other package managers.
//!
//! ```dockerfile
//! FROM node:14-slim
//! COPY package.json package-lock.json ./
//! RUN npm ci --only=production
//! ```
//!
//! ```dockerfile
//! FROM node:24-slim
//! COPY package.json yarn.lock ./
//! RUN yarn install --production
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "production-flag",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

const VERBS: &[&str] = &["install", "i", "add", "ci", "clean-install", "prune", "update", "rebuild"];

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Npm)?;
    let run = here.instruction.keyword == Keyword::Run;
    if !run || !VERBS.contains(&command.words[call.verb].value.as_str()) {
        return None;
    }
    let flags = here.old_production_flags(command);
    let [flag] = flags.as_slice() else { return None };
    let edit = here.word_as(flag, "--omit=dev");
    // A variable may hold `--production=false`, which takes back only the old flag.
    let literal = command.arguments().iter().all(|w| w.literal);
    let fix = literal.then(|| Fix::safe(Scope::Arguments, "Use `--omit=dev`", vec![edit]));
    let message = format!("npm warns that `{}` is deprecated: it means `--omit=dev`", flag.value);
    Some(Finding::new(flag.span, message).tag(Tag::Deprecated).fix(fix))
}
