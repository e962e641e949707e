//! Runs rules over a file. The only place that knows how a [`Check`] is driven.
use crate::config::Config;
use crate::context::Context;
use crate::model::Dockerfile;
use crate::rule::{Check, File, Finding, Rule};
use crate::suppress::Suppressions;

/// A finding and the rule that it comes from.
#[derive(Clone)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// What it found; spans are those of the file.
    pub finding: Finding,
}

/// Checks `dockerfile` as `config` says. Findings that a comment in the file suppresses are left out. Sorted by place.
pub fn check(dockerfile: &Dockerfile, context: &Context, config: &Config) -> Vec<Found> {
    let Config { rules, settings } = config;
    let file = File { dockerfile, context, settings };
    let mut out = by_instruction(&file, rules);
    for &rule in rules.iter() {
        let findings: Vec<Finding> = match rule.check {
            Check::Stage(f) => dockerfile.stages.iter().flat_map(|s| f(s, &file)).collect(),
            Check::File(f) => f(&file),
            Check::Command(_) | Check::Instruction(_) | Check::Engine => continue,
        };
        out.extend(findings.into_iter().map(|finding| Found { rule, finding }));
    }
    Suppressions::read(dockerfile).apply(&mut out, rules);
    // Stable: at one place, findings stay in the order of the rules.
    out.sort_by_key(|f| (f.finding.span.start, f.finding.span.end));
    out
}

fn by_instruction(file: &File, rules: &[&'static Rule]) -> Vec<Found> {
    let mut out = vec![];
    for (index, placed) in file.dockerfile.instructions.iter().enumerate() {
        let here = file.here(index);
        let mut push = |rule, finding: Finding| out.push(Found { rule, finding: finding.shift(placed.at) });
        let commands = here.commands();
        for &rule in rules {
            match rule.check {
                Check::Command(f) => {
                    for command in commands {
                        if let Some(finding) = f(command, &here) {
                            push(rule, finding);
                        }
                    }
                }
                Check::Instruction(f) if !here.instruction.broken => {
                    f(&here).into_iter().for_each(|finding| push(rule, finding));
                }
                _ => {}
            }
        }
    }
    out
}
