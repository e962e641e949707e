//! What is known of the client: its documents, its folders, what it can do.
use super::abilities::{Abilities, Options};
use super::document::{Document, Setting, Snapshot};
use super::large::Tickets;
use super::transport::Outgoing;
use super::worker::Worker;
use crate::config::{self, Config};
use crate::settings::Settings;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::ls_types::notification::ShowMessage;
use tower_lsp::ls_types::{
    InitializeParams, MessageType, SemanticToken, ShowMessageParams, TextDocumentItem, Uri, WorkspaceFolder,
};

/// One client from `initialize` to `exit`.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) out: Outgoing,
    abilities: OnceLock<Abilities>,
    documents: Mutex<HashMap<Uri, Arc<Document>>>,
    folders: Mutex<Vec<PathBuf>>,
    settings: Mutex<Settings>,
    /// What the user was last told to be wrong with the settings.
    complaint: Mutex<String>,
    opened: AtomicU64,
    /// Counts what changed besides the documents: rules, files.
    generation: AtomicU64,
    client_ended: Notify,
    pub(super) worker: Worker,
    /// For large answers that are about to be written.
    pub(super) tickets: Tickets,
    /// The semantic tokens that each document was last told.
    tokens: Mutex<HashMap<Uri, Tokens>>,
}

/// Semantic tokens, and the name that the client knows them by.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) id: String,
    pub(super) all: Arc<Vec<SemanticToken>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a document is on disk; None for one that was never saved.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    is_file.then(|| uri.to_file_path().map(|p| p.into_owned())).flatten()
}

impl Session {
    pub(super) fn new(client: Client, out: Outgoing) -> Arc<Self> {
        Arc::new(Self {
            client,
            out,
            abilities: OnceLock::new(),
            documents: Mutex::default(),
            folders: Mutex::default(),
            settings: Mutex::default(),
            complaint: Mutex::default(),
            opened: AtomicU64::new(0),
            generation: AtomicU64::new(0),
            client_ended: Notify::new(),
            worker: Worker::start(),
            tickets: Tickets::default(),
            tokens: Mutex::default(),
        })
    }

    /// Takes in what the client says about itself.
    pub(super) fn begin(self: &Arc<Self>, params: &InitializeParams) -> &Abilities {
        let abilities = self.abilities.get_or_init(|| Abilities::of(params));
        *lock(&self.settings) = abilities.options().settings().clone();
        #[allow(deprecated)]
        let root = params.root_uri.as_ref().and_then(path_of);
        let folders = params.workspace_folders.iter().flatten().filter_map(|f| path_of(&f.uri));
        let mut folders: Vec<PathBuf> = folders.collect();
        if folders.is_empty() {
            folders.extend(root);
        }
        *lock(&self.folders) = folders;
        if let Some(id) = params.process_id {
            let session = self.clone();
            tokio::spawn(async move {
                end_of(Some(id)).await;
                session.client_ended.notify_one();
            });
        }
        abilities
    }

    /// What the client can do; None before `initialize`.
    pub(super) fn abilities(&self) -> Option<&Abilities> {
        self.abilities.get()
    }

    pub(super) fn open(&self, item: &TextDocumentItem) {
        let Some(setting) = self.setting(&item.uri) else { return };
        let opened = self.opened.fetch_add(1, Ordering::Relaxed);
        let document = Arc::new(Document::new(opened, setting, &item.text, item.version));
        lock(&self.documents).insert(item.uri.clone(), document);
    }

    /// How a document of this name is read.
    pub(super) fn setting(&self, uri: &Uri) -> Option<Setting> {
        let (encoding, path) = (self.abilities()?.encoding, path_of(uri));
        let config = self.config(path.as_deref());
        Some(Setting { uri: uri.clone(), path, encoding, config })
    }

    /// What holds for the document at `path`: what the client chose, and what the nearest `dockfix.toml` says beyond that.
    fn config(&self, path: Option<&Path>) -> Arc<Config> {
        let own = lock(&self.settings).clone();
        let file = path.and_then(config::find).map(|f| config::read(&f)).transpose();
        let settings = match file {
            Ok(others) => own.over(others.unwrap_or_default()),
            Err(error) => {
                self.complain(format!("{error}; the file is left out until it can be read"));
                own
            }
        };
        Arc::new(Config::of(settings))
    }

    /// Tells the user what is wrong with the settings, once until it changes.
    pub(super) fn complain(&self, what: String) {
        let mut last = lock(&self.complaint);
        if *last != what {
            self.out.notify::<ShowMessage>(&ShowMessageParams {
                typ: MessageType::WARNING,
                message: what.clone(),
            });
            *last = what;
        }
    }

    pub(super) fn close(&self, uri: &Uri) {
        lock(&self.documents).remove(uri);
        lock(&self.tokens).remove(uri);
    }

    pub(super) fn document(&self, uri: &Uri) -> Option<Arc<Document>> {
        lock(&self.documents).get(uri).cloned()
    }

    pub(super) fn snapshot(&self, uri: &Uri) -> Option<Snapshot> {
        self.document(uri).map(|d| d.snapshot())
    }

    pub(super) fn folders(&self) -> Vec<PathBuf> {
        lock(&self.folders).clone()
    }

    pub(super) fn change_folders(&self, added: &[WorkspaceFolder], removed: &[WorkspaceFolder]) {
        let mut folders = lock(&self.folders);
        let removed: Vec<PathBuf> = removed.iter().filter_map(|f| path_of(&f.uri)).collect();
        folders.retain(|f| !removed.contains(f));
        folders.extend(added.iter().filter_map(|f| path_of(&f.uri)));
    }

    /// Whether diagnostics are published, rather than asked for.
    pub(super) fn publishes(&self) -> bool {
        self.abilities().is_some_and(|a| !a.pulls)
    }

    /// Has a document checked, and what is found published.
    pub(super) fn check(self: &Arc<Self>, uri: &Uri) {
        if self.publishes() {
            self.worker.check(uri, self);
        }
    }

    /// Takes other settings.
    pub(super) fn configure(self: &Arc<Self>, options: Value) {
        let (options, complaints) = Options::read(Some(options));
        if !complaints.is_empty() {
            self.complain(format!("dockfix: {}", complaints.join("; ")));
        }
        let new = options.settings();
        let old = std::mem::replace(&mut *lock(&self.settings), new.clone());
        if old != *new {
            self.renew();
        }
    }

    /// Something besides the documents changed: what was found is found anew.
    pub(super) fn renew(self: &Arc<Self>) {
        self.generation.fetch_add(1, Ordering::Relaxed);
        let all: Vec<(Uri, Arc<Document>)> =
            lock(&self.documents).iter().map(|(u, d)| (u.clone(), d.clone())).collect();
        for (uri, document) in all {
            document.renew(self.config(path_of(&uri).as_deref()));
            self.check(&uri);
        }
        if self.abilities().is_some_and(|a| a.pulls && a.refreshes) {
            let client = self.client.clone();
            tokio::spawn(async move {
                let _ = tokio::time::timeout(PATIENCE, client.workspace_diagnostic_refresh()).await;
            });
        }
    }

    /// What stands for the state of everything besides the documents.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Returns when the process that asked to be watched has ended.
    pub(super) async fn client_ended(&self) {
        self.client_ended.notified().await;
    }

    /// Remembers the tokens of a document; the answer is what it was told before.
    pub(super) fn remember(&self, uri: &Uri, tokens: Tokens) -> Option<Tokens> {
        lock(&self.tokens).insert(uri.clone(), tokens)
    }

    /// Nothing more will be checked.
    pub(super) fn end(&self) {
        lock(&self.documents).clear();
    }
}

/// How long the client may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Returns when process `id` is there no more: never without an `id`, and never where that cannot be told.
pub(super) async fn end_of(id: Option<u32>) {
    while id.is_none_or(lives) {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[cfg(unix)]
fn lives(id: u32) -> bool {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    // A process of another user may not be signalled, and lives.
    id.is_none_or(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

/// Elsewhere nobody is asked: that takes unsafe code, or a library of many times this size. A client that ends there
/// takes its end of standard input with it, which ends the server as well.
#[cfg(not(unix))]
fn lives(_: u32) -> bool {
    true
}
