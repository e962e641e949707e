//! # Instructions in mixed case
//!
//! Most keywords of the file are in one case, this one is not, so the eye passes it over.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -run pip install flask
//! +RUN pip install flask
//! -Cmd ["flask", "run"]
//! +CMD ["flask", "run"]
//! ```
//!
//! Any case will do, as long as it is one.
//!
//! ```dockerfile
//! from python:3.13-slim
//! run pip install flask
//! cmd ["flask", "run"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "instruction-casing",
    aliases: &["ConsistentInstructionCasing"],
    severity: Severity::Hint,
    on: true,
    check: Check::Written(check),
};

/// Most of the instructions are written in lower case.
#[derive(PartialEq)]
struct Lower(bool);

impl Fact for Lower {
    fn of(file: &File) -> Self {
        let (mut upper, mut lower) = (0, 0);
        for placed in &file.dockerfile().instructions {
            let word = placed.node.keyword_span.of(&placed.node.text);
            let is_known = placed.node.keyword != Keyword::Unknown;
            upper += usize::from(is_known && is_upper(word));
            lower += usize::from(is_known && is_lower(word));
        }
        Self(lower > upper)
    }
}

fn is_upper(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_uppercase())
}

fn is_lower(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase())
}

fn check(here: &Here) -> Option<Finding> {
    let instruction = here.written();
    let (span, keyword) = (instruction.keyword_span, instruction.keyword_span.of(&instruction.text));
    let to_lower = here.fact::<Lower>().0;
    let deviates = if to_lower { !is_lower(keyword) } else { !is_upper(keyword) };
    if instruction.keyword == Keyword::Unknown || !deviates {
        return None;
    }
    let wanted = if to_lower { keyword.to_ascii_lowercase() } else { keyword.to_ascii_uppercase() };
    let fix = Fix::safe(Scope::Format, format!("Write `{wanted}`"), vec![Edit::replace(span, wanted)]);
    Some(Finding::new(span, format!("`{keyword}` is not in the case of the other instructions")).fix(fix))
}
