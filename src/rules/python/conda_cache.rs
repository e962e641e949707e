//! # conda keeps its packages twice
//!
//! conda unpacks what it downloads into `pkgs` and keeps the archives beside it. What is installed from there does not need
//! either, and both can be larger than the environment itself.
//!
//! ```diff,unsafe
//!  FROM continuumio/miniconda3:25.3.1-1
//! -RUN conda install -y numpy
//! +RUN conda install -y numpy && conda clean -afy
//! ```
//!
//! Not safe, because an environment on another file system links to the packages instead of copying them. Silent where the
//! same step cleans up, or the packages lie in a mount.
//!
//! ```dockerfile
//! FROM continuumio/miniconda3:25.3.1-1
//! RUN conda install -y numpy && conda clean --all --yes
//! RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y scipy
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "conda-cache",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    if here.instruction.keyword == Keyword::Run && here.is_kept() {
        finding(here).into_iter().collect()
    } else {
        vec![]
    }
}

fn finding(here: &Here) -> Option<Finding> {
    let commands = here.commands();
    let last = commands.iter().rposition(fills)?;
    let command = &commands[last];
    let mounted =
        here.mount_targets().iter().any(|t| ["conda", "mamba", "pkgs"].iter().any(|c| t.contains(c)));
    if mounted || commands[last..].iter().any(cleans) {
        return None;
    }
    let again = command.called_again();
    let edit = again.and_then(|tool| here.step_after(command.step, &format!("{tool} clean -afy")));
    let tool = command.program();
    let fix = edit.map(|edit| Fix::risky(Scope::Commands, format!("Add `{tool} clean -afy`"), vec![edit]));
    let message =
        format!("`{tool}` keeps the packages that it installs a second time, as archives and unpacked");
    Some(Finding::new(command.words[0].span, message).fix(fix))
}

/// Whether it installs packages: `conda install`, `conda env create`, …
fn fills(command: &Command) -> bool {
    let Some(call) = command.package.as_ref().filter(|p| p.manager == Manager::Conda) else { return false };
    let verb = command.words[call.verb].value.as_str();
    let env = verb == "env" && ["create", "update"].iter().any(|v| command.has_word(v));
    let plain = matches!(verb, "install" | "create" | "update" | "upgrade") || env;
    // `conda create -n name` makes an empty environment.
    let empty = verb == "create" && call.operands.is_empty() && !command.has_flag(&["-f", "--file"]);
    plain && !empty && !command.has_flag(&["--dry-run", "--download-only", "--help"])
}

fn cleans(command: &Command) -> bool {
    let pkgs = |w: &Word| w.value.contains("pkgs") || w.value.contains("conda") && w.value.contains("cache");
    command.asks(Manager::Conda, Action::Clean)
        || command.program() == "rm" && command.arguments().iter().any(pkgs)
        || command.runs_script()
        || command.program().contains("clean")
        || command.program().contains("fix-permissions")
}
