//! Which tags that are no longer built had a slim variant.
//!
//! Source: the tags recorded in <https://github.com/docker-library/repo-info> (`repos/<name>/remote/*.md`)
//! from 2017 on, and in forks that were made at various dates, as the repository drops old tags. For what
//! is older than that: the `FROM` lines of public Dockerfiles of those years. The first version of a line is
//! the first one found there, so it may be later than the true one, never earlier. It does not matter here
//! which full tags there were: whoever asks has one.

use super::tag::{self, Version};

/// What a repository built over the years.
struct History {
    repo: &'static str,
    /// How many numbers make a release line: 1 for `node:20`, 2 for `python:3.13`.
    line: usize,
    /// The first version with a slim variant, per line, in order. Lines after the last one all have it.
    since: &'static [[u32; 3]],
    /// The same for tags that name the operating system, which often came later.
    since_os: &'static [[u32; 3]],
    /// The operating systems whose tags had a slim variant.
    oses: &'static [&'static str],
    /// From this release on, the slim tags that name no operating system are all listed or do not exist.
    until: (u32, u32),
}

const ALWAYS: (u32, u32) = (tag::NEWEST, tag::NEWEST);
const FROM_JESSIE: &[&str] = &["jessie", "stretch", "buster", "bullseye", "bookworm", "trixie"];
const FROM_STRETCH: &[&str] = &["stretch", "buster", "bullseye", "bookworm", "trixie"];
const FROM_BUSTER: &[&str] = &["buster", "bullseye", "bookworm", "trixie"];

#[rustfmt::skip]
const HISTORY: &[History] = &[
    History { repo: "python", line: 2, since: &[[2, 7, 9], [3, 3, 6], [3, 4, 3]],
        since_os: &[[2, 7, 15], [3, 4, 8], [3, 5, 5], [3, 6, 4]], oses: FROM_JESSIE, until: ALWAYS },
    History { repo: "node", line: 1, since: &[[0, 10, 35], [0, 12, 0]],
        since_os: &[[6, 16, 0], [8, 15, 0], [10, 15, 0], [11, 6, 0]], oses: FROM_JESSIE, until: ALWAYS },
    History { repo: "ruby", line: 2, since: &[[2, 1, 5]],
        since_os: &[[2, 3, 6], [2, 4, 3]], oses: FROM_JESSIE, until: ALWAYS },
    History { repo: "rust", line: 2, since: &[[1, 27, 0]],
        since_os: &[[1, 30, 0]], oses: FROM_STRETCH, until: ALWAYS },
    History { repo: "perl", line: 2, since: &[[5, 26, 2]],
        since_os: &[[5, 30, 0]], oses: FROM_BUSTER, until: ALWAYS },
    History { repo: "pypy", line: 2, since: &[[2, 7, 0], [3, 6, 0]],
        since_os: &[[2, 7, 0], [3, 6, 0]], oses: FROM_BUSTER, until: ALWAYS },
    History { repo: "elixir", line: 2, since: &[[1, 4, 0]], since_os: &[], oses: &[], until: ALWAYS },
    History { repo: "erlang", line: 1, since: &[[18, 0, 0]], since_os: &[], oses: &[], until: ALWAYS },
    History { repo: "haskell", line: 2, since: &[[8, 10, 0]],
        since_os: &[[8, 10, 0]], oses: FROM_BUSTER, until: (9, 10) },
    History { repo: "solr", line: 1, since: &[[5, 5, 0]], since_os: &[], oses: &[], until: (9, 0) },
    History { repo: "swift", line: 2, since: &[[5, 0, 0]],
        since_os: &[[5, 1, 0]], oses: &["xenial", "bionic", "focal", "jammy", "noble"], until: ALWAYS },
];

/// Code names of the long-term releases of Node.js, which are tags of their own.
const NODE_NAMES: &[&str] = &[
    "argon", "boron", "carbon", "dubnium", "erbium", "fermium", "gallium", "hydrogen", "iron", "jod",
    "krypton",
];

/// Whether this full tag, not built any more, had a slim variant.
pub(super) fn had_slim(repo: &str, tag: &str) -> bool {
    match repo {
        "debian" => debian(tag).unwrap_or(false),
        "openjdk" => openjdk(tag).unwrap_or(false),
        _ => HISTORY.iter().find(|h| h.repo == repo).is_some_and(|h| in_history(h, tag).unwrap_or(false)),
    }
}

fn in_history(history: &History, tag: &str) -> Option<bool> {
    let mut words: Vec<&str> = tag.split('-').collect();
    let os = words.pop_if(|word| history.oses.contains(word));
    let first = (!words.is_empty()).then(|| words.remove(0));
    let Some(first) = first else {
        return Some(os.is_some());
    };
    if history.repo == "node" && NODE_NAMES.contains(&first) {
        return Some(words.is_empty());
    }
    let version = Version::parse(if history.repo == "python" { release(first) } else { first })?;
    let rest_is_known = match (history.repo, words.as_slice()) {
        (_, []) | ("python", ["rc"]) | ("perl", ["threaded"]) => true,
        // pypy names its own version after that of the language. Its first slim variants with both are of 7.
        ("pypy", [own]) => Version::parse(own).is_some_and(|own| own.major() >= 7),
        ("elixir", ["otp", _]) => version.minor() >= (1, 13),
        _ => false,
    };
    let since = if os.is_some() { history.since_os } else { history.since };
    let open = os.is_some() || version.minor() < history.until;
    Some(rest_is_known && open && reached(version, since, history.line))
}

/// Whether the version is at or after the first one of its line. Lines between those given are not known.
fn reached(version: Version, since: &[[u32; 3]], line: usize) -> bool {
    // Before 1.0 the second number makes the line, as in `node:0.10`.
    let line = if version.major() == 0 { 2 } else { line };
    let same = |first: &&[u32; 3]| {
        let mut pairs = version.0.iter().zip(first.iter()).take(line);
        pairs.all(|(number, first)| number == first || *number == tag::NEWEST)
    };
    match since.iter().rfind(same) {
        Some(first) => version.0 >= *first,
        None => since.last().is_some_and(|last| version.0 > *last),
    }
}

/// `3.14.0rc1` -> `3.14.0`.
fn release(word: &str) -> &str {
    let base = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let cut = ["rc", "a", "b"].iter().find_map(|pre| base.strip_suffix(pre));
    cut.filter(|_| base.len() < word.len()).unwrap_or(word)
}

/// Debian: releases by name or number, with a date since such tags have slim variants. Not `-backports`,
/// `experimental` and `rc-buggy`, which never had one.
fn debian(tag: &str) -> Option<bool> {
    let (suite, date) = tag.split_once('-').map_or((tag, None), |(suite, date)| (suite, Some(date)));
    if let Some(date) = date {
        let date: u32 = date.parse().ok().filter(|_| date.len() == 8)?;
        return Some(is_suite(suite) && date >= 20_181_112);
    }
    let first = [[7, 11, 0], [8, 10, 0], [9, 3, 0]];
    Some(is_suite(suite) || reached(Version::parse(suite)?, &first, 1))
}

fn is_suite(word: &str) -> bool {
    let moving = ["oldoldstable", "oldstable", "stable", "testing", "unstable"];
    tag::DEBIAN.contains(&word) || moving.contains(&word)
}

/// OpenJDK: up to 11 the full image is Debian. From 12 on it is Oracle Linux while the slim one is Debian,
/// so that only full tags that name Debian have a slim variant worth the name.
fn openjdk(tag: &str) -> Option<bool> {
    let mut words: Vec<&str> = tag.split('-').collect();
    let os = words.pop_if(|word| ["stretch", "buster", "bullseye"].contains(word));
    words.pop_if(|word| ["jdk", "jre"].contains(word));
    let [version] = words[..] else { return None };
    if let Some(update) = version.strip_prefix("8u") {
        return Some(update.parse::<u32>().ok()? >= 151);
    }
    let major = Version::parse(version)?.major();
    Some([7, 8, 11].contains(&major) || os.is_some() && (12..=18).contains(&major))
}
