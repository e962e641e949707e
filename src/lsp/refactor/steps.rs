//! The steps of a RUN: in one instruction or two, in a chain or in a here-document.
use super::Here;
use crate::join::join;
use crate::model::{Joint, Source, Step, StepKind};
use crate::text::{Edit, Span};

impl Here<'_> {
    pub(super) fn join(&self) -> Option<Vec<Edit>> {
        join(&self.reading.file, self.index.checked_sub(1)?).map(|e| vec![e])
    }

    pub(super) fn split(&self) -> Option<Vec<Edit>> {
        let script =
            self.script().filter(|s| s.source == Source::Line && !s.has_heredoc && !s.has_comment)?;
        let node = self.node();
        let offset = self.offset - self.placed.at;
        let step = script.steps.iter().rposition(|s| s.span.start <= offset).filter(|i| *i > 0)?;
        let chain = script.steps[1..].iter().all(|s| s.joint == Joint::And && !s.background);
        let keeps = script.commands.iter().filter(|c| c.step < step).all(|c| !c.changes_shell());
        let gap = Span { start: script.steps[step - 1].span.end, end: script.steps[step].span.start };
        if !chain || !keeps || gap.of(&node.text).contains('#') {
            return None;
        }
        let head = Span { start: 0, end: node.body.start }.of(&node.text);
        if head.contains('\n') {
            return None;
        }
        self.replace(gap, format!("{}{}{head}", self.newline(), self.indent()))
    }

    pub(super) fn to_heredoc(&self) -> Option<Vec<Edit>> {
        let script =
            self.script().filter(|s| s.source == Source::Line && !s.has_heredoc && !s.has_comment)?;
        let node = self.node();
        let several = script.steps.len() > 1 && script.steps[1..].iter().all(|s| s.joint == Joint::And);
        // `set -e` overlooks what `!` turns round; `&&` does not.
        let other = |s: &Step| s.background || s.span.of(&node.text).starts_with('!');
        if !several || !node.comments.is_empty() || script.steps.iter().any(other) {
            return None;
        }
        let end = self.newline();
        let lines: String =
            script.steps.iter().map(|s| format!("{}{end}", node.read(s.span).trim_end())).collect();
        self.replace(node.body, format!("<<EOF{end}set -e{end}{lines}EOF"))
    }

    pub(super) fn to_chain(&self) -> Option<Vec<Edit>> {
        let script = self.script().filter(|s| s.source == Source::Heredoc && s.interpreter.is_none())?;
        let node = self.node();
        let [doc] = node.heredocs.as_slice() else { return None };
        let text = |i: usize| script.steps[i].span.of(&node.text);
        let sets = text_is_errexit(script.steps.first().map(|_| text(0))?);
        let plain = |s: &Step| {
            matches!(s.joint, Joint::First | Joint::Then | Joint::And)
                && s.kind != StepKind::Compound
                && !s.background
                && !s.span.of(&node.text).contains('\n')
        };
        let whole = !script.has_comment && !script.has_heredoc && script.steps.iter().all(plain);
        if !sets || !whole || script.steps.len() < 2 {
            return None;
        }
        let joint = format!(" && {}", self.continuation());
        let steps: Vec<&str> = (1..script.steps.len()).map(text).collect();
        self.replace(node.body.to(doc.end), steps.join(&joint))
    }
}

fn text_is_errexit(step: &str) -> bool {
    matches!(step.trim(), "set -e" | "set -o errexit")
}
