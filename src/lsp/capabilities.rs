//! What the server can do, as it tells the client.
use super::abilities::Abilities;
use super::completion::TRIGGERS;
use super::{actions, tokens};
use tower_lsp::ls_types::*;

/// What is offered to this client.
pub(super) fn of(client: &Abilities) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        ..TextDocumentSyncOptions::default()
    };
    let folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(OneOf::Left(true)),
    };
    // Both at once would show everything twice.
    let pull = DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some(super::diagnostics::SOURCE.to_owned()),
        inter_file_dependencies: false,
        workspace_diagnostics: true,
        work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
    });
    let on = |feature: &str| client.offers(feature);
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(folders),
            ..WorkspaceServerCapabilities::default()
        }),
        diagnostic_provider: client.pulls.then_some(pull),
        code_action_provider: on("codeAction").then(code_actions),
        hover_provider: on("hover").then_some(HoverProviderCapability::Simple(true)),
        completion_provider: on("completion").then(|| CompletionOptions {
            trigger_characters: Some(TRIGGERS.iter().map(|t| (*t).to_owned()).collect()),
            ..CompletionOptions::default()
        }),
        signature_help_provider: on("signatureHelp").then(|| SignatureHelpOptions {
            trigger_characters: Some(vec![" ".to_owned(), "[".to_owned()]),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: on("definition").then_some(OneOf::Left(true)),
        references_provider: on("references").then_some(OneOf::Left(true)),
        document_highlight_provider: on("documentHighlight").then_some(OneOf::Left(true)),
        document_symbol_provider: on("documentSymbol").then_some(OneOf::Left(true)),
        document_formatting_provider: on("formatting").then_some(OneOf::Left(true)),
        document_range_formatting_provider: on("formatting").then_some(OneOf::Left(true)),
        document_on_type_formatting_provider: on("formatting").then(|| DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_owned(),
            more_trigger_character: None,
        }),
        rename_provider: on("rename").then(|| {
            OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        linked_editing_range_provider: on("linkedEditingRange")
            .then_some(LinkedEditingRangeServerCapabilities::Simple(true)),
        document_link_provider: on("documentLink").then(|| DocumentLinkOptions {
            resolve_provider: None,
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: on("foldingRange").then_some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: on("selectionRange")
            .then_some(SelectionRangeProviderCapability::Simple(true)),
        inlay_hint_provider: on("inlayHint").then_some(OneOf::Left(true)),
        semantic_tokens_provider: on("semanticTokens").then(|| {
            SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
                legend: tokens::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            })
        }),
        ..ServerCapabilities::default()
    }
}

fn code_actions() -> CodeActionProviderCapability {
    let kinds = vec![
        CodeActionKind::QUICKFIX,
        actions::SUPPRESS,
        actions::FIX_ALL,
        actions::FIX_ALL_UNSAFE,
        CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::REFACTOR_EXTRACT,
    ];
    CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(kinds),
        resolve_provider: Some(true),
        ..CodeActionOptions::default()
    })
}

/// The files beside Dockerfiles that findings depend on, and Dockerfiles that no editor has open.
pub(super) fn watched_files() -> Registration {
    let globs =
        ["**/*{Dockerfile,Containerfile,dockerfile,containerfile}*", "**/*.dockerignore", "**/dockfix.toml"];
    let watchers: Vec<serde_json::Value> =
        globs.iter().map(|g| serde_json::json!({ "globPattern": g })).collect();
    Registration {
        id: "watched-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    }
}
