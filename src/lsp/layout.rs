//! Formatting: the layout alone, by the same fixes as on the command line.
use super::document::Reading;
use super::edits::text_edits;
use crate::text::{Edit, Span};
use tower_lsp::ls_types::{Position, TextEdit};

/// Lays out the whole text.
pub(super) fn whole(reading: &Reading) -> Vec<TextEdit> {
    text_edits(reading, &reading.layout())
}

/// Lays out what lies in `within`.
pub(super) fn part(reading: &Reading, within: Span) -> Vec<TextEdit> {
    let edits: Vec<Edit> = reading.layout().into_iter().filter(|e| within.contains(e.span)).collect();
    text_edits(reading, &edits)
}

/// Indents the line that begins behind a continuation, as the lines above it are, or by four blanks.
pub(super) fn typed(reading: &Reading, at: Position) -> Vec<TextEdit> {
    let Some(above) = at.line.checked_sub(1).and_then(|l| reading.positions.line(l)) else { return vec![] };
    let Some(line) = reading.positions.line(at.line) else { return vec![] };
    let (text, file) = (reading.text(), &reading.file);
    let continued = above.of(text).trim_end().ends_with(file.escape);
    let Some(index) = reading.instruction_at(above.start + 1).filter(|_| continued) else { return vec![] };
    let start = file.instructions[index].at;
    let width = |s: &str| s.len() - s.trim_start_matches([' ', '\t']).len();
    let old = &line.of(text)[..width(line.of(text))];
    let indent = if start < above.start {
        above.of(text)[..width(above.of(text))].to_owned()
    } else {
        let own = &above.of(text)[..width(above.of(text))];
        format!("{own}    ")
    };
    if old == indent {
        return vec![];
    }
    let span = Span { start: line.start, end: line.start + old.len() as u32 };
    text_edits(reading, &[Edit::replace(span, indent)])
}
