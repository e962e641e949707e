//! Input larger or deeper than anything sensible: the program ends as usual, without a crash. How long it takes is a
//! question for `benches/`.

mod common;

use common::cli::{Folder, Outcome, run};

#[track_caller]
fn ends(text: String) {
    let folder = Folder::with(text);
    // Quiet, because a report of 100,000 findings is no part of the question.
    let outcome: Outcome = run(["--quiet".as_ref(), folder.path.as_os_str()]);
    assert!(matches!(outcome.code, Some(0 | 1)), "code {:?}, {}", outcome.code, outcome.stderr);
}

#[test]
fn ten_megabytes() {
    let step = "RUN apt-get update && \\\n    apt-get install -y --no-install-recommends ca-certificates curl git && \\\n    \
                rm -rf /var/lib/apt/lists/*\nENV NAME=value OTHER=\"another value\"\nCOPY src/ /app/src/\n";
    ends(format!("FROM debian:12\n{}", step.repeat(10_000_000 / step.len())));
}

#[test]
fn a_hundred_thousand_instructions() {
    ends(format!("FROM debian:12\n{}", "RUN true\n".repeat(100_000)));
}

#[test]
fn one_instruction_of_a_hundred_thousand_lines() {
    ends(format!("FROM debian:12\nRUN true{}\n", " \\\n    && true".repeat(100_000)));
}

#[test]
fn ten_thousand_nested_substitutions() {
    ends(format!("FROM debian:12\nRUN {}true{}\n", "echo $(".repeat(10_000), ")".repeat(10_000)));
}

/// The same, not closed: as it is while somebody types, or when somebody wants to see it fall.
#[test]
fn ten_thousand_open_brackets() {
    for bracket in ["$(", "(", "{ ", "`", "if ", "\"$(", "$((", "${a:-"] {
        ends(format!("FROM debian:12\nRUN echo {}\n", bracket.repeat(10_000)));
    }
}
