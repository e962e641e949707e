//! The build context: the files beside a Dockerfile, as far as rules may ask about them.
mod node;
mod python;

pub use node::NodePackage;
pub use python::{Origin, Place, Requirement, Requirements, Wheels};

use std::collections::HashMap;
use std::fs::Permissions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// What is known of the folder that a Dockerfile is built from. It holds for as long as it [is current](Self::is_current);
/// behind that, a new one is made.
#[derive(Clone, Debug, Default)]
pub struct Context {
    dockerfile: Option<PathBuf>,
    /// What was there, wherever somebody looked. Shared by clones.
    seen: Arc<Mutex<HashMap<PathBuf, Option<Stamp>>>>,
}

/// What changes when a file or folder does.
#[derive(Clone, Debug, PartialEq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    permissions: Permissions,
}

impl Stamp {
    /// None for what is not there.
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        let (modified, permissions) = (metadata.modified().ok(), metadata.permissions());
        Some(Self { bytes: metadata.len(), modified, permissions })
    }
}

/// The size in bytes of the largest file that is read: lock files of large projects have a few million.
const LARGEST: u64 = 8 << 20;

impl Context {
    /// The context of a file on disk: its own folder, which is what `docker build .` takes.
    pub fn of(dockerfile: &Path) -> Self {
        Self { dockerfile: Some(dockerfile.to_owned()), ..Self::default() }
    }

    /// Whether everything that somebody looked at is still as it was then.
    pub fn is_current(&self) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().all(|(path, stamp)| Stamp::of(path) == *stamp)
    }

    /// Whether `other` is this one, or a clone of it: whatever somebody learnt from one holds for the other.
    pub(crate) fn is(&self, other: &Context) -> bool {
        Arc::ptr_eq(&self.seen, &other.seen)
    }

    /// Nothing is known: the text came from standard input or from a buffer that was never saved.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// The name of the Dockerfile itself.
    pub fn file_name(&self) -> Option<&str> {
        self.dockerfile.as_deref()?.file_name()?.to_str()
    }

    /// Whether `path`, relative to the context, exists. None when nothing is known.
    pub fn exists(&self, path: &str) -> Option<bool> {
        // What is there, whoever looked first: asking the system is slow.
        self.look(path).map(|(_, stamp)| stamp.is_some())
    }

    /// The text of `path`, relative to the context. None when it cannot be read as UTF-8, is no plain file, lies outside
    /// of the context (by `..` or a symbolic link), or is larger than anything that people write.
    pub fn read(&self, path: &str) -> Option<String> {
        let file = self.file(path)?;
        let small = std::fs::metadata(&file).ok()?.len() <= LARGEST;
        if small { std::fs::read_to_string(file).ok() } else { None }
    }

    /// Whether `path`, relative to the context, is a plain file of it.
    pub fn is_file(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    /// The permissions of `path`, relative to the context, as a builder sees them. None where it is no plain file of it.
    pub fn mode(&self, path: &str) -> Option<u32> {
        let file = self.file(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            Some(std::fs::metadata(file).ok()?.permissions().mode() & 0o777)
        }
        // From Windows, every file comes as a program.
        #[cfg(not(unix))]
        Some(file).map(|_| 0o755)
    }

    /// Whether `path`, relative to the context, is a folder of it.
    pub fn is_folder(&self, path: &str) -> bool {
        self.at(path).is_some_and(|p| p.is_dir())
    }

    /// Where a plain file of the context lies.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let folder = self.folder()?.canonicalize().ok()?;
        let file = self.at(path)?.canonicalize().ok()?;
        // A device or a pipe in the context is not for reading.
        (file.starts_with(&folder) && file.is_file()).then_some(file)
    }

    /// Whether `path`, relative to the context, is a file that begins like a tar, gzip, bzip2, xz or zstd archive. None
    /// when nothing is known of it.
    pub fn is_archive(&self, path: &str) -> Option<bool> {
        use std::io::Read;
        const STARTS: &[&[u8]] =
            &[&[0x1f, 0x8b], b"BZh", &[0xfd, b'7', b'z', b'X', b'Z', 0], &[0x28, 0xb5, 0x2f, 0xfd]];
        let path = self.at(path)?;
        // A device or a pipe in the context is not for reading.
        if !std::fs::metadata(&path).ok()?.is_file() {
            return path.is_dir().then_some(false);
        }
        let mut head = vec![];
        std::fs::File::open(&path).ok()?.take(512).read_to_end(&mut head).ok()?;
        let tar = head.get(257..262) == Some(b"ustar");
        Some(tar || STARTS.iter().any(|s| head.starts_with(s)))
    }

    /// The names in the context's own folder, sorted. Empty when nothing is known.
    pub fn names(&self) -> Vec<String> {
        let Some(entries) = self.at("").and_then(|f| std::fs::read_dir(f).ok()) else { return vec![] };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// Where `path`, relative to the context, lies. Whoever asks looks there.
    fn at(&self, path: &str) -> Option<PathBuf> {
        self.look(path).map(|(path, _)| path)
    }

    /// The same, and what is there.
    fn look(&self, path: &str) -> Option<(PathBuf, Option<Stamp>)> {
        let path = self.folder()?.join(path.trim_start_matches('/'));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = match seen.get(&path) {
            Some(stamp) => stamp.clone(),
            None => seen.entry(path.clone()).or_insert_with_key(|path| Stamp::of(path)).clone(),
        };
        Some((path, stamp))
    }

    fn folder(&self) -> Option<PathBuf> {
        let folder = self.dockerfile.as_deref()?.parent()?;
        Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() })
    }
}

/// Whether a name of a COPY such as `requirements*.txt` fits a file of this name.
pub fn glob_fits(pattern: &str, name: &str) -> bool {
    globset::Glob::new(pattern).is_ok_and(|g| g.compile_matcher().is_match(name))
}
