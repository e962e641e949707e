//! The next version of a file: what an edit does not touch is taken over.
use super::{Dockerfile, Instruction, Keyword, Placed, lower, sources};
use crate::syntax::{self, Logical, Split};
use crate::text::{self, Edit, Span};
use std::collections::HashMap;
use std::sync::Arc;

impl Dockerfile {
    /// The file after `edit`. Every instruction that the edit does not touch is taken over; one that it touches is
    /// read anew from its old tree.
    pub fn edited(&self, edit: &Edit) -> Self {
        let source = text::apply(&self.source, std::slice::from_ref(edit)).into();
        self.after(edit, source)
    }

    /// As [`Dockerfile::edited`], for whatever edit makes `source` of the text.
    pub fn rewritten(&self, source: Arc<str>) -> Self {
        match text::difference(&self.source, &source) {
            Some(edit) => self.after(&edit, source),
            None => self.clone(),
        }
    }

    /// The file after `edit`, whose text is then `source`.
    fn after(&self, edit: &Edit, source: Arc<str>) -> Self {
        if let Some(file) = Between::of(self, edit, &source).and_then(|between| between.file(&source)) {
            return file;
        }
        let split = syntax::split(&source);
        let known = Known::of(self, edit);
        let instructions =
            split.instructions.iter().map(|l| known.placed(l, &source, split.escape)).collect();
        Self::assemble(source, split, instructions).behind(&self.mirrors)
    }
}

/// The instructions of a file before an edit.
struct Known<'f> {
    old: &'f Dockerfile,
    edit: &'f Edit,
    /// Those that the edit touches, by their text: one edit may stand for many, between which others only moved.
    touched: HashMap<&'f str, &'f Arc<Instruction>>,
}

impl<'f> Known<'f> {
    fn of(old: &'f Dockerfile, edit: &'f Edit) -> Self {
        let all = &old.instructions;
        let first = all.partition_point(|p| p.span().end < edit.span.start);
        let last = all.partition_point(|p| p.at <= edit.span.end).max(first);
        let touched = all[first..last].iter().map(|p| (&*p.node.text, &p.node)).collect();
        Self { old, edit, touched }
    }

    /// An instruction of the text after the edit: the old one where that is the same, else a new one made from its tree.
    fn placed(&self, logical: &Logical, source: &str, escape: char) -> Placed {
        let Self { old: file, edit, touched } = self;
        let text = logical.span.of(source);
        let growth = edit.growth();
        let at = i64::from(logical.span.start);
        let at = if logical.span.start > edit.span.start { at - growth } else { at };
        let old = file.instructions.binary_search_by_key(&at, |p| i64::from(p.at)).ok();
        let same_escape = file.escape == escape;
        let old = old.map(|i| &file.instructions[i]).filter(|_| same_escape);
        let same = old.map(|o| &o.node).filter(|node| *node.text == *text);
        if let Some(node) = same.or_else(|| touched.get(text).copied().filter(|_| same_escape)) {
            return Placed { at: logical.span.start, node: node.clone() };
        }
        let whole = |o: &&Placed| o.at <= edit.span.start && edit.span.end <= o.span().end;
        let grown = |o: &&Placed| i64::from(o.span().end) + growth == i64::from(logical.span.end);
        let before = old.filter(whole).filter(grown).map(|o| lower::Before {
            instruction: &o.node,
            change: Span { start: edit.span.start - o.at, end: edit.span.end - o.at },
            len: edit.text.len() as u32,
        });
        let node = lower::instruction(text.into(), logical, escape, before);
        Placed { at: logical.span.start, node: Arc::new(node) }
    }
}

/// The part of a file that an edit may change, between instructions that stay as they are.
struct Between<'f> {
    old: &'f Dockerfile,
    edit: &'f Edit,
    /// How many instructions above stay.
    above: usize,
    /// The index of the first instruction below that stays.
    below: usize,
    split: Split,
}

impl<'f> Between<'f> {
    /// None where nothing stays above, where directives may stand, and where something is wrong with the lines: a heredoc
    /// without an end depends on all that follows.
    fn of(old: &'f Dockerfile, edit: &'f Edit, source: &str) -> Option<Self> {
        if !old.problems.is_empty() {
            return None;
        }
        let bytes = old.source.as_bytes();
        // The first byte of the line behind an instruction.
        let behind = |p: &Placed| {
            let end = p.span().end as usize;
            bytes[end..].iter().position(|b| *b == b'\n').map(|line| (end + line + 1) as u32)
        };
        // The last one may go on, where its last line promises more.
        let most = old.instructions.len().saturating_sub(1);
        let mut above = old.instructions.partition_point(|p| p.span().end < edit.span.start).min(most);
        while above > 0 && behind(&old.instructions[above - 1]).is_none_or(|at| at > edit.span.start) {
            above -= 1;
        }
        let start = behind(old.instructions.get(above.checked_sub(1)?)?)?;
        let changed = edit.span.start as usize + edit.text.len();
        let mut below = None;
        // Where a line below the edit begins an old instruction, all that follows is as it was.
        let split = syntax::split_from(source, old.escape, start as usize, |line, content| {
            let at = i64::from(content) - edit.growth();
            let old = old.instructions.binary_search_by_key(&at, |p| i64::from(p.at)).ok();
            below = old.filter(|_| line as usize > changed);
            below.is_some()
        });
        let below = below.unwrap_or(old.instructions.len());
        split.problems.is_empty().then_some(Self { old, edit, above, below, split })
    }

    /// The file after the edit.
    fn file(self, source: &Arc<str>) -> Option<Dockerfile> {
        let Self { old, edit, above, below, split } = &self;
        let growth = edit.growth();
        let move_by = |at: u32| (i64::from(at) + growth) as u32;
        let mut instructions = Vec::with_capacity(old.instructions.len() + 1);
        instructions.extend_from_slice(&old.instructions[..*above]);
        let known = Known::of(old, edit);
        instructions.extend(split.instructions.iter().map(|l| known.placed(l, source, old.escape)));
        let moved = |p: &Placed| Placed { at: move_by(p.at), node: p.node.clone() };
        instructions.extend(old.instructions[*below..].iter().map(moved));
        let first = old.instructions[above - 1].span().end;
        let last = old.instructions.get(*below).map_or(u32::MAX, |p| p.at);
        let upper = old.comments.partition_point(|c| c.start < first);
        let lower = old.comments.partition_point(|c| c.start < last);
        let shifted = |c: &Span| Span { start: move_by(c.start), end: move_by(c.end) };
        let mut comments = old.comments[..upper].to_vec();
        comments.extend(&split.comments);
        comments.extend(old.comments[lower..].iter().map(shifted));
        if !self.sets_nothing(&instructions) {
            let (directives, escape) = (old.directives.clone(), old.escape);
            let split = Split { directives, escape, comments, ..Split::default() };
            return Some(Dockerfile::assemble(source.clone(), split, instructions).behind(&old.mirrors));
        }
        Some(Dockerfile {
            source: source.clone(),
            directives: old.directives.clone(),
            escape: old.escape,
            instructions,
            states: old.states.clone(),
            stages: old.stages.clone(),
            globals: old.globals.clone(),
            comments,
            problems: vec![],
            mirrors: old.mirrors.clone(),
        })
    }

    /// Whether each instruction stands where it stood, and what is in force at each, and all stages, are as they were.
    fn sets_nothing(&self, instructions: &[Placed]) -> bool {
        let (old, new) = (&self.old.instructions, instructions);
        let sets = |i: &Instruction| {
            !matches!(
                i.keyword,
                Keyword::Run
                    | Keyword::Cmd
                    | Keyword::Entrypoint
                    | Keyword::Label
                    | Keyword::Expose
                    | Keyword::Copy
                    | Keyword::Add
                    | Keyword::Volume
                    | Keyword::Healthcheck
            )
        };
        old.len() == new.len()
            && old[self.above..self.below].iter().zip(&new[self.above..self.below]).all(|(old, new)| {
                old.node.keyword == new.node.keyword
                    && !sets(&new.node)
                    && sources(&old.node) == sources(&new.node)
            })
    }
}
