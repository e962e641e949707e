//! What a rule looked at, so that its answer can be kept while that is the same.
use super::mentions::{self, Searched};
use super::{Dockerfile, File};
use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// Something that a rule wants to know of a whole file for each of its instructions. It is found once per check, and the
/// answers that rest on it are kept while it stays the same.
pub trait Fact: PartialEq + Send + Sync + 'static {
    /// What `file` tells.
    fn of(file: &File) -> Self;
}

/// Facts by their types.
type Facts = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// A fact that an answer rests on.
#[derive(Clone)]
pub(crate) struct Known {
    id: TypeId,
    fact: Arc<dyn Any + Send + Sync>,
    find: fn(&Reads, &File) -> Arc<dyn Any + Send + Sync>,
}

impl Known {
    /// Whether it is the same in `file`. One that is as it was in the last check is the very same.
    fn holds(&self, file: &File) -> bool {
        Arc::ptr_eq(&self.fact, &(self.find)(file.reads(), file))
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.fact, &other.fact)
    }
}

/// A variable that an answer rests on: its name, whether ENV or ARG set it, and its value.
pub(crate) type Variable = (String, Option<(bool, Option<Arc<str>>)>);

/// A text that an answer rests on, and whether it stands somewhere in the file.
pub(crate) type Mention = (String, bool);

/// What the rule that is running has looked at, besides its own instruction and what is in force there.
#[derive(Default)]
pub struct Reads {
    around: RefCell<Around>,
    variables: RefCell<Vec<Variable>>,
    known: RefCell<Vec<Known>>,
    mentions: RefCell<Vec<Mention>>,
    searched: Searched,
    /// The chains that RUNs would make, by the index of the last, as far as anybody asked in this check.
    chains: RefCell<HashMap<usize, Chain>>,
    /// The facts found so far in this check, whoever asked.
    facts: RefCell<Facts>,
    /// Those of the last check.
    before: Facts,
    /// While set, nothing is noted: what is compared by its value needs no note of what it was made of.
    paused: Cell<bool>,
}

/// A chain of RUNs that could be one, up to one of them.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    /// How many lines they have.
    pub(super) lines: usize,
    /// The last belongs to it together with the one above.
    pub(super) goes_on: bool,
}

/// What one check leaves to the next: what it knew of the file as a whole.
#[derive(Default)]
pub(crate) struct Before {
    facts: Facts,
    searched: mentions::Before,
}

/// The parts of the file, and of what lies beside it, that an answer rests on.
#[derive(Default)]
pub(crate) struct Around {
    /// The section that it is about; see [`section`].
    own: bool,
    /// The numbers of other ones, each once.
    pub(crate) sections: Vec<usize>,
    /// All of the file.
    pub(crate) file: bool,
    /// Files beside it.
    pub(crate) context: bool,
}

impl Around {
    /// Whether nothing was looked at but the instruction itself and what is in force there.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.own && !self.is_elsewhere()
    }
    /// Whether more was looked at than the section that it is about.
    pub(crate) fn is_elsewhere(&self) -> bool {
        !self.sections.is_empty() || self.file || self.context
    }
}

/// What answers rest on by name.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Looked {
    pub(crate) variables: Vec<Variable>,
    pub(crate) known: Vec<Known>,
    pub(crate) mentions: Vec<Mention>,
}

impl Looked {
    /// Whether all of it is the same in `file`, variables aside.
    pub(crate) fn holds(&self, file: &File) -> bool {
        let told = |(text, answer): &Mention| file.reads().search(file, text) == *answer;
        self.known.iter().all(|known| known.holds(file)) && self.mentions.iter().all(told)
    }
    /// How much that is.
    pub(crate) fn len(&self) -> usize {
        self.known.len() + self.mentions.len()
    }
    /// Gives back the memory that its lists do not need: thousands of these are kept.
    pub(crate) fn shrink(&mut self) {
        self.variables.shrink_to_fit();
        self.known.shrink_to_fit();
        self.mentions.shrink_to_fit();
    }
    /// Whether all that another answer rests on is in it.
    pub(crate) fn covers(&self, other: &Looked) -> bool {
        other.known.iter().all(|known| self.known.contains(known))
            && other.mentions.iter().all(|mention| self.mentions.contains(mention))
            && other.variables.iter().all(|variable| self.variables.contains(variable))
    }
    /// Takes in the variables that another answer rests on.
    pub(crate) fn merge_variables(&mut self, other: &Looked) {
        let new = other.variables.iter().filter(|variable| !self.variables.contains(variable));
        let new: Vec<_> = new.cloned().collect();
        self.variables.extend(new);
    }
    /// Takes in what another answer rests on, variables aside.
    pub(crate) fn merge(&mut self, other: &Looked) {
        for known in &other.known {
            if !self.known.iter().any(|k| k.id == known.id) {
                self.known.push(known.clone());
            }
        }
        for mention in &other.mentions {
            if !self.mentions.contains(mention) {
                self.mentions.push(mention.clone());
            }
        }
    }
}

/// The number of the section that instruction `index` stands in: 0 before the first stage, then one for each stage.
pub(crate) fn section(file: &Dockerfile, index: usize) -> usize {
    file.states[index].stage.map_or(0, |s| s + 1)
}

impl Reads {
    /// For a check behind another.
    pub(crate) fn after(before: Before) -> Self {
        Self { before: before.facts, searched: Searched::after(before.searched), ..Self::default() }
    }

    /// What this check, of a file with this source, leaves to the next one.
    pub(crate) fn end(self, source: &Arc<str>) -> Before {
        let mut facts = self.before;
        facts.extend(self.facts.into_inner());
        Before { facts, searched: self.searched.end(source) }
    }

    pub(super) fn file(&self) {
        if !self.paused.get() {
            self.around.borrow_mut().file = true;
        }
    }

    pub(super) fn context(&self) {
        if !self.paused.get() {
            self.around.borrow_mut().context = true;
        }
    }

    pub(super) fn section(&self, number: usize) {
        if !self.paused.get() {
            let sections = &mut self.around.borrow_mut().sections;
            // Rules walk through a section from end to end.
            if sections.last() != Some(&number) && !sections.contains(&number) {
                sections.push(number);
            }
        }
    }

    pub(super) fn variable(&self, variable: Variable) {
        if !self.paused.get() {
            self.variables.borrow_mut().push(variable);
        }
    }

    pub(super) fn mention(&self, file: &File, text: &str) -> bool {
        let answer = self.search(file, text);
        let mut mentions = self.mentions.borrow_mut();
        if !self.paused.get() && !mentions.iter().any(|(t, _)| t == text) {
            mentions.push((text.to_owned(), answer));
        }
        answer
    }

    pub(super) fn chain(&self, index: usize) -> Option<Chain> {
        self.chains.borrow().get(&index).copied()
    }

    pub(super) fn keep_chain(&self, index: usize, chain: Chain) {
        self.chains.borrow_mut().insert(index, chain);
    }

    fn search(&self, file: &File, text: &str) -> bool {
        self.searched.has(text, &file.model().source)
    }

    pub(super) fn fact<F: Fact>(&self, file: &File) -> Arc<F> {
        let fact = self.find::<F>(file);
        let mut known = self.known.borrow_mut();
        let id = TypeId::of::<F>();
        if !self.paused.get() && !known.iter().any(|k| k.id == id) {
            known.push(Known { id, fact: fact.clone(), find: |reads, file| reads.find::<F>(file) });
        }
        fact
    }

    fn find<F: Fact>(&self, file: &File) -> Arc<F> {
        let found = self.facts.borrow().get(&TypeId::of::<F>()).cloned();
        if let Some(Ok(fact)) = found.map(Arc::downcast::<F>) {
            return fact;
        }
        let paused = self.paused.replace(true);
        let fact = F::of(file);
        self.paused.set(paused);
        let before = self.before.get(&TypeId::of::<F>()).cloned().and_then(|f| f.downcast::<F>().ok());
        let fact = before.filter(|before| **before == fact).unwrap_or_else(|| Arc::new(fact));
        self.facts.borrow_mut().insert(TypeId::of::<F>(), fact.clone());
        fact
    }

    /// Notes nothing from now on.
    pub(crate) fn pause(&self) {
        self.paused.set(true);
    }

    /// Where else was looked since this was last asked, for an answer about section `own`.
    pub(crate) fn take_around(&self, own: usize) -> Around {
        let mut around = self.around.take();
        if let Some(at) = around.sections.iter().position(|s| *s == own) {
            around.sections.swap_remove(at);
            around.own = true;
        }
        around
    }

    /// What else was looked at by name since this was last asked.
    pub(crate) fn take(&self) -> Looked {
        let mut all = Looked {
            variables: self.variables.take(),
            known: self.known.take(),
            mentions: self.mentions.take(),
        };
        all.shrink();
        all
    }
}
