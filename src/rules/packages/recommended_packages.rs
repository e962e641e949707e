//! # `apt-get install` brings in recommended packages
//!
//! By default apt installs what a package recommends along with what it needs. That is meant for desktops, and can
//! double what an image installs. Where it is known how much that is on disk, the message tells: an estimate, from the
//! package lists of Debian.
//!
//! What an application happens to use may be among the recommended packages (`ca-certificates` beside `curl` is the
//! usual surprise), so look at what goes before you accept the fix.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//! -RUN apt-get update && apt-get install -y curl
//! +RUN apt-get update && apt-get install --no-install-recommends -y curl
//! ```
//!
//! Silent in a stage whose layers do not reach the final image, and where the choice is made: by a flag, an option, or
//! the configuration of apt.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/90lean
//! RUN apt-get update && apt-get install -y curl
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "recommended-packages",
    aliases: &["DL3015"],
    severity: Severity::Hint,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Apt)?;
    let verb = &command.words[call.verb];
    let tool = command.program();
    let run = here.instruction.keyword == Keyword::Run && here.is_kept();
    let other = tool == "aptitude" || verb.value != "install" || call.operands.is_empty();
    if other || !run || here.decides_on_recommended(command) {
        return None;
    }
    let edit = here.argument_after(verb, "--no-install-recommends");
    let more = recommended(command, here);
    let fix = Fix::risky(Scope::Arguments, "Add `--no-install-recommends`", vec![edit])
        .saves(more.map(|m| m.added.on_disk));
    let span = command.words[call.tool].span.to(verb.span);
    let much = more.map_or(String::new(), |m| format!(", {m} (estimate)"));
    Some(
        Finding::new(span, format!("`{tool} install` also installs what the packages recommend{much}"))
            .fix(fix),
    )
}

/// How much that is, where it is known.
fn recommended(command: &Command, here: &Here) -> Option<Weight> {
    let lean = here.weight_by_apt(command, false, &mut facts::Installed::default())?;
    let full = here.weight_by_apt(command, true, &mut facts::Installed::default())?;
    Weight { added: full.added.without(lean.added), ..full }.notable()
}
