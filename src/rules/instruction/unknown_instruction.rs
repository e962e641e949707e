//! # An instruction that Docker does not know
//!
//! The build stops at it.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -COPPY app.py /app/
//! +COPY app.py /app/
//! -CMD["python", "/app/app.py"]
//! +CMD ["python", "/app/app.py"]
//! ```
//!
//! Often the line above lacks its continuation.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//! -RUN apt-get update
//! +RUN apt-get update \
//!      && apt-get install -y curl
//! ```
//!
//! A template is told once, and another frontend knows its own instructions.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! {{ if .Proxy }}
//! ENV http_proxy={{ .Proxy }}
//! {{ end }}
//! ```
//!
//! ```dockerfile
//! # syntax=example/dockerfile-plus
//! INCLUDE Dockerfile.base
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unknown-instruction",
    aliases: &[],
    severity: Severity::Error,
    on: true,
    check: Check::File(check),
};

fn check(file: &File) -> Vec<Finding> {
    let all = &file.dockerfile().instructions;
    let is_unknown = |i: usize| all.get(i).is_some_and(|p| p.node.effective().keyword == Keyword::Unknown);
    if file.has_other_frontend() {
        return vec![];
    }
    if let Some(first) =
        all.iter().find(|p| p.node.keyword == Keyword::Unknown && is_placeholder(&p.node.text))
    {
        let message = "a placeholder instead of an instruction: this is the template of a Dockerfile";
        return vec![Finding::new(first.absolute(first.node.keyword_span), message)];
    }
    let mut out = vec![];
    for index in (0..all.len()).filter(|i| is_unknown(*i)) {
        // Of lines that stand together the first tells it all.
        let follows = index > 0 && is_unknown(index - 1);
        let alone = !follows && !is_unknown(index + 1);
        match typo(file, &all[index], alone) {
            Some(finding) => out.push(finding),
            None if follows => {}
            None => out.push(other(file, index, (index..).find(|i| !is_unknown(*i)).unwrap_or(index + 1))),
        }
    }
    out
}

/// A misspelt keyword, or one that lacks the blank behind it.
fn typo(file: &File, placed: &Placed, alone: bool) -> Option<Finding> {
    let node = placed.node.effective();
    let (span, word) = (placed.absolute(node.keyword_span), node.keyword_span.of(&node.text));
    if let Some(at) = word.find(['[', '"', '\'', '/', '.']) {
        let keyword = &word[..at];
        let known =
            Keyword::of(keyword) != Keyword::Unknown && keyword.bytes().all(|b| b.is_ascii_uppercase());
        return known.then(|| {
            let message = format!("no blank stands between `{keyword}` and what follows");
            let edit = Edit::insert(span.start + at as u32, " ");
            Finding::new(span, message).fix(Fix::risky(Scope::Lines, "Insert a blank", vec![edit]))
        });
    }
    // Other signs are no slip of a finger, and a keyword that goes on in the next line is not all here.
    let rest = &node.text[node.keyword_span.end as usize..];
    let letters = word.strip_suffix(':').unwrap_or(word).bytes().all(|b| b.is_ascii_alphabetic());
    if !letters || rest.starts_with(file.escape()) {
        return None;
    }
    let lower = word.bytes().all(|b| !b.is_ascii_uppercase());
    // Lower case, or a line among others, is rather some other text than a misspelt keyword.
    let plausible = alone || !lower && !rest.is_empty();
    let keyword = nearest(word).filter(|_| plausible && !is_indented_below(file, placed))?;
    let text = in_case_of(word, keyword);
    let message = format!("`{word}` is no instruction; did you mean `{text}`?");
    let fix = Fix::risky(Scope::Keyword, format!("Write `{text}`"), vec![Edit::replace(span, text)]);
    Some(Finding::new(span, message).fix(fix))
}

/// Unknown lines from `index` up to `end`.
fn other(file: &File, index: usize, end: usize) -> Finding {
    let all = &file.dockerfile().instructions;
    let placed = &all[index];
    let node = placed.node.effective();
    let (span, word) = (placed.absolute(node.keyword_span), node.keyword_span.of(&node.text));
    let marker = ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|m| word.starts_with(m));
    let joins = ["&&", "||", "|", ";"].iter().any(|o| word.starts_with(o));
    if marker {
        return Finding::new(span, "the marker of a merge conflict was left here");
    }
    if joins || is_indented_below(file, placed) {
        let message = format!(
            "the line above does not end in `{}`, so `{word}` is read as an instruction",
            file.escape()
        );
        return Finding::new(span, message).fix(continued(file, index, end));
    }
    if word.starts_with("//") || word.starts_with("--") || word.starts_with("/*") {
        return Finding::new(span, "this begins no comment: only a line that begins with `#` is one");
    }
    let message = match end - index {
        1 => format!("`{word}` is no instruction, so the build stops here"),
        n => format!(
            "`{word}` is no instruction, nor is what begins the next {} lines, so the build stops here",
            n - 1
        ),
    };
    Finding::new(span, message)
}

/// It stands right below a RUN, further to the right.
fn is_indented_below(file: &File, placed: &Placed) -> bool {
    let all = &file.dockerfile().instructions;
    let index = all.partition_point(|p| p.at < placed.at);
    let Some(above) = index.checked_sub(1).map(|i| &all[i]) else { return false };
    let column = |p: &Placed| {
        let line = file.text()[..p.at as usize].rfind('\n').map_or(0, |i| i + 1);
        p.at as usize - line
    };
    above.node.keyword == Keyword::Run && gap(file, above, placed).is_some() && column(placed) > column(above)
}

/// What stands between two instructions on lines that follow each other.
fn gap<'a>(file: &File<'a>, above: &Placed, below: &Placed) -> Option<&'a str> {
    let gap = &file.text()[above.span().end as usize..below.at as usize];
    (gap.matches('\n').count() == 1 && gap.trim().is_empty() && above.node.heredocs.is_empty()).then_some(gap)
}

/// Ends every line above the unknown ones in a continuation character.
fn continued(file: &File, index: usize, end: usize) -> Option<Fix> {
    let all = &file.dockerfile().instructions;
    let escape = file.escape();
    let first =
        index.checked_sub(1).map(|i| &all[i]).filter(|p| p.node.keyword == Keyword::Run && escape == '\\')?;
    let mut edits = vec![];
    for pair in all[index - 1..end].windows(2) {
        let gap = gap(file, &pair[0], &pair[1])?;
        edits.push(Edit::replace(
            Span { start: pair[0].span().end, end: pair[1].at },
            format!(" {escape}{gap}"),
        ));
    }
    let title = format!("End the line above in `{escape}`");
    first.node.script.is_some().then(|| Fix::risky(Scope::Lines, title, edits))
}

/// The one keyword that is nearest to `word`, if it is near.
fn nearest(word: &str) -> Option<&'static str> {
    let upper = word.to_ascii_uppercase();
    let most = if upper.len() < 5 { 1 } else { 2 };
    let mut near: Vec<(usize, &str)> =
        Keyword::ALL.iter().map(|(name, _)| (distance(&upper, name), *name)).collect();
    near.sort_unstable();
    let (best, name) = *near.first()?;
    (best <= most && near.get(1).is_none_or(|(second, _)| *second > best)).then_some(name)
}

/// How many letters must be changed, added, left out, or exchanged with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
