//! Looks at the sections of a file, as far as what is remembered of them does not tell already.
use super::memory::{Answer, Changed, Now, Remembered, Section};
use super::{Found, Told, in_instruction, in_stage};
use crate::rule::{Around, File, Looked, Rule};
use std::collections::VecDeque;
use std::sync::Arc;

/// One look at a file.
pub(super) struct Look<'l> {
    pub(super) file: &'l File<'l>,
    pub(super) rules: &'l [&'static Rule],
    pub(super) sections: &'l [Now],
    /// The files beside the Dockerfile are as they were.
    pub(super) same_context: bool,
    pub(super) out: Vec<Found>,
    /// What all answers rest on by name.
    pub(super) looked: Looked,
    /// What instructions that were looked at last rest on: the next one hardly ever rests on anything else.
    pub(super) recent: VecDeque<Arc<Looked>>,
}

/// How many of those are compared.
const RECENT: usize = 8;

impl Look<'_> {
    /// Tells again what was found in a section that is the same.
    pub(super) fn again(&mut self, number: usize, mut section: Section) -> Section {
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
        let looked = self.file.reads().take();
        self.looked.merge(&looked);
        section.looked.merge(&looked);
        section
    }

    /// Looks at a section that changed.
    pub(super) fn anew(&mut self, number: usize, changed: &mut Changed) -> Section {
        let now = &self.sections[number];
        // Exactly as long as needed, as all of it is kept.
        let mut instructions = Vec::with_capacity(now.instructions.len());
        let mut looked = Looked::default();
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
        answers.shrink_to_fit();
        answers.iter().for_each(|answer| self.tell(answer));
        looked.merge(&self.file.reads().take());
        looked.shrink();
        self.looked.merge(&looked);
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
        let looked = self.file.reads().take();
        if !remembered.looked.covers(&looked) {
            let all = Arc::make_mut(&mut remembered.looked);
            all.merge(&looked);
            all.merge_variables(&looked);
        }
        remembered
    }

    fn learn(&mut self, index: usize, number: usize) -> Remembered {
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
        // Thousands of these are kept.
        answers.shrink_to_fit();
        far.shrink_to_fit();
        let (node, state) = (model.instructions[index].node.clone(), model.states[index].clone());
        Remembered { node, state, ground, looked: self.share(self.file.reads().take()), answers, far }
    }

    fn share(&mut self, looked: Looked) -> Arc<Looked> {
        if let Some(same) = self.recent.iter().find(|recent| ***recent == looked) {
            return same.clone();
        }
        let looked = Arc::new(looked);
        self.recent.truncate(RECENT - 1);
        self.recent.push_front(looked.clone());
        looked
    }

    /// Whether an answer in section `number`, which is the same, stands: what it rests on is the same too, and still as far
    /// away.
    fn stands(&self, answer: &Answer, number: usize) -> bool {
        let moved = self.sections[number].moved;
        let Around { sections, file, context, .. } = &answer.around;
        !file && (!context || self.same_context) && sections.iter().all(|s| self.sections[*s].moved == moved)
    }

    fn ask_instruction(&self, answer: &mut Answer, index: usize, number: usize) {
        let found = in_instruction(self.rules[answer.rule].check, &self.file.view(index));
        answer.found = found.into_iter().map(Told::new).collect();
        answer.around = self.file.reads().take_around(number);
        answer.at = self.file.model().instructions[index].at;
    }

    fn ask_stage(&self, answer: &mut Answer, number: usize) {
        let stage = &self.file.model().stages[number - 1];
        let found = in_stage(self.rules[answer.rule].check, stage, self.file);
        answer.found = found.into_iter().map(Told::new).collect();
        answer.around = self.file.reads().take_around(number);
        answer.at = 0;
    }

    fn tell(&mut self, answer: &Answer) {
        let (rule, at) = (self.rules[answer.rule], answer.at);
        self.out.extend(answer.found.iter().map(|f| Found { rule, told: f.clone(), at }));
    }
}
