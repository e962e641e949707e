//! One requirement as PEP 508 writes it, and the older forms that pip takes.
use super::marker::{self, Environment};
use pep440_rs::VersionSpecifiers;
use std::str::FromStr;

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// PyPI or another index.
    Index,
    /// A repository of git or of another version control.
    Git,
    /// An address.
    Url,
    /// A folder or file: the project itself, or what lies beside it.
    Local,
}

/// Whether there are wheels of a package for a system, as far as a lock file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wheels {
    /// For glibc on x86-64.
    pub glibc: bool,
    /// For musl on x86-64.
    pub musl: bool,
}

/// A package that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name as PyPI normalises it: lower case, one `-` between words. Empty where only its place is known.
    pub name: String,
    /// Which versions will do, such as `>=2,<3`; `==` and the version where it is locked. Empty: any.
    pub version: String,
    /// The extras asked for, normalised.
    pub extras: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// The file that asks for it, a path in the build context. None: the command itself.
    pub file: Option<String>,
    /// Not decided: its environment marker asks for what is not known, or it may belong to a group that is left out.
    pub maybe: bool,
    /// It is only needed while the project is built.
    pub builds: bool,
    /// Its wheels are not used: it is built from source.
    pub from_source: bool,
    /// The wheels that its lock file names.
    pub wheels: Option<Wheels>,
}

impl Requirement {
    pub(super) fn new(name: &str, version: impl Into<String>, origin: Origin) -> Self {
        Self {
            name: normalized(name),
            version: version.into(),
            extras: vec![],
            origin,
            file: None,
            maybe: false,
            builds: false,
            from_source: false,
            wheels: None,
        }
    }
}

/// The name of a package as PyPI compares it.
pub(super) fn normalized(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// What a requirement turns out to be.
pub(super) enum Read {
    /// This.
    One(Requirement),
    /// A folder, `.` for the project itself, with the extras asked for.
    Folder { path: String, extras: Vec<String> },
    /// Its marker leaves it out.
    Nothing,
    /// It cannot be read.
    Unknown,
}

/// Reads `text`, as it stands in a file of requirements or among the arguments of pip.
pub(super) fn read(text: &str, environment: &Environment) -> Read {
    let text = text.trim();
    if text.contains("${") || text.contains('$') {
        return Read::Unknown;
    }
    // A `;` inside an address needs a blank before it to begin a marker.
    let address = text.contains("://") || text.contains(" @ ");
    let (text, marker) = match if address { text.split_once(" ;") } else { text.split_once(';') } {
        Some((text, marker)) => (text.trim(), marker.trim()),
        None => (text, ""),
    };
    let applies = if marker.is_empty() { Some(true) } else { marker::holds(marker, environment) };
    if applies == Some(false) {
        return Read::Nothing;
    }
    match bare(text) {
        Read::One(mut found) => {
            found.maybe = applies.is_none();
            Read::One(found)
        }
        other => other,
    }
}

/// Reads a requirement without its marker.
fn bare(text: &str) -> Read {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let named = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let path = !named || rest.starts_with(['/', '\\', ':', '+']) || is_archive(text);
    if path && !rest.starts_with('@') {
        return place(text);
    }
    let (extras, rest) = extras(rest);
    if let Some(target) = rest.strip_prefix('@') {
        return match place(target.trim()) {
            Read::One(found) => {
                let name = normalized(name);
                Read::One(Requirement { name, extras, ..found })
            }
            Read::Folder { path, extras: more } => {
                Read::Folder { path, extras: extras.into_iter().chain(more).collect() }
            }
            other => other,
        };
    }
    let version = rest.trim().trim_start_matches('(').trim_end_matches(')').trim();
    match VersionSpecifiers::from_str(version) {
        Ok(_) => Read::One(Requirement { extras, ..Requirement::new(name, version, Origin::Index) }),
        // `===` and what older tools took for a version: which one it is does not matter to most.
        Err(_) if version.starts_with(['=', '<', '>', '~', '!']) => {
            Read::One(Requirement { extras, maybe: false, ..Requirement::new(name, version, Origin::Index) })
        }
        Err(_) => Read::Unknown,
    }
}

/// The extras at the beginning of `text`, normalised, and what follows them.
fn extras(text: &str) -> (Vec<String>, &str) {
    let Some((inside, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) else {
        return (vec![], text);
    };
    let names = inside.split(',').map(str::trim).filter(|n| !n.is_empty());
    (names.map(normalized).collect(), rest.trim_start())
}

/// A path or an address.
fn place(text: &str) -> Read {
    let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg=")).unwrap_or("");
    let (egg, rest) = egg.split_at(egg.find('[').unwrap_or(egg.len()));
    let remote = address.contains("://") && !address.starts_with("file:");
    let versioned = ["git+", "hg+", "svn+", "bzr+", "git@"].iter().any(|v| address.starts_with(v));
    if versioned || remote {
        let origin = if versioned { Origin::Git } else { Origin::Url };
        let (name, version) = if egg.is_empty() { file_name(address) } else { (egg, String::new()) };
        return Read::One(Requirement { extras: extras(rest).0, ..Requirement::new(name, version, origin) });
    }
    let path = address.strip_prefix("file://").or(address.strip_prefix("file:")).unwrap_or(address);
    if is_archive(path) {
        let (name, version) = file_name(path);
        return Read::One(Requirement::new(name, version, Origin::Local));
    }
    let (path, rest) = path.split_at(path.find('[').unwrap_or(path.len()));
    match path {
        "" => Read::Unknown,
        path => Read::Folder { path: path.to_owned(), extras: extras(rest).0 },
    }
}

fn is_archive(path: &str) -> bool {
    [".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().any(|end| path.ends_with(end))
}

/// The name and version in the name of a wheel or source archive.
fn file_name(path: &str) -> (&str, String) {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if !is_archive(name) {
        return ("", String::new());
    }
    let stem = name.trim_end_matches(".tar.gz").trim_end_matches(".whl").trim_end_matches(".zip");
    let number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let cut = stem.match_indices('-').find(|(at, _)| number(&stem[at + 1..]));
    let Some((at, _)) = cut else { return ("", String::new()) };
    let version = stem[at + 1..].split('-').next().unwrap_or("");
    (&stem[..at], format!("=={version}"))
}
