//! # npm is the process of the container
//!
//! With `CMD ["npm", "start"]`, npm starts a shell that starts the application. The signal that asks the container to
//! stop reaches npm; older versions do not hand it on, the shell in between may not either, and the application is killed
//! in the middle of its work.
//!
//! ```dockerfile,flagged
//! FROM node:24-slim
//! COPY . /app
//! CMD ["npm", "start"]
//! ```
//!
//! Where `package.json` is at hand and its script is nothing but one call of `node`, that call can stand in its place. npm
//! no longer sets its own variables then, such as `npm_package_version`, so the fix is unsafe.
//!
//! ```text package.json
//! { "scripts": { "start": "node --enable-source-maps server.js" } }
//! ```
//! ```diff,unsafe
//!  FROM node:24-slim
//!  WORKDIR /app
//!  COPY . .
//! -CMD ["npm", "start"]
//! +CMD ["node", "--enable-source-maps", "server.js"]
//! ```
//!
//! Silent for scripts that only developers run, and under an `init` that passes signals to the whole group.
//!
//! ```dockerfile
//! FROM node:24-slim
//! COPY . /app
//! CMD ["npm", "run", "dev"]
//! ```
use crate::rule::*;

pub const RULE: Rule =
    Rule { name: "npm-start", aliases: &[], severity: Severity::Hint, on: true, check: Check::Image(check) };

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let all = || stage.instructions.clone().map(|i| file.here(i)).filter(|h| !h.is_onbuild());
    let last = |keyword| all().rfind(|h: &Here| h.instruction.keyword == keyword);
    let entry = last(Keyword::Entrypoint);
    let cmd = last(Keyword::Cmd);
    // Behind an entrypoint in JSON form, CMD is its arguments.
    let own = |h: &Here| h.instruction.keyword == Keyword::Entrypoint || entry.is_none();
    [entry, cmd]
        .into_iter()
        .flatten()
        .filter(own)
        .filter_map(|h| Some(finding(&h)?.shift(h.placed().at)))
        .collect()
}

fn finding(here: &Here) -> Option<Finding> {
    let [command] = here.commands() else { return None };
    let (program, words) = (command.program(), command.arguments());
    let script = match words.first().map(|w| w.value.as_str()) {
        Some("start") => "start",
        Some("run" | "run-script") => words.get(1)?.value.as_str(),
        _ => return None,
    };
    let serves = ["start", "serve", "server", "prod", "production"];
    let named = serves.iter().any(|s| script == *s || script.starts_with(&format!("{s}:")));
    let develops = ["dev", "watch", "test"].iter().any(|d| script.contains(d));
    if !matches!(program, "npm" | "yarn" | "pnpm") || !named || develops {
        return None;
    }
    let span = command.words[0].span.to(words.first()?.span);
    let message = format!(
        "`{program}` stands between the container and the application, which may miss the signal to stop"
    );
    Some(Finding::new(span, message).fix(fix(here, command, script)))
}

/// The command of the script in the place of npm.
fn fix(here: &Here, command: &Command, script: &str) -> Option<Fix> {
    let plain = script == "start" && command.arguments().len() == 1 && command.wrappers.is_empty();
    let body = here.instruction.body;
    if !plain || !command.assignments.is_empty() || body.of(&here.instruction.text).contains('\n') {
        return None;
    }
    let package = here.file().context().node_package(".")?;
    let text = package.start_command()?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let simple = |w: &&str| w.bytes().all(|b| b.is_ascii_alphanumeric() || b"._/-=:@".contains(&b));
    if words.first() != Some(&"node") || !words.iter().all(simple) {
        return None;
    }
    let array: Vec<String> = words.iter().map(|w| json_string(w)).collect();
    let edit = Edit::replace(body, format!("[{}]", array.join(", ")));
    Some(Fix::risky(Scope::Config, "Start Node.js itself", vec![edit]))
}
