//! Runs rules over a file. The only place that knows how a [`Check`] is driven.
mod memory;

pub use memory::Memory;

use crate::config::Config;
use crate::context::Context;
use crate::model::Dockerfile;
use crate::rule::{Check, File, Finding, Here, Reads, Rule, Severity};
use crate::suppress::Suppressions;

/// A finding and the rule that it comes from.
#[derive(Clone)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// What it found; spans are those of the file.
    pub finding: Finding,
}

impl Found {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        if self.finding.is_hint { Severity::Hint } else { self.rule.severity }
    }
}

/// Checks `dockerfile` as `config` says. Left out are findings that a comment in the file suppresses, and those that
/// matter too little. Sorted by place.
pub fn check(dockerfile: &Dockerfile, context: &Context, config: &Config) -> Vec<Found> {
    look(dockerfile, context, config, None)
}

/// As [`check`], for the next version of a file, with the answers of the last check. They are worth nothing for another
/// configuration: that begins with an empty memory.
pub fn check_again(
    dockerfile: &Dockerfile,
    context: &Context,
    config: &Config,
    memory: &mut Memory,
) -> Vec<Found> {
    look(dockerfile, context, config, Some(memory))
}

fn look(
    dockerfile: &Dockerfile,
    context: &Context,
    config: &Config,
    memory: Option<&mut Memory>,
) -> Vec<Found> {
    let Config { rules, settings, least } = config;
    let reads = Reads::default();
    let file = File { dockerfile, context, settings, reads: &reads };
    let found = match memory {
        Some(memory) => by_instruction_again(&file, rules, memory),
        None => by_instruction(&file, rules),
    };
    let mut out: Vec<Found> =
        found.into_iter().map(|(rule, finding)| Found { rule: rules[rule], finding }).collect();
    for &rule in rules.iter() {
        let findings: Vec<Finding> = match rule.check {
            Check::Stage(f) => dockerfile.stages.iter().flat_map(|s| f(s, &file)).collect(),
            Check::File(f) => f(&file),
            Check::Command(_) | Check::Instruction(_) | Check::Engine => continue,
        };
        out.extend(findings.into_iter().map(|finding| Found { rule, finding }));
    }
    Suppressions::read(dockerfile).apply(&mut out, rules);
    out.retain(|f| f.severity() >= *least);
    // Stable: at one place, findings stay in the order of the rules.
    out.sort_by_key(|f| (f.finding.span.start, f.finding.span.end));
    out
}

/// The rules that look at instructions one by one, by their places in the list.
fn one_by_one(rules: &[&'static Rule]) -> Vec<usize> {
    let looks = |r: &Rule| matches!(r.check, Check::Command(_) | Check::Instruction(_));
    (0..rules.len()).filter(|r| looks(rules[*r])).collect()
}

/// What they find, with their places in the list.
fn by_instruction(file: &File, rules: &[&'static Rule]) -> Vec<(usize, Finding)> {
    let all = one_by_one(rules);
    let mut out = vec![];
    for (index, placed) in file.dockerfile.instructions.iter().enumerate() {
        let here = file.here(index);
        for rule in &all {
            each(rules[*rule], &here, |finding| out.push((*rule, finding.shift(placed.at))));
        }
    }
    out
}

/// The same, with what is remembered of earlier versions of the file.
fn by_instruction_again(file: &File, rules: &[&'static Rule], memory: &mut Memory) -> Vec<(usize, Finding)> {
    let all = one_by_one(rules);
    let mut out = vec![];
    for (index, remembered) in memory.recall(file).into_iter().enumerate() {
        let (here, at) = (file.here(index), file.dockerfile.instructions[index].at);
        if let Some(remembered) = remembered {
            let start = out.len();
            out.extend(remembered.found.iter().map(|(rule, f)| (*rule, f.clone().shift(at))));
            for rule in &remembered.far {
                each(rules[*rule], &here, |finding| out.push((*rule, finding.shift(at))));
            }
            out[start..].sort_by_key(|(rule, _)| *rule);
            memory.keep(remembered);
            continue;
        }
        file.reads.take_far();
        file.reads.take();
        let (mut near, mut far) = (vec![], vec![]);
        for rule in &all {
            let mut found = vec![];
            each(rules[*rule], &here, |finding| found.push((*rule, finding)));
            out.extend(found.iter().map(|(rule, f)| (*rule, f.clone().shift(at))));
            match file.reads.take_far() {
                true => far.push(*rule),
                false => near.append(&mut found),
            }
        }
        memory.learn(file.dockerfile, index, file.reads.take(), near, far);
    }
    out
}

/// What one rule finds in one instruction.
fn each(rule: &Rule, here: &Here, found: impl FnMut(Finding)) {
    match rule.check {
        Check::Command(f) => here.commands().iter().filter_map(|command| f(command, here)).for_each(found),
        Check::Instruction(f) if !here.instruction.broken => f(here).into_iter().for_each(found),
        _ => {}
    }
}
