//! Findings as the protocol's diagnostics.
use super::abilities::Abilities;
use super::document::Reading;
use crate::check::Found;
use crate::rule::{Fix, Safety, Severity, Tag};
use crate::rules;
use crate::text::Span;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use tower_lsp::ls_types::{Diagnostic, DiagnosticTag, Range};

/// Who says so.
pub(super) const SOURCE: &str = "dockfix";

/// Everything that is found in a text, as a JSON array.
///
/// Written by hand but for its strings: a file of a thousand findings is published at every keystroke, and the way through
/// the protocol's own types took a third of its time.
pub(super) fn json(reading: &Reading, client: &Abilities) -> String {
    let mut out = Json { text: "[".to_owned(), reading, client };
    for (i, found) in reading.found().iter().enumerate() {
        out.text.push_str(if i == 0 { "" } else { "," });
        out.diagnostic(found);
    }
    out.text.push(']');
    out.text
}

/// Everything that is found in a text.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<Diagnostic> {
    reading.found().iter().filter_map(|f| diagnostic(reading, f, client)).collect()
}

/// One finding. None if it could not be read as it is written, which does not happen.
pub(super) fn diagnostic(reading: &Reading, found: &Found, client: &Abilities) -> Option<Diagnostic> {
    let mut out = Json { text: String::new(), reading, client };
    out.diagnostic(found);
    serde_json::from_str(&out.text).ok()
}

/// Diagnostics on their way to the client.
struct Json<'r> {
    text: String,
    reading: &'r Reading,
    client: &'r Abilities,
}

impl Json<'_> {
    fn diagnostic(&mut self, found: &Found) {
        let Found { rule, finding } = found;
        self.text.push('{');
        self.range(finding.span);
        let severity = match found.severity() {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Hint => 4,
        };
        // Names of rules need no escapes.
        let _ = write!(
            self.text,
            r#","severity":{severity},"code":"{}","source":"{SOURCE}","message":"#,
            rule.name
        );
        self.string(&finding.message);
        if let Some(page) = page(rule.name).filter(|_| self.client.code_description) {
            self.text.push_str(r#","codeDescription":{"href":"#);
            self.string(page);
            self.text.push('}');
        }
        if let Some(tag) = tag(found).filter(|_| self.client.diagnostic_tags) {
            let tag = if tag == DiagnosticTag::UNNECESSARY { 1 } else { 2 };
            let _ = write!(self.text, r#","tags":[{tag}]"#);
        }
        if self.client.related_information && !finding.related.is_empty() {
            self.text.push_str(r#","relatedInformation":["#);
            for (i, related) in finding.related.iter().enumerate() {
                self.text.push_str(if i == 0 { "" } else { "," });
                self.text.push_str(r#"{"location":{"uri":"#);
                self.string(self.reading.setting.uri.as_str());
                self.text.push(',');
                self.range(related.span);
                self.text.push_str(r#"},"message":"#);
                self.string(&related.message);
                self.text.push('}');
            }
            self.text.push(']');
        }
        if let Some(fix) = finding.fix.as_ref().filter(|_| self.client.diagnostic_data) {
            self.fix(fix);
        }
        self.text.push('}');
    }

    /// The fix, for clients that keep it.
    fn fix(&mut self, fix: &Fix) {
        self.text.push_str(r#","data":{"title":"#);
        self.string(&fix.title);
        let _ = write!(self.text, r#","safe":{},"edits":["#, fix.safety == Safety::Safe);
        for (i, edit) in fix.edits.iter().enumerate() {
            self.text.push_str(if i == 0 { "{" } else { ",{" });
            self.range(edit.span);
            self.text.push_str(r#","newText":"#);
            self.string(&edit.text);
            self.text.push('}');
        }
        self.text.push_str("]}");
    }

    fn range(&mut self, span: Span) {
        let Range { start, end } = self.reading.positions.range(span);
        let _ = write!(
            self.text,
            r#""range":{{"start":{{"line":{},"character":{}}},"end":{{"line":{},"character":{}}}}}"#,
            start.line, start.character, end.line, end.character
        );
    }

    fn string(&mut self, text: &str) {
        let plain = text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\');
        if plain {
            self.text.push('"');
            self.text.push_str(text);
            self.text.push('"');
        } else {
            self.text.push_str(&Value::from(text).to_string());
        }
    }
}

/// What an editor shows faded or struck through.
fn tag(found: &Found) -> Option<DiagnosticTag> {
    let deleted =
        |fix: &Fix| fix.edits.iter().any(|e| e.text.is_empty() && e.span.contains(found.finding.span));
    match found.finding.tag {
        Some(Tag::Deprecated) => Some(DiagnosticTag::DEPRECATED),
        Some(Tag::Unnecessary) => Some(DiagnosticTag::UNNECESSARY),
        // What a safe fix only takes out has no effect.
        None => {
            let fix = found.finding.fix.as_ref().filter(|f| f.safety == Safety::Safe)?;
            deleted(fix).then_some(DiagnosticTag::UNNECESSARY)
        }
    }
}

/// The page of a rule: its own file as published with this version, whose header is its documentation.
fn page(name: &str) -> Option<&'static str> {
    const SOURCES: &str = concat!(
        "https://docs.rs/crate/",
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION"),
        "/source/src/rules"
    );
    static PAGES: LazyLock<HashMap<&str, String>> = LazyLock::new(|| {
        let of = |e: &rules::Entry| format!("{SOURCES}/{}/{}.rs", e.theme, e.rule.name.replace('-', "_"));
        rules::ALL.iter().map(|e| (e.rule.name, of(e))).collect()
    });
    PAGES.get(name).map(String::as_str)
}
