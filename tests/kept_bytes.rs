//! What `--fix` leaves alone: line endings, byte order mark, mode, links, and files that need no change.

mod common;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

use common::cli::{Folder, mode, run, run_with_input, set_mode};

const FIXABLE: &str = "FROM python:3-slim\nRUN pip install flask\nUSER nobody\n";
const FIXED: &str = "FROM python:3-slim\nRUN pip install --no-cache-dir flask\nUSER nobody\n";

fn fix(folder: &Folder) {
    let outcome = run(["--fix".as_ref(), folder.path.as_os_str()]);
    assert!(matches!(outcome.code, Some(0 | 1)), "{outcome:#?}");
}

#[test]
fn only_the_fix_is_written() {
    let folder = Folder::with(FIXABLE);
    fix(&folder);
    assert_eq!(folder.read(), FIXED.as_bytes());
    folder.assert_alone();
}

#[test]
fn line_endings_and_byte_order_mark() {
    for bom in ["", "\u{feff}"] {
        let crlf = |text: &str| format!("{bom}{}", text.replace('\n', "\r\n"));
        let folder = Folder::with(crlf(FIXABLE));
        fix(&folder);
        assert_eq!(String::from_utf8(folder.read()).expect("the input was UTF-8"), crlf(FIXED));
    }
}

#[test]
fn a_missing_final_newline() {
    let folder = Folder::with(FIXABLE.trim_end());
    fix(&folder);
    assert_eq!(folder.read(), FIXED.trim_end().as_bytes());
}

#[test]
fn the_mode() {
    for bits in [0o600, 0o644, 0o664, 0o755] {
        let folder = Folder::with(FIXABLE);
        set_mode(&folder.path, bits);
        fix(&folder);
        assert_eq!(folder.read(), FIXED.as_bytes());
        assert_eq!(mode(&folder.path), bits);
    }
}

#[test]
fn a_symlink() {
    let real = Folder::with(FIXABLE);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("Dockerfile");
    std::os::unix::fs::symlink(&real.path, &link).expect("the folder is ours");
    let outcome = run(["--fix".as_ref(), link.as_os_str()]);
    assert!(matches!(outcome.code, Some(0 | 1)), "{outcome:#?}");
    assert_eq!(fs::read_link(&link).expect("the link is still one"), real.path);
    assert_eq!(real.read(), FIXED.as_bytes());
    assert_eq!(fs::read_dir(folder.path()).expect("the folder is ours").count(), 1);
    real.assert_alone();
}

#[test]
fn a_file_that_needs_no_change() {
    let folder = Folder::with(FIXED);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options().write(true).open(&folder.path).expect("the file is ours");
    file.set_modified(old).expect("the file is ours");
    let before = folder.path.metadata().expect("the file is there");
    fix(&folder);
    let after = folder.path.metadata().expect("the file is there");
    assert_eq!(after.modified().expect("there is a time"), old);
    assert_eq!((before.ino(), before.ctime_nsec()), (after.ino(), after.ctime_nsec()));
    folder.assert_untouched();
}

#[test]
fn a_check_or_a_diff_writes_nothing() {
    let folder = Folder::with(FIXABLE);
    for options in [&[][..], &["--diff"], &["--diff", "--unsafe-fixes"]] {
        let path = folder.path.to_str().expect("temporary folders have plain names");
        let outcome = run(options.iter().chain([&path]));
        assert_eq!(outcome.code, Some(1), "{outcome:#?}");
        folder.assert_untouched();
    }
}

#[test]
fn standard_input_to_standard_output() {
    let outcome = run_with_input(&["-", "--stdin-filename", "Dockerfile", "--fix"], FIXABLE.as_bytes());
    assert_eq!(outcome.stdout, FIXED, "{outcome:#?}");
}

/// What comes in on standard input goes out on standard output: the folder that it stands in is not written to.
#[test]
fn standard_input_creates_no_file() {
    let folder = Folder::with("FROM debian:13-slim\nCOPY . .\n");
    let name = folder.path.to_string_lossy().into_owned();
    let arguments =
        ["-", "--stdin-filename", &name, "--fix", "--unsafe-fixes", "--select", "no-dockerignore"];
    run_with_input(&arguments, &folder.read());
    folder.assert_untouched();
}
