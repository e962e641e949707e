//! The rules themselves, from the headers of their files.
use super::json::safety;
use crate::example::{Kind, documentation, examples};
use crate::rule::{Rule, Safety};
use crate::rules::{ALL, Entry};
use serde_json::{Value, json};

/// The page of a rule: what it finds, why it matters, examples.
pub fn explain(name: &str) -> String {
    let Some(entry) = ALL.iter().find(|e| e.rule.name == name) else { return String::new() };
    let rule = entry.rule;
    let mut facts = vec![format!("`{}`", rule.name), rule.severity.name().to_owned()];
    if !rule.on {
        facts.push("off by default: --select it".to_owned());
    }
    facts.push(fixes(entry).map_or("no fix".to_owned(), |s| format!("{s} fix")));
    if !rule.aliases.is_empty() {
        facts.push(format!("also known as {}", rule.aliases.join(", ")));
    }
    let page = documentation(entry.header);
    let (title, rest) = page.split_once('\n').unwrap_or((&page, ""));
    format!("{title}\n\n{}\n{rest}", facts.join(" · "))
}

/// All rules, a line each.
pub fn rules() -> String {
    let row = |e: &Entry| {
        let on = if e.rule.on { "" } else { " (off by default)" };
        let fix = fixes(e).unwrap_or("-");
        format!("{:<24} {:<8} {fix:<7} {}{on}\n", e.rule.name, e.rule.severity.name(), title(e.header))
    };
    format!("{:<24} {:<8} {:<7} what it finds\n", "rule", "severity", "fix")
        + &ALL.iter().map(row).collect::<String>()
}

/// All rules as a Markdown table, for the README.
pub fn rules_table() -> String {
    let row = |e: &Entry| {
        let on = if e.rule.on { "" } else { " (off by default)" };
        let codes = e.rule.aliases.join(" ");
        format!("| `{}` | {}{on} | {} | {codes} |\n", e.rule.name, title(e.header), fixes(e).unwrap_or("-"))
    };
    let head = "| rule | what it finds | fix | also known as |\n|---|---|---|---|\n";
    head.to_owned() + &ALL.iter().map(row).collect::<String>()
}

/// All rules, for programs.
pub fn rules_json() -> String {
    let one = |e: &Entry| -> Value {
        let Rule { name, aliases, severity, on, .. } = e.rule;
        json!({
            "name": name, "theme": e.theme, "aliases": aliases, "severity": severity.name(), "default": on,
            "fix": fixes(e), "title": title(e.header), "documentation": documentation(e.header),
        })
    };
    let lines: Vec<String> = ALL.iter().map(|e| one(e).to_string()).collect();
    format!("[\n{}\n]", lines.join(",\n"))
}

/// The title of a rule's page.
pub(super) fn title(source: &str) -> String {
    documentation(source).lines().next().unwrap_or_default().trim_start_matches("# ").to_owned()
}

/// The best fix that a rule's page shows.
pub(super) fn fixes(entry: &Entry) -> Option<&'static str> {
    let shown = examples(&documentation(entry.header));
    let has = |s: Safety| shown.iter().any(|e| e.kind == Kind::Fixed(s));
    [Safety::Safe, Safety::Unsafe].into_iter().find(|s| has(*s)).map(safety)
}
