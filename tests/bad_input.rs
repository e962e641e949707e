//! Input that cannot be read: each gives a clear error and exit code 2, and nothing is lost.

mod common;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use common::cli::{Folder, Outcome, run, run_with_input, set_mode, unprivileged};

/// A file that `--fix` would change.
const FIXABLE: &str = "FROM python:3-slim\nRUN pip install flask\n";

/// Latin-1, as old editors wrote it.
const NOT_UTF8: &[u8] = b"FROM python:3-slim\n# caf\xe9\nRUN pip install flask\n";

#[test]
fn not_utf8() {
    let folder = Folder::with(NOT_UTF8);
    for option in ["--fix", "--diff", "--quiet"] {
        run([option.as_ref(), folder.path.as_os_str()]).assert_error_about(&folder.path);
        folder.assert_untouched();
    }
}

#[test]
fn not_utf8_on_standard_input() {
    let outcome = run_with_input(&["-", "--stdin-filename", "some/Dockerfile", "--fix"], NOT_UTF8);
    outcome.assert_error_about(Path::new("some/Dockerfile"));
    assert_eq!(outcome.stdout, "", "half a file on standard output would overwrite a whole one");
}

/// BuildKit refuses a file without instructions, so it is not simply clean.
#[test]
fn no_instructions() {
    for text in ["", "\n", "# syntax=docker/dockerfile:1\n", "# only\n\n# comments"] {
        let folder = Folder::with(text);
        let outcome = run(["--fix".as_ref(), folder.path.as_os_str()]);
        assert!(matches!(outcome.code, Some(1 | 2)), "{text:?}: {outcome:#?}");
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(
            told.contains(&*folder.path.to_string_lossy()),
            "{text:?}: the file is not named: {outcome:#?}"
        );
        folder.assert_untouched();
    }
}

#[test]
fn a_folder_named_dockerfile() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inner = folder.path().join("Dockerfile");
    fs::create_dir(&inner).expect("the folder is ours");
    run(["--fix".as_ref(), inner.as_os_str()]).assert_error_about(&inner);
    run(["--fix".as_ref(), folder.path().as_os_str()]).assert_error_about(folder.path());
    assert!(inner.is_dir());
}

#[test]
fn a_path_that_does_not_exist() {
    let folder = Folder::with(FIXABLE);
    let missing = folder.root().join("Dockerfile.missing");
    run(["--fix".as_ref(), missing.as_os_str()]).assert_error_about(&missing);
    folder.assert_untouched();
}

#[test]
fn a_broken_symlink() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("Dockerfile");
    std::os::unix::fs::symlink("nowhere", &link).expect("the folder is ours");
    run(["--fix".as_ref(), link.as_os_str()]).assert_error_about(&link);
    assert_eq!(fs::read_link(&link).expect("the link is still one"), Path::new("nowhere"));
    assert_eq!(
        folder.path().join("nowhere").metadata().map_err(|e| e.kind()).err(),
        Some(ErrorKind::NotFound)
    );
}

/// One bad file does not keep the others from being checked.
#[test]
fn a_bad_file_among_good_ones() {
    let (bad, good) = (Folder::with(NOT_UTF8), Folder::with(FIXABLE));
    let outcome = run(["--fix".as_ref(), bad.path.as_os_str(), good.path.as_os_str()]);
    outcome.assert_error_about(&bad.path);
    assert!(good.read() != FIXABLE.as_bytes(), "the good file was not fixed: {outcome:#?}");
}

#[test]
fn no_permission_to_read() {
    let Some(mut dockfix) = unprivileged() else {
        return;
    };
    let folder = Folder::with(FIXABLE);
    set_mode(&folder.path, 0o000);
    let outcome = Outcome::of(dockfix.arg("--fix").arg(&folder.path).output().expect("the program starts"));
    set_mode(&folder.path, 0o644);
    outcome.assert_error_about(&folder.path);
    folder.assert_untouched();
}
