//! # The same index of packages in several commands
//!
//! A mirror that every `pip` of a stage is told again is easily forgotten in the next one, which then asks PyPI.
//! `PIP_INDEX_URL` tells them all.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -RUN pip install -i https://mirror.example.com/simple --upgrade pip
//! -RUN pip install -i https://mirror.example.com/simple flask
//! +ENV PIP_INDEX_URL=https://mirror.example.com/simple
//! +RUN pip install --upgrade pip
//! +RUN pip install flask
//! ```
//!
//! Not safe, because the variable is in force in the containers, too. Silent where only one command is told, or they are
//! told different ones.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! RUN pip install -i https://mirror.example.com/simple flask
//! RUN pip install django
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "repeated-index",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Stage(check),
};

/// A command that is told an index: where, with which address, and where the option stands among its words.
struct Told<'a> {
    here: Here<'a>,
    address: &'a str,
    option: Span,
}

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let told: Vec<Told> = stage
        .instructions
        .clone()
        .flat_map(|i| {
            let here = file.here(i);
            let pips = here
                .commands()
                .iter()
                .filter(|c| c.package.as_ref().is_some_and(|p| p.manager == Manager::Pip));
            pips.filter_map(|c| told(c, here)).collect::<Vec<_>>()
        })
        .collect();
    let [first, others @ ..] = told.as_slice() else { return vec![] };
    if others.is_empty() || others.iter().any(|t| t.address != first.address) {
        return vec![];
    }
    let at = |t: &Told| t.here.placed().at;
    let message = format!("{} commands of this stage are told the same index", told.len());
    let mut finding = Finding::new(first.option.shift(at(first)), message);
    for other in others {
        finding = finding.related(other.option.shift(at(other)), "here again");
    }
    vec![finding.fix(fix(&told, file))]
}

fn told<'a>(command: &'a Command, here: Here<'a>) -> Option<Told<'a>> {
    for (at, word) in command.words.iter().enumerate() {
        let before = command.words.get(at.saturating_sub(1))?.span.end;
        let (address, last) = match word.value.as_str() {
            "-i" | "--index-url" => (command.words.get(at + 1)?, at + 1),
            _ => (word, at),
        };
        let value = match address.value.as_str() {
            value if last > at => value,
            glued => match glued.strip_prefix("--index-url=") {
                Some(value) => value,
                None => continue,
            },
        };
        let plain = address.literal && value.contains("://") && !value.contains(['@', '"', '\'', ' ']);
        let option = Span { start: before, end: command.words[last].span.end };
        let run = here.instruction.keyword == Keyword::Run && !here.is_onbuild();
        return (plain && run).then_some(Told { here, address: value, option });
    }
    None
}

/// None where another pip of the stage would be told, too, or a comment or a JSON form stands in the way.
fn fix(told: &[Told], file: &File) -> Option<Fix> {
    let first = told.first()?;
    let stage = first.here.stage()?;
    let all = file.built_on(stage).into_iter().filter(|i| *i >= first.here.index()).map(|i| file.here(i));
    let pips = all
        .flat_map(|h| h.commands())
        .filter(|c| c.package.as_ref().is_some_and(|p| p.manager == Manager::Pip));
    let asking = |c: &&Command| c.asks(Manager::Pip, Action::Install);
    if pips.filter(asking).count() != told.len() || first.here.env(None, "PIP_INDEX_URL").is_some() {
        return None;
    }
    let mut edits = vec![Edit::insert(
        file.line_above(first.here.index()),
        format!("ENV PIP_INDEX_URL={}{}", first.address, file.newline()),
    )];
    for t in told {
        let commented =
            t.here.instruction.comments.iter().any(|c| c.start < t.option.end && t.option.start < c.end);
        if commented
            || t.here.instruction.form == Form::Json
            || t.option.of(&t.here.instruction.text).contains('\n')
        {
            return None;
        }
        edits.push(Edit::delete(t.option.shift(t.here.placed().at)));
    }
    Some(Fix::risky(Scope::Environment, "Set `PIP_INDEX_URL`", edits))
}
