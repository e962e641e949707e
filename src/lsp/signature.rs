//! Signature help: how the instruction at the cursor is written.
use super::document::Reading;
use super::reference;
use crate::model::Form;
use tower_lsp::ls_types::{Documentation, SignatureHelp, SignatureInformation};

/// The forms of the instruction at `offset`, that in use chosen.
pub(super) fn at(reading: &Reading, offset: u32) -> Option<SignatureHelp> {
    let placed = &reading.file.instructions[reading.instruction_at(offset)?];
    let node = placed.node.effective();
    if offset <= placed.at + node.keyword_span.end {
        return None;
    }
    let entry = reference::of(node.keyword)?;
    let one = |form: &&str| SignatureInformation {
        label: (*form).to_owned(),
        documentation: Some(Documentation::String(entry.what.to_owned())),
        parameters: None,
        active_parameter: None,
    };
    let json = |form: &&str| form.contains("[\"");
    let active = match node.form {
        Form::Json => entry.forms.iter().position(json),
        Form::Plain if !node.heredocs.is_empty() => entry.forms.iter().position(|f| f.contains("<<")),
        Form::Plain => entry.forms.iter().position(|f| !json(f)),
    };
    Some(SignatureHelp {
        signatures: entry.forms.iter().map(one).collect(),
        active_signature: Some(active.unwrap_or(0) as u32),
        active_parameter: None,
    })
}
