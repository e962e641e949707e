//! From settings to the rules of a run, and from `dockfix.toml` to settings.
mod file;

pub use file::{ConfigError, FILE_NAME, find, read};

use crate::rule::{Rule, Severity};
use crate::rules;
use crate::settings::Settings;
use std::sync::Arc;

/// Which rules run, and what they are told.
#[derive(Clone)]
pub struct Config {
    /// The rules, in the order in which their fixes are preferred.
    pub rules: Arc<[&'static Rule]>,
    /// What they are told.
    pub settings: Settings,
    /// Findings that matter less are left out.
    pub least: Severity,
}

impl Default for Config {
    fn default() -> Self {
        Self::of(Settings::default())
    }
}

impl Config {
    /// What `settings` ask for. A name in them that no rule has is as if it were not there: [`unknown_rule`] tells.
    pub fn of(settings: Settings) -> Self {
        let named = |list: &[String], rule: &Rule| {
            list.iter().any(|n| rules::find(n).is_some_and(|r| r.name == rule.name))
        };
        let all = rules::ALL.iter().map(|e| e.rule);
        let rules = all
            .filter(|r| if settings.select.is_empty() { r.on } else { named(&settings.select, r) })
            .filter(|r| !named(&settings.ignore, r))
            .collect();
        Self { rules, settings, least: Severity::Hint }
    }

    /// The same settings, for these rules alone.
    pub fn only(&self, rules: &[&'static Rule]) -> Self {
        Self { rules: rules.into(), ..self.clone() }
    }

    /// Whether two ask for the same.
    pub fn is(&self, other: &Self) -> bool {
        let names = |c: &Self| c.rules.iter().map(|r| r.name).collect::<Vec<_>>();
        names(self) == names(other) && self.settings == other.settings && self.least == other.least
    }
}

/// The JSON Schema of a configuration file, as text.
pub fn schema() -> String {
    format!("{:#}", schemars::schema_for!(Settings).as_value())
}

/// A name in the settings that no rule has.
pub fn unknown_rule(settings: &Settings) -> Option<&str> {
    let names = settings.select.iter().chain(&settings.ignore);
    names.map(String::as_str).find(|n| rules::find(n).is_none())
}
