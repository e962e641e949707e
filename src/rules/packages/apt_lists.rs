//! # apt's package lists stay in the layer
//!
//! `apt-get update` fetches the lists of all packages, some tens of megabytes. Once the packages are installed nothing
//! reads them, and a later build step cannot make the layer smaller again: they have to go in the step that fetched
//! them.
//!
//! ```diff
//!  FROM debian:13-slim
//!  RUN apt-get update \
//! -    && apt-get install -y curl
//! +    && apt-get install -y curl \
//! +    && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! No fix is offered where something behind it may still read the lists: an install without an update of its own, or
//! a script whose text is not in the file.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y curl
//! RUN apt-get install -y git
//! ```
//!
//! Silent when the lists are removed in the same step, live in a cache mount, or belong to a stage whose layers do not
//! reach the final image.
//!
//! ```dockerfile
//! FROM debian:13-slim AS build
//! RUN apt-get update && apt-get install -y gcc
//!
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y git
//! COPY --from=build /app /app
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "apt-lists",
    aliases: &["DL3009"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

const LISTS: &str = "/var/lib/apt/lists";
/// Programs that call apt to install what their input names.
const CALLERS: &[&str] = &[
    "rosdep",
    "mk-build-deps",
    "gdebi",
    "tasksel",
    "ansible-playbook",
    "ansible",
    "ansible-pull",
    "puppet",
    "chef-client",
    "chef-solo",
    "salt-call",
    "opam",
    "dpkg-buildpackage",
    "debuild",
    "dpkg-preconfigure",
    "apt-install",
    "aptdcon",
];

fn check(here: &Here) -> Vec<Finding> {
    if here.instruction.keyword != Keyword::Run || !here.is_kept() || here.mounts(LISTS) {
        return vec![];
    }
    let commands = here.commands();
    let Some(at) = commands.iter().position(is_update) else { return vec![] };
    // A step that only fetches them leaves them for another step on purpose: it has a rule of its own.
    let only_fetched = !commands[at..].iter().any(uses);
    if only_fetched || commands[at..].iter().any(cleans) {
        return vec![];
    }
    let update = &commands[at];
    let message = format!("`{} update` leaves its package lists in this layer", update.program());
    vec![Finding::new(update.span, message).fix(cleanup(here, commands, update))]
}

fn is_update(command: &Command) -> bool {
    let elsewhere = |w: &Word| w.value.to_ascii_lowercase().contains("dir::");
    command.asks(Manager::Apt, Action::Update) && !command.arguments().iter().any(elsewhere)
}

/// Whether it reads the lists, or may.
fn uses(command: &Command) -> bool {
    command.reads_lists(Manager::Apt) || command.runs_script() || CALLERS.contains(&command.program())
}

fn cleans(command: &Command) -> bool {
    let by_apt = |p: &PackageCall| matches!(command.words[p.verb].value.as_str(), "dist-clean" | "distclean");
    command.deletes(LISTS)
        || command.package.as_ref().is_some_and(|p| p.manager == Manager::Apt && by_apt(p))
        || command.program().contains("clean") && command.package.is_none()
}

/// The removal, right behind the last step that has to do with apt.
fn cleanup(here: &Here, commands: &[Command], update: &Command) -> Option<Fix> {
    let calls = |c: &&Command| uses(c) || c.package.as_ref().is_some_and(|p| p.manager == Manager::Apt);
    let step = commands.iter().filter(calls).map(|c| c.step).max()?;
    if here.is_onbuild() || is_read_later(here) {
        return None;
    }
    let sudo = if update.called_again()?.starts_with("sudo") { "sudo " } else { "" };
    let edit = here.step_after(step, &format!("{sudo}rm -rf {LISTS}/*"))?;
    Some(Fix::safe(Scope::Commands, "Remove the lists in the same step", vec![edit]))
}

/// Whether an instruction on top of this one may read the lists that it leaves.
fn is_read_later(here: &Here) -> bool {
    let own = here.state().stage;
    let mut fetched = vec![];
    for next in here.followers() {
        let (stage, run) = (next.state().stage, next.instruction.keyword == Keyword::Run);
        if fetched.contains(&stage) || next.mounts(LISTS) {
            continue;
        }
        if run && next.instruction.script.as_ref().is_some_and(|s| s.broken) {
            return true;
        }
        for command in next.commands() {
            // What may not run fetches nothing that can be relied on.
            let surely = next.instruction.script.as_ref().is_some_and(|s| s.surely_runs(command));
            if surely && is_update(command) {
                if stage == own {
                    return false;
                }
                fetched.push(stage);
                break;
            }
            if command.reads_lists(Manager::Apt) || run && uses(command) {
                return true;
            }
        }
    }
    false
}
