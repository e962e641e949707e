//! Code actions: fixes, and comments that say that none is wanted.
use super::abilities::Abilities;
use super::diagnostics;
use super::document::Reading;
use super::edits::workspace_edit;
use super::refactor;
use crate::check::Found;
use crate::fix::passes;
use crate::rule::Safety;
use crate::rules;
use crate::suppress;
use crate::text::{Edit, Span};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use tower_lsp::ls_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CodeActionTriggerKind, Uri,
    WorkspaceEdit,
};

/// A comment that switches a rule off.
pub(super) const SUPPRESS: CodeActionKind = CodeActionKind::new("quickfix.suppress.dockfix");
/// Every safe fix: what `--fix` does.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.dockfix");
/// Every fix: what `--fix --unsafe-fixes` does.
pub(super) const FIX_ALL_UNSAFE: CodeActionKind = CodeActionKind::new("source.fixAllUnsafe.dockfix");

/// What a client sends back to have the edit of an action worked out.
#[derive(Serialize, Deserialize)]
pub(super) struct Later {
    pub(super) uri: Uri,
    pub(super) version: i32,
    /// This rule alone.
    rule: Option<String>,
    /// Left out when false: there are clients (lsp-mode in Emacs) that send `false` back as `null`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    risky: bool,
}

impl Later {
    /// The edit; None when the text is another one by now, or nothing is left to do.
    pub(super) fn edit(&self, reading: &Reading, client: &Abilities) -> Option<WorkspaceEdit> {
        let safety = if self.risky { Safety::Unsafe } else { Safety::Safe };
        let fixes = match &self.rule {
            Some(name) => reading.fixes_of(&reading.setting.config.only(&[rules::find(name)?]), safety),
            None => reading.fixes(safety).clone(),
        };
        workspace_edit(reading, &fixes.edits, &fixes.creates, client)
    }
}

/// The actions for `span` that the client wants to see.
pub(super) fn all(
    reading: &Reading,
    span: Span,
    context: &CodeActionContext,
    client: &Abilities,
) -> Vec<CodeActionOrCommand> {
    let mut out = Actions { reading, client, context, all: vec![] };
    let found: Vec<&Found> = reading.found().iter().filter(|f| f.span().touches(span)).collect();
    if out.wants(&CodeActionKind::QUICKFIX) {
        found.iter().for_each(|f| out.fix(f));
        let mut seen = vec![];
        for f in &found {
            if !seen.contains(&f.rule.name) {
                seen.push(f.rule.name);
                out.fix_all_of(f);
            }
        }
    }
    if out.wants(&SUPPRESS) {
        let mut seen = HashSet::new();
        for f in &found {
            if seen.insert((f.rule.name, reading.instruction_at(f.span().start))) {
                out.ignore(f);
            }
        }
    }
    out.refactor(span);
    out.fix_everything();
    out.all.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

struct Actions<'a> {
    reading: &'a Reading,
    client: &'a Abilities,
    context: &'a CodeActionContext,
    all: Vec<CodeAction>,
}

/// Whether `kind` is `asked`, or one of its kinds.
fn is_of(kind: &CodeActionKind, asked: &CodeActionKind) -> bool {
    let (kind, asked) = (kind.as_str(), asked.as_str());
    asked.is_empty() || kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Actions<'_> {
    /// Whether actions of this kind, or of kinds below it, are asked for.
    fn wants(&self, kind: &CodeActionKind) -> bool {
        let asked = self.context.only.as_deref();
        asked.is_none_or(|all| all.iter().any(|a| is_of(kind, a)))
    }

    /// Whether actions of this very kind are asked for.
    fn asked_for(&self, kind: &CodeActionKind) -> bool {
        self.context.only.iter().flatten().any(|a| is_of(kind, a))
    }

    fn edit(&self, edits: &[Edit]) -> Option<WorkspaceEdit> {
        workspace_edit(self.reading, edits, &[], self.client)
    }

    /// The fix of a finding, by itself.
    fn fix(&mut self, found: &Found) {
        let Some(fix) = found.fix().filter(|_| passes(&self.reading.file, found)) else {
            return;
        };
        let creates = fix.creates().map_or(&[][..], std::slice::from_ref);
        let Some(edit) = workspace_edit(self.reading, &fix.edits(), creates, self.client) else { return };
        self.all.push(CodeAction {
            title: title(fix.title(), fix.safety()),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: diagnostics::diagnostic(self.reading, found, self.client).map(|d| vec![d]),
            edit: Some(edit),
            is_preferred: Some(fix.safety() == Safety::Safe),
            ..CodeAction::default()
        });
    }

    /// All fixes of a finding's rule, where there are several.
    fn fix_all_of(&mut self, found: &Found) {
        let Some(safety) = found.fix().map(|f| f.safety()) else { return };
        let same = |f: &&Found| f.rule.name == found.rule.name && has(f, safety);
        if self.reading.found().iter().filter(same).count() < 2 {
            return;
        }
        let words = format!("Fix all of `{}` in this file", found.rule.name);
        let rule = Some(found.rule.name);
        self.whole(title(&words, safety), CodeActionKind::QUICKFIX, rule, safety);
    }

    /// All fixes of the file.
    fn fix_everything(&mut self) {
        let found = self.reading.found();
        let any = |s: Safety| found.iter().any(|f| has(f, s));
        let invoked = self.context.only.is_none()
            && self.context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC);
        // Asked for by its kind, as on saving, it is offered only if something comes of it.
        let something = |s: Safety| {
            let fixes = self.reading.fixes(s);
            !fixes.edits.is_empty() || !fixes.creates.is_empty()
        };
        let safe = any(Safety::Safe) && (invoked || self.asked_for(&FIX_ALL) && something(Safety::Safe));
        // Never under a mere `source`: saving a file must not change what the image is.
        let by_name = self.context.only.iter().flatten().any(|a| {
            a.as_str() != CodeActionKind::SOURCE.as_str()
                && !a.as_str().is_empty()
                && is_of(&FIX_ALL_UNSAFE, a)
        });
        let risky = any(Safety::Unsafe) && (invoked || by_name && something(Safety::Unsafe));
        if safe {
            self.whole("Fix everything that is safe to fix".to_owned(), FIX_ALL, None, Safety::Safe);
        }
        if risky {
            let words = title("Fix everything", Safety::Unsafe);
            self.whole(words, FIX_ALL_UNSAFE, None, Safety::Unsafe);
        }
    }

    /// An action on the whole file; its edit is worked out when it is asked for, where the client can ask.
    fn whole(&mut self, title: String, kind: CodeActionKind, rule: Option<&str>, safety: Safety) {
        let (uri, version) = (self.reading.setting.uri.clone(), self.reading.version);
        let later = Later { uri, version, rule: rule.map(str::to_owned), risky: safety == Safety::Unsafe };
        let mut action = CodeAction { title, kind: Some(kind), ..CodeAction::default() };
        if self.client.resolves_edits {
            action.data = serde_json::to_value(later).ok();
        } else {
            action.edit = later.edit(self.reading, self.client);
            if action.edit.is_none() {
                return;
            }
        }
        self.all.push(action);
    }

    /// Comments that switch a finding's rule off.
    fn ignore(&mut self, found: &Found) {
        let (file, name) = (&self.reading.file, found.rule.name);
        let here = suppress::ignore_at(file, found.span(), name);
        let here = here.map(|e| (format!("Ignore `{name}` for this instruction"), e));
        let everywhere = (format!("Ignore `{name}` in this file"), suppress::ignore_in_file(file, name));
        for (title, edit) in here.into_iter().chain([everywhere]) {
            let edit = self.edit(&[edit]);
            let diagnostics = diagnostics::diagnostic(self.reading, found, self.client).map(|d| vec![d]);
            self.all.push(CodeAction {
                title,
                kind: Some(SUPPRESS),
                diagnostics,
                edit,
                ..CodeAction::default()
            });
        }
    }

    /// Other ways of writing what stands here.
    fn refactor(&mut self, span: Span) {
        if !self.wants(&CodeActionKind::REFACTOR_REWRITE) && !self.wants(&CodeActionKind::REFACTOR_EXTRACT) {
            return;
        }
        for change in refactor::all(self.reading, span) {
            if self.wants(&change.kind) {
                let edit = self.edit(&change.edits);
                let (title, kind) = (change.title, Some(change.kind));
                self.all.push(CodeAction { title, kind, edit, ..CodeAction::default() });
            }
        }
    }
}

/// Whether it has a fix of this safety.
fn has(found: &Found, safety: Safety) -> bool {
    found.fix().is_some_and(|f| f.safety() == safety)
}

fn title(title: &str, safety: Safety) -> String {
    if safety == Safety::Unsafe { format!("{title} (unsafe)") } else { title.to_owned() }
}
