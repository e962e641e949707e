//! # The source is copied before the dependencies are installed
//!
//! A change to any file of the source makes the build install every dependency again. Copied first, the file that lists
//! them keeps that step in the build cache until it changes itself.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  WORKDIR /app
//! -COPY . .
//! +COPY requirements.txt ./
//!  RUN pip install --no-cache-dir -r requirements.txt
//! +COPY . .
//!  CMD ["python", "main.py"]
//! ```
//!
//! ```diff,unsafe
//!  FROM node:24
//!  WORKDIR /app
//! -COPY . .
//! +COPY package*.json ./
//!  RUN npm ci
//! +COPY . .
//!  CMD ["node", "server.js"]
//! ```
//!
//! The fix is safe where the lists are at hand and name nothing from the source. There is none for other tools than pip, npm,
//! yarn and pnpm, and where the same step goes on to build something.
//!
//! ```dockerfile,flagged
//! FROM node:24
//! WORKDIR /app
//! COPY . .
//! RUN npm ci && npm run build
//! ```
//!
//! Silent where the source itself is installed, or something is made from it first.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY . /app
//! RUN pip install --no-cache-dir /app
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "source-before-dependencies",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    // One at a time: what has moved is looked at in the next round.
    stage.instructions.clone().filter_map(|run| finding(run, stage, file)).take(1).collect()
}

fn finding(run: usize, stage: &Stage, file: &File) -> Option<Finding> {
    let here = file.here(run);
    if here.instruction.keyword != Keyword::Run || here.is_onbuild() {
        return None;
    }
    let moves = |c: &Command| c.program() == "cd";
    let at = here.commands().iter().position(|c| !c.needs_no_files() && !moves(c))?;
    let install = Install::of(&here.commands()[at])?;
    let moved = here.commands()[..at].iter().any(moves);
    if moved && NodeInstall::of(&here.commands()[at], &here).is_none() {
        return None;
    }
    let source = Source::before(run, stage, file)?;
    let node = source.node_files(&here.commands()[at], &here);
    let names: Vec<&str> = match &node {
        Some(node) => node.paths.iter().map(String::as_str).collect(),
        None => install.files.clone(),
    };
    let files: Vec<(String, String)> =
        names.iter().map(|f| source.origin(f, &here)).collect::<Option<_>>()?;
    let folder = here.absolute(".").is_some_and(|cwd| under(&cwd, &source.target).is_some());
    let lists: Vec<Option<Requirements>> = files
        .iter()
        .filter(|_| node.is_none())
        .map(|(origin, _)| file.context().requirements(origin))
        .collect();
    let project = node.as_ref().is_some_and(|n| n.read_project);
    if (names.is_empty() && !folder) || project || lists.iter().flatten().any(Requirements::is_local) {
        return None;
    }
    let placed = file.placed(source.copy);
    let words = &placed.node.words;
    let command = &here.commands()[at];
    let message = format!(
        "any change to the source makes the build run `{}` again: the source is copied before it",
        install.name
    );
    let finding = Finding::new(placed.absolute(words[0].span.to(words[1].span)), message)
        .related(file.placed(run).absolute(command.span), "the installation");
    let movable = !names.is_empty()
        && here.commands()[at + 1..].iter().all(Command::needs_no_files)
        && source.may_move(&here);
    if !movable || lists.iter().flatten().any(|l| !l.reads.is_empty()) {
        return Some(finding);
    }
    let read = |l: &Option<Requirements>| l.as_ref().is_some_and(|l| l.unknown.is_none());
    let safety = if let Some(node) = &node {
        node.safety
    } else if lists.iter().all(read) && source.is_harmless(&here) {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edits = source.moved_behind(run, &files);
    let title = format!(
        "Copy only `{}` before it",
        files.iter().map(|(f, _)| f.as_str()).collect::<Vec<_>>().join("`, `")
    );
    Some(finding.fix(edits.map(|edits| Fix::new(safety, Scope::Copies, title, edits))))
}

/// `path` relative to `folder`, where it lies in it.
fn under<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// A command that installs what a file lists.
struct Install<'a> {
    /// The command in short.
    name: String,
    /// The files that it is given by name.
    files: Vec<&'a str>,
}

impl<'a> Install<'a> {
    fn of(command: &'a Command) -> Option<Self> {
        let Some(call) = &command.package else {
            let flags = command.arguments().iter().all(Word::is_flag);
            return (command.program() == "yarn" && flags && !command.has_flag(&["--version"]))
                .then(|| Self { name: "yarn".to_owned(), files: vec![] });
        };
        let verb = command.words[call.verb].value.as_str();
        let bare = call.operands.is_empty()
            && !command.has_flag(&["-g", "--global", "-C", "--prefix", "--cwd", "--dir"]);
        let listed = match call.manager {
            Manager::Pip if verb == "install" => {
                let files = call.requirement_files(&command.words)?;
                return Some(Self { name: format!("pip install -r {}", files.join(" -r ")), files });
            }
            Manager::Npm | Manager::Pnpm | Manager::Yarn => call.action == Action::Install && bare,
            Manager::Bundle => verb == "install",
            Manager::Composer => verb == "install" && command.has_flag(&["--no-scripts"]),
            Manager::Go => verb == "mod" && command.has_word("download"),
            Manager::Cargo => verb == "fetch",
            Manager::Poetry => verb == "install" && command.has_flag(&["--no-root"]),
            Manager::Pdm => matches!(verb, "install" | "sync") && command.has_flag(&["--no-self"]),
            Manager::Uv => verb == "sync" && command.has_flag(&["--no-install-project"]),
            Manager::Pipenv => matches!(verb, "install" | "sync") && bare,
            _ => false,
        };
        let verb = if verb == "mod" { "mod download" } else { verb };
        listed.then(|| Self { name: format!("{} {verb}", command.program()), files: vec![] })
    }
}

/// The COPY of the whole context that an installation comes after.
struct Source<'a> {
    file: &'a File<'a>,
    /// Its index.
    copy: usize,
    /// Where the context goes.
    target: String,
    /// The first instruction of the stage.
    from: usize,
    /// The installation.
    run: usize,
}

impl<'a> Source<'a> {
    /// The last one before `run`, where nothing between the two makes anything from it.
    fn before(run: usize, stage: &Stage, file: &'a File<'a>) -> Option<Self> {
        let from = stage.instructions.start;
        for copy in (from..run).rev() {
            let here = file.here(copy);
            let node = here.instruction;
            match node.keyword {
                Keyword::Copy | Keyword::Add if !here.is_onbuild() => {
                    let copied = here.copied();
                    let Some([all]) = copied.as_deref().filter(|c| c.len() == 1 && c[0].source == ".") else {
                        continue;
                    };
                    let kept = ["chown", "chmod", "link"];
                    let plain = node.flags.iter().all(|f| kept.contains(&f.name.as_str()));
                    return plain.then(|| Self { file, copy, target: all.target.clone(), from, run });
                }
                Keyword::Run
                    if node.script.is_some()
                        && here.commands().iter().all(Command::needs_no_files)
                        && !here.commands().is_empty() => {}
                Keyword::Workdir
                | Keyword::Env
                | Keyword::Arg
                | Keyword::Label
                | Keyword::Expose
                | Keyword::User
                | Keyword::Cmd
                | Keyword::Entrypoint
                | Keyword::Healthcheck
                | Keyword::Stopsignal
                | Keyword::Onbuild
                | Keyword::From => {}
                _ => return None,
            }
        }
        None
    }

    /// The path in the context of a file that the installation reads, and the folder of the image where it is missing
    /// without this COPY; empty where another COPY brings it.
    fn origin(&self, name: &str, run: &Here) -> Option<(String, String)> {
        let path = run.absolute(name)?;
        let inside = under(&path, &self.target).filter(|p| !p.is_empty());
        for other in (self.from..self.run).rev().filter(|i| *i != self.copy) {
            let copied = self.file.here(other).copied().unwrap_or_default();
            if let Some(found) = copied.iter().find(|c| c.source != "." && c.lands_at(&path)) {
                return (inside.is_none_or(|i| i == found.source))
                    .then(|| (found.source.to_owned(), String::new()));
            }
        }
        let inside = inside?;
        let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let to = &self.file.here(self.copy).instruction.words.last()?.value;
        let to = if to == "." { "./".to_owned() } else { format!("{}/", to.trim_end_matches('/')) };
        Some((inside.to_owned(), if folder.is_empty() { to } else { format!("{to}{folder}/") }))
    }

    /// The files that an installation of Node's package managers reads. None for others, and where they are not known.
    fn node_files(&self, command: &'a Command, run: &Here<'a>) -> Option<NodeFiles> {
        let install = NodeInstall::of(command, run)?;
        let folder = under(&install.folder, &self.target)?.to_owned();
        install.files(if folder.is_empty() { "." } else { &folder }, run)
    }

    /// Whether it copies the same to the same place when it stands behind `run`.
    fn may_move(&self, run: &Here) -> bool {
        let here = self.file.here(self.copy);
        let to = here.instruction.words.last().map_or("", |w| w.value.as_str());
        let same_place = to.starts_with('/') || here.state().workdir == run.state().workdir;
        let mounted =
            run.instruction.flags.iter().any(|f| f.name == "mount" && !f.value.value.contains("type=cache"));
        // A copy between the two that goes into the same folder would be written over.
        let between = (self.copy + 1..self.run).map(|i| self.file.here(i));
        let kept =
            between.filter(|h| matches!(h.instruction.keyword, Keyword::Copy | Keyword::Add)).all(|h| {
                let same = |c: &Copied| {
                    let at = under(&c.target, &self.target);
                    at.is_none()
                        || at.is_some_and(|at| {
                            c.folder && format!("{at}/{}", c.source).trim_start_matches('/') == c.source
                        })
                };
                h.copied().is_some_and(|all| all.iter().all(same))
            });
        same_place && !mounted && kept && !here.instruction.is_continued()
    }

    /// Whether nothing that pip writes can lie where the source goes, and pip is not told to read more of it.
    fn is_harmless(&self, run: &Here) -> bool {
        let system = ["", "/", "?", "/usr", "/usr/local", "/opt", "/etc", "/root", "/home"];
        let told = [
            "PIP_CONFIG_FILE",
            "PIP_CONSTRAINT",
            "PIP_FIND_LINKS",
            "PIP_TARGET",
            "PIP_PREFIX",
            "PYTHONUSERBASE",
        ];
        let inside = |value: &str| value.split(':').any(|p| under(p, &self.target).is_some());
        let set = |name: &str| run.variable(name);
        let into_source = |name: &str| set(name).is_some_and(|s| s.value.as_deref().is_none_or(inside));
        let target = self.target.as_str();
        let home = target.starts_with("/home/") && target.matches('/').count() == 2;
        let shared = system.contains(&target) || target.starts_with('?') || home;
        !(shared
            || told.iter().any(|t| set(t).is_some())
            || into_source("PATH")
            || into_source("VIRTUAL_ENV"))
    }

    /// The edits that copy `files` in its place, and it behind `run`, its comments with it.
    fn moved_behind(&self, run: usize, files: &[(String, String)]) -> Option<Vec<Edit>> {
        let (copy, newline) = (self.file.placed(self.copy), self.file.newline());
        let (above, rest) = self.file.around(self.copy);
        let missing: Vec<&(String, String)> = files.iter().filter(|(_, to)| !to.is_empty()).collect();
        let start = self.file.line_above(self.copy);
        let whole = Span { start, end: copy.span().end };
        let next = rest.find('\n').map_or(rest.len(), |i| i + 1);
        let apart = rest[next..].lines().next().is_some_and(|l| l.trim().is_empty());
        let first = match missing.as_slice() {
            [] => {
                let more = if apart { rest[next..].find('\n').map_or(0, |i| i + 1) } else { 0 };
                Edit::delete(Span { start, end: whole.end + (next + more) as u32 })
            }
            [(_, to), others @ ..] => {
                if others.iter().any(|(_, other)| other != to) {
                    return None;
                }
                let names: Vec<&str> = missing.iter().map(|(name, _)| name.as_str()).collect();
                let node = &copy.node;
                let head = Span { start: 0, end: node.words[0].span.start }
                    .of(&node.text)
                    .trim_end_matches(['[', ' ']);
                if names.iter().chain([&to.as_str()]).any(|n| n.contains(char::is_whitespace)) {
                    return None;
                }
                Edit::replace(whole, format!("{head} {} {to}", names.join(" ")))
            }
        };
        let gap = if apart { format!("{newline}{newline}") } else { newline.to_owned() };
        let comments = &above[above.len() - (copy.at - start) as usize..];
        let moved = format!("{gap}{comments}{}", copy.node.text);
        let behind = Edit::insert(self.file.placed(run).span().end, moved);
        Some(vec![first, behind])
    }
}
