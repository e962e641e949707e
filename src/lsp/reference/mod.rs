//! What BuildKit's reference says about instructions and their options, in a line each.
mod instructions;
mod options;
mod values;

use crate::model::Keyword;
pub(super) use instructions::ALL;
use options::FlagEntry;
pub(super) use options::{MOUNT_KEYS, Takes, mount_values};
pub(super) use values::{DIRECTIVES, PREDEFINED, SIGNALS};

/// An instruction as its reference has it.
pub(super) struct Entry {
    pub(super) keyword: Keyword,
    /// How it is written; several forms, the usual one first.
    pub(super) forms: &'static [&'static str],
    /// What it does.
    pub(super) what: &'static str,
    /// What completion inserts behind the keyword, as a snippet.
    pub(super) snippet: &'static str,
    pub(super) flags: &'static [FlagEntry],
}

/// What is said about an instruction.
pub(super) fn of(keyword: Keyword) -> Option<&'static Entry> {
    ALL.iter().find(|e| e.keyword == keyword)
}

impl Entry {
    /// As Markdown.
    pub(super) fn page(&self) -> String {
        let name = self.keyword.name();
        let mut out = format!("```dockerfile\n{}\n```\n{}\n", self.forms.join("\n"), self.what);
        for flag in self.flags {
            out.push_str(&format!("- `--{}`: {}\n", flag.name, flag.what));
        }
        let anchor = name.to_ascii_lowercase();
        out + &format!("\n[Reference](https://docs.docker.com/reference/dockerfile/#{anchor})")
    }
}
