//! Thousands of real Dockerfiles, checked and fixed: nothing panics, nothing is damaged, and fixing twice is fixing once.
mod common;

use dockfix::context::Context;
use dockfix::fix::fix;
use dockfix::rule::{Rule, Safety};
use dockfix::rules;
use rayon::prelude::*;
use std::path::Path;
use std::process::Command;

/// Every rule, also those that are off by default.
fn every_rule() -> Vec<&'static Rule> {
    rules::ALL.iter().map(|e| e.rule).collect()
}

fn holds(rules: &[&'static Rule], safety: Safety) {
    let Some(corpus) = common::corpus() else { return };
    let files = common::dockerfiles(&corpus);
    let wrong: Vec<String> = files
        .par_iter()
        .filter_map(|path| {
            let source = std::fs::read_to_string(path).ok()?;
            let name = path.file_name()?.to_string_lossy().into_owned();
            // Not the folder of thousands of other files that it lies in: nothing is known of its own context.
            let context = Context::unknown();
            let once = fix(&source, &context, rules, safety);
            if let Some(r) = once.refused.first() {
                return Some(format!("{name}: {}: {} ({})", r.rule.name, r.reason, r.title));
            }
            let twice = fix(&once.source, &context, rules, safety);
            (twice.source != once.source).then(|| format!("{name}: the second run changes it again"))
        })
        .collect();
    let shown = wrong.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} files:\n{shown}", wrong.len(), files.len());
}

#[test]
fn safe_fixes_are_never_refused_and_converge() {
    holds(&rules::default(), Safety::Safe);
}

#[test]
fn unsafe_fixes_are_never_refused_and_converge() {
    holds(&rules::default(), Safety::Unsafe);
}

#[test]
fn fixes_of_rules_that_are_off_are_never_refused_and_converge() {
    holds(&every_rule(), Safety::Unsafe);
}

/// Holds the program against BuildKit's parser and bash, by the script that comes with the corpus.
fn undamaged(more: &[&str]) {
    let (Some(corpus), Some(shared), Some(python)) = (common::corpus(), common::shared(), common::python())
    else {
        return;
    };
    let script = shared.join("tools/oracle.py");
    let fixer = format!("{} --quiet --fix", Path::new(env!("CARGO_BIN_EXE_dockfix")).display());
    let output = Command::new(python)
        .arg(script)
        .args(["--fixer", &fixer])
        .args(more)
        .arg(&corpus)
        .output()
        .expect("Python starts");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    common::say(said.lines().last().unwrap_or_default());
    assert!(output.status.success(), "{said}");
    assert!(said.contains(" 0 damaged") && said.contains(" 0 lost comments"), "{said}");
}

#[test]
fn safe_fixes_damage_nothing() {
    undamaged(&[]);
}

#[test]
fn unsafe_fixes_damage_nothing() {
    undamaged(&["--unsafe"]);
}
