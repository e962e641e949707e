//! Whether a text stands somewhere in a file: searched for once in a check, and in the next one near the edit alone.
use crate::text::{self, Edit};
use memchr::memmem;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// What was searched for in a check, and in the one before.
#[derive(Default)]
pub(super) struct Searched {
    before: Before,
    answers: RefCell<HashMap<String, bool>>,
    /// What makes this file's source of the last one's.
    edit: OnceCell<Option<Edit>>,
}

/// What a check searched for, and in what.
#[derive(Default)]
pub(super) struct Before {
    source: Arc<str>,
    answers: HashMap<String, bool>,
}

impl Searched {
    pub(super) fn after(before: Before) -> Self {
        Self { before, ..Self::default() }
    }

    pub(super) fn end(self, source: &Arc<str>) -> Before {
        Before { source: source.clone(), answers: self.answers.into_inner() }
    }

    /// Whether `text` stands in `source`, which is the same in all of a check.
    pub(super) fn has(&self, text: &str, source: &str) -> bool {
        if let Some(answer) = self.answers.borrow().get(text) {
            return *answer;
        }
        let known = self.before.answers.get(text).and_then(|before| self.near_edit(text, *before, source));
        let answer = known.unwrap_or_else(|| memmem::find(source.as_bytes(), text.as_bytes()).is_some());
        self.answers.borrow_mut().insert(text.to_owned(), answer);
        answer
    }

    /// The answer, if it follows from the one `before` and from what stands where the edit was made.
    fn near_edit(&self, text: &str, before: bool, source: &str) -> Option<bool> {
        let edit = self.edit.get_or_init(|| text::difference(&self.before.source, source));
        let Some(edit) = edit else { return Some(before) };
        // Whatever came or went has a byte in the edit, or lies around the place of it.
        let (start, reach) = (edit.span.start as usize, text.len());
        let near = |source: &str, end: usize| {
            let part = start.saturating_sub(reach)..source.len().min(end + reach);
            memmem::find(&source.as_bytes()[part], text.as_bytes()).is_some()
        };
        if near(source, start + edit.text.len()) {
            return Some(true);
        }
        let went = before && near(&self.before.source, edit.span.end as usize);
        (!went).then_some(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_from_before_is_what_is_found() {
        let texts = ["", "a", "ab", "ba", "aab", "aba", "bb", "abab", "xaby", "abxab", "aé", "éa"];
        let words = ["a", "ab", "ba", "aa", "bb", "x", "é"];
        for old in texts {
            for new in texts {
                let first = Searched::default();
                words.iter().for_each(|word| assert_eq!(first.has(word, old), old.contains(word)));
                let second = Searched::after(first.end(&old.into()));
                for word in words {
                    assert_eq!(
                        second.has(word, new),
                        new.contains(word),
                        "{word:?} in {new:?} after {old:?}"
                    );
                }
            }
        }
    }
}
