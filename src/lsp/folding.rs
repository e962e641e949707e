//! What can be folded: stages, instructions on several lines, here-documents, blocks of comments.
use super::abilities::Abilities;
use super::document::Reading;
use crate::text::Span;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};

/// All of it, the largest first where the client takes only so many.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<FoldingRange> {
    let file = &reading.file;
    let mut out = vec![];
    for stage in file.stages.iter() {
        let all = &file.instructions[stage.instructions.clone()];
        out.extend(fold(reading, all[0].span().to(all[all.len() - 1].span()), FoldingRangeKind::Region));
    }
    for placed in &file.instructions {
        // The stage's fold begins at its FROM already.
        out.extend(fold(reading, placed.span(), FoldingRangeKind::Region));
        for doc in &placed.node.heredocs {
            // The line above the body shows what it is for.
            let line = reading.positions.line_of(placed.at + doc.body.start).saturating_sub(1);
            let start = reading.positions.line(line).map_or(placed.at, |l| l.start);
            let span = Span { start, end: placed.at + doc.end.end };
            out.extend(fold(reading, span, FoldingRangeKind::Region));
        }
    }
    out.extend(comments(reading).into_iter().filter_map(|s| fold(reading, s, FoldingRangeKind::Comment)));
    out.sort_by_key(|f| (f.start_line, std::cmp::Reverse(f.end_line)));
    out.dedup_by_key(|f| (f.start_line, f.end_line));
    if let Some(most) = client.most_folds.filter(|m| *m < out.len()) {
        out.sort_by_key(|f| std::cmp::Reverse(f.end_line - f.start_line));
        out.truncate(most);
        out.sort_by_key(|f| f.start_line);
    }
    if client.folds_lines_only {
        out.iter_mut().for_each(|f| (f.start_character, f.end_character) = (None, None));
    }
    out
}

/// Comment lines that follow each other, outside instructions.
fn comments(reading: &Reading) -> Vec<Span> {
    let mut out: Vec<Span> = vec![];
    for comment in &reading.file.comments {
        match out.last_mut() {
            Some(last)
                if reading.positions.line_of(last.end) + 1 == reading.positions.line_of(comment.start) =>
            {
                last.end = comment.end;
            }
            _ => out.push(*comment),
        }
    }
    out
}

fn fold(reading: &Reading, span: Span, kind: FoldingRangeKind) -> Option<FoldingRange> {
    let (start, end) = (reading.positions.position(span.start), reading.positions.position(span.end));
    let line_end = reading.positions.line(start.line).map(|l| reading.positions.position(l.end).character);
    (start.line < end.line).then_some(FoldingRange {
        start_line: start.line,
        start_character: line_end,
        end_line: end.line,
        end_character: Some(end.character),
        kind: Some(kind),
        collapsed_text: None,
    })
}
