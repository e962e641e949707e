//! # A blank line inside an instruction
//!
//! After a continuation character the instruction goes on, whatever number of blank lines follow. BuildKit warns that it
//! will refuse this one day.
//!
//! ```diff
//!  FROM debian:13-slim
//!  RUN apt-get update && \
//! -
//!      apt-get install -y curl
//! ```
//!
//! Where the next line begins with an instruction, the continuation is what does not belong there.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//!  RUN apt-get update && \
//! -    apt-get install -y curl \
//! +    apt-get install -y curl
//!
//!  CMD ["curl"]
//! ```
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN apt-get update && \
//!     # curl is for the health check
//!     apt-get install -y curl
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "empty-continuation",
    aliases: &["NoEmptyContinuation"],
    severity: Severity::Warning,
    on: true,
    check: Check::Written(check),
};

fn check(here: &Here) -> Option<Finding> {
    let instruction = here.written();
    let (text, blanks) = (&instruction.text, &instruction.blanks);
    if blanks.is_empty() {
        return None;
    }
    if let Some((above, keyword)) = swallowed(instruction) {
        let word = keyword.of(text);
        let message = format!(
            "the continuation above the blank line makes `{word}` a part of the instruction before it"
        );
        let kept = above.start + above.of(text).trim_end().len() as u32;
        let line =
            text[above.end as usize..].find(['\r', '\n']).map_or(above.end, |len| above.end + len as u32);
        let edit = Edit::delete(Span { start: kept, end: line });
        let fix = Fix::risky(Scope::Lines, format!("End the instruction before `{word}`"), vec![edit]);
        return Some(Finding::new(keyword, message).fix(fix));
    }
    let message = "the instruction goes on behind this blank line; BuildKit will refuse that one day";
    let edits = blanks.iter().map(|b| Edit::delete(*b)).collect();
    let title = if blanks.len() == 1 { "Delete the blank line" } else { "Delete the blank lines" };
    Some(Finding::new(*blanks.first()?, message).fix(Fix::safe(Scope::Format, title, edits)))
}

/// A keyword that begins a line behind a blank one, and what is read in front of it.
fn swallowed(instruction: &Instruction) -> Option<(Span, Span)> {
    instruction.pieces.0.windows(2).find_map(|pair| {
        let [above, piece] = pair else { return None };
        let line = piece.of(&instruction.text);
        let word = line.split_whitespace().next()?;
        let is_keyword =
            Keyword::of(word) != Keyword::Unknown && word.bytes().all(|b| b.is_ascii_uppercase());
        let behind_blank = instruction.blanks.iter().any(|b| above.end <= b.start && b.end <= piece.start);
        let start = piece.start + (line.len() - line.trim_start().len()) as u32;
        let keyword = Span { start, end: start + word.len() as u32 };
        (behind_blank && is_keyword && line.trim() != word).then_some((*above, keyword))
    })
}
