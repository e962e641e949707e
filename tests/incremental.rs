//! After any edit, a file read from its earlier trees is the same as one read from nothing.
#[path = "common/random_edits.rs"]
mod random_edits;

use dockfix::check::{Found, Memory, check, check_again};
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::model::Dockerfile;
use dockfix::text::{Edit, Span};
use random_edits::{Numbers, PASTED, START};

/// Everything that a reader of the model can see of an instruction.
fn seen(file: &Dockerfile) -> Vec<String> {
    file.instructions
        .iter()
        .map(|p| {
            let i = &p.node;
            let script = i.effective().script.as_ref().map(|s| (&s.steps, &s.commands, s.broken));
            format!(
                "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
                p.at, i.keyword, i.flags, i.words, i.pairs, i.from, i.heredocs, script, i.broken
            )
        })
        .collect()
}

/// Everything about findings that a user gets to see.
fn told(found: &[Found]) -> Vec<String> {
    let fix = |f: &Found| f.finding.fix.as_ref().map(|x| format!("{} {:?} {:?}", x.title, x.safety, x.edits));
    found
        .iter()
        .map(|f| format!("{} {:?} {} {:?}", f.rule.name, f.finding.span, f.finding.message, fix(f)))
        .collect()
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
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(numbers.below(text.len() + 1));
        let length = [0, 0, 0, 1, 2, 9, 60][numbers.below(7)];
        let end = boundary((start + length).min(text.len())).max(start);
        let edit = Edit::replace(Span::new(start, end), PASTED[numbers.below(PASTED.len())]);
        let edited = file.edited(&edit);
        let fresh = Dockerfile::new(&edited.source);
        assert_eq!(seen(&edited), seen(&fresh), "step {step}: {edit:?} in\n{text}");
        // What is remembered of earlier versions changes nothing about what is found.
        let remembered = told(&check_again(&edited, &context, &config, &mut memory));
        assert_eq!(remembered, told(&check(&fresh, &context, &config)), "step {step}: {edit:?} in\n{text}");
        file = edited;
    }
}
