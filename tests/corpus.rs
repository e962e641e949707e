//! Thousands of real Dockerfiles, checked and fixed: nothing panics, nothing is damaged, and fixing twice is fixing once.
mod common;

use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::example::TODAY;
use dockfix::fix::fix;
use dockfix::rule::{Safety, Settings};
use dockfix::rules;
use rayon::prelude::*;
use std::path::Path;
use std::process::Command;

/// The rules that are on by default, on a day of their own.
fn default_rules() -> Config {
    Config::of(Settings::on(TODAY))
}

/// Every rule, also those that are off by default.
fn every_rule() -> Config {
    default_rules().only(&rules::ALL.iter().map(|e| e.rule).collect::<Vec<_>>())
}

fn holds(config: &Config, safety: Safety) {
    let Some(corpus) = common::corpus() else { return };
    let files = common::dockerfiles(&corpus);
    let wrong: Vec<String> = files
        .par_iter()
        .filter_map(|path| {
            let source = std::fs::read_to_string(path).ok()?;
            let name = path.file_name()?.to_string_lossy().into_owned();
            // Not the folder of thousands of other files that it lies in: nothing is known of its own context.
            let context = Context::unknown();
            let once = fix(&source, &context, config, safety);
            if let Some(r) = once.refused.first() {
                return Some(format!("{name}: {}: {} ({})", r.rule.name, r.reason, r.title));
            }
            let twice = fix(&once.source, &context, config, safety);
            (twice.source != once.source).then(|| format!("{name}: the second run changes it again"))
        })
        .collect();
    let shown = wrong.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} files:\n{shown}", wrong.len(), files.len());
}

#[test]
fn safe_fixes_are_never_refused_and_converge() {
    holds(&default_rules(), Safety::Safe);
}

#[test]
fn unsafe_fixes_are_never_refused_and_converge() {
    holds(&default_rules(), Safety::Unsafe);
}

#[test]
fn fixes_of_rules_that_are_off_are_never_refused_and_converge() {
    holds(&every_rule(), Safety::Unsafe);
}

/// The files that are UTF-8: BuildKit's parser ends the script on others.
fn readable(corpus: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for path in common::dockerfiles(corpus) {
        if let (Ok(text), Some(name)) = (std::fs::read_to_string(&path), path.file_name()) {
            std::fs::write(folder.path().join(name), text).expect("the folder was just made");
        }
    }
    folder
}

/// Holds the program against BuildKit's parser and bash, by the script that comes with the corpus.
fn undamaged(more: &[&str]) {
    let (Some(corpus), Some(shared), Some(python)) = (common::corpus(), common::shared(), common::python())
    else {
        return;
    };
    let script = shared.join("tools/oracle.py");
    let folder = readable(&corpus);
    let fixer = format!("{} --quiet --fix", Path::new(env!("CARGO_BIN_EXE_dockfix")).display());
    let output = Command::new(python)
        .arg(script)
        .args(["--fixer", &fixer])
        .args(more)
        .arg(folder.path())
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

/// As while typing: each file ends somewhere in the middle. Whatever is found and fixed then, nothing panics.
#[test]
fn half_typed_files_are_read() {
    let Some(corpus) = common::corpus() else { return };
    let config = every_rule();
    common::dockerfiles(&corpus).par_iter().for_each(|path| {
        let Ok(source) = std::fs::read_to_string(path) else { return };
        for part in [3, 5, 7] {
            let mut end = source.len() * part / 9;
            while !source.is_char_boundary(end) {
                end -= 1;
            }
            fix(&source[..end], &Context::unknown(), &config, Safety::Unsafe);
        }
    });
}
