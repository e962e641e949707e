//! # `USER` by name
//!
//! Kubernetes, told to run nothing as root (`runAsNonRoot`), cannot tell whether a user with a name is root, and does not
//! start the container. A number says it.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//!  RUN useradd --uid 10001 app
//! -USER app
//! +USER 10001
//! ```
//!
//! The fix is unsafe, as it changes the configuration of the image. There is none where the number is not in the file.
//!
//! ```dockerfile,flagged
//! FROM node:24-slim
//! USER node
//! ```
//!
//! Only the last `USER` of the last stage counts.
//!
//! ```dockerfile
//! FROM node:24-slim
//! USER node
//! RUN npm ci
//! USER 1000
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "named-user",
    aliases: &["DL3066"],
    severity: Severity::Hint,
    on: false,
    check: Check::Image(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let lineage: Vec<Here> = file.lineage(stage).into_iter().map(|i| file.here(i)).collect();
    let last = lineage.iter().rfind(|h| h.instruction.keyword == Keyword::User && !h.is_onbuild())?;
    let word = last.instruction.words.first().filter(|w| w.literal)?;
    let name = word.value.split(':').next().unwrap_or_default();
    let windows = last.family() == Some(facts::Family::Windows);
    if windows || name.is_empty() || name == "root" || name.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let message = format!(
        "Kubernetes cannot tell that `{name}` is not root, and does not start it under `runAsNonRoot`"
    );
    let created = || lineage.iter().flat_map(|h| h.commands()).filter(|c| c.created_user() == Some(name));
    let number =
        created().find_map(Command::created_uid).filter(|w| w.value.parse::<u32>().is_ok_and(|n| n > 0));
    let place = last.placed();
    let fix = number.filter(|_| word.value == name).map(|number| {
        let edit = Edit::replace(place.absolute(word.span), &number.value);
        Fix::risky(Scope::Config, format!("Name it by its number, {}", number.value), vec![edit])
    });
    Some(Finding::new(place.absolute(word.span), message).fix(fix))
}
