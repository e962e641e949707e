//! # A package manager asks before it goes on
//!
//! A build has nobody to answer `Do you want to continue? [Y/n]`: the step fails as soon as there is something to ask,
//! be it today or after the next release of a package. With `-y` (`-n` for zypper) nothing is asked.
//!
//! ```diff
//!  FROM debian:13-slim
//! -RUN apt-get update && apt-get install curl
//! +RUN apt-get update && apt-get install -y curl
//! ```
//!
//! ```diff
//!  FROM opensuse/leap:15.6
//! -RUN zypper install curl && zypper clean --all
//! +RUN zypper -n install curl && zypper clean --all
//! ```
//!
//! Where a failure is caught by `||`, the packages would now be there: that fix needs consent.
//!
//! ```diff,unsafe
//!  FROM fedora:42
//! -RUN dnf remove vim-minimal || true
//! +RUN dnf remove -y vim-minimal || true
//! ```
//!
//! Silent where the answer comes another way: by `-qq`, an option, the configuration, or a pipe.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN apt-get -qq install curl && yes | apt-get install wget
//! RUN apt-get install -o APT::Get::Assume-Yes=true git
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "missing-yes",
    aliases: &["DL3014", "DL3030", "DL3034", "DL3038"],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref()?;
    let verb = command.words[call.verb].value.as_str();
    let asks = match call.manager {
        Manager::Apt => {
            matches!(call.action, Action::Install | Action::Upgrade | Action::Remove) || verb == "satisfy"
        }
        Manager::Yum | Manager::Dnf | Manager::Microdnf => match verb {
            "group" | "groups" | "module" => {
                let what = call.operands.first().map_or("", |o| command.words[*o].value.as_str());
                matches!(what, "install" | "update" | "upgrade" | "remove" | "enable" | "disable" | "reset")
            }
            "downgrade" | "swap" | "groupupdate" | "groupremove" | "distribution-synchronization" => true,
            _ => matches!(call.action, Action::Install | Action::Upgrade | Action::Remove),
        },
        Manager::Zypper | Manager::Conda => {
            matches!(call.action, Action::Install | Action::Upgrade | Action::Remove) || verb == "create"
        }
        _ => false,
    };
    let answered = || {
        says_yes(command, call)
            || here.has_hidden_flags(command)
            || here.fact::<Configured>().covers(call.manager, here)
            || is_fed(command, here)
    };
    if !asks || here.instruction.keyword != Keyword::Run || answered() {
        return None;
    }
    let (after, flag) = match call.manager {
        Manager::Zypper => (call.tool, "-n"),
        Manager::Yum | Manager::Dnf if matches!(verb, "group" | "groups" | "module") => (call.tool, "-y"),
        _ => (call.verb, "-y"),
    };
    let steps = here.instruction.script.as_ref().map_or(&[][..], |s| &s.steps);
    let caught = steps.get(command.step + 1).is_some_and(|s| s.joint == Joint::Or);
    let safety = if caught { Safety::Unsafe } else { Safety::Safe };
    let edit = here.argument_after(&command.words[after], flag);
    let fix = Fix::new(safety, Scope::Arguments, format!("Add `{flag}`"), vec![edit]);
    let span = command.words[call.tool].span.to(command.words[call.verb].span);
    let message = format!("`{} {verb}` asks for consent, which a build cannot give", command.program());
    Some(Finding::new(span, message).fix(fix))
}

/// Whether its own words give the answer, or leave nothing to ask.
fn says_yes(command: &Command, call: &PackageCall) -> bool {
    let before_verb = |flag: &str| command.words[..call.verb].iter().any(|w| w.value == flag);
    if command.has_word("-y") {
        return true;
    }
    let options = ["assume-yes", "assumeyes", "assume-no", "assumeno"];
    if command.arguments().iter().any(|w| options.iter().any(|o| w.value.to_ascii_lowercase().contains(o))) {
        return true;
    }
    match call.manager {
        Manager::Apt => {
            // `-oName=value` is one word, and no cluster of letters.
            let clusters =
                || command.arguments().iter().filter(|w| !w.value.starts_with("--") && w.is_flag());
            let letters = || clusters().filter(|w| !w.value.starts_with("-o")).flat_map(|w| w.value.chars());
            let quiet = command.arguments().iter().filter(|w| w.value == "--quiet").count();
            letters().any(|c| matches!(c, 'y' | 's'))
                || letters().filter(|c| *c == 'q').count() + quiet > 1
                || ["-q=2", "--quiet=2"].iter().any(|f| command.has_word(f))
                || command.has_flag(&[
                    "--yes",
                    "--force-yes",
                    "--simulate",
                    "--just-print",
                    "--dry-run",
                    "--recon",
                    "--no-act",
                    "--print-uris",
                ])
        }
        Manager::Zypper => {
            let flags = [
                "--non-interactive",
                "-y",
                "--no-confirm",
                "--dry-run",
                "-D",
                "--non-interactive-include-reboot-patches",
            ];
            before_verb("-n") || command.has_flag(&flags)
        }
        _ => command.has_flag(&["-y", "--yes", "--dry-run", "--json", "--nobest=yes"]),
    }
}

/// Which managers the file gives an answer in a configuration file.
#[derive(PartialEq)]
struct Configured {
    apt: bool,
    rpm: bool,
    conda: bool,
}

impl Fact for Configured {
    fn of(file: &File) -> Self {
        let text = file.text();
        // `--assume-yes` is the flag of one call.
        let set = |name: &str| text.match_indices(name).any(|(i, _)| !text[..i].ends_with("--"));
        let conda = ["always_yes", "always-yes", "condarc"].into_iter().any(set);
        Self { apt: set("Assume-Yes") || set("assume-yes"), rpm: set("assumeyes"), conda }
    }
}

impl Configured {
    fn covers(&self, manager: Manager, here: &Here) -> bool {
        match manager {
            Manager::Apt => self.apt,
            Manager::Conda => self.conda || here.env(None, "CONDA_ALWAYS_YES").is_some(),
            _ => self.rpm,
        }
    }
}

/// Whether something is written to its input: `yes | apt-get …`, `apt-get … <<< y`.
fn is_fed(command: &Command, here: &Here) -> bool {
    let Some(script) = &here.instruction.script else { return false };
    let feeds = |c: &Command| {
        c.span.end <= command.span.start && matches!(c.program(), "yes" | "echo" | "printf" | "cat")
    };
    let piped = command.position == Position::Pipeline || command.position == Position::Compound;
    let step = script.steps.get(command.step).map_or("", |s| s.span.of(&here.instruction.text));
    piped && script.commands_of(command.step).any(feeds) && step.contains('|')
        || command.redirected && step.contains('<')
}
