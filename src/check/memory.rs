//! What was found in an instruction or a stage is found again while everything that was looked at stays the same.
//!
//! A file is remembered in sections: what stands before the first stage, and each stage. Of a section that an edit leaves
//! the same, all answers stay, but for those that rest on another one that changed. In one that changed, those stay that
//! rest on nothing but an instruction that is still there and what is in force at it.
use super::{Found, Told, in_instruction, in_stage};
use crate::context::Context;
use crate::model::{Dockerfile, Image, Instruction, Role, Stage, State};
use crate::rule::{Around, Facts, File, Looked, Reads, Rule, newline};
use crate::syntax::Directive;
use crate::text::Span;
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
    facts: Facts,
}

/// A section as it was when it was last looked at.
struct Section {
    span: Span,
    ground: Option<Arc<Ground>>,
    instructions: Vec<Remembered>,
    /// What rules about stages found in it.
    answers: Vec<Answer>,
    /// What any of its answers rests on by name, variables aside.
    looked: Looked,
}

/// What the instructions of a stage stand on.
#[derive(PartialEq)]
struct Ground {
    base: Image,
    role: Role,
    parent: Option<usize>,
    is_last: bool,
}

/// What the rules found in one instruction.
struct Remembered {
    node: Arc<Instruction>,
    state: State,
    ground: Option<Arc<Ground>>,
    /// What its answers rest on by name.
    looked: Looked,
    answers: Vec<Answer>,
    /// The rules that looked at more than the instruction and what is in force there.
    far: Vec<usize>,
}

/// What one rule found. One that found nothing is not kept, unless it may find something when another section changes.
struct Answer {
    /// Its place among the rules.
    rule: usize,
    found: Vec<Arc<Told>>,
    around: Around,
    /// What the spans of the findings are relative to.
    at: u32,
}

/// A section of the file that is looked at now.
struct Now {
    span: Span,
    instructions: Range<usize>,
    ground: Option<Arc<Ground>>,
    /// By how many bytes it moved since it was last looked at, if it is the same.
    moved: Option<u32>,
}

impl Memory {
    /// What the next check begins with: the facts that are known.
    pub(super) fn reads(&mut self) -> Reads {
        Reads::after(std::mem::take(&mut self.facts))
    }

    /// Keeps the facts that a check ended with.
    pub(super) fn keep(&mut self, reads: Reads) {
        self.facts = reads.facts();
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
        let sections = self.compare(file);
        let old = std::mem::take(&mut self.sections);
        let mut changed = Changed { sections: vec![], before: 0, now: model.instructions.len() };
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
        let same_context = file.surroundings().is(&self.context);
        let mut look = Look { file, rules, sections: &sections, same_context, out: vec![] };
        for (number, now) in sections.iter().enumerate() {
            let section = match same.get_mut(number).and_then(Option::take) {
                Some(section) => look.again(number, section),
                None => look.anew(number, &mut changed),
            };
            self.sections.push(Section { span: now.span, ..section });
        }
        let out = look.out;
        (self.source, self.context) = (model.source.clone(), file.surroundings().clone());
        out
    }

    /// The sections of `file`, and which of them are as they were.
    fn compare(&self, file: &File) -> Vec<Now> {
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
    /// Whether it, in the text `source`, is what stands in `file` now.
    fn is(&self, now: &Now, source: &str, file: &File) -> bool {
        let Dockerfile { instructions, states, source: text, .. } = file.model();
        let same = |(old, i): (&Remembered, usize)| {
            Arc::ptr_eq(&old.node, &instructions[i].node) && old.state == states[i]
        };
        self.instructions.len() == now.instructions.len()
            && self.ground.as_ref().map(Arc::as_ptr) == now.ground.as_ref().map(Arc::as_ptr)
            && self.span.of(source) == now.span.of(text)
            && self.instructions.iter().zip(now.instructions.clone()).all(same)
            && self.looked.holds(file)
    }
}

impl Remembered {
    /// Whether everything near it is as it was: what its answers rest on, other parts of the file aside.
    fn holds(&self, file: &File, index: usize, now: &Now) -> bool {
        let model = file.model();
        let told = |name: &str| model.variable(index, name).map(|s| (s.is_env, s.value.clone()));
        Arc::ptr_eq(&self.node, &model.instructions[index].node)
            && self.ground.as_ref().map(Arc::as_ptr) == now.ground.as_ref().map(Arc::as_ptr)
            && self.state == model.states[index]
            && self.looked.variables.iter().all(|(name, value)| told(name) == *value)
            && self.looked.holds(file)
    }
}

/// What is remembered of the instructions of sections that changed.
struct Changed {
    /// The index that the first instruction of each had, and what is remembered of it and those behind it.
    sections: Vec<(usize, Vec<Option<Remembered>>)>,
    /// How many instructions there were in all, and are now.
    before: usize,
    now: usize,
}

impl Changed {
    /// What is remembered of instruction `index`.
    fn recall(&mut self, index: usize, file: &File, now: &Now) -> Option<Remembered> {
        // An edit leaves the instructions above it at their index, and moves those below it.
        let moved = (index + self.before).checked_sub(self.now);
        [Some(index), moved].into_iter().flatten().find_map(|at| {
            let behind = self.sections.partition_point(|(first, _)| *first <= at);
            let (first, all) = self.sections.get_mut(behind.checked_sub(1)?)?;
            let place = all.get_mut(at - *first)?;
            if place.as_ref()?.holds(file, index, now) { place.take() } else { None }
        })
    }
}

/// One look at a file.
struct Look<'l> {
    file: &'l File<'l>,
    rules: &'l [&'static Rule],
    sections: &'l [Now],
    /// The files beside the Dockerfile are as they were.
    same_context: bool,
    out: Vec<Found>,
}

impl Look<'_> {
    /// Tells again what was found in a section that is the same.
    fn again(&mut self, number: usize, mut section: Section) -> Section {
        let now = &self.sections[number];
        for (remembered, index) in section.instructions.iter_mut().zip(now.instructions.clone()) {
            for answer in &mut remembered.answers {
                if !self.stands(answer, number) {
                    self.ask_instruction(answer, index, number);
                }
                answer.at = self.file.model().instructions[index].at;
                self.tell(answer);
            }
        }
        for answer in &mut section.answers {
            answer.at = answer.at.wrapping_add(now.moved.unwrap_or_default());
            if !self.stands(answer, number) {
                self.ask_stage(answer, number);
            }
            self.tell(answer);
        }
        section.looked.merge(&self.file.reads().take());
        section
    }

    /// Looks at a section that changed.
    fn anew(&mut self, number: usize, changed: &mut Changed) -> Section {
        let now = &self.sections[number];
        let (mut instructions, mut looked) = (vec![], Looked::default());
        for index in now.instructions.clone() {
            let remembered = match changed.recall(index, self.file, now) {
                Some(remembered) => self.near_again(remembered, index, number),
                None => self.learn(index, number),
            };
            looked.merge(&remembered.looked);
            remembered.answers.iter().for_each(|answer| self.tell(answer));
            instructions.push(remembered);
        }
        let mut answers = vec![];
        for rule in 0..if number == 0 { 0 } else { self.rules.len() } {
            let mut answer = Answer::to(rule);
            self.ask_stage(&mut answer, number);
            answers.extend(answer.is_kept().then_some(answer));
        }
        answers.iter().for_each(|answer| self.tell(answer));
        looked.merge(&self.file.reads().take());
        Section { span: now.span, ground: now.ground.clone(), instructions, answers, looked }
    }

    /// Keeps what was found near an instruction of a section that changed, and has the other rules look again.
    fn near_again(&self, mut remembered: Remembered, index: usize, number: usize) -> Remembered {
        remembered.answers.retain(|answer| answer.around.is_nothing());
        for rule in &remembered.far {
            let mut answer = Answer::to(*rule);
            self.ask_instruction(&mut answer, index, number);
            remembered.answers.extend(answer.is_kept().then_some(answer));
        }
        remembered.answers.sort_by_key(|answer| answer.rule);
        remembered.answers.iter_mut().for_each(|a| a.at = self.file.model().instructions[index].at);
        remembered.looked.merge(&self.file.reads().take());
        remembered
    }

    fn learn(&self, index: usize, number: usize) -> Remembered {
        let (model, ground) = (self.file.model(), self.sections[number].ground.clone());
        let (mut answers, mut far) = (vec![], vec![]);
        for rule in 0..self.rules.len() {
            let mut answer = Answer::to(rule);
            self.ask_instruction(&mut answer, index, number);
            if !answer.around.is_nothing() {
                far.push(rule);
            }
            answers.extend(answer.is_kept().then_some(answer));
        }
        let (node, state) = (model.instructions[index].node.clone(), model.states[index].clone());
        Remembered { node, state, ground, looked: self.file.reads().take(), answers, far }
    }

    /// Whether an answer in section `number`, which is the same, stands: what it rests on is the same too, and still as far
    /// away.
    fn stands(&self, answer: &Answer, number: usize) -> bool {
        let moved = self.sections[number].moved;
        let Around { sections, file, context, .. } = &answer.around;
        !file && (!context || self.same_context) && sections.iter().all(|s| self.sections[*s].moved == moved)
    }

    fn ask_instruction(&self, answer: &mut Answer, index: usize, number: usize) {
        answer.found = in_instruction(self.rules[answer.rule].check, &self.file.view(index))
            .into_iter()
            .map(Told::new)
            .collect();
        answer.around = self.file.reads().take_around(number);
        answer.at = self.file.model().instructions[index].at;
    }

    fn ask_stage(&self, answer: &mut Answer, number: usize) {
        let stage = &self.file.model().stages[number - 1];
        answer.found =
            in_stage(self.rules[answer.rule].check, stage, self.file).into_iter().map(Told::new).collect();
        answer.around = self.file.reads().take_around(number);
        answer.at = 0;
    }

    fn tell(&mut self, answer: &Answer) {
        let (rule, at) = (self.rules[answer.rule], answer.at);
        self.out.extend(answer.found.iter().map(|f| Found { rule, told: f.clone(), at }));
    }
}

impl Answer {
    fn to(rule: usize) -> Self {
        Self { rule, found: vec![], around: Around::default(), at: 0 }
    }

    /// Whether it has something to tell, now or when another section changes.
    fn is_kept(&self) -> bool {
        !self.found.is_empty() || self.around.is_elsewhere()
    }
}
