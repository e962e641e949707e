//! What the program prints, held as snapshots in `snapshots/`. Read them before accepting a change:
//! `INSTA_UPDATE=always cargo test --test output`.
mod common;

use common::cli::{Folder, Outcome, dockfix};
use insta::assert_snapshot;

const DOCKERFILE: &str = "FROM python:3.11\nENV DEBUG 0\n# 安装\nRUN pip install flask # 😀\nrun apt install curl\nCMD python app.py\n";

fn run(arguments: &[&str]) -> String {
    let folder = Folder::with(DOCKERFILE);
    // Ends of life are reckoned from a day of its own.
    let day: &[&str] = if arguments[0] == "explain" { &[] } else { &["--today", "2026-11-20"] };
    let output =
        dockfix().current_dir(folder.root()).args(day).args(arguments).output().expect("the program starts");
    let Outcome { code, stdout, stderr } = Outcome::of(output);
    format!("exit {}\n--- stdout\n{stdout}--- stderr\n{stderr}", code.unwrap_or(-1))
}

#[test]
fn findings_for_people() {
    assert_snapshot!(run(&["Dockerfile"]));
}

#[test]
fn findings_for_programs() {
    assert_snapshot!(run(&["--format", "json", "--select", "pip-cache", "Dockerfile"]));
}

#[test]
fn safe_diff() {
    assert_snapshot!(run(&["--diff"]));
}

#[test]
fn unsafe_diff() {
    assert_snapshot!(run(&["--diff", "--unsafe-fixes"]));
}

#[test]
fn fixing_in_place() {
    assert_snapshot!(run(&["--fix", "--verbose", "--statistics"]));
}

#[test]
fn the_page_of_a_rule() {
    assert_snapshot!(run(&["explain", "DL3042"]));
}

#[test]
fn a_rule_that_is_not_there() {
    assert_snapshot!(run(&["--select", "no-such-rule"]));
}

#[test]
fn nothing_to_check() {
    assert_snapshot!(run(&["nowhere"]));
}
