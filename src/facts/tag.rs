//! Reading tags: versions and the words between hyphens.

/// The first three numbers of a version; the ones that a tag leaves out count as the highest ones, since
/// `3` and `3.6` mean the newest of their kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Version(pub(super) [u32; 3]);

/// Stands for a number that the tag leaves out.
pub(super) const NEWEST: u32 = u32::MAX;

impl Version {
    /// Reads `3`, `3.6` or `3.6.1` (with as many further numbers as there are). None for anything else,
    /// such as a date (`20240101`), so that no date is taken for a version.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let mut numbers = [NEWEST; 3];
        for (at, part) in word.split('.').enumerate() {
            let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            let number = part.parse().ok().filter(|_| digits)?;
            if let Some(place) = numbers.get_mut(at) {
                *place = number;
            }
        }
        Some(Self(numbers))
    }

    /// The version that a tag begins with, also in `v2.1`, `10.0-noble`, `8u151-jdk` and `3.14.0rc1`.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let end = tag.find(|c: char| !c.is_ascii_digit() && c != '.');
        Self::parse(tag[..end.unwrap_or(tag.len())].trim_end_matches('.'))
    }

    /// The first number; `NEWEST` is not possible here.
    pub(super) fn major(self) -> u32 {
        self.0[0]
    }

    /// First and second number, for comparing with a release such as `(9, 10)`.
    pub(super) fn minor(self) -> (u32, u32) {
        (self.0[0], self.0[1])
    }
}

/// Whether the tag is not complete: it holds a variable, or a placeholder as in templates (`%%VERSION%%`).
pub(super) fn is_open(tag: &str) -> bool {
    tag.contains(['$', '%', '{'])
}

/// The parts of a tag between hyphens, without those that hold variables.
pub(super) fn words(tag: &str) -> impl Iterator<Item = &str> {
    tag.split(['-', '_']).filter(|word| !is_open(word))
}

/// Whether the tag has this word between its hyphens.
pub(super) fn has_word(tag: &str, word: &str) -> bool {
    words(tag).any(|w| w == word)
}

/// Code names of the releases of Debian, and of those Ubuntu releases that tags of images name.
/// Source: <https://wiki.debian.org/DebianReleases>, <https://wiki.ubuntu.com/Releases>.
pub(super) const DEBIAN: &[&str] =
    &["wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid"];
pub(super) const UBUNTU: &[&str] = &[
    "precise", "trusty", "xenial", "artful", "bionic", "cosmic", "disco", "eoan", "focal", "hirsute",
    "impish", "jammy", "kinetic", "lunar", "mantic", "noble", "oracular", "plucky", "questing", "resolute",
    "stonking",
];
