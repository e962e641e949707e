//! What official node images bring beside Node.js itself.
//!
//! From the Dockerfiles of <https://github.com/nodejs/docker-node> (read for 16 to 26, 2026-09): yarn 1 is in every image
//! until 25 and in none from 26 on. Corepack is a part of Node.js from 16.9 (and 14.19) until 24, and of no later one
//! (<https://nodejs.org/en/blog/release/v25.0.0>). Names of long-term releases: <https://github.com/nodejs/Release>.

use super::tag::{self, NEWEST, Version, words};
use super::{Family, family, official};

/// The releases that tags call by a name.
const CODENAMES: &[(&str, u32)] = &[
    ("argon", 4),
    ("boron", 6),
    ("carbon", 8),
    ("dubnium", 10),
    ("erbium", 12),
    ("fermium", 14),
    ("gallium", 16),
    ("hydrogen", 18),
    ("iron", 20),
    ("jod", 22),
    ("krypton", 24),
];

/// The Node.js version of an official image: major and minor number, the latter `u32::MAX` where the tag leaves it out.
/// None where the tag moves on to other majors, and for other images.
pub fn node_version(name: &str, tag: Option<&str>) -> Option<(u32, u32)> {
    let text = tag?;
    if official(name) != Some("node") || family(name, tag) == Some(Family::Windows) || tag::is_open(text) {
        return None;
    }
    let named = |word| CODENAMES.iter().find(|(name, _)| *name == word).map(|(_, major)| (*major, NEWEST));
    Version::of_tag(text).map(Version::minor).or_else(|| words(text).find_map(named))
}

/// Whether Corepack, which provides yarn and pnpm, is in an official node image.
pub fn has_corepack(name: &str, tag: Option<&str>) -> Option<bool> {
    let version = node_version(name, tag)?;
    Some(((14, 19)..(15, 0)).contains(&version) || ((16, 9)..(25, 0)).contains(&version))
}

/// Whether yarn 1 is in an official node image. Early images of 4 and 6 came without.
pub fn has_yarn(name: &str, tag: Option<&str>) -> Option<bool> {
    let version = node_version(name, tag)?;
    (version >= (7, 0)).then_some(version < (26, 0))
}
