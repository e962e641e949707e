//! What the client can do, and what it asked for.
use super::position::Encoding;
use crate::config;
use crate::settings::Settings;
use schemars::JsonSchema;
use serde_json::Value;
use std::collections::BTreeMap;
use tower_lsp::ls_types::{ClientCapabilities, InitializeParams, MarkupKind, ResourceOperationKind};

/// The initialization options; the same may come as the configuration section `dockfix`.
#[derive(Clone, Debug, Default, JsonSchema)]
pub(super) struct Options {
    /// Features by name: those that are false are left to another server. Read once, at the start.
    #[schemars(default)]
    features: BTreeMap<String, bool>,
    /// What holds for every document, before what a `dockfix.toml` above it says.
    #[schemars(flatten)]
    settings: Settings,
}

impl Options {
    /// Reads what a client sent, each option by itself. What cannot be read is as if it were not there; the second answer
    /// tells why.
    pub(super) fn read(value: Option<Value>) -> (Self, Vec<String>) {
        let Some(Value::Object(all)) = value else { return Default::default() };
        let (mut out, mut complaints) = (Self::default(), vec![]);
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_null()) {
            if name == "features" {
                match serde_json::from_value(value) {
                    Ok(features) => out.features = features,
                    Err(error) => complaints.push(format!("`{name}`: {error}")),
                }
                continue;
            }
            let one = Value::Object([(name.clone(), value)].into_iter().collect());
            match serde_json::from_value::<Settings>(one) {
                Ok(settings) => out.settings = out.settings.over(settings),
                // The clients' own (their path to the program, say) are no concern of ours.
                Err(error) if error.to_string().starts_with("unknown field") => {}
                Err(error) => complaints.push(format!("`{name}`: {error}")),
            }
        }
        complaints.extend(config::unknown_rule(&out.settings).map(|n| format!("no rule is called `{n}`")));
        (out, complaints)
    }

    /// What the client chose.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// What the client can do, as far as it matters here.
#[derive(Clone, Debug)]
pub(super) struct Abilities {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics itself, so none are published.
    pub(super) pulls: bool,
    /// It asks again when it is told to.
    pub(super) refreshes: bool,
    /// Edits may name the version that they are for.
    pub(super) versioned_edits: bool,
    /// An edit may create a file.
    pub(super) creates_files: bool,
    /// The edit of a code action may come later, by `codeAction/resolve`.
    pub(super) resolves_edits: bool,
    /// Files can be watched, by registration at run time.
    pub(super) watches_files: bool,
    /// It answers `workspace/configuration`.
    pub(super) configures: bool,
    pub(super) related_information: bool,
    pub(super) diagnostic_tags: bool,
    pub(super) code_description: bool,
    pub(super) diagnostic_data: bool,
    pub(super) snippets: bool,
    pub(super) hierarchical_symbols: bool,
    pub(super) markdown: bool,
    pub(super) folds_lines_only: bool,
    pub(super) most_folds: Option<usize>,
    pub(super) document_links_tooltip: bool,
    options: Options,
    /// What is wrong with them.
    pub(super) complaints: Vec<String>,
}

impl Abilities {
    /// Reads them off the `initialize` request.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { workspace, text_document, general, .. } = params.capabilities.clone();
        let workspace = workspace.unwrap_or_default();
        let text = text_document.unwrap_or_default();
        let edit = workspace.workspace_edit.unwrap_or_default();
        let creates = edit.resource_operations.is_some_and(|o| o.contains(&ResourceOperationKind::Create));
        let versioned_edits = edit.document_changes == Some(true);
        let action = text.code_action.unwrap_or_default();
        let resolves = action.resolve_support.is_some_and(|r| r.properties.iter().any(|p| p == "edit"));
        let (pull, push) = (text.diagnostic, text.publish_diagnostics.unwrap_or_default());
        let of_pull = pull.clone().unwrap_or_default();
        let folding = text.folding_range.unwrap_or_default();
        let hover = text.hover.unwrap_or_default();
        let (options, complaints) = Options::read(params.initialization_options.clone());
        Self {
            encoding: Encoding::of(general.and_then(|g| g.position_encodings).as_deref()),
            pulls: pull.is_some(),
            refreshes: workspace.diagnostics.is_some_and(|d| d.refresh_support == Some(true)),
            versioned_edits,
            creates_files: versioned_edits && creates,
            resolves_edits: resolves && action.data_support == Some(true),
            watches_files: workspace
                .did_change_watched_files
                .is_some_and(|w| w.dynamic_registration == Some(true)),
            configures: workspace.configuration == Some(true),
            related_information: push.related_information == Some(true)
                || of_pull.related_information == Some(true),
            diagnostic_tags: push.tag_support.is_some() || of_pull.tag_support.is_some(),
            code_description: push.code_description_support == Some(true)
                || of_pull.code_description_support == Some(true),
            diagnostic_data: push.data_support == Some(true) || of_pull.data_support == Some(true),
            snippets: text
                .completion
                .and_then(|c| c.completion_item)
                .is_some_and(|i| i.snippet_support == Some(true)),
            hierarchical_symbols: text
                .document_symbol
                .is_some_and(|s| s.hierarchical_document_symbol_support == Some(true)),
            markdown: hover.content_format.is_none_or(|f| f.contains(&MarkupKind::Markdown)),
            folds_lines_only: folding.line_folding_only == Some(true),
            most_folds: folding.range_limit.map(|l| l as usize),
            document_links_tooltip: text.document_link.is_some_and(|l| l.tooltip_support == Some(true)),
            options,
            complaints,
        }
    }

    /// The initialization options.
    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// Whether a feature is offered.
    pub(super) fn offers(&self, feature: &str) -> bool {
        self.options.features.get(feature) != Some(&false)
    }
}
