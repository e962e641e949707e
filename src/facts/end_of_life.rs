//! Until when releases get fixes: those that an image is named after, and the operating systems that its tag names.
//!
//! From `data/end_of_life.json`; `data/refresh.py` documents its fields and which day counts as the end.

use super::tag::{self, is_open};
use super::{canonical, data, images, official};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A release in an image, and how long it lives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lifetime {
    /// What it is called: `Debian 12`; `the image java` for a repository that gets no more updates.
    pub what: String,
    /// The last day of its general, free support.
    pub ends: Date,
    /// The true end is this or, as nobody wrote it down, earlier.
    pub at_the_latest: bool,
    /// It was supported for less than 18 months, as was the plan.
    pub is_short: bool,
}

/// `Debian 12 (2028-06-30)`; `Go 1.9 (2019-02-25 at the latest)`
impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let latest = if self.at_the_latest { " at the latest" } else { "" };
        write!(f, "{} ({}{latest})", self.what, self.ends)
    }
}

/// Releases of one product; lists are words between blanks.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Product {
    name: &'static str,
    images: &'static str,
    long: &'static str,
    short: &'static str,
    open: &'static str,
    names: &'static str,
}

#[derive(Deserialize)]
struct Ends {
    as_of: Date,
    #[serde(borrow)]
    stopped: HashMap<&'static str, Date>,
    #[serde(borrow)]
    products: HashMap<&'static str, Product>,
}

static ENDS: LazyLock<Option<Ends>> = LazyLock::new(|| {
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    let ends = serde_json::from_str(include_str!("../../data/end_of_life.json"));
    debug_assert!(ends.is_ok(), "data/end_of_life.json: {:?}", ends.err());
    ends.ok()
});

/// The releases that an image is made of, as far as its name and tag tell, and until when they get fixes: Python 3.9 and
/// Debian 10 for `python:3.9-buster`. Those whose end nobody knows are left out.
///
/// A tag that moves on (`python:3`) has no end, unless all that it may stand for had ended on the day of the facts
/// (`python:2`).
pub fn lifetimes(name: &str, tag: Option<&str>) -> Vec<Lifetime> {
    let name = without_architecture(canonical(name));
    let tag = tag.unwrap_or("latest");
    if let Some(stopped) = stopped(name, tag) {
        return vec![stopped];
    }
    // What `latest` means elsewhere is not known.
    let product = product_of(name).filter(|_| tag != "latest" || official(name).is_some());
    let mut out: Vec<Lifetime> = product.and_then(|p| p.lifetime(tag)).into_iter().collect();
    let system = system(name, tag).filter(|s| out.iter().all(|o| o.what != s.what));
    out.extend(system);
    out
}

/// Whether none of the tags of an image moves any more.
pub fn is_abandoned(name: &str) -> bool {
    lifetimes(name, None).iter().any(|l| ENDS.as_ref().is_some_and(|e| l.ends <= e.as_of))
}

/// Docker Hub has the official images a second time for each architecture: `arm32v7/debian`.
fn without_architecture(name: &str) -> &str {
    const ARCHITECTURES: &str = "aarch64 amd64 arm32v5 arm32v6 arm32v7 arm64v8 armhf i386 mips64le ppc64le riscv64 s390x windows-amd64";
    let rest = name.split_once('/').filter(|(first, _)| ARCHITECTURES.split(' ').any(|a| a == *first));
    rest.map_or(name, |(_, rest)| rest)
}

/// A repository that gets no more updates.
fn stopped(name: &str, tag: &str) -> Option<Lifetime> {
    let ends = *ENDS.as_ref()?.stopped.get(official(name)?)?;
    // Of OpenJDK, early access builds go on.
    let goes_on = is_open(tag) || tag::words(tag).any(|word| word == "ea" || word == "rc");
    let what = format!("the image `{name}`");
    (name != "openjdk" || !goes_on).then_some(Lifetime { what, ends, at_the_latest: false, is_short: false })
}

/// The product that an image is named after.
fn product_of(name: &str) -> Option<&'static Product> {
    let products = &ENDS.as_ref()?.products;
    if let Some(rest) = name.strip_prefix("mcr.microsoft.com/dotnet/") {
        let rest = rest.strip_prefix("core/").or(rest.strip_prefix("nightly/")).unwrap_or(rest);
        let of_the_release = matches!(rest, "sdk" | "aspnet" | "runtime" | "runtime-deps");
        return products.get("dotnet").filter(|_| of_the_release);
    }
    products.values().find(|p| p.images.split(' ').any(|image| image == name))
}

/// How tags, and the names of some images, name a system: before its version.
const SYSTEMS: &[(&str, &str)] = &[
    ("alpine", "alpine"),
    ("debian", "debian"),
    ("ubuntu", "ubuntu"),
    ("centos", "centos"),
    ("stream", "centos-stream"),
    ("rockylinux", "rocky"),
    ("almalinux", "alma"),
    ("fedora", "fedora"),
    ("oraclelinux", "oraclelinux"),
    ("amazonlinux", "amazonlinux"),
    ("al", "amazonlinux"),
    ("ubi", "rhel"),
    ("rhel", "rhel"),
    ("leap", "opensuse"),
];

/// The operating system that the tag of a known image names: `buster`, `alpine3.12`, `debian-11`. Those of Red Hat and the
/// distroless ones are called after theirs.
fn system(name: &str, tag: &str) -> Option<Lifetime> {
    let in_name = name.starts_with("gcr.io/distroless/") || name.starts_with("registry.access.redhat.com/");
    if in_name || images::is_ubi(name) {
        return name.split(['/', '-']).find_map(|word| system_of(word, None));
    }
    let is_known = data::repo(name).is_some() || images::find(name).is_some() || product_of(name).is_some();
    let words: Vec<&str> = tag::words(tag).filter(|_| is_known).collect();
    (0..words.len()).find_map(|at| system_of(words[at], words.get(at + 1).copied()))
}

fn system_of(word: &str, next: Option<&str>) -> Option<Lifetime> {
    let products = &ENDS.as_ref()?.products;
    for (product, names) in NAMED {
        if names.contains(&word) {
            return products.get(product)?.release(&named(word)?);
        }
    }
    SYSTEMS.iter().find_map(|(prefix, product)| {
        let version = match word.strip_prefix(prefix)? {
            "" => next?,
            version => version,
        };
        let version = Some(version).filter(|v| v.bytes().all(|b| b.is_ascii_digit() || b == b'.'))?;
        products.get(product)?.release(&numbers(version))
    })
}

/// The systems whose releases go by name, and these names.
const NAMED: [(&str, &[&str]); 2] = [("debian", tag::DEBIAN), ("ubuntu", tag::UBUNTU)];

/// The version of a release of Debian or Ubuntu, from its name: 24 and 4 for `noble`.
pub(super) fn named(word: &str) -> Option<Vec<u32>> {
    let products = &ENDS.as_ref()?.products;
    NAMED.iter().find_map(|(product, _)| products.get(product)?.renamed(word)).map(numbers)
}

/// The numbers that a text begins with: 8 and 10 of `8.10`; 8 of `8u392`.
pub(super) fn numbers(text: &str) -> Vec<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].split('.').map_while(|part| part.parse().ok()).collect()
}

impl Product {
    /// All releases, with their last day where it is known, and whether they were to be short.
    fn releases(&self) -> impl Iterator<Item = (&'static str, Option<Date>, bool)> + use<> {
        let rows = |list: &'static str| list.split(' ').filter(|r| !r.is_empty());
        let dated = move |list, is_short| {
            rows(list).filter_map(move |r| {
                let (release, end) = r.split_once('=')?;
                Some((release, Some(end.parse().ok()?), is_short))
            })
        };
        dated(self.long, false)
            .chain(dated(self.short, true))
            .chain(rows(self.open).map(|release| (release, None, true)))
    }

    /// The release that goes by another name.
    fn renamed(&self, word: &str) -> Option<&'static str> {
        self.names
            .split(' ')
            .filter_map(|n| n.split_once('='))
            .find(|(name, _)| *name == word)
            .map(|(_, r)| r)
    }

    /// What lives as long as `tag` lets it.
    fn lifetime(&self, tag: &str) -> Option<Lifetime> {
        if tag == "latest" {
            return self.line(&[]);
        }
        let first = tag.split(['-', '_']).next().filter(|word| !is_open(word))?;
        let first = self.renamed(first).unwrap_or(first);
        let mut version = numbers(first.strip_prefix('v').unwrap_or(first));
        if version.is_empty() {
            version = tag::words(tag).find_map(|word| self.renamed(word)).map(numbers)?;
        }
        self.release(&version).or_else(|| self.line(&version)).or_else(|| self.unlisted(&version))
    }

    fn live(&self, version: impl fmt::Display, ends: Date, at_the_latest: bool, is_short: bool) -> Lifetime {
        let what = format!("{} {version}", self.name).trim_end().to_owned();
        Lifetime { what, ends, at_the_latest, is_short }
    }

    /// The release that this version belongs to.
    fn release(&self, version: &[u32]) -> Option<Lifetime> {
        let (release, end, short) = self.releases().find(|(r, ..)| version.starts_with(&numbers(r)))?;
        Some(self.live(release, end?, false, short))
    }

    /// The whole line of releases that a shorter version stands for, if it was over on the day of the facts.
    fn line(&self, version: &[u32]) -> Option<Lifetime> {
        let as_of = ENDS.as_ref()?.as_of;
        let line = || self.releases().filter(|(r, ..)| numbers(r).starts_with(version));
        let is_over = line().all(|(_, end, _)| end.is_some_and(|end| end < as_of));
        let (_, ends, is_short) = line().filter(|_| is_over).max_by_key(|(_, end, _)| *end)?;
        Some(self.live(dotted(version), ends?, false, is_short))
    }

    /// A version that nobody wrote down ended, at the latest, when the next one did.
    fn unlisted(&self, version: &[u32]) -> Option<Lifetime> {
        if self.releases().any(|(r, ..)| numbers(r).starts_with(version)) {
            return None;
        }
        let newer = self.releases().filter(|(r, ..)| numbers(r).as_slice() > version);
        let (_, ends, is_short) = newer.min_by_key(|(r, ..)| numbers(r))?;
        Some(self.live(dotted(&version[..version.len().min(2)]), ends?, true, is_short))
    }
}

fn dotted(version: &[u32]) -> String {
    version.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}
