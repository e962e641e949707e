//! The caches that tools keep below a home folder.
use super::{Edit, Here, Instruction, Role, Word};

impl Here<'_> {
    /// Whether the image gets what this RUN leaves in a cache below a home folder: it is part of the image, or a whole home
    /// folder is copied out of its stage.
    pub fn ships_cache(&self) -> bool {
        let Some(stage) = self.stage().filter(|s| s.role == Role::Source) else { return true };
        let instructions = &self.file.dockerfile.instructions;
        let takes_home = instructions.iter().rposition(|p| copies_home(p.node.effective()));
        takes_home.is_some_and(|copy| copy >= stage.instructions.end)
    }

    /// The edit that gives this RUN a cache mount of BuildKit for each of these folders below `~/.cache`. None where the
    /// home folder is not known to be that of root.
    pub fn cache_mount(&self, folders: &[&str]) -> Option<Edit> {
        let home = self.env(None, "HOME").unwrap_or_else(|| "/root".to_owned());
        let known = self.is_root() && home == "/root" && self.env(None, "XDG_CACHE_HOME").is_none();
        let mount = |folder: &&str| format!(" --mount=type=cache,target=/root/.cache/{folder}");
        let mounts: String = folders.iter().map(mount).collect();
        (known && !self.file.has_other_frontend())
            .then(|| Edit::insert(self.instruction.keyword_span.end, mounts))
    }
}

/// Whether it takes a home folder out of another stage, and the cache with it.
fn copies_home(instruction: &Instruction) -> bool {
    let home = |w: &Word| matches!(w.value.trim_end_matches('/'), "" | "/root" | "/home");
    instruction.flag("from").is_some() && instruction.words.iter().any(home)
}
