//! What may be typed next.
mod comments;
mod names;
mod options;
mod paths;

use super::abilities::Abilities;
use super::document::Reading;
use super::reference::{self, SIGNALS};
use crate::model::Keyword;
use crate::text::Span;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent,
    MarkupKind, TextEdit,
};

/// Typing one of these asks for a completion.
pub(super) const TRIGGERS: &[&str] = &[" ", "-", "=", ",", "$", "{", ":", "/", "#"];

/// What may stand at `offset`.
pub(super) fn at(reading: &Reading, offset: u32, client: &Abilities) -> Vec<CompletionItem> {
    let line = reading.positions.line_of(offset);
    let Some(line) = reading.positions.line(line) else { return vec![] };
    let before = Span { start: line.start, end: offset.clamp(line.start, line.end) };
    let mut out = Items { reading, client, offset, from: offset, all: vec![] };
    let text = before.of(reading.text());
    let index = reading.instruction_at(offset);
    if text.trim_start().starts_with('#') {
        // In a here-document it is a line of that.
        let written = |i: usize| {
            let placed = &reading.file.instructions[i];
            placed.node.heredocs.iter().any(|d| placed.absolute(d.body).contains(Span::at(offset)))
        };
        if !index.is_some_and(written) {
            out.comment(text);
        }
        return out.all;
    }
    let index = index.filter(|i| {
        let placed = &reading.file.instructions[*i];
        offset > placed.at + placed.node.keyword_span.end
    });
    match index {
        Some(index) => out.inside(index),
        None => {
            out.back_to(|c: char| c.is_whitespace());
            out.instructions(&[]);
        }
    }
    out.all
}

struct Items<'a> {
    reading: &'a Reading,
    client: &'a Abilities,
    offset: u32,
    /// Where what is replaced begins.
    from: u32,
    all: Vec<CompletionItem>,
}

impl Items<'_> {
    /// Replaces what was typed behind the last character that is a `stop`.
    fn back_to(&mut self, stop: impl Fn(char) -> bool) {
        let before = &self.reading.text()[..self.offset as usize];
        self.from = before.rfind(|c| stop(c) || c == '\n').map_or(0, |i| {
            let width = before[i..].chars().next().map_or(1, char::len_utf8);
            (i + width) as u32
        });
    }

    fn add(&mut self, label: &str, kind: CompletionItemKind, what: &str) {
        self.insert(label, label, kind, what, false);
    }

    fn insert(&mut self, label: &str, text: &str, kind: CompletionItemKind, what: &str, snippet: bool) {
        let range = self.reading.positions.range(Span { start: self.from, end: self.offset });
        let markup = MarkupContent { kind: MarkupKind::Markdown, value: what.to_owned() };
        self.all.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            documentation: (!what.is_empty()).then_some(Documentation::MarkupContent(markup)),
            sort_text: Some(format!("{:04}", self.all.len())),
            insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, text.to_owned()))),
            ..CompletionItem::default()
        });
    }

    /// Instructions, without `those`.
    fn instructions(&mut self, those: &[Keyword]) {
        let start = &self.reading.text()[self.from as usize..self.offset as usize];
        // As the author writes them.
        let lower = start.starts_with(|c: char| c.is_ascii_lowercase());
        for entry in reference::ALL.iter().filter(|e| !those.contains(&e.keyword)) {
            let name = entry.keyword.name();
            let name = if lower { name.to_ascii_lowercase() } else { name.to_owned() };
            let snippet = self.client.snippets;
            let text = if snippet { format!("{name}{}", entry.snippet) } else { format!("{name} ") };
            self.insert(&name, &text, CompletionItemKind::KEYWORD, &entry.page(), snippet);
        }
    }

    /// Inside instruction `index`.
    fn inside(&mut self, index: usize) {
        let file = &self.reading.file;
        let placed = &file.instructions[index];
        let node = placed.node.effective();
        let at = self.offset - placed.at;
        if placed.node.keyword == Keyword::Onbuild && at <= node.keyword_span.end
            || node.keyword == Keyword::Onbuild
        {
            self.back_to(|c| c.is_whitespace());
            return self.instructions(&[Keyword::From, Keyword::Onbuild, Keyword::Maintainer]);
        }
        let before = node.pieces.read(&node.text, Span { start: node.keyword_span.end, end: at });
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("").to_owned();
        let first = before.split_whitespace().find(|w| !w.starts_with("--"));
        let alone = first.is_none_or(|w| w.len() == word.len() && before.ends_with(w));
        if let Some(dollar) = word.rfind('$').filter(|i| !word[*i..].contains('}')) {
            let name = word[dollar + 1..].trim_start_matches('{');
            if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                self.back_to(|c| matches!(c, '$' | '{'));
                return self.variables(index);
            }
        }
        if word.starts_with('-') && alone {
            return self.flag(node, index, &word);
        }
        self.back_to(|c| c.is_whitespace() || matches!(c, '"' | '='));
        match node.keyword {
            Keyword::From => self.image_clause(index, &before, &word),
            Keyword::Copy | Keyword::Add if node.flag("from").is_none() => self.paths(&word),
            Keyword::User => self.users(index),
            Keyword::Stopsignal => SIGNALS.iter().for_each(|s| self.add(s, CompletionItemKind::CONSTANT, "")),
            Keyword::Healthcheck if alone => {
                self.add("CMD", CompletionItemKind::KEYWORD, "The command that checks.");
                self.add("NONE", CompletionItemKind::KEYWORD, "Switches an inherited check off.");
            }
            Keyword::Shell => {
                self.add("[\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", CompletionItemKind::VALUE, "")
            }
            Keyword::Expose if word.contains('/') => {
                self.back_to(|c| c == '/');
                ["tcp", "udp"].iter().for_each(|p| self.add(p, CompletionItemKind::VALUE, ""));
            }
            _ => {}
        }
    }
}
