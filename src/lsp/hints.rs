//! Inlay hints: what a variable base image is, how large it is on disk, what a step adds to it where that is much, and the
//! number of a stage without a name.
use super::document::Reading;
use crate::facts::{self, Megabytes};
use crate::model::{Keyword, Placed};
use crate::rule::{Reads, Weight};
use crate::text::Span;
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel};

/// What a step has to add to be told about beside it.
const MUCH: Megabytes = Megabytes(50.0);

/// The hints in `within`.
pub(super) fn all(reading: &Reading, within: Span) -> Vec<InlayHint> {
    let file = &reading.file;
    let mut out = vec![];
    for (index, stage) in file.stages.iter().enumerate() {
        let placed = &file.instructions[stage.instructions.start];
        let Some(from) = placed.node.from.as_ref().filter(|_| placed.span().touches(within)) else {
            continue;
        };
        let mut hint = |at: u32, label: String| out.push(one(reading, placed, at, label));
        let image = &stage.image;
        if image.substituted && !image.unknown {
            let tag = image.tag.as_ref().map_or(String::new(), |t| format!(":{t}"));
            hint(from.image.span.end, format!("= {}{tag}", image.name));
        }
        let size = facts::size(&image.name, image.tag.as_deref()).filter(|_| stage.parent.is_none());
        if let Some(size) = size.and_then(|s| s.on_disk) {
            hint(from.image.span.end, format!("≈ {size}"));
        }
        if from.alias.is_none() && file.stages.len() > 1 {
            hint(from.image.span.end, format!("stage {index}"));
        }
    }
    let near = |p: &Placed| p.node.keyword == Keyword::Run && p.span().touches(within);
    if file.instructions.iter().any(near) {
        out.extend(
            steps(reading)
                .into_iter()
                .filter(|(p, _)| near(p))
                .map(|(placed, label)| one(reading, placed, placed.node.keyword_span.end, label)),
        );
    }
    out
}

/// The steps that add much, and how much.
fn steps(reading: &Reading) -> Vec<(&Placed, String)> {
    let reads = Reads::default();
    let file = reading.as_rules_see_it(&reads);
    let stages = reading.file.stages.iter().flat_map(|stage| {
        let own = stage.instructions.clone();
        file.weights(stage).into_iter().filter(move |(at, _)| own.contains(at))
    });
    let much = stages.filter(|(_, weight)| weight.added.on_disk >= MUCH);
    let label = |weight: Weight| match weight.is_part {
        true => format!("≥ {}", weight.added.on_disk.rounded()),
        false => format!("≈ {}", weight.added.on_disk.rounded()),
    };
    much.map(|(at, weight)| (&reading.file.instructions[at], label(weight))).collect()
}

fn one(reading: &Reading, placed: &Placed, at: u32, label: String) -> InlayHint {
    InlayHint {
        position: reading.positions.position(placed.at + at),
        label: InlayHintLabel::String(label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
