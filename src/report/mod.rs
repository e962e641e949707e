//! Findings, fixes and rules as text for people and for programs.
mod diff;
mod human;
mod json;
mod rules;

pub use diff::{diff, new_file};
pub use human::{Summary, error, fixes, human, saving};
pub use json::{findings as findings_json, json};
pub use rules::{explain, rules, rules_json, rules_table};
