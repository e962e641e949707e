//! What a user may choose. The same names serve `dockfix.toml` and an editor's configuration.
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZeroU32;

/// What a user chose; what is left out has the value that its method gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Only these rules run, off by default or not: names, or codes of hadolint and BuildKit. Without any, those that
    /// are on by default.
    pub select: Vec<String>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// The day that ends of life are reckoned from, as `YYYY-MM-DD`. Without it, that of the clock (in UTC).
    #[schemars(with = "Option<String>")]
    pub today: Option<Date>,
    /// Which slim variant takes the place of a full base image.
    pub slim: Option<SlimVariant>,
    /// What begins the names of a private mirror of Docker Hub, such as `registry.example.com/hub/`. Behind it, images
    /// have their names on Docker Hub.
    pub mirrors: Vec<String>,
    /// The number that a new user of a container gets; `USER` then names it by that. Without it, users have names.
    pub uid: Option<NonZeroU32>,
    /// What becomes of the download caches of package managers.
    pub caches: Option<Caches>,
}

/// Which slim variant takes the place of a full base image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SlimVariant {
    /// The one that follows the distribution as the full tag does: `3.13-slim` for `3.13`.
    #[default]
    Floating,
    /// The one that also names the release of the distribution: `3.13-slim-bookworm` for `3.13`.
    Pinned,
}

/// What becomes of the download caches of package managers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Caches {
    /// They are not kept: `pip install --no-cache-dir`.
    #[default]
    Discard,
    /// They live in a cache mount of BuildKit, outside the image: `RUN --mount=type=cache,…`.
    Mount,
}

impl Settings {
    /// Nothing chosen, on a given day: what tests and documentation run with.
    pub fn on(today: Date) -> Self {
        Self { today: Some(today), ..Self::default() }
    }

    /// The day that ends of life are reckoned from.
    pub fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// Which slim variant takes the place of a full base image.
    pub fn slim(&self) -> SlimVariant {
        self.slim.unwrap_or_default()
    }

    /// What becomes of the download caches of package managers.
    pub fn caches(&self) -> Caches {
        self.caches.unwrap_or_default()
    }

    /// These, and where they say nothing, `others`. Rules ignored by either are ignored.
    pub fn over(mut self, others: Self) -> Self {
        let first = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        self.ignore.extend(others.ignore);
        Self {
            select: first(self.select, others.select),
            ignore: self.ignore,
            today: self.today.or(others.today),
            slim: self.slim.or(others.slim),
            mirrors: first(self.mirrors, others.mirrors),
            uid: self.uid.or(others.uid),
            caches: self.caches.or(others.caches),
        }
    }
}
