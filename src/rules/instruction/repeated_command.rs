//! # Several `CMD`, `ENTRYPOINT` or `HEALTHCHECK` in one stage
//!
//! Only the last one counts; the others are silently dropped.
//!
//! ```diff
//!  FROM python:3.13-slim
//!  # while developing
//! -CMD ["flask", "run"]
//!  EXPOSE 8000
//!  CMD ["gunicorn", "app:app"]
//! ```
//!
//! One with a comment inside is only reported: the comment would go with it.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! CMD ["flask", \
//!     # or gunicorn?
//!     "run"]
//! CMD ["gunicorn", "app:app"]
//! ```
//!
//! Each stage has its own, and what an ONBUILD defers counts in another build.
//!
//! ```dockerfile
//! FROM python:3.13-slim AS test
//! CMD ["pytest"]
//! FROM test
//! ONBUILD CMD ["flask", "run"]
//! ENTRYPOINT ["python"]
//! CMD ["app.py"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "repeated-command",
    aliases: &["DL4003", "DL4004", "DL3012", "MultipleInstructionsDisallowed"],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let mut out = vec![];
    for keyword in [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck] {
        let all: Vec<(usize, &Placed)> =
            file.instructions(stage).filter(|(_, i)| i.node.keyword == keyword).collect();
        let Some(((_, last), earlier)) = all.split_last() else { continue };
        let name = keyword.name();
        out.extend(earlier.iter().map(|(index, placed)| {
            let span = placed.absolute(placed.node.keyword_span);
            Finding::new(span, format!("this {name} has no effect: the stage has a later one"))
                .related(last.absolute(last.node.keyword_span), format!("the {name} that counts"))
                .fix(removal(file, *index, last))
        }));
    }
    out
}

/// Takes out the lines of instruction `index`.
fn removal(file: &File, index: usize, last: &Placed) -> Option<Fix> {
    let placed = file.placed(index);
    // The last one may still be in the making, and a comment inside would be lost.
    if last.node.body.is_empty() || !placed.node.comments.is_empty() {
        return None;
    }
    let edit = Edit::delete(file.lines_of(index));
    Some(Fix::safe(
        Scope::Config,
        format!("Delete the {} without effect", placed.node.keyword.name()),
        vec![edit],
    ))
}
