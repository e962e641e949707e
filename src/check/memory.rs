//! What was found in an instruction is found again while it, and what is in force there, stay the same.
use crate::model::{Dockerfile, Image, Instruction, Role, Stage, State};
use crate::rule::{File, Finding, Looked, newline};
use std::sync::Arc;

/// The answers of the last check, for the next one of the same file by the same rules and settings: what did not change
/// between the two is not looked at again.
#[derive(Default)]
pub struct Memory {
    /// The escape character and the line ending, which edits are written with.
    style: (char, &'static str),
    grounds: Vec<Arc<Ground>>,
    instructions: Vec<Remembered>,
}

/// What the instructions of a stage stand on.
#[derive(PartialEq)]
struct Ground {
    base: Image,
    role: Role,
    /// It starts from another stage, not from the base image itself.
    is_derived: bool,
}

impl Ground {
    fn is(&self, stage: &Stage) -> bool {
        self.base == stage.base && self.role == stage.role && self.is_derived == stage.parent.is_some()
    }

    fn of(stage: &Stage) -> Self {
        Self { base: stage.base.clone(), role: stage.role, is_derived: stage.parent.is_some() }
    }
}

/// What the rules found in one instruction.
pub(super) struct Remembered {
    node: Arc<Instruction>,
    state: State,
    ground: Option<Arc<Ground>>,
    /// What else was looked at.
    looked: Looked,
    /// What was found by rules that looked no farther, by their place among the rules.
    pub(super) found: Vec<(usize, Finding)>,
    /// The rules that looked at other parts of the file, or at files beside it: they have to look again.
    pub(super) far: Vec<usize>,
}

impl Remembered {
    /// Whether everything that it rests on is as it was.
    fn holds(&self, file: &File, index: usize, grounds: &[Arc<Ground>]) -> bool {
        let (of, file) = (file, file.dockerfile);
        let ground = file.states[index].stage.map(|s| &grounds[s]);
        let value = |name: &str| file.variable(index, name).and_then(|s| s.value.as_deref());
        Arc::ptr_eq(&self.node, &file.instructions[index].node)
            && self.ground.as_ref().map(Arc::as_ptr) == ground.map(Arc::as_ptr)
            && self.state == file.states[index]
            && self.looked.variables.iter().all(|(name, told)| value(name) == told.as_deref())
            && self.looked.known.iter().all(|known| known.holds(of))
    }
}

impl Memory {
    /// Takes out what is remembered of each instruction of `file`, in their order.
    pub(super) fn recall(&mut self, of: &File) -> Vec<Option<Remembered>> {
        let file = of.dockerfile;
        let style = (file.escape, newline(&file.source));
        if self.style != style {
            *self = Self { style, ..Self::default() };
        }
        let ground = |(i, stage): (usize, &Stage)| match self.grounds.get(i) {
            Some(old) if old.is(stage) => old.clone(),
            _ => Arc::new(Ground::of(stage)),
        };
        self.grounds = file.stages.iter().enumerate().map(ground).collect();
        let old = std::mem::take(&mut self.instructions);
        let mut old: Vec<Option<Remembered>> = old.into_iter().map(Some).collect();
        let (before, now) = (old.len(), file.instructions.len());
        let mut take = |index: usize, at: Option<usize>| {
            let place = old.get_mut(at?)?;
            let holds = place.as_ref()?.holds(of, index, &self.grounds);
            holds.then(|| place.take()).flatten()
        };
        // An edit leaves the instructions above it at their index, and moves those below it.
        let moved = |index: usize| (index + before).checked_sub(now);
        (0..now).map(|i| take(i, Some(i)).or_else(|| take(i, moved(i)))).collect()
    }

    /// Remembers the next instruction of `file`.
    pub(super) fn keep(&mut self, remembered: Remembered) {
        self.instructions.push(remembered);
    }

    /// Remembers what was found in an instruction of `file`.
    pub(super) fn learn(
        &mut self,
        file: &Dockerfile,
        index: usize,
        looked: Looked,
        found: Vec<(usize, Finding)>,
        far: Vec<usize>,
    ) {
        let (node, state) = (file.instructions[index].node.clone(), file.states[index].clone());
        let ground = state.stage.map(|s| self.grounds[s].clone());
        self.keep(Remembered { node, state, ground, looked, found, far });
    }
}
