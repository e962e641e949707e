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
    file.kept_commands(stage).filter_map(|(h, c)| finding(&h, c)).collect()
}

fn finding(here: &Here, command: &Command) -> Option<Finding> {
    let chown = Chown::of(command)?;
    let copies = here.copies_before();
    let (path, word) = chown.paths.iter().filter(|w| w.literal).find_map(|word| {
        let path = here.path_of(command, word)?;
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

/// Whether a COPY puts something into the folder `path`, or is the file `path` itself.
fn is_brought(copy: &Here, path: &str, folder: bool) -> bool {
    let target = copy.copy_target().unwrap_or_default();
    if folder { is_under(&target, path) } else { copy.brings_file(path) }
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
        let sure = chown.paths.len() == 1 && here.is_replaceable(command);
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
        let flag = format!("--chown={}", self.owner);
        let mut edits: Vec<Edit> = self.copies.iter().map(|c| c.copied_with(&flag)).collect();
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
            _ => edits.push(self.here.without_command(self.command)?),
        }
        Some(Fix::new(safety, Scope::Rights, format!("Copy with `{flag}`"), edits))
    }

    /// How sure it is that the base image has no files below the path, and that the COPY does not make the folder that holds
    /// it too, which would change hands with it. None where the image is not known.
    fn base(&self) -> Option<Safety> {
        const SYSTEM: &str =
            "bin boot dev etc home lib lib32 lib64 media mnt opt proc root run sbin srv sys tmp usr var";
        let top = self.path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let base = self.here.base()?;
        let known = facts::starts_as_told(&base.name);
        // Official php images have an empty folder of `www-data` there.
        let empty = facts::official(&base.name) == Some("php") && self.path == "/var/www/html";
        let fresh = known && (!SYSTEM.split(' ').any(|s| s == top) || empty) || self.recursive.is_none();
        let direct = self.here.has_parent_of(&self.path);
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
}
