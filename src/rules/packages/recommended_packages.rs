//! # `apt-get install` brings in recommended packages
//!
//! By default apt installs what a package recommends along with what it needs. That is meant for desktops, and can
//! double what an image installs.
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

/// Whether the file writes this option into the configuration of apt.
#[derive(PartialEq)]
struct Configured(bool);

impl Fact for Configured {
    fn of(file: &File) -> Self {
        // An option of one call has a `=`.
        let (text, name) = (file.text(), "Install-Recommends");
        Self(text.match_indices(name).any(|(i, _)| !text[i + name.len()..].starts_with('=')))
    }
}

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Apt)?;
    let verb = &command.words[call.verb];
    let tool = command.program();
    let decided =
        command.arguments().iter().any(|w| w.value.to_ascii_lowercase().contains("install-recommends"))
            || command.has_flag(&["--install-suggests"])
            || here.has_hidden_flags(command);
    let run = here.instruction.keyword == Keyword::Run && here.is_kept();
    let other = tool == "aptitude" || verb.value != "install" || call.operands.is_empty();
    if other || decided || !run || here.fact::<Configured>().0 {
        return None;
    }
    let edit = here.argument_after(verb, "--no-install-recommends");
    let fix = Fix::risky(Scope::Arguments, "Add `--no-install-recommends`", vec![edit]);
    let span = command.words[call.tool].span.to(verb.span);
    Some(Finding::new(span, format!("`{tool} install` also installs what the packages recommend")).fix(fix))
}
