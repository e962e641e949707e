//! Checks what changed and publishes what is found, one document after the other, away from the messages.
use super::diagnostics;
use super::session::Session;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tower_lsp::ls_types::Uri;

/// The documents that wait to be checked, each once: however often one has changed meanwhile, its newest text alone is
/// checked.
#[derive(Default)]
pub(super) struct Worker(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    documents: VecDeque<Uri>,
    /// Somebody takes them.
    taken: bool,
}

impl Worker {
    /// Has the document checked as it is by then, on one of the threads that may be kept busy.
    pub(super) fn check(&self, uri: &Uri, session: &Arc<Session>) {
        let mut waiting = self.waiting();
        if !waiting.documents.contains(uri) {
            waiting.documents.push_back(uri.clone());
        }
        if !std::mem::replace(&mut waiting.taken, true) {
            let session = session.clone();
            tokio::task::spawn_blocking(move || {
                while let Some(uri) = session.worker.next() {
                    publish(&session, uri);
                }
            });
        }
    }

    fn next(&self) -> Option<Uri> {
        let mut waiting = self.waiting();
        let next = waiting.documents.pop_front();
        waiting.taken = next.is_some();
        next
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn publish(session: &Session, uri: Uri) {
    let Some(abilities) = session.abilities() else { return };
    match session.snapshot(&uri) {
        Some(snapshot) => {
            let reading = snapshot.reading();
            session.out.publish(uri, Some(reading.version), diagnostics::json(&reading, abilities));
        }
        // Closed: nothing is left of it.
        None => session.out.publish(uri, None, b"[]".to_vec()),
    }
}
