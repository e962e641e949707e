//! Files that cannot be written: each gives a clear error and exit code 2, the file stays as it was, and no temporary file
//! is left beside it.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use common::cli::{Folder, Outcome, dockfix, set_mode, unprivileged};

/// A file that `--fix` would change.
const FIXABLE: &str = "FROM python:3-slim\nRUN pip install flask\n";

/// Renaming a new file over it would work, but whoever made the file read-only did not want it changed.
#[test]
fn no_permission_to_write_the_file() {
    let Some(mut dockfix) = unprivileged() else {
        return;
    };
    let folder = Folder::with(FIXABLE);
    set_mode(&folder.path, 0o444);
    let outcome = Outcome::of(dockfix.arg("--fix").arg(&folder.path).output().expect("the program starts"));
    outcome.assert_error_about(&folder.path);
    folder.assert_untouched();
}

#[test]
fn no_permission_to_write_the_folder() {
    let Some(mut dockfix) = unprivileged() else {
        return;
    };
    let folder = Folder::with(FIXABLE);
    set_mode(folder.root(), 0o555);
    let outcome = Outcome::of(dockfix.arg("--fix").arg(&folder.path).output().expect("the program starts"));
    set_mode(folder.root(), 0o755);
    outcome.assert_error_about(&folder.path);
    folder.assert_untouched();
}

/// A limit of 0 bytes for any file makes the first write fail in the middle of the work, as a full disk does, and can be
/// had everywhere. The signal that comes with it is ignored, so that the program sees the error.
#[test]
fn a_write_that_fails() {
    let folder = Folder::with(FIXABLE);
    let script = r#"trap '' XFSZ; ulimit -f 0; exec "$0" --fix "$1""#;
    let program = dockfix().get_program().to_owned();
    let output = Command::new("sh").args(["-c", script]).arg(program).arg(&folder.path).output();
    Outcome::of(output.expect("there is a shell")).assert_error_about(&folder.path);
    folder.assert_untouched();
}

/// The real thing: a file system of 64 KiB, in a mount namespace of its own so that it is gone with the process.
#[test]
fn a_full_disk() {
    let disk = tempfile::tempdir().expect("a temporary folder");
    let mount = r#"mount -t tmpfs -o size=64k tmpfs "$1" && "#;
    let may_mount = |options: &str| {
        in_namespace(options, &format!("{mount} true"), disk.path(), disk.path()).code == Some(0)
    };
    let Some(options) = ["-m", "-rm"].into_iter().find(|options| may_mount(options)) else {
        // Not a failure in CI: containers seldom may mount, and `a_write_that_fails` takes the same path.
        common::skipped("no permission to mount a small file system");
        return;
    };
    // The file takes more than half of the disk, so that a second one beside it cannot be written whole.
    let original = Folder::with(format!("{FIXABLE}{}", "# padding\n".repeat(4000)));
    let steps = r#"cp "$2" "$1/Dockerfile" && { "$0" --fix "$1/Dockerfile"; code=$?; }
        cmp "$2" "$1/Dockerfile" && echo && ls -A "$1" && exit "$code""#;
    let outcome = in_namespace(options, &format!("{mount} {steps}"), disk.path(), &original.path);
    outcome.assert_error_about(&disk.path().join("Dockerfile"));
    // `cmp` found no difference, and `ls` found one file: its line is the last, after the report.
    let seen = outcome.stdout.lines().rev().take_while(|line| !line.is_empty()).collect::<Vec<_>>();
    assert_eq!(seen, ["Dockerfile"], "{outcome:#?}");
}

fn in_namespace(options: &str, script: &str, first: &Path, second: &Path) -> Outcome {
    let mut command = Command::new("unshare");
    command.args([options, "sh", "-c", script]).arg(dockfix().get_program()).args([first, second]);
    match command.stdin(Stdio::null()).output() {
        Ok(output) => Outcome::of(output),
        Err(error) => Outcome { code: None, stdout: String::new(), stderr: error.to_string() },
    }
}

/// Somebody saves the file between the moment it was checked and the moment its fixed text is written: theirs stays.
#[test]
fn a_file_that_changes_meanwhile() {
    let folder = Folder::with("FROM python:3.13\n# saved by somebody else\n");
    let error = dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n");
    let message = error.expect_err("the file is no longer what was checked").to_string();
    assert!(message.contains(&*folder.path.to_string_lossy()), "the file is not named: {message}");
    folder.assert_untouched();
}

/// The same for a file that was deleted meanwhile: it is not brought back.
#[test]
fn a_file_that_vanishes_meanwhile() {
    let folder = Folder::with(FIXABLE);
    fs::remove_file(&folder.path).expect("the file is ours");
    dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n")
        .expect_err("the file is gone");
    assert_eq!(fs::read_dir(folder.root()).expect("the folder is ours").count(), 0);
}

#[test]
fn a_file_that_stays_is_written() {
    let folder = Folder::with(FIXABLE);
    dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n")
        .expect("nothing is in the way");
    assert_eq!(folder.read(), b"FROM fixed\n");
    folder.assert_alone();
}
