//! Findings as the protocol's diagnostics.
use super::abilities::Abilities;
use super::document::Reading;
use crate::check::Found;
use crate::rule::{Fix, Related, Safety, Severity, Tag};
use crate::rules;
use crate::text::Edit;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::LazyLock;
use tower_lsp::ls_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, Range,
};

/// Who says so.
pub(super) const SOURCE: &str = "dockfix";

/// Everything that is found in a text, as JSON. Written as it is found: the protocol's own types hold texts of their own, and
/// a file of a thousand findings is published at every keystroke.
pub(super) fn json(reading: &Reading, client: &Abilities) -> Box<RawValue> {
    let all: Vec<Wire> = reading.found().iter().map(|f| wire(reading, f, client)).collect();
    // Only a map whose keys are no strings cannot be written, and there is none.
    serde_json::value::to_raw_value(&all).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Nothing, as JSON.
pub(super) fn none() -> Box<RawValue> {
    RawValue::from_string("[]".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Everything that is found in a text.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<Diagnostic> {
    reading.found().iter().filter_map(|f| diagnostic(reading, f, client)).collect()
}

/// One finding. None if it could not be read as it is written, which does not happen.
pub(super) fn diagnostic(reading: &Reading, found: &Found, client: &Abilities) -> Option<Diagnostic> {
    serde_json::from_value(serde_json::to_value(wire(reading, found, client)).ok()?).ok()
}

/// A diagnostic on its way to the client.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'f> {
    range: Range,
    severity: DiagnosticSeverity,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_description: Option<Page>,
    source: &'static str,
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[DiagnosticTag; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<DiagnosticRelatedInformation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'f>>,
}

/// The fix, for clients that keep it.
#[derive(Serialize)]
struct Data<'f> {
    title: &'f str,
    safe: bool,
    edits: Vec<WireEdit<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEdit<'f> {
    range: Range,
    new_text: &'f str,
}

fn wire<'f>(reading: &Reading, found: &'f Found, client: &Abilities) -> Wire<'f> {
    let Found { rule, finding } = found;
    let range = |span| reading.positions.range(span);
    let related = |r: &Related| DiagnosticRelatedInformation {
        location: Location { uri: reading.setting.uri.clone(), range: range(r.span) },
        message: r.message.clone(),
    };
    let edit = |e: &'f Edit| WireEdit { range: range(e.span), new_text: &e.text };
    let data = |f: &'f Fix| Data {
        title: &f.title,
        safe: f.safety == Safety::Safe,
        edits: f.edits.iter().map(edit).collect(),
    };
    Wire {
        range: range(finding.span),
        severity: match found.severity() {
            Severity::Hint => DiagnosticSeverity::HINT,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Error => DiagnosticSeverity::ERROR,
        },
        code: rule.name,
        code_description: client.code_description.then(|| page(rule.name)).flatten(),
        source: SOURCE,
        message: &finding.message,
        tags: tag(found).filter(|_| client.diagnostic_tags).map(|t| [t]),
        related_information: match client.related_information {
            true => finding.related.iter().map(related).collect(),
            false => vec![],
        },
        data: finding.fix.as_ref().filter(|_| client.diagnostic_data).map(data),
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

/// The page of a rule, as the protocol has it.
#[derive(Clone, Copy, Serialize)]
struct Page {
    href: &'static str,
}

/// The page of a rule: its own file as published with this version, whose header is its documentation.
fn page(name: &str) -> Option<Page> {
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
    PAGES.get(name).map(|href| Page { href })
}
