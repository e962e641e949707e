//! Input that cannot be read or written: each gives a clear error and exit code 2, and nothing is lost.

mod common;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use common::cli::{
    Folder, Outcome, dockfix, dockfix_without_privileges, run, run_with_input, set_mode,
};

/// A file that `--fix` would change.
const FIXABLE: &str = "FROM python:3.12-slim\nRUN pip install flask\n";

/// Latin-1, as old editors wrote it.
const NOT_UTF8: &[u8] = b"FROM python:3.12-slim\n# caf\xe9\nRUN pip install flask\n";

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
    let outcome = run_with_input(
        &["-", "--stdin-filename", "some/Dockerfile", "--fix"],
        NOT_UTF8,
    );
    outcome.assert_error_about(Path::new("some/Dockerfile"));
    assert_eq!(
        outcome.stdout, "",
        "half a file on standard output would overwrite a whole one"
    );
}

/// BuildKit refuses a file without instructions, so it is not simply clean.
#[test]
fn no_instructions() {
    for text in [
        "",
        "\n",
        "# syntax=docker/dockerfile:1\n",
        "# only\n\n# comments",
    ] {
        let folder = Folder::with(text);
        let outcome = run(["--fix".as_ref(), folder.path.as_os_str()]);
        assert!(
            matches!(outcome.code, Some(1 | 2)),
            "{text:?}: {outcome:#?}"
        );
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
    assert_eq!(
        fs::read_link(&link).expect("the link is still one"),
        Path::new("nowhere")
    );
    assert_eq!(
        folder
            .path()
            .join("nowhere")
            .metadata()
            .map_err(|e| e.kind())
            .err(),
        Some(ErrorKind::NotFound)
    );
}

/// One bad file does not keep the others from being checked.
#[test]
fn a_bad_file_among_good_ones() {
    let (bad, good) = (Folder::with(NOT_UTF8), Folder::with(FIXABLE));
    let outcome = run([
        "--fix".as_ref(),
        bad.path.as_os_str(),
        good.path.as_os_str(),
    ]);
    outcome.assert_error_about(&bad.path);
    assert!(
        good.read() != FIXABLE.as_bytes(),
        "the good file was not fixed: {outcome:#?}"
    );
}

#[test]
fn no_permission_to_read() {
    let Some(mut dockfix) = unprivileged() else {
        return;
    };
    let folder = Folder::with(FIXABLE);
    set_mode(&folder.path, 0o000);
    let outcome = Outcome::of(
        dockfix
            .arg("--fix")
            .arg(&folder.path)
            .output()
            .expect("the program starts"),
    );
    set_mode(&folder.path, 0o644);
    outcome.assert_error_about(&folder.path);
    folder.assert_untouched();
}

/// Renaming a new file over it would work, but whoever made the file read-only did not want it changed.
#[test]
fn no_permission_to_write_the_file() {
    let Some(mut dockfix) = unprivileged() else {
        return;
    };
    let folder = Folder::with(FIXABLE);
    set_mode(&folder.path, 0o444);
    let outcome = Outcome::of(
        dockfix
            .arg("--fix")
            .arg(&folder.path)
            .output()
            .expect("the program starts"),
    );
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
    let outcome = Outcome::of(
        dockfix
            .arg("--fix")
            .arg(&folder.path)
            .output()
            .expect("the program starts"),
    );
    set_mode(folder.root(), 0o755);
    outcome.assert_error_about(&folder.path);
    folder.assert_untouched();
}

fn unprivileged() -> Option<Command> {
    let command = dockfix_without_privileges();
    if command.is_none() {
        common::skipped(
            "root may read and write everything here, and `setpriv` cannot take that away",
        );
    }
    command
}

/// A limit of 0 bytes for any file makes the first write fail in the middle of the work, as a full disk does, and can be
/// had everywhere. The signal that comes with it is ignored, so that the program sees the error.
#[test]
fn a_write_that_fails() {
    let folder = Folder::with(FIXABLE);
    let script = r#"trap '' XFSZ; ulimit -f 0; exec "$0" --fix "$1""#;
    let program = dockfix().get_program().to_owned();
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(program)
        .arg(&folder.path)
        .output();
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
    let outcome = in_namespace(
        options,
        &format!("{mount} {steps}"),
        disk.path(),
        &original.path,
    );
    outcome.assert_error_about(&disk.path().join("Dockerfile"));
    // `cmp` found no difference, and `ls` found one file: its line is the last, after the report.
    let seen = outcome
        .stdout
        .lines()
        .rev()
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>();
    assert_eq!(seen, ["Dockerfile"], "{outcome:#?}");
}

fn in_namespace(options: &str, script: &str, first: &Path, second: &Path) -> Outcome {
    let mut command = Command::new("unshare");
    command
        .args([options, "sh", "-c", script])
        .arg(dockfix().get_program())
        .args([first, second]);
    match command.stdin(Stdio::null()).output() {
        Ok(output) => Outcome::of(output),
        Err(error) => Outcome {
            code: None,
            stdout: String::new(),
            stderr: error.to_string(),
        },
    }
}

/// Somebody saves the file between the moment it was checked and the moment its fixed text is written: theirs stays.
#[test]
fn a_file_that_changes_meanwhile() {
    let folder = Folder::with("FROM python:3.13\n# saved by somebody else\n");
    let error = dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n");
    let message = error
        .expect_err("the file is no longer what was checked")
        .to_string();
    assert!(
        message.contains(&*folder.path.to_string_lossy()),
        "the file is not named: {message}"
    );
    folder.assert_untouched();
}

/// The same for a file that was deleted meanwhile: it is not brought back.
#[test]
fn a_file_that_vanishes_meanwhile() {
    let folder = Folder::with(FIXABLE);
    fs::remove_file(&folder.path).expect("the file is ours");
    dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n")
        .expect_err("the file is gone");
    assert_eq!(
        fs::read_dir(folder.root())
            .expect("the folder is ours")
            .count(),
        0
    );
}

#[test]
fn a_file_that_stays_is_written() {
    let folder = Folder::with(FIXABLE);
    dockfix::cli::write_atomically(&folder.path, FIXABLE.as_bytes(), b"FROM fixed\n")
        .expect("nothing is in the way");
    assert_eq!(folder.read(), b"FROM fixed\n");
    folder.assert_alone();
}
