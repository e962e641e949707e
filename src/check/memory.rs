//! What was found in an instruction or a stage is found again while everything that was looked at stays the same.
//!
//! A file is remembered in sections: what stands before the first stage, and each stage. Of a section that an edit leaves
//! the same, all answers stay, but for those that rest on another one that changed. In one that changed, those stay that
//! rest on nothing but an instruction that is still there and what is in force at it.
use super::look::Look;
use super::{Found, Told};
use crate::context::Context;
use crate::model::{Dockerfile, Image, Instruction, Role, Stage, State};
use crate::rule::{Around, Before, File, Looked, Reads, Rule, newline};
use crate::syntax::Directive;
use crate::text::Span;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// The answers of the last check, for the next one of the same file by the same rules and settings: what did not change
/// between the two is not looked at again.
#[derive(Default)]
pub struct Memory {
    /// The escape character and the line ending, which edits are written with.
    style: (char, &'static str),
    /// The names and values of the parser directives.
    directives: Vec<(String, String)>,
    source: Arc<str>,
    context: Context,
    sections: Vec<Section>,
    before: Before,
    /// What any of the answers rests on by name, variables aside: while all of that is the same, it is so for each section.
    looked: Looked,
}

/// A section as it was when it was last looked at.
pub(super) struct Section {
    pub(super) span: Span,
    pub(super) ground: Option<Arc<Ground>>,
    pub(super) instructions: Vec<Remembered>,
    /// What rules about stages found in it.
    pub(super) answers: Vec<Answer>,
    /// What any of its answers rests on by name, variables aside.
    pub(super) looked: Looked,
}

/// What the instructions of a stage stand on.
#[derive(PartialEq)]
pub(super) struct Ground {
    base: Image,
    role: Role,
    parent: Option<usize>,
    is_last: bool,
}

/// What the rules found in one instruction.
pub(super) struct Remembered {
    pub(super) node: Arc<Instruction>,
    pub(super) state: State,
    pub(super) ground: Option<Arc<Ground>>,
    /// What its answers rest on by name. Many instructions share it.
    pub(super) looked: Arc<Looked>,
    pub(super) answers: Vec<Answer>,
    /// The rules that looked at more than the instruction and what is in force there.
    pub(super) far: Vec<usize>,
}

/// What one rule found. One that found nothing is not kept, unless it may find something when another section changes.
pub(super) struct Answer {
    /// Its place among the rules.
    pub(super) rule: usize,
    pub(super) found: Box<[Arc<Told>]>,
    pub(super) around: Around,
    /// What the spans of the findings are relative to.
    pub(super) at: u32,
}

/// A section of the file that is looked at now.
pub(super) struct Now {
    pub(super) span: Span,
    pub(super) instructions: Range<usize>,
    pub(super) ground: Option<Arc<Ground>>,
    /// By how many bytes it moved since it was last looked at, if it is the same.
    pub(super) moved: Option<u32>,
}

/// More names than the rules have reason to ask for in most files.
const MANY_NAMES: usize = 100;

impl Memory {
    /// What the next check begins with.
    pub(super) fn reads(&mut self) -> Reads {
        Reads::after(std::mem::take(&mut self.before))
    }

    /// Keeps what a check ended with.
    pub(super) fn keep(&mut self, reads: Reads) {
        self.before = reads.end(&self.source);
    }

    /// What `rules` find in the instructions and stages of `file`, which is remembered.
    pub(super) fn look(&mut self, file: &File, rules: &[&'static Rule]) -> Vec<Found> {
        let model = file.model();
        let style = (model.escape, newline(&model.source));
        let directive = |d: &Directive| (d.name.clone(), d.value.clone());
        let directives: Vec<_> = model.directives.iter().map(directive).collect();
        if (self.style, &self.directives) != (style, &directives) {
            *self = Self { style, directives, ..Self::default() };
        }
        let same_names = self.looked.holds(file);
        let sections = self.compare(file, same_names);
        let old = std::mem::take(&mut self.sections);
        let mut changed = Changed { sections: vec![], before: 0, now: model.instructions.len(), same_names };
        let mut same = vec![];
        for (number, section) in old.into_iter().enumerate() {
            let count = section.instructions.len();
            if sections.get(number).is_some_and(|now| now.moved.is_some()) {
                same.push(Some(section));
            } else {
                same.push(None);
                changed.sections.push((changed.before, section.instructions.into_iter().map(Some).collect()));
            }
            changed.before += count;
        }
        // Also what nobody asks for any more is forgotten once in a while.
        if !same_names || self.looked.len() > MANY_NAMES {
            self.looked = Looked::default();
            same.iter().flatten().for_each(|section| self.looked.merge(&section.looked));
        }
        let same_context = file.surroundings().is(&self.context);
        let looked = std::mem::take(&mut self.looked);
        let (sections, recent) = (&sections, VecDeque::new());
        let mut look = Look { file, rules, sections, same_context, out: vec![], looked, recent };
        for (number, now) in sections.iter().enumerate() {
            let section = match same.get_mut(number).and_then(Option::take) {
                Some(section) => look.again(number, section),
                None => look.anew(number, &mut changed),
            };
            self.sections.push(Section { span: now.span, ..section });
        }
        let out = look.out;
        self.looked = look.looked;
        (self.source, self.context) = (model.source.clone(), file.surroundings().clone());
        out
    }

    /// The sections of `file`, and which of them are as they were.
    fn compare(&self, file: &File, same_names: bool) -> Vec<Now> {
        let Dockerfile { instructions, stages, source, .. } = file.model();
        let first = stages.first().map_or(instructions.len(), |s| s.instructions.start);
        let ranges = std::iter::once(0..first).chain(stages.iter().map(|s| s.instructions.clone()));
        // Where a stage came or went, the numbers of the others mean something else.
        let count = stages.len() + 1;
        let old = |number: usize| self.sections.get(number).filter(|_| self.sections.len() == count);
        let (mut out, mut start): (Vec<Now>, u32) = (vec![], 0);
        for (number, range) in ranges.enumerate() {
            // What stands between two sections belongs to the one below.
            let last = instructions[range.clone()].last().map_or(start, |p| p.span().end);
            let end = if number + 1 == count { source.len() as u32 } else { last };
            let ground = number.checked_sub(1).map(|s| {
                let ground = Ground::of(&stages[s], number + 1 == count);
                let same = old(number).and_then(|o| o.ground.clone()).filter(|o| **o == ground);
                same.unwrap_or_else(|| Arc::new(ground))
            });
            let mut now = Now { span: Span { start, end }, instructions: range, ground, moved: None };
            // The variables before the first stage, and the stage that this one starts from, decide about it too.
            let parent = now.ground.as_ref().and_then(|g| g.parent).map(|p| p + 1);
            let below = (number > 0).then_some(0).into_iter().chain(parent);
            if below.into_iter().all(|s| out[s].moved.is_some())
                && let Some(old) = old(number).filter(|old| old.is(&now, &self.source, file))
                && (same_names || old.looked.holds(file))
            {
                now.moved = Some(now.span.start.wrapping_sub(old.span.start));
            }
            start = last;
            out.push(now);
        }
        out
    }
}

impl Ground {
    fn of(stage: &Stage, is_last: bool) -> Self {
        Self { base: stage.base.clone(), role: stage.role, parent: stage.parent, is_last }
    }
}

impl Section {
    /// Whether it, in the text `source`, is what stands in `file` now. What it rests on by name is another matter.
    fn is(&self, now: &Now, source: &str, file: &File) -> bool {
        let Dockerfile { instructions, states, source: text, .. } = file.model();
        let same = |(old, i): (&Remembered, usize)| {
            Arc::ptr_eq(&old.node, &instructions[i].node) && old.state == states[i]
        };
        self.instructions.len() == now.instructions.len()
            && self.ground.as_ref().map(Arc::as_ptr) == now.ground.as_ref().map(Arc::as_ptr)
            && self.span.of(source) == now.span.of(text)
            && self.instructions.iter().zip(now.instructions.clone()).all(same)
    }
}

impl Remembered {
    /// Whether everything near it is as it was: what its answers rest on, other parts of the file aside.
    fn holds(&self, file: &File, index: usize, now: &Now, same_names: bool) -> bool {
        let model = file.model();
        let told = |name: &str| model.variable(index, name).map(|s| (s.is_env, s.value.clone()));
        Arc::ptr_eq(&self.node, &model.instructions[index].node)
            && self.ground.as_ref().map(Arc::as_ptr) == now.ground.as_ref().map(Arc::as_ptr)
            && self.state == model.states[index]
            && self.looked.variables.iter().all(|(name, value)| told(name) == *value)
            && (same_names || self.looked.holds(file))
    }
}

/// What is remembered of the instructions of sections that changed.
pub(super) struct Changed {
    /// The index that the first instruction of each had, and what is remembered of it and those behind it.
    pub(super) sections: Vec<(usize, Vec<Option<Remembered>>)>,
    /// How many instructions there were in all, and are now.
    pub(super) before: usize,
    pub(super) now: usize,
    /// Whatever any answer rests on by name is the same.
    pub(super) same_names: bool,
}

impl Changed {
    /// What is remembered of instruction `index`.
    pub(super) fn recall(&mut self, index: usize, file: &File, now: &Now) -> Option<Remembered> {
        // An edit leaves the instructions above it at their index, and moves those below it.
        let moved = (index + self.before).checked_sub(self.now);
        [Some(index), moved].into_iter().flatten().find_map(|at| {
            let behind = self.sections.partition_point(|(first, _)| *first <= at);
            let (first, all) = self.sections.get_mut(behind.checked_sub(1)?)?;
            let place = all.get_mut(at - *first)?;
            let holds = place.as_ref()?.holds(file, index, now, self.same_names);
            if holds { place.take() } else { None }
        })
    }
}

impl Answer {
    pub(super) fn to(rule: usize) -> Self {
        Self { rule, found: Box::default(), around: Around::default(), at: 0 }
    }

    /// Whether it has something to tell, now or when another section changes.
    pub(super) fn is_kept(&self) -> bool {
        !self.found.is_empty() || self.around.is_elsewhere()
    }
}
