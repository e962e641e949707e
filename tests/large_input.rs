//! Input larger or deeper than anything sensible: the program ends as usual, without a crash. How long it takes is a
//! question for `benches/`, but for what would take minutes because its time grows with the square of the input.

mod common;

use common::cli::{Folder, Outcome, run};
use std::time::{Duration, Instant};

#[track_caller]
fn ends(text: String) {
    let folder = Folder::with(text);
    // Quiet, because a report of 100,000 findings is no part of the question.
    let started = Instant::now();
    let outcome: Outcome = run(["--quiet".as_ref(), folder.path.as_os_str()]);
    // A second or two, where nothing else runs.
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
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

/// What rules look for above an instruction: on an image that is known, thousands of times.
#[test]
fn thousands_of_steps_that_rest_on_others() {
    let step = |i: usize| {
        format!(
            "COPY a /srv/a{i}\nRUN chmod 755 /srv/a{i}\nRUN apt-get install -y git && pip install flask\nCMD a{i}\n"
        )
    };
    ends(format!("FROM python:3.13\n{}", (0..3_000).map(step).collect::<String>()));
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
