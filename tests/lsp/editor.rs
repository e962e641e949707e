//! An editor over an in-memory pipe, with typed messages.
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::VecDeque;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::task::JoinHandle;
use tower_lsp::ls_types::notification::{self, Notification};
use tower_lsp::ls_types::request::{self, Request};
use tower_lsp::ls_types::*;

/// What most tests have open.
pub(crate) fn uri() -> Uri {
    "file:///nowhere/Dockerfile".parse().expect("it is a URI")
}

pub(crate) struct Editor {
    to: DuplexStream,
    from: BufReader<DuplexStream>,
    server: JoinHandle<u8>,
    next: i64,
    /// Notifications not looked at yet.
    pub(crate) notes: VecDeque<Value>,
    /// The methods of the server's requests.
    pub(crate) asked: Vec<String>,
    pub(crate) capabilities: ServerCapabilities,
}

/// What a modern editor can do.
pub(crate) fn capable(encoding: &str) -> Value {
    json!({
        "general": { "positionEncodings": [encoding] },
        "workspace": {
            "configuration": true,
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true,
                "dataSupport": true, "tagSupport": { "valueSet": [1, 2] },
            },
            "codeAction": { "dataSupport": true, "resolveSupport": { "properties": ["edit"] } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "completion": { "completionItem": { "snippetSupport": true } },
            "hover": { "contentFormat": ["markdown"] },
        },
    })
}

impl Editor {
    /// A server that nobody has spoken to.
    pub(crate) fn connect() -> Self {
        let (to, input) = tokio::io::duplex(1 << 16);
        let (output, from) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(dockfix::lsp::serve(input, output));
        let capabilities = ServerCapabilities::default();
        let (notes, asked) = (VecDeque::new(), vec![]);
        Self { to, from: BufReader::new(from), server, next: 0, notes, asked, capabilities }
    }

    pub(crate) async fn start() -> Self {
        Self::with(json!({ "capabilities": capable("utf-16"), "rootUri": null })).await
    }

    /// Ends of life are reckoned from a day of its own, where the parameters hold no other options.
    pub(crate) async fn with(mut params: Value) -> Self {
        if params["initializationOptions"].is_null() {
            params["initializationOptions"] = json!({ "today": "2026-11-20" });
        }
        let mut editor = Self::connect();
        let result = editor.raw("initialize", params).await;
        let result: InitializeResult = serde_json::from_value(result["result"].clone()).expect("it is typed");
        editor.capabilities = result.capabilities;
        editor.notify::<notification::Initialized>(InitializedParams {}).await;
        editor
    }

    pub(crate) async fn bytes(&mut self, body: &[u8]) {
        let head = format!("Content-Length: {}\r\n\r\n", body.len());
        self.to.write_all(head.as_bytes()).await.expect("the server reads");
        self.to.write_all(body).await.expect("the server reads");
    }

    async fn send(&mut self, message: impl Serialize) {
        self.bytes(&serde_json::to_vec(&message).expect("it is JSON")).await;
    }

    pub(crate) async fn notify<N: Notification>(&mut self, params: N::Params) {
        self.send(json!({ "jsonrpc": "2.0", "method": N::METHOD, "params": params })).await;
    }

    /// Sends a request and does not wait.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params });
        self.send(message).await;
        self.next
    }

    /// The whole response.
    pub(crate) async fn raw(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    pub(crate) async fn answer(&mut self, id: i64) -> Value {
        loop {
            // Answers may come in any order.
            let answers = |m: &Value| m["id"] == json!(id) && m.get("method").is_none();
            if let Some(i) = self.notes.iter().position(answers) {
                return self.notes.remove(i).unwrap_or_default();
            }
            let message = self.read().await.expect("the server answers");
            self.notes.push_back(message);
        }
    }

    pub(crate) async fn request<R: Request>(&mut self, params: R::Params) -> R::Result
    where
        R::Result: DeserializeOwned,
    {
        let params = serde_json::to_value(params).expect("it is JSON");
        let answer = self.raw(R::METHOD, params).await;
        assert!(answer.get("error").is_none(), "{}: {answer}", R::METHOD);
        serde_json::from_value(answer["result"].clone()).expect("the result is typed")
    }

    /// The next message; requests of the server are answered by null. None when it has ended.
    async fn read(&mut self) -> Option<Value> {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if self.from.read_line(&mut line).await.ok()? == 0 {
                    return None;
                }
                match line.trim().strip_prefix("Content-Length: ") {
                    Some(value) => length = value.parse().expect("it is a number"),
                    None => break,
                }
            }
            let mut body = vec![0; length];
            self.from.read_exact(&mut body).await.ok()?;
            let message: Value = serde_json::from_slice(&body).expect("it is JSON");
            match (message.get("method"), message.get("id")) {
                (Some(method), Some(id)) => {
                    self.asked.push(method.as_str().unwrap_or_default().to_owned());
                    let result =
                        if method == "workspace/configuration" { json!([null]) } else { json!(null) };
                    self.send(json!({ "jsonrpc": "2.0", "id": id, "result": result })).await;
                }
                _ => return Some(message),
            }
        }
    }

    pub(crate) async fn open(&mut self, uri: &Uri, text: &str) {
        let text_document = TextDocumentItem {
            uri: uri.clone(),
            language_id: "dockerfile".to_owned(),
            version: 1,
            text: text.to_owned(),
        };
        self.notify::<notification::DidOpenTextDocument>(DidOpenTextDocumentParams { text_document }).await;
    }

    pub(crate) async fn change(&mut self, uri: &Uri, version: i32, changes: Vec<(Option<Range>, &str)>) {
        let one = |(range, text): (Option<Range>, &str)| TextDocumentContentChangeEvent {
            range,
            range_length: None,
            text: text.to_owned(),
        };
        let params = DidChangeTextDocumentParams {
            text_document: VersionedTextDocumentIdentifier { uri: uri.clone(), version },
            content_changes: changes.into_iter().map(one).collect(),
        };
        self.notify::<notification::DidChangeTextDocument>(params).await;
    }

    /// The next notification of this method.
    pub(crate) async fn note(&mut self, method: &str) -> Value {
        loop {
            if let Some(i) = self.notes.iter().position(|n| n["method"] == method) {
                return self.notes.remove(i).map(|n| n["params"].clone()).unwrap_or_default();
            }
            let message = self.read().await.expect("the server speaks");
            self.notes.push_back(message);
        }
    }

    /// What is published for this version of this document.
    pub(crate) async fn published(&mut self, uri: &Uri, version: i32) -> Vec<Diagnostic> {
        loop {
            let note = self.note("textDocument/publishDiagnostics").await;
            let note: PublishDiagnosticsParams = serde_json::from_value(note).expect("it is typed");
            if note.uri == *uri && note.version == Some(version) {
                return note.diagnostics;
            }
        }
    }

    pub(crate) async fn actions(&mut self, range: Range, only: Option<&str>) -> Vec<CodeAction> {
        self.actions_in(uri(), range, only).await
    }

    pub(crate) async fn actions_in(&mut self, uri: Uri, range: Range, only: Option<&str>) -> Vec<CodeAction> {
        let params = CodeActionParams {
            text_document: TextDocumentIdentifier { uri },
            range,
            context: CodeActionContext {
                diagnostics: vec![],
                only: only.map(|o| vec![o.to_owned().into()]),
                trigger_kind: None,
            },
            work_done_progress_params: WorkDoneProgressParams::default(),
            partial_result_params: PartialResultParams::default(),
        };
        let all = self.request::<request::CodeActionRequest>(params).await.unwrap_or_default();
        let action = |a| match a {
            CodeActionOrCommand::CodeAction(action) => action,
            CodeActionOrCommand::Command(command) => panic!("a command: {command:?}"),
        };
        all.into_iter().map(action).collect()
    }

    /// The action with its edit.
    pub(crate) async fn resolved(&mut self, action: CodeAction) -> CodeAction {
        match action.edit {
            Some(_) => action,
            None => self.request::<request::CodeActionResolveRequest>(action).await,
        }
    }

    /// The text after an action.
    pub(crate) async fn after(&mut self, text: &str, action: CodeAction) -> String {
        apply(text, &edits(self.resolved(action).await.edit))
    }

    pub(crate) async fn stop(mut self) -> u8 {
        self.raw("shutdown", Value::Null).await;
        self.send(json!({ "jsonrpc": "2.0", "method": "exit" })).await;
        self.server.await.expect("the server does not panic")
    }

    /// Ends without a word.
    pub(crate) async fn hang_up(self) -> u8 {
        drop(self.to);
        self.server.await.expect("the server does not panic")
    }

    pub(crate) async fn exit(mut self) -> u8 {
        self.send(json!({ "jsonrpc": "2.0", "method": "exit" })).await;
        self.server.await.expect("the server does not panic")
    }
}

/// The edits of the first document in an edit of the workspace.
pub(crate) fn edits(edit: Option<WorkspaceEdit>) -> Vec<TextEdit> {
    let edit = edit.expect("there is an edit");
    if let Some(changes) = edit.changes {
        return changes.into_values().next().unwrap_or_default();
    }
    let document = match edit.document_changes {
        Some(DocumentChanges::Edits(all)) => all.into_iter().next(),
        Some(DocumentChanges::Operations(all)) => all.into_iter().find_map(|o| match o {
            DocumentChangeOperation::Edit(edit) => Some(edit),
            DocumentChangeOperation::Op(_) => None,
        }),
        None => None,
    };
    let one = |e: OneOf<TextEdit, AnnotatedTextEdit>| match e {
        OneOf::Left(edit) => edit,
        OneOf::Right(annotated) => annotated.text_edit,
    };
    document.map(|d| d.edits.into_iter().map(one).collect()).unwrap_or_default()
}

/// How many columns a character takes.
fn width(encoding: &str, c: char) -> usize {
    match encoding {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    }
}

/// Where each line begins; they end by `\n`, `\r\n` or a lone `\r`.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = |i: usize, c| c == '\n' || c == '\r' && !text[i + 1..].starts_with('\n');
    let behind = text.char_indices().filter(|(i, c)| ends(*i, *c)).map(|(i, _)| i + 1);
    std::iter::once(0).chain(behind).collect()
}

/// The offset of a place, as the tests' own reckoning: behind the end of a line it is that end, and inside a character
/// the start of it.
pub(crate) fn offset_in(encoding: &str, text: &str, place: Position) -> usize {
    let starts = line_starts(text);
    let Some(start) = starts.get(place.line as usize) else { return text.len() };
    let line = &text[*start..starts.get(place.line as usize + 1).copied().unwrap_or(text.len())];
    let line = line.trim_end_matches(['\r', '\n']);
    let mut column = 0;
    for (i, c) in line.char_indices() {
        column += width(encoding, c);
        if column > place.character as usize {
            return start + i;
        }
    }
    start + line.len()
}

/// Where an offset is.
pub(crate) fn place_in(encoding: &str, text: &str, offset: usize) -> Position {
    let starts = line_starts(text);
    let line = starts.partition_point(|s| *s <= offset) - 1;
    let column: usize = text[starts[line]..offset].chars().map(|c| width(encoding, c)).sum();
    Position { line: line as u32, character: column as u32 }
}

/// The same, counted in UTF-16.
pub(crate) fn offset(text: &str, place: Position) -> usize {
    offset_in("utf-16", text, place)
}

pub(crate) fn place(text: &str, offset: usize) -> Position {
    place_in("utf-16", text, offset)
}

/// The part of a text that a range covers.
pub(crate) fn part(text: &str, range: Range) -> &str {
    &text[offset(text, range.start)..offset(text, range.end)]
}

pub(crate) fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut spans: Vec<_> = edits
        .iter()
        .map(|e| (offset(text, e.range.start), offset(text, e.range.end), e.new_text.as_str()))
        .collect();
    spans.sort();
    let (mut out, mut last) = (String::new(), 0);
    for (start, end, new) in spans {
        assert!(last <= start, "edits overlap: {edits:?}");
        out += &text[last..start];
        out += new;
        last = end;
    }
    out + &text[last..]
}

/// The same text behind other characters on its lines: `@` stands for a word, `⇥` for the author's indentation, and the
/// end of a line for a line ending.
pub(crate) fn variants(text: &str) -> Vec<String> {
    let blanks = text.replace('⇥', "    ");
    let emoji = blanks.replace('@', "🐳é");
    let tabs = text.replace('⇥', "\t").replace('@', "x");
    vec![blanks.replace('@', "x"), emoji.clone(), emoji.replace('\n', "\r\n"), tabs]
}

/// A text with its cursor (`‸`) taken out, and where that was.
pub(crate) fn cursor(text: &str) -> (String, Position) {
    let at = text.find('‸').expect("there is a cursor");
    let text = text.replace('‸', "");
    let place = place(&text, at);
    (text, place)
}

pub(crate) fn at(place: Position) -> TextDocumentPositionParams {
    TextDocumentPositionParams { text_document: TextDocumentIdentifier { uri: uri() }, position: place }
}

pub(crate) const EVERYWHERE: Range =
    Range { start: Position { line: 0, character: 0 }, end: Position { line: 100_000, character: 0 } };
