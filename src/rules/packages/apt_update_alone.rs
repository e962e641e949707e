//! # `apt-get update` and the install that needs it are apart
//!
//! A step is taken from the build cache as long as its own text does not change. When a package is added to the
//! install, only that step runs again, with package lists that may be months old: it installs old versions, or fails
//! because they are gone from the mirror. In one step, the lists are always as new as the install.
//!
//! ```diff
//!  FROM debian:13-slim
//! -RUN apt-get update
//! -RUN apt-get install -y curl
//! +RUN apt-get update && \
//! +    apt-get install -y curl
//! ```
//!
//! There is no fix where other instructions stand between the two, or the first does more than update.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN apt-get update
//! COPY app /app
//! RUN apt-get install -y curl
//! ```
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y curl
//! COPY app /app
//! RUN apt-get install -y git
//! ```
//!
//! Silent when every install has its update, or the lists live in a cache mount.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN apt-get update && apt-get install -y curl
//! RUN apt-get update && apt-get install -y git
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "apt-update-alone",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let mut out = vec![];
    // The step that updated and nothing else, while nothing has read what it fetched.
    let mut waiting: Option<Here> = None;
    // Whether some step has updated, and whether an old install has been reported since.
    let (mut fetched, mut told) = (None, false);
    for (index, placed) in file.instructions(stage) {
        let here = file.here(index);
        if placed.node.keyword != Keyword::Run || here.mounts("/var/lib/apt/lists") {
            continue;
        }
        let commands = here.commands();
        let update = commands.iter().position(is_update);
        let read = commands.iter().position(|c| c.reads_lists(Manager::Apt));
        if let Some(read) = read.filter(|r| update.is_none_or(|u| *r < u)) {
            match waiting.take() {
                Some(first) => out.push(apart(&first, &here, &commands[read])),
                None if !told && *fetched.get_or_insert_with(|| is_inherited(stage, file)) => {
                    out.push(stale(&here, &commands[read]));
                    told = true;
                }
                None => {}
            }
        }
        let hidden = commands.iter().any(Command::runs_script);
        if let Some(update) = update {
            out.extend(waiting.take().filter(Here::is_kept).map(|h| unused(&h)));
            (fetched, told) = (Some(true), false);
            let used = commands[update..].iter().any(|c| c.reads_lists(Manager::Apt) || c.runs_script());
            waiting = (!used).then_some(here);
        } else if hidden {
            // The script may be what reads them.
            waiting = None;
        }
    }
    out
}

fn is_update(command: &Command) -> bool {
    command.asks(Manager::Apt, Action::Update)
}

/// Whether a stage that this one builds on has updated last.
fn is_inherited(stage: &Stage, file: &File) -> bool {
    let above = file.lineage(stage).into_iter().take_while(|i| *i < stage.instructions.start);
    above.into_iter().any(|i| file.here(i).commands().iter().any(is_update))
}

/// A command of an instruction, in the file.
fn place(here: &Here, command: Option<&Command>) -> Span {
    let placed = here.file().placed(here.index());
    placed.absolute(command.map_or(placed.node.keyword_span, |c| c.span))
}

fn updating(here: &Here) -> Span {
    place(here, here.commands().iter().find(|c| is_update(c)))
}

fn unused(here: &Here) -> Finding {
    Finding::new(
        updating(here),
        "the package lists that this step fetches are read by no other, and stay in the layer",
    )
}

fn stale(here: &Here, read: &Command) -> Finding {
    let message = "this installs from package lists that an earlier step fetched, which are old once that step is cached";
    Finding::new(place(here, Some(read)), message)
}

fn apart(first: &Here, second: &Here, read: &Command) -> Finding {
    let message = "this update is cached apart from the install, which then works with old package lists";
    let only = first.commands().iter().all(|c| is_update(c) && c.position == Position::Step);
    let adjacent = second.index() == first.index() + 1;
    let edit = if only && adjacent { first.file().join(first.index()) } else { None };
    let fix = edit.map(|e| Fix::safe(Scope::Layers, "Join it with the install", vec![e]));
    Finding::new(updating(first), message)
        .related(place(second, Some(read)), "the install that reads its lists")
        .fix(fix)
}
