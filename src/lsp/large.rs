//! Large answers go round the library, which would make a tree of JSON values of them: for a long file, several megabytes.
//!
//! They are made into JSON where they are worked out. What the library gets is a stand-in of the same type that holds a
//! ticket, for which the writer takes over the answer itself.
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::request::{
    CodeActionRequest, CodeActionResolveRequest, DocumentDiagnosticRequest, DocumentSymbolRequest,
    FoldingRangeRequest, Formatting, RangeFormatting, Request, SemanticTokensFullDeltaRequest,
    SemanticTokensFullRequest, SemanticTokensRangeRequest,
};
use tower_lsp::ls_types::{
    CodeAction, CodeActionOrCommand, CodeActionResponse, Diagnostic, DocumentSymbol, DocumentSymbolResponse,
    FoldingRange, Range, SemanticTokens, SymbolKind, TextEdit,
};

/// An answer that is JSON already, in two parts, so that the longer one is never copied.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) head: String,
    pub(super) rest: Vec<u8>,
}

impl Kept {
    /// `answer` as JSON.
    pub(super) fn of(answer: &impl Serialize) -> Result<Self> {
        let rest = serde_json::to_vec(answer).map_err(|_| Error::internal_error())?;
        Ok(Self { head: String::new(), rest })
    }
}

/// The answers that are about to be written, and how many there were.
#[derive(Default)]
pub(super) struct Tickets(Mutex<(HashMap<String, Kept>, u64)>);

impl Tickets {
    /// Keeps an answer until it is written. Whoever asks for the ticket must not wait for anything afterwards: a request
    /// that is cancelled then would leave its answer behind.
    pub(super) fn hand_over(&self, kept: Kept) -> String {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.1 += 1;
        let ticket = all.1.to_string();
        all.0.insert(ticket.clone(), kept);
        ticket
    }

    /// The answer that a ticket stands for, once.
    pub(super) fn take_over(&self, ticket: &str) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.remove(ticket)
    }
}

/// Where in the answer to a request the ticket stands, if what answers such requests is kept.
pub(super) fn place(method: &str) -> Option<&'static str> {
    match method {
        DocumentDiagnosticRequest::METHOD => Some("/items/0/message"),
        DocumentSymbolRequest::METHOD => Some("/0/name"),
        CodeActionRequest::METHOD => Some("/0/title"),
        CodeActionResolveRequest::METHOD => Some("/title"),
        Formatting::METHOD | RangeFormatting::METHOD => Some("/0/newText"),
        FoldingRangeRequest::METHOD => Some("/0/collapsedText"),
        SemanticTokensFullRequest::METHOD
        | SemanticTokensFullDeltaRequest::METHOD
        | SemanticTokensRangeRequest::METHOD => Some("/resultId"),
        _ => None,
    }
}

// The stand-ins, with the ticket where `place` looks for it.

pub(super) fn diagnostic(ticket: String) -> Diagnostic {
    Diagnostic::new_simple(Range::default(), ticket)
}

pub(super) fn outline(ticket: String) -> DocumentSymbolResponse {
    let (range, selection_range) = (Range::default(), Range::default());
    #[allow(deprecated)]
    DocumentSymbolResponse::Nested(vec![DocumentSymbol {
        name: ticket,
        detail: None,
        kind: SymbolKind::FILE,
        tags: None,
        deprecated: None,
        range,
        selection_range,
        children: None,
    }])
}

pub(super) fn action(ticket: String) -> CodeAction {
    CodeAction { title: ticket, ..CodeAction::default() }
}

pub(super) fn actions(ticket: String) -> CodeActionResponse {
    vec![CodeActionOrCommand::CodeAction(action(ticket))]
}

pub(super) fn edits(ticket: String) -> Vec<TextEdit> {
    vec![TextEdit::new(Range::default(), ticket)]
}

pub(super) fn tokens(ticket: String) -> SemanticTokens {
    SemanticTokens { result_id: Some(ticket), data: vec![] }
}

pub(super) fn folds(ticket: String) -> Vec<FoldingRange> {
    vec![FoldingRange { collapsed_text: Some(ticket), ..FoldingRange::default() }]
}
