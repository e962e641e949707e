//! Words and quotes as BuildKit reads them.
use crate::model::Instruction;
use crate::text::Span;

/// The words of an ENV or LABEL, cut where BuildKit cuts them: at blanks outside quotes.
pub fn quoted_words(instruction: &Instruction, escape: char) -> Vec<(Span, String)> {
    let pieces = instruction.pieces.clip(instruction.body);
    let place = |p: &Span| {
        p.of(&instruction.text).char_indices().map(|(i, c)| (p.start + i as u32, c)).collect::<Vec<_>>()
    };
    let mut chars = pieces.0.iter().flat_map(place);
    let (mut out, mut word, mut quote) = (vec![], None::<(Span, String)>, None);
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            out.extend(word.take());
            continue;
        }
        let (span, text) = word.get_or_insert_with(|| (Span::at(at), String::new()));
        text.push(c);
        span.end = at + c.len_utf8() as u32;
        if c == escape && quote != Some('\'') {
            if let Some((at, next)) = chars.next() {
                text.push(next);
                span.end = at + next.len_utf8() as u32;
            }
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        }
    }
    out.extend(word);
    out
}

/// Whether a quote is opened and not closed.
pub fn has_open_quote(text: &str, escape: char) -> bool {
    let (mut quote, mut chars) = (None, text.chars());
    while let Some(c) = chars.next() {
        match c {
            c if c == escape && quote != Some('\'') => drop(chars.next()),
            c if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ => {}
        }
    }
    quote.is_some()
}

/// Whether a line begins with a placeholder of a template language, or is nothing but a name set off as one:
/// `{{ … }}`, `{% … %}`, `<% … %>`, `%%NAME%%`, `@NAME@`, `${…}`, `__NAME__`.
pub fn is_placeholder(line: &str) -> bool {
    const OPENING: &[&str] = &["{{", "{%", "{#", "<%", "<#", "%%", "${", "@@"];
    let word = line.split_whitespace().next().unwrap_or_default();
    let framed = |mark: &str| word.len() > 2 * mark.len() && word.starts_with(mark) && word.ends_with(mark);
    OPENING.iter().any(|o| word.starts_with(o)) || framed("@") || framed("%") || framed("__")
}

/// `keyword` in lower case where `model` is, in upper case elsewhere.
pub fn in_case_of(model: &str, keyword: &str) -> String {
    let lower = model.bytes().all(|b| !b.is_ascii_uppercase());
    if lower { keyword.to_ascii_lowercase() } else { keyword.to_ascii_uppercase() }
}

/// Whether `text` is a JSON array of which some part is no string; BuildKit refuses that.
pub fn is_mixed_array(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[')
        && serde_json::from_str::<Vec<serde_json::Value>>(text)
            .is_ok_and(|all| all.iter().any(|v| !v.is_string()))
}

/// `text` as a string of a JSON array.
pub fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
