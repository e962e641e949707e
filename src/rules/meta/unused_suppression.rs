//! # A comment suppresses nothing
//!
//! `# dockfix: ignore=…` stands above an instruction for which that rule finds nothing, or names a rule that does not
//! exist. It misleads whoever reads the file, and would hide a later problem.
//!
//! Written for other tools, `# hadolint ignore=…` and `# check=skip=…` are honoured and never reported.
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unused-suppression",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Engine,
};
