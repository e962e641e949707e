//! # A package manager that the image does not have
//!
//! Official node images bring npm. Corepack, which provides pnpm and newer versions of yarn, is no part of Node.js 25 and
//! later, and yarn 1 is in no image from 26 on: there, these commands are not found, and the build fails.
//!
//! ```diff,unsafe
//!  FROM node:26-slim
//! -RUN corepack enable
//! +RUN npm install --global corepack && corepack enable
//!  RUN pnpm install --frozen-lockfile
//! ```
//!
//! Until 24 Corepack is there, but it has to be switched on before pnpm is used.
//!
//! ```diff,unsafe
//!  FROM node:24-slim
//! -RUN pnpm install --frozen-lockfile
//! +RUN corepack enable && pnpm install --frozen-lockfile
//! ```
//!
//! Silent where the file brings it in any way, and where the version of Node.js is not known.
//!
//! ```dockerfile
//! FROM node:26-slim
//! RUN npm install --global pnpm@10
//! RUN pnpm install --frozen-lockfile
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "missing-package-manager",
    aliases: &[],
    severity: Severity::Error,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let all = || stage.instructions.clone().map(|i| file.here(i));
    ["corepack", "pnpm", "yarn"]
        .into_iter()
        .filter_map(|tool| {
            let uses = |c: &&Command| c.program() == tool && c.words[0].value == tool;
            let here = all().find(|h| h.commands().iter().any(|c| uses(&c)))?;
            let command = here.commands().iter().find(uses)?;
            Some(finding(tool, command, &here)?.shift(here.placed().at))
        })
        .collect()
}

fn finding(tool: &str, command: &Command, here: &Here) -> Option<Finding> {
    let base = here.base()?;
    let (name, tag) = (base.name.as_str(), base.tag.as_deref());
    let corepack = facts::has_corepack(name, tag)?;
    let there = match tool {
        "corepack" => corepack,
        "yarn" => facts::has_yarn(name, tag)?,
        _ => false,
    };
    if there
        || here.instruction.keyword != Keyword::Run
        || here.is_onbuild()
        || is_brought(tool, command, here)
    {
        return None;
    }
    let message = format!("this image has no `{tool}`, so the step fails");
    let (title, step) = match tool {
        "corepack" => ("Install Corepack", "npm install --global corepack".to_owned()),
        _ if corepack => ("Switch Corepack on", "corepack enable".to_owned()),
        _ => ("Install it by npm", format!("npm install --global {tool}")),
    };
    // In the images of Node.js 25, files of yarn 1 lie where Corepack goes.
    let clash = tool == "corepack" && facts::has_yarn(name, tag) != Some(false);
    let first = here.instruction.script.as_ref().is_some_and(|s| {
        let plain = s.source == Source::Line && !s.broken && command.position == Position::Step;
        plain && s.is_chain() && s.steps[command.step].span.start == command.span.start
    });
    let edit = Edit::insert(command.span.start, format!("{step} && "));
    let fix = (first && !clash && here.is_root()).then(|| Fix::risky(Scope::Commands, title, vec![edit]));
    Some(Finding::new(command.words[0].span, message).fix(fix))
}

/// Whether the file may have brought it before: any mention in an earlier step or COPY, or a script that may do anything.
fn is_brought(tool: &str, command: &Command, here: &Here) -> bool {
    let Some(stage) = here.stage() else { return true };
    let text = &here.instruction.text[..command.span.start as usize];
    let mentions = |text: &str| text.contains(tool) || text.contains("corepack");
    let before =
        here.file().lineage(stage).into_iter().filter(|i| *i < here.index()).map(|i| here.file().here(i));
    let brings = |h: &Here| match h.instruction.keyword {
        Keyword::Run => {
            let unclear = h.commands().is_empty() || h.commands().iter().any(Command::runs_script);
            unclear || mentions(&h.instruction.text)
        }
        Keyword::Copy | Keyword::Add => {
            h.instruction.flag("from").is_some()
                || h.copy_target().is_none_or(|t| t.contains("bin") || t == "/")
        }
        Keyword::Env => h.instruction.pairs.iter().any(|p| p.name.value == "PATH"),
        _ => false,
    };
    mentions(text) || before.into_iter().any(|h| brings(&h))
}
