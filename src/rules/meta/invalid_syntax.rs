//! # BuildKit refuses this
//!
//! The build stops before its first step. Everything else in the file is still checked.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN <<EOF
//! make
//! ```
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! ENV PATH
//! ```
//!
//! ```dockerfile
//! ARG TAG=13-slim
//! FROM debian:$TAG
//! ENV GREETING=hello
//! RUN make
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "invalid-syntax",
    aliases: &["DL1000", "DL3061", "DL3043"],
    severity: Severity::Error,
    on: true,
    check: Check::File(check),
};

fn check(file: &File) -> Vec<Finding> {
    let all = &file.dockerfile.instructions;
    let mut out: Vec<Finding> =
        file.dockerfile.problems.iter().map(|p| Finding::new(p.span, p.message.clone())).collect();
    if all.is_empty() {
        out.push(Finding::new(Span::at(0), "there is no instruction in this file, so there is nothing to build"));
    }
    let escape = file.dockerfile.escape;
    for placed in all {
        if let Some(reason) = refused(&placed.node, escape) {
            out.push(Finding::new(placed.absolute(placed.node.keyword_span), reason));
        }
    }
    // A fragment without any FROM is told once, at its first instruction.
    let early = |p: &&Placed| !matches!(p.node.keyword, Keyword::Arg | Keyword::From | Keyword::Unknown);
    let before = all.iter().take_while(|p| p.node.keyword != Keyword::From);
    if let Some(placed) = before.into_iter().find(early) {
        let name = placed.node.keyword.name();
        let span = placed.absolute(placed.node.keyword_span);
        out.push(Finding::new(span, format!("{name} stands before the first FROM, where only ARG may stand")));
    }
    out
}

/// Why BuildKit refuses an instruction.
fn refused(instruction: &Instruction, escape: char) -> Option<String> {
    let name = instruction.keyword.name();
    let body = instruction.read(instruction.body);
    let words = words(&body, escape);
    let few = |n: usize| words.len() < n;
    match instruction.keyword {
        Keyword::From => {
            let named = words.len() == 3 && words[1].eq_ignore_ascii_case("AS");
            (words.len() != 1 && !named).then(|| "FROM takes an image, or an image, AS and a name".to_owned())
        }
        Keyword::Env | Keyword::Label if few(1) => Some(format!("{name} takes at least one name=value")),
        Keyword::Env | Keyword::Label => {
            let first = words.first()?;
            if !first.contains('=') {
                return few(2).then(|| format!("{name} takes a value: `{first}` has none"));
            }
            let bare = words.iter().find(|w| !w.contains('='))?;
            Some(format!("`{bare}` has no `=`; a value with blanks in it needs quotes"))
        }
        Keyword::Copy | Keyword::Add if instruction.words.len() < 2 => {
            Some(format!("{name} takes at least one source and a destination"))
        }
        Keyword::Expose | Keyword::Volume | Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Arg
            if few(1) =>
        {
            Some(format!("{name} takes an argument, and has none"))
        }
        Keyword::Shell if instruction.form == Form::Plain => {
            Some("SHELL takes a JSON array, such as [\"/bin/bash\", \"-c\"]".to_owned())
        }
        Keyword::Onbuild => match instruction.onbuild.as_deref() {
            None if few(1) => Some("ONBUILD takes an instruction, and has none".to_owned()),
            None => Some("ONBUILD cannot defer another ONBUILD".to_owned()),
            Some(inner) if matches!(inner.keyword, Keyword::From | Keyword::Maintainer) => {
                Some(format!("ONBUILD cannot defer {}", inner.keyword.name()))
            }
            Some(inner) => refused(inner, escape),
        },
        _ => None,
    }
}

/// The words of a line: separated by blanks outside quotes, where an escape character keeps the next one from counting.
fn words(line: &str, escape: char) -> Vec<String> {
    let (mut out, mut word, mut quote) = (vec![], None::<String>, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            out.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_default();
        word.push(c);
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(q) if q == c => quote = None,
            _ if c == escape && quote != Some('\'') => word.extend(chars.next()),
            _ => {}
        }
    }
    out.extend(word);
    out
}
