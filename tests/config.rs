//! `dockfix.toml`: found above a Dockerfile, taken over by the command line, and refused whole when something is wrong in it.
mod common;

use common::cli::{Folder, Outcome, dockfix};
use std::path::Path;

/// `pip-cache` and `instruction-casing` find something here.
const DOCKERFILE: &str = "FROM python:3-slim\nrun pip install flask\nUSER 1000\n";

/// The rules that find something in `file`, run from `folder`.
fn found(folder: &Path, file: &str, options: &[&str]) -> (Outcome, Vec<String>) {
    let output = dockfix().current_dir(folder).args(options).args(["--format", "json", file]).output();
    let outcome = Outcome::of(output.expect("the program starts"));
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    let rule = |f: &serde_json::Value| f["rule"].as_str().map(str::to_owned);
    let rules = json.as_array().into_iter().flatten().filter_map(rule).collect();
    (outcome, rules)
}

/// `DOCKERFILE` in a folder whose parent holds the configuration.
fn below(config: &str) -> Folder {
    let folder = Folder::with(DOCKERFILE);
    std::fs::create_dir(folder.root().join("app")).expect("the folder is ours");
    std::fs::copy(&folder.path, folder.root().join("app/Dockerfile")).expect("the folder is ours");
    std::fs::write(folder.root().join("dockfix.toml"), config).expect("the folder is ours");
    folder
}

#[test]
fn the_nearest_file_above_holds_and_the_command_line_goes_first() {
    let select = ["--select", "pip-cache,instruction-casing"];
    for (config, options, rules) in [
        ("", &select[..], &["instruction-casing", "pip-cache"][..]),
        ("ignore = ['DL3042']", &select, &["instruction-casing"]),
        ("select = ['pip-cache']", &[], &["pip-cache"]),
        ("select = ['pip-cache']", &["--select", "instruction-casing"], &["instruction-casing"]),
        ("select = ['pip-cache']", &["--no-config", "--select", "sudo"], &[]),
        ("select = ['pip-cache']\nignore = ['pip-cache']", &[], &[]),
    ] {
        let folder = below(config);
        let (outcome, mut found) = found(folder.root(), "app/Dockerfile", options);
        found.sort();
        assert_eq!(found, rules, "{config:?} {options:?}: {outcome:#?}");
    }
}

#[test]
fn a_file_given_by_name_takes_the_place_of_the_nearest() {
    let folder = below("select = ['pip-cache']");
    std::fs::write(folder.root().join("other.toml"), "select = ['DL3042', 'instruction-casing']")
        .expect("ours");
    let (_, found) = found(folder.root(), "app/Dockerfile", &["--config", "other.toml"]);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_nothing_is_fixed() {
    for (config, place, what) in [
        ("select = [", "dockfix.toml:1:", ""),
        ("# rules\nselekt = ['pip-cache']", "dockfix.toml:2:1", "selekt"),
        ("select = ['no-such-rule']", "dockfix.toml", "no-such-rule"),
        ("slim = 'thin'", "dockfix.toml:1:8", "thin"),
        ("today = '2026-13-01'", "dockfix.toml:1:9", ""),
        ("uid = 0", "dockfix.toml:1:7", "zero"),
    ] {
        let folder = below(config);
        let (outcome, _) = found(folder.root(), "app/Dockerfile", &["--fix"]);
        outcome.assert_error_about(Path::new(place));
        assert!(outcome.stderr.contains(what), "{config:?}: {outcome:#?}");
        let left = std::fs::read_to_string(folder.root().join("app/Dockerfile")).expect("it is there");
        assert_eq!(left, DOCKERFILE);
    }
}

#[test]
fn a_configuration_that_is_not_there_is_an_error() {
    let folder = Folder::with(DOCKERFILE);
    let (outcome, _) = found(folder.root(), "Dockerfile", &["--config", "nowhere.toml"]);
    outcome.assert_error_about(Path::new("nowhere.toml"));
}

/// The schema is what editors complete and check the file by.
#[test]
fn the_schema_has_every_setting_with_its_meaning() {
    for (options, more) in [(&["schema"][..], None), (&["schema", "--lsp"], Some("features"))] {
        let output = dockfix().args(options).output().expect("the program starts");
        let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let settings = ["select", "ignore", "today", "slim", "mirrors", "uid", "caches"];
        for name in settings.into_iter().chain(more) {
            let text = schema["properties"][name]["description"].as_str();
            assert!(text.is_some_and(|t| t.len() > 20), "{name}: {schema:#}");
        }
    }
}
