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
    check: Check::File(check),
};

fn check(file: &File) -> Vec<Finding> {
    let known: Vec<(Span, &str)> = (file.dockerfile().instructions.iter())
        .filter(|i| i.node.keyword != Keyword::Unknown)
        .map(|i| (i.absolute(i.node.keyword_span), i.node.keyword_span.of(&i.node.text)))
        .collect();
    let is_upper = |word: &str| word.bytes().all(|b| b.is_ascii_uppercase());
    let is_lower = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase());
    let upper = known.iter().filter(|(_, k)| is_upper(k)).count();
    let lower = known.iter().filter(|(_, k)| is_lower(k)).count();
    let to_lower = lower > upper;
    let deviates = |k: &str| if to_lower { !is_lower(k) } else { !is_upper(k) };
    let found = known.into_iter().filter(|(_, k)| deviates(k)).map(|(span, keyword)| {
        let wanted = if to_lower { keyword.to_ascii_lowercase() } else { keyword.to_ascii_uppercase() };
        let fix = Fix::safe(Scope::Format, format!("Write `{wanted}`"), vec![Edit::replace(span, wanted)]);
        Finding::new(span, format!("`{keyword}` is not in the case of the other instructions")).fix(fix)
    });
    found.collect()
}
