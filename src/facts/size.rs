//! How large images are.
//!
//! From `data/sizes.json`, which holds a small part of all tags; `data/refresh.py` documents its fields. What is not in it
//! is only told where it is nearly the same: of a patch release or with a named system what the release itself has
//! (`3.13.2-slim-bookworm`), of a moving tag what the newest release has (`slim`), of other releases what those of the same
//! variant directly beside it have, or on both sides when these differ by less than a fifth.

use super::tag::{self, is_open};
use super::{end_of_life, official};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

/// A million bytes, so many times.
#[derive(Clone, Copy, Default, PartialEq, PartialOrd, Debug)]
pub struct Megabytes(pub f32);

impl Megabytes {
    /// With two digits, as much as an estimate knows: `250 MB` for 247.
    pub fn rounded(self) -> Self {
        let unit = 10f32.powf(self.0.log10().floor() - 1.0);
        if self.0 > 0.0 { Self((self.0 / unit).round() * unit) } else { self }
    }
}

/// `8.3 MB`, `125 MB`, `1.1 GB`
impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            mb if mb >= 999.5 => write!(f, "{:.1} GB", mb / 1000.0),
            mb if mb >= 9.95 => write!(f, "{mb:.0} MB"),
            mb => write!(f, "{mb:.1} MB"),
        }
    }
}

/// How large an image is, for linux/amd64.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Size {
    /// Unpacked.
    pub on_disk: Option<Megabytes>,
    /// As it comes from the registry.
    pub compressed: Option<Megabytes>,
    /// It is that of a similar image, or of one built years ago.
    pub is_estimate: bool,
}

#[derive(Deserialize)]
struct Sizes {
    #[serde(borrow)]
    sizes: HashMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

static SIZES: LazyLock<Sizes> = LazyLock::new(|| {
    let text = include_str!("../../data/sizes.json");
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    serde_json::from_str(text).unwrap_or_else(|error| {
        debug_assert!(false, "data/sizes.json: {error}");
        Sizes { sizes: HashMap::new() }
    })
});

/// How large an official image is, where that is known or can be told from a similar one.
pub fn size(name: &str, tag: Option<&str>) -> Option<Size> {
    let (repository, tag) = (official(name)?, tag.unwrap_or("latest"));
    let listed = SIZES.sizes.get(repository)?;
    if let Some(row) = listed.get(tag) {
        return Some(measured(row));
    }
    let wanted = Build::of(repository, tag)?;
    let same_variant = listed.iter().filter_map(|(key, row)| {
        let build = Build::of(repository, key).filter(|b| b.variant == wanted.variant)?;
        Some((build.release, measured(row)))
    });
    let releases: BTreeMap<Vec<u32>, Size> = same_variant.collect();
    let size = like(&wanted.release, &releases)?;
    Some(Size { is_estimate: true, ..size })
}

/// `1110 412.9 2026-07`, with `?` for what is not known, and `~` behind it for an estimate.
fn measured(row: &str) -> Size {
    let mut words = row.split(' ').map(|word| word.parse().ok().map(Megabytes));
    let mut next = || words.next().flatten();
    Size { on_disk: next(), compressed: next(), is_estimate: row.ends_with('~') }
}

/// What a tag says, the operating system and dates left out.
struct Build {
    /// No number: the newest one.
    release: Vec<u32>,
    /// `slim`; `cli-alpine`
    variant: String,
}

impl Build {
    fn of(repository: &str, tag: &str) -> Option<Self> {
        if is_open(tag) {
            return None;
        }
        let is_system = matches!(repository, "debian" | "ubuntu" | "buildpack-deps");
        let (mut release, mut variant) = (vec![], vec![]);
        for (at, word) in tag.split('-').enumerate() {
            let is_named = tag::DEBIAN.contains(&word) || tag::UBUNTU.contains(&word);
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            match word {
                "latest" if at == 0 => {}
                _ if at == 0 && is_named && is_system => release = end_of_life::named(word)?,
                _ if at == 0 && is_number => release = end_of_life::numbers(word),
                _ if is_named || is_number && word.len() == 8 => {}
                _ if word.strip_prefix("alpine").is_some_and(|v| !end_of_life::numbers(v).is_empty()) => {
                    variant.push("alpine");
                }
                _ => variant.push(word),
            }
        }
        Some(Self { release, variant: variant.join("-") })
    }
}

/// The size of a release, from those of the releases around it.
fn like(release: &[u32], known: &BTreeMap<Vec<u32>, Size>) -> Option<Size> {
    if let Some((_, same)) = known.iter().find(|(r, _)| release.starts_with(r)) {
        return Some(*same);
    }
    if let Some((_, newest)) = known.iter().rfind(|(r, _)| r.starts_with(release)) {
        return Some(*newest);
    }
    let below = known.range(..release.to_vec()).next_back();
    let above = known.range(release.to_vec()..).next();
    if let (Some((_, a)), Some((_, b))) = (below, above)
        && let (Some(small), Some(large)) = (a.on_disk, b.on_disk)
        && (small.0 / large.0 - 1.0).abs() < 0.2
    {
        return Some(Size { on_disk: Some(Megabytes((small.0 + large.0) / 2.0)), compressed: None, ..*a });
    }
    let beside = |(other, _): &(&Vec<u32>, &Size)| {
        let last = other.len() - 1;
        release.len() > last && release[..last] == other[..last] && release[last].abs_diff(other[last]) == 1
    };
    below.into_iter().chain(above).find(beside).map(|(_, size)| *size)
}
