//! From `initialize` to `exit`.
use crate::editor::{EVERYWHERE, Editor, capable, uri};
use serde_json::{Value, json};
use tower_lsp::ls_types::notification;
use tower_lsp::ls_types::*;

#[tokio::test]
async fn the_exit_code_tells_whether_there_was_a_shutdown() {
    assert_eq!(Editor::start().await.stop().await, 0);
    assert_eq!(Editor::start().await.exit().await, 1);
    assert_eq!(Editor::start().await.hang_up().await, 1);
    assert_eq!(Editor::connect().exit().await, 1);
}

#[tokio::test]
async fn errors_are_those_of_the_protocol() {
    let action = json!({
        "textDocument": { "uri": uri() }, "range": EVERYWHERE, "context": { "diagnostics": [] },
    });
    let mut editor = Editor::connect();
    let code = |answer: Value| answer["error"]["code"].as_i64();
    assert_eq!(code(editor.raw("textDocument/codeAction", action.clone()).await), Some(-32002));
    let first = editor.raw("initialize", json!({ "capabilities": {}, "processId": null })).await;
    assert!(first.get("result").is_some());
    assert_eq!(code(editor.raw("initialize", json!({ "capabilities": {} })).await), Some(-32600));
    assert_eq!(code(editor.raw("dockfix/nothing", json!({})).await), Some(-32601));
    assert_eq!(code(editor.raw("$/nothing", json!({})).await), Some(-32601));
    assert_eq!(code(editor.raw("textDocument/hover", json!({ "no": "place" })).await), Some(-32602));
    // A document that is not open is no error.
    assert_eq!(editor.raw("textDocument/codeAction", action.clone()).await["result"], Value::Null);
    editor.raw("shutdown", Value::Null).await;
    assert_eq!(code(editor.raw("textDocument/codeAction", action).await), Some(-32600));
}

#[tokio::test]
async fn malformed_messages_are_answered_and_survived() {
    let mut editor = Editor::start().await;
    for (body, code) in [(&b"{not json"[..], -32700), (b"[]", -32600), (b"\xff\xfe", -32700), (b"", -32700)] {
        editor.bytes(body).await;
        editor.raw("$/nothing", json!({})).await;
        let error = editor.notes.pop_back().expect("it is answered");
        assert_eq!(error["error"]["code"], json!(code), "{body:?}");
    }
    assert_eq!(editor.stop().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_taken_back_is_answered_at_once() {
    let mut editor = Editor::start().await;
    let text =
        "FROM debian\n".to_owned() + &"RUN apt-get install curl && pip install x | tee y\n".repeat(300);
    editor.open(&uri(), &text).await;
    let params = json!({
        "textDocument": { "uri": uri() }, "range": EVERYWHERE, "context": { "diagnostics": [] },
    });
    let mut ids = vec![];
    for _ in 0..10 {
        ids.push(editor.ask("textDocument/codeAction", params.clone()).await);
    }
    for id in &ids {
        let params = CancelParams { id: NumberOrString::Number(*id as i32) };
        editor.notify::<notification::Cancel>(params).await;
    }
    for id in ids {
        assert_eq!(editor.answer(id).await["error"]["code"], json!(-32800));
    }
}

#[tokio::test]
async fn the_encoding_is_the_best_that_is_offered() {
    for (offered, chosen) in [
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-16", "utf-32"]), "utf-32"),
        (json!(["utf-16"]), "utf-16"),
        (json!([]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let editor = Editor::with(json!({ "capabilities": capabilities })).await;
        let encoding = editor.capabilities.position_encoding.expect("it is told");
        assert_eq!(encoding.as_str(), chosen);
    }
}

#[tokio::test]
async fn each_feature_can_be_left_to_another_server() {
    let options = |feature: &str| json!({ "features": { feature: false } });
    let all = Editor::start().await.capabilities;
    let all = serde_json::to_value(all).expect("it is JSON");
    for (feature, capability) in [
        ("hover", "hoverProvider"),
        ("completion", "completionProvider"),
        ("signatureHelp", "signatureHelpProvider"),
        ("definition", "definitionProvider"),
        ("references", "referencesProvider"),
        ("documentHighlight", "documentHighlightProvider"),
        ("documentSymbol", "documentSymbolProvider"),
        ("formatting", "documentFormattingProvider"),
        ("rename", "renameProvider"),
        ("linkedEditingRange", "linkedEditingRangeProvider"),
        ("documentLink", "documentLinkProvider"),
        ("foldingRange", "foldingRangeProvider"),
        ("selectionRange", "selectionRangeProvider"),
        ("inlayHint", "inlayHintProvider"),
        ("semanticTokens", "semanticTokensProvider"),
        ("codeAction", "codeActionProvider"),
    ] {
        assert!(all.get(capability).is_some(), "{capability}");
        let params = json!({ "capabilities": capable("utf-8"), "initializationOptions": options(feature) });
        let without = serde_json::to_value(Editor::with(params).await.capabilities).expect("it is JSON");
        assert!(without.get(capability).is_none(), "{feature}");
    }
}
