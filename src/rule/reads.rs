//! What a rule looked at, so that its answer can be kept while that is the same.
use super::File;
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

/// A fact that an answer rests on.
pub(crate) struct Known {
    fact: Arc<dyn Any + Send + Sync>,
    holds: fn(&dyn Any, &File) -> bool,
}

impl Known {
    /// Whether it is the same in `file`.
    pub(crate) fn holds(&self, file: &File) -> bool {
        (self.holds)(&*self.fact, file)
    }
}

/// What the rule that is running has looked at, besides its own instruction and what is in force there.
#[derive(Default)]
pub struct Reads {
    /// Anything else of the file, or beside it.
    far: Cell<bool>,
    /// Variables by name, with the values that it was told.
    variables: RefCell<Vec<(String, Option<String>)>>,
    known: RefCell<Vec<Known>>,
    /// The facts found so far in this check, whoever asked.
    facts: RefCell<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

/// What answers rest on, besides the instruction and what is in force there.
#[derive(Default)]
pub(crate) struct Looked {
    pub(crate) variables: Vec<(String, Option<String>)>,
    pub(crate) known: Vec<Known>,
}

impl Reads {
    pub(super) fn far(&self) {
        self.far.set(true);
    }

    pub(super) fn variable(&self, name: &str, value: Option<&str>) {
        self.variables.borrow_mut().push((name.to_owned(), value.map(str::to_owned)));
    }

    pub(super) fn fact<F: Fact>(&self, file: &File) -> Arc<F> {
        let fact = self.find::<F>(file);
        let holds = |known: &dyn Any, file: &File| {
            known.downcast_ref::<F>().is_some_and(|k| *k == *file.reads.find::<F>(file))
        };
        self.known.borrow_mut().push(Known { fact: fact.clone(), holds });
        fact
    }

    fn find<F: Fact>(&self, file: &File) -> Arc<F> {
        let found = self.facts.borrow().get(&TypeId::of::<F>()).cloned();
        if let Some(Ok(fact)) = found.map(Arc::downcast::<F>) {
            return fact;
        }
        // What it looks at itself is looked at again whenever it is asked for.
        let far = self.far.get();
        let fact = Arc::new(F::of(file));
        self.far.set(far);
        self.facts.borrow_mut().insert(TypeId::of::<F>(), fact.clone());
        fact
    }

    /// Whether anything was looked at that is not known by name since this was last asked.
    pub(crate) fn take_far(&self) -> bool {
        self.far.replace(false)
    }

    /// What else was looked at since this was last asked.
    pub(crate) fn take(&self) -> Looked {
        Looked { variables: self.variables.take(), known: self.known.take() }
    }
}
