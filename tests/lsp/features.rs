//! What else people expect in an editor.
use crate::editor::{Editor, apply, at, cursor, edits, offset, part, uri, variants};
use serde_json::{Value, json};
use tower_lsp::ls_types::request;
use tower_lsp::ls_types::*;

/// A server that has the text open, and where its cursor is.
async fn opened(text: &str) -> (Editor, String, Position) {
    let (text, place) = cursor(text);
    let mut editor = Editor::start().await;
    editor.open(&uri(), &text).await;
    (editor, text, place)
}

async fn json_at(editor: &mut Editor, method: &str, place: Position, more: Value) -> Value {
    let mut params = json!({ "textDocument": { "uri": uri() }, "position": place });
    params.as_object_mut().expect("a map").extend(more.as_object().cloned().unwrap_or_default());
    editor.raw(method, params).await["result"].clone()
}

#[tokio::test]
async fn hover_tells_what_stands_there() {
    for (text, expected) in [
        ("FROM debian:12\nR‸UN echo @\n", "Runs a command"),
        ("FROM debian:12\nENV Z=@\nENV A=b B=$Z\nRUN echo @ $‸B\n", "B=@"),
        ("ARG T=12\nFROM debian:${‸T}\n", "T=12"),
        ("FROM debian:12 AS @a\nFROM debian\nCOPY --link --from=‸@a /x /y\n", "Stage 0"),
        ("FROM de‸bian:12\n", "Debian"),
        ("FROM python:3.‸13\nRUN echo @\n", "- size: 1.1 GB on disk, 413 MB compressed\n"),
        ("FROM python:3.1‸3.2\nRUN echo @\n", "- size: about 1.1 GB on disk, 413 MB compressed (estimate)"),
        (
            "FROM debian:13-slim\nRUN apt-get install -y gc‸c @\n",
            "`gcc` and what it needs: about 190 MB on disk",
        ),
        ("FROM debian:13-slim\nRUN apt-get install -y gc‸c @\n", "What these recommend: 31 MB more on disk"),
        (
            "FROM debian:13-slim\nRUN apt-get install -y unz‸ip # @\n",
            "less than 1 MB on disk, less than 1 MB",
        ),
        (
            "FROM python:3.13\nRUN pip install 'num‸py>=1' @\n",
            "`numpy` and what it needs: about 71 MB on disk",
        ),
        (
            "FROM debian:13-slim\nR‸UN apt-get install --no-install-recommends gcc # @\n",
            "The packages of this step take about 190 MB on disk, 52 MB to download (estimate).",
        ),
        (
            "FROM debian:13-slim\nR‸UN apt-get install --no-install-recommends gcc @\n",
            "The packages of this step take at least 190 MB on disk",
        ),
        (
            "FROM deb‸ian:13-slim\nRUN apt-get install --no-install-recommends gcc # @\n",
            "- with the packages that it installs: about 270 MB on disk, 82 MB compressed (estimate)",
        ),
        ("FROM node:16-al‸pine3.12\nRUN echo @\n", "- end of life: Node.js 16 (2023-09-11)"),
        ("FROM node:16-al‸pine3.12\nRUN echo @\n", "- end of life: Alpine 3.12 (2022-05-01)"),
        ("FROM node:16-al‸pine3.12\nRUN echo @\n", "- runs as: `root`"),
        ("FROM debian:12\nCOPY --li‸nk @ /b\n", "layer of its own"),
        ("FROM debian:12\nRUN --mou‸nt=type=cache,target=/x echo @\n", "`sharing`"),
        ("FROM debian:12\nRUN echo @ && su‸do make\n", "sudo"),
        ("FROM debian:12\n# dockfix: ignore=su‸do -- @\nRUN sudo make\n", "sudo"),
        ("FROM debian:12\nARG TARGETARCH\nRUN echo $TARGET‸ARCH @\n", "TARGETARCH"),
    ] {
        // A stage may not be called by a whale, so those lines are left as they are.
        for text in variants(&text.replace("@a", "a")) {
            let expected = expected.replace("B=@", if text.contains("🐳") { "B=🐳é" } else { "B=x" });
            let (mut editor, text, place) = opened(&text).await;
            let hover = editor.request::<request::HoverRequest>(HoverParams {
                text_document_position_params: at(place),
                work_done_progress_params: WorkDoneProgressParams::default(),
            });
            let Some(Hover { contents: HoverContents::Markup(page), .. }) = hover.await else {
                panic!("{text:?}")
            };
            assert!(page.value.contains(&expected), "{text:?}: {}", page.value);
        }
    }
}

#[tokio::test]
async fn hover_on_a_finding_is_made_for_a_small_window() {
    let (mut editor, _, place) = opened("FROM debian:12\nRUN su‸do make\n").await;
    let hover = json_at(&mut editor, "textDocument/hover", place, json!({})).await;
    let page = hover["contents"]["value"].as_str().expect("a page");
    assert!(page.contains("**`sudo` in a build step**\n\n`sudo` · warning"), "{page}");
    let marks: Vec<&str> =
        page.lines().filter_map(|l| l.strip_prefix("```")).filter(|m| !m.is_empty()).collect();
    assert_eq!(marks, ["diff", "dockerfile", "dockerfile"], "the examples' other marks are for tests");
}

#[tokio::test]
async fn completion_offers_what_may_stand_there() {
    for (text, label, after) in [
        ("FROM debian:12\nWOR‸", "WORKDIR", "FROM debian:12\nWORKDIR ${1:/app}"),
        ("FROM debian:12\nwor‸\n", "workdir", "FROM debian:12\nworkdir ${1:/app}\n"),
        ("FROM debian:12\nRUN --mo‸ x\n", "--mount", "FROM debian:12\nRUN --mount= x\n"),
        ("FROM debian:12\nRUN --mount=ty‸ x\n", "type", "FROM debian:12\nRUN --mount=type= x\n"),
        ("FROM debian:12\nRUN --mount=type=ca‸ x\n", "cache", "FROM debian:12\nRUN --mount=type=cache x\n"),
        ("FROM debian:12\nCOPY --par‸\n", "--parents", "FROM debian:12\nCOPY --parents\n"),
        ("FROM debian:12\nADD --check‸\n", "--checksum", "FROM debian:12\nADD --checksum=\n"),
        (
            "FROM debian AS build\nFROM x\nCOPY --from=b‸\n",
            "build",
            "FROM debian AS build\nFROM x\nCOPY --from=build\n",
        ),
        ("FROM debian AS build\nFROM b‸\n", "build", "FROM debian AS build\nFROM build\n"),
        ("FROM pyth‸\n", "python", "FROM python\n"),
        ("FROM debian:12 ‸\n", "AS", "FROM debian:12 AS\n"),
        (
            "FROM debian:12\nENV LONG=@ X=@\nRUN echo @ $LO‸\n",
            "LONG",
            "FROM debian:12\nENV LONG=@ X=@\nRUN echo @ $LONG\n",
        ),
        (
            "FROM debian:12\nENV LONG=@\nLABEL a=@ b=${LO‸}\n",
            "LONG",
            "FROM debian:12\nENV LONG=@\nLABEL a=@ b=${LONG}\n",
        ),
        ("FROM debian:12\nSTOPSIGNAL SIGT‸\n", "SIGTERM", "FROM debian:12\nSTOPSIGNAL SIGTERM\n"),
        ("FROM debian:12\nUSER ro‸\n", "root", "FROM debian:12\nUSER root\n"),
        ("FROM debian:12\nONBUILD ru‸\n", "run", "FROM debian:12\nONBUILD run ${1:command}\n"),
        (
            "FROM debian:12\nONBUILD ‸\n",
            "COPY",
            "FROM debian:12\nONBUILD COPY ${1:source} ${2:destination}\n",
        ),
        ("FROM debian:12\nEXPOSE 80/‸\n", "tcp", "FROM debian:12\nEXPOSE 80/tcp\n"),
        ("FROM node:22\nCOPY --chown=‸ @ /b\n", "node", "FROM node:22\nCOPY --chown=node @ /b\n"),
        ("FROM debian:12\nCOPY --from=ngi‸ /@ /b\n", "nginx", "FROM debian:12\nCOPY --from=nginx /@ /b\n"),
        (
            "# check=skip=all,Stage‸\nFROM debian:12\n",
            "StageNameCasing",
            "# check=skip=all,StageNameCasing\nFROM debian:12\n",
        ),
        ("# syn‸\nFROM debian:12\n", "syntax", "# syntax=docker/dockerfile:1\nFROM debian:12\n"),
        ("# check=‸\nFROM debian:12\n", "skip=all", "# check=skip=all\nFROM debian:12\n"),
        (
            "FROM debian:12\n# dockfix: ignore=su‸\nRUN x\n",
            "sudo",
            "FROM debian:12\n# dockfix: ignore=sudo\nRUN x\n",
        ),
    ] {
        for (text, after) in variants(text).into_iter().zip(variants(after)) {
            let (mut editor, text, place) = opened(&text).await;
            let all = json_at(&mut editor, "textDocument/completion", place, Value::Null).await;
            let all: Vec<CompletionItem> = serde_json::from_value(all).expect("it is typed");
            let item = all.iter().find(|i| i.label == label);
            let labels = || all.iter().map(|i| i.label.clone()).collect::<Vec<_>>();
            let item = item.unwrap_or_else(|| panic!("{text:?}: {label} in {:?}", labels()));
            let Some(CompletionTextEdit::Edit(edit)) = &item.text_edit else { panic!("{item:?}") };
            assert_eq!(apply(&text, std::slice::from_ref(edit)), after, "{label}");
        }
    }
}

#[tokio::test]
async fn completion_offers_nothing_that_may_not_stand_there() {
    for (text, label) in [
        ("FROM debian:12\nONBUILD ‸\n", "FROM"),
        ("FROM debian:12\nONBUILD on‸\n", "onbuild"),
        ("FROM debian:12\nEXPOSE ‸\n", "tcp"),
        ("FROM ghcr.io/‸\n", "python"),
        ("FROM debian:12\nRUN <<EOF\n# @ ‸\nEOF\n", "dockfix: ignore"),
        ("FROM debian:12\n# @ ‸\n", "syntax"),
        ("# syntax=docker/dockerfile:1\n# ‸\nFROM debian:12\n", "syntax"),
        ("FROM debian:12\nCOPY --from=‸ /@ /b\nFROM debian:12 AS later\n", "later"),
        ("FROM debian:12\nRUN echo @ $‸\nENV LATER=1\n", "LATER"),
        ("FROM debian:12\nRUN echo @ ‸\n", "--mount"),
    ] {
        for text in variants(text) {
            let (mut editor, text, place) = opened(&text).await;
            let all = json_at(&mut editor, "textDocument/completion", place, Value::Null).await;
            let all: Vec<CompletionItem> = serde_json::from_value(all).expect("it is typed");
            assert!(all.iter().all(|i| i.label != label), "{text:?}: {label}");
        }
    }
}

/// What is offered at the end of `line`, in a folder with these files.
async fn offered(files: &[(&str, &str)], line: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    }
    let uri = Uri::from_file_path(folder.path().join("Dockerfile")).expect("it is a path");
    let mut editor = Editor::start().await;
    editor.open(&uri, &format!("FROM debian:12\n{line}\n")).await;
    let place = Position::new(1, line.len() as u32);
    let params = json!({ "textDocument": { "uri": uri }, "position": place });
    let all = editor.raw("textDocument/completion", params).await["result"].clone();
    let all: Vec<CompletionItem> = serde_json::from_value(all).expect("it is typed");
    all.into_iter().map(|i| i.label).filter(|l| !l.contains("ignore")).collect()
}

#[tokio::test]
async fn completion_knows_the_build_context() {
    let files = [
        ("app.py", ""),
        ("left.out", ""),
        ("sub/kept.out", ""),
        ("sub/deep/gone", ""),
        ("all/gone", ""),
        ("all/back.txt", ""),
        ("any/where/x.tmp", ""),
        ("any/where/y", ""),
        (".git/config", ""),
        (".dockerignore", "# why\n*.out\n/sub/deep\nall\n!all/back.txt\n**/*.tmp\n"),
    ];
    for (line, expected) in [
        ("COPY a", vec!["any/", "app.py", "sub/"]),
        ("ADD --link ./", vec!["any/", "app.py", "sub/"]),
        ("COPY sub/", vec!["kept.out"]),
        ("COPY ./sub/", vec!["kept.out"]),
        ("COPY [\"any/where/", vec!["y"]),
        ("COPY ../", vec![]),
        ("COPY nothing/", vec![]),
    ] {
        assert_eq!(offered(&files, line).await, expected, "{line}");
    }
    // A Dockerfile's own list counts instead of the common one.
    let own = [("a", ""), ("b", ""), (".dockerignore", "a\n"), ("Dockerfile.dockerignore", "b\n")];
    assert_eq!(offered(&own, "COPY ").await, ["a"]);
}

/// Each name in brackets is an occurrence, the first of them the definition.
const NAMES: &[&str] = &[
    "FROM debian AS [build]\nRUN echo @\nFROM [build]\nCOPY --from=[build] /@ /b\nRUN --mount=type=bind,from=[build],target=/x ls @\n",
    "FROM debian\nENV A=@ [V]=1\nRUN echo @ $[V] \"${[V]:-x}\"\nLABEL l=@ a=$[V]\n",
    "ARG [V]=1\nFROM debian:$[V]\nARG [V]\nRUN echo @ $[V]\n",
    "FROM debian\nRUN echo @ <<[EOF]\nx\n[EOF]\n",
];

fn marked(text: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut out, mut spans) = (String::new(), vec![]);
    for (i, piece) in text.split('[').enumerate() {
        match piece.split_once(']').filter(|_| i > 0) {
            Some((name, rest)) => {
                spans.push(out.len()..out.len() + name.len());
                out += name;
                out += rest;
            }
            None => out += piece,
        }
    }
    (out, spans)
}

#[tokio::test]
async fn names_are_found_followed_and_changed_everywhere() {
    for text in NAMES.iter().flat_map(|t| variants(t)) {
        let (text, spans) = marked(&text);
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let span = |range: Range| offset(&text, range.start)..offset(&text, range.end);
        for here in &spans {
            let place = crate::editor::place(&text, here.start + 1.min(here.len() - 1));
            let declared = json!({ "context": { "includeDeclaration": true } });
            let all = json_at(&mut editor, "textDocument/references", place, declared).await;
            let all: Vec<Location> =
                serde_json::from_value(all).unwrap_or_else(|e| panic!("{e} in {text:?}"));
            assert_eq!(all.iter().map(|l| span(l.range)).collect::<Vec<_>>(), spans, "{text:?}");
            let marks = json_at(&mut editor, "textDocument/documentHighlight", place, Value::Null).await;
            assert_eq!(marks.as_array().map(Vec::len), Some(spans.len()));
            let defined = json_at(&mut editor, "textDocument/definition", place, Value::Null).await;
            let defined: Location = serde_json::from_value(defined).expect("it is typed");
            assert!(spans.contains(&span(defined.range)), "{text:?}");
            let range = json_at(&mut editor, "textDocument/prepareRename", place, Value::Null).await;
            let range: Range = serde_json::from_value(range).expect("it is typed");
            assert_eq!(span(range), *here);
            let renamed =
                json_at(&mut editor, "textDocument/rename", place, json!({ "newName": "other" })).await;
            let edit: WorkspaceEdit = serde_json::from_value(renamed).expect("it is typed");
            let mut expected = text.clone();
            spans.iter().rev().for_each(|s| expected.replace_range(s.clone(), "other"));
            assert_eq!(apply(&text, &edits(Some(edit))), expected);
        }
    }
}

#[tokio::test]
async fn names_that_cannot_be_are_refused() {
    for (text, name) in [
        ("FROM debian AS ‸a\n", "A"),
        ("FROM debian AS ‸a\n", "1"),
        ("FROM debian AS ‸a\nFROM debian AS b\n", "b"),
        ("FROM debian\nENV ‸A=1\n", "a-b"),
        ("FROM debian\nRUN <<‸EOF\nEOF\n", ""),
    ] {
        let (mut editor, _, place) = opened(text).await;
        let params = json!({ "textDocument": { "uri": uri() }, "position": place, "newName": name });
        let answer = editor.raw("textDocument/rename", params).await;
        assert_eq!(answer["error"]["code"], json!(-32602), "{text:?} {name:?}");
    }
}

async fn whole(editor: &mut Editor, method: &str) -> Value {
    editor.raw(method, json!({ "textDocument": { "uri": uri() } })).await["result"].clone()
}

const LONG: &str = "# a @\n# b\nARG V=1\nFROM debian:$V AS build\nRUN apt-get update && \\\n⇥apt-get install -y git @\nRUN <<EOF\nset -e\nmake @\nEOF\n\
    FROM scratch\nCOPY --from=build /@ /b\nENV A=@ B=2\n";

#[tokio::test]
async fn the_outline_has_stages_that_hold_instructions() {
    for text in variants(LONG) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let all = whole(&mut editor, "textDocument/documentSymbol").await;
        let all: Vec<DocumentSymbol> = serde_json::from_value(all).expect("it is a tree");
        let names = |all: &[DocumentSymbol]| all.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&all), ["ARG V", "build", "stage 1"]);
        let children = all[1].children.as_deref().unwrap_or_default();
        assert_eq!(names(children), ["RUN apt-get update, apt-get install", "RUN set, make"]);
        assert_eq!(part(&text, all[1].selection_range), "build");
        assert!(
            all.iter()
                .all(|s| s.range.start <= s.selection_range.start && s.selection_range.end <= s.range.end)
        );
        assert_eq!(names(all[2].children.as_deref().unwrap_or_default())[1], "ENV A, B");
    }
}

#[tokio::test]
async fn folds_selections_and_links() {
    for text in variants(LONG) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let folds: Vec<FoldingRange> =
            serde_json::from_value(whole(&mut editor, "textDocument/foldingRange").await)
                .expect("it is typed");
        let lines: Vec<_> = folds.iter().map(|f| (f.start_line, f.end_line)).collect();
        assert_eq!(lines, [(0, 1), (3, 9), (4, 5), (6, 9), (10, 12)]);
        let place = crate::editor::place(&text, text.find("install").expect("it is there") + 1);
        let params = json!({ "textDocument": { "uri": uri() }, "positions": [place] });
        let answer = editor.raw("textDocument/selectionRange", params).await["result"].clone();
        let all: Vec<SelectionRange> = serde_json::from_value(answer).expect("it is typed");
        let mut next = all.first().cloned();
        let mut parts = vec![];
        while let Some(range) = next {
            parts.push(part(&text, range.range).to_owned());
            next = range.parent.map(|p| *p);
        }
        assert_eq!(parts[0], "install");
        assert!(parts[1].starts_with("apt-get install -y git"), "{parts:?}");
        assert!(parts.windows(2).all(|w| w[1].contains(&w[0])), "{parts:?}");
        assert_eq!(parts.last(), Some(&text));
        let links = whole(&mut editor, "textDocument/documentLink").await;
        assert_eq!(links[0]["target"], json!("https://hub.docker.com/_/debian"));
        let range: Range = serde_json::from_value(links[0]["range"].clone()).expect("it is typed");
        assert_eq!(part(&text, range), "debian:$V");
        let hints = json!({ "textDocument": { "uri": uri() }, "range": crate::editor::EVERYWHERE });
        let hints = editor.raw("textDocument/inlayHint", hints).await["result"].clone();
        let labels: Vec<&str> =
            hints.as_array().expect("a list").iter().filter_map(|h| h["label"].as_str()).collect();
        assert_eq!(labels, ["= debian:1", "stage 1"]);
    }
}

#[tokio::test]
async fn hints_tell_how_large_a_base_image_is() {
    let text = "ARG V=3.13\nFROM python:$V AS build\nRUN echo @\nFROM build AS test\nFROM python:3.13-slim\nFROM x/y:1\n";
    for text in variants(text) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let params = json!({ "textDocument": { "uri": uri() }, "range": crate::editor::EVERYWHERE });
        let hints = editor.raw("textDocument/inlayHint", params).await["result"].clone();
        let hints: Vec<InlayHint> = serde_json::from_value(hints).expect("it is typed");
        let label = |h: &InlayHint| match &h.label {
            InlayHintLabel::String(label) => label.clone(),
            InlayHintLabel::LabelParts(_) => String::new(),
        };
        let labels: Vec<String> = hints.iter().map(label).collect();
        assert_eq!(labels, ["= python:3.13", "≈ 1.1 GB", "≈ 126 MB", "stage 2", "stage 3"]);
        let slim = offset(&text, hints[2].position);
        assert!(text[..slim].ends_with("FROM python:3.13-slim"));
    }
}

#[tokio::test]
async fn hints_tell_what_a_step_adds_where_that_is_much() {
    let text = "FROM debian:13-slim AS base\nRUN apt-get install -y --no-install-recommends gcc\n\
        FROM base\nRUN apt-get install -y --no-install-recommends gcc unzip # @\n\
        RUN apt-get install -y --no-install-recommends ffmpeg no-such-package\n\
        RUN apt-get install -y chromium && apt-get purge -y chromium\n\
        FROM python:3.13\nRUN apt-get install -y gcc\nRUN pip install torch\n";
    for text in variants(text) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let params = json!({ "textDocument": { "uri": uri() }, "range": crate::editor::EVERYWHERE });
        let hints = editor.raw("textDocument/inlayHint", params).await["result"].clone();
        let told = |h: &Value| {
            let place: Position = serde_json::from_value(h["position"].clone()).expect("it is typed");
            Some(format!("{}: {}", place.line, h["label"].as_str().filter(|l| l.ends_with('B'))?))
        };
        let told: Vec<String> = hints.as_array().expect("a list").iter().filter_map(told).collect();
        let bases = ["0: ≈ 79 MB", "6: ≈ 1.1 GB"];
        assert_eq!(told, [&bases[..], &["1: ≈ 190 MB", "4: ≥ 470 MB", "8: ≈ 5.6 GB"]].concat());
    }
}

/// Tokens as texts with their kinds, from the numbers of the protocol.
fn decode(text: &str, data: &[Value], legend: &[Value]) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.split('\n').collect();
    let (mut line, mut column) = (0, 0);
    let numbers: Vec<usize> = data.iter().filter_map(Value::as_u64).map(|n| n as usize).collect();
    (numbers.chunks(5))
        .map(|t| {
            column = if t[0] > 0 { t[1] } else { column + t[1] };
            line += t[0];
            let units: Vec<u16> = lines[line].encode_utf16().collect();
            let token =
                String::from_utf16(&units[column..column + t[2]]).expect("it cuts no character in two");
            (token, legend[t[3]].as_str().unwrap_or_default().to_owned())
        })
        .collect()
}

#[tokio::test]
async fn tokens_reach_into_the_shell_and_deltas_add_up() {
    for text in variants(LONG) {
        let mut editor = Editor::start().await;
        let legend = serde_json::to_value(&editor.capabilities).expect("it is JSON");
        let legend =
            legend["semanticTokensProvider"]["legend"]["tokenTypes"].as_array().expect("a list").clone();
        editor.open(&uri(), &text).await;
        let full = whole(&mut editor, "textDocument/semanticTokens/full").await;
        let data = full["data"].as_array().expect("a list").clone();
        let tokens = decode(&text, &data, &legend);
        for (token, kind) in [
            ("RUN", "keyword"),
            ("apt-get", "function"),
            ("&&", "operator"),
            ("-y", "parameter"),
            ("--from=", "parameter"),
            ("build", "namespace"),
            ("$V", "variable"),
            ("make", "function"),
            ("A", "property"),
        ] {
            let has = tokens.iter().any(|(t, k)| t == token && k == kind);
            assert!(has, "{token} is no {kind} in {tokens:?}");
        }
        editor
            .change(&uri(), 2, vec![(Some(Range::new(Position::new(2, 0), Position::new(2, 0))), "# x\n")])
            .await;
        let params = json!({ "textDocument": { "uri": uri() }, "previousResultId": full["resultId"] });
        let delta = editor.raw("textDocument/semanticTokens/full/delta", params).await["result"].clone();
        let mut patched = data.clone();
        for edit in delta["edits"].as_array().expect("it is a delta") {
            let start = edit["start"].as_u64().unwrap_or(0) as usize;
            let end = start + edit["deleteCount"].as_u64().unwrap_or(0) as usize;
            patched.splice(start..end, edit["data"].as_array().cloned().unwrap_or_default());
        }
        let fresh = whole(&mut editor, "textDocument/semanticTokens/full").await;
        assert_eq!(json!(patched), fresh["data"]);
        let line = Range::new(Position::new(5, 0), Position::new(6, 0));
        let params = json!({ "textDocument": { "uri": uri() }, "range": line });
        let few = editor.raw("textDocument/semanticTokens/range", params).await["result"]["data"].clone();
        assert!(few.as_array().expect("a list").len() < data.len() / 2);
    }
}

#[tokio::test]
async fn signatures_follow_the_form_in_use() {
    for (text, count, active) in [
        ("FROM debian\nRUN [‸\"a\"]\n", 3, 1),
        ("FROM debian\nRUN ‸\n", 3, 0),
        ("FROM debian\nCOPY a ‸b\n", 2, 0),
        ("FROM debian\nRUN <<‸EOF\nx\nEOF\n", 3, 2),
    ] {
        let (mut editor, _, place) = opened(text).await;
        let help = json_at(&mut editor, "textDocument/signatureHelp", place, Value::Null).await;
        assert_eq!(help["signatures"].as_array().map(Vec::len), Some(count), "{text:?}");
        assert_eq!(help["activeSignature"], json!(active), "{text:?}");
    }
}

#[tokio::test]
async fn formatting_is_layout_alone() {
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    for text in variants("FROM debian:12 as a\nrun echo @\nMAINTAINER @\nRUN sudo make \\\n⇥⇥x\n") {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let params = json!({ "textDocument": { "uri": uri() }, "options": options });
        let edits = editor.raw("textDocument/formatting", params).await["result"].clone();
        let edits: Vec<TextEdit> = serde_json::from_value(edits).expect("it is typed");
        let after = apply(&text, &edits);
        assert!(after.contains("AS a") && after.contains("RUN echo"), "{after:?}");
        assert!(after.contains("MAINTAINER") && after.contains("sudo"), "{after:?}");
        let range = Range::new(Position::new(0, 0), Position::new(0, 1));
        let params = json!({ "textDocument": { "uri": uri() }, "range": range, "options": options });
        let edits = editor.raw("textDocument/rangeFormatting", params).await["result"].clone();
        let edits: Vec<TextEdit> = serde_json::from_value(edits).expect("it is typed");
        assert!(apply(&text, &edits).contains("run echo"));
    }
    // Of a range, what lies in it: each line by itself.
    let text = "FROM debian\nenv A 1\nenv B 2\nenv C 3\n";
    let mut editor = Editor::start().await;
    editor.open(&uri(), text).await;
    for (from, to, after) in [
        ((2, 0), (2, 7), "FROM debian\nenv A 1\nenv B=2\nenv C 3\n"),
        ((1, 0), (3, 0), "FROM debian\nenv A=1\nenv B=2\nenv C 3\n"),
        ((2, 4), (2, 4), text),
    ] {
        let range = Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1));
        let params = json!({ "textDocument": { "uri": uri() }, "range": range, "options": options });
        let edits = editor.raw("textDocument/rangeFormatting", params).await["result"].clone();
        let edits: Vec<TextEdit> = serde_json::from_value(edits).expect("it is typed");
        assert_eq!(apply(text, &edits), after, "{range:?}");
    }
    for (text, after) in [
        ("FROM debian\nRUN @ \\\n‸\n", "FROM debian\nRUN @ \\\n    \n"),
        ("FROM debian\nRUN @ \\\n  a \\\n‸b\n", "FROM debian\nRUN @ \\\n  a \\\n  b\n"),
        ("FROM debian\nRUN @\n‸\n", "FROM debian\nRUN @\n\n"),
    ] {
        let (mut editor, text, place) = opened(&text.replace('@', "🐳")).await;
        let more = json!({ "ch": "\n", "options": options });
        let edits = json_at(&mut editor, "textDocument/onTypeFormatting", place, more).await;
        let edits: Vec<TextEdit> = serde_json::from_value(edits).expect("it is typed");
        assert_eq!(apply(&text, &edits), after.replace('@', "🐳"));
    }
}
