//! Checks what changed and publishes what is found, on a thread of its own.
use super::diagnostics;
use super::session::Session;
use std::sync::Weak;
use std::sync::mpsc::{Receiver, Sender, channel};
use tower_lsp::ls_types::Uri;

/// The thread, as others see it.
pub(super) struct Worker(Sender<Uri>);

impl Worker {
    /// Starts it. It ends with the session.
    pub(super) fn start(session: Weak<Session>) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || work(&receiver, &session));
        Self(sender)
    }

    /// Has the document checked as it is by then.
    pub(super) fn check(&self, uri: Uri) {
        // Without the thread there is no session either.
        let _ = self.0.send(uri);
    }
}

fn work(changed: &Receiver<Uri>, session: &Weak<Session>) {
    while let Ok(first) = changed.recv() {
        // However many changes have come meanwhile, the newest text alone is checked.
        let mut all = vec![first];
        for uri in changed.try_iter() {
            if !all.contains(&uri) {
                all.push(uri);
            }
        }
        let Some(session) = session.upgrade() else { return };
        for uri in all {
            publish(&session, uri);
        }
    }
}

fn publish(session: &Session, uri: Uri) {
    let Some(abilities) = session.abilities() else { return };
    match session.snapshot(&uri) {
        Some(snapshot) => {
            let reading = snapshot.reading();
            session.out.publish(&uri, Some(reading.version), diagnostics::json(&reading, abilities));
        }
        // Closed: nothing is left of it.
        None => session.out.publish(&uri, None, b"[]".to_vec()),
    }
}
