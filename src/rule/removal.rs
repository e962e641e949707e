//! How a part of an instruction is taken out.
use super::{Command, Edit, Here, Span};

impl Here<'_> {
    /// Takes out pair `at` of an ENV or LABEL, or the whole instruction where it holds nothing else. None where a comment
    /// speaks about it.
    pub fn without_pair(&self, at: usize) -> Option<Edit> {
        let this = self.instruction;
        if this.pairs.len() == 1 {
            return self.without_itself();
        }
        let span = match at {
            0 => Span { start: this.pairs[0].span.start, end: this.pairs[1].span.start },
            _ => Span { start: this.pairs[at - 1].span.end, end: this.pairs[at].span.end },
        };
        (!self.is_commented(span)).then(|| Edit::delete(span))
    }

    /// Takes out the whole instruction and its line. None where a comment stands in it or above it.
    pub fn without_itself(&self) -> Option<Edit> {
        let (placed, lines) = (self.placed(), self.file().lines_of(self.index()));
        let commented =
            self.file().line_above(self.index()) != placed.at || !self.instruction.comments.is_empty();
        // Spans are relative to the instruction, whose own line is all that goes.
        let own_line = lines.start == placed.at;
        (own_line && !commented && !self.is_onbuild())
            .then(|| Edit::delete(Span { start: 0, end: lines.end - placed.at }))
    }

    /// Takes out a command that is a step of this RUN, or the whole RUN where it does nothing else. The edit is one of the file.
    pub fn without_command(&self, command: &Command) -> Option<Edit> {
        let own = self.placed();
        if self.instruction.script.as_ref()?.steps.len() > 1 {
            let edit = self.without_step(command.step)?;
            return Some(Edit::delete(own.absolute(edit.span)));
        }
        let end = self.file().lines_of(self.index()).end;
        own.node.comments.is_empty().then(|| Edit::delete(Span { start: own.at, end }))
    }

    /// Takes out the word `at` of a command and what separates it from the word before. None where a comment stands there.
    pub fn without_word(&self, command: &Command, at: usize) -> Option<Edit> {
        let gap = Span { start: command.words[at.checked_sub(1)?].span.end, end: command.words[at].span.end };
        (!self.is_commented(gap)).then(|| Edit::delete(gap))
    }

    fn is_commented(&self, span: Span) -> bool {
        self.instruction.comments.iter().any(|c| c.start < span.end && span.start < c.end)
    }
}
