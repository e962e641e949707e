//! Which operating system an image is built on.

use super::tag::{self, NEWEST, Version, has_word};
use super::{canonical, data, images};

/// The operating system of an image, as far as commands and packages depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Family {
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// Alpine.
    Alpine,
    /// Wolfi, which is Alpine's package manager over glibc.
    Wolfi,
    /// Red Hat Enterprise Linux and its relatives: CentOS, Fedora, Rocky, Alma, Oracle, Amazon, Mageia.
    RedHat(Rpm),
    /// openSUSE and SUSE Linux Enterprise.
    Suse,
    /// Arch.
    Arch,
    /// VMware Photon OS.
    Photon,
    /// Azure Linux, formerly CBL-Mariner.
    AzureLinux,
    /// BusyBox and nothing else.
    Busybox,
    /// Windows.
    Windows,
    /// Libraries and certificates but neither a package manager nor, except in debug variants, a shell.
    Distroless,
    /// Nothing at all, or one static binary.
    Scratch,
}

/// The package manager in an image of the Red Hat family.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rpm {
    /// `dnf`, with `yum` as its alias.
    Dnf,
    /// `yum`, in releases before `dnf` (and where the release is not known, as the alias is always there).
    Yum,
    /// `microdnf`, alone, in minimal images.
    Microdnf,
}

impl Family {
    /// The program that installs packages.
    pub fn package_manager(self) -> Option<&'static str> {
        match self {
            Self::Debian | Self::Ubuntu => Some("apt-get"),
            Self::Alpine | Self::Wolfi => Some("apk"),
            Self::RedHat(Rpm::Dnf) => Some("dnf"),
            Self::RedHat(Rpm::Yum) => Some("yum"),
            Self::RedHat(Rpm::Microdnf) => Some("microdnf"),
            Self::Suse => Some("zypper"),
            Self::Arch => Some("pacman"),
            Self::Photon | Self::AzureLinux => Some("tdnf"),
            Self::Busybox | Self::Windows | Self::Distroless | Self::Scratch => None,
        }
    }

    /// Whether packages are those of Debian or Ubuntu.
    pub fn has_apt(self) -> bool {
        matches!(self, Self::Debian | Self::Ubuntu)
    }
}

/// The operating system of an image. The tag decides where it says so (`python:3.13-alpine`).
pub fn family(name: &str, tag: Option<&str>) -> Option<Family> {
    let name = canonical(name);
    let tag = tag.unwrap_or("latest");
    if let Some(family) = special(name, tag) {
        return family;
    }
    if let Some(family) = of_words(name, tag) {
        return Some(family);
    }
    let repo = data::repo(name);
    let known = repo.and_then(|repo| repo.family).and_then(named);
    let known = known.or_else(|| images::find(name)?.family)?;
    if tag::is_open(tag) {
        // The value of the variable may name a variant with another system, unless there is none.
        let slim = repo.is_some_and(|repo| repo.slim.is_some()) && has_word(tag, "slim");
        let mixed =
            repo.map_or(matches!(known, Family::Debian | Family::Ubuntu | Family::Alpine), |r| r.mixed);
        if mixed && !slim {
            return None;
        }
    }
    match known {
        Family::RedHat(_) => rpm(name, tag).map(Family::RedHat),
        other => Some(other),
    }
}

/// The families in `data/images.json`.
fn named(name: &str) -> Option<Family> {
    Some(match name {
        "debian" => Family::Debian,
        "ubuntu" => Family::Ubuntu,
        "alpine" => Family::Alpine,
        "busybox" => Family::Busybox,
        "arch" => Family::Arch,
        "photon" => Family::Photon,
        "redhat" => Family::RedHat(Rpm::Dnf),
        _ => return None,
    })
}

/// The system that a tag names: `3.13-alpine3.22`, `12.2.0-base-ubuntu22.04`, `jdk17-jammy`.
fn of_words(name: &str, tag: &str) -> Option<Family> {
    // Chiselled Ubuntu and the distroless images of others also name the release that they were made from.
    if tag::words(tag).any(|word| word == "chiseled" || word == "distroless") {
        return Some(Family::Distroless);
    }
    tag::words(tag).find_map(|word| of_word(word, name, tag))
}

/// Prefixes of such words; a version may follow.
const PREFIXES: &[(&str, Family)] = &[
    ("windowsservercore", Family::Windows),
    ("nanoserver", Family::Windows),
    ("alpine", Family::Alpine),
    ("debian", Family::Debian),
    ("ubuntu", Family::Ubuntu),
    ("centos6", Family::RedHat(Rpm::Yum)),
    ("centos7", Family::RedHat(Rpm::Yum)),
    ("centos8", Family::RedHat(Rpm::Dnf)),
    ("stream", Family::RedHat(Rpm::Dnf)),
    ("rocky", Family::RedHat(Rpm::Dnf)),
    ("almalinux", Family::RedHat(Rpm::Dnf)),
    ("fedora", Family::RedHat(Rpm::Dnf)),
    // Images named so are built on the slim variant of Oracle Linux.
    ("oraclelinux7", Family::RedHat(Rpm::Yum)),
    ("oraclelinux", Family::RedHat(Rpm::Microdnf)),
    ("al2023", Family::RedHat(Rpm::Dnf)),
    ("al2", Family::RedHat(Rpm::Yum)),
    ("amazonlinux2023", Family::RedHat(Rpm::Dnf)),
    ("amazonlinux", Family::RedHat(Rpm::Yum)),
    ("amazoncorretto", Family::RedHat(Rpm::Yum)),
    ("corretto", Family::RedHat(Rpm::Yum)),
    ("ubi7", Family::RedHat(Rpm::Yum)),
    ("opensuse", Family::Suse),
    ("leap", Family::Suse),
    ("photon", Family::Photon),
    ("azurelinux", Family::AzureLinux),
    ("mariner", Family::AzureLinux),
];

fn of_word(word: &str, name: &str, tag: &str) -> Option<Family> {
    if tag::DEBIAN.contains(&word) {
        return Some(Family::Debian);
    }
    if tag::UBUNTU.contains(&word) {
        return Some(Family::Ubuntu);
    }
    if let Some((_, family)) = PREFIXES.iter().find(|(prefix, _)| word.starts_with(prefix)) {
        return Some(*family);
    }
    // Official images with "ubi" in their tag are built on its minimal variant, except for those of Swift.
    let official = !name.contains('/') && name != "swift";
    let minimal = official || has_word(tag, "minimal");
    let ubi = if minimal { Rpm::Microdnf } else { Rpm::Dnf };
    word.starts_with("ubi").then_some(Family::RedHat(ubi))
}

/// Images whose system follows from their version. `Some(None)`: not known, and no other source is either.
fn special(name: &str, tag: &str) -> Option<Option<Family>> {
    let version = Version::of_tag(tag);
    let at_least = |first: [u32; 3]| version.map_or(!tag::is_open(tag), |v| v.0 >= first);
    let microdnf = Some(Family::RedHat(Rpm::Microdnf));
    Some(match name {
        // Debian until 11; later on Oracle Linux, 7 at first, except for its slim and its Debian variants.
        "openjdk" if of_words(name, tag).is_none() => match version.map(Version::major) {
            _ if has_word(tag, "slim") => Some(Family::Debian),
            Some(..=11) => Some(Family::Debian),
            Some(12..=14) => Some(Family::RedHat(Rpm::Yum)),
            Some(16..) => microdnf,
            None if tag == "latest" => microdnf,
            _ => None,
        },
        // The variants on Debian ended in the course of 5.7 and 8.0, which were then built on Oracle Linux.
        "mysql" if of_words(name, tag).is_none() => match version.map(|v| v.0) {
            Some([..=4, ..] | [5, ..=6, _]) => Some(Family::Debian),
            Some([5, _, NEWEST]) => Some(Family::RedHat(Rpm::Yum)),
            Some([8, 0, patch]) if patch != NEWEST => None,
            Some(version) if version[0] >= 8 => microdnf,
            None if !tag::is_open(tag) => microdnf,
            _ => None,
        },
        // The command line variants are built on Alpine without saying so.
        "wordpress" if has_word(tag, "cli") => Some(Family::Alpine),
        // `3-jdk-8` and `3-openjdk-11` were built on the images of openjdk, so the same holds.
        "maven" if tag.contains("openjdk-1") && of_words(name, tag).is_none() => {
            let debian = has_word(tag, "slim") || has_word(tag, "11");
            if debian { Some(Family::Debian) } else { microdnf }
        }
        "maven" if tag.contains("jdk-") && of_words(name, tag).is_none() => Some(Family::Debian),
        _ if name.starts_with("mcr.microsoft.com/dotnet/framework/") => Some(Family::Windows),
        // .NET 10 moved its default tags from Debian to Ubuntu.
        _ if name.starts_with("mcr.microsoft.com/dotnet/") && of_words(name, tag).is_none() => {
            let ubuntu = at_least([10, 0, 0]);
            (!tag::is_open(tag)).then_some(if ubuntu { Family::Ubuntu } else { Family::Debian })
        }
        _ if images::is_ubi(name) => ubi(name),
        _ => return None,
    })
}

/// Red Hat's universal base images, and the images of languages on them. `ubi-micro` has no manager.
fn ubi(name: &str) -> Option<Family> {
    let minimal = name.contains("minimal") || name.contains("/openjdk-");
    match () {
        () if name.contains("micro") => None,
        () if minimal => Some(Family::RedHat(Rpm::Microdnf)),
        () if name.contains("ubi7") => Some(Family::RedHat(Rpm::Yum)),
        () => Some(Family::RedHat(Rpm::Dnf)),
    }
}

/// The package manager of a distribution of the Red Hat family.
fn rpm(name: &str, tag: &str) -> Option<Rpm> {
    let version = Version::of_tag(tag.strip_prefix("centos").unwrap_or(tag));
    let base = name.rsplit('/').next().unwrap_or(name);
    let before = |first: u32| version.map_or(tag::is_open(tag), |version| version.major() < first);
    if name.contains("minimal") || has_word(tag, "minimal") {
        return Some(Rpm::Microdnf);
    }
    let yum = match base {
        "oraclelinux" if tag::is_open(tag) => return None,
        "oraclelinux" if !before(8) && has_word(tag, "slim") => return Some(Rpm::Microdnf),
        "oraclelinux" | "centos" => before(8),
        "amazonlinux" => before(2023),
        "fedora" => version.is_some_and(|version| version.major() < 22),
        "mageia" => false,
        // The images for AWS Lambda moved to Amazon Linux 2023 with these versions.
        _ if name.contains("lambda") => match base.rsplit(['-', '/']).next() {
            Some("python") => version < Some(Version([3, 12, 0])),
            Some("nodejs") => before(20),
            Some("java") => before(21),
            Some("dotnet") => before(8),
            Some("ruby") => version < Some(Version([3, 3, 0])),
            _ => true,
        },
        _ => false,
    };
    Some(if yum { Rpm::Yum } else { Rpm::Dnf })
}
