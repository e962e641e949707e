//! Selecting outwards: a name, a word, a command, a step, the script, the instruction, the stage, the file.
use super::document::Reading;
use super::names;
use crate::text::Span;
use tower_lsp::ls_types::SelectionRange;

/// What encloses `offset`, the smallest first, each holding the one before.
pub(super) fn at(reading: &Reading, offset: u32) -> SelectionRange {
    let file = &reading.file;
    let here = Span::at(offset);
    let mut spans = vec![Span::new(0, file.source.len())];
    if let Some(index) = reading.instruction_at(offset) {
        let placed = &file.instructions[index];
        if let Some(stage) = file.states[index].stage {
            let all = &file.instructions[file.stages[stage].instructions.clone()];
            spans.push(all[0].span().to(all[all.len() - 1].span()));
        }
        let node = placed.node.effective();
        let mut parts = vec![Span::new(0, node.text.len()), node.keyword_span, node.body];
        parts.extend(node.flags.iter().flat_map(|f| [f.span, f.value.span]));
        parts.extend(node.words.iter().map(|w| w.span));
        parts.extend(node.pairs.iter().flat_map(|p| {
            [Some(p.span), Some(p.name.span), p.value.as_ref().map(|v| v.span)].into_iter().flatten()
        }));
        if let Some(from) = &node.from {
            let words = [&from.tag, &from.digest, &from.alias].into_iter().flatten().map(|w| w.span);
            parts.extend(words.chain([from.image.span]));
        }
        if let Some(script) = &node.script {
            parts.push(script.span);
            parts.extend(script.steps.iter().map(|s| s.span));
            for command in &script.commands {
                parts.push(command.span);
                parts.extend(command.words.iter().chain(&command.wrappers).map(|w| w.span));
            }
        }
        parts.extend(node.heredocs.iter().map(|h| h.body));
        parts.extend(node.comments.iter().copied());
        spans.extend(parts.into_iter().map(|s| placed.absolute(s)));
    }
    spans.extend(file.comments.iter().copied());
    spans.extend(names::all(file).into_iter().map(|o| o.span));
    spans.retain(|s| s.contains(here) && (!s.is_empty() || *s == here));
    spans.sort_by_key(|s| (std::cmp::Reverse(s.end - s.start), s.start));
    spans.dedup();
    let mut out: Option<(Span, SelectionRange)> = None;
    for span in spans {
        // Parts that overlap without one holding the other are left out.
        if out.as_ref().is_none_or(|(outer, _)| outer.contains(span)) {
            let parent = out.take().map(|(_, range)| Box::new(range));
            out = Some((span, SelectionRange { range: reading.positions.range(span), parent }));
        }
    }
    out.map_or_else(
        || SelectionRange { range: reading.positions.range(here), parent: None },
        |(_, range)| range,
    )
}
