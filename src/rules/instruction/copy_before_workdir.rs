//! # A file is copied before the first `WORKDIR`
//!
//! A relative target goes to the working directory of the base image, most often `/`, and not to the folder that the file
//! sets further down.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! +WORKDIR /app
//!  COPY requirements.txt .
//!  RUN pip install --no-cache-dir -r requirements.txt
//! -WORKDIR /app
//!  COPY . .
//! ```
//!
//! Not safe, because the file comes to lie elsewhere. Silent for absolute targets, and where no `WORKDIR` follows.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY requirements.txt /tmp/
//! RUN pip install --no-cache-dir -r /tmp/requirements.txt
//! WORKDIR /app
//! COPY . .
//! ```
use crate::rule::*;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    name: "copy-before-workdir",
    aliases: &["DL3045"],
    severity: Severity::Hint,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let copy = stage.instructions.clone().map(|i| file.here(i)).find(|h| goes_astray(h));
    copy.and_then(|here| finding(&here, stage)).into_iter().collect()
}

/// Whether it is a COPY with a relative target, where the stage has not said what that starts from.
fn goes_astray(here: &Here) -> bool {
    let to = here.instruction.words.last().map_or("", |w| w.value.as_str());
    let relative = !to.is_empty()
        && !to.starts_with(['/', '$', '%', '~', '\\', '{'])
        && to.as_bytes().get(1) != Some(&b':');
    let copies = matches!(here.instruction.keyword, Keyword::Copy | Keyword::Add);
    copies && relative && !here.is_onbuild() && !here.state().workdir_set
}

fn finding(here: &Here, stage: &Stage) -> Option<Finding> {
    let base = here.base()?;
    let folder = facts::workdir(&base.name, base.tag.as_deref())?;
    let is_workdir = |i: &usize| here.file().here(*i).instruction.keyword == Keyword::Workdir;
    let workdir = (here.index() + 1..stage.instructions.end).find(is_workdir)?;
    let to = here.instruction.words.last()?;
    let message = format!("this goes to `{folder}`, as `WORKDIR` is only set further down");
    let finding = Finding::new(here.placed().absolute(to.span), message)
        .related(here.file().placed(workdir).span(), "`WORKDIR`");
    // Where it cannot simply move up, the author may well mean what stands there.
    let fix = moved_up(here, workdir)
        .filter(|_| !(here.index()..workdir).any(|i| is_meant(&here.file().here(i))))?;
    Some(finding.fix(fix))
}

/// What the absolute paths in the file begin with: `app` for `/app/main.py`.
#[derive(PartialEq)]
struct Roots(BTreeSet<String>);

impl Fact for Roots {
    fn of(file: &File) -> Self {
        let text = file.text();
        let before = |c: char| c.is_whitespace() || "\"'=,:[".contains(c);
        let starts = text.match_indices('/').filter(|(at, _)| text[..*at].ends_with(before));
        let name = |(at, _): (usize, &str)| {
            let path = &text[at + 1..];
            let end = path.find(|c: char| c.is_whitespace() || "/\"'".contains(c));
            path[..end.unwrap_or(path.len())].to_owned()
        };
        Self(starts.map(name).collect())
    }
}

impl Roots {
    fn any_begins_with(&self, name: &str) -> bool {
        self.0.range(name.to_owned()..).next().is_some_and(|root| root.starts_with(name))
    }
}

/// Whether the file counts on where a COPY goes: it names what is copied by its path from the root, or its target is more
/// than a folder.
fn is_meant(here: &Here) -> bool {
    if !matches!(here.instruction.keyword, Keyword::Copy | Keyword::Add) {
        return false;
    }
    let Some((to, from)) = here.instruction.words.split_last() else { return false };
    let name = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let named = |name: String| here.fact::<Roots>().any_begins_with(&name);
    let plain = matches!(to.value.as_str(), "." | "./");
    from.iter().map(|w| name(&w.value)).any(|n| !n.is_empty() && n != "." && named(n))
        || !plain && named(name(&to.value))
}

/// The WORKDIR above the COPY, where what lies between the two goes along: it copies to relative targets, or installs from
/// what was copied.
fn moved_up(here: &Here, workdir: usize) -> Option<Fix> {
    let file = here.file();
    let goes_along = |i: usize| {
        let here = file.here(i);
        match here.instruction.keyword {
            Keyword::Copy | Keyword::Add => goes_astray(&here),
            Keyword::Run => {
                !here.commands().is_empty()
                    && here.commands().iter().all(|c| c.needs_no_files() || installs(c))
            }
            Keyword::Label | Keyword::Expose => true,
            _ => false,
        }
    };
    let node = file.here(workdir).instruction;
    let to = node.words.first()?;
    let plain = to.literal && to.value.starts_with('/') && !node.is_multiline();
    if !plain || !(here.index()..workdir).all(goes_along) || file.here(workdir).is_onbuild() {
        return None;
    }
    let (placed, line) = (file.placed(workdir), file.lines_of(workdir));
    // Its own line alone, without comments about it.
    if file.line_above(workdir) != line.start
        || line.start != placed.at
        || file.line_above(here.index()) != here.placed().at
    {
        return None;
    }
    let moved = format!("{}{}", placed.node.text, file.newline());
    let edits = vec![Edit::insert(here.placed().at, moved), Edit::delete(line)];
    Some(Fix::risky(Scope::Config, "Set `WORKDIR` first", edits))
}

/// `pip install -r` of relative names.
fn installs(command: &Command) -> bool {
    let files = command.package.as_ref().and_then(|p| p.requirement_files(&command.words));
    files.is_some_and(|files| files.iter().all(|f| !f.starts_with('/')))
}
