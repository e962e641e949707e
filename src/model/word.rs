//! Words: what a program or an instruction is given, and how it was written.
use crate::text::Span;

/// How a word is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    Bare,
    /// Wholly in `'…'`.
    Single,
    /// Wholly in `"…"`.
    Double,
    /// In part, or with escapes.
    Mixed,
    /// A string of a JSON array.
    Json,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, quotes included.
    pub span: Span,
    /// Its value with quotes and escapes removed; expansions are kept as they are written.
    pub value: String,
    /// How it is written.
    pub quoting: Quoting,
    /// Whether the value is known from the file alone: no variable, substitution, glob, brace or tilde.
    pub literal: bool,
}

impl Word {
    /// Whether the word is an option: it begins with `-` and is more than that.
    pub fn is_flag(&self) -> bool {
        self.value.len() > 1 && self.value.starts_with('-')
    }

    /// Reads a shell word.
    pub(super) fn shell(raw: &str, span: Span) -> Self {
        let (mut value, mut literal) = (String::with_capacity(raw.len()), true);
        let (mut quoted, mut bare) = (0, false);
        let mut chars = raw.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            match c {
                '\'' => {
                    quoted += 1;
                    value.extend(chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '\''));
                }
                '"' => {
                    quoted += 1;
                    while let Some((_, c)) = chars.next() {
                        match c {
                            '"' => break,
                            '\\' => match chars.next() {
                                Some((_, c @ ('"' | '\\' | '$' | '`'))) => value.push(c),
                                Some((_, c)) => value.extend(['\\', c]),
                                None => {}
                            },
                            c => {
                                literal &= !matches!(c, '$' | '`');
                                value.push(c);
                            }
                        }
                    }
                }
                '\\' => {
                    bare = true;
                    quoted += 1;
                    value.extend(chars.next().map(|(_, c)| c));
                }
                c => {
                    bare = true;
                    literal &= match c {
                        '$' | '`' | '*' | '?' | '[' | '{' | '<' | '>' => false,
                        '~' => i != 0,
                        _ => true,
                    };
                    value.push(c);
                }
            }
        }
        let quoting = match (quoted, bare) {
            (0, _) => Quoting::Bare,
            (1, false) if raw.starts_with('\'') => Quoting::Single,
            (1, false) => Quoting::Double,
            _ => Quoting::Mixed,
        };
        Self { span, value, quoting, literal }
    }

    /// Reads a word of an instruction: BuildKit knows quotes, escapes and variables, and no globs.
    pub(super) fn docker(raw: &str, span: Span, escape: char) -> Self {
        let (mut value, mut literal) = (String::with_capacity(raw.len()), true);
        let (mut quote, mut pairs, mut bare) = (None, 0, false);
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            match quote {
                None if c == '\'' || c == '"' => quote = Some(c),
                Some(q) if q == c => {
                    quote = None;
                    pairs += 1;
                }
                _ if c == escape && quote != Some('\'') => {
                    bare |= quote.is_none();
                    let next = chars.next();
                    if quote.is_some() && !matches!(next, Some('"' | '$')) && next != Some(escape) {
                        value.push(c);
                    }
                    value.extend(next);
                }
                _ => {
                    bare |= quote.is_none();
                    literal &= c != '$' || quote == Some('\'');
                    value.push(c);
                }
            }
        }
        let quoting = match (pairs, bare) {
            (0, _) if !raw.contains(escape) => Quoting::Bare,
            (1, false) if raw.starts_with('\'') => Quoting::Single,
            (1, false) => Quoting::Double,
            _ => Quoting::Mixed,
        };
        Self { span, value, quoting, literal }
    }

    /// Reads a string of a JSON array, quotes included.
    pub(super) fn json(raw: &str, span: Span) -> Self {
        let value = serde_json::from_str(raw).unwrap_or_else(|_| raw.trim_matches('"').to_owned());
        Self { span, value, quoting: Quoting::Json, literal: true }
    }
}
