//! What may be typed next.
use super::abilities::Abilities;
use super::document::Reading;
use super::hover::meaning;
use super::reference::{self, DIRECTIVES, MOUNT_KEYS, PREDEFINED, SIGNALS};
use crate::facts;
use crate::model::{Instruction, Keyword};
use crate::rules;
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
    if text.trim_start().starts_with('#') {
        out.comment(text);
        return out.all;
    }
    let index = reading.instruction_at(offset).filter(|i| {
        let placed = &reading.file.instructions[*i];
        offset > placed.at + placed.node.keyword_span.end
    });
    match index {
        Some(index) => out.inside(index),
        None => {
            out.back_to(|c: char| c.is_whitespace());
            out.instructions();
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

    /// Directives in the first lines; rules behind a comment that switches them off.
    fn comment(&mut self, text: &str) {
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
        if let Some((name, _)) = written.split_once('=') {
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

    fn instructions(&mut self) {
        let start = &self.reading.text()[self.from as usize..self.offset as usize];
        // As the author writes them.
        let lower = start.starts_with(|c: char| c.is_ascii_lowercase());
        for entry in reference::ALL {
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
            Keyword::Onbuild if alone => self.instructions(),
            Keyword::Shell => {
                self.add("[\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", CompletionItemKind::VALUE, "")
            }
            Keyword::Expose => {
                self.back_to(|c| c.is_whitespace() || c == '/');
                ["tcp", "udp"].iter().for_each(|p| self.add(p, CompletionItemKind::VALUE, ""));
            }
            _ => {}
        }
    }

    /// An option, its keys, or its value.
    fn flag(&mut self, node: &Instruction, index: usize, word: &str) {
        let Some(entry) = reference::of(node.keyword) else { return };
        let Some((name, value)) = word.trim_start_matches('-').split_once('=') else {
            self.back_to(char::is_whitespace);
            for flag in entry.flags {
                let end = if flag.values.is_some() { "=" } else { "" };
                let text = format!("--{}{end}", flag.name);
                self.insert(&format!("--{}", flag.name), &text, CompletionItemKind::FIELD, flag.what, false);
            }
            return;
        };
        self.back_to(|c| matches!(c, '=' | ',') || c.is_whitespace());
        if name == "mount" {
            let part = value.rsplit(',').next().unwrap_or("");
            match part.split_once('=') {
                Some(("from", _)) => self.stages(index),
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
            self.stages(index);
        } else if let Some(values) = entry.flags.iter().find(|f| f.name == name).and_then(|f| f.values) {
            values.iter().for_each(|v| self.add(v, CompletionItemKind::ENUM_MEMBER, ""));
        }
    }

    /// The stages above instruction `index`.
    fn stages(&mut self, index: usize) {
        let file = &self.reading.file;
        let current = file.states[index].stage.unwrap_or(0);
        for (i, stage) in file.stages[..current].iter().enumerate() {
            let image = format!("Stage {i}, from `{}`", stage.base.name);
            let name = stage.name.clone().unwrap_or_else(|| i.to_string());
            self.add(&name, CompletionItemKind::MODULE, &image);
        }
    }

    /// Every variable that has a value, or may have one, at instruction `index`.
    fn variables(&mut self, index: usize) {
        let file = &self.reading.file;
        let state = &file.states[index];
        let is_from = file.instructions[index].node.keyword == Keyword::From;
        let mut names: Vec<&String> = vec![];
        let mut stage = state.stage.filter(|_| !is_from);
        while let Some(s) = stage {
            names.extend(file.stages[s].settings.keys());
            stage = file.stages[s].parent;
        }
        if is_from || state.stage.is_none() {
            names.extend(file.globals.keys());
        }
        names.sort();
        names.dedup();
        for name in names {
            let value = match is_from {
                true => file.globals.get(name).and_then(|all| all.last()),
                false => file.variable(index, name),
            };
            let what = value.and_then(|s| s.value.as_deref()).map_or(String::new(), |v| format!("`{v}`"));
            if is_from || value.is_some() {
                self.add(name, CompletionItemKind::VARIABLE, &what);
            }
        }
        for (name, what) in PREDEFINED {
            self.add(name, CompletionItemKind::CONSTANT, what);
        }
    }

    fn image_clause(&mut self, index: usize, before: &str, word: &str) {
        let words = before.split_whitespace().filter(|w| !w.starts_with("--")).count();
        let typed = words - usize::from(!word.is_empty()).min(words);
        if typed == 1 {
            return self.add("AS", CompletionItemKind::KEYWORD, "Gives the stage a name.");
        }
        if typed > 1 {
            return;
        }
        if let Some((image, _)) = word.split_once(':') {
            self.back_to(|c| c == ':');
            facts::tags(image).iter().for_each(|t| self.add(t, CompletionItemKind::VALUE, ""));
            return;
        }
        self.stages(index);
        let mut names: Vec<&str> = facts::repository_names().chain(["scratch"]).collect();
        names.sort_unstable();
        names.iter().for_each(|n| self.add(n, CompletionItemKind::CLASS, ""));
    }

    /// What lies in the folder that is typed so far, without what .dockerignore leaves out.
    fn paths(&mut self, word: &str) {
        let Some(folder) = self.reading.setting.path.as_ref().and_then(|p| p.parent()) else { return };
        let inner = word.trim_start_matches(['"', '[']).rsplit_once('/').map_or("", |(f, _)| f);
        if inner.split('/').any(|p| p == "..") {
            return;
        }
        self.back_to(|c| c.is_whitespace() || matches!(c, '/' | '"'));
        let mut walk = ignore::WalkBuilder::new(folder.join(inner.trim_start_matches('/')));
        walk.max_depth(Some(1)).standard_filters(false).sort_by_file_name(|a, b| a.cmp(b));
        let mut ignored = ignore::gitignore::GitignoreBuilder::new(folder);
        ignored.add(folder.join(".dockerignore"));
        let ignored = ignored.build().ok();
        for entry in walk.build().filter_map(Result::ok).filter(|e| e.depth() == 1) {
            let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
            let left_out = ignored.as_ref().is_some_and(|i| i.matched(entry.path(), is_folder).is_ignore());
            let Some(name) = entry.file_name().to_str().filter(|n| !left_out && *n != ".git") else {
                continue;
            };
            if is_folder {
                self.add(&format!("{name}/"), CompletionItemKind::FOLDER, "");
            } else {
                self.add(name, CompletionItemKind::FILE, "");
            }
        }
    }

    fn users(&mut self, index: usize) {
        let file = &self.reading.file;
        let base = file.states[index].stage.map(|s| &file.stages[s].base);
        let known = base.and_then(|b| facts::existing_user(&b.name, b.tag.as_deref()));
        known.into_iter().for_each(|u| self.add(u, CompletionItemKind::VALUE, "A user of the image."));
        ["nobody", "root"].iter().for_each(|u| self.add(u, CompletionItemKind::VALUE, ""));
    }
}
