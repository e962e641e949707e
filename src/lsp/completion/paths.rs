//! Files of the build context.
use super::Items;
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
}
