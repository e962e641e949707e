//! For programs.
use crate::check::{Found, FoundFix};
use crate::rule::Safety;
use crate::text::{Lines, Span};
use serde_json::{Value, json};
use std::path::Path;

/// The findings of a file. Offsets are bytes from 0; lines, and columns in characters, count from 1.
pub fn findings(path: &Path, source: &str, found: &[Found]) -> Vec<Value> {
    let lines = Lines::new(source);
    found.iter().map(|f| finding(path, &lines, f)).collect()
}

fn finding(path: &Path, lines: &Lines, found: &Found) -> Value {
    let related = |(at, message)| json!({ "message": message, "span": span(lines, at) });
    json!({
        "file": path.display().to_string(),
        "rule": found.rule.name,
        "aliases": found.rule.aliases,
        "severity": found.severity().name(),
        "message": found.message(),
        "span": span(lines, found.span()),
        "related": found.related().map(related).collect::<Vec<_>>(),
        "fix": found.fix().map(|x| fix(lines, x)),
    })
}

fn fix(lines: &Lines, fix: FoundFix) -> Value {
    let edits = fix.changes().map(|(at, text)| json!({ "span": span(lines, at), "text": text }));
    json!({
        "title": fix.title(),
        "safety": safety(fix.safety()),
        "edits": edits.collect::<Vec<_>>(),
        "creates": fix.creates().map(|n| json!({ "name": n.name, "text": n.text })),
        "saves": fix.saves().map(|mb| json!({ "on_disk_mb": mb.rounded().0.round() as u32, "estimate": true })),
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
