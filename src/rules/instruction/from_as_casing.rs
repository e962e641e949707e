//! # `FROM` and `AS` are in different case
//!
//! One of the two is easily missed when the line is read.
//!
//! ```diff
//! -FROM golang:1.25 as build
//! +FROM golang:1.25 AS build
//! -from debian:13-slim As run
//! +from debian:13-slim as run
//! ```
//!
//! ```dockerfile
//! FROM golang:1.25 AS build
//! from debian:13-slim as run
//! From scratch as other
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "from-as-casing",
    aliases: &["FromAsCasing"],
    severity: Severity::Hint,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let text = &here.instruction.text;
    let Some(span) = here.instruction.from.as_ref().and_then(|f| f.as_keyword) else { return vec![] };
    let wanted = match here.instruction.keyword_span.of(text) {
        "FROM" => "AS",
        "from" => "as",
        _ => return vec![],
    };
    let found = span.of(text);
    if found == wanted || !found.eq_ignore_ascii_case(wanted) {
        return vec![];
    }
    let message = format!("`{found}` is not in the case of `{}`", here.instruction.keyword_span.of(text));
    let fix = Fix::safe(Scope::Format, format!("Write `{wanted}`"), vec![Edit::replace(span, wanted)]);
    vec![Finding::new(span, message).fix(fix)]
}
