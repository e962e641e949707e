//! Frames in, frames out: the one place that reads and writes the wire.
//!
//! The library's own loop reads, handles and writes in one task and ends the conversation at the first malformed
//! message. This one reads all the time, takes the first step of every handler in the order of the messages, leaves
//! the rest to the runtime, and writes in a task of its own, so that no message ever waits for another one's work.
use super::large::{self, Kept};
use super::server::Server;
use super::session::Session;
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::{Error, Request, Response};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::{Notification, PublishDiagnostics};
use tower_lsp::{LspService, jsonrpc};
use tower_service::Service;

/// Where messages to the client go. They are written in the order in which they are sent, but for diagnostics: of those
/// that wait to be written, the newest of a document take the place of the oldest.
#[derive(Clone)]
pub(super) struct Outgoing {
    sender: UnboundedSender<Next>,
    diagnostics: Diagnostics,
}

/// The diagnostics that wait to be written. While somebody types faster than the client reads, there would be ever more.
type Diagnostics = Arc<Mutex<HashMap<Uri, Message>>>;

/// What is to be written next.
enum Next {
    Message(Message),
    /// The diagnostics of a document, the newest that there are by then.
    Diagnostics(Uri),
    /// Nothing more.
    End,
}

/// A message on its way, in the parts that it was made of: the longer one is never copied.
struct Message {
    head: String,
    body: Vec<u8>,
}

impl Message {
    /// A message whose outermost brace is still open behind `rest`.
    fn closed(head: String, mut rest: Vec<u8>) -> Self {
        rest.push(b'}');
        Self { head, body: rest }
    }
}

impl Outgoing {
    /// Sends a whole message.
    fn send(&self, message: &impl Serialize) {
        // Only a map whose keys are no strings cannot be written, and the protocol has none.
        if let Ok(body) = serde_json::to_vec(message) {
            self.put(Next::Message(Message { head: String::new(), body }));
        }
    }

    /// Sends nothing more: what is sent already still goes out.
    fn end(&self) {
        self.put(Next::End);
    }

    /// Publishes diagnostics that are JSON already.
    pub(super) fn publish(&self, uri: Uri, version: Option<i32>, mut diagnostics: Vec<u8>) {
        let version = version.map(|v| format!(r#""version":{v},"#)).unwrap_or_default();
        let (method, name) = (PublishDiagnostics::METHOD, Value::from(uri.as_str()));
        let head = format!(
            r#"{{"jsonrpc":"2.0","method":"{method}","params":{{"uri":{name},{version}"diagnostics":"#
        );
        diagnostics.push(b'}');
        let message = Message::closed(head, diagnostics);
        let waited = lock(&self.diagnostics).insert(uri.clone(), message);
        if waited.is_none() {
            self.put(Next::Diagnostics(uri));
        }
    }

    /// Answers a request with what is JSON already.
    fn answer(&self, id: &jsonrpc::Id, Kept { head, rest }: Kept) {
        let id = json!(id);
        let head = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{head}"#);
        self.put(Next::Message(Message::closed(head, rest)));
    }

    fn put(&self, next: Next) {
        // Without the writer there is no client either.
        let _ = self.sender.send(next);
    }

    /// Sends a notification, made into JSON by the thread that has it at hand.
    pub(super) fn notify<N: Notification>(&self, params: &N::Params) {
        #[derive(Serialize)]
        struct Message<'p, P> {
            jsonrpc: &'static str,
            method: &'static str,
            params: &'p P,
        }
        self.send(&Message { jsonrpc: "2.0", method: N::METHOD, params });
    }
}

/// Longer messages are taken for a broken header.
const MAX_MESSAGE: usize = 1 << 30;

/// Serves one client until it says `exit`, its stream ends, or its process does. The answer is the exit code that the
/// protocol asks for: 0 behind a `shutdown`, else 1.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite + Unpin + Send + 'static) -> u8 {
    let (sender, receiver) = unbounded_channel();
    let out = Outgoing { sender, diagnostics: Diagnostics::default() };
    let writer = tokio::spawn(write(output, receiver, out.diagnostics.clone()));
    let (service, socket) = LspService::new(|client| Server::new(client, out.clone()));
    let session = service.inner().session();
    let (mut requests, mut responses) = socket.split();
    let calls = tokio::spawn({
        let out = out.clone();
        async move {
            while let Some(request) = requests.next().await {
                out.send(&request);
            }
        }
    });
    let mut dispatch = Dispatch { service, session: session.clone(), out: out.clone(), shut_down: false };
    let mut input = BufReader::new(input);
    loop {
        let body = tokio::select! {
            body = frame(&mut input) => body,
            () = session.client_ended() => break,
        };
        let Ok(Some(body)) = body else { break };
        match Incoming::read(&body) {
            Ok(Incoming::Request(request)) if request.method() == "exit" => break,
            Ok(Incoming::Request(request)) => dispatch.request(request).await,
            Ok(Incoming::Response(response)) => {
                let _ = responses.send(response).await;
            }
            Err(error) => out.send(&json!({ "jsonrpc": "2.0", "id": null, "error": error })),
        }
    }
    // What is already answered still goes out, unless nobody reads it.
    calls.abort();
    session.end();
    let code = u8::from(!dispatch.shut_down);
    out.end();
    let _ = tokio::time::timeout(std::time::Duration::from_millis(200), writer).await;
    code
}

struct Dispatch {
    service: LspService<Server>,
    session: Arc<Session>,
    out: Outgoing,
    shut_down: bool,
}

impl Dispatch {
    async fn request(&mut self, request: Request) {
        // The library never answers these.
        let unknown = request.id().filter(|_| request.method().starts_with("$/")).cloned();
        let shutdown = request.method() == "shutdown";
        if poll_fn(|context| self.service.poll_ready(context)).await.is_err() {
            return;
        }
        let place = large::place(request.method());
        let session = self.session.clone();
        let respond = move |response: &Response, out: &Outgoing| {
            let ticket = response.result().zip(place).and_then(|(result, at)| result.pointer(at)?.as_str());
            match ticket.and_then(|ticket| session.tickets.take_over(ticket)) {
                Some(kept) => out.answer(response.id(), kept),
                None => out.send(response),
            }
        };
        let answer = move |response: Option<Response>| {
            response.or_else(|| unknown.map(|id| Response::from_error(id, Error::method_not_found())))
        };
        let mut handler = self.service.call(request);
        // Up to its first wait, a handler runs here: texts change, and requests see them, in the order of the messages.
        if let Some(done) = (&mut handler).now_or_never() {
            let response = answer(done.unwrap_or_default());
            self.shut_down |= shutdown && response.as_ref().is_some_and(Response::is_ok);
            if let Some(response) = response {
                respond(&response, &self.out);
            }
            return;
        }
        let out = self.out.clone();
        tokio::spawn(async move {
            if let Some(response) = answer(handler.await.unwrap_or_default()) {
                respond(&response, &out);
            }
        });
    }
}

enum Incoming {
    Request(Request),
    Response(Response),
}

impl Incoming {
    fn read(body: &[u8]) -> Result<Self, jsonrpc::Error> {
        let value: Value = serde_json::from_slice(body).map_err(|_| Error::parse_error())?;
        let invalid = |_| Error::invalid_request();
        if value.get("method").is_some() {
            serde_json::from_value(value).map(Incoming::Request).map_err(invalid)
        } else {
            serde_json::from_value(value).map(Incoming::Response).map_err(invalid)
        }
    }
}

/// The body of the next message; None at the end of the stream.
async fn frame(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut line = vec![];
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if let (true, Some(length)) = (text.is_empty(), length) {
            let mut body = vec![0; length];
            input.read_exact(&mut body).await?;
            return Ok(Some(body));
        }
        if let Some((name, value)) = text.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok().filter(|l| *l <= MAX_MESSAGE);
        }
    }
}

/// A part of a message that is longer is written from where it lies.
const LONG: usize = 1 << 14;

/// Writes messages as they come, and whatever short ones have gathered meanwhile in one go.
async fn write(
    mut output: impl AsyncWrite + Unpin,
    mut messages: UnboundedReceiver<Next>,
    diagnostics: Diagnostics,
) {
    let mut bytes = vec![];
    while let Some(first) = messages.recv().await {
        let mut next = Some(first);
        let mut ended = false;
        while let Some(message) = next {
            let message = match message {
                Next::Message(message) => Some(message),
                Next::Diagnostics(uri) => lock(&diagnostics).remove(&uri),
                Next::End => None,
            };
            let Some(Message { head, body }) = message else {
                ended = true;
                break;
            };
            let length = head.len() + body.len();
            bytes.extend_from_slice(format!("Content-Length: {length}\r\n\r\n{head}").as_bytes());
            if body.len() > LONG {
                if output.write_all(&bytes).await.is_err() || output.write_all(&body).await.is_err() {
                    return;
                }
                bytes.clear();
            } else {
                bytes.extend_from_slice(&body);
            }
            next = messages.try_recv().ok();
        }
        if output.write_all(&bytes).await.is_err() || output.flush().await.is_err() || ended {
            return;
        }
        bytes.clear();
    }
}

fn lock(diagnostics: &Diagnostics) -> MutexGuard<'_, HashMap<Uri, Message>> {
    diagnostics.lock().unwrap_or_else(PoisonError::into_inner)
}
