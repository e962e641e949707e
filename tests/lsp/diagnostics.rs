//! What is published, or told to who asks.
use crate::editor::{Editor, capable, part, uri, variants};
use serde_json::{Value, json};
use tower_lsp::ls_types::notification;
use tower_lsp::ls_types::*;

/// Findings of many rules.
const MANY: &str = "\
FROM debian AS Build
MAINTAINER x
ENV API_KEY abc
RUN apt-get update
RUN apt-get install git
RUN sudo make
from python:3.11 as app
WORKDIR app
ADD requirements.txt .
COPY . .
RUN pip install -r requirements.txt
RUN npm install
RUN curl http://example.com/x | tar x

RUN apk add curl \\

    git
HEALTHCHECK CMD true
HEALTHCHECK CMD false
CMD python a.py
CMD python b.py
";

const TEXT: &str = "FROM debian:12\nMAINTAINER @\nRUN echo @ && \\\n⇥sudo echo @\nCMD true\n";

fn code(diagnostic: &Diagnostic) -> &str {
    match &diagnostic.code {
        Some(NumberOrString::String(code)) => code,
        _ => "",
    }
}

#[tokio::test]
async fn fields_are_filled_and_ranges_exact() {
    for text in variants(TEXT) {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let all = editor.published(&uri(), 1).await;
        assert!(all.iter().all(|d| d.source.as_deref() == Some("dockfix") && d.severity.is_some()));
        let of =
            |name: &str| all.iter().find(|d| code(d) == name).unwrap_or_else(|| panic!("{name}: {all:?}"));
        let maintainer = of("maintainer");
        assert_eq!(part(&text, maintainer.range), "MAINTAINER");
        assert_eq!(maintainer.tags, Some(vec![DiagnosticTag::DEPRECATED]));
        assert!(maintainer.data.as_ref().is_some_and(|d| d["safe"] == json!(true)));
        assert!(part(&text, of("sudo").range).starts_with("sudo"), "{text:?}");
    }
}

#[tokio::test]
async fn a_finding_shows_the_other_place_that_it_speaks_of() {
    for text in variants("FROM debian:12\nCMD [\"@\"]\nRUN echo @ \\\n⇥@\nCMD [\"b\"]\n") {
        let mut editor = Editor::start().await;
        editor.open(&uri(), &text).await;
        let all = editor.published(&uri(), 1).await;
        let earlier = all.iter().find(|d| code(d) == "repeated-command").expect("it is found");
        assert_eq!(earlier.range.start, Position::new(1, 0));
        let related = earlier.related_information.as_deref().expect("it is related");
        let [DiagnosticRelatedInformation { location, message }] = related else { panic!("{related:?}") };
        assert_eq!((&location.uri, message.as_str()), (&uri(), "the CMD that counts"));
        assert_eq!(location.range, Range::new(Position::new(4, 0), Position::new(4, 3)));
    }
}

#[tokio::test]
async fn a_finding_leads_to_the_page_of_its_rule() {
    let mut editor = Editor::start().await;
    editor.open(&uri(), MANY).await;
    let sources = concat!("https://docs.rs/crate/dockfix/", env!("CARGO_PKG_VERSION"), "/source/");
    for diagnostic in editor.published(&uri(), 1).await {
        let page = diagnostic.code_description.as_ref().expect("every rule has a page").href.to_string();
        let file = page.strip_prefix(sources).unwrap_or_else(|| panic!("{page}"));
        let source = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        let source = source.unwrap_or_else(|e| panic!("{page}: {e}"));
        assert!(source.contains(&format!("name: \"{}\"", code(&diagnostic))), "{page}");
    }
}

#[tokio::test]
async fn a_client_without_these_abilities_gets_none_of_them() {
    let mut editor = Editor::with(json!({ "capabilities": {} })).await;
    editor.open(&uri(), &TEXT.replace('@', "x")).await;
    for diagnostic in editor.published(&uri(), 1).await {
        assert_eq!((diagnostic.tags, diagnostic.data, diagnostic.related_information), (None, None, None));
    }
    assert!(editor.asked.is_empty(), "{:?}", editor.asked);
}

#[tokio::test]
async fn a_closed_document_has_nothing_and_unsaved_ones_are_checked() {
    let untitled: Uri = "untitled:Untitled-1".parse().expect("it is a URI");
    for uri in [uri(), untitled] {
        let mut editor = Editor::start().await;
        editor.open(&uri, "FROM debian:12\nMAINTAINER x\n").await;
        assert!(!editor.published(&uri, 1).await.is_empty());
        let params =
            DidCloseTextDocumentParams { text_document: TextDocumentIdentifier { uri: uri.clone() } };
        editor.notify::<notification::DidCloseTextDocument>(params).await;
        let note = editor.note("textDocument/publishDiagnostics").await;
        assert_eq!(note["diagnostics"], json!([]));
        // Opened again, versions may begin again.
        editor.open(&uri, "FROM debian:12\nMAINTAINER x\n").await;
        assert!(!editor.published(&uri, 1).await.is_empty());
    }
}

fn pulling() -> Value {
    let mut capabilities = capable("utf-8");
    capabilities["textDocument"]["diagnostic"] = json!({ "dataSupport": true });
    capabilities["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    capabilities
}

#[tokio::test]
async fn who_asks_is_told_and_nothing_is_published() {
    let mut editor = Editor::with(json!({ "capabilities": pulling() })).await;
    assert!(editor.capabilities.diagnostic_provider.is_some());
    editor.open(&uri(), "FROM debian:12\nMAINTAINER x\n").await;
    let ask = |before: Value| json!({ "textDocument": { "uri": uri() }, "previousResultId": before });
    let first = editor.raw("textDocument/diagnostic", ask(Value::Null)).await["result"].clone();
    assert_eq!(first["kind"], "full");
    assert!(!first["items"].as_array().expect("a list").is_empty());
    let again = editor.raw("textDocument/diagnostic", ask(first["resultId"].clone())).await["result"].clone();
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    editor.change(&uri(), 2, vec![(None, "FROM debian:12\nUSER x\nCMD [\"true\"]\n")]).await;
    let changed =
        editor.raw("textDocument/diagnostic", ask(first["resultId"].clone())).await["result"].clone();
    assert_eq!(changed["kind"], "full");
    assert!(editor.notes.iter().all(|n| n["method"] != "textDocument/publishDiagnostics"));
}

#[tokio::test]
async fn a_changed_file_or_setting_makes_clients_ask_again() {
    let mut editor = Editor::with(json!({ "capabilities": pulling() })).await;
    let params = DidChangeWatchedFilesParams { changes: vec![] };
    editor.notify::<notification::DidChangeWatchedFiles>(params).await;
    while !editor.asked.iter().any(|m| m == "workspace/diagnostic/refresh") {
        editor.raw("$/nothing", json!({})).await;
    }
    assert!(editor.asked.iter().any(|m| m == "client/registerCapability"), "{:?}", editor.asked);
}

#[tokio::test]
async fn the_workspace_is_told_file_by_file_with_progress() {
    let folder = tempfile::tempdir().expect("there is room");
    let (a, b) = (folder.path().join("a"), folder.path().join("b c"));
    for f in [&a, &b] {
        std::fs::create_dir(f).expect("it can be made");
        std::fs::write(f.join("Dockerfile"), "FROM debian:12\nMAINTAINER x\n").expect("it can be written");
    }
    std::fs::write(a.join("notes.txt"), "FROM x").expect("it can be written");
    let folders = [&a, &b].map(|f| json!({ "uri": Uri::from_file_path(f), "name": "f" }));
    let mut editor = Editor::with(json!({ "capabilities": pulling(), "workspaceFolders": folders })).await;
    // What is open counts, not what is on disk.
    let open = Uri::from_file_path(a.join("Dockerfile")).expect("it is a path");
    editor.open(&open, "FROM debian:12\nUSER x\n").await;
    let ask = |before: Value| json!({ "previousResultIds": before, "workDoneToken": "t" });
    let first = editor.raw("workspace/diagnostic", ask(json!([]))).await["result"]["items"].clone();
    let items = first.as_array().expect("a list");
    assert_eq!(items.len(), 2, "{items:?}");
    let has = |i: &Value| i["items"].as_array().is_some_and(|d| d.iter().any(|d| d["code"] == "maintainer"));
    assert_eq!(items.iter().map(has).collect::<Vec<_>>(), [false, true]);
    let kinds: Vec<Value> = (editor.notes.iter().filter(|n| n["method"] == "$/progress"))
        .map(|n| n["params"]["value"]["kind"].clone())
        .collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&json!("begin")), Some(&json!("end"))));
    let before: Vec<Value> =
        items.iter().map(|i| json!({ "uri": i["uri"], "value": i["resultId"] })).collect();
    let again = editor.raw("workspace/diagnostic", ask(json!(before))).await["result"]["items"].clone();
    assert!(again.as_array().expect("a list").iter().all(|i| i["kind"] == "unchanged"), "{again}");
}

/// Unfinished last lines, each below a file with problems of its own.
const HALF_TYPED: &[&str] = &[
    "RU",
    "RUN",
    "RUN (echo",
    "RUN echo \"a",
    "RUN --mount=type=cach",
    "RUN <<EOF\nmake",
    "RUN a \\",
    "COPY",
    "COPY a",
    "COPY --fro=a b c",
    "COPY --from= a b",
    "COPY --from=nostage a b",
    "CMD [\"a\",",
    "ENV A",
    "ENV A=${",
    "FROM",
    "FROM a as",
    "HEALTHCHECK --interval=",
    "ONBUILD",
    "STOPSIGNAL",
    "ADD --unpack",
    "EXPOSE",
    "LABEL a=\"b",
];

#[tokio::test]
async fn a_half_typed_instruction_hides_no_finding_of_another() {
    let lines: Vec<&str> = MANY.split_inclusive('\n').collect();
    let found = |all: Vec<Diagnostic>| -> Vec<(String, Range)> {
        all.iter().map(|d| (code(d).to_owned(), d.range)).collect()
    };
    let mut editor = Editor::start().await;
    editor.open(&uri(), MANY).await;
    let alone = found(editor.published(&uri(), 1).await);
    let mut rules: Vec<&str> = alone.iter().map(|(name, _)| name.as_str()).collect();
    rules.sort();
    rules.dedup();
    assert!(rules.len() >= 20, "{rules:?}");
    // Not between the lines of one instruction.
    let gaps = (0..=lines.len())
        .filter(|i| *i == 0 || !lines[i - 1].trim_end().ends_with('\\') && lines[i - 1] != "\n");
    let gaps: Vec<usize> = gaps.collect();
    let mut version = 1;
    let mut lost = vec![];
    for typed in HALF_TYPED {
        // What stands below a continuation is a part of the instruction.
        let end = if typed.ends_with('\\') { gaps.len() - 1 } else { 0 };
        for &above in &gaps[end..] {
            // What a here-document takes for the next instruction is written in capitals.
            let small = |l: &&str| l.starts_with(|c: char| c.is_ascii_lowercase());
            if typed.contains("<<") && lines.get(above).is_some_and(small) {
                continue;
            }
            version += 1;
            let text = format!("{}{typed}\n{}", lines[..above].concat(), lines[above..].concat());
            editor.change(&uri(), version, vec![(None, &text)]).await;
            let now = found(editor.published(&uri(), version).await);
            let (above, more) = (above as u32, typed.lines().count() as u32);
            for (name, range) in &alone {
                let mut range = *range;
                for place in [&mut range.start, &mut range.end] {
                    place.line += if place.line < above { 0 } else { more };
                }
                let kept = match name.as_str() {
                    // It is told of the command that counts, which may be the new one.
                    "root-user" => now.iter().any(|(n, _)| n == name),
                    // A RUN in between may make anything of the source.
                    "source-before-dependencies" if typed.starts_with("RU") => true,
                    _ => now.contains(&(name.clone(), range)),
                };
                if !kept {
                    lost.push(format!("{typed:?} at {above}: {name} {range:?}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
