//! # `ENV` or `LABEL` in the old form, without `=`
//!
//! `ENV NAME value` takes all the rest of the line as one value. A second pair on the line silently becomes part of the
//! first one, and Docker discourages the form. `NAME="value"` says where the value ends.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -ENV PYTHONUNBUFFERED 1
//! +ENV PYTHONUNBUFFERED=1
//! -ENV JAVA_OPTS -Dname="$APP" -Dmode='prod'
//! +ENV JAVA_OPTS="-Dname=$APP -Dmode=prod"
//! ```
//!
//! The value stays what it was, to the last blank: quotes that BuildKit drops are dropped, and lines stay lines.
//!
//! ```diff
//!  FROM debian:13-slim
//! -ENV PACKAGES curl \
//! +ENV PACKAGES="curl \
//!      # for the health check
//! -    git
//! +    git"
//! ```
//!
//! Where the value is probably not what its author meant, it is only reported:
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! ENV LANG C.UTF-8 \
//!     TZ UTC
//! ENV PORT = 8000
//! ENV DEBUG 1 # for now
//! ```
//!
//! ```dockerfile
//! FROM debian:13-slim
//! ENV LANG=C.UTF-8 TZ="UTC"
//! LABEL "description"="one two"
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "legacy-key-value",
    aliases: &["LegacyKeyValueFormat"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let Some((pair, value)) =
        here.instruction.pairs.iter().filter(|p| p.legacy).find_map(|p| Some((p, p.value.as_ref()?)))
    else {
        return vec![];
    };
    let name = pair.name.span;
    let raw = here.instruction.read(value.span);
    if let Some(doubt) = doubt(here, &raw, value.span) {
        return vec![Finding::new(name.to(value.span), doubt)];
    }
    let message = "a blank instead of `=` makes all the rest of the line one value";
    let fix = edits(here, pair, value.span)
        .map(|edits| Fix::safe(Scope::Format, format!("Write `{}=…`", pair.name.value), edits));
    vec![Finding::new(name, message).fix(fix)]
}

/// Why the value is hardly what was meant.
fn doubt(here: &Here, raw: &str, value: Span) -> Option<String> {
    if raw.starts_with('=') {
        return Some("with a blank before it, the `=` is the first character of the value".into());
    }
    if !raw.contains(['"', '\'']) && raw.contains(" # ") {
        return Some(
            "the value goes on to the end of the line: what looks like a comment is part of it".into(),
        );
    }
    // A further pair on a line of its own.
    let pieces = here.instruction.pieces.clip(value);
    let further = pieces.0.iter().skip(1).find_map(|p| {
        let mut words = p.of(&here.instruction.text).split_whitespace();
        let word = words.next()?;
        let name = word.split('=').next()?;
        let is_name = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        (is_name && (name != word || words.next().is_some())).then_some(name)
    })?;
    Some(format!(
        "the value goes on to the end of the instruction: `{further}` is part of it, not a name of its own"
    ))
}

/// The edits that make it `name=value` with the very same value; None where that cannot be had.
fn edits(here: &Here, pair: &Pair, value: Span) -> Option<Vec<Edit>> {
    let (text, escape) = (&here.instruction.text, here.escape());
    let gap = Span { start: pair.name.span.end, end: value.start };
    let comment_in_gap = here.instruction.comments.iter().any(|c| gap.contains(*c));
    let name = pair.name.span.of(text);
    if comment_in_gap || name.contains(['"', '\'', '$', '\\', '`', '\n']) || name.ends_with(escape) {
        return None;
    }
    let before = Value::read(&here.instruction.read(value), escape)?;
    if !before.is_several_words {
        return Some(vec![Edit::replace(gap, "=")]);
    }
    let mut edits = vec![Edit::replace(gap, "=\""), Edit::insert(value.end, "\"")];
    let pieces = here.instruction.pieces.clip(value);
    let place =
        |p: &Span| p.of(text).char_indices().map(|(i, c)| (p.start + i as u32, c)).collect::<Vec<_>>();
    let mut chars = pieces.0.iter().flat_map(place);
    let (mut quote, mut new) = (None, String::from("\""));
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            ('"' | '\'', None) => {
                quote = Some(c);
                edits.push(Edit::delete(Span { start: at, end: at + 1 }));
                continue;
            }
            (c, Some(q)) if c == q => {
                quote = None;
                edits.push(Edit::delete(Span { start: at, end: at + 1 }));
                continue;
            }
            (c, Some('\'')) if c == '"' || c == '$' || c == escape => {
                edits.push(Edit::insert(at, escape));
                new.push(escape);
            }
            (c, None | Some('"')) if c == escape => {
                let (_, next) = chars.next()?;
                if quote.is_some() || next == '"' || next == '$' || next == escape {
                    new.push(escape);
                } else {
                    edits.push(Edit::delete(Span { start: at, end: at + 1 }));
                }
                new.push(next);
                continue;
            }
            _ => {}
        }
        new.push(c);
    }
    new.push('"');
    let after = Value::read(&new, escape)?;
    (after.parts == before.parts && !after.is_several_words).then_some(edits)
}

/// What BuildKit makes of a value.
struct Value {
    /// Its characters, and its variables as they are written.
    parts: Vec<String>,
    /// Written with `=`, it would be several words: a blank stands outside quotes.
    is_several_words: bool,
}

impl Value {
    /// None for what BuildKit refuses, and for substitutions with quotes or escapes in them.
    fn read(raw: &str, escape: char) -> Option<Self> {
        let mut out = Self { parts: vec![], is_several_words: false };
        let (mut quote, mut rest) = (None, raw.chars());
        while let Some(c) = rest.next() {
            match c {
                '"' | '\'' if quote.is_none() => quote = Some(c),
                c if quote == Some(c) => quote = None,
                '$' if quote != Some('\'') => {
                    let len = variable(rest.as_str())?;
                    out.is_several_words |=
                        quote.is_none() && rest.as_str()[..len].contains(char::is_whitespace);
                    out.parts.push(format!("${}", &rest.as_str()[..len]));
                    rest = rest.as_str()[len..].chars();
                }
                c if c == escape && quote != Some('\'') => {
                    let next = rest.next()?;
                    if quote.is_some() && next != '"' && next != '$' && next != escape {
                        out.parts.push(c.into());
                    }
                    out.parts.push(next.into());
                }
                c => {
                    out.is_several_words |= quote.is_none() && c.is_whitespace();
                    out.parts.push(c.into());
                }
            }
        }
        quote.is_none().then_some(out)
    }
}

/// The length of the variable's name, or of the braces, behind a `$`.
fn variable(rest: &str) -> Option<usize> {
    if !rest.starts_with('{') {
        return Some(rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()));
    }
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    })?;
    (!rest[..end].contains(['"', '\'', '\\', '`'])).then_some(end + 1)
}
