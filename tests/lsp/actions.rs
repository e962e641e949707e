//! Code actions.
use crate::editor::{EVERYWHERE, Editor, capable, uri, variants};
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
            "FROM debian:12\n⇥MAINTAINER @\n",
            "Ignore `maintainer` for this instruction",
            "FROM debian:12\n⇥# dockfix: ignore=maintainer\n⇥MAINTAINER @\n",
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
async fn all_of_one_rule_is_fixed_and_nothing_else() {
    let before = "FROM debian:12\nMAINTAINER @ <a@b>\nRUN sudo make @\nFROM debian:12\n⇥maintainer @\nRUN sudo make install\n";
    for (title, after) in [
        (
            "Fix all of `maintainer` in this file",
            "FROM debian:12\nLABEL org.opencontainers.image.authors=\"@ <a@b>\"\nRUN sudo make @\nFROM debian:12\n⇥label org.opencontainers.image.authors=\"@\"\nRUN sudo make install\n",
        ),
        (
            "Fix all of `sudo` in this file",
            "FROM debian:12\nMAINTAINER @ <a@b>\nRUN make @\nFROM debian:12\n⇥maintainer @\nRUN make install\n",
        ),
    ] {
        for (before, after) in variants(before).into_iter().zip(variants(after)) {
            let mut editor = Editor::start().await;
            editor.open(&uri(), &before).await;
            let all = editor.actions(EVERYWHERE, Some("quickfix")).await;
            let mut of_title = all.iter().filter(|a| a.title == title);
            let action = of_title.next().unwrap_or_else(|| panic!("{title} in {all:?}"));
            assert!(of_title.next().is_none(), "it is offered once");
            assert_eq!(editor.after(&before, action.clone()).await, after, "{title}");
        }
    }
    // One alone needs no action for all.
    let mut editor = Editor::start().await;
    editor.open(&uri(), "FROM debian:12\nMAINTAINER x\nRUN sudo make\n").await;
    let all = editor.actions(EVERYWHERE, Some("quickfix")).await;
    assert!(all.iter().all(|a| !a.title.starts_with("Fix all")), "{all:?}");
}

#[tokio::test]
async fn a_fix_that_writes_a_file_creates_it_where_the_client_can() {
    let folder = tempfile::tempdir().expect("there is room");
    std::fs::create_dir(folder.path().join(".git")).expect("it can be made");
    let uri = Uri::from_file_path(folder.path().join("Dockerfile")).expect("it is a path");
    let text = "FROM python:3.13-slim\nCOPY . .\n";
    let able = capable("utf-16");
    let mut versions_only = able.clone();
    versions_only["workspace"]["workspaceEdit"] = json!({ "documentChanges": true });
    let mut nothing = able.clone();
    nothing["workspace"]["workspaceEdit"] = Value::Null;
    for (capabilities, creates) in [(able, true), (versions_only, false), (nothing, false)] {
        for kind in ["quickfix", "source.fixAllUnsafe.dockfix"] {
            let mut editor = Editor::with(json!({ "capabilities": capabilities })).await;
            editor.open(&uri, text).await;
            let found = editor.published(&uri, 1).await;
            let rule = Some(NumberOrString::String("no-dockerignore".to_owned()));
            assert!(found.iter().any(|d| d.code == rule), "{found:?}");
            let mut operations = vec![];
            for action in editor.actions_in(uri.clone(), EVERYWHERE, Some(kind)).await {
                let edit = editor.resolved(action).await.edit.expect("every action has an edit");
                if let Some(DocumentChanges::Operations(all)) = edit.document_changes {
                    operations = all;
                }
            }
            let made: Vec<&DocumentChangeOperation> = operations
                .iter()
                .filter(|o| !matches!(o, DocumentChangeOperation::Edit(e) if e.text_document.uri == uri))
                .collect();
            if !creates {
                assert!(made.is_empty(), "{kind}: {made:?}");
                continue;
            }
            let [
                DocumentChangeOperation::Op(ResourceOp::Create(file)),
                DocumentChangeOperation::Edit(content),
            ] = made[..]
            else {
                panic!("{kind}: {operations:?}")
            };
            assert_eq!(file.uri.to_file_path().as_deref(), Some(&*folder.path().join(".dockerignore")));
            assert_eq!(file.options.as_ref().and_then(|o| o.overwrite), Some(false));
            assert_eq!((&content.text_document.uri, content.text_document.version), (&file.uri, None));
            let [OneOf::Left(edit)] = &content.edits[..] else { panic!("{content:?}") };
            assert_eq!(edit.range, Range::default());
            assert!(edit.new_text.lines().any(|l| l == ".git"), "{:?}", edit.new_text);
        }
    }
}

/// lsp-mode in Emacs has one value for `false`, `null` and the empty list.
#[tokio::test]
async fn an_action_is_resolved_for_a_client_that_knows_no_false() {
    for kind in ["source.fixAll.dockfix", "source.fixAllUnsafe.dockfix", "quickfix"] {
        let mut editor = Editor::start().await;
        editor.open(&uri(), MAINTAINER).await;
        let all = editor.actions(EVERYWHERE, Some(kind)).await;
        let mut action = all.into_iter().find(|a| a.data.is_some()).expect("it is resolved later");
        for value in
            action.data.as_mut().and_then(Value::as_object_mut).expect("it is an object").values_mut()
        {
            if *value == json!(false) {
                *value = Value::Null;
            }
        }
        let after = editor.after(MAINTAINER, action).await;
        assert!(after.contains("LABEL"), "{kind}: {after}");
    }
}
