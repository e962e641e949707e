//! Findings as the protocol's diagnostics.
use super::abilities::Abilities;
use super::document::Reading;
use super::position::Positions;
use crate::check::{Found, FoundFix};
use crate::rule::{Safety, Severity, Tag};
use crate::rules;
use crate::text::Span;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;
use tower_lsp::ls_types::{Diagnostic, DiagnosticTag};

/// Who says so.
pub(super) const SOURCE: &str = "dockfix";

/// Everything that is found in a text, as a JSON array.
///
/// Put together by hand of what serde_json and itoa write: a file of a thousand findings is published at every keystroke,
/// and the way through the protocol's own types took a third of its time.
pub(super) fn json(reading: &Reading, client: &Abilities) -> Vec<u8> {
    let found = reading.found();
    // What a finding comes to, so that the text hardly ever moves.
    let mut text = Vec::with_capacity(found.len() * 600 + 2);
    let mut line = 0;
    text.push(b'[');
    for (i, found) in found.iter().enumerate() {
        text.extend_from_slice(if i == 0 { b"" } else { b"," });
        let template = found.note(|found| Template::of(found, reading, client));
        template.write(found.offset(), &reading.positions, &mut line, &mut text);
    }
    text.push(b']');
    text
}

/// Everything that is found in a text.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<Diagnostic> {
    serde_json::from_slice(&json(reading, client)).unwrap_or_default()
}

/// One finding. None if it could not be read as it is written, which does not happen.
pub(super) fn diagnostic(reading: &Reading, found: &Found, client: &Abilities) -> Option<Diagnostic> {
    let mut text = vec![];
    let template = found.note(|found| Template::of(found, reading, client));
    template.write(found.offset(), &reading.positions, &mut 0, &mut text);
    serde_json::from_slice(&text).ok()
}

/// A diagnostic without the places in it, which is the same wherever the finding moves. As many as there are findings are
/// kept, so it holds no more than it must.
struct Template {
    head: &'static str,
    /// What follows the head.
    rest: Box<str>,
    /// Where the ranges go into the rest, and what they are ranges of, less the offset of the finding.
    ranges: Box<[(u32, Span)]>,
}

impl Template {
    fn of(found: &Found, reading: &Reading, client: &Abilities) -> Self {
        let uri = reading.setting.uri.as_str();
        let mut out = Json { rest: String::new(), ranges: vec![], uri, offset: found.offset(), client };
        out.diagnostic(found);
        let head = head(found.rule.name, client);
        Self { head, rest: out.rest.into(), ranges: out.ranges.into() }
    }

    /// Writes the diagnostic of a finding at `offset`. `line` is one near it, and then its own.
    fn write(&self, offset: u32, positions: &Positions, line: &mut u32, out: &mut Vec<u8>) {
        out.extend_from_slice(self.head.as_bytes());
        let mut from = 0;
        let mut digits = itoa::Buffer::new();
        for (to, span) in &self.ranges {
            let to = *to as usize;
            out.extend_from_slice(&self.rest.as_bytes()[from..to]);
            from = to;
            let span = span.shift(offset);
            let start = positions.position_near(span.start, *line);
            let end = positions.position_near(span.end, start.line);
            *line = start.line;
            for (name, number) in [
                (r#""range":{"start":{"line":"#, start.line),
                (r#","character":"#, start.character),
                (r#"},"end":{"line":"#, end.line),
                (r#","character":"#, end.character),
            ] {
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(digits.format(number).as_bytes());
            }
            out.extend_from_slice(b"}}");
        }
        out.extend_from_slice(&self.rest.as_bytes()[from..]);
    }
}

/// A template in the making.
struct Json<'r> {
    rest: String,
    ranges: Vec<(u32, Span)>,
    uri: &'r str,
    offset: u32,
    client: &'r Abilities,
}

impl Json<'_> {
    fn diagnostic(&mut self, found: &Found) {
        self.put(",");
        self.range(found.span());
        self.put(match found.severity() {
            Severity::Error => r#","severity":1"#,
            Severity::Warning => r#","severity":2"#,
            Severity::Hint => r#","severity":4"#,
        });
        self.put(r#","message":"#);
        self.string(found.message());
        if let Some(tag) = tag(found).filter(|_| self.client.diagnostic_tags) {
            self.put(if tag == DiagnosticTag::UNNECESSARY { r#","tags":[1]"# } else { r#","tags":[2]"# });
        }
        let related = found.related();
        if self.client.related_information && related.len() > 0 {
            self.put(r#","relatedInformation":"#);
            self.list(related, |out, (span, message)| {
                out.put(r#"{"location":{"uri":"#);
                out.string(out.uri);
                out.put(",");
                out.range(span);
                out.put(r#"},"message":"#);
                out.string(message);
                out.put("}");
            });
        }
        if let Some(fix) = found.fix().filter(|_| self.client.diagnostic_data) {
            self.fix(fix);
        }
        self.put("}");
    }

    /// The fix, for clients that keep it.
    fn fix(&mut self, fix: FoundFix) {
        self.put(r#","data":{"title":"#);
        self.string(fix.title());
        self.put(if fix.safety() == Safety::Safe { r#","safe":true"# } else { r#","safe":false"# });
        self.put(r#","edits":"#);
        self.list(fix.changes(), |out, (span, text)| {
            out.put("{");
            out.range(span);
            out.put(r#","newText":"#);
            out.string(text);
            out.put("}");
        });
        self.put("}");
    }

    fn range(&mut self, span: Span) {
        self.ranges.push((self.rest.len() as u32, span.shift(self.offset.wrapping_neg())));
    }

    fn list<T>(&mut self, all: impl IntoIterator<Item = T>, one: impl Fn(&mut Self, T)) {
        self.put("[");
        for (i, item) in all.into_iter().enumerate() {
            self.put(if i == 0 { "" } else { "," });
            one(self, item);
        }
        self.put("]");
    }

    fn put(&mut self, text: &str) {
        self.rest.push_str(text);
    }

    fn string(&mut self, text: &str) {
        self.put(&Value::from(text).to_string());
    }
}

/// What an editor shows faded or struck through.
fn tag(found: &Found) -> Option<DiagnosticTag> {
    let deleted =
        |fix: FoundFix| fix.changes().any(|(span, text)| text.is_empty() && span.contains(found.span()));
    match found.tag() {
        Some(Tag::Deprecated) => Some(DiagnosticTag::DEPRECATED),
        Some(Tag::Unnecessary) => Some(DiagnosticTag::UNNECESSARY),
        // What a safe fix only takes out has no effect.
        None => {
            let fix = found.fix().filter(|f| f.safety() == Safety::Safe)?;
            deleted(fix).then_some(DiagnosticTag::UNNECESSARY)
        }
    }
}

/// How every diagnostic of a rule begins: with its name, who says so, and its page for clients that lead there.
fn head(name: &str, client: &Abilities) -> &'static str {
    const ANY: &str = r#"{"source":"dockfix""#;
    static HEADS: LazyLock<HashMap<&str, [String; 2]>> = LazyLock::new(|| {
        let plain = |name: &str| format!(r#"{ANY},"code":"{name}""#);
        let described = |e: &rules::Entry| {
            format!(r#"{},"codeDescription":{{"href":"{}"}}"#, plain(e.rule.name), page(e))
        };
        rules::ALL.iter().map(|e| (e.rule.name, [plain(e.rule.name), described(e)])).collect()
    });
    HEADS.get(name).map_or(ANY, |heads| &heads[usize::from(client.code_description)])
}

/// The page of a rule: its own file as published with this version, whose header is its documentation.
fn page(entry: &rules::Entry) -> String {
    const SOURCES: &str = concat!(
        "https://docs.rs/crate/",
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION"),
        "/source/src/rules"
    );
    format!("{SOURCES}/{}/{}.rs", entry.theme, entry.rule.name.replace('-', "_"))
}
