//! Running the built program, and the questions that many tests ask about a run.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Outcome {
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A clear error: exit code 2, the file named, and a line that says what to do.
    #[track_caller]
    pub(crate) fn assert_error_about(&self, path: &Path) {
        assert_eq!(self.code, Some(2), "{self:#?}");
        assert!(self.stderr.contains(&*path.to_string_lossy()), "the file is not named: {self:#?}");
        assert!(self.stderr.contains("help:"), "no word on what to do: {self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
    }
}

/// The program, with nothing of this process's settings that could change its output.
pub(crate) fn dockfix() -> Command {
    scrubbed(Command::new(env!("CARGO_BIN_EXE_dockfix")))
}

/// Runs the program with these arguments.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Outcome {
    Outcome::of(dockfix().args(arguments).output().expect("the program starts"))
}

/// Runs the program with these arguments and bytes on standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Outcome {
    let mut command = dockfix();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that refuses its input may close it early, which is no error here.
    let _ = child.stdin.take().expect("standard input is a pipe").write_all(input);
    Outcome::of(child.wait_with_output().expect("the program ends"))
}

/// The program under the permissions that a file shows, also when the tests run as root: root may read and write
/// everything, unless the two capabilities that say so are taken from it. Skipped where that cannot be had.
pub(crate) fn unprivileged() -> Option<Command> {
    let drop = "-dac_override,-dac_read_search";
    let plain: &[&str] = &["env"];
    let dropped: &[&str] = &["setpriv", "--bounding-set", drop, "--inh-caps", drop];
    let mut wrappers = [plain, dropped].into_iter();
    let Some(wrapper) = wrappers.find(|wrapper| obeys_permissions(wrapper)) else {
        super::skipped("root may read and write everything, and `setpriv` cannot take that from it");
        return None;
    };
    let mut command = Command::new(wrapper[0]);
    command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_dockfix"));
    Some(scrubbed(command))
}

/// Whether `cat` below this wrapper reads a file that may be read, and does not read one that may not.
fn obeys_permissions(wrapper: &[&str]) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("probe");
    fs::write(&file, "probe").expect("the folder is ours");
    let reads = || {
        let output = Command::new(wrapper[0]).args(&wrapper[1..]).arg("cat").arg(&file).output();
        output.is_ok_and(|output| output.status.success())
    };
    let before = reads();
    set_mode(&file, 0o000);
    before && !reads()
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the file is ours");
}

pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().expect("the file is there").permissions().mode() & 0o7777
}

fn scrubbed(mut command: Command) -> Command {
    for name in ["CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// A temporary folder with one file in it. It lies outside the project, whose `.gitignore` would hide it from a search.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    /// The file.
    pub(crate) path: PathBuf,
    bytes: Vec<u8>,
}

impl Folder {
    pub(crate) fn with(bytes: impl Into<Vec<u8>>) -> Folder {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, bytes) = (folder.path().join("Dockerfile"), bytes.into());
        fs::write(&path, &bytes).expect("the folder is ours");
        Folder { folder, path, bytes }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn read(&self) -> Vec<u8> {
        fs::read(&self.path).expect("the file is there")
    }

    /// The file is as it was, and nothing lies beside it.
    #[track_caller]
    pub(crate) fn assert_untouched(&self) {
        assert!(self.read() == self.bytes, "{} was changed", self.path.display());
        self.assert_alone();
    }

    /// Nothing lies beside the file: no temporary file was left.
    #[track_caller]
    pub(crate) fn assert_alone(&self) {
        let entries = fs::read_dir(self.root()).expect("the folder is ours");
        let names: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").file_name()).collect();
        assert_eq!(names, ["Dockerfile"]);
    }
}
