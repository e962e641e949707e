//! # `chown` behind a `COPY` stores the files twice
//!
//! A layer holds whole files: one that only gets another owner is in the image a second time. `COPY --chown` gives the
//! owner to the one copy.
//!
//! ```diff
//!  FROM node:24-slim
//! -COPY . /app
//! -RUN chown -R node:node /app
//! +COPY --chown=node:node . /app
//!  WORKDIR /app
//!  USER node
//! ```
//!
//! A folder that was there before gets its owner by itself, without what is in it.
//!
//! ```diff
//!  FROM node:24-slim
//!  WORKDIR /app
//! -COPY . .
//! -RUN chown -R node:node /app
//! +COPY --chown=node:node . .
//! +RUN chown node:node /app
//!  USER node
//! ```
//!
//! There is no fix where other steps write into the folder, or the user is created too late; it is unsafe where the base
//! image may have files of its own there.
//!
//! ```dockerfile,flagged
//! FROM node:24-slim
//! WORKDIR /app
//! COPY package*.json ./
//! RUN npm ci
//! COPY . .
//! RUN chown -R node:node /app
//! ```
//!
//! ```dockerfile
//! FROM node:24-slim
//! COPY --chown=node:node . /app
//! RUN mkdir /data && chown -R node:node /data
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "chown-after-copy",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    if stage.role != Role::Final {
        return vec![];
    }
    let all = stage.instructions.clone().map(|i| file.here(i));
    let runs = all.filter(|h| h.instruction.keyword == Keyword::Run && !h.is_onbuild());
    let commands = runs.flat_map(|h| h.commands().iter().map(move |c| (h, c)));
    commands.filter_map(|(here, command)| finding(&here, command)).collect()
}

fn finding(here: &Here, command: &Command) -> Option<Finding> {
    let chown = Chown::of(command)?;
    let stage = here.stage()?;
    let copies: Vec<Here> = (stage.instructions.start..here.index())
        .map(|i| here.file().here(i))
        .filter(|h| !h.is_onbuild() && h.copy_target().is_some())
        .collect();
    let (path, word) = chown.paths.iter().filter(|w| w.literal).find_map(|word| {
        let folder = if word.value.starts_with('/') { String::new() } else { here.folder_of(command)? };
        let path = absolute(&folder, &word.value)?;
        let hit = |h: &Here| is_brought(h, &path, chown.recursive.is_some());
        copies.iter().any(hit).then_some((path, word))
    })?;
    let plan = Plan::of(here, command, &chown, path, copies);
    let fix = plan.and_then(|plan| plan.fix());
    // One small file is not worth a word, unless it is as easy to do right.
    if chown.recursive.is_none() && fix.is_none() {
        return None;
    }
    let what = if chown.recursive.is_some() { "everything in it" } else { "the file" };
    let message = format!("`{}` comes from a COPY, and `chown` stores {what} a second time", word.value);
    Some(Finding::new(here.placed().absolute(command.span), message).fix(fix))
}

fn absolute(folder: &str, path: &str) -> Option<String> {
    let path = path.trim_end_matches('/');
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{}/{path}", folder.trim_end_matches('/'))
    };
    let whole = whole.strip_suffix("/.").unwrap_or(&whole).to_owned();
    (whole.len() > 1 && !whole.contains("/./") && !whole.contains("..")).then_some(whole)
}

/// Whether a COPY puts something into the folder `path`, or is the file `path` itself.
fn is_brought(copy: &Here, path: &str, folder: bool) -> bool {
    let target = copy.copy_target().unwrap_or_default();
    // What has an extension is a file.
    let file = |c: &Copied| {
        let name = c.source.rsplit('/').next().unwrap_or_default();
        name.rfind('.').is_some_and(|dot| dot > 0 && !name.ends_with(".d"))
    };
    let own = || copy.copied().is_some_and(|all| all.iter().any(|c| file(c) && c.lands_at(path)));
    if folder { is_under(&target, path) } else { own() }
}

fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A `chown` whose files all come from COPY instructions of its stage.
struct Plan<'a> {
    here: Here<'a>,
    command: &'a Command,
    recursive: Option<Span>,
    owner: String,
    path: String,
    /// The COPY instructions that bring something to the path.
    copies: Vec<Here<'a>>,
}

impl<'a> Plan<'a> {
    /// None where a `--chown` would come to something else.
    fn of(
        here: &Here<'a>,
        command: &'a Command,
        chown: &Chown,
        path: String,
        copies: Vec<Here<'a>>,
    ) -> Option<Self> {
        let recursive = chown.recursive.map(|w| w.span);
        let folder = recursive.is_some();
        let (under, others): (Vec<Here>, Vec<Here>) =
            copies.into_iter().partition(|h| is_brought(h, &path, folder));
        let first = under.first()?.index();
        let file = here.file();
        let group = match chown.group {
            Some("") => file.main_group(first, chown.user)?,
            group => group.unwrap_or("0"),
        };
        let plain = |h: &Here| {
            let numeric = |name: &str| name.bytes().all(|b| b.is_ascii_digit());
            let link = h.instruction.flag("link").is_some() && !(numeric(chown.user) && numeric(group));
            let copy =
                h.instruction.keyword == Keyword::Copy && h.instruction.flag("chown").is_none() && !link;
            copy && h.state().user == here.state().user
        };
        // What is copied over the folder from above, such as `COPY rootfs /`, may write into it.
        let apart = |h: &Here| h.copy_target().is_some_and(|t| !is_under(&path, &t) || !folder);
        let alone = chown.paths.len() == 1 && command.wrappers.is_empty() && command.assignments.is_empty();
        let script = here.instruction.script.as_ref()?;
        let sure =
            alone && !command.redirected && command.position == Position::Step && script.surely_runs(command);
        let names = here.file().has_user(first, chown.user)
            && (chown.group.is_none_or(str::is_empty) || here.file().has_group(first, group));
        // Only those that stand in the stage itself are known to be the last to write.
        let single = folder || under.len() == 1 && under[0].instruction.words.len() == 2;
        // Nobody but root may give files away.
        let root = here.user().is_none_or(|_| here.is_root());
        let fits = sure && names && single && root && under.iter().all(plain) && others.iter().all(apart);
        let owner = format!("{}:{group}", chown.user);
        fits.then_some(Self { here: *here, command, recursive, owner, path, copies: under })
    }

    fn fix(&self) -> Option<Fix> {
        let mut safety = self.base()?;
        let mut existed = false;
        let stage = self.here.stage()?;
        for here in self
            .here
            .file()
            .lineage(stage)
            .into_iter()
            .take_while(|i| *i < self.here.index())
            .map(|i| self.here.file().here(i))
        {
            match here.instruction.keyword {
                _ if here.is_onbuild() => return None,
                Keyword::Run => {
                    let (makes, harm) = self.run(&here)?;
                    existed |= makes;
                    safety = safety.max(harm);
                }
                Keyword::Workdir => {
                    let next = here.state_behind()?.workdir.clone()?;
                    existed |= *next == *self.path;
                    // Its folders belong to root, and would go on to.
                    if is_under(&next, &self.path) && *next != *self.path {
                        return None;
                    }
                }
                Keyword::Volume if self.recursive.is_some() => return None,
                Keyword::Copy | Keyword::Add if here.copy_target().is_none() => return None,
                _ => {}
            }
        }
        let own = self.here.placed();
        let mut edits: Vec<Edit> = self.copies.iter().map(|c| c.owned_by(&self.owner)).collect();
        match self.recursive {
            Some(flag) if existed || safety == Safety::Unsafe => {
                let end = self.command.words.iter().find(|w| w.span.start > flag.end)?.span.start;
                // A cluster such as `-vR` keeps its other letters.
                let flag_text = flag.of(&self.here.instruction.text);
                if !matches!(flag_text, "-R" | "--recursive") {
                    return None;
                }
                edits.push(Edit::delete(own.absolute(Span { start: flag.start, end })));
            }
            _ => edits.push(self.removal()?),
        }
        let title = format!("Copy with `--chown={}`", self.owner);
        Some(Fix::new(safety, Scope::Owners, title, edits))
    }

    /// How sure it is that the base image has no files below the path, and that the COPY does not make the folder that holds
    /// it too, which would change hands with it. None where the image is not known.
    fn base(&self) -> Option<Safety> {
        const SYSTEM: &str =
            "bin boot dev etc home lib lib32 lib64 media mnt opt proc root run sbin srv sys tmp usr var";
        let (parent, _) = self.path.rsplit_once('/')?;
        let top = self.path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let base = self.here.base()?;
        let known = facts::starts_as_told(&base.name);
        // Official php images have an empty folder of `www-data` there.
        let empty = facts::official(&base.name) == Some("php") && self.path == "/var/www/html";
        let fresh = known && (!SYSTEM.split(' ').any(|s| s == top) || empty) || self.recursive.is_none();
        let direct = parent.is_empty()
            || facts::is_system_folder(parent)
            || self.here.state().workdir.as_deref().is_some_and(|w| is_under(w, parent));
        Some(if fresh && direct { Safety::Safe } else { Safety::Unsafe })
    }

    /// Whether a RUN makes the folder itself, and how sure it is that it neither writes into it nor minds its owner. None
    /// where it may.
    fn run(&self, run: &Here) -> Option<(bool, Safety)> {
        let mut safety = Safety::Safe;
        let mut makes = false;
        for command in run.commands() {
            let words = command.arguments();
            let about = |w: &Word| is_under(&w.value, &self.path) || is_under(&self.path, &w.value);
            match command.program() {
                "useradd" | "adduser" | "groupadd" | "addgroup" | "usermod" | "chmod" => {}
                "chown" if !words.iter().any(|w| about(w) && w.value.trim_end_matches('/') != self.path) => {}
                "mkdir" => {
                    let below = |w: &Word| {
                        w.literal
                            && w.value.starts_with('/')
                            && (w.value.trim_end_matches('/') == self.path || !about(w))
                    };
                    if !words.iter().filter(|w| !w.is_flag()).all(below) {
                        return None;
                    }
                    makes |= words.iter().any(|w| w.value.trim_end_matches('/') == self.path);
                }
                _ if command.needs_no_files() => {}
                _ => {
                    // Where the list has a project of its own, its metadata is written beside it.
                    let call = command.package.as_ref().filter(|p| p.manager == Manager::Pip)?;
                    call.requirement_files(&command.words)?;
                    safety = Safety::Unsafe;
                }
            }
        }
        let read = !run.commands().is_empty();
        read.then_some((makes, safety))
    }

    /// The edit that takes the command out: its step, or the whole RUN.
    fn removal(&self) -> Option<Edit> {
        let own = self.here.placed();
        let script = self.here.instruction.script.as_ref()?;
        let text = self.here.file().text();
        if script.steps.len() > 1 {
            let edit = self.here.without_step(self.command.step)?;
            return Some(Edit::delete(own.absolute(edit.span)));
        }
        let rest = &text[own.span().end as usize..];
        let end = own.span().end + rest.find('\n').map_or(rest.len(), |i| i + 1) as u32;
        let blank = rest[..rest.find('\n').unwrap_or(rest.len())].trim().is_empty();
        (blank && own.node.comments.is_empty()).then(|| Edit::delete(Span { start: own.at, end }))
    }
}
