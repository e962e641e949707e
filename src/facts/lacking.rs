//! What the full variants of images hold and their slim variants lack.
//!
//! From `data/slim.json`, which `data/refresh_slim.py` generates and documents, and which is only parsed when first
//! asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::{data, lifetimes, official, tag};

#[derive(Deserialize)]
struct Slim {
    #[serde(borrow)]
    layers: HashMap<&'static str, Layers>,
    #[serde(borrow)]
    images: HashMap<&'static str, Image>,
    libraries: &'static str,
    #[serde(borrow)]
    default: HashMap<&'static str, HashMap<&'static str, &'static str>>,
}

/// The layers of `buildpack-deps`, each on top of the one before: package to ask apt for -> commands, between blanks.
#[derive(Deserialize)]
struct Layers {
    #[serde(borrow)]
    curl: HashMap<&'static str, &'static str>,
    #[serde(borrow)]
    scm: HashMap<&'static str, &'static str>,
    #[serde(borrow)]
    full: HashMap<&'static str, &'static str>,
}

#[derive(Deserialize)]
struct Image {
    layers: usize,
    kept: &'static str,
    #[serde(borrow)]
    more: HashMap<&'static str, &'static str>,
}

static SLIM: LazyLock<Option<Slim>> = LazyLock::new(|| {
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    let slim = serde_json::from_str(include_str!("../../data/slim.json"));
    debug_assert!(slim.is_ok(), "data/slim.json: {:?}", slim.err());
    slim.ok()
});

/// What the slim variant of an image lacks of what the full one has.
#[derive(Clone, Copy)]
pub struct Lacking {
    layers: &'static Layers,
    image: &'static Image,
    libraries: &'static str,
}

/// How many layers there are.
const LAYERS: usize = 3;

impl Lacking {
    /// The package of Debian that brings `command`, if only the full variant has it.
    pub fn package(&self, command: &str) -> Option<&'static str> {
        let holds = |(_, commands): &(&&str, &&str)| commands.split(' ').any(|c| c == command);
        let found = self.packages().find(holds);
        found.map(|(package, _)| *package)
    }

    /// Whether only the full variant has `package`, one of those that [`Lacking::package`] names.
    pub fn lacks(&self, package: &str) -> bool {
        self.packages().any(|(p, _)| *p == package)
    }

    /// Whether the full variant has `package`, one of header files or of a library that others load.
    pub fn has_library(&self, package: &str) -> bool {
        self.image.layers == LAYERS && self.libraries.split(' ').any(|p| p == package)
    }

    /// Whether it lacks nothing that runs: the two variants differ in documentation alone.
    pub fn is_nothing(&self) -> bool {
        self.packages().next().is_none()
    }

    fn packages(&self) -> impl Iterator<Item = (&'static &'static str, &'static &'static str)> {
        let kept = |package: &str| self.image.kept.split(' ').any(|k| k == package);
        let layers = [&self.layers.curl, &self.layers.scm, &self.layers.full];
        let layers = layers.into_iter().take(self.image.layers).flatten();
        layers.chain(&self.image.more).filter(move |(package, _)| !kept(package))
    }
}

/// What the slim variant of an official image lacks, by the tag of the full one. None where that is not known.
pub fn lacking(name: &str, tag: Option<&str>) -> Option<Lacking> {
    let slim = SLIM.as_ref()?;
    let image = slim.images.get(official(name)?)?;
    // Releases change little; one that is not in the facts is nearest to the oldest or the newest there.
    let release = match debian_release(name, tag) {
        None => "bookworm",
        Some(release) if slim.layers.contains_key(release) => release,
        Some("forky" | "duke" | "sid") => "trixie",
        Some(_) => "bullseye",
    };
    Some(Lacking { layers: slim.layers.get(release)?, image, libraries: slim.libraries })
}

/// Releases that the tags of versions stand for which are no longer built: that of their last build.
// From the tags recorded in https://github.com/docker-library/repo-info.
const LAST: &[(&str, &str, &str)] = &[
    ("python", "3.9", "trixie"),
    ("python", "3.8", "bookworm"),
    ("python", "3.7", "bookworm"),
    ("python", "3.6", "bullseye"),
    ("python", "3.5", "buster"),
    ("python", "3.4", "buster"),
    ("python", "2.7", "buster"),
    ("python", "2", "buster"),
    ("node", "20", "bookworm"),
    ("node", "18", "bookworm"),
];

/// The code name of the release of Debian that an official image is built on, where it is known.
pub fn debian_release(name: &str, tag: Option<&str>) -> Option<&'static str> {
    let tag = tag.unwrap_or("latest");
    if let Some(release) = tag::DEBIAN.iter().find(|release| tag::has_word(tag, release)) {
        return Some(release);
    }
    let repository = official(name)?;
    let full: Vec<&str> = tag.split('-').filter(|word| *word != "slim").collect();
    let version = full.first().copied().unwrap_or("latest");
    if let Some((.., release)) = LAST.iter().find(|(repo, line, _)| *repo == repository && *line == version) {
        return Some(release);
    }
    // Another tag than those of today may be that of an older build. Debian names its releases by their numbers.
    let full = if full.is_empty() { "latest".to_owned() } else { full.join("-") };
    let is_listed = data::repo(name)?.knows(&full);
    let defaults = SLIM.as_ref()?.default.get(repository)?;
    let of = |version: &str| {
        let stands_for = |versions: &str| versions.split(' ').any(|v| v == version);
        defaults.iter().find(|(_, versions)| stands_for(versions)).map(|(release, _)| *release)
    };
    let parents = std::iter::successors(Some(version), |v| v.rsplit_once('.').map(|(parent, _)| parent));
    parents.into_iter().find_map(of).filter(|_| is_listed || repository == "debian")
}

/// What comes with a package, of what slim variants lack.
// From the dependencies of the packages in Debian 12, by their names there.
const WITH: &[(&str, &str)] = &[
    ("build-essential", "gcc g++ libc6-dev make dpkg-dev patch xz-utils bzip2 binutils perl"),
    ("gcc", "binutils"),
    ("g++", "gcc libc6-dev binutils"),
    ("dpkg-dev", "make patch xz-utils bzip2 binutils perl"),
    ("gnupg2", "gnupg"),
    ("gpg", "gnupg"),
    ("git-core", "git perl"),
    ("git-lfs", "git perl"),
    ("git", "perl"),
    ("software-properties-common", "gnupg python3 ca-certificates openssl"),
    ("ca-certificates", "openssl"),
    ("ssh", "openssh-client"),
    ("openssh-server", "openssh-client"),
    ("python3-dev", "python3"),
    ("python3-pip", "python3"),
    ("python3-venv", "python3"),
    ("mercurial", "python3"),
    ("autoconf", "m4 perl"),
    ("automake", "autoconf m4 perl"),
    ("libtool", "file"),
    ("dh-autoreconf", "autoconf automake libtool m4 file perl"),
    ("pkgconf", "pkg-config"),
    ("libcairo2-dev", "libcairo2"),
    ("libcurl4-openssl-dev", "libcurl4"),
    ("libexpat1-dev", "libexpat1"),
    ("libglib2.0-dev", "libglib2.0-0 pkg-config"),
    ("libjpeg-dev", "libjpeg62-turbo"),
    ("libmagic-dev", "libmagic1"),
    ("libldap2-dev", "libldap-2.5-0"),
    ("libsasl2-dev", "libsasl2-2"),
    ("libpq-dev", "libpq5"),
    ("postgresql-client", "libpq5"),
    ("file", "libmagic1"),
    ("libxml2-dev", "libxml2"),
    ("libxslt1-dev", "libxslt1.1 libxml2-dev libxml2"),
    ("default-libmysqlclient-dev", "libmariadb3"),
    ("libmariadb-dev", "libmariadb3"),
    ("default-mysql-client", "libmariadb3"),
    ("libmagickwand-dev", "pkg-config"),
    ("libmysqlclient-dev", "default-libmysqlclient-dev"),
];

/// Whether installing `package` also brings `other`, as far as slim variants lack it.
pub fn brings(package: &str, other: &str) -> bool {
    package == other
        || WITH.iter().any(|(name, with)| *name == package && with.split(' ').any(|w| w == other))
}

/// Whether a package is for building others: what it then takes of the header files and libraries of a full image cannot
/// be seen in a Dockerfile.
pub fn builds(package: &str) -> bool {
    const BUILDERS: &str = "gcc g++ make autoconf automake autotools-dev libtool m4 pkg-config dpkg-dev libc-dev-bin libglib2.0-dev-bin";
    BUILDERS.split(' ').any(|b| b == package) || package.ends_with("-dev")
}

/// Whether a release of Debian, by its code name, gets no more updates on `today`: some months after the end of its
/// long-term support, its packages are moved off the mirrors.
pub fn debian_is_over(release: &str, today: Date) -> bool {
    lifetimes("debian", Some(release)).iter().any(|life| life.ends < today)
}
