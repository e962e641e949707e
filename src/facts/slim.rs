//! From the tag of a full image to the tag of its slim variant.

use super::data::{Rule, repo};
use super::lacking::{debian_is_over, debian_release};
use super::slim_history::had_slim;
use super::{official, tag};
use jiff::civil::Date;

/// The slim variant of a full image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slim {
    /// Its tag.
    pub tag: String,
    /// Whether it is among the tags built on the day of the facts. If not, the full tag belongs to a version
    /// that is no longer built, and the slim tag follows from what the repository did at that time.
    pub listed: bool,
}

/// The slim variant of an official image: `3.13-slim-bookworm` for `python:3.13-bookworm`.
///
/// None when the tag is that of a slim variant already, or of one that has none (alpine, Windows,
/// `-onbuild`), when it holds a variable, and whenever it is not certain that there is a slim variant.
///
/// "Slim" means the variant of that name, and no more than that: that of `openjdk` from 12 on changes the
/// distribution ([`super::family`] tells), that of `oraclelinux` the package manager, and that of `swift`
/// leaves out the compiler.
pub fn slim_tag(name: &str, tag: Option<&str>) -> Option<Slim> {
    let tag = tag.unwrap_or("latest");
    let (repository, facts) = (official(name)?, repo(name)?);
    let rule = facts.slim?;
    if let Some(slim) = facts.exceptions.get(tag) {
        return Some(Slim { tag: (*slim).to_owned(), listed: true });
    }
    let listed = facts.builds(tag);
    (listed || had_slim(repository, tag)).then(|| Slim { tag: apply(rule, tag), listed })
}

/// As [`slim_tag`], but the tag also names the release of Debian: `3.13-slim-trixie` for `python:3.13`.
///
/// None when the full tag names one itself, when that release is past its end on `today`, and whenever the tag is not
/// among those built on the day of the facts.
pub fn pinned_slim_tag(name: &str, tag: Option<&str>, today: Date) -> Option<Slim> {
    let tag = tag.unwrap_or("latest");
    let release = debian_release(name, Some(tag)).filter(|r| !tag::has_word(tag, r))?;
    let full = if tag == "latest" { release.to_owned() } else { format!("{tag}-{release}") };
    slim_tag(name, Some(&full)).filter(|slim| slim.listed && !debian_is_over(release, today))
}

/// The slim tag that the rule gives.
fn apply(rule: Rule, tag: &str) -> String {
    if tag == "latest" {
        return "slim".to_owned();
    }
    let mut words: Vec<&str> = tag.split('-').collect();
    let mut at = words.len();
    let os = |word: &str| tag::DEBIAN.contains(&word) || tag::UBUNTU.contains(&word);
    if rule != Rule::Append && os(words[at - 1]) {
        at -= 1;
    }
    if rule == Rule::BeforeFlavour && at > 0 && words[at - 1] == "threaded" {
        at -= 1;
    }
    words.insert(at, "slim");
    words.join("-")
}
