//! Shell form and JSON form.
use super::Here;
use crate::model::{Form, Keyword, Source, Word};
use crate::rule::json_string;
use crate::text::Edit;

impl Here<'_> {
    pub(super) fn to_json(&self) -> Option<Vec<Edit>> {
        let node = self.node();
        let script = node.script.as_ref().filter(|s| s.source == Source::Line && !s.broken)?;
        let [command] = script.commands.as_slice() else { return None };
        let simple = command.assignments.is_empty() && !command.redirected && script.steps.len() == 1;
        let mut words: Vec<&Word> = command.wrappers.iter().chain(&command.words).collect();
        // Without a shell there is nothing to replace, and nobody who knows `cd`.
        if words.first().is_some_and(|w| w.value == "exec") {
            words.remove(0);
        } else if command.changes_shell() {
            return None;
        }
        if !simple
            || !self.is_posix()
            || !matches!(node.keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run)
            || words.iter().any(|w| !w.literal)
        {
            return None;
        }
        let words: Vec<String> = words.iter().map(|w| json_string(&w.value)).collect();
        self.replace(node.body, format!("[{}]", words.join(", ")))
    }

    pub(super) fn to_shell(&self) -> Option<Vec<Edit>> {
        let node = self.node();
        let runs = matches!(node.keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run);
        if node.form != Form::Json || !runs || !self.is_posix() || node.words.is_empty() {
            return None;
        }
        let quoted = |w: &Word| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
            let bare = !w.value.is_empty() && w.value.chars().all(plain);
            (!w.value.contains(['\'', '\n']))
                .then(|| if bare { w.value.clone() } else { format!("'{}'", w.value) })
        };
        let words: Option<Vec<String>> = node.words.iter().map(quoted).collect();
        self.replace(node.body, words?.join(" "))
    }
}
