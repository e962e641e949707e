//! How much packages add to an image.
//!
//! From `data/packages.json`, which holds the packages that Dockerfiles install most, of those that are large enough to
//! matter; `data/refresh_packages.py` documents its fields. What is not in it is not known. All sizes are estimates: they
//! are those of the newest packages, for linux/amd64, and count what slim images leave out, manuals and translations: 7 to
//! 18 % of those that were looked at.

use super::{Megabytes, debian_release, official, size, tag};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::ops::AddAssign;
use std::sync::LazyLock;

/// Where packages come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Archive {
    /// Debian 13, and what comes after it.
    Debian,
    /// Debian 12, and where either may be meant.
    Debian12,
    /// Ubuntu 22.04 and 24.04.
    Ubuntu,
    /// PyPI, for CPython on Linux.
    Pypi,
}

/// What something adds to an image.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Added {
    /// Unpacked.
    pub on_disk: Megabytes,
    /// As it is downloaded: a layer of it takes about as much, compressed.
    pub download: Megabytes,
}

impl AddAssign for Added {
    fn add_assign(&mut self, more: Self) {
        self.on_disk.0 += more.on_disk.0;
        self.download.0 += more.download.0;
    }
}

/// What installing a package adds, along with everything that it needs and an image of the distribution lacks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PackageSize {
    /// The package and what it needs.
    pub needed: Added,
    /// What comes on top where apt installs what these recommend.
    pub recommended: Added,
}

#[derive(Deserialize)]
struct Packages {
    parts: &'static str,
    #[serde(borrow)]
    debian: HashMap<&'static str, &'static str>,
    #[serde(borrow)]
    pypi: HashMap<&'static str, &'static str>,
    small: &'static str,
    #[serde(borrow)]
    differs: HashMap<&'static str, &'static str>,
}

static PACKAGES: LazyLock<Option<Packages>> = LazyLock::new(|| {
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    let packages = serde_json::from_str(include_str!("../../data/packages.json"));
    debug_assert!(packages.is_ok(), "data/packages.json: {:?}", packages.err());
    packages.ok()
});

static PARTS: LazyLock<Vec<Added>> =
    LazyLock::new(|| PACKAGES.iter().flat_map(|p| p.parts.split(' ')).filter_map(added).collect());

/// How much `package` adds to an image that holds little but the distribution (or Python), as [`archive`] tells it.
pub fn package_size(archive: Archive, package: &str) -> Option<PackageSize> {
    let (mut lean, mut full) = (Installed::default(), Installed::default());
    let needed = lean.add(archive, package, false)?;
    let all = full.add(archive, package, true)?;
    Some(PackageSize { needed, recommended: all.without(needed) })
}

/// The archive that apt installs from, in an image whose other content is known well enough to tell what packages add.
/// None for the full variants of images, as these hold much of it already, and where nothing is known.
pub fn archive(name: &str, tag: Option<&str>) -> Option<Archive> {
    let (repository, given) = (official(name)?, tag.unwrap_or("latest"));
    if tag::is_open(given) {
        return None;
    }
    match repository {
        "ubuntu" => {
            let known = ["latest", "22.04", "24.04", "jammy", "noble"];
            known
                .iter()
                .any(|k| given == *k || given.starts_with(&format!("{k}-")))
                .then_some(Archive::Ubuntu)
        }
        "debian" => of_release(debian_release(name, tag)),
        "python" | "node" | "ruby" | "perl" | "pypy" | "openjdk" | "erlang" | "elixir"
            if tag::has_word(given, "slim") =>
        {
            match debian_release(name, tag) {
                // An older build, of a version that is not too old.
                None => size(name, tag).map(|_| Archive::Debian12),
                release => of_release(release),
            }
        }
        _ => None,
    }
}

fn of_release(codename: Option<&str>) -> Option<Archive> {
    match codename? {
        "trixie" | "forky" | "sid" => Some(Archive::Debian),
        "bookworm" => Some(Archive::Debian12),
        _ => None,
    }
}

/// What was installed so far: what several packages bring is there once.
#[derive(Clone, Default)]
pub struct Installed {
    parts: HashSet<usize>,
    own: HashSet<(bool, &'static str)>,
}

impl Installed {
    /// Installs a package, and what it recommends if so wanted. What that adds, where it is known.
    pub fn add(&mut self, archive: Archive, package: &str, recommended: bool) -> Option<Added> {
        let all = PACKAGES.as_ref()?;
        let differs = match archive {
            Archive::Debian => "debian13",
            Archive::Debian12 => "debian12",
            Archive::Ubuntu => "ubuntu",
            Archive::Pypi => "",
        };
        if all.differs.get(differs).is_some_and(|names| names.split(' ').any(|n| n == package)) {
            return None;
        }
        let table = if archive == Archive::Pypi { &all.pypi } else { &all.debian };
        let Some((name, row)) = table.get_key_value(package) else {
            let small = archive != Archive::Pypi && all.small.split(' ').any(|n| n == package);
            return small.then(Added::default);
        };
        let (needed, more) = row.split_once(" + ").unwrap_or((row, ""));
        let mut out = self.put((false, name), needed);
        if recommended {
            out += self.put((true, name), more);
        }
        Some(out)
    }

    /// Adds one side of a row: its own size, and the numbers of its parts.
    fn put(&mut self, own: (bool, &'static str), side: &str) -> Added {
        let mut words = side.split(' ');
        let mut out = words.next().and_then(added).filter(|_| self.own.insert(own)).unwrap_or_default();
        for part in words.filter_map(|word| word.parse().ok()) {
            if self.parts.insert(part) {
                out += PARTS.get(part).copied().unwrap_or_default();
            }
        }
        out
    }
}

impl Added {
    /// What is left without a part of it.
    pub fn without(self, part: Self) -> Self {
        let less = |all: Megabytes, part: Megabytes| Megabytes((all.0 - part.0).max(0.0));
        Self { on_disk: less(self.on_disk, part.on_disk), download: less(self.download, part.download) }
    }
}

/// `12/3.4`: megabytes on disk and to download.
fn added(text: &str) -> Option<Added> {
    let (on_disk, download) = text.split_once('/')?;
    Some(Added { on_disk: Megabytes(on_disk.parse().ok()?), download: Megabytes(download.parse().ok()?) })
}
