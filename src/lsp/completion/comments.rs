//! In comments: parser directives in the first lines, and rules behind a comment that switches them off.
use super::Items;
use crate::lsp::hover::meaning;
use crate::lsp::reference::DIRECTIVES;
use crate::rules;
use tower_lsp::ls_types::CompletionItemKind;

impl Items<'_> {
    /// Directives in the first lines; rules behind a comment that switches them off.
    pub(super) fn comment(&mut self, text: &str) {
        if let Some(list) = text.rsplit_once("dockfix:").map(|(_, rest)| rest.trim_start()) {
            self.back_to(|c| matches!(c, '=' | ',' | ' ' | ':'));
            match list.split_once('=') {
                Some(_) => {
                    for entry in rules::ALL {
                        let name = entry.rule.name;
                        self.add(name, CompletionItemKind::VALUE, &meaning(name));
                    }
                }
                None => {
                    self.add("ignore=", CompletionItemKind::KEYWORD, "For the instruction below.");
                    self.add("ignore-file=", CompletionItemKind::KEYWORD, "For the whole file.");
                }
            }
            return;
        }
        let file = &self.reading.file;
        let first = file.instructions.first().is_none_or(|p| self.offset < p.at);
        self.back_to(|c| matches!(c, '#' | ' ' | '='));
        let written = text.trim_start_matches(['#', ' ', '\t']);
        if let Some((name, value)) = written.split_once('=') {
            if name.trim().eq_ignore_ascii_case("check") && value.trim_start().starts_with("skip=") {
                self.back_to(|c| matches!(c, '=' | ',' | ' '));
                return self.checks();
            }
            let known = DIRECTIVES.iter().find(|(n, ..)| n.eq_ignore_ascii_case(name.trim()));
            if let Some((_, value, what)) = known.filter(|_| first) {
                self.add(value, CompletionItemKind::VALUE, what);
            }
            return;
        }
        for (name, value, what) in DIRECTIVES.iter().filter(|_| first) {
            if file.directives.iter().all(|d| d.name != *name) {
                self.insert(name, &format!("{name}={value}"), CompletionItemKind::KEYWORD, what, false);
            }
        }
        let what = "Switches rules off for the instruction below.";
        self.insert("dockfix: ignore", "dockfix: ignore=", CompletionItemKind::KEYWORD, what, false);
    }

    /// The checks of BuildKit, by the rules that know them.
    fn checks(&mut self) {
        self.add("all", CompletionItemKind::VALUE, "Every check.");
        for rule in rules::ALL.iter().map(|e| e.rule) {
            // hadolint's codes end in digits.
            for name in rule.aliases.iter().filter(|a| !a.ends_with(|c: char| c.is_ascii_digit())) {
                self.add(name, CompletionItemKind::VALUE, &meaning(rule.name));
            }
        }
    }
}
