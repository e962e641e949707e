//! What a process takes of memory, as Linux tells it.
use crate::process::{INITIALIZE, message, server};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout};

/// Notifies, and with an `id` asks.
fn send(input: &mut ChildStdin, id: Option<u32>, method: &str, params: &Value) {
    let mut body = json!({ "jsonrpc": "2.0", "method": method, "params": params });
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    input.write_all(message(&body.to_string()).as_bytes()).expect("it reads");
}

/// Reads up to the answer to request `id`.
fn answer(output: &mut BufReader<ChildStdout>, id: u32) -> Value {
    loop {
        let (mut head, mut line) = (String::new(), String::new());
        output.read_line(&mut head).expect("it is text");
        output.read_line(&mut line).expect("it is text");
        let length = head.trim().strip_prefix("Content-Length: ").and_then(|l| l.parse().ok());
        let mut body = vec![0; length.expect("a length comes first")];
        output.read_exact(&mut body).expect("the body is whole");
        let body: Value = serde_json::from_slice(&body).expect("it is JSON");
        if body["id"] == id && body.get("method").is_none() {
            return body;
        }
    }
}

/// The memory that a process has for itself, its program not counted, in MiB. It never gives back much.
fn own_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:")).expect("Linux says so");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("it is a number") / 1024
}

#[test]
fn two_files_of_five_thousand_lines_take_little_memory() {
    let stage = |i: usize| {
        format!(
            "FROM python:3.12 AS stage{i}\nWORKDIR /srv/app{i}\nENV NAME=value{i}\nCOPY requirements.txt .\n\
            RUN apt-get update && apt-get install -y git curl\nRUN pip install -r requirements.txt\nCOPY . .\n\
            EXPOSE 8000\nLABEL name{i}=value\nCMD python app.py\n"
        )
    };
    let text: String = (0..500).map(stage).collect();
    let mut server = server(&[]);
    let mut input = server.stdin.take().expect("it is piped");
    let mut output = BufReader::new(server.stdout.take().expect("it is piped"));
    input.write_all(message(INITIALIZE).as_bytes()).expect("it reads");
    let uris = ["untitled:one", "untitled:two"];
    for uri in uris {
        let document = json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": text });
        send(&mut input, None, "textDocument/didOpen", &json!({ "textDocument": document }));
    }
    let asked = [
        ("textDocument/documentSymbol", json!({})),
        ("textDocument/formatting", json!({ "options": { "tabSize": 4, "insertSpaces": true } })),
        ("textDocument/semanticTokens/full", json!({})),
        ("textDocument/foldingRange", json!({})),
    ];
    let mut id = 1;
    for version in 2..40 {
        for uri in uris {
            let at = json!({ "line": 10 * version, "character": 0 });
            let change = json!({ "range": { "start": at, "end": at }, "text": "# note\n" });
            let document = json!({ "uri": uri, "version": version });
            let params = json!({ "textDocument": document, "contentChanges": [change] });
            send(&mut input, None, "textDocument/didChange", &params);
            let (method, mut params) = asked[version % asked.len()].clone();
            params["textDocument"] = json!({ "uri": uri });
            id += 1;
            send(&mut input, Some(id), method, &params);
            let result = &answer(&mut output, id)["result"];
            assert!(
                result.as_array().or(result["data"].as_array()).is_some_and(|all| !all.is_empty()),
                "{method}"
            );
        }
    }
    let memory = own_memory(server.id());
    server.kill().expect("it is ours");
    server.wait().expect("it ends");
    assert!(memory < 20, "{memory} MiB");
}
