//! The build context: the files beside a Dockerfile, as far as rules may ask about them.
mod node;

pub use node::NodePackage;

use std::path::{Path, PathBuf};

/// What is known of the folder that a Dockerfile is built from.
#[derive(Clone, Debug, Default)]
pub struct Context {
    dockerfile: Option<PathBuf>,
}

/// What a requirements file of pip asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirements {
    /// Packages from an index, and nothing else.
    Packages,
    /// Other files too, such as a further list.
    Files,
    /// The project itself, or a package that lies in it.
    Project,
}

impl Context {
    /// The context of a file on disk: its own folder, which is what `docker build .` takes.
    pub fn of(dockerfile: &Path) -> Self {
        Self { dockerfile: Some(dockerfile.to_owned()) }
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
        Some(self.folder()?.join(path.trim_start_matches('/')).exists())
    }

    /// The text of `path`, relative to the context. None when it cannot be read as UTF-8.
    pub fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.folder()?.join(path.trim_start_matches('/'))).ok()
    }

    /// Whether `path`, relative to the context, is a file that begins like a tar, gzip, bzip2, xz or zstd archive. None
    /// when nothing is known of it.
    pub fn is_archive(&self, path: &str) -> Option<bool> {
        use std::io::Read;
        const STARTS: &[&[u8]] =
            &[&[0x1f, 0x8b], b"BZh", &[0xfd, b'7', b'z', b'X', b'Z', 0], &[0x28, 0xb5, 0x2f, 0xfd]];
        let path = self.folder()?.join(path.trim_start_matches('/'));
        // A device or a pipe in the context is not for reading.
        if !std::fs::metadata(&path).ok()?.is_file() {
            return path.is_dir().then_some(false);
        }
        let mut head = vec![];
        std::fs::File::open(&path).ok()?.take(512).read_to_end(&mut head).ok()?;
        let tar = head.get(257..262) == Some(b"ustar");
        Some(tar || STARTS.iter().any(|s| head.starts_with(s)))
    }

    /// What the requirements file `path` asks for. None when it cannot be read.
    pub fn requirements(&self, path: &str) -> Option<Requirements> {
        let text = self.read(path)?;
        let mut found = Requirements::Packages;
        for line in text.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
            let remote = line.contains("://") && !line.contains("file:");
            let begins = |starts: &[&str]| starts.iter().any(|s| line.starts_with(s));
            let local = begins(&[".", "/"])
                || line.contains("@ .")
                || line.ends_with(".whl")
                || line.contains("file:");
            if !remote && (local || begins(&["-e", "--editable"])) {
                return Some(Requirements::Project);
            }
            if !remote && begins(&["-r", "-c", "-f", "--requirement", "--constraint", "--find-links"]) {
                found = Requirements::Files;
            }
        }
        Some(found)
    }

    /// The names in the context's own folder, sorted. Empty when nothing is known.
    pub fn names(&self) -> Vec<String> {
        let Some(entries) = self.folder().and_then(|f| std::fs::read_dir(f).ok()) else { return vec![] };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn folder(&self) -> Option<PathBuf> {
        let folder = self.dockerfile.as_deref()?.parent()?;
        Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() })
    }
}
