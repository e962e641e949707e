//! What has to be given to a user that takes over from root: the folders that the container writes to.
use super::{Command, File, Here, Keyword, Stage, facts, is_under};

/// Folders that a user gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    owner: String,
    folders: Vec<String>,
    /// Whether with all that is in them.
    recursive: bool,
    /// Whether they have to be made first.
    made: bool,
}

impl Owned {
    /// The command that gives them.
    pub fn command(&self) -> String {
        let folders = self.folders.join(" ");
        let flag = if self.recursive { "-R " } else { "" };
        let make = if self.made { format!("mkdir -p {folders} && ") } else { String::new() };
        format!("{make}chown {flag}{} {folders}", self.owner)
    }
}

/// Who becomes the owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// What stands behind `--chown=`. Empty where nothing is to be given, or the group is not known.
    pub name: String,
    /// The instruction that creates the user, where the file does.
    pub made_at: Option<usize>,
    /// The home folder that it has from then on.
    pub home: Option<String>,
}

/// How a user becomes the owner of what it has to write to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// The instruction that something has to be done before: the first of the COPYs, or a VOLUME.
    pub at: Option<usize>,
    /// What is given there.
    pub early: Vec<Owned>,
    /// What is given at the end.
    pub late: Vec<Owned>,
    /// The COPY and ADD instructions that get a `--chown`.
    pub copies: Vec<usize>,
}

impl Ownership {
    /// For the stage that ends in `all`: its instructions, and those of the stages below.
    ///
    /// # Errors
    /// What it is that a user cannot be given, as the end of a sentence.
    pub fn of(stage: &Stage, file: &File, all: &[Here], owner: &Owner) -> Result<Self, String> {
        let workdir = workdir(stage)?;
        let inner = workdir.clone().unwrap_or_else(|| "/nowhere".to_owned());
        let volumes = volumes(all)?;
        let given = |folder: &&str| volumes.iter().any(|v| is_under(folder, v));
        if let Some(folder) = all.iter().filter_map(|h| h.data_folder_outside(&inner)).find(|f| !given(f)) {
            return Err(format!("`{folder}` belongs to root"));
        }
        if owner.name.is_empty() {
            return if volumes.is_empty() {
                Ok(Self::default())
            } else {
                Err("its volume belongs to root".to_owned())
            };
        }
        let made_at = owner.made_at;
        let made = made_folders(all, &inner)?;
        let mut plan = Self::default();
        let give = |folders: Vec<String>, recursive, made| Owned {
            owner: owner.name.clone(),
            folders,
            recursive,
            made,
        };
        let copies = workdir.as_deref().and_then(|w| copies_into(w, stage, all, made_at));
        let at_home = workdir == owner.home && copies.is_some();
        let volume = all
            .iter()
            .find(|h| h.instruction.keyword == Keyword::Volume && !volumes.is_empty())
            .map(|h| h.index());
        if volume.is_some_and(|v| !stage.instructions.contains(&v) || made_at.is_some_and(|m| m > v)) {
            return Err("its volume belongs to root".to_owned());
        }
        plan.at = copies.as_ref().and_then(|c| c.first().copied()).into_iter().chain(volume).min();
        let there = |at: usize| {
            let before = file.here(at).state().workdir.as_deref();
            before.is_some_and(|w| Some(w.trim_end_matches('/')) == workdir.as_deref())
        };
        let (mut early, mut late, mut whole) = (vec![], vec![], vec![]);
        if let Some(workdir) = workdir.clone().filter(|w| !volumes.contains(w) && !at_home) {
            match &copies {
                Some(copies) if plan.at.is_some_and(|at| there(at) && !copies.is_empty()) => {
                    early.push(workdir)
                }
                Some(copies) if !copies.is_empty() => late.push(workdir),
                _ => whole.push(workdir),
            }
        }
        plan.copies = copies.unwrap_or_default();
        whole.extend(made);
        plan.early = [give(volumes, false, true), give(early, false, false)].into();
        plan.late = [give(late, false, false), give(whole, true, false)].into();
        for all in [&mut plan.early, &mut plan.late] {
            all.retain(|o| !o.folders.is_empty());
        }
        Ok(plan)
    }
}

/// The folder that the container works in, where it is one that a user may own.
fn workdir(stage: &Stage) -> Result<Option<String>, String> {
    let Some(end) = stage.end_state() else { return Ok(None) };
    match end.workdir.as_deref() {
        Some(path) if path.starts_with("/root") => Err("its files are in the home folder of root".to_owned()),
        None if end.workdir_set => Err("its working directory is not known".to_owned()),
        None => Ok(None),
        Some(path) if facts::is_system_folder(path) => Ok(None),
        Some(path) if is_plain(path) => Ok(Some(path.trim_end_matches('/').to_owned())),
        Some(_) => Err("its working directory has an unusual name".to_owned()),
    }
}

fn is_plain(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))
}

fn volumes(all: &[Here]) -> Result<Vec<String>, String> {
    let mut out: Vec<String> = vec![];
    for here in all.iter().filter(|h| h.instruction.keyword == Keyword::Volume) {
        let folders = here.volumes().ok_or("its volume belongs to root")?;
        for folder in folders.iter().map(|f| f.trim_end_matches('/')) {
            const OTHERS: [&str; 11] =
                ["bin", "boot", "dev", "etc", "lib", "proc", "root", "run", "sbin", "sys", "var"];
            let top = folder.trim_start_matches('/').split('/').next().unwrap_or_default();
            // Those of services are made for users of their own, or need root.
            if facts::is_system_folder(folder) || !is_plain(folder) || OTHERS.contains(&top) {
                return Err("its volume belongs to root".to_owned());
            }
            if !out.iter().any(|f| f == folder) {
                out.push(folder.to_owned());
            }
        }
    }
    Ok(out)
}

/// Folders for data outside of the working directory that steps make.
fn made_folders(all: &[Here], workdir: &str) -> Result<Vec<String>, String> {
    let mut out: Vec<String> = vec![];
    let given = |path: &str| {
        let chown = |c: &Command| {
            c.program() == "chown" && c.arguments().iter().any(|w| w.value.trim_end_matches('/') == path)
        };
        all.iter().flat_map(|h| h.commands()).any(chown)
    };
    for here in all.iter().filter(|h| h.instruction.keyword == Keyword::Run) {
        for path in here.made_folders() {
            let path = path.trim_end_matches('/');
            let inside = is_under(path, workdir) || out.iter().any(|o| is_under(path, o));
            if inside || given(path) {
                continue;
            }
            if !is_plain(path) || facts::is_system_folder(path) {
                return Err(format!("`{path}` belongs to root"));
            }
            out.push(path.to_owned());
        }
    }
    Ok(out)
}

/// The COPY and ADD instructions that bring what lies in `folder`. None where something else does, or may: then the whole
/// folder has to be given away afterwards.
fn copies_into(folder: &str, stage: &Stage, all: &[Here], made_at: Option<usize>) -> Option<Vec<usize>> {
    let mut out = vec![];
    for here in all {
        let own = stage.instructions.contains(&here.index());
        match here.instruction.keyword {
            Keyword::Copy | Keyword::Add => {
                let target = here.copy_target()?;
                let inside = is_under(&target, folder);
                if is_under(folder, &target) && !inside {
                    return None;
                }
                let open = here.instruction.flag("chown").is_none();
                if inside && open {
                    let early = made_at.is_some_and(|m| m > here.index());
                    if !own
                        || early
                        || here.instruction.flag("link").is_some()
                        || !here.instruction.heredocs.is_empty()
                    {
                        return None;
                    }
                    out.push(here.index());
                }
            }
            Keyword::Run => {
                let works_there = || here.absolute(".").is_none_or(|cwd| is_under(&cwd, folder));
                let names_it = || here.instruction.text.contains(folder);
                let installs = |c: &Command| c.installs_elsewhere() || c.needs_no_files();
                let harmless = !here.commands().is_empty() && here.commands().iter().all(installs);
                if !harmless && (works_there() || names_it()) {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(out)
}
