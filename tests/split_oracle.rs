//! Our splitter cuts every file into the instructions that BuildKit's own parser sees: the same keywords on the same
//! lines. BuildKit's parser is asked through its Python binding; see `tests/buildkit/instructions.py`.

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Keyword in capitals, first line, last line.
type Row = (String, u64, u64);

/// What BuildKit says of one file.
enum Verdict {
    Refused(String),
    Accepted(Vec<Row>),
}

#[test]
fn real_files() {
    if let (Some(folder), Some(python)) = (common::corpus(), common::python()) {
        compare(&folder, &python);
    }
}

/// Real files cut off in their middle, as they are while somebody types: open continuations, open heredocs.
#[test]
fn real_files_cut_short() {
    let (Some(corpus), Some(python)) = (common::corpus(), common::python()) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    for path in common::dockerfiles(&corpus) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let boundary = |at: &usize| text.is_char_boundary(*at);
        let middle = (0..=text.len() / 2).rev().find(boundary).unwrap_or(0);
        let name = path.file_name().expect("a file has a name");
        fs::write(folder.path().join(name), &text[..middle]).expect("the folder is ours");
    }
    compare(folder.path(), &python);
}

/// The corners of the syntax, which real files seldom reach.
#[test]
fn corners() {
    let Some(python) = common::python() else {
        return;
    };
    let cases = include_str!("buildkit/corners.txt");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, case) in cases.lines().filter(|line| line.starts_with('"')).enumerate() {
        let text: String = serde_json::from_str(case).expect("every case is a JSON string");
        fs::write(folder.path().join(format!("{number:03}.Dockerfile")), text).expect("the folder is ours");
    }
    compare(folder.path(), &python);
}

/// Holds the splitter against BuildKit on every file of a folder, and fails with the first few differences.
fn compare(folder: &Path, python: &Path) {
    let verdicts = ask_buildkit(folder, python);
    let (mut accepted, mut refused, mut not_utf8) = (0, 0, 0);
    let mut differences = Vec::new();
    for path in common::dockerfiles(folder) {
        let Ok(text) = String::from_utf8(fs::read(&path).expect("the file was just written")) else {
            not_utf8 += 1;
            continue;
        };
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        let split = dockfix::syntax::split(&text);
        match verdicts.get(&*name).expect("the script speaks of every file") {
            Verdict::Refused(reason) => {
                refused += 1;
                if !reports_an_error(&text) {
                    differences.push(format!("{name}: BuildKit says `{reason}`, dockfix nothing\n{text:?}"));
                }
            }
            Verdict::Accepted(theirs) => {
                accepted += 1;
                let ours = split.instructions.iter().map(|logical| {
                    let keyword = logical.keyword.of(&text).to_uppercase();
                    (keyword, u64::from(logical.first_line), u64::from(logical.last_line))
                });
                differences.extend(
                    first_difference(&ours.collect::<Vec<_>>(), theirs).map(|at| format!("{name}: {at}")),
                );
            }
        }
    }
    common::say(&format!(
        "{accepted} files accepted by BuildKit, {refused} refused, {not_utf8} skipped: not UTF-8"
    ));
    let shown = differences.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} files differ, such as\n{shown}", differences.len());
    assert!(accepted > 0, "no file was compared");
}

/// Whether the check tells why BuildKit refuses the file.
fn reports_an_error(text: &str) -> bool {
    let config = dockfix::config::Config::default();
    let file = dockfix::model::Dockerfile::new(text);
    let found = dockfix::check::check(&file, &dockfix::context::Context::unknown(), &config);
    found.iter().any(|f| f.rule.severity == dockfix::rule::Severity::Error)
}

fn first_difference(ours: &[Row], theirs: &[Row]) -> Option<String> {
    let longest = ours.len().max(theirs.len());
    let at = (0..longest).find(|&at| ours.get(at) != theirs.get(at))?;
    Some(format!("instruction {}: dockfix {:?}, BuildKit {:?}", at + 1, ours.get(at), theirs.get(at)))
}

fn ask_buildkit(folder: &Path, python: &Path) -> HashMap<String, Verdict> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/buildkit/instructions.py");
    let output = Command::new(python).arg(script).arg(folder).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    lines.lines().map(verdict).collect()
}

/// One line of the script's output.
fn verdict(line: &str) -> (String, Verdict) {
    let value: Value = serde_json::from_str(line).expect("every line is JSON");
    let name = value["file"].as_str().expect("`file` is a string").to_owned();
    if let Some(reason) = value["refused"].as_str() {
        return (name, Verdict::Refused(reason.to_owned()));
    }
    let rows = value["instructions"].as_array().expect("`instructions` is a list").iter().map(|row| {
        let keyword = row[0].as_str().expect("a keyword is a string").to_owned();
        (keyword, row[1].as_u64().expect("a line number"), row[2].as_u64().expect("a line number"))
    });
    (name, Verdict::Accepted(rows.collect()))
}
