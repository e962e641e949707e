//! How a stage gets more packages of Debian.
use super::*;

/// A place in the commands of a file: the index of an instruction, and the offset of a command in it.
pub type Moment = (usize, u32);

impl<'a> File<'a> {
    /// The edits by which `packages` of Debian are installed in `stage` before `first`: more words for the first
    /// `apt-get install` before it, or one RUN more, ahead of what changes with every build.
    ///
    /// # Errors
    /// Why there are none.
    pub fn apt_install(&self, stage: &Stage, packages: &[&str], first: Moment) -> Result<Edit, String> {
        if let Some(edit) = self.more_words(stage, packages, first) {
            return Ok(edit);
        }
        let end = stage.instructions.end;
        let prepared = self.prepared(stage, first);
        let begins = |i: &usize| {
            matches!(
                self.here(*i).placed().node.keyword,
                Keyword::Run
                    | Keyword::Copy
                    | Keyword::Add
                    | Keyword::User
                    | Keyword::Onbuild
                    | Keyword::Cmd
                    | Keyword::Entrypoint
                    | Keyword::Healthcheck
                    | Keyword::Unknown
            )
        };
        let slot = (prepared..end).find(begins).unwrap_or(end);
        let last = self.here(slot.min(end - 1));
        // Nothing between the two changes the user.
        if !last.is_root() {
            return Err(format!(
                "`{}` runs its steps and may not install anything",
                last.user().unwrap_or("a user")
            ));
        }
        if !last.state().shell.is_posix() {
            return Err("its shell is not known".to_owned());
        }
        Ok(self.new_run(stage, slot, packages))
    }

    /// The first instruction of `stage` at which apt is ready: behind its FROM, and behind what sets a proxy or a mirror.
    fn prepared(&self, stage: &Stage, first: Moment) -> usize {
        let prepares = |i: &usize| {
            let placed = self.placed(*i);
            let text = &placed.node.text;
            match placed.node.keyword {
                Keyword::Run | Keyword::Copy | Keyword::Add => text.contains("/etc/apt/"),
                Keyword::Env | Keyword::Arg => text.to_ascii_lowercase().contains("_proxy"),
                _ => false,
            }
        };
        let range = stage.instructions.start + 1..stage.instructions.end.min(first.0);
        range.rev().find(prepares).unwrap_or(stage.instructions.start) + 1
    }

    fn new_run(&self, stage: &Stage, slot: usize, packages: &[&str]) -> Edit {
        let (line, escape) = (self.newline(), self.escape());
        let from = self.placed(stage.instructions.start);
        let run = in_case_of(from.node.keyword_span.of(&from.node.text), "RUN");
        let steps = [
            format!("{run} apt-get update"),
            format!("apt-get install -y --no-install-recommends {}", packages.join(" ")),
            "rm -rf /var/lib/apt/lists/*".to_owned(),
        ];
        let short = steps.join(" && ");
        let text = if short.len() <= 110 { short } else { steps.join(&format!(" {escape}{line}    && ")) };
        if slot == stage.instructions.end {
            let end = self.placed(slot - 1).span().end;
            return Edit::insert(end, format!("{line}{text}"));
        }
        let at = self.line_above(slot);
        let (before, _) = self.around(slot);
        let before = &before[..before.len() - (self.placed(slot).at - at) as usize];
        let above = before.trim_end_matches([' ', '\t']);
        let indent = &before[above.len()..];
        let apart = above.ends_with("\n\n") || above.ends_with("\n\r\n");
        Edit::insert(at, format!("{text}{line}{}{indent}", if apart { line } else { "" }))
    }

    /// `packages` behind those of the first install that is sure to run before `first`.
    fn more_words(&self, stage: &Stage, packages: &[&str], first: Moment) -> Option<Edit> {
        let mut updated = false;
        for (index, placed) in self.instructions(stage) {
            let here = self.here(index);
            let script = placed.node.script.as_ref().filter(|_| placed.node.keyword == Keyword::Run);
            for command in here.commands() {
                if (index, command.span.start) >= first {
                    return None;
                }
                updated |= command.asks(Manager::Apt, Action::Update);
                let takes = updated && script.is_some_and(|s| s.surely_runs(command)) && takes_more(command);
                if let Some((before, last)) = last_operand(command).filter(|_| takes) {
                    let gap = Span { start: before.span.end, end: last.span.start }.of(&placed.node.text);
                    let signs: String = gap.split_whitespace().collect();
                    let own_line = signs == self.escape().to_string() && gap.matches('\n').count() == 1;
                    let gap = if own_line { gap } else { " " };
                    let text: String = packages.iter().flat_map(|p| [gap, *p]).collect();
                    return Some(Edit::insert(placed.absolute(last.span).end, text));
                }
            }
        }
        None
    }
}

/// Whether an install by apt takes another package from the same place as any other install.
fn takes_more(command: &Command) -> bool {
    let plain = |w: &Word| w.quoting == Quoting::Bare;
    let released = ["-t", "--target-release", "--default-release", "--only-upgrade", "--download-only", "-d"];
    command.asks(Manager::Apt, Action::Install)
        && command.position == Position::Step
        && command.words.iter().all(plain)
        && command.package.as_ref().is_some_and(|p| command.words[p.verb].value == "install")
        && !command.has_flag(&released)
        // One package may come without a question where two do not.
        && command.has_flag(&["-y", "--yes", "--assume-yes", "-qq"])
}

/// The last package that is asked for, and the word before it.
fn last_operand(command: &Command) -> Option<(&Word, &Word)> {
    let last = *command.package.as_ref()?.operands.last()?;
    Some((command.words.get(last.checked_sub(1)?)?, command.words.get(last)?))
}
