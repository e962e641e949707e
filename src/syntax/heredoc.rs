//! Here-documents, found the way BuildKit's own word splitter finds them.
use crate::text::Span;

/// A here-document of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The delimiter, without quotes.
    pub name: String,
    /// Whether variables in the body are expanded (the delimiter carries no quote).
    pub expand: bool,
    /// `<<-`: leading tabs of the body and of the delimiter are dropped.
    pub strip_tabs: bool,
    /// The lines between the instruction's own line and the delimiter's.
    pub body: Span,
    /// The delimiter's own line, its ending excluded.
    pub end: Span,
}

/// A delimiter that a line announces.
pub(super) struct Announced {
    pub(super) name: String,
    pub(super) expand: bool,
    pub(super) strip_tabs: bool,
}

/// The here-documents that a joined logical line announces, in order.
///
/// BuildKit splits the line into words with quotes kept, and takes a word of the form `[digits]<<[-]delimiter`.
/// A line that its word splitter refuses (an open quote, `${x[0]}`) announces none.
pub(super) fn announced(line: &str) -> Vec<Announced> {
    words(line, true).unwrap_or_default().iter().filter_map(|w| announcement(w)).collect()
}

fn announcement(word: &str) -> Option<Announced> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (strip_tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let (plain, quoted) = (words(rest, false)?, words(rest, true)?);
    let [name] = plain.as_slice() else { return None };
    Some(Announced { name: name.clone(), expand: quoted.first() == Some(name), strip_tabs })
}

/// Splits at blanks outside quotes. `raw` keeps quotes and escapes as they stand. None where BuildKit reports an
/// error: an unterminated quote or a substitution that it does not know.
fn words(line: &str, raw: bool) -> Option<Vec<String>> {
    let mut out = vec![];
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => out.extend(word.take()),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                if raw {
                    word.push(c);
                }
                loop {
                    match chars.next()? {
                        q if q == c => break,
                        '\\' if c == '"' => {
                            let escaped = chars.next()?;
                            if raw || !matches!(escaped, '"' | '$' | '\\') {
                                word.push('\\');
                            }
                            word.push(escaped);
                        }
                        '$' if c == '"' => substitution(&mut chars, word)?,
                        other => word.push(other),
                    }
                }
                if raw {
                    word.push(c);
                }
            }
            '\\' => {
                let word = word.get_or_insert_default();
                if raw {
                    word.push('\\');
                }
                // A backslash at the very end of a line stands for itself.
                match chars.next() {
                    Some(escaped) => word.push(escaped),
                    None if !raw => word.push('\\'),
                    None => {}
                }
            }
            '$' => substitution(&mut chars, word.get_or_insert_default())?,
            other => word.get_or_insert_default().push(other),
        }
    }
    out.extend(word);
    Some(out)
}

/// Copies what follows a `$`; None for a substitution that BuildKit refuses.
fn substitution(chars: &mut std::iter::Peekable<std::str::Chars>, word: &mut String) -> Option<()> {
    word.push('$');
    if chars.peek() != Some(&'{') {
        return Some(());
    }
    word.extend(chars.next());
    if matches!(chars.peek(), None | Some('{' | '}' | ':')) {
        return None;
    }
    while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
        word.push(c);
    }
    match chars.next()? {
        '}' => {
            word.push('}');
            return Some(());
        }
        ':' => {
            word.push(':');
            word.push(chars.next().filter(|c| matches!(c, '+' | '-' | '?'))?);
        }
        c @ ('+' | '-' | '?' | '#' | '%' | '/') => word.push(c),
        _ => return None,
    }
    loop {
        match chars.next()? {
            '}' => {
                word.push('}');
                return Some(());
            }
            '$' => substitution(chars, word)?,
            '\\' => word.extend(['\\', chars.next()?]),
            c @ ('\'' | '"') => {
                word.push(c);
                loop {
                    let inner = chars.next()?;
                    word.push(inner);
                    if inner == c {
                        break;
                    }
                }
            }
            c => word.push(c),
        }
    }
}
