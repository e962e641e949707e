//! # `USER` with a group drops all other groups
//!
//! With `USER app:app`, the process has the group `app` alone. The other groups that the file puts the user into, so that
//! it may read a device or a certificate, count only for a `USER` without a group.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN useradd app && usermod -aG video app
//! USER app:app
//! ```
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN useradd app && usermod -aG video app
//! USER app
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "dropped-groups",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Image(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let lineage: Vec<Here> = file.lineage(stage).into_iter().map(|i| file.here(i)).collect();
    let last = lineage.iter().rfind(|h| h.instruction.keyword == Keyword::User && !h.is_onbuild())?;
    let word = last.instruction.words.first()?;
    let (user, group) = word.value.split_once(':')?;
    let joins = |h: &&Here| h.commands().iter().any(|c| c.joins_group() == Some(user));
    let joining = lineage.iter().filter(|h| h.instruction.keyword == Keyword::Run).find(joins)?;
    let message = format!("the process has the group `{group}` alone, and none of the others of `{user}`");
    let place = last.placed();
    Some(
        Finding::new(place.absolute(word.span), message)
            .related(joining.placed().span(), "it is put into a further group here"),
    )
}
