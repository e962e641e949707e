//! Texts that change.
use crate::editor::{Editor, capable, offset_in, place_in, uri};
use crate::random_edits::{Numbers, PASTED, START};
use serde_json::{Value, json};
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
    let (mut published, mut found) = (0, vec![]);
    while published < 200 {
        let note = editor.note("textDocument/publishDiagnostics").await;
        published += 1;
        if note["version"] == 201 {
            found = serde_json::from_value(note["diagnostics"].clone()).expect("it is typed");
            break;
        }
    }
    let sudo = |d: &&Diagnostic| d.code == Some(NumberOrString::String("sudo".to_owned()));
    assert!(!found.is_empty() && found.iter().filter(sudo).count() == 0, "{found:?}");
    // Nobody reads while the edits are made: of what waits to be written, the newest takes the place of the rest.
    assert!(published < 20, "{published} publications");
}

/// What a random edit does to a text.
struct Random {
    start: usize,
    end: usize,
    new: String,
}

impl Random {
    /// Pieces that begin, end or break something, in place of up to a few hundred bytes; or a whole stage, cut out or
    /// pasted.
    fn of(numbers: &mut Numbers, text: &str) -> Self {
        let stages: Vec<usize> = text.match_indices("FROM ").map(|(i, _)| i).chain([text.len()]).collect();
        let whole = |i: usize| stages[i]..stages[(i + 1).min(stages.len() - 1)];
        let stage = whole(numbers.below(stages.len()));
        match numbers.below(20) {
            0 => return Self { start: stage.start, end: stage.end, new: String::new() },
            1 => {
                let at = stages[numbers.below(stages.len())];
                return Self { start: at, end: at, new: text[stage].to_owned() };
            }
            _ => {}
        }
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        // Now and then beside a character that takes several columns, or a line ending that takes two.
        let wide = |i: &usize| text[*i..].starts_with(|c: char| !c.is_ascii() || c == '\r');
        let near: Vec<usize> = (0..ends.len()).filter(|i| wide(&ends[*i])).collect();
        let first = match numbers.below(3) {
            0 if !near.is_empty() => near[numbers.below(near.len())] + numbers.below(2),
            _ => numbers.below(ends.len()),
        };
        let length = [0, 0, 0, 1, 1, 2, 9, 200][numbers.below(8)];
        let (start, end) = (ends[first], ends[(first + length).min(ends.len() - 1)]);
        Self { start, end, new: PASTED[numbers.below(PASTED.len())].to_owned() }
    }
}

/// A place in the text, as a client names it that does not care where characters end: now and then inside one, or
/// behind the end of a line. The offset is what the server makes of it.
fn careless(numbers: &mut Numbers, encoding: &str, text: &str, at: usize) -> (Position, usize) {
    let mut place = place_in(encoding, text, at);
    if numbers.below(6) == 0 {
        place.character += 1 + numbers.below(3) as u32;
    }
    (place, offset_in(encoding, text, place))
}

/// Thousands of edits, after each of which the findings and the tokens are those of a server that never saw another
/// text.
async fn edited_as_fresh(encoding: &str, seed: u64) {
    const STEPS: usize = 2_000;
    let mut numbers = Numbers(seed);
    let params = json!({ "capabilities": capable(encoding) });
    let mut editor = Editor::with(params.clone()).await;
    let (mut text, mut version) = (String::new(), 0);
    for step in 0..STEPS {
        if step % 100 == 0 {
            text = START.to_owned();
            version = 1;
            editor.open(&uri(), &text).await;
            editor.published(&uri(), 1).await;
        }
        // Several edits may come in one message, each for the text that the one before left.
        let mut changes = vec![];
        for _ in 0..1 + numbers.below(3) / 2 {
            let edit = Random::of(&mut numbers, &text);
            let (from, start) = careless(&mut numbers, encoding, &text, edit.start);
            let (to, end) = careless(&mut numbers, encoding, &text, edit.end.max(start));
            if start > end {
                continue;
            }
            text.replace_range(start..end, &edit.new);
            changes.push((Some(Range::new(from, to)), edit.new));
        }
        version += 1;
        let sent = changes.iter().map(|(r, t)| (*r, t.as_str())).collect();
        editor.change(&uri(), version, sent).await;
        let edited = (editor.published(&uri(), version).await, tokens(&mut editor).await);
        let mut fresh = Editor::with(params.clone()).await;
        fresh.open(&uri(), &text).await;
        let anew = (fresh.published(&uri(), 1).await, tokens(&mut fresh).await);
        assert!(edited == anew, "{encoding}, step {step}: {changes:?}, now\n{text:?}\n{edited:?}\n{anew:?}");
    }
}

async fn tokens(editor: &mut Editor) -> Value {
    let params = json!({ "textDocument": { "uri": uri() } });
    editor.raw("textDocument/semanticTokens/full", params).await["result"]["data"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_document_is_the_same_as_a_fresh_one_in_bytes() {
    edited_as_fresh("utf-8", 0x9e37_79b9_7f4a_7c15).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_document_is_the_same_as_a_fresh_one_in_utf_16() {
    edited_as_fresh("utf-16", 0xd1b5_4a32_d192_ed03).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_document_is_the_same_as_a_fresh_one_in_characters() {
    edited_as_fresh("utf-32", 0x8cb9_2ba7_2f3d_8dd7).await;
}
