//! For people: the source line with the place underlined, the message, and the fix as a small diff.
use crate::check::{Found, FoundFix};
use crate::facts::Megabytes;
use crate::fix::{Applied, Refused};
use crate::rule::{Safety, Severity};
use crate::text::{self, Edit, Lines, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Of a place that runs over more lines than this, only the first are shown.
const MOST_LINES: usize = 6;

/// The findings of a file.
pub fn human(path: &Path, source: &str, found: &[Found]) -> String {
    let lines = Lines::new(source);
    let path = path.display().to_string();
    found.iter().map(|f| one(&path, source, &lines, f) + "\n").collect()
}

fn one(path: &str, source: &str, lines: &Lines, found: &Found) -> String {
    let shown = lines.place(found.span().start).line;
    let excerpt = whole_lines(source, clipped(source, found.span()));
    let relative = |s: Span| {
        let start = s.start.clamp(excerpt.start, excerpt.end);
        (start - excerpt.start) as usize..(s.end.clamp(start, excerpt.end) - excerpt.start) as usize
    };
    let text = excerpt.of(source).trim_end_matches(['\n', '\r']);
    let text =
        if text.contains(['\r', '\x1b']) { text.replace(['\r', '\x1b'], " ") } else { text.to_owned() };
    let within = |r: std::ops::Range<usize>| r.start.min(text.len())..r.end.min(text.len());
    let snippet = Snippet::source(text.as_str())
        .path(path)
        .line_start(shown as usize)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(within(relative(found.span()))));
    let level = match found.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let title = level.primary_title(found.message()).id(found.rule.name);
    let mut out = Renderer::styled().render(&[title.element(snippet)]);
    out.push('\n');
    for (span, message) in found.related() {
        let line = lines.place(span.start).line;
        let _ = writeln!(out, "   = \x1b[1mnote\x1b[0m: line {line}: {message}");
    }
    if let Some(fix) = found.fix() {
        out.push_str(&fix_as_diff(source, fix));
    }
    out
}

fn fix_as_diff(source: &str, fix: FoundFix) -> String {
    let kind = match fix.safety() {
        Safety::Safe => "fix",
        Safety::Unsafe => "unsafe fix",
    };
    let mut out = format!("   = \x1b[1m{kind}\x1b[0m: {}\n", fix.title());
    if let Some(new) = fix.creates() {
        let _ = writeln!(out, "     \x1b[32m+ {} ({} lines)\x1b[0m", new.name, new.text.lines().count());
    }
    for (old, new) in pieces(source, &fix.edits()) {
        let diff = TextDiff::from_lines(&old, &new);
        for change in diff.iter_all_changes() {
            let line = change.value().trim_end_matches(['\n', '\r']);
            let _ = match change.tag() {
                ChangeTag::Delete => writeln!(out, "     \x1b[31m- {line}\x1b[0m"),
                ChangeTag::Insert => writeln!(out, "     \x1b[32m+ {line}\x1b[0m"),
                ChangeTag::Equal => Ok(()),
            };
        }
    }
    out
}

/// The lines that edits touch, before and after; edits on the same or the next line together.
fn pieces(source: &str, edits: &[Edit]) -> Vec<(String, String)> {
    let mut groups: Vec<(Span, Vec<Edit>)> = vec![];
    for edit in edits {
        let lines = whole_lines(source, edit.span);
        match groups.last_mut() {
            Some((span, group)) if lines.start <= span.end => {
                *span = span.to(lines);
                group.push(edit.clone());
            }
            _ => groups.push((lines, vec![edit.clone()])),
        }
    }
    let cut = |(span, edits): (Span, Vec<Edit>)| {
        let back = |e: Edit| Edit {
            span: Span { start: e.span.start - span.start, end: e.span.end - span.start },
            ..e
        };
        let local: Vec<Edit> = edits.into_iter().map(back).collect();
        let old = span.of(source);
        (old.to_owned(), text::apply(old, &local))
    };
    groups.into_iter().map(cut).collect()
}

/// The span, widened to whole lines, the last line's ending included.
fn whole_lines(source: &str, span: Span) -> Span {
    let start = source[..span.start as usize].rfind('\n').map_or(0, |i| i + 1);
    let end = source[span.end as usize..].find('\n').map_or(source.len(), |i| span.end as usize + i + 1);
    Span::new(start, end)
}

/// The span, cut behind its first lines.
fn clipped(source: &str, span: Span) -> Span {
    match span.of(source).match_indices('\n').nth(MOST_LINES - 1) {
        Some((i, _)) => Span { start: span.start, end: span.start + i as u32 },
        None => span,
    }
}

/// Which fixes were made in a file, and which were refused.
pub fn fixes(path: &Path, applied: &[Applied], refused: &[Refused], source: &str) -> String {
    let (path, lines) = (path.display(), Lines::new(source));
    let mut out = String::new();
    for a in applied {
        let _ = writeln!(out, "{path}: fixed ({}): {}", a.rule.name, a.title);
    }
    for r in refused {
        let at = (r.span.start as usize).min(source.len()) as u32;
        let line = if source.is_char_boundary(at as usize) { lines.place(at).line } else { 1 };
        let _ = writeln!(out, "{path}:{line}: not fixed ({}): {}: {}", r.rule.name, r.title, r.reason);
    }
    out
}

/// An error about a file, and what to do.
pub fn error(message: &str, help: &str) -> String {
    format!("\x1b[1m\x1b[31merror\x1b[0m: {message}\n  \x1b[1mhelp:\x1b[0m {help}")
}

/// How much smaller images got, in words. None where none did.
pub fn saving(saved: impl Iterator<Item = Megabytes>) -> Option<String> {
    let saved: Vec<f32> = saved.map(|s| s.0).collect();
    let all = Megabytes(saved.iter().sum()).rounded();
    match saved.len() {
        0 => None,
        1 => Some(format!("the image is about {all} smaller on disk (estimate)")),
        _ => Some(format!("images are about {all} smaller on disk in all (estimate)")),
    }
}

/// What a whole run found.
#[derive(Default)]
pub struct Summary {
    problems: usize,
    files: usize,
    safe: usize,
    risky: usize,
    fixed: usize,
    fixed_files: usize,
    saving: Option<String>,
    by_rule: BTreeMap<&'static str, usize>,
}

impl Summary {
    /// Counts, for each file, what is found in it, how many fixes were made, and how much smaller its image got.
    pub fn of<'a>(files: impl Iterator<Item = (&'a [Found], usize, Option<Megabytes>)>) -> Self {
        let (mut out, mut saved) = (Self::default(), vec![]);
        for (found, applied, smaller) in files {
            saved.extend(smaller);
            out.problems += found.len();
            out.files += usize::from(!found.is_empty());
            out.fixed += applied;
            out.fixed_files += usize::from(applied > 0);
            for f in found {
                *out.by_rule.entry(f.rule.name).or_default() += 1;
                match f.fix().map(|x| x.safety()) {
                    Some(Safety::Safe) => out.safe += 1,
                    Some(Safety::Unsafe) => out.risky += 1,
                    None => {}
                }
            }
        }
        out.saving = saving(saved.into_iter());
        out
    }

    /// The last line of a report. `after_fixing`: the findings are those that are left.
    pub fn line(&self, after_fixing: bool) -> String {
        let count = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        let mut out = String::new();
        if after_fixing {
            let (fixed, files) = (count(self.fixed, "problem"), count(self.fixed_files, "file"));
            out = if self.fixed == 0 {
                "Fixed nothing".to_owned()
            } else {
                let saving = self.saving.as_ref().map_or(String::new(), |s| format!("; {s}"));
                format!("Fixed {fixed} in {files}{saving}")
            };
            out += ". ";
        }
        if self.problems == 0 {
            return out + if after_fixing { "Nothing is left\n" } else { "No problems found\n" };
        }
        let left = if after_fixing { " left" } else { "" };
        out += &format!("Found {}{left} in {}", count(self.problems, "problem"), count(self.files, "file"));
        let fixes = match (self.safe, self.risky) {
            (0, 0) => String::new(),
            (safe, 0) => format!(": {safe} fixed by --fix"),
            (0, risky) => format!(": {risky} fixed by --fix --unsafe-fixes"),
            (safe, risky) => format!(": {safe} fixed by --fix, {risky} more with --unsafe-fixes"),
        };
        out + &fixes + "\n"
    }

    /// How often each rule found something, most first.
    pub fn statistics(&self) -> String {
        let mut rows: Vec<_> = self.by_rule.iter().collect();
        rows.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), **name));
        rows.iter().map(|(name, n)| format!("{n:>6}  {name}\n")).collect()
    }
}
