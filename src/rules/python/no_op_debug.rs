//! # `ENV DEBUG 0` says what holds anyway
//!
//! Debugging is off where nobody switches it on. The variable only adds a line to the image's configuration, and a program
//! that asks whether it is set, not what it holds, takes the `"0"` for a yes.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -ENV DEBUG 0
//!  COPY . /app
//! ```
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -ENV FLASK_APP=app.py FLASK_DEBUG=0
//! +ENV FLASK_APP=app.py
//!  COPY . /app
//! ```
//!
//! Not safe, because it may outweigh a setting in a file of the application. Silent where the file switches it on before,
//! or reads it.
//!
//! ```dockerfile
//! FROM python:3.13-slim AS dev
//! ENV DEBUG=1
//! FROM dev
//! ENV DEBUG=0
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "no-op-debug",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Instruction(check),
};

/// Variables that programs take for off when they are not set.
const NAMES: &[&str] = &["DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "PYTHONDEBUG"];

fn check(here: &Here) -> Vec<Finding> {
    let own_base = here.base().is_some_and(|b| facts::official(&b.name).is_some());
    if here.instruction.keyword != Keyword::Env || here.is_onbuild() || !own_base {
        return vec![];
    }
    let found = (0..here.instruction.pairs.len()).filter_map(|at| finding(here, at));
    // One at a time: what is left of the instruction is seen in the next round.
    found.take(1).collect()
}

fn finding(here: &Here, at: usize) -> Option<Finding> {
    let pair = &here.instruction.pairs[at];
    let (name, value) = (pair.name.value.as_str(), pair.value.as_ref()?);
    let off = matches!(value.value.to_ascii_lowercase().as_str(), "0" | "false" | "no" | "off" | "");
    if !NAMES.contains(&name) || !off || !value.literal || is_named_elsewhere(here, name) {
        return None;
    }
    let message = format!(
        "`{name}` is off where nobody sets it: this changes nothing, and only its being set may be taken for a yes"
    );
    let fix =
        here.without_pair(at).map(|edit| Fix::risky(Scope::Config, format!("Delete `{name}`"), vec![edit]));
    Some(Finding::new(pair.span, message).fix(fix))
}

/// Whether another instruction, or another part of this one, sets or reads it.
fn is_named_elsewhere(here: &Here, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let count = |text: &str| {
        let places = text.match_indices(name);
        places
            .filter(|(i, _)| !text[..*i].ends_with(is_part) && !text[i + name.len()..].starts_with(is_part))
            .count()
    };
    let mut seen = 0;
    here.file().dockerfile().instructions.iter().any(|p| {
        seen += count(&p.node.text);
        seen > 1
    })
}
