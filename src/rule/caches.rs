//! The caches that tools keep below a home folder.
use super::{Edit, Fact, File, Here, Instruction, Role, Stage, Word};

/// Of each stage, whether the image gets what it leaves in a cache below a home folder.
#[derive(PartialEq)]
struct Shipped(Vec<bool>);

impl Fact for Shipped {
    fn of(file: &File) -> Self {
        let takes_home = file.dockerfile().instructions.iter().rposition(|p| copies_home(p.node.effective()));
        let shipped =
            |s: &Stage| s.role != Role::Source || takes_home.is_some_and(|copy| copy >= s.instructions.end);
        Self(file.dockerfile().stages.iter().map(shipped).collect())
    }
}

/// Whether it takes a home folder out of another stage, and the cache with it.
fn copies_home(instruction: &Instruction) -> bool {
    let home = |w: &Word| matches!(w.value.trim_end_matches('/'), "" | "/root" | "/home");
    instruction.flag("from").is_some() && instruction.words.iter().any(home)
}

impl Here<'_> {
    /// Whether the image gets what this RUN leaves in a cache below a home folder: it is part of the image, or a whole home
    /// folder is copied out of its stage.
    pub fn ships_cache(&self) -> bool {
        self.state().stage.is_none_or(|stage| self.fact::<Shipped>().0[stage])
    }

    /// The edits that give this RUN a cache mount of BuildKit for each of these folders below `~/.cache`. None where the
    /// home folder is not known to be that of root.
    pub fn home_cache_mounts(&self, folders: &[&str]) -> Option<Vec<Edit>> {
        let home = self.env(None, "HOME").unwrap_or_else(|| "/root".to_owned());
        let known = self.is_root() && home == "/root" && self.env(None, "XDG_CACHE_HOME").is_none();
        let mount = |folder: &&str| self.cache_mount(&format!("/root/.cache/{folder}"));
        (known && !self.file().has_other_frontend()).then(|| folders.iter().map(mount).collect())
    }
}
