//! The cases of hadolint's and BuildKit's own test suites, for every rule that carries their codes.
//!
//! The cases lie beside the project. What differs on purpose is listed in `conformance/deviations.tsv`, with the reason.
mod common;

use dockfix::check::check;
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::model::Dockerfile;
use dockfix::rules;
use serde_json::Value;
use std::collections::BTreeMap;

const FILES: &[&str] = &["hadolint_cases.jsonl", "buildkit_cases.jsonl", "buildkit_doc_cases.jsonl"];

/// The cases that we answer otherwise, with the reason.
fn deviations() -> BTreeMap<&'static str, &'static str> {
    let rows =
        include_str!("conformance/deviations.tsv").lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    rows.map(|l| l.split_once('\t').expect("a case, a tab and a reason")).collect()
}

#[test]
fn other_tools_cases() {
    let Some(shared) = common::shared() else { return };
    let known = deviations();
    let (mut agreed, mut wrong, mut used) = (0, vec![], std::collections::BTreeSet::new());
    for name in FILES {
        let Ok(text) = std::fs::read_to_string(shared.join("conformance").join(name)) else {
            common::skipped(&format!("no {name}"));
            continue;
        };
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).expect("every line is JSON");
            let field = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
            let (id, code, text) = (field("id"), field("rule"), field("dockerfile"));
            let Some(rule) = rules::find(&code) else { continue };
            let found = check(&Dockerfile::new(&text), &Context::unknown(), &Config::default().only(&[rule]));
            let same = (field("expect") == "catch") != found.is_empty();
            match known.get_key_value(id.as_str()) {
                None if same => agreed += 1,
                None => wrong.push(format!(
                    "{id} ({code}, {}): {} findings in\n{text}",
                    field("expect"),
                    found.len()
                )),
                Some((key, _)) => {
                    used.insert(*key);
                    if same {
                        wrong.push(format!("{id}: listed as a deviation, but agrees"));
                    }
                }
            }
        }
    }
    let stale: Vec<_> = known.keys().filter(|k| !used.contains(**k)).collect();
    common::say(&format!("{agreed} cases agree, {} differ on purpose", used.len()));
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(agreed == 0 || stale.is_empty(), "listed, but no such case: {stale:?}");
}
