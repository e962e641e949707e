//! Findings as the protocol's diagnostics.
use super::abilities::Abilities;
use super::document::Reading;
use super::edits;
use crate::check::Found;
use crate::rule::{Fix, Safety, Severity, Tag};
use crate::rules;
use serde_json::json;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString,
};

/// Who says so.
pub(super) const SOURCE: &str = "dockfix";

/// Everything that is found in a text.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<Diagnostic> {
    reading.found().iter().map(|f| diagnostic(reading, f, client)).collect()
}

/// One finding.
pub(super) fn diagnostic(reading: &Reading, found: &Found, client: &Abilities) -> Diagnostic {
    let Found { rule, finding } = found;
    let severity = match rule.severity {
        Severity::Hint => DiagnosticSeverity::HINT,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Error => DiagnosticSeverity::ERROR,
    };
    let related = client.related_information && !finding.related.is_empty();
    let related = related.then(|| {
        let one = |r: &crate::rule::Related| DiagnosticRelatedInformation {
            location: Location { uri: reading.setting.uri.clone(), range: reading.positions.range(r.span) },
            message: r.message.clone(),
        };
        finding.related.iter().map(one).collect()
    });
    let data = client.diagnostic_data.then_some(finding.fix.as_ref()).flatten().map(|f| data(reading, f));
    Diagnostic {
        range: reading.positions.range(finding.span),
        severity: Some(severity),
        code: Some(NumberOrString::String(rule.name.to_owned())),
        code_description: client.code_description.then(|| page(rule.name)).flatten(),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        related_information: related,
        tags: tag(found).filter(|_| client.diagnostic_tags).map(|t| vec![t]),
        data,
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

/// The fix, for clients that keep it.
fn data(reading: &Reading, fix: &Fix) -> serde_json::Value {
    json!({
        "title": fix.title,
        "safe": fix.safety == Safety::Safe,
        "edits": edits::text_edits(reading, &fix.edits),
    })
}

/// The page of a rule: its own file as published with this version, whose header is its documentation.
fn page(name: &str) -> Option<CodeDescription> {
    const SOURCES: &str = concat!(
        "https://docs.rs/crate/",
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION"),
        "/source/src/rules"
    );
    let entry = rules::ALL.iter().find(|e| e.rule.name == name)?;
    let file = name.replace('-', "_");
    let href = format!("{SOURCES}/{}/{file}.rs", entry.theme);
    Some(CodeDescription { href: href.parse().ok()? })
}
