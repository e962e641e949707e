//! The server of one client: how it comes by an answer.
mod requests;

use super::abilities::Abilities;
use super::diagnostics;
use super::document::Reading;
use super::large::Kept;
use super::session::{PATIENCE, Session};
use super::transport::Outgoing;
use serde::Serialize;
use std::sync::Arc;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{ConfigurationItem, TextDocumentPositionParams, Uri};

/// The server of one client.
pub(super) struct Server(Arc<Session>);

impl Server {
    pub(super) fn new(client: Client, out: Outgoing) -> Self {
        Self(Session::new(client, out))
    }

    pub(super) fn session(&self) -> Arc<Session> {
        self.0.clone()
    }

    /// Answers from the text as it is now, on a thread where that may take time. None for a document that is not open.
    async fn on<T: Send + 'static>(
        &self,
        uri: &Uri,
        answer: impl FnOnce(&Reading, &Abilities, &Session) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(snapshot) = self.0.snapshot(uri) else { return Ok(None) };
        let session = self.0.clone();
        let of = self.0.clone();
        of.worker
            .work(move || session.abilities().map(|client| answer(&snapshot.reading(), client, &session)))
            .await
    }

    /// The same for a large answer: what comes of it is the ticket that stands for it.
    async fn keep<T: Serialize>(
        &self,
        uri: &Uri,
        answer: impl FnOnce(&Reading, &Abilities, &Session) -> Result<T> + Send + 'static,
    ) -> Result<Option<String>> {
        let kept = self.on(uri, |reading, client, session| Kept::of(&answer(reading, client, session)?));
        let kept = kept.await?.transpose()?;
        // No wait from here on: a request that is cancelled leaves nothing behind.
        Ok(kept.map(|kept| self.0.tickets.hand_over(kept)))
    }

    /// As [`on`](Self::on), for a place in the text.
    async fn at<T: Send + 'static>(
        &self,
        place: TextDocumentPositionParams,
        answer: impl FnOnce(&Reading, u32, &Abilities) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let position = place.position;
        let found = self.on(&place.text_document.uri, move |reading, client, _| {
            answer(reading, reading.positions.offset(position), client)
        });
        Ok(found.await?.flatten())
    }
}

/// Asks the client for its settings.
async fn configuration(session: &Arc<Session>) {
    if !session.abilities().is_some_and(|a| a.configures) {
        return;
    }
    let item = ConfigurationItem { scope_uri: None, section: Some(diagnostics::SOURCE.to_owned()) };
    let asked = session.client.configuration(vec![item]);
    let Ok(Ok(mut answers)) = tokio::time::timeout(PATIENCE, asked).await else { return };
    // `null` means that nobody set anything, not that everything is off.
    if let Some(own) = answers.pop().filter(|a| a.is_object()) {
        session.configure(own);
    }
}
