//! # Consecutive `RUN` instructions make a layer each
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN cd /src && make
//! RUN make install
//! ```
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN make
//! RUN make install
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "consecutive-run",
    aliases: &["DL3059"],
    severity: Severity::Hint,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let runs: Vec<_> = file.instructions(stage).collect();
    let joins = runs.windows(2).filter(|p| p.iter().all(|(_, i)| i.node.keyword == Keyword::Run));
    joins.filter(|p| !p[0].1.node.script.iter().flat_map(|s| &s.commands).any(Command::changes_shell)).map(|p| Finding::new(p[1].1.span(), "x")).collect()
}
