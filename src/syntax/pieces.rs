//! A text with holes: what BuildKit reads once continuations, comment lines and blank lines are taken out.
use crate::text::Span;

/// Sorted spans of one text that are read as if they followed each other.
///
/// Offsets stay those of the whole text, so nothing ever has to be mapped back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces(pub Vec<Span>);

impl Pieces {
    /// What is left of `text` between `within.start` and `within.end` when the holes are skipped.
    pub fn read(&self, text: &str, within: Span) -> String {
        self.clip(within).0.iter().map(|p| p.of(text)).collect()
    }

    /// The pieces that lie inside `within`, cut at its ends.
    pub fn clip(&self, within: Span) -> Pieces {
        let first = self.0.partition_point(|p| p.end <= within.start);
        let inside = self.0[first..].iter().take_while(|p| p.start < within.end);
        Pieces(
            inside.map(|p| Span { start: p.start.max(within.start), end: p.end.min(within.end) }).collect(),
        )
    }

    /// The first offset at or behind `from`, and inside the pieces, whose byte satisfies `wanted`.
    pub fn find(&self, text: &str, from: u32, wanted: impl Fn(u8) -> bool) -> Option<u32> {
        let first = self.0.partition_point(|p| p.end <= from);
        self.0[first..]
            .iter()
            .flat_map(|p| p.start.max(from)..p.end)
            .find(|at| wanted(text.as_bytes()[*at as usize]))
    }

    /// The smallest span that holds every piece; empty when there is none.
    pub fn span(&self) -> Span {
        match (self.0.first(), self.0.last()) {
            (Some(first), Some(last)) => first.to(*last),
            _ => Span::default(),
        }
    }
}
