//! Bytes, spans, edits and lines. Knows nothing of Docker.

/// A half-open range of byte offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`. Texts are below 4 GiB (see [`MAX_LEN`]).
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }
    /// The empty span at `offset`.
    pub fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }
    /// The same span, `by` bytes further on. A distance back is the number that wraps around to it.
    pub fn shift(self, by: u32) -> Self {
        Self { start: self.start.wrapping_add(by), end: self.end.wrapping_add(by) }
    }
    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
    /// As a range of indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
    /// The bytes of `text` that it covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
    /// Whether `other` lies inside it.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// Whether the two share a byte or meet at an offset.
    pub fn touches(self, other: Span) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// The longest text that is read, in bytes: offsets are 32 bits wide.
pub const MAX_LEN: usize = u32::MAX as usize - 1;

/// Replace `span` with `text`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced, in offsets of the text before any edit.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

impl Edit {
    /// Put `text` at `offset`.
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self { span: Span::at(offset), text: text.into() }
    }
    /// Put `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
    /// Take `span` out.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
    /// By how many bytes the text grows (negative: shrinks).
    pub fn growth(&self) -> i64 {
        self.text.len() as i64 - i64::from(self.span.end - self.span.start)
    }
}

/// `text` with all `edits` made. They are sorted by span and do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut last = 0;
    for edit in edits {
        out.push_str(&text[last..edit.span.start as usize]);
        out.push_str(&edit.text);
        last = edit.span.end as usize;
    }
    out.push_str(&text[last..]);
    out
}

/// The one edit that makes `new` of `old`: what lies between the bytes that both begin and end with. None where they are
/// the same.
pub fn difference(old: &str, new: &str) -> Option<Edit> {
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let mut start = common(a, b);
    if start == a.len() && start == b.len() {
        return None;
    }
    while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
        start -= 1;
    }
    let mut same = common_end(&a[start..], &b[start..]);
    while !old.is_char_boundary(a.len() - same) || !new.is_char_boundary(b.len() - same) {
        same -= 1;
    }
    Some(Edit::replace(Span::new(start, a.len() - same), &new[start..b.len() - same]))
}

/// Blocks of this many bytes are compared as a whole, which is many times faster than byte by byte.
const BLOCK: usize = 256;

/// How many bytes both begin with.
fn common(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(x, y)| x == y).count();
    let from = blocks * BLOCK;
    from + a[from..].iter().zip(&b[from..]).take_while(|(x, y)| x == y).count()
}

/// How many bytes both end with.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - blocks * BLOCK], &b[..b.len() - blocks * BLOCK]);
    blocks * BLOCK + a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count()
}

/// The line ending that `text` uses: that of its first line, `\n` when it has one line only.
pub fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(i) if text[..i].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line number, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// Finds the line of an offset.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    /// Indexes the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect();
        Self { text, starts }
    }
    /// Where `offset` stands.
    pub fn place(&self, offset: u32) -> Place {
        let line = self.starts.partition_point(|s| *s <= offset) - 1;
        let before = &self.text[self.starts[line] as usize..offset as usize];
        Place { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
    /// The span of line `line` (from 1), its ending included; empty behind the last line.
    pub fn line(&self, line: u32) -> Span {
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(self.text.len() as u32);
        let end = self.starts.get(line as usize).copied().unwrap_or(self.text.len() as u32);
        Span { start, end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_the_smallest_edit_on_character_boundaries() {
        let long = "é🐳x".repeat(300);
        let (longer, other) = (format!("{long}y{long}"), format!("{long}z{long}"));
        for (old, new, edited) in [
            ("abc", "abc", None),
            ("", "x", Some(0)),
            ("aaa", "aa", Some(1)),
            ("aa", "aaaa", Some(0)),
            ("🐳", "🐋", Some(4)),
            ("x🐳🐳y", "x🐳y", Some(4)),
            ("é", "è", Some(2)),
            ("a\r\nb", "a\nb", Some(1)),
            (&longer, &other, Some(1)),
            (&longer, &long, Some(longer.len() - long.len())),
        ] {
            let edit = difference(old, new);
            assert_eq!(edit.as_ref().map(|e| e.span.range().len()), edited, "{old:?}");
            assert_eq!(apply(old, edit.as_slice()), new, "{old:?}");
        }
    }
}
