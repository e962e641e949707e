//! What several integration tests need: the corpus of real Dockerfiles, a Python that knows BuildKit's parser, and a way
//! to say that a test is skipped.
#![allow(dead_code, reason = "every test file compiles this module, and each uses a part of it")]

pub(crate) mod cli;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Tells the person who runs the tests. Written to standard error itself, because the test harness hides what `println!`
/// prints in a test that passes.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says that a test, or a part of it, is skipped.
pub(crate) fn skipped(reason: &str) {
    say(&format!("skipped: {reason}"));
}

/// For what `.ci/run` installs: skipped on a developer's machine, a failure where `CI` is set.
pub(crate) fn skipped_unless_ci(reason: &str) {
    assert!(std::env::var_os("CI").is_none(), "not skipped because CI is set: {reason}");
    skipped(reason);
}

/// The folder with other people's files (corpus, samples), which lies beside the project and is never part of it.
/// `DOCKFIX_SHARED` names another place.
pub(crate) fn shared() -> Option<PathBuf> {
    let place = match std::env::var_os("DOCKFIX_SHARED") {
        Some(place) => PathBuf::from(place),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    };
    if !place.is_dir() {
        skipped("no folder ../shared and DOCKFIX_SHARED names none");
        return None;
    }
    Some(place)
}

/// The folder of real Dockerfiles, unpacked on first use.
pub(crate) fn corpus() -> Option<PathBuf> {
    let archive = shared()?.join("corpus/dockerfiles.tar.xz");
    let Ok(meta) = archive.metadata() else {
        skipped(&format!("no corpus at {}", archive.display()));
        return None;
    };
    // The length is in the name, so that a new archive is unpacked anew.
    let place = scratch().join(format!("corpus-{}", meta.len()));
    let made = make_once(&place, |fresh| {
        run_quietly("tar", [OsStr::new("-xJf"), archive.as_os_str(), OsStr::new("-C"), fresh.as_os_str()])
    });
    match made {
        Ok(()) => Some(place.join("corpus")),
        Err(reason) => {
            skipped_unless_ci(&format!("the corpus cannot be unpacked: {reason}"));
            None
        }
    }
}

/// The files of the corpus, in a fixed order.
pub(crate) fn dockerfiles(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).expect("the folder was just made");
    let paths = listed.map(|entry| entry.expect("the folder is readable").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension() == Some(OsStr::new("Dockerfile"))).collect();
    files.sort();
    files
}

/// A Python in which `import dockerfile` works: the one at hand, or a virtual environment made on first use.
pub(crate) fn python() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND.get_or_init(find_python).clone()
}

fn find_python() -> Option<PathBuf> {
    let knows = |python: &Path| run_quietly(python, ["-c", "import dockerfile"]).is_ok();
    let at_hand = PathBuf::from("python3");
    if knows(&at_hand) {
        return Some(at_hand);
    }
    let place = scratch().join("buildkit-venv");
    let made = make_once(&place, |fresh| {
        run_quietly("python3", [OsStr::new("-m"), OsStr::new("venv"), fresh.as_os_str()])?;
        run_quietly(fresh.join("bin/python"), ["-m", "pip", "install", "--quiet", "dockerfile"])
    });
    match made {
        Ok(()) => Some(place.join("bin/python")),
        Err(reason) => {
            skipped_unless_ci(&format!("no Python with the package `dockerfile`: {reason}"));
            None
        }
    }
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Makes the folder `place` unless it is there. Several test processes may come here at once, so each fills a folder of
/// its own and renames it; who comes second throws his away.
fn make_once(place: &Path, fill: impl FnOnce(&Path) -> Result<(), String>) -> Result<(), String> {
    if place.exists() {
        return Ok(());
    }
    let fresh = tempfile::tempdir_in(scratch()).map_err(|error| error.to_string())?;
    let inner = fresh.path().join("inner");
    fs::create_dir(&inner).map_err(|error| error.to_string())?;
    fill(&inner)?;
    match fs::rename(&inner, place) {
        Err(error) if !place.exists() => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// Runs a program and returns the end of what it wrote to standard error if it fails.
fn run_quietly<S: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = S>,
) -> Result<(), String> {
    let program = program.as_ref();
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", program.display(), errors.trim().lines().last().unwrap_or("failed without a word")))
}
