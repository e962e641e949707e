//! Options of instructions, the keys of mounts, and their values.
use super::Items;
use crate::lsp::reference::{self, MOUNT_KEYS, Takes};
use crate::model::Instruction;
use tower_lsp::ls_types::CompletionItemKind;

impl Items<'_> {
    /// Where files may come from: a stage above, or an image.
    fn sources(&mut self, index: usize) {
        self.stages(index);
        self.images();
    }

    /// An option, its keys, or its value.
    pub(super) fn flag(&mut self, node: &Instruction, index: usize, word: &str) {
        let Some(entry) = reference::of(node.keyword) else { return };
        let Some((name, value)) = word.trim_start_matches('-').split_once('=') else {
            self.back_to(char::is_whitespace);
            for flag in entry.flags {
                let end = if matches!(flag.takes, Takes::Nothing) { "" } else { "=" };
                let text = format!("--{}{end}", flag.name);
                self.insert(&format!("--{}", flag.name), &text, CompletionItemKind::FIELD, flag.what, false);
            }
            return;
        };
        self.back_to(|c| matches!(c, '=' | ',') || c.is_whitespace());
        if name == "mount" {
            let part = value.rsplit(',').next().unwrap_or("");
            match part.split_once('=') {
                Some(("from", _)) => self.sources(index),
                Some((key, _)) => {
                    let values = reference::mount_values(key);
                    values.iter().for_each(|v| self.add(v, CompletionItemKind::ENUM_MEMBER, ""));
                }
                None => {
                    for (key, what) in MOUNT_KEYS {
                        self.insert(key, &format!("{key}="), CompletionItemKind::FIELD, what, false);
                    }
                }
            }
        } else if name == "from" {
            self.sources(index);
        } else if name == "chown" {
            self.users(index);
        } else if let Some(Takes::OneOf(words)) =
            entry.flags.iter().find(|f| f.name == name).map(|f| &f.takes)
        {
            words.iter().for_each(|v| self.add(v, CompletionItemKind::ENUM_MEMBER, ""));
        }
    }
}
