//! # Variables that uv is quicker with
//!
//! With a cache mount, uv cannot link files out of its cache and warns in each build; `UV_LINK_MODE=copy` says that this is
//! meant. `UV_COMPILE_BYTECODE=1` compiles modules once, in the build, and not at each start of a container.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! +ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
//!  RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
//! ```
//!
//! Off by default, as the image grows by the compiled modules. Silent where they are set.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ENV UV_COMPILE_BYTECODE=1
//! RUN uv sync --locked --link-mode=copy
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unset-uv-env",
    aliases: &[],
    severity: Severity::Hint,
    on: false,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let installs = |c: &&Command| c.asks(Manager::Uv, Action::Install);
    let found = stage.instructions.clone().map(|i| file.here(i)).find_map(|here| {
        let run = here.instruction.keyword == Keyword::Run && !here.is_onbuild();
        Some((here, here.commands().iter().filter(|_| run).find(installs)?))
    });
    found.and_then(|(here, command)| finding(&here, command, file)).into_iter().collect()
}

fn finding(here: &Here, command: &Command, file: &File) -> Option<Finding> {
    let set = |name: &str, flag: &str| here.env(Some(command), name).is_some() || command.has_flag(&[flag]);
    let mounted = here.mount_targets().iter().any(|t| t.contains("cache"));
    let mut missing = vec![];
    if !set("UV_COMPILE_BYTECODE", "--compile-bytecode") {
        missing.push("UV_COMPILE_BYTECODE=1");
    }
    if mounted && !set("UV_LINK_MODE", "--link-mode") {
        missing.push("UV_LINK_MODE=copy");
    }
    if missing.is_empty() {
        return None;
    }
    let line = format!("ENV {}{}", missing.join(" "), file.newline());
    let fix = Fix::risky(Scope::Config, "Set them", vec![Edit::insert(file.line_above(here.index()), line)]);
    let span = here.placed().absolute(command.span);
    Some(Finding::new(span, format!("uv does without `{}`", missing.join("` and `"))).fix(fix))
}
