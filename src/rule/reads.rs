//! What a rule looked at, so that its answer can be kept while that is the same.
use std::cell::{Cell, RefCell};

/// What the rule that is running has looked at, besides its own instruction and what is in force there.
#[derive(Default, Debug)]
pub(crate) struct Reads {
    /// Anything else of the file, or beside it.
    far: Cell<bool>,
    /// Variables by name, with the values that it was told.
    variables: RefCell<Vec<(String, Option<String>)>>,
}

impl Reads {
    pub(super) fn far(&self) {
        self.far.set(true);
    }

    pub(super) fn variable(&self, name: &str, value: Option<&str>) {
        self.variables.borrow_mut().push((name.to_owned(), value.map(str::to_owned)));
    }

    /// Whether anything was looked at that is not known by name since this was last asked.
    pub(crate) fn take_far(&self) -> bool {
        self.far.replace(false)
    }

    /// The variables looked at since this was last asked.
    pub(crate) fn take_variables(&self) -> Vec<(String, Option<String>)> {
        self.variables.take()
    }
}
