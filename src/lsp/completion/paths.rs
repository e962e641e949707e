//! Files of the build context.
use super::Items;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;
use tower_lsp::ls_types::CompletionItemKind;

impl Items<'_> {
    /// What lies in the folder that is typed so far, without what .dockerignore leaves out.
    pub(super) fn paths(&mut self, word: &str) {
        let Some(folder) = self.reading.setting.path.as_ref().and_then(|p| p.parent()) else { return };
        let inner = word.trim_start_matches(['"', '[']).rsplit_once('/').map_or("", |(f, _)| f);
        if inner.split('/').any(|p| p == "..") {
            return;
        }
        self.back_to(|c| c.is_whitespace() || matches!(c, '/' | '"'));
        let names = inner.split('/').filter(|p| !matches!(*p, "" | "."));
        let mut walk = ignore::WalkBuilder::new(names.fold(folder.to_owned(), |f, name| f.join(name)));
        walk.max_depth(Some(1)).standard_filters(false).sort_by_file_name(|a, b| a.cmp(b));
        let ignored = ignored(folder, self.reading.context.file_name());
        for entry in walk.build().filter_map(Result::ok).filter(|e| e.depth() == 1) {
            let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
            let left_out = ignored
                .as_ref()
                .is_some_and(|i| i.matched_path_or_any_parents(entry.path(), is_folder).is_ignore());
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
}

/// What is left out of the build context: by the file that belongs to this Dockerfile alone, or else by the common one.
fn ignored(folder: &Path, dockerfile: Option<&str>) -> Option<Gitignore> {
    let own = dockerfile.map(|name| folder.join(format!("{name}.dockerignore")));
    let common = folder.join(".dockerignore");
    let text = own.into_iter().chain([common]).find_map(|f| std::fs::read_to_string(f).ok())?;
    let mut ignored = GitignoreBuilder::new(folder);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        // Unlike Git's, a pattern without a slash is one of the context's own folder too.
        let (not, pattern) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest.trim_start()));
        let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
        // What cannot be read leaves nothing out.
        let _ = ignored.add_line(None, &format!("{not}/{pattern}"));
    }
    ignored.build().ok()
}
