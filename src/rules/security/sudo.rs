//! # `sudo` in a build step
//!
//! A build step runs as root already, or as the user that `USER` names. In the first case `sudo` does nothing but
//! drop the environment, and has to be installed for it; in the second, the image ships with a way to become root.
//!
//! ```diff
//!  FROM debian:13-slim
//! -RUN sudo apt-get update && sudo apt-get install -y curl
//! +RUN apt-get update && apt-get install -y curl
//! ```
//!
//! The fix is made only where root is known to run the step, and `sudo` stands there without options.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! USER app
//! RUN sudo apt-get update
//! ```
//!
//! Installing the package, or writing about it, is no use of it.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y sudo && echo 'app ALL=(ALL) NOPASSWD: /usr/bin/sudo reboot' > /etc/sudoers.d/app
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "sudo",
    aliases: &["DL3004"],
    severity: Severity::Warning,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let sudo =
        command.wrappers.iter().find(|w| is_sudo(w)).or(command.words.first().filter(|w| is_sudo(w)))?;
    let message = if here.is_root() {
        "root runs this step already, so `sudo` only hides variables from it".to_owned()
    } else if let Some(user) = here.state().user.as_deref() {
        format!(
            "`{user}` becomes root by `sudo`, here and in the container; `USER root` above the step is enough"
        )
    } else {
        "`sudo` in a build step stays in the image, where it is a way to become root".to_owned()
    };
    Some(Finding::new(sudo.span, message).fix(fix(sudo, command, here)))
}

fn is_sudo(word: &Word) -> bool {
    matches!(word.value.as_str(), "sudo" | "/usr/bin/sudo" | "/bin/sudo")
}

fn fix(sudo: &Word, command: &Command, here: &Here) -> Option<Fix> {
    let next = command.words.first()?;
    // Another wrapper before or behind it, options or variables: what they are for is not known.
    let bare = command.wrappers.len() == 1
        && command.wrappers[0].span == sudo.span
        && command.assignments.is_empty();
    // `sudo` has a path and a home folder of its own, which are those of the image unless the file changes them.
    let set = |name| here.variable(name).is_some();
    let same_place = !set("PATH") && !set("HOME");
    // Without `sudo` these are the shell's own, and act on it.
    let of_the_shell = command.changes_shell() || !next.literal;
    // A part of another command's argument: that other one may run it as somebody else.
    let inside = matches!(command.position, Position::Nested | Position::Substitution);
    let runs = here.instruction.keyword == Keyword::Run && !here.is_onbuild();
    if !bare || !same_place || of_the_shell || inside || !runs || !here.is_root() {
        return None;
    }
    let span = Span { start: sudo.span.start, end: next.span.start };
    let gap = Span { start: sudo.span.end, end: next.span.start }.of(&here.instruction.text);
    let blank =
        gap.trim() == "," && sudo.quoting == Quoting::Json || gap.chars().all(|c| matches!(c, ' ' | '\t'));
    blank.then(|| Fix::safe(Scope::Arguments, "Remove `sudo`", vec![Edit::delete(span)]))
}
