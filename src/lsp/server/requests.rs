//! Which message goes to which feature.
use super::{Server, configuration};
use crate::lsp::abilities::Abilities;
use crate::lsp::document::Reading;
use crate::lsp::large;
use crate::lsp::session::PATIENCE;
use crate::lsp::{
    actions, capabilities, completion, diagnostics, folding, hints, hover, layout, links, navigate, pull,
    selection, signature, symbols, tokens,
};
use std::sync::Arc;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::*;

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let abilities = self.0.begin(&params);
        let (name, version) = (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        Ok(InitializeResult {
            capabilities: capabilities::of(abilities),
            server_info: Some(ServerInfo { name, version: Some(version) }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        // The client may take its time to answer, and may wait for us meanwhile.
        let session = self.0.clone();
        tokio::spawn(async move {
            let Some(abilities) = session.abilities() else { return };
            if !abilities.complaints.is_empty() {
                session.complain(format!("dockfix: {}", abilities.complaints.join("; ")));
            }
            if abilities.watches_files {
                let watch = session.client.register_capability(vec![capabilities::watched_files()]);
                let _ = tokio::time::timeout(PATIENCE, watch).await;
            }
            configuration(&session).await;
        });
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.0.open(&params.text_document);
        self.0.check(&params.text_document.uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        let Some(document) = self.0.document(&uri) else { return };
        if document.change(version, &params.content_changes) {
            self.0.check(&uri);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.0.close(&params.text_document.uri);
        self.0.check(&params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        let session = self.0.clone();
        if session.abilities().is_some_and(|a| a.configures) {
            tokio::spawn(async move { configuration(&session).await });
        } else if let Some(own) = params.settings.get(diagnostics::SOURCE) {
            session.configure(own.clone());
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.0.renew();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.0.change_folders(&params.event.added, &params.event.removed);
        self.0.renew();
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let (session, uri) = (self.0.clone(), params.text_document.uri);
        let (snapshot, of) = (session.snapshot(&uri), session.clone());
        let found = session
            .worker
            .work(move || pull::document(&of, &uri, snapshot, params.previous_result_id.as_deref()));
        // No wait from here on: a request that is cancelled leaves nothing behind.
        Ok(found.await?.report(&session))
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let session = self.0.clone();
        // It takes as long as there are files: nobody waits for it, and it ends when nobody asks for it any more.
        let asked = Arc::new(());
        let still = Arc::downgrade(&asked);
        let wanted = move || still.strong_count() > 0;
        let all = tokio::task::spawn_blocking(move || pull::workspace(&session, params, &wanted)).await;
        drop(asked);
        all.map_err(|_| Error::internal_error())
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let actions = self.keep(&params.text_document.uri, move |reading, client, _| {
            Ok(actions::all(reading, reading.positions.span(params.range), &params.context, client))
        });
        Ok(actions.await?.map(large::actions))
    }

    async fn code_action_resolve(&self, mut action: CodeAction) -> Result<CodeAction> {
        let later = action.data.take().and_then(|d| serde_json::from_value::<actions::Later>(d).ok());
        let Some(later) = later else { return Ok(action) };
        let (uri, version, unresolved) = (later.uri.clone(), later.version, action.clone());
        let resolved = self.keep(&uri, move |reading, client, _| match reading.version == version {
            true => Ok(CodeAction { edit: later.edit(reading, client), ..action }),
            false => Err(Error::content_modified()),
        });
        Ok(resolved.await?.map_or(unresolved, large::action))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.at(params.text_document_position_params, |r, offset, client| {
            hover::at(r, offset, client.markdown)
        })
        .await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let items = |r: &Reading, offset, client: &Abilities| {
            Some(CompletionResponse::Array(completion::at(r, offset, client)))
        };
        self.at(params.text_document_position, items).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.at(params.text_document_position_params, |r, offset, _| signature::at(r, offset)).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let definition = |r: &Reading, offset, _: &Abilities| {
            navigate::definition(r, offset).map(GotoDefinitionResponse::Scalar)
        };
        self.at(params.text_document_position_params, definition).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let declaration = params.context.include_declaration;
        let all = move |r: &Reading, offset, _: &Abilities| navigate::references(r, offset, declaration);
        self.at(params.text_document_position, all).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.at(params.text_document_position_params, |r, offset, _| navigate::highlights(r, offset)).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.at(params, |r, offset, _| navigate::prepare(r, offset)).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let name = params.new_name;
        let edit = move |r: &Reading, offset, client: &Abilities| {
            navigate::rename(r, offset, &name, client).transpose()
        };
        self.at(params.text_document_position, edit).await?.transpose()
    }

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        let ranges = |r: &Reading, offset, _: &Abilities| {
            let ranges = navigate::linked(r, offset)?;
            Some(LinkedEditingRanges { ranges, word_pattern: None })
        };
        self.at(params.text_document_position_params, ranges).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let outline = self.keep(&params.text_document.uri, |r, client, _| Ok(symbols::all(r, client)));
        Ok(outline.await?.map(large::outline))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let folds = self.keep(&params.text_document.uri, |r, client, _| Ok(folding::all(r, client)));
        Ok(folds.await?.map(large::folds))
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.on(&params.text_document.uri, move |r, _, _| {
            params.positions.iter().map(|p| selection::at(r, r.positions.offset(*p))).collect()
        })
        .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.on(&params.text_document.uri, |r, client, _| links::all(r, client)).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.on(&params.text_document.uri, move |r, _, _| hints::all(r, r.positions.span(params.range))).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let edits = self.keep(&params.text_document.uri, |r, _, _| Ok(layout::whole(r)));
        Ok(edits.await?.map(large::edits))
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let edits = self.keep(&params.text_document.uri, move |r, _, _| {
            Ok(layout::part(r, r.positions.span(params.range)))
        });
        Ok(edits.await?.map(large::edits))
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        self.on(&text_document.uri, move |r, _, _| layout::typed(r, position)).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.keep(&params.text_document.uri, |r, _, session| Ok(tokens::full(r, session)));
        Ok(tokens.await?.map(large::tokens).map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let tokens = self.keep(&params.text_document.uri, move |r, _, session| {
            Ok(tokens::since(r, session, &params.previous_result_id))
        });
        Ok(tokens.await?.map(large::tokens).map(SemanticTokensFullDeltaResult::Tokens))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let tokens = self.keep(&params.text_document.uri, move |r, _, _| {
            let data = tokens::all(r, r.positions.span(params.range));
            Ok(SemanticTokens { result_id: None, data })
        });
        Ok(tokens.await?.map(large::tokens).map(SemanticTokensRangeResult::Tokens))
    }
}
