//! Runs rules over a file. The only place that knows how a [`Check`] is driven.
mod look;
mod memory;

pub use memory::Memory;

use crate::config::Config;
use crate::context::Context;
use crate::facts::Megabytes;
use crate::model::{Dockerfile, Placed};
use crate::rule::{
    Check, File, Finding, Fix, Here, NewFile, Reads, Rule, Safety, Scope, Severity, Stage, Tag,
};
use crate::suppress::Suppressions;
use crate::text::{Edit, Span};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// A finding and the rule that it comes from.
#[derive(Clone)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// Shared by all versions of a file in which it is found, wherever it moves.
    told: Arc<Told>,
    /// Where it stands: what is to be added to its spans.
    at: u32,
}

/// A finding, and what somebody made of it.
struct Told {
    finding: Finding,
    note: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Told {
    fn new(finding: Finding) -> Arc<Self> {
        Arc::new(Self { finding, note: OnceLock::new() })
    }
}

impl Found {
    /// What `rule` found; spans are those of the file.
    pub(crate) fn new(rule: &'static Rule, finding: Finding) -> Self {
        Self { rule, told: Told::new(finding), at: 0 }
    }
    /// What `make` makes of it, kept for as long as the same is found in later versions of the file: it must not depend on
    /// where that is. There is room for one such thing.
    pub(crate) fn note<T: Any + Send + Sync>(&self, make: impl FnOnce(&Self) -> T) -> Arc<T> {
        if let Some(Ok(note)) = self.told.note.get().map(|note| Arc::clone(note).downcast()) {
            return note;
        }
        let note = Arc::new(make(self));
        // Whoever was faster made the same.
        let _ = self.told.note.set(note.clone());
        note
    }
    /// What it is that moves: the spans of one version of the file less this are those of another.
    pub(crate) fn offset(&self) -> u32 {
        self.at
    }
    /// Where, in the file.
    pub fn span(&self) -> Span {
        self.told.finding.span.shift(self.at)
    }
    /// What is so, and what follows from it.
    pub fn message(&self) -> &str {
        &self.told.finding.message
    }
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        if self.told.finding.is_hint { Severity::Hint } else { self.rule.severity }
    }
    /// How the part of the file that it is about may be shown.
    pub fn tag(&self) -> Option<Tag> {
        self.told.finding.tag
    }
    /// Other places of the file that it speaks of, and what is there.
    pub fn related(&self) -> impl ExactSizeIterator<Item = (Span, &str)> {
        self.told.finding.related.iter().map(|r| (r.span.shift(self.at), r.message.as_str()))
    }
    /// What to do about it.
    pub fn fix(&self) -> Option<FoundFix<'_>> {
        self.told.finding.fix.as_ref().map(|fix| FoundFix { fix, at: self.at })
    }
}

/// The fix of a finding, in the file.
#[derive(Clone, Copy)]
pub struct FoundFix<'f> {
    fix: &'f Fix,
    at: u32,
}

impl<'f> FoundFix<'f> {
    /// What it does, in the imperative.
    pub fn title(&self) -> &'f str {
        &self.fix.title
    }
    /// What it may do to the image.
    pub fn safety(&self) -> Safety {
        self.fix.safety
    }
    /// The one thing it may change.
    pub fn scope(&self) -> Scope {
        self.fix.scope
    }
    /// The edits, made all or none: the span in the file, and the text that takes its place. Sorted.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = (Span, &'f str)> + use<'f> {
        let at = self.at;
        self.fix.edits.iter().map(move |e| (e.span.shift(at), e.text.as_str()))
    }
    /// The same, to be made.
    pub fn edits(&self) -> Vec<Edit> {
        self.changes().map(|(span, text)| Edit::replace(span, text)).collect()
    }
    /// Whether it only creates a file.
    pub fn edits_nothing(&self) -> bool {
        self.fix.edits.is_empty()
    }
    /// By how much less the image takes on disk, where that is known. An estimate.
    pub fn saves(&self) -> Option<Megabytes> {
        self.fix.saves
    }
    /// A file that it creates.
    pub fn creates(&self) -> Option<&'f NewFile> {
        self.fix.creates.as_ref()
    }
}

/// Checks `dockerfile` as `config` says. Left out are findings that a comment in the file suppresses, and those that
/// matter too little. Sorted by place.
pub fn check(dockerfile: &Dockerfile, context: &Context, config: &Config) -> Vec<Found> {
    look(dockerfile, context, config, None)
}

/// As [`check`], for the next version of a file, with the answers of the last check. They are worth nothing for another
/// configuration: that begins with an empty memory.
pub fn check_again(
    dockerfile: &Dockerfile,
    context: &Context,
    config: &Config,
    memory: &mut Memory,
) -> Vec<Found> {
    look(dockerfile, context, config, Some(memory))
}

fn look(
    dockerfile: &Dockerfile,
    context: &Context,
    config: &Config,
    mut memory: Option<&mut Memory>,
) -> Vec<Found> {
    let Config { rules, settings, least } = config;
    let reads = memory.as_mut().map_or_else(Reads::default, |memory| memory.reads());
    let file = File::new(dockerfile, context, settings, &reads);
    let mut out = match &mut memory {
        Some(memory) => memory.look(&file, rules),
        None => {
            reads.pause();
            look_once(&file, rules)
        }
    };
    // What looks at all of the file looks again, whatever an edit leaves as it was.
    reads.pause();
    for &rule in rules.iter() {
        out.extend(in_file(rule.check, &file).into_iter().map(|finding| Found::new(rule, finding)));
    }
    if let Some(memory) = memory {
        memory.keep(reads);
    }
    Suppressions::read(dockerfile).apply(&mut out, rules);
    out.retain(|f| f.severity() >= *least);
    // Stable: at one place, findings stay in the order of the rules.
    out.sort_by_key(Found::span);
    out
}

/// What is found by the rules that look at one instruction, or one stage, at a time.
fn look_once(file: &File, rules: &[&'static Rule]) -> Vec<Found> {
    let Dockerfile { instructions, stages, .. } = file.model();
    let mut out = vec![];
    for (index, Placed { at, .. }) in instructions.iter().enumerate() {
        let here = file.view(index);
        for &rule in rules {
            let found = in_instruction(rule.check, &here).into_iter();
            out.extend(found.map(|finding| Found { rule, told: Told::new(finding), at: *at }));
        }
    }
    for stage in stages.iter() {
        for &rule in rules {
            out.extend(
                in_stage(rule.check, stage, file).into_iter().map(|finding| Found::new(rule, finding)),
            );
        }
    }
    out
}

/// What one rule finds in one instruction, if it looks at those.
fn in_instruction(check: Check, here: &Here) -> Vec<Finding> {
    match check {
        Check::Command(f) => here.commands().iter().filter_map(|command| f(command, here)).collect(),
        Check::Instruction(f) if !here.instruction.broken => f(here),
        Check::Written(f) => f(here).into_iter().collect(),
        Check::Each(all) => all.iter().flat_map(|check| in_instruction(*check, here)).collect(),
        _ => vec![],
    }
}

/// What one rule finds in one stage, if it looks at those.
fn in_stage(check: Check, stage: &Stage, file: &File) -> Vec<Finding> {
    match check {
        Check::Stage(f) => f(stage, file),
        Check::Image(f) if file.is_last(stage) => f(stage, file),
        Check::Each(all) => all.iter().flat_map(|check| in_stage(*check, stage, file)).collect(),
        _ => vec![],
    }
}

/// What one rule finds in the whole file, if it looks at that.
fn in_file(check: Check, file: &File) -> Vec<Finding> {
    match check {
        Check::File(f) => f(file),
        Check::Each(all) => all.iter().flat_map(|check| in_file(*check, file)).collect(),
        _ => vec![],
    }
}
