//! A real process.
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn message(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

pub(crate) const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}"#;

/// A server with pipes for its input and output.
pub(crate) fn server(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dockfix"))
        .arg("lsp")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

#[test]
fn it_speaks_over_standard_streams_and_ends_at_once_with_its_input_open() {
    for (last, code) in [(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#, 0), ("{}", 1)] {
        let mut server = server(&["--stdio", "--clientProcessId", &std::process::id().to_string()]);
        let mut input = server.stdin.take().expect("it is piped");
        for body in [INITIALIZE, last, r#"{"jsonrpc":"2.0","method":"exit"}"#] {
            input.write_all(message(body).as_bytes()).expect("it reads");
        }
        let started = Instant::now();
        let status = server.wait().expect("it ends");
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(status.code(), Some(code));
        let mut output = String::new();
        server.stdout.take().expect("it is piped").read_to_string(&mut output).expect("it is text");
        assert!(output.contains("\"capabilities\""), "{output}");
        drop(input);
    }
}

#[test]
fn it_ends_with_the_client() {
    let mut client = Command::new("sleep").arg("60").spawn().expect("it starts");
    let mut server = server(&[]);
    let mut input = server.stdin.take().expect("it is piped");
    let initialize = INITIALIZE.replace("null,\"rootUri", &format!("{},\"rootUri", client.id()));
    input.write_all(message(&initialize).as_bytes()).expect("it reads");
    client.kill().expect("it is ours");
    client.wait().expect("it ends");
    assert_eq!(server.wait().expect("it ends").code(), Some(1));
}
