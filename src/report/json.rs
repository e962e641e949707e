//! For programs.
use crate::check::Found;
use crate::rule::{Fix, Safety};
use crate::text::{Lines, Span};
use serde_json::{Value, json};
use std::path::Path;

/// The findings of a file. Offsets are bytes from 0; lines, and columns in characters, count from 1.
pub fn findings(path: &Path, source: &str, found: &[Found]) -> Vec<Value> {
    let lines = Lines::new(source);
    found.iter().map(|f| finding(path, &lines, f)).collect()
}

fn finding(path: &Path, lines: &Lines, found: &Found) -> Value {
    let f = &found.finding;
    let related = |r: &crate::rule::Related| json!({ "message": r.message, "span": span(lines, r.span) });
    json!({
        "file": path.display().to_string(),
        "rule": found.rule.name,
        "aliases": found.rule.aliases,
        "severity": found.severity().name(),
        "message": f.message,
        "span": span(lines, f.span),
        "related": f.related.iter().map(related).collect::<Vec<_>>(),
        "fix": f.fix.as_ref().map(|x| fix(lines, x)),
    })
}

fn fix(lines: &Lines, fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|e| json!({ "span": span(lines, e.span), "text": e.text }));
    json!({
        "title": fix.title,
        "safety": safety(fix.safety),
        "edits": edits.collect::<Vec<_>>(),
        "creates": fix.creates.as_ref().map(|n| json!({ "name": n.name, "text": n.text })),
        "saves": fix.saves.map(|mb| json!({ "on_disk_mb": mb.rounded().0.round() as u32, "estimate": true })),
    })
}

/// The name of a safety.
pub(super) fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
    }
}

fn span(lines: &Lines, span: Span) -> Value {
    let place = |offset: u32| {
        let place = lines.place(offset);
        json!({ "offset": offset, "line": place.line, "column": place.column })
    };
    json!({ "start": place(span.start), "end": place(span.end) })
}

/// One array of everything, a finding a line.
pub fn json<'a>(findings: impl Iterator<Item = &'a Value>) -> String {
    let lines: Vec<String> = findings.map(Value::to_string).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) }
}
