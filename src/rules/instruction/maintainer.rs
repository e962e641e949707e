//! # `MAINTAINER` is deprecated
//!
//! Docker keeps the instruction for old files only. A label says the same, can be read with `docker inspect`, and can be
//! changed by an image that builds on this one.
//!
//! ```diff
//!  FROM debian:13-slim
//! -MAINTAINER Jane Doe <jane@example.com>
//! +LABEL org.opencontainers.image.authors="Jane Doe <jane@example.com>"
//! ```
//!
//! Nothing is written where the stage already has that label.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! LABEL org.opencontainers.image.authors="Jane Doe"
//! MAINTAINER Jane Doe
//! ```
//!
//! ```dockerfile
//! FROM debian:13-slim
//! LABEL maintainer="Jane Doe"
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "maintainer",
    aliases: &["DL4000", "MaintainerDeprecated"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

const LABEL: &str = "org.opencontainers.image.authors";

fn check(here: &Here) -> Vec<Finding> {
    let instruction = here.instruction;
    // Behind ONBUILD it is refused, which is another matter.
    if instruction.keyword != Keyword::Maintainer || instruction.body.is_empty() || here.is_onbuild() {
        return vec![];
    }
    let finding = Finding::new(instruction.keyword_span, "MAINTAINER is deprecated: a label says the same");
    vec![finding.fix(label(here)).tag(Tag::Deprecated)]
}

fn label(here: &Here) -> Option<Fix> {
    let instruction = here.instruction;
    let mut others = here.file().instructions(here.stage()?);
    let labelled = others.any(|(_, i)| i.node.pairs.iter().any(|p| p.name.value == LABEL));
    let continued = !instruction.text[instruction.body.end as usize..].trim().is_empty();
    if labelled || continued || instruction.is_multiline() {
        return None;
    }
    let escape = here.escape();
    let mut value = String::new();
    for c in unquoted(instruction.body.of(&instruction.text)).chars() {
        if c == '"' || c == '$' || c == escape {
            value.push(escape);
        }
        value.push(c);
    }
    let keyword = in_case_of(instruction.keyword_span.of(&instruction.text), "LABEL");
    let edits = vec![
        Edit::replace(instruction.keyword_span, keyword),
        Edit::replace(instruction.body, format!("{LABEL}=\"{value}\"")),
    ];
    Some(Fix::safe(Scope::Config, format!("Write it as the label `{LABEL}`"), edits))
}

/// MAINTAINER keeps quotes around the whole as a part of the name; no one means them.
fn unquoted(text: &str) -> &str {
    let inner =
        ['"', '\''].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q).filter(|i| !i.contains(*q)));
    inner.unwrap_or(text)
}
