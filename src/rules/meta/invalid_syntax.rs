//! # What Docker cannot read
//!
//! The build stops before its first step. The rest of the file is checked all the same.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim AS
//! ENV PORT
//! COPY app.py
//! SHELL bash -c
//! ```
//!
//! ```dockerfile,flagged
//! RUN pip install flask
//! FROM python:3.13-slim
//! ```
//!
//! ```dockerfile
//! ARG VERSION=3.13
//! FROM python:$VERSION-slim AS run
//! ENV PORT=8000 HOST=localhost
//! COPY app.py .
//! SHELL ["/bin/bash", "-c"]
//! CMD []
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "invalid-syntax",
    aliases: &["DL1000", "DL3043", "DL3061"],
    severity: Severity::Error,
    on: true,
    check: Check::Each(&[Check::File(check), Check::Written(instruction)]),
};

fn check(file: &File) -> Vec<Finding> {
    let all = &file.dockerfile().instructions;
    let mut out: Vec<Finding> =
        file.dockerfile().problems.iter().map(|p| Finding::new(p.span, p.message.clone())).collect();
    if all.is_empty() && out.is_empty() {
        return vec![Finding::new(Span::at(0), "the file holds no instruction")];
    }
    if file.has_other_frontend() {
        return out;
    }
    out.extend(begins_wrong(file));
    out
}

fn instruction(here: &Here) -> Option<Finding> {
    let instruction = here.written();
    // A placeholder may become anything.
    let template = || ["{{", "{%", "<%"].iter().any(|o| instruction.text.contains(o));
    let (span, reason) = refused(instruction, here.escape())?;
    (!template() && !here.file().has_other_frontend()).then(|| Finding::new(span, reason))
}

/// Something other than ARG in front of the first FROM.
fn begins_wrong(file: &File) -> Option<Finding> {
    let all = &file.dockerfile().instructions;
    let before = || all.iter().take_while(|p| p.node.keyword != Keyword::From);
    // It may be a misspelt FROM, or bring one in.
    if file.is_template() || before().any(|p| p.node.keyword == Keyword::Unknown) {
        return None;
    }
    let wrong = before().find(|p| p.node.keyword != Keyword::Arg);
    let has_from = before().count() < all.len();
    let at = |p: &Placed| p.absolute(p.node.keyword_span);
    match (wrong, has_from) {
        (Some(wrong), true) => {
            let name = wrong.node.keyword.name();
            Some(Finding::new(
                at(wrong),
                format!("{name} stands before the first FROM, where only ARG can stand"),
            ))
        }
        (wrong, false) => {
            let first = wrong.or(all.first())?;
            Some(Finding::new(at(first), "the file has no FROM, so there is no image to build"))
        }
        (None, true) => None,
    }
}

type Refusal = (Span, String);

/// Why BuildKit refuses an instruction, and where.
fn refused(instruction: &Instruction, escape: char) -> Option<Refusal> {
    let name = instruction.keyword.name();
    let at_keyword = |reason: String| Some((instruction.keyword_span, reason));
    let missing = |what: &str| Some((instruction.keyword_span, format!("{name} {what}")));
    let empty = instruction.body.is_empty();
    let takes_options = matches!(
        instruction.keyword,
        Keyword::Add | Keyword::Copy | Keyword::From | Keyword::Healthcheck | Keyword::Run | Keyword::Unknown
    );
    if let Some(flag) = instruction.flags.first().filter(|_| !takes_options) {
        return Some((flag.span, format!("{name} has no options, but what begins with `--` is read as one")));
    }
    let takes_json =
        !matches!(instruction.keyword, Keyword::Unknown | Keyword::Env | Keyword::Label | Keyword::From);
    let array = || instruction.body.of(&instruction.text).contains('[');
    if takes_json && array() && is_mixed_array(&instruction.read(instruction.body)) {
        return Some((instruction.body, "an array of a command holds strings only".into()));
    }
    match instruction.keyword {
        Keyword::From => from(instruction),
        Keyword::Env | Keyword::Label => pairs(instruction, escape),
        Keyword::Arg if empty => missing("names no variable"),
        Keyword::Run if empty => missing("has no command"),
        Keyword::Copy | Keyword::Add if instruction.words.len() < 2 => {
            missing("needs a source and a destination")
        }
        Keyword::Workdir if empty => missing("names no folder"),
        Keyword::User if empty => missing("names no user"),
        Keyword::Expose if empty => missing("names no port"),
        Keyword::Volume if empty => missing("names no folder"),
        Keyword::Stopsignal if empty => missing("names no signal"),
        Keyword::Maintainer if empty => missing("names nobody"),
        Keyword::Shell if instruction.form != Form::Json => {
            missing("needs a JSON array, such as `[\"/bin/sh\", \"-c\"]`")
        }
        Keyword::Shell if instruction.words.is_empty() => missing("names no shell"),
        Keyword::Healthcheck => healthcheck(instruction),
        Keyword::Onbuild => {
            let word = instruction.read(instruction.body);
            let word = word.split_whitespace().next().unwrap_or_default();
            match Keyword::of(word) {
                _ if empty => missing("defers no instruction"),
                inner @ (Keyword::Onbuild | Keyword::From | Keyword::Maintainer) => {
                    at_keyword(format!("ONBUILD cannot defer {}", inner.name()))
                }
                _ => refused(instruction.onbuild.as_deref()?, escape),
            }
        }
        Keyword::Workdir | Keyword::User | Keyword::Stopsignal => {
            let quotes = instruction.body.of(&instruction.text).contains(['"', '\'']);
            let open = quotes && has_open_quote(&instruction.read(instruction.body), escape);
            open.then(|| (instruction.body, "a quote in it is never closed".into()))
        }
        _ => None,
    }
}

fn from(instruction: &Instruction) -> Option<Refusal> {
    let text = instruction.read(instruction.body);
    let words: Vec<&str> = text.split_whitespace().collect();
    let refuse = |reason: &str| Some((instruction.body, reason.to_owned()));
    match words.as_slice() {
        [] => Some((instruction.keyword_span, "FROM names no image".into())),
        [_] => None,
        [_, word] if word.eq_ignore_ascii_case("as") => refuse("AS names no stage"),
        [_, word, name] if word.eq_ignore_ascii_case("as") => {
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let good = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(letters);
            let reason =
                format!("`{name}` is no name for a stage: a letter, then letters, digits, `-`, `_` and `.`");
            (!good).then_some((instruction.body, reason))
        }
        [_, rest @ ..] if rest.iter().any(|w| w.starts_with('#')) => {
            refuse("a comment cannot stand behind FROM: all of it is read as words")
        }
        _ => refuse("FROM takes one image, and behind it at most `AS` and a name"),
    }
}

fn healthcheck(instruction: &Instruction) -> Option<Refusal> {
    let text = instruction.read(instruction.body);
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => Some((instruction.keyword_span, "HEALTHCHECK needs CMD and a command, or NONE".into())),
        [kind] if kind.eq_ignore_ascii_case("cmd") => {
            Some((instruction.body, "this CMD has no command".into()))
        }
        [kind, _, ..] if kind.eq_ignore_ascii_case("none") => {
            Some((instruction.body, "NONE stands alone".into()))
        }
        [kind, ..] if kind.eq_ignore_ascii_case("cmd") || kind.eq_ignore_ascii_case("none") => None,
        [kind, ..] => {
            Some((instruction.body, format!("HEALTHCHECK is followed by CMD or NONE, not by `{kind}`")))
        }
    }
}

fn pairs(instruction: &Instruction, escape: char) -> Option<Refusal> {
    let body = instruction.body.of(&instruction.text);
    // Without quotes, every word that the grammar reads as a pair is one.
    let plain = !instruction.broken && !body.contains(['"', '\'', escape]);
    if plain && !instruction.pairs.is_empty() && instruction.pairs.iter().all(|p| !p.legacy) {
        return None;
    }
    let name = instruction.keyword.name();
    let words = quoted_words(instruction, escape);
    let Some((first, text)) = words.first() else {
        return Some((instruction.keyword_span, format!("{name} has neither name nor value")));
    };
    if !text.contains('=') {
        if words.len() == 1 {
            return Some((*first, format!("`{text}` has no value")));
        }
        let open = has_open_quote(&instruction.read(instruction.body), escape);
        return open.then(|| (instruction.body, "a quote in the value is never closed".into()));
    }
    words.iter().find_map(|(span, word)| match word.split_once('=') {
        None => Some((*span, format!("`{word}` stands without `=`; a value with blanks needs quotes"))),
        Some(("", _)) => Some((*span, "no name stands before this `=`".into())),
        Some(_) if has_open_quote(word, escape) => {
            Some((*span, "a quote in this value is never closed".into()))
        }
        Some(_) => None,
    })
}
