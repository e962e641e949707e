//! # The name of a stage has capitals
//!
//! Docker takes stage names in any case and stores them in lower case, other tools compare them letter by letter. In
//! lower case everywhere, all of them agree.
//!
//! ```diff
//! -FROM golang:1.25 AS Build
//! +FROM golang:1.25 AS build
//!  RUN go build -o /app .
//!  FROM debian:13-slim
//! -COPY --from=Build /app /app
//! +COPY --from=build /app /app
//! ```
//!
//! ```dockerfile
//! FROM golang:1.25 AS build
//! FROM build
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "stage-name-casing",
    aliases: &["StageNameCasing"],
    severity: Severity::Hint,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let Some((_, from)) = file.instructions(stage).next() else { return vec![] };
    let Some(alias) = from.node.from.as_ref().and_then(|f| f.alias.as_ref()) else { return vec![] };
    let name = &alias.value;
    if !name.bytes().any(|b| b.is_ascii_uppercase()) || alias.quoting != Quoting::Bare || !alias.literal {
        return vec![];
    }
    let span = from.absolute(alias.span);
    let mut spans = vec![span];
    for (index, placed) in file.dockerfile().instructions.iter().enumerate().skip(stage.instructions.end) {
        // What an ONBUILD defers speaks of the stages of another file.
        let before = file.dockerfile().states[index].stage.unwrap_or(0);
        let same = find_stage(&file.dockerfile().stages, name, before)
            .is_some_and(|s| file.dockerfile().stages[s].instructions == stage.instructions);
        if same {
            spans.extend(references(&placed.node, name).map(|s| placed.absolute(s)));
        }
    }
    let lower = name.to_ascii_lowercase();
    let edits =
        spans.into_iter().filter(|s| s.of(file.text()) != lower).map(|s| Edit::replace(s, &*lower)).collect();
    let fix = Fix::safe(Scope::Format, format!("Call the stage `{lower}` everywhere"), edits);
    vec![
        Finding::new(span, format!("`{name}` has capitals, which not every tool takes for the same name"))
            .fix(fix),
    ]
}

/// Where an instruction refers to the stage `name`.
fn references<'a>(instruction: &'a Instruction, name: &'a str) -> impl Iterator<Item = Span> + 'a {
    let image = instruction.from.iter().map(|f| f.image.span);
    let from = instruction.flags.iter().filter(|f| f.name == "from").map(|f| f.value.span);
    let mounts = instruction.flags.iter().filter(|f| f.name == "mount").flat_map(|f| {
        let (value, mut at) = (f.value.span.of(&instruction.text), f.value.span.start);
        let parts = value.split(',').filter_map(move |part| {
            let start = at;
            at += part.len() as u32 + 1;
            part.starts_with("from=").then(|| Span { start: start + 5, end: start + part.len() as u32 })
        });
        parts.collect::<Vec<_>>()
    });
    image.chain(from).chain(mounts).filter(move |s| s.of(&instruction.text).eq_ignore_ascii_case(name))
}
