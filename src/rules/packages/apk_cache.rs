//! # `apk add` without `--no-cache`
//!
//! Without `--no-cache`, apk works from an index that an earlier `apk update` left in the image: it makes the layer
//! larger, and it is old whenever the layer comes from the build cache. With it, apk fetches the index for itself and
//! keeps nothing.
//!
//! ```diff
//!  FROM alpine:3.22
//! -RUN apk update && apk add git
//! -RUN apk add --update curl
//! +RUN apk add --no-cache git
//! +RUN apk add --no-cache curl
//! ```
//!
//! An `apk update` stays where something else may need what it fetched.
//!
//! ```diff
//!  FROM alpine:3.22
//! -RUN apk update && apk upgrade && apk add git
//! +RUN apk update && apk upgrade && apk add --no-cache git
//! ```
//!
//! Silent when the index is removed in the same step, or lives in a cache mount.
//!
//! ```dockerfile
//! FROM alpine:3.22
//! RUN apk add --update git && rm -rf /var/cache/apk/*
//! RUN --mount=type=cache,target=/var/cache/apk apk add -U curl
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "apk-cache",
    aliases: &["DL3019"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

const CACHE: &str = "/var/cache/apk";

fn check(here: &Here) -> Vec<Finding> {
    let adds = adds(here);
    let mut out: Vec<Finding> = vec![];
    for (i, add) in adds.iter().enumerate() {
        // The first one takes all others along where that makes the update superfluous.
        let whole = if i == 0 { without_update(here, &adds) } else { None };
        let fix = whole
            .unwrap_or_else(|| Fix::safe(Scope::Arguments, "Add `--no-cache`", vec![uncached(here, add)]));
        let span = add.words[0].span.to(add.words[add.package.as_ref().map_or(0, |p| p.verb)].span);
        out.push(
            Finding::new(span, "`apk add` without `--no-cache` needs a package index in the image").fix(fix),
        );
    }
    out
}

/// The installations of a RUN that want the flag.
fn adds<'a>(here: &Here<'a>) -> Vec<&'a Command> {
    if here.instruction.keyword != Keyword::Run || here.mounts(CACHE) || here.mounts("/etc/apk/cache") {
        return vec![];
    }
    let commands = here.commands();
    let removed = |add: &Command| {
        let mut behind = commands.iter().filter(|c| c.span.start > add.span.start);
        behind.any(|c| c.deletes(CACHE) || c.asks(Manager::Apk, Action::Clean))
    };
    let has_no_index = |add: &Command| {
        let mut before = commands.iter().take_while(|c| c.span.start < add.span.start);
        is_known(add) && before.any(is_uncached)
    };
    let wanting = |c: &&Command| {
        c.asks(Manager::Apk, Action::Install)
            && !c.has_flag(&["--no-cache", "--no-network", "--cache-dir", "--simulate", "-s"])
            && !here.has_hidden_flags(c)
            && !removed(c)
            && !has_no_index(c)
    };
    commands.iter().filter(wanting).collect()
}

fn is_uncached(command: &Command) -> bool {
    command.asks(Manager::Apk, Action::Install) && command.has_flag(&["--no-cache"])
}

/// Whether it names only what a variable holds: behind an uncached installation, that is what is installed already
/// (`apk add --virtual .run-deps $runDeps`), and needs no index.
fn is_known(command: &Command) -> bool {
    let operands = command.package.iter().flat_map(|p| &p.operands).map(|o| &command.words[*o]);
    operands.clone().count() > 0 && operands.into_iter().all(|w| w.value.starts_with('$'))
}

/// `--no-cache` says all that `--update` says, and takes its place.
fn uncached(here: &Here, add: &Command) -> Edit {
    let update =
        add.arguments().iter().find(|w| matches!(w.value.as_str(), "--update" | "--update-cache" | "-U"));
    match update {
        Some(word) => here.word_as(word, "--no-cache"),
        None => here.argument_after(&add.words[add.package.as_ref().map_or(0, |p| p.verb)], "--no-cache"),
    }
}

/// Every `apk add` from here on without the cache, and the `apk update` of this RUN gone; None where there is no such
/// update, or something else may need it.
fn without_update(here: &Here, adds: &[&Command]) -> Option<Fix> {
    let commands = here.commands();
    let update =
        commands.iter().find(|c| c.asks(Manager::Apk, Action::Update) && c.position == Position::Step)?;
    let served = |c: &Command, adds: &[&Command]| {
        is_uncached(c)
            || adds.iter().any(|a| a.span == c.span)
            || !(c.reads_lists(Manager::Apk) || c.runs_script())
    };
    let mut edits = vec![deleted_step(here, update.step)?];
    edits.extend(adds.iter().map(|a| uncached(here, a)));
    if here.is_onbuild() || !commands.iter().all(|c| served(c, adds)) {
        return None;
    }
    for next in here.followers().filter(|f| f.instruction.script.is_some()) {
        let mut first = next.commands().iter().filter(|c| c.package.is_some() || c.reads_lists(Manager::Apk));
        let surely = |c: &Command| next.instruction.script.as_ref().is_some_and(|s| s.surely_runs(c));
        let updates = first.next().is_some_and(|c| c.asks(Manager::Apk, Action::Update) && surely(c));
        // What comes behind it lives on that update.
        if updates && next.state().stage == here.state().stage {
            break;
        }
        let theirs = self::adds(&next);
        let broken = next.instruction.script.as_ref().is_some_and(|s| s.broken);
        if broken || next.mounts(CACHE) || !next.commands().iter().all(|c| served(c, &theirs)) {
            return None;
        }
        edits.extend(theirs.iter().map(|a| {
            let edit = uncached(&next, a);
            Edit { span: edit.span.shift(next.placed().at - here.placed().at), ..edit }
        }));
    }
    Some(Fix::safe(Scope::Packages, "Add `--no-cache`, which needs no `apk update`", edits))
}

/// Takes out a step together with what joins it to the next one; None where more than that would change.
fn deleted_step(here: &Here, step: usize) -> Option<Edit> {
    let script = here.instruction.script.as_ref()?;
    let (this, next) = (script.steps.get(step)?, script.steps.get(step + 1)?);
    let gap = &here.instruction.text[this.span.end as usize..next.span.start as usize];
    let plain = gap.chars().all(|c| c.is_whitespace() || matches!(c, '&' | ';' | '\\' | '`'));
    let chained = match next.joint {
        Joint::And => this.joint != Joint::Or,
        Joint::Then => matches!(this.joint, Joint::First | Joint::Then),
        _ => false,
    };
    let alone = this.kind == StepKind::Command && !this.background && chained && plain;
    alone.then(|| Edit::delete(Span { start: this.span.start, end: next.span.start }))
}
