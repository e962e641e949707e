//! Choose, apply, verify, repeat.
use crate::check::{Found, FoundFix, Memory, check_again};
use crate::config::Config;
use crate::context::Context;
use crate::facts::Megabytes;
use crate::model::{Cache, Dockerfile};
use crate::rule::{File, NewFile, Reads, Rule, Safety, Scope, Severity};
use crate::text::{self, Edit, Span};
use crate::verify::{self, Reason};
use std::collections::HashSet;

/// More rounds than any file needs: a round makes every fix that does not touch another.
const ROUNDS: usize = 64;

/// A fix that was made.
#[derive(Clone)]
pub struct Applied {
    /// Its rule.
    pub rule: &'static Rule,
    /// What it did.
    pub title: String,
}

/// A fix that was not made because its result did not pass.
#[derive(Clone)]
pub struct Refused {
    /// Its rule.
    pub rule: &'static Rule,
    /// What it would have done.
    pub title: String,
    /// Where, in the text at that time.
    pub span: Span,
    /// What was wrong with the result.
    pub reason: &'static str,
}

/// A file after its fixes.
pub struct Fixed {
    /// Its text.
    pub source: String,
    /// The fixes made, in order.
    pub applied: Vec<Applied>,
    /// The fixes refused.
    pub refused: Vec<Refused>,
    /// Files to create beside it.
    pub creates: Vec<NewFile>,
    /// What is still found.
    pub remaining: Vec<Found>,
    /// By how much the image got smaller on disk, where that can be told: by its base, and by the packages that are known.
    /// An estimate.
    pub saved: Option<Megabytes>,
}

/// Fixes `source` as `config` says, with every fix up to `safety`, until none is left.
pub fn fix(source: &str, context: &Context, config: &Config, safety: Safety) -> Fixed {
    let file = Dockerfile::new(source).behind(&config.settings.mirrors);
    let mut memory = Memory::default();
    let found = check_again(&file, context, config, &mut memory);
    fix_where((file, found, memory), context, config, &|fix| fix.safety() <= safety)
}

/// As [`fix`], for a file that was read, and in which this was found.
pub fn fix_found(
    file: &Dockerfile,
    found: &[Found],
    context: &Context,
    config: &Config,
    safety: Safety,
) -> Fixed {
    let start = (file.clone(), found.to_vec(), Memory::default());
    fix_where(start, context, config, &|fix| fix.safety() <= safety)
}

/// Lays out a file that was read, and in which this was found: with the safe fixes that change nothing but the way things
/// are written.
pub fn format(file: &Dockerfile, found: &[Found], context: &Context, config: &Config) -> Fixed {
    let wanted = |fix: FoundFix| fix.safety() == Safety::Safe && fix.scope() == Scope::Format;
    fix_where((file.clone(), found.to_vec(), Memory::default()), context, config, &wanted)
}

/// Whether the fix of `found` passes by itself, so that it may be offered by itself.
pub fn passes(file: &Dockerfile, found: &Found) -> bool {
    found.fix().is_some_and(|fix| verify::alone(file, &fix.edits(), fix.scope()).is_ok())
}

fn fix_where(
    (mut file, mut found, mut memory): (Dockerfile, Vec<Found>, Memory),
    context: &Context,
    config: &Config,
    wanted: &dyn Fn(FoundFix) -> bool,
) -> Fixed {
    let mut cache = Cache::of(&file);
    let mut out = Fixed {
        source: String::new(),
        applied: vec![],
        refused: vec![],
        creates: vec![],
        remaining: vec![],
        saved: None,
    };
    let before = file.clone();
    let (mut saved, mut leaves_out) = (0.0, false);
    let mut rejected: HashSet<Vec<Edit>> = HashSet::new();
    let mut seen: HashSet<String> = HashSet::from([file.source.to_string()]);
    for _ in 0..ROUNDS {
        let mut chosen = choose(&found, wanted, &rejected);
        chosen.retain(|f| match verify::alone(&file, &edits(f), scope(f)) {
            Ok(()) => true,
            Err(reason) => refuse(&mut out, &mut rejected, f, reason),
        });
        // What does not pass together is tried in halves, down to the fix that is to blame.
        let result = loop {
            if chosen.is_empty() {
                break None;
            }
            match attempt(&file, &found, &chosen, context, config, (&mut cache, &mut memory)) {
                Ok(result) => break Some(result),
                Err(reason) if chosen.len() == 1 => {
                    refuse(&mut out, &mut rejected, chosen[0], reason);
                    chosen = choose(&found, wanted, &rejected);
                    chosen.retain(|f| verify::alone(&file, &edits(f), scope(f)).is_ok());
                    chosen.truncate(1);
                }
                Err(_) => chosen.truncate(chosen.len() / 2),
            }
        };
        let Some((after, remaining)) = result else { break };
        if !seen.insert(after.source.to_string()) {
            break;
        }
        for (scope, saves) in chosen.iter().filter_map(|f| Some((scope(f), f.fix()?.saves()?))) {
            saved += if scope == Scope::Base { saves.0 } else { 0.0 };
            leaves_out |= scope == Scope::Arguments;
        }
        out.applied.extend(
            chosen.iter().filter_map(|f| Some(Applied { rule: f.rule, title: f.fix()?.title().to_owned() })),
        );
        (file, found) = (after, remaining);
    }
    out.source = file.source.to_string();
    // Of a full base image it is not known which packages it holds, and so not what those add that are installed on it.
    if saved <= 0.0 && leaves_out {
        saved = lighter(&before, &file, context, config);
    }
    out.saved = Some(Megabytes(saved)).filter(|saved| saved.0 >= 1.0);
    for f in &mut found {
        let Some(fix) = f.fix().filter(|x| x.edits_nothing() && wanted(*x)) else { continue };
        if let Some(new) = fix.creates() {
            out.applied.push(Applied { rule: f.rule, title: fix.title().to_owned() });
            out.creates.push(new.clone());
        }
    }
    let created =
        |f: &Found| f.fix().is_some_and(|x| x.edits_nothing() && wanted(x) && x.creates().is_some());
    found.retain(|f| !created(f));
    out.remaining = found;
    out
}

/// How much less the packages of the last stage add than before.
fn lighter(before: &Dockerfile, after: &Dockerfile, context: &Context, config: &Config) -> f32 {
    let weight = |dockerfile: &Dockerfile| {
        let reads = Reads::default();
        let file = File::new(dockerfile, context, &config.settings, &reads);
        let weight = dockerfile.stages.last().and_then(|stage| file.weight(stage));
        weight.map_or(0.0, |w| w.added.on_disk.0)
    };
    weight(before) - weight(after)
}

fn edits(found: &Found) -> Vec<Edit> {
    found.fix().map_or(vec![], |f| f.edits())
}

fn scope(found: &Found) -> Scope {
    found.fix().map_or(Scope::Format, |f| f.scope())
}

/// Takes fixes in order of place, each whole, if none of its edits touches one already taken. One that changes the
/// distribution goes alone: what the others would do may be right on the old one only.
fn choose<'f>(
    found: &'f [Found],
    wanted: &dyn Fn(FoundFix) -> bool,
    rejected: &HashSet<Vec<Edit>>,
) -> Vec<&'f Found> {
    let mut taken = Taken::default();
    let mut out = vec![];
    for f in found {
        let Some(fix) = f.fix().filter(|x| wanted(*x) && !x.edits_nothing()) else { continue };
        let edits = fix.edits();
        if rejected.contains(&edits) {
            continue;
        }
        if fix.scope() == Scope::System {
            return vec![f];
        }
        if taken.take(&edits) {
            out.push(f);
        }
    }
    out
}

/// The spans already edited, by their starts.
#[derive(Default)]
struct Taken(std::collections::BTreeMap<u32, u32>);

impl Taken {
    /// Takes all of `edits`, unless one of them touches a span taken before.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let free = |span: Span| {
            let before = self.0.range(..=span.end).next_back();
            before.is_none_or(|(_, end)| *end < span.start)
        };
        if !edits.iter().all(|e| free(e.span)) {
            return false;
        }
        self.0.extend(edits.iter().map(|e| (e.span.start, e.span.end)));
        true
    }
}

/// Makes all of `chosen` and checks the result.
fn attempt(
    before: &Dockerfile,
    found: &[Found],
    chosen: &[&Found],
    context: &Context,
    config: &Config,
    (cache, memory): (&mut Cache, &mut Memory),
) -> Result<(Dockerfile, Vec<Found>), Reason> {
    let mut all: Vec<Edit> = chosen.iter().flat_map(|f| edits(f)).collect();
    all.sort();
    let after =
        Dockerfile::with_cache(&text::apply(&before.source, &all), cache).behind(&config.settings.mirrors);
    verify::together(before, &after, &all)?;
    let remaining = check_again(&after, context, config, memory);
    let errors = |found: &[Found]| found.iter().filter(|f| f.severity() == Severity::Error).count();
    if errors(&remaining) > errors(found) {
        return Err("an error would be found that was not there before");
    }
    let still: HashSet<(&str, u32)> = remaining.iter().map(|f| (f.rule.name, f.span().start)).collect();
    let is_there = |f: &&Found| {
        let same = |r: &Found| r.rule.name == f.rule.name && r.message() == f.message();
        moved(f.span().start, &all).is_some_and(|at| {
            still.contains(&(f.rule.name, at)) && remaining.iter().any(|r| r.span().start == at && same(r))
        })
    };
    if chosen.iter().any(is_there) {
        return Err("the finding would still be there");
    }
    Ok((after, remaining))
}

/// Where the byte at `offset` stands after `edits`; None where it is replaced.
fn moved(offset: u32, edits: &[Edit]) -> Option<u32> {
    let before = edits.partition_point(|e| e.span.end <= offset && e.span.start < offset);
    if edits.get(before).is_some_and(|e| e.span.start <= offset && offset < e.span.end) {
        return None;
    }
    let growth: i64 = edits[..before].iter().map(Edit::growth).sum();
    u32::try_from(i64::from(offset) + growth).ok()
}

fn refuse(out: &mut Fixed, rejected: &mut HashSet<Vec<Edit>>, found: &Found, reason: Reason) -> bool {
    if let Some(fix) = found.fix() {
        rejected.insert(fix.edits());
        let (rule, title, span) = (found.rule, fix.title().to_owned(), found.span());
        out.refused.push(Refused { rule, title, span, reason });
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_do_fits_the_new_distribution() {
        let before =
            "FROM python:3.13-alpine\nWORKDIR /app\nCOPY . .\nRUN pip install uwsgi\nCMD [\"uwsgi\"]\n";
        let fixed = fix(before, &Context::unknown(), &Config::default(), Safety::Unsafe);
        assert!(fixed.source.starts_with("FROM python:3.13-slim\n"), "{}", fixed.source);
        assert!(fixed.source.contains("useradd") && !fixed.source.contains("adduser -D"), "{}", fixed.source);
    }
}
