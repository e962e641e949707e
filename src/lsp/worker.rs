//! The thread that reads, checks and answers, away from the messages and in their order.
//!
//! It is one: what it works on stays in its caches, and what one document gives back of memory the next one takes. The
//! allocator of the system has a heap for each thread, and several would each grow as large as the largest document.
use super::diagnostics;
use super::session::Session;
use std::collections::HashSet;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;

type Job = Box<dyn FnOnce() + Send>;

/// The thread, as others see it.
pub(super) struct Worker {
    jobs: Sender<Job>,
    /// The documents that wait to be checked: however often one has changed meanwhile, its newest text alone is.
    changed: Mutex<HashSet<Uri>>,
}

impl Worker {
    /// Starts it. It ends when nobody is left who could give it work.
    pub(super) fn start() -> Self {
        let (jobs, all) = channel::<Job>();
        std::thread::spawn(move || all.into_iter().for_each(|job| job()));
        Self { jobs, changed: Mutex::default() }
    }

    /// Has work done. Whoever no longer waits for the result when its turn comes has it not done at all.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let (answer, result) = oneshot::channel();
        self.put(move || {
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        });
        result.await.map_err(|_| Error::internal_error())
    }

    /// Has a document checked as it is by then, and what is found published.
    pub(super) fn check(&self, uri: &Uri, session: &Arc<Session>) {
        if self.changed().insert(uri.clone()) {
            let (uri, session) = (uri.clone(), session.clone());
            self.put(move || {
                session.worker.changed().remove(&uri);
                publish(&session, uri);
            });
        }
    }

    fn put(&self, job: impl FnOnce() + Send + 'static) {
        // Without the thread, a panic has ended the process.
        let _ = self.jobs.send(Box::new(job));
    }

    fn changed(&self) -> MutexGuard<'_, HashSet<Uri>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
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
