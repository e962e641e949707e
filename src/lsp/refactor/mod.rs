//! Other ways of writing what stands at the cursor, that need no finding.
mod form;
mod names;
mod packages;
mod steps;
mod two_stages;

use super::document::Reading;
use crate::model::{Instruction, Keyword, Placed, Script, Source};
use crate::rule::{File, Reads};
use crate::text::{Edit, Span, newline};
use tower_lsp::ls_types::CodeActionKind;

/// One way.
pub(super) struct Change {
    pub(super) title: String,
    pub(super) kind: CodeActionKind,
    pub(super) edits: Vec<Edit>,
}

/// Every way for what `span` begins with.
pub(super) fn all(reading: &Reading, span: Span) -> Vec<Change> {
    let Some(index) = reading.instruction_at(span.start) else { return vec![] };
    let reads = Reads::default();
    let file = reading.as_rules_see_it(&reads);
    let here = Here { reading, file, index, placed: &reading.file.instructions[index], offset: span.start };
    let rewrite = |title: &str, edits: Option<Vec<Edit>>| {
        edits.map(|mut edits| {
            edits.sort();
            Change { title: title.to_owned(), kind: CodeActionKind::REFACTOR_REWRITE, edits }
        })
    };
    let mut out: Vec<Change> = [
        rewrite("Join with the RUN above", here.join()),
        rewrite("Split into two RUNs here", here.split()),
        rewrite("Write as a here-document", here.to_heredoc()),
        rewrite("Write as a chain of commands", here.to_chain()),
        rewrite("Write in JSON form", here.to_json()),
        rewrite("Write in shell form", here.to_shell()),
        rewrite("Sort the packages, one per line", here.sort()),
        rewrite("Keep the package manager's downloads in a cache mount", here.cache()),
        rewrite("Give the stage a name", here.name_stage()),
        rewrite("Build wheels in the full image, install them in the slim one", here.two_stages()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some((name, mut edits)) = here.extract() {
        edits.sort();
        let kind = CodeActionKind::REFACTOR_EXTRACT;
        out.push(Change { title: format!("Extract the tag to `ARG {name}`"), kind, edits });
    }
    out
}

struct Here<'a> {
    reading: &'a Reading,
    /// The file, as rules see it.
    file: File<'a>,
    index: usize,
    placed: &'a Placed,
    offset: u32,
}

impl<'a> Here<'a> {
    fn node(&self) -> &'a Instruction {
        &self.placed.node
    }

    fn newline(&self) -> &'static str {
        newline(&self.reading.file.source)
    }

    /// What the line begins with that the instruction begins on.
    fn indent(&self) -> &'a str {
        let before = &self.reading.text()[..self.placed.at as usize];
        &before[before.trim_end_matches([' ', '\t']).len()..]
    }

    /// A continuation, and the indentation that follows it.
    fn continuation(&self) -> String {
        format!("{}{}    ", self.reading.file.escape, self.newline())
    }

    fn replace(&self, span: Span, text: impl Into<String>) -> Option<Vec<Edit>> {
        Some(vec![Edit::replace(self.placed.absolute(span), text)])
    }

    /// Whether the shell in force is a POSIX shell.
    fn is_posix(&self) -> bool {
        self.reading.file.states[self.index].shell.is_posix()
    }

    /// The script of a RUN that a POSIX shell reads.
    fn script(&self) -> Option<&'a Script> {
        let node = self.node();
        let script = node.script.as_ref().filter(|_| node.keyword == Keyword::Run && self.is_posix())?;
        (!script.broken && script.source != Source::Json).then_some(script)
    }
}
