//! Reads `data/images.json`; `data/refresh.py` documents its fields.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// How the slim tag follows from the full one.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
    /// `bookworm` -> `bookworm-slim`
    Append,
    /// `3.13-bookworm` -> `3.13-slim-bookworm`
    BeforeOs,
    /// `5.42-threaded-bookworm` -> `5.42-slim-threaded-bookworm`
    BeforeFlavour,
}

/// Facts about one official repository.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Repo {
    #[serde(borrow)]
    pub(super) family: Option<&'static str>,
    pub(super) mixed: bool,
    pub(super) user: Option<&'static str>,
    pub(super) app_user: Option<&'static str>,
    pub(super) slim: Option<Rule>,
    full: &'static str,
    #[serde(rename = "except")]
    pub(super) exceptions: HashMap<&'static str, &'static str>,
}

impl Repo {
    /// The full tags that have a slim variant.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        self.full.split(' ').filter(|t| !t.is_empty())
    }
    /// Whether a full tag is built today.
    pub(super) fn knows(&self, full: &str) -> bool {
        self.builds(full) || self.exceptions.contains_key(full)
    }
    /// Whether the full tag and its slim tag are among the tags built today.
    pub(super) fn builds(&self, full: &str) -> bool {
        self.full.split(' ').any(|tag| tag == full)
    }
}

#[derive(Deserialize)]
struct Images {
    #[serde(borrow)]
    repos: HashMap<&'static str, Repo>,
}

static IMAGES: LazyLock<Images> = LazyLock::new(|| {
    let text = include_str!("../../data/images.json");
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    serde_json::from_str(text).unwrap_or_else(|error| {
        debug_assert!(false, "data/images.json: {error}");
        Images { repos: HashMap::new() }
    })
});

/// All repositories by name.
pub(super) fn repos() -> &'static HashMap<&'static str, Repo> {
    &IMAGES.repos
}

/// Facts about the official repository behind an image name.
pub(super) fn repo(name: &str) -> Option<&'static Repo> {
    repos().get(super::official(name)?)
}
