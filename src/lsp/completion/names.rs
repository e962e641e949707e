//! Names: stages, variables, images, users.
use super::Items;
use crate::facts;
use crate::lsp::reference::PREDEFINED;
use crate::model::Keyword;
use tower_lsp::ls_types::CompletionItemKind;

impl Items<'_> {
    /// The stages above instruction `index`.
    pub(super) fn stages(&mut self, index: usize) {
        let file = &self.reading.file;
        let is_from = file.instructions[index].node.keyword == Keyword::From;
        let above = match file.states[index].stage {
            // A FROM that begins no stage yet may build on the one that it stands in.
            Some(current) => current + usize::from(is_from && file.begun_by(index).is_none()),
            None => 0,
        };
        for (i, stage) in file.stages[..above].iter().enumerate() {
            let image = format!("Stage {i}, from `{}`", stage.base.name);
            let name = stage.name.clone().unwrap_or_else(|| i.to_string());
            self.add(&name, CompletionItemKind::MODULE, &image);
        }
    }

    /// Every variable that has a value, or may have one, at instruction `index`.
    pub(super) fn variables(&mut self, index: usize) {
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

    pub(super) fn image_clause(&mut self, index: usize, before: &str, word: &str) {
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
        // Of other registries nothing is known.
        if !word.contains('/') {
            self.images();
            self.add("scratch", CompletionItemKind::CLASS, "Nothing at all.");
        }
    }

    /// Official images.
    pub(super) fn images(&mut self) {
        let mut names: Vec<&str> = facts::repository_names().collect();
        names.sort_unstable();
        names.iter().for_each(|n| self.add(n, CompletionItemKind::CLASS, ""));
    }

    /// Users that the image has.
    pub(super) fn users(&mut self, index: usize) {
        let file = &self.reading.file;
        let base = file.states[index].stage.map(|s| &file.stages[s].base);
        let known = base.and_then(|b| facts::existing_user(&b.name, b.tag.as_deref()));
        known.into_iter().for_each(|u| self.add(u, CompletionItemKind::VALUE, "A user of the image."));
        ["nobody", "root"].iter().for_each(|u| self.add(u, CompletionItemKind::VALUE, ""));
    }
}
