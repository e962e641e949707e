//! How a step is put into a script, laid out like those around it.
use super::{Edit, Here, Joint, Script, Source, Span, StepKind, newline};

impl<'a> Here<'a> {
    /// Another step `command` right behind step `step`, run only if the list up to it succeeded, laid out like the steps
    /// around it. None where that cannot be promised: a JSON form, heredocs inside, a `||` behind the step, the
    /// background, a `;` without `set -e` before it, or a script that defines functions.
    pub fn step_after(&self, step: usize, command: &str) -> Option<Edit> {
        let script = self.instruction.script.as_ref()?;
        let this = script.steps.get(step)?;
        let followed_by_or = script.steps.get(step + 1).is_some_and(|s| s.joint == Joint::Or);
        let text = &self.instruction.text;
        // What a function does is done where it is called.
        let defines =
            script.steps.iter().any(|s| s.kind == StepKind::Compound && is_function(s.span.of(text)));
        let unclear = script.broken || script.has_heredoc || followed_by_or || defines;
        if unclear || !script.is_one_list_until(step + 1) {
            return None;
        }
        let joint = match script.source {
            Source::Json => return None,
            Source::Heredoc => self.line_near(script, step),
            Source::Line => self.joint_near(script, step),
        };
        Some(Edit::insert(this.span.end, joint + command))
    }

    /// The edit of the file that takes step `step` out of a chain of several. None where the others may then run, or not run,
    /// for another reason, and where a comment would go with it.
    pub fn without_step(&self, step: usize) -> Option<Edit> {
        let script =
            self.instruction.script.as_ref().filter(|s| s.is_chain() && !s.has_heredoc && !s.broken)?;
        let this = script.steps.get(step).filter(|_| script.source == Source::Line)?;
        let span = match (step.checked_sub(1).map(|i| &script.steps[i]), script.steps.get(step + 1)) {
            (Some(before), _) => Span { start: before.span.end, end: this.span.end },
            (None, Some(next)) => Span { start: this.span.start, end: next.span.start },
            (None, None) => return None,
        };
        let kept = self.instruction.comments.iter().all(|c| !span.touches(*c));
        (kept && !script.has_comment).then(|| Edit::delete(self.placed().absolute(span)))
    }

    /// What joins steps around `step`, blanks and line ends included: on a line of its own where the steps have one.
    fn joint_near(&self, script: &Script, step: usize) -> String {
        let text = &self.instruction.text;
        let gap = |i: usize| {
            let (a, b) = (script.steps.get(i.checked_sub(1)?)?, script.steps.get(i)?);
            let gap = &text[a.span.end as usize..b.span.start as usize];
            let joint = gap.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | '`'));
            let plain = joint == "&&" || joint == ";" && script.is_errexit_at(i);
            (plain && gap.matches('\n').count() < 2).then_some(gap)
        };
        let near = [gap(step), gap(step + 1)];
        let own_line = near.iter().flatten().find(|g| g.contains('\n'));
        let tall = script.steps[step].span.of(text).contains('\n');
        match own_line.or_else(|| near.iter().flatten().find(|_| !tall)) {
            Some(gap) => without_trailing_blanks(gap),
            None if self.instruction.is_continued() => {
                let escape = self.escape();
                format!(" {escape}{}{}&& ", newline(text), self.indent())
            }
            None => " && ".to_owned(),
        }
    }

    /// What joins a step of a here-document to `step`: a line end where the script stops at the first failure.
    fn line_near(&self, script: &Script, step: usize) -> String {
        let text = &self.instruction.text;
        if !(script.is_errexit_at(step) || self.state().shell.errexit) {
            return " && ".to_owned();
        }
        let before = &text[..script.steps[step].span.start as usize];
        let line = &before[before.rfind('\n').map_or(0, |n| n + 1)..];
        let indent = &line[..line.len() - line.trim_start().len()];
        format!("{}{indent}", newline(text))
    }

    /// How its continued lines are indented: as those that begin with `&&`, or the least indented one.
    fn indent(&self) -> &'a str {
        let lines = self.instruction.text.lines().skip(1).filter(|l| !l.trim_start().starts_with('#'));
        let lines = lines.map(|l| (&l[..l.len() - l.trim_start().len()], l.trim_start()));
        let indented = lines.filter(|(indent, rest)| !indent.is_empty() && rest.len() > 1);
        let first = |(indent, rest): &(&str, &str)| (!rest.starts_with("&&"), indent.len());
        indented.min_by_key(first).map_or("    ", |(indent, _)| indent)
    }
}

/// What joins two steps, without the blanks that may stand behind its escape character.
fn without_trailing_blanks(gap: &str) -> String {
    let Some((line, rest)) = gap.split_once('\n') else { return gap.to_owned() };
    let end = if line.ends_with('\r') { "\r\n" } else { "\n" };
    format!("{}{end}{rest}", line.trim_end())
}

/// Whether a compound command is the definition of a function.
fn is_function(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    text.starts_with("function ") || rest.len() < text.len() && rest.trim_start().starts_with("()")
}
