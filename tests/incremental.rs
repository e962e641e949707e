//! After any edit, a file read from its earlier trees is the same as one read from nothing.
mod common;
#[path = "common/random_edits.rs"]
mod random_edits;

use dockfix::check::{Found, Memory, check, check_again};
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::model::{Dockerfile, Stage};
use dockfix::text::{Edit, Span};
use random_edits::{Numbers, PASTED, START};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Everything that a reader of the model can see of an instruction.
fn seen(file: &Dockerfile) -> Vec<String> {
    let around = format!("{:?} {:?} {:?}", file.comments, file.problems, file.directives);
    let stage = |s: &Stage| format!("{:?} {:?} {:?} {:?}", s.instructions, s.base, s.role, s.parent);
    let stages: Vec<String> = file.stages.iter().map(stage).collect();
    let variables = file.stages.iter().map(|s| &s.settings).chain([&*file.globals]);
    let variables: Vec<BTreeMap<_, _>> = variables.map(|all| all.iter().collect()).collect();
    let in_force = format!("{:?} {stages:?} {variables:?}", file.states);
    let instructions = file.instructions.iter().map(|p| {
        let i = &p.node;
        let script = i.effective().script.as_ref().map(|s| (&s.steps, &s.commands, s.broken));
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
            p.at, i.keyword, i.flags, i.words, i.pairs, i.from, i.heredocs, script, i.broken
        )
    });
    instructions.chain([around, in_force]).collect()
}

/// Everything about findings that a user gets to see.
fn told(found: &[Found]) -> Vec<String> {
    let fix = |f: &Found| f.fix().map(|x| format!("{} {:?} {:?}", x.title(), x.safety(), x.edits()));
    found.iter().map(|f| format!("{} {:?} {} {:?}", f.rule.name, f.span(), f.message(), fix(f))).collect()
}

/// A change somewhere in `text`.
fn an_edit(numbers: &mut Numbers, text: &str) -> Edit {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(numbers.below(text.len() + 1));
    let length = [0, 0, 0, 1, 2, 9, 60][numbers.below(7)];
    let end = boundary((start + length).min(text.len())).max(start);
    Edit::replace(Span::new(start, end), PASTED[numbers.below(PASTED.len())])
}

/// Real files, two of which make one, so that most have several stages; beside files that their rules ask for.
#[test]
fn what_is_remembered_of_a_real_file_changes_nothing() {
    let Some(corpus) = common::corpus() else { return };
    let files: Vec<String> = common::dockerfiles(&corpus)
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .filter(|text| text.len() < 20_000)
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("requirements.txt", "flask\n"), ("package.json", "{}"), ("yarn.lock", "")] {
        std::fs::write(folder.path().join(name), text).expect("a file of it");
    }
    let context = Context::of(&folder.path().join("Dockerfile"));
    let config = Config::default();
    files.par_windows(2).enumerate().for_each(|(seed, pair)| {
        let mut numbers = Numbers(0x2545_f491_4f6c_dd1d + seed as u64);
        let mut file = Dockerfile::new(&pair.join("\n"));
        let mut memory = Memory::default();
        for _ in 0..6 {
            let remembered = told(&check_again(&file, &context, &config, &mut memory));
            assert_eq!(seen(&file), seen(&Dockerfile::new(&file.source)), "in\n{}", file.source);
            let fresh = told(&check(&file, &context, &config));
            let stale: Vec<&String> = remembered.iter().filter(|f| !fresh.contains(f)).collect();
            let missed: Vec<&String> = fresh.iter().filter(|f| !remembered.contains(f)).collect();
            assert_eq!(remembered, fresh, "stale: {stale:#?}\nmissed: {missed:#?}\nin\n{}", file.source);
            file = file.edited(&an_edit(&mut numbers, &file.source));
        }
    });
}

#[test]
fn an_edited_file_is_the_same_as_a_fresh_one() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let context = Context::unknown();
    let config = Config::default();
    let mut file = Dockerfile::new(START);
    let mut memory = Memory::default();
    for step in 0..20_000 {
        if step % 100 == 0 {
            file = Dockerfile::new(START);
        }
        let text = file.source.to_string();
        let edit = an_edit(&mut numbers, &text);
        let edited = file.edited(&edit);
        let fresh = Dockerfile::new(&edited.source);
        assert_eq!(seen(&edited), seen(&fresh), "step {step}: {edit:?} in\n{text}");
        // What is remembered of earlier versions changes nothing about what is found.
        let remembered = told(&check_again(&edited, &context, &config, &mut memory));
        assert_eq!(remembered, told(&check(&fresh, &context, &config)), "step {step}: {edit:?} in\n{text}");
        file = edited;
    }
}
