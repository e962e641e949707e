//! Places in a text as the client counts them. The only module that knows what a column is made of.
use crate::text::Span;
use ropey::Rope;
use std::sync::Arc;
use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The best of those that the client offers: bytes need no conversion. Without an offer, UTF-16.
    pub(super) fn of(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind| offered.is_some_and(|all| all.contains(&kind));
        if offers(PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many columns `text` takes.
    pub(super) fn width(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        };
        width as u32
    }

    /// The offset of `column` in `line`, which has no line ending: at most its end, and never inside a character.
    fn offset(self, line: &str, column: u32) -> usize {
        let mut left = column as usize;
        for (at, c) in line.char_indices() {
            let width = match self {
                Self::Utf8 => c.len_utf8(),
                Self::Utf16 => c.len_utf16(),
                Self::Utf32 => 1,
            };
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }

    /// The index of the character at `position` of `rope`: at most the end of its line, and never inside a character.
    pub(super) fn char_in(self, rope: &Rope, position: Position) -> usize {
        let line = position.line as usize;
        if line >= rope.len_lines() {
            return rope.len_chars();
        }
        let start = rope.line_to_char(line);
        let slice = rope.line(line);
        let ending =
            slice.chars_at(slice.len_chars()).reversed().take_while(|c| matches!(c, '\n' | '\r')).count();
        let slice = slice.slice(..slice.len_chars() - ending);
        let column = position.character as usize;
        start
            + match self {
                Self::Utf8 => slice.byte_to_char(column.min(slice.len_bytes())),
                Self::Utf16 => slice.utf16_cu_to_char(column.min(slice.len_utf16_cu())),
                Self::Utf32 => column.min(slice.len_chars()),
            }
    }
}

/// The lines of one version of a text.
#[derive(Debug)]
pub(super) struct Positions {
    text: Arc<str>,
    starts: Vec<u32>,
    encoding: Encoding,
}

impl Positions {
    /// Finds the lines of `text`. They end as the protocol says: by `\n`, `\r\n` or a lone `\r`.
    pub(super) fn new(text: Arc<str>, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        Self { text, starts, encoding }
    }

    /// What columns count.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The line that `offset` stands on, from 0.
    pub(super) fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|s| *s <= offset) as u32 - 1
    }

    /// The span of a line, its ending excluded; None behind the last line.
    pub(super) fn line(&self, line: u32) -> Option<Span> {
        let start = *self.starts.get(line as usize)?;
        let end = self.starts.get(line as usize + 1).map_or(self.text.len(), |e| *e as usize);
        let content = self.text[start as usize..end].trim_end_matches(['\n', '\r']);
        Some(Span { start, end: start + content.len() as u32 })
    }

    /// Where `offset` stands.
    pub(super) fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let before = &self.text[self.starts[line as usize] as usize..offset as usize];
        Position { line, character: self.encoding.width(before) }
    }

    /// The same, found at once where that is `line` or one close behind it.
    pub(super) fn position_near(&self, offset: u32, line: u32) -> Position {
        let close = self.starts.get(line as usize..).unwrap_or_default();
        let close = &close[..close.len().min(8)];
        let behind = close.iter().take_while(|start| **start <= offset).count();
        // Not in front of the first of them, nor behind the last.
        if (1..close.len()).contains(&behind) {
            let line = line + behind as u32 - 1;
            let before = &self.text[self.starts[line as usize] as usize..offset as usize];
            return Position { line, character: self.encoding.width(before) };
        }
        self.position(offset)
    }

    /// Where `span` stands.
    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The offset of `position`; places behind the end of a line, or of the text, are the end of it.
    pub(super) fn offset(&self, position: Position) -> u32 {
        let Some(line) = self.line(position.line) else { return self.text.len() as u32 };
        line.start + self.encoding.offset(line.of(&self.text), position.character) as u32
    }

    /// The bytes of `range`.
    pub(super) fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span { start, end: self.offset(range.end).max(start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_one_place_and_the_rope_agrees() {
        let text = "FROM 🐳\r\n\tRUN é\u{301} \rX\n\n日本";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let positions = Positions::new(text.into(), encoding);
            let rope = Rope::from_str(text);
            assert_eq!(positions.starts.len(), rope.len_lines());
            for (at, c) in text.char_indices().filter(|(_, c)| !matches!(c, '\r' | '\n')) {
                let place = positions.position(at as u32);
                assert_eq!(positions.offset(place), at as u32, "{encoding:?} {c:?}");
                assert_eq!(rope.char_to_byte(encoding.char_in(&rope, place)), at, "{encoding:?} {c:?}");
            }
        }
    }

    #[test]
    fn places_out_of_range_and_inside_a_character_are_the_nearest_before() {
        let text = "a🐳b\r\n";
        for (encoding, column, offset) in [
            (Encoding::Utf16, 2, 1),
            (Encoding::Utf16, 3, 5),
            (Encoding::Utf8, 3, 1),
            (Encoding::Utf16, 99, 6),
            (Encoding::Utf32, 99, 6),
            (Encoding::Utf8, u32::MAX, 6),
        ] {
            let place = Position { line: 0, character: column };
            assert_eq!(Positions::new(text.into(), encoding).offset(place), offset, "{encoding:?} {column}");
            let rope = Rope::from_str(text);
            assert_eq!(
                rope.char_to_byte(encoding.char_in(&rope, place)) as u32,
                offset,
                "{encoding:?} {column}"
            );
        }
        let below = Position { line: u32::MAX, character: 0 };
        assert_eq!(Positions::new(text.into(), Encoding::Utf16).offset(below), 8);
        assert_eq!(Encoding::Utf16.char_in(&Rope::from_str(text), below), 5);
    }
}
