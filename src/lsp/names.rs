//! Stages, variables and here-documents: where they get their names, and where they are called by them.
use super::document::Reading;
use crate::model::{Dockerfile, Instruction, Keyword, Placed, Setting, Word, find_stage};
use crate::text::Span;

/// Something that has a name in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// A stage, by its index.
    Stage(usize),
    /// A variable, by its name and the stage that its value begins in; None: a global ARG.
    Variable(String, Option<usize>),
    /// A here-document: the index of its instruction, and its number there.
    Heredoc(usize, usize),
}

/// A place where it stands.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) thing: Thing,
    /// The name, in the file.
    pub(super) span: Span,
    /// It gets its name, or its value, here.
    pub(super) defines: bool,
    /// It is written as a number, not as a name.
    pub(super) number: bool,
}

/// Every occurrence in a file, in order.
pub(super) fn all(file: &Dockerfile) -> Vec<Occurrence> {
    (0..file.instructions.len()).flat_map(|index| within(file, index)).collect()
}

/// Those in instruction `index`.
fn within(file: &Dockerfile, index: usize) -> Vec<Occurrence> {
    let placed = &file.instructions[index];
    let mut out = vec![];
    stages(file, index, placed, &mut out);
    variables(file, index, placed, &mut out);
    heredocs(index, placed, &mut out);
    out.iter_mut().for_each(|o| o.span = placed.absolute(o.span));
    out.sort_by_key(|o| o.span);
    out
}

/// What stands at `offset`, and every place where it stands. The latter takes a look at the whole file.
pub(super) fn at(reading: &Reading, offset: u32) -> Option<(Occurrence, Vec<Occurrence>)> {
    let here = here(reading, offset)?;
    let all = all(&reading.file).into_iter().filter(|o| o.thing == here.thing).collect();
    Some((here, all))
}

/// What stands at `offset`.
pub(super) fn here(reading: &Reading, offset: u32) -> Option<Occurrence> {
    let index = reading.instruction_at(offset)?;
    within(&reading.file, index).into_iter().find(|o| o.span.contains(Span::at(offset)))
}

fn stages(file: &Dockerfile, index: usize, placed: &Placed, out: &mut Vec<Occurrence>) {
    let current = file.states[index].stage;
    let mut push = |stage, span, defines, number| {
        out.push(Occurrence { thing: Thing::Stage(stage), span, defines, number });
    };
    if let (Some(from), Some(stage)) = (&placed.node.from, file.begun_by(index)) {
        if let Some(parent) = file.stages[stage].parent {
            push(parent, from.image.span, false, false);
        }
        if let Some(alias) = &from.alias {
            push(stage, alias.span, true, false);
        }
    }
    for (name, span) in references(placed.node.effective()) {
        if let Some(stage) = find_stage(&file.stages, &name, current.unwrap_or(0)) {
            let number = name.bytes().all(|b| b.is_ascii_digit());
            push(stage, span, false, number);
        }
    }
}

/// What `--from=` and the `from=` of mounts name.
pub(super) fn references(instruction: &Instruction) -> Vec<(String, Span)> {
    let mut out = vec![];
    for flag in &instruction.flags {
        match flag.name.as_str() {
            "from" => out.push((flag.value.value.clone(), flag.value.span)),
            "mount" => {
                let mut at = flag.value.span.start;
                for part in flag.value.span.of(&instruction.text).split(',') {
                    if let Some(name) = part.strip_prefix("from=") {
                        let end = at + part.len() as u32;
                        out.push((name.to_owned(), Span { start: end - name.len() as u32, end }));
                    }
                    at += part.len() as u32 + 1;
                }
            }
            _ => {}
        }
    }
    out
}

fn variables(file: &Dockerfile, index: usize, placed: &Placed, out: &mut Vec<Occurrence>) {
    // FROM sees the global ARGs alone.
    let stage = file.states[index].stage.filter(|_| placed.node.keyword != Keyword::From);
    let mut push = |name: &str, span, defines| {
        if let Some(root) = root(file, stage, name) {
            let thing = Thing::Variable(name.to_owned(), root);
            out.push(Occurrence { thing, span, defines, number: false });
        }
    };
    if matches!(placed.node.keyword, Keyword::Env | Keyword::Arg) {
        placed.node.pairs.iter().for_each(|p| push(&p.name.value, name_span(&p.name), true));
    }
    for expansion in placed.node.expansions(file.escape) {
        push(expansion.name.of(&placed.node.text), expansion.name, false);
    }
}

fn name_span(word: &Word) -> Span {
    let quotes = u32::from(word.span.end - word.span.start == word.value.len() as u32 + 2);
    Span { start: word.span.start + quotes, end: word.span.end - quotes }
}

/// The value that `name` has for instruction `index`.
pub(super) fn value<'f>(file: &'f Dockerfile, index: usize, name: &str) -> Option<&'f Setting> {
    // FROM sees the global ARGs alone.
    match file.instructions.get(index).map(|p| p.node.keyword) {
        Some(Keyword::From) => file.globals.get(name)?.last(),
        // Behind the last instruction, what is in force there.
        None => file.variable(index.checked_sub(1)?, name),
        _ => file.variable(index, name),
    }
}

/// Where the value that `name` has in `stage` begins: in that stage, in one that it builds on, or (the inner None) in
/// the global ARGs.
fn root(file: &Dockerfile, stage: Option<usize>, name: &str) -> Option<Option<usize>> {
    let Some(stage) = stage else { return file.globals.contains_key(name).then_some(None) };
    let mut at = Some(stage);
    let mut found = None;
    while let Some(s) = at {
        let settings = file.stages[s].settings.get(name);
        if settings.is_some_and(|all| s == stage || all.iter().any(|x| x.is_env)) {
            found = Some(s);
        }
        at = file.stages[s].parent;
    }
    let found = found?;
    // `ARG NAME` takes the global one over.
    let bare = |at: usize| {
        let pairs = &file.instructions[at].node.pairs;
        pairs.iter().any(|p| p.name.value == name && p.value.is_none())
    };
    let settings = &file.stages[found].settings[name];
    let global = file.globals.contains_key(name) && settings.iter().any(|s| bare(s.at));
    Some((!global).then_some(found))
}

fn heredocs(index: usize, placed: &Placed, out: &mut Vec<Occurrence>) {
    let text = &placed.node.text;
    let mut from = placed.node.body.start as usize;
    for (number, doc) in placed.node.heredocs.iter().enumerate() {
        // The opening: `<<`, a dash, quotes, and the name.
        let line_end = doc.body.start as usize;
        let Some(open) = text.get(from..line_end).and_then(|t| t.find("<<")).map(|i| from + i + 2) else {
            return;
        };
        let Some(start) = text[open..line_end].find(&doc.name).map(|i| open + i) else { return };
        from = start + doc.name.len();
        let thing = Thing::Heredoc(index, number);
        let name = Span::new(start, from);
        out.push(Occurrence { thing: thing.clone(), span: name, defines: true, number: false });
        if !doc.end.is_empty() {
            let tabs = doc.end.of(text).len() - doc.end.of(text).trim_start_matches('\t').len();
            let start = doc.end.start + tabs as u32;
            let span = Span { start, end: start + doc.name.len() as u32 };
            if span.end <= doc.end.end {
                out.push(Occurrence { thing, span, defines: false, number: false });
            }
        }
    }
}
