//! Texts that change.
use crate::editor::{Editor, capable, place, uri};
use crate::random_edits::{Numbers, PASTED, START};
use serde_json::json;
use tower_lsp::ls_types::*;

#[tokio::test]
async fn several_changes_in_one_message_follow_each_other() {
    let mut editor = Editor::start().await;
    editor.open(&uri(), "FROM debian:12\r\nRUN 🐳 x\r\nCMD [\"true\"]\r\n").await;
    let range = |a, b, c, d| Some(Range::new(Position::new(a, b), Position::new(c, d)));
    // The whale goes, with one half of it named; then a line comes, and is called by its new place.
    let changes = vec![
        (range(1, 4, 1, 6), "🐋"),
        (range(1, 0, 1, 0), "MAINTAINER a\r\n"),
        (range(1, 11, 1, 12), "🐳b"),
    ];
    editor.change(&uri(), 2, changes).await;
    let found = editor.published(&uri(), 2).await;
    assert!(found.iter().any(|d| d.range.start.line == 1), "{found:?}");
    // Old and repeated versions are dropped.
    editor.change(&uri(), 2, vec![(None, "")]).await;
    editor.change(&uri(), 1, vec![(None, "")]).await;
    editor.change(&uri(), 3, vec![(range(0, 0, 0, 0), "# x\n")]).await;
    assert_eq!(editor.published(&uri(), 3).await.len(), found.len());
}

#[tokio::test]
async fn places_out_of_range_are_the_nearest() {
    let mut editor = Editor::start().await;
    editor.open(&uri(), "FROM debian:12").await;
    let far = Position::new(u32::MAX, u32::MAX);
    for (i, at) in [Position::new(0, u32::MAX), far, Position::new(7, 0)].into_iter().enumerate() {
        editor.change(&uri(), 2 + i as i32, vec![(Some(Range::new(at, at)), "\nUSER x")]).await;
        editor.published(&uri(), 2 + i as i32).await;
    }
    assert_eq!(editor.stop().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_edits_at_once_end_in_the_last() {
    let mut editor = Editor::start().await;
    let text = "FROM debian:12\n".to_owned() + &"RUN sudo make\n".repeat(200);
    editor.open(&uri(), &text).await;
    for i in 0..200 {
        let at = Position::new(1 + i, 4);
        editor.change(&uri(), 2 + i as i32, vec![(Some(Range::new(at, at)), "x")]).await;
    }
    let found = editor.published(&uri(), 201).await;
    let sudo = |d: &&Diagnostic| d.code == Some(NumberOrString::String("sudo".to_owned()));
    assert_eq!(found.iter().filter(sudo).count(), 0, "{found:?}");
    let published = editor.notes.iter().filter(|n| n["method"] == "textDocument/publishDiagnostics").count();
    assert!(published < 150, "{published} publications");
}

/// The text as the test's own editor has it, and what a fresh server finds in it.
#[tokio::test(flavor = "multi_thread")]
async fn an_edited_document_is_the_same_as_a_fresh_one() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let fresh: Uri = "file:///nowhere/fresh/Dockerfile".parse().expect("it is a URI");
    let params = json!({ "capabilities": capable("utf-16") });
    let mut editor = Editor::with(params).await;
    let (mut text, mut version) = (String::new(), 0);
    for step in 0..3_000 {
        if step % 100 == 0 {
            text = START.to_owned();
            version = 1;
            editor.open(&uri(), &text).await;
            editor.published(&uri(), 1).await;
        }
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        // A carriage return of our own would be a line to the server, and none to this test.
        let start = ends[numbers.below(ends.len())];
        let length = [0, 0, 0, 1, 2, 9, 200][numbers.below(7)];
        let end = ends[(ends.partition_point(|e| *e < start) + length).min(ends.len() - 1)];
        let new = PASTED[numbers.below(PASTED.len())];
        let lone = |t: &str| t.replace("\r\n", "").contains('\r');
        let after = format!("{}{new}{}", &text[..start], &text[end..]);
        if lone(&after) {
            continue;
        }
        version += 1;
        let range = Range::new(place(&text, start), place(&text, end));
        editor.change(&uri(), version, vec![(Some(range), new)]).await;
        text = after;
        let edited = editor.published(&uri(), version).await;
        editor.open(&fresh, &text).await;
        let anew = editor.published(&fresh, 1).await;
        let key = |all: Vec<Diagnostic>| -> Vec<_> {
            all.into_iter().map(|d| (d.range, d.code, d.message)).collect()
        };
        assert_eq!(key(edited), key(anew), "step {step}: {range:?} becomes {new:?}, in\n{text:?}");
    }
}
