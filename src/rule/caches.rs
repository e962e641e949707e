//! The caches that tools keep below a home folder.
use super::{
    Action, Caches, Command, Edit, Fact, File, Finding, Fix, Here, Instruction, Keyword, Manager, Role,
    Scope, Stage, Word,
};

/// A cache below `~/.cache` that the image is better without.
pub struct HomeCache {
    /// Who keeps it.
    pub manager: Manager,
    /// What that is called.
    pub tool: &'static str,
    /// What it is asked to do when it fills the cache.
    pub verbs: &'static [&'static str],
    /// The folders below `~/.cache` that nothing else lies in and nothing links to.
    pub folders: &'static [&'static str],
    /// The variable that moves it.
    pub moved_by: &'static str,
    /// The flags and variables that switch it off.
    pub off: &'static [&'static str],
}

impl HomeCache {
    /// What there is to say of the last command of a RUN that fills it.
    pub fn finding(&self, command: &Command, here: &Here) -> Option<Finding> {
        let call = command.package.as_ref().filter(|p| p.manager == self.manager)?;
        let fills = self.verbs.contains(&command.words[call.verb].value.as_str());
        // One finding for all of the step.
        let later = |c: &Command| c.asks(self.manager, Action::Install) && c.span.start > command.span.start;
        let last = !here.commands().iter().any(later);
        let run = here.instruction.keyword == Keyword::Run;
        if !fills || !last || !run || self.is_off(command, here) || !here.ships_cache() {
            return None;
        }
        let fix = self.fix(command, here);
        Some(Finding::new(command.span, format!("{} keeps its cache in this layer", self.tool)).fix(fix))
    }

    /// None where it may be in another place.
    fn fix(&self, command: &Command, here: &Here) -> Option<Fix> {
        let moved = [self.moved_by, "XDG_CACHE_HOME", "HOME"]
            .iter()
            .any(|name| here.env(Some(command), name).is_some() || here.file().sets(name));
        let configured = here.fact::<Configured>().0.iter().any(|tool| tool == self.tool);
        if moved || configured || command.called_again().is_none_or(|c| c.starts_with("sudo")) {
            return None;
        }
        let mounts = || here.home_cache_mounts(self.folders);
        if let Some(edits) = mounts().filter(|_| here.settings().caches() == Caches::Mount) {
            return Some(Fix::safe(Scope::Arguments, format!("Mount a cache for {}", self.tool), edits));
        }
        let folders: Vec<String> = self.folders.iter().map(|f| format!(" ~/.cache/{f}")).collect();
        let edit = here.step_after(command.step, &format!("rm -rf{}", folders.concat()))?;
        Some(Fix::safe(Scope::Commands, format!("Delete the cache of {}", self.tool), vec![edit]))
    }

    /// Whether no cache is written to the layer, or it is removed.
    fn is_off(&self, command: &Command, here: &Here) -> bool {
        let names = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.contains("cache") || text == "/root" || text == "/tmp/*"
        };
        let removes = |c: &Command| {
            let clears = c.program() == self.tool && c.has_flag(self.off);
            let deletes = matches!(c.program(), "rm" | "find") || c.program() == self.tool;
            clears || deletes && c.arguments().iter().any(|w| names(&w.value))
        };
        command.has_flag(self.off)
            || command.has_flag(&["--dry-run"])
            || self.off.iter().any(|name| here.env_is_on(Some(command), name))
            || here.mount_targets().iter().any(|t| names(t))
            || here
                .env(Some(command), self.moved_by)
                .is_some_and(|folder| here.mounts(&folder) || folder == "/dev/null")
            || here.commands().iter().any(|c| c.span.start > command.span.start && removes(c))
    }
}

/// The programs that are told by `config` where their cache is.
#[derive(PartialEq)]
struct Configured(Vec<String>);

impl Fact for Configured {
    fn of(file: &File) -> Self {
        if !file.mentions("config") {
            return Self(vec![]);
        }
        let moves =
            |c: &&Command| c.has_word("config") && c.arguments().iter().any(|w| w.value.contains("cache"));
        Self(file.commands().map(|(_, c)| c).filter(moves).map(|c| c.program().to_owned()).collect())
    }
}

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
