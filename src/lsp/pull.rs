//! Diagnostics for clients that ask for them: of a document, and of every Dockerfile of the workspace.
use super::diagnostics;
use super::document::{Reading, Snapshot};
use super::large::{self, Kept};
use super::session::{Session, path_of};
use crate::search;
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::notification::Progress;
use tower_lsp::ls_types::*;

/// What is found in a document, or that it is as it was. One that is not open is read from disk.
pub(super) fn document(
    session: &Session,
    uri: &Uri,
    snapshot: Option<Snapshot>,
    before: Option<&str>,
) -> Report<Vec<u8>> {
    let written = |reading: &Reading| session.abilities().map(|a| diagnostics::json(reading, a));
    report(session, uri, snapshot, before, &written)
}

impl Report<Vec<u8>> {
    /// The report itself. Its diagnostics stay with the session until it is written.
    pub(super) fn report(self, session: &Session) -> DocumentDiagnosticReportResult {
        let report = match self {
            Report::Same(result_id) => {
                let unchanged = UnchangedDocumentDiagnosticReport { result_id };
                DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                    related_documents: None,
                    unchanged_document_diagnostic_report: unchanged,
                })
            }
            Report::Full(_, result_id, items) => {
                let ticket = |mut items: Vec<u8>| {
                    items.push(b'}');
                    let name = Value::from(result_id.as_deref());
                    let head = format!(r#"{{"kind":"full","resultId":{name},"items":"#);
                    large::diagnostic(session.tickets.hand_over(Kept { head, rest: items }))
                };
                let items = items.map(ticket).into_iter().collect();
                DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                    related_documents: None,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
                })
            }
        };
        report.into()
    }
}

/// What is to be told of a document. `D` is what the diagnostics are given as.
pub(super) enum Report<D> {
    Same(String),
    /// The version of an open document, the name of the result, and what was found.
    Full(Option<i32>, Option<String>, Option<D>),
}

fn report<D>(
    session: &Session,
    uri: &Uri,
    snapshot: Option<Snapshot>,
    before: Option<&str>,
    written: &dyn Fn(&Reading) -> Option<D>,
) -> Report<D> {
    let generation = session.generation();
    if let Some(snapshot) = snapshot {
        let id = format!("{}.{}.{generation}", snapshot.document().opened, snapshot.version());
        if before == Some(&id) {
            return Report::Same(id);
        }
        let reading = snapshot.reading();
        return Report::Full(Some(reading.version), Some(id), written(&reading));
    }
    let text = path_of(uri).and_then(|p| std::fs::read_to_string(p).ok());
    let (Some(text), Some(setting)) = (text, session.setting(uri)) else {
        return Report::Full(None, None, None);
    };
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let id = format!("disk.{:x}.{generation}", hasher.finish());
    if before == Some(&id) {
        return Report::Same(id);
    }
    Report::Full(None, Some(id), written(&Reading::new(0, &setting, &text)))
}

/// What is found in every Dockerfile of the workspace, open or not, for as long as it is `wanted`.
pub(super) fn workspace(
    session: &Session,
    params: WorkspaceDiagnosticParams,
    wanted: &dyn Fn() -> bool,
) -> WorkspaceDiagnosticReportResult {
    let before: HashMap<Uri, String> =
        params.previous_result_ids.into_iter().map(|p| (p.uri, p.value)).collect();
    let folders = session.folders();
    let mut files: Vec<_> =
        folders.iter().flat_map(|f| search::dockerfiles(f)).filter_map(Result::ok).collect();
    files.sort();
    files.dedup();
    let mut uris: Vec<Uri> = files.iter().filter_map(Uri::from_file_path).collect();
    // What was reported earlier and is gone is reported as empty, once.
    uris.extend(before.keys().filter(|u| !uris.contains(u)).cloned().collect::<Vec<_>>());
    let (done, partial) = (params.work_done_progress_params, params.partial_result_params);
    let progress = done.work_done_token.map(|token| Steps::begin(session, token, uris.len()));
    let mut items = vec![];
    for (i, uri) in uris.into_iter().enumerate() {
        if !wanted() {
            break;
        }
        if let Some(progress) = &progress {
            progress.report(i);
        }
        let previous = before.get(&uri).map(String::as_str);
        let snapshot = session.snapshot(&uri);
        let all = |reading: &Reading| session.abilities().map(|a| diagnostics::all(reading, a));
        let item = match report(session, &uri, snapshot, previous, &all) {
            Report::Same(result_id) => {
                WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                })
            }
            Report::Full(version, result_id, items) => {
                let items = items.unwrap_or_default();
                WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version: version.map(i64::from),
                    full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
                })
            }
        };
        match &partial.partial_result_token {
            Some(token) => session.out.notify::<Partial>(&PartialResult {
                token: token.clone(),
                value: WorkspaceDiagnosticReport { items: vec![item] },
            }),
            None => items.push(item),
        }
    }
    if let Some(progress) = progress {
        progress.end();
    }
    WorkspaceDiagnosticReport { items }.into()
}

/// A part of the answer, ahead of the rest.
enum Partial {}

#[derive(serde::Serialize, serde::Deserialize)]
struct PartialResult {
    token: ProgressToken,
    value: WorkspaceDiagnosticReport,
}

impl notification::Notification for Partial {
    type Params = PartialResult;
    const METHOD: &'static str = "$/progress";
}

/// How far the search is, where the client wants to know.
struct Steps<'s> {
    session: &'s Session,
    token: ProgressToken,
    count: usize,
}

impl<'s> Steps<'s> {
    fn begin(session: &'s Session, token: ProgressToken, count: usize) -> Self {
        let this = Self { session, token, count };
        this.send(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: "Checking Dockerfiles".to_owned(),
            percentage: Some(0),
            ..WorkDoneProgressBegin::default()
        }));
        this
    }

    fn report(&self, done: usize) {
        self.send(WorkDoneProgress::Report(WorkDoneProgressReport {
            message: Some(format!("{done}/{}", self.count)),
            percentage: Some((done * 100 / self.count.max(1)) as u32),
            ..WorkDoneProgressReport::default()
        }));
    }

    fn end(self) {
        self.send(WorkDoneProgress::End(WorkDoneProgressEnd::default()));
    }

    fn send(&self, progress: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(progress);
        self.session.out.notify::<Progress>(&ProgressParams { token: self.token.clone(), value });
    }
}
