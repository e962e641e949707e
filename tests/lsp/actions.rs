//! Code actions.
use crate::editor::{EVERYWHERE, Editor, capable, cursor, uri, variants};
use serde_json::{Value, json};
use tower_lsp::ls_types::*;

const MAINTAINER: &str = "FROM debian:12\nENV A=@\nMAINTAINER @\nMAINTAINER @ @\nRUN echo @ && sudo make\n";

#[tokio::test]
async fn a_fix_is_an_edit_of_this_version() {
    for text in variants(MAINTAINER) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let all = editor.actions(EVERYWHERE, Some("quickfix")).await;
        let fix =
            all.iter().find(|a| a.title.contains("org.opencontainers")).unwrap_or_else(|| panic!("{all:?}"));
        assert_eq!(fix.is_preferred, Some(true));
        assert_eq!(fix.diagnostics.as_ref().map(Vec::len), Some(1));
        let Some(DocumentChanges::Edits(edits)) = fix.edit.as_ref().and_then(|e| e.document_changes.clone())
        else {
            panic!("{fix:?}")
        };
        assert_eq!(edits[0].text_document.version, Some(1));
        let after = editor.after(&text, fix.clone()).await;
        assert!(after.contains("LABEL org.opencontainers.image.authors="), "{after:?}");
        assert!(all.iter().filter(|a| a.title.ends_with("(unsafe)")).all(|a| a.is_preferred != Some(true)));
        let first = all.iter().find(|a| a.title == "Fix all of `maintainer` in this file");
        let after = editor.after(&text, first.expect("there are two").clone()).await;
        assert!(!after.contains("MAINTAINER") || after.matches("LABEL").count() > 0, "{after:?}");
    }
}

#[tokio::test]
async fn ignoring_writes_a_comment_or_adds_to_it() {
    for (before, title, after) in [
        (
            "FROM debian:12\n    MAINTAINER @\n",
            "Ignore `maintainer` for this instruction",
            "FROM debian:12\n    # dockfix: ignore=maintainer\n    MAINTAINER @\n",
        ),
        (
            "FROM debian:12\n# dockfix: ignore=sudo -- why\nMAINTAINER @\n",
            "Ignore `maintainer` for this instruction",
            "FROM debian:12\n# dockfix: ignore=sudo,maintainer -- why\nMAINTAINER @\n",
        ),
        (
            "# syntax=docker/dockerfile:1\n# @\nFROM debian:12\nMAINTAINER @\n",
            "Ignore `maintainer` in this file",
            "# syntax=docker/dockerfile:1\n# dockfix: ignore-file=maintainer\n# @\nFROM debian:12\nMAINTAINER @\n",
        ),
        (
            "\u{feff}FROM debian:12\nMAINTAINER @\n",
            "Ignore `maintainer` in this file",
            "\u{feff}# dockfix: ignore-file=maintainer\nFROM debian:12\nMAINTAINER @\n",
        ),
    ] {
        for (before, after) in variants(before).into_iter().zip(variants(after)) {
            let mut editor = Editor::start().await;
            editor.open(&uri(), &before).await;
            let all = editor.actions(EVERYWHERE, Some("quickfix")).await;
            let ignore = all.into_iter().find(|a| a.title == title).expect("it is offered");
            let text = editor.after(&before, ignore).await;
            assert_eq!(text, after);
            editor.change(&uri(), 2, vec![(None, &text)]).await;
            let left = editor.published(&uri(), 2).await;
            let maintainer = NumberOrString::String("maintainer".to_owned());
            assert!(left.iter().all(|d| d.code != Some(maintainer.clone())), "{left:?}");
        }
    }
}

#[tokio::test]
async fn kinds_are_asked_for_by_prefix() {
    let mut editor = Editor::start().await;
    editor.open(&uri(), &MAINTAINER.replace('@', "x")).await;
    let kinds = |all: &[CodeAction]| -> Vec<String> {
        let mut kinds: Vec<String> =
            all.iter().filter_map(|a| a.kind.as_ref()).map(|k| k.as_str().to_owned()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    for (only, expected) in [
        ("source.fixAll", vec!["source.fixAll.dockfix"]),
        ("source.fixAll.dockfix", vec!["source.fixAll.dockfix"]),
        ("source", vec!["source.fixAll.dockfix"]),
        ("source.fixAl", vec![]),
        ("source.fixAll.other", vec![]),
        ("source.organizeImports", vec![]),
        ("quickfix", vec!["quickfix", "quickfix.suppress.dockfix"]),
        ("quickfix.suppress", vec!["quickfix.suppress.dockfix"]),
    ] {
        let all = editor.actions(EVERYWHERE, Some(only)).await;
        assert_eq!(kinds(&all), expected, "{only}");
    }
}

#[tokio::test]
async fn fixing_all_is_what_the_command_line_does_and_one_action() {
    for text in variants(MAINTAINER) {
        for resolves in [true, false] {
            let mut capabilities = capable("utf-16");
            if !resolves {
                capabilities["textDocument"]["codeAction"] = Value::Null;
                capabilities["workspace"]["workspaceEdit"] = Value::Null;
            }
            let mut editor = Editor::with(json!({ "capabilities": capabilities })).await;
            editor.open(&uri(), &text).await;
            let [action] = &editor.actions(EVERYWHERE, Some("source.fixAll")).await[..] else {
                panic!("one")
            };
            assert_eq!(action.edit.is_none(), resolves);
            let after = editor.after(&text, action.clone()).await;
            let context = dockfix::context::Context::of(std::path::Path::new("/nowhere/Dockerfile"));
            let config = dockfix::config::Config::default();
            let fixed = dockfix::fix::fix(&text, &context, &config, dockfix::rule::Safety::Safe);
            assert_eq!(after, fixed.source);
            editor.change(&uri(), 2, vec![(None, &after)]).await;
            assert!(editor.actions(EVERYWHERE, Some("source.fixAll")).await.is_empty(), "nothing is left");
        }
    }
}

#[tokio::test]
async fn an_action_for_an_older_text_is_refused() {
    let mut editor = Editor::start().await;
    editor.open(&uri(), &MAINTAINER.replace('@', "x")).await;
    let action = editor.actions(EVERYWHERE, Some("source.fixAll")).await.remove(0);
    editor.change(&uri(), 2, vec![(None, "FROM debian:12\n")]).await;
    let params = serde_json::to_value(action).expect("it is JSON");
    assert_eq!(editor.raw("codeAction/resolve", params).await["error"]["code"], json!(-32801));
}

#[tokio::test]
async fn other_ways_of_writing_keep_what_is_written() {
    for (before, title, after) in [
        (
            "FROM debian:12\nRUN make @ \\\n    && ‸make install\n",
            "Split into two RUNs here",
            "FROM debian:12\nRUN make @\nRUN make install\n",
        ),
        ("FROM debian:12\nRUN make @\nRUN ‸make install\n", "Join with the RUN above", ""),
        (
            "FROM debian:12\nRUN m‸ake @ && make install\n",
            "Write as a here-document",
            "FROM debian:12\nRUN <<EOF\nset -e\nmake @\nmake install\nEOF\n",
        ),
        (
            "FROM debian:12\nRUN <<‸EOF\nset -e\nmake @\nmake install\nEOF\nUSER x\n",
            "Write as a chain of commands",
            "FROM debian:12\nRUN make @ && \\\n    make install\nUSER x\n",
        ),
        (
            "FROM debian:12\nCMD ma‸ke @ 'a b'\n",
            "Write in JSON form",
            "FROM debian:12\nCMD [\"make\", \"@\", \"a b\"]\n",
        ),
        (
            "FROM debian:12\nCMD [‸\"make\", \"a b\"]\n",
            "Write in shell form",
            "FROM debian:12\nCMD make 'a b'\n",
        ),
        (
            "FROM debian:12\nRUN echo @ && apt-get install -y ‸zip curl\n",
            "Sort the packages, one per line",
            "FROM debian:12\nRUN echo @ && apt-get install -y \\\n        curl \\\n        zip\n",
        ),
        (
            "FROM python:3.13\nRUN echo @ && pip ‸install x\n",
            "Keep the package manager's downloads in a cache mount",
            "FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip echo @ && pip install x\n",
        ),
        (
            "FROM python:3.‸13-slim\nRUN echo @\n",
            "Extract the tag to `ARG PYTHON_VERSION`",
            "ARG PYTHON_VERSION=3.13-slim\nFROM python:${PYTHON_VERSION}\nRUN echo @\n",
        ),
        (
            "FROM golang\nRUN echo @\nFROM scratch\nCOPY --from=‸0 /@ /b\n",
            "Give the stage a name",
            "FROM golang AS builder\nRUN echo @\nFROM scratch\nCOPY --from=builder /@ /b\n",
        ),
    ] {
        for (before, after) in variants(before).into_iter().zip(variants(after)) {
            let (text, place) = cursor(&before);
            let mut editor = Editor::start().await;
            editor.open(&uri(), &text).await;
            let all = editor.actions(Range::new(place, place), Some("refactor")).await;
            let action =
                all.iter().find(|a| a.title == title).unwrap_or_else(|| panic!("{title}: {text:?} {all:?}"));
            let made = editor.after(&text, action.clone()).await;
            if !after.is_empty() && !after.contains('\t') && !text.contains('\t') {
                assert_eq!(made, after, "{title}");
            }
        }
    }
}
