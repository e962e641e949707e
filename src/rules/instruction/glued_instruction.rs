//! # An instruction is glued to the line above
//!
//! A line end was lost: what should be an instruction of its own has become the end of a path in a `RUN`. The step fails,
//! or, worse, does something else.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN adduser -u 5678 appuser && chown -R appuser /appUSER appuser
//! +RUN adduser -u 5678 appuser && chown -R appuser /app
//! +USER appuser
//! ```
//!
//! Silent where the capitals can be meant, and where what follows is no argument of that instruction.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN mkdir -p /home/appUSER && chown -R appuser /srv/myENV /opt
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "glued-instruction",
    aliases: &[],
    severity: Severity::Error,
    on: true,
    check: Check::Command(check),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let script = here.instruction.script.as_ref()?;
    let last = script.steps.len().checked_sub(1)?;
    if here.instruction.keyword != Keyword::Run || command.step != last || command.position != Position::Step {
        return None;
    }
    if script.source != Source::Line || command.redirected || here.is_onbuild() {
        return None;
    }
    // What follows the keyword runs to the end of the step, so the word is the last but a few.
    let (i, keyword) = command.arguments().iter().enumerate().find_map(|(i, w)| Some((i, glued(w)?)))?;
    let word = &command.arguments()[i];
    let rest = &command.arguments()[i + 1..];
    if !is_argument(keyword, rest, script) {
        return None;
    }
    let at = word.span.end - keyword.name().len() as u32;
    let span = Span { start: at, end: word.span.end };
    let message = format!("a line end is missing before {}, so it is part of a path here", keyword.name());
    let text = newline(here.file.text());
    let fix = Fix::risky(Scope::Lines, format!("Put {} on a line of its own", keyword.name()), vec![Edit::insert(at, text)]);
    Some(Finding::new(span, message).fix(fix))
}

/// The instruction at the end of a path whose other letters are not capitals: `/appUSER`.
fn glued(word: &Word) -> Option<Keyword> {
    if word.quoting != Quoting::Bare || !word.literal || !word.value.contains('/') {
        return None;
    }
    let glued = |k: Keyword| {
        let before = word.value.strip_suffix(k.name())?;
        let plain = before.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '/');
        (plain && before.len() > 1 && !before.bytes().any(|b| b.is_ascii_uppercase())).then_some(k)
    };
    [Keyword::User, Keyword::Workdir, Keyword::Expose, Keyword::Entrypoint, Keyword::Cmd].into_iter().find_map(glued)
}

/// Whether `rest` can be nothing but the argument of that instruction.
fn is_argument(keyword: Keyword, rest: &[Word], script: &Script) -> bool {
    let [first, more @ ..] = rest else { return false };
    match keyword {
        // A user that the same step creates or speaks of.
        Keyword::User => {
            let named = |c: &Command| c.arguments().iter().filter(|w| w.value.split(':').next() == Some(&first.value)).count();
            let here = script.commands.iter().map(named).sum::<usize>();
            more.is_empty() && here > 1
        }
        Keyword::Workdir => more.is_empty() && first.value.starts_with('/'),
        Keyword::Expose => first.value.bytes().all(|b| b.is_ascii_digit()),
        Keyword::Entrypoint | Keyword::Cmd => first.value.starts_with('['),
        _ => false,
    }
}
