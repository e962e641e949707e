//! Edits as the protocol's.
use super::abilities::Abilities;
use super::document::Reading;
use crate::rule::NewFile;
use crate::text::{Edit, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;
use std::ops;
use tower_lsp::ls_types::{
    CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};

/// Edits of one version of a text.
pub(super) fn text_edits(reading: &Reading, edits: &[Edit]) -> Vec<TextEdit> {
    edits.iter().map(|e| TextEdit::new(reading.positions.range(e.span), e.text.clone())).collect()
}

/// Edits that are made to this version alone, where the client can tell versions apart, and files created beside the
/// document, where it can create any. None when nothing is left to do.
pub(super) fn workspace_edit(
    reading: &Reading,
    edits: &[Edit],
    creates: &[NewFile],
    client: &Abilities,
) -> Option<WorkspaceEdit> {
    let edits = text_edits(reading, edits);
    let uri = reading.setting.uri.clone();
    if !client.versioned_edits {
        let changes = (!edits.is_empty()).then(|| HashMap::from([(uri, edits)]))?;
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    let created: Vec<_> = creates.iter().filter_map(|c| creation(reading, c, client)).flatten().collect();
    let edit = (!edits.is_empty()).then(|| document_edit(uri, Some(reading.version), edits));
    let changes = if created.is_empty() {
        DocumentChanges::Edits(vec![edit?])
    } else {
        let edit = edit.into_iter().map(DocumentChangeOperation::Edit);
        DocumentChanges::Operations(edit.chain(created).collect())
    };
    Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The creation of a file beside a document; None where the client cannot, or the document is on no disk.
fn creation(reading: &Reading, new: &NewFile, client: &Abilities) -> Option<[DocumentChangeOperation; 2]> {
    let path = reading.setting.path.as_ref().filter(|_| client.creates_files)?.with_file_name(&new.name);
    if path.exists() {
        return None;
    }
    let uri = Uri::from_file_path(&path)?;
    let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let text = vec![TextEdit::new(Range::default(), new.text.clone())];
    let create = DocumentChangeOperation::Op(ResourceOp::Create(create));
    Some([create, DocumentChangeOperation::Edit(document_edit(uri, None, text))])
}

fn document_edit(uri: Uri, version: Option<i32>, edits: Vec<TextEdit>) -> TextDocumentEdit {
    let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
    TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() }
}

/// The smallest edits, line by line, that make `new` of `old`: cursors, folds and breakpoints elsewhere stay.
pub(super) fn smallest(old: &str, new: &str) -> Vec<Edit> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let starts = |lines: &[&str]| -> Vec<usize> {
        let ends = lines.iter().scan(0, |at, l| {
            *at += l.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (at, bt) = (starts(&a), starts(&b));
    let changed = capture_diff_slices(Algorithm::Myers, &a, &b).into_iter();
    changed
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .flat_map(|op| {
            let (o, n) = (op.old_range(), op.new_range());
            // As many lines as before: each has become another one.
            let each = if o.len() == n.len() { o.len() } else { 1 };
            let of = move |r: &ops::Range<usize>, i: usize| {
                if each == 1 { r.clone() } else { r.start + i..r.start + i + 1 }
            };
            (0..each).map(move |i| (of(&o, i), of(&n, i)))
        })
        .map(|(o, n)| {
            let (o, n) = (at[o.start]..at[o.end], bt[n.start]..bt[n.end]);
            trimmed(o.start, &old[o], &new[n])
        })
        .filter(|e| !e.span.is_empty() || !e.text.is_empty())
        .collect()
}

/// Leaves out what both begin and end with.
fn trimmed(at: usize, old: &str, new: &str) -> Edit {
    let same: usize =
        old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[same..], &new[same..]);
    let tail = old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b);
    let tail: usize = tail.map(|(a, _)| a.len_utf8()).sum();
    let start = at + same;
    Edit::replace(Span::new(start, start + old.len() - tail), &new[..new.len() - tail])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edits_make_the_new_text_and_touch_nothing_else() {
        for (old, new, count) in [
            ("a\nb\nc\n", "a\nB\nc\n", 1),
            ("a\r\nb\r\n", "a\r\nb x\r\n", 1),
            ("", "a\n", 1),
            ("a", "", 1),
            ("a\nb\nc\nd\n", "x\nb\nc\ny\n", 2),
            ("a\nb\nc\n", "x\ny\nc\n", 2),
            ("a\nb\nc\n", "x\nc\n", 1),
            ("🐳é\n", "🐳è\n", 1),
            ("a\n", "a\n", 0),
        ] {
            let edits = smallest(old, new);
            assert_eq!(edits.len(), count, "{old:?}");
            assert_eq!(crate::text::apply(old, &edits), new, "{old:?}");
        }
    }
}
