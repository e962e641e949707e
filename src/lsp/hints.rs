//! Inlay hints: what a variable base image is, how large it is on disk, and the number of a stage without a name.
use super::document::Reading;
use crate::facts;
use crate::text::Span;
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel};

/// The hints in `within`.
pub(super) fn all(reading: &Reading, within: Span) -> Vec<InlayHint> {
    let file = &reading.file;
    let mut out = vec![];
    for (index, stage) in file.stages.iter().enumerate() {
        let placed = &file.instructions[stage.instructions.start];
        let Some(from) = placed.node.from.as_ref().filter(|_| placed.span().touches(within)) else {
            continue;
        };
        let mut hint = |at: u32, label: String| {
            out.push(InlayHint {
                position: reading.positions.position(placed.at + at),
                label: InlayHintLabel::String(label),
                kind: Some(InlayHintKind::TYPE),
                text_edits: None,
                tooltip: None,
                padding_left: Some(true),
                padding_right: None,
                data: None,
            });
        };
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
    out
}
