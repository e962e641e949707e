//! # An instruction is glued to the end of a `RUN`
//!
//! A line end was lost: the keyword became a part of the last path, and what follows it goes to the command.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN adduser appuser && chown -R appuser /appUSER appuser
//! +RUN adduser appuser && chown -R appuser /app
//! +USER appuser
//! ```
//!
//! Silent unless what follows the keyword is what that instruction takes.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN grep -r configUSER src
//! RUN adduser appuser && echo the/nameUSER someone
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "glued-instruction",
    aliases: &[],
    severity: Severity::Error,
    on: true,
    check: Check::Command(check),
};

/// Programs that a RUN often begins with.
const PROGRAMS: &[&str] = &[
    "adduser", "apk", "apt", "apt-get", "cd", "chmod", "chown", "curl", "dnf", "make", "mkdir", "npm", "pip",
    "pip3", "python", "python3", "useradd", "wget", "yarn", "yum",
];

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let instruction = here.instruction;
    let script = instruction.script.as_ref().filter(|s| s.source == Source::Line)?;
    if instruction.keyword != Keyword::Run || here.is_onbuild() || command.position == Position::Nested {
        return None;
    }
    let (at, keyword) =
        command.words.iter().enumerate().skip(1).find_map(|(i, word)| Some((i, glued(word)?)))?;
    let word = &command.words[at];
    let start = word.span.end - keyword.name().len() as u32;
    // All of the rest is on this line, and is this command's.
    let rest = Span { start: word.span.end, end: instruction.body.end };
    let line = rest.of(&instruction.text);
    if line.contains('\n') || command.words.last()?.span.end != rest.end {
        return None;
    }
    let named = |name: &str| {
        let mut before = script.commands.iter().flat_map(|c| c.arguments()).filter(|w| w.span.end < start);
        before.any(|w| w.value.split(':').next() == Some(name))
    };
    if !plausible(keyword, line.trim(), &command.words[at + 1..], named) {
        return None;
    }
    let name = keyword.name();
    let span = Span { start, end: word.span.end };
    let edit = Edit::insert(start, here.newline());
    let fix = Fix::risky(Scope::Lines, format!("Begin a new line before `{name}`"), vec![edit]);
    Some(
        Finding::new(
            span,
            format!("a line end is missing before `{name}`, which is read as a part of this path"),
        )
        .fix(fix),
    )
}

/// The instruction whose keyword ends this word, behind something in lower case.
fn glued(word: &Word) -> Option<Keyword> {
    let ends = |name: &str| {
        let before = word.value.strip_suffix(name).and_then(|b| b.bytes().last());
        before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'/' | b'.'))
    };
    let (_, keyword) = Keyword::ALL.iter().find(|(name, _)| word.quoting == Quoting::Bare && ends(name))?;
    Some(*keyword)
}

/// Whether `rest`, which is `words` to the shell, is what the instruction takes.
fn plausible(keyword: Keyword, rest: &str, words: &[Word], named: impl Fn(&str) -> bool) -> bool {
    let Some(first) = words.first().map(|w| w.value.as_str()) else { return false };
    let alone = words.len() == 1;
    match keyword {
        Keyword::User => alone && named(first.split(':').next().unwrap_or(first)),
        Keyword::Workdir => alone && first.starts_with('/'),
        Keyword::Expose => {
            words.iter().all(|w| w.value.split('/').next().is_some_and(|p| p.parse::<u16>().is_ok()))
        }
        Keyword::Cmd | Keyword::Entrypoint => is_json_array(rest),
        Keyword::Copy => words.len() > 1 && words.last().is_some_and(|w| w.value.starts_with(['/', '.'])),
        Keyword::Env => words.iter().all(|w| {
            let name = w.value.split_once('=').map_or("", |(name, _)| name);
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        }),
        Keyword::Run => PROGRAMS.contains(&first),
        _ => false,
    }
}
