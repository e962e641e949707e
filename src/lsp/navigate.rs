//! Definition, references, highlights and renaming.
use super::abilities::Abilities;
use super::document::Reading;
use super::edits::workspace_edit;
use super::names::{self, Occurrence, Thing};
use crate::text::{Edit, Span};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, Location, PrepareRenameResponse, Range, WorkspaceEdit,
};

fn location(reading: &Reading, span: Span) -> Location {
    Location { uri: reading.setting.uri.clone(), range: reading.positions.range(span) }
}

/// Where what stands at `offset` gets its name, or the value that it has there.
pub(super) fn definition(reading: &Reading, offset: u32) -> Option<Location> {
    let (here, all) = names::at(reading, offset)?;
    let file = &reading.file;
    let span = match &here.thing {
        Thing::Variable(name, _) => {
            let index = reading.instruction_at(offset)?;
            let at = names::value(file, index, name).map(|s| s.at);
            let defines = |o: &&Occurrence| o.defines && reading.instruction_at(o.span.start) == at;
            let first = || all.iter().find(|o| o.defines);
            all.iter().find(defines).or_else(first)?.span
        }
        Thing::Stage(stage) => match all.iter().find(|o| o.defines) {
            Some(name) => name.span,
            // A stage without a name, called by its number.
            None => file.instructions[file.stages[*stage].instructions.start].span(),
        },
        Thing::Heredoc(..) => all.iter().find(|o| o.defines)?.span,
    };
    Some(location(reading, span))
}

/// Every place where it stands.
pub(super) fn references(reading: &Reading, offset: u32, declaration: bool) -> Option<Vec<Location>> {
    let (_, all) = names::at(reading, offset)?;
    Some(all.iter().filter(|o| declaration || !o.defines).map(|o| location(reading, o.span)).collect())
}

/// The same, to be shown while the cursor is there.
pub(super) fn highlights(reading: &Reading, offset: u32) -> Option<Vec<DocumentHighlight>> {
    let (_, all) = names::at(reading, offset)?;
    let kind = |o: &Occurrence| {
        if o.defines { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }
    };
    let one =
        |o: &Occurrence| DocumentHighlight { range: reading.positions.range(o.span), kind: Some(kind(o)) };
    Some(all.iter().map(one).collect())
}

/// What would be renamed; None where nothing can be.
pub(super) fn prepare(reading: &Reading, offset: u32) -> Option<PrepareRenameResponse> {
    let (here, all) = names::at(reading, offset)?;
    let named = !here.number && all.iter().any(|o| o.defines);
    named.then(|| PrepareRenameResponse::Range(reading.positions.range(here.span)))
}

/// Gives it another name, everywhere.
pub(super) fn rename(
    reading: &Reading,
    offset: u32,
    name: &str,
    client: &Abilities,
) -> Result<Option<WorkspaceEdit>> {
    let Some((here, all)) = names::at(reading, offset) else { return Ok(None) };
    let refused = |why: String| Err(Error::invalid_params(why));
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let first = name.chars().next();
    match &here.thing {
        Thing::Stage(_) => {
            let rest = name.chars().all(|c| word(c) || matches!(c, '-' | '.'));
            if !rest
                || !first.is_some_and(|c| c.is_ascii_lowercase())
                || name.chars().any(|c| c.is_uppercase())
            {
                return refused(format!(
                    "`{name}` is no name for a stage: a small letter, then small letters, digits, `-`, `_` and `.`"
                ));
            }
            let taken = |s: &crate::model::Stage| s.name.as_deref() == Some(name);
            if reading.file.stages.iter().any(taken) {
                return refused(format!("there is a stage `{name}` already"));
            }
        }
        Thing::Variable(_, _) if !name.chars().all(word) || first.is_none_or(|c| c.is_ascii_digit()) => {
            return refused(format!(
                "`{name}` is no name for a variable: letters, digits and `_`, no digit first"
            ));
        }
        Thing::Heredoc(..) if name.is_empty() || !name.chars().all(word) => {
            return refused(format!("`{name}` is no name for a here-document: letters, digits and `_`"));
        }
        _ => {}
    }
    let edits: Vec<Edit> = all.iter().filter(|o| !o.number).map(|o| Edit::replace(o.span, name)).collect();
    Ok(workspace_edit(reading, &edits, &[], client))
}

/// The two ends of a here-document, which change together.
pub(super) fn linked(reading: &Reading, offset: u32) -> Option<Vec<Range>> {
    let (here, all) = names::at(reading, offset)?;
    let both = matches!(here.thing, Thing::Heredoc(..)) && all.len() == 2;
    both.then(|| all.iter().map(|o| reading.positions.range(o.span)).collect())
}
