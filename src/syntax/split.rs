//! Cuts a file into logical instructions by BuildKit's own line rules. The one hand-written parser, held against
//! BuildKit's on thousands of real files (`tests/split_oracle.rs`).
use super::heredoc::{Announced, Heredoc, announced};
use super::pieces::Pieces;
use crate::text::Span;
use std::collections::HashMap;

/// A parser directive: `# name=value` among the first lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name in lower case: `escape`, `syntax` or `check`.
    pub name: String,
    /// Its value, blanks at the ends removed.
    pub value: String,
    /// Its line, the ending excluded.
    pub span: Span,
}

/// Why BuildKit would refuse the file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The part that is refused.
    pub span: Span,
    /// The reason, in the present tense.
    pub message: String,
}

/// One instruction, over as many lines as it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logical {
    /// From the first byte of the keyword to the end of the last line, its ending excluded.
    pub span: Span,
    /// The keyword as written.
    pub keyword: Span,
    /// What BuildKit reads of it: continuations, comment lines and blank lines left out. Heredoc bodies are not in it.
    pub pieces: Pieces,
    /// Its here-documents.
    pub heredocs: Vec<Heredoc>,
    /// Whole comment lines between its lines, indentation and line ending excluded.
    pub comments: Vec<Span>,
    /// Whole blank lines between its lines, line ending included.
    pub blanks: Vec<Span>,
    /// Number of its first line, from 1.
    pub first_line: u32,
    /// Number of its last line, from 1.
    pub last_line: u32,
}

/// A file cut into its instructions.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The parser directives.
    pub directives: Vec<Directive>,
    /// The continuation and escape character: a backslash or a backtick.
    pub escape: char,
    /// The instructions in order.
    pub instructions: Vec<Logical>,
    /// Comment lines outside instructions, indentation and line ending excluded.
    pub comments: Vec<Span>,
    /// What BuildKit refuses about the lines themselves.
    pub problems: Vec<Problem>,
}

/// BuildKit reads a file line by line through a buffer of this many bytes.
const MAX_LINE: usize = 65_535;

/// Cuts `text` into its instructions. Never fails: what BuildKit would refuse is told in `problems`.
pub fn split(text: &str) -> Split {
    Splitter::new(text, None).run()
}

/// As [`split`], for a part of a file: no directives are read, and `escape` is the file's own.
pub(crate) fn split_part(text: &str, escape: char) -> Split {
    Splitter::new(text, Some(escape)).run()
}

/// As [`split`], from the line that begins at `at`, in front of which everything is known, up to the first line outside of
/// an instruction that `stop` knows: it is told where that begins, and where its first character that is no blank stands.
pub(crate) fn split_from(text: &str, escape: char, at: usize, stop: impl FnMut(u32, u32) -> bool) -> Split {
    Splitter { at, ..Splitter::new(text, Some(escape)) }.run_until(stop)
}

struct Splitter<'t> {
    text: &'t str,
    /// Offset of the next line.
    at: usize,
    /// Number of the line before it.
    line: u32,
    /// Whether the next comment line may still be a parser directive.
    prologue: bool,
    /// The last line that could close a here-document of a name, as it is or behind tabs. Made for the first one that
    /// nothing closes: a text full of those would else be searched to its end for each.
    closings: Option<HashMap<(&'t str, bool), usize>>,
    out: Split,
}

/// The keywords of instructions.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

impl<'t> Splitter<'t> {
    fn new(text: &'t str, escape: Option<char>) -> Self {
        let out = Split { escape: escape.unwrap_or('\\'), ..Split::default() };
        let bom = if escape.is_none() && text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at: bom, line: 0, prologue: escape.is_none(), closings: None, out }
    }

    /// The next physical line, its ending excluded, and the offset behind that ending.
    fn next_line(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|r| !r.is_empty())?;
        let len = rest.find('\n').map_or(rest.len(), |i| i + 1);
        let content = len - ending(&rest.as_bytes()[..len], |b| matches!(b, b'\r' | b'\n'));
        let span = Span::new(self.at, self.at + content);
        if len > MAX_LINE {
            let message = format!("this line has {len} bytes; BuildKit reads at most {MAX_LINE} per line");
            self.out.problems.push(Problem { span: Span::new(self.at, self.at + 80.min(content)), message });
            // Keep the span on a character boundary.
            if let Some(p) = self.out.problems.last_mut() {
                while !self.text.is_char_boundary(p.span.end as usize) {
                    p.span.end -= 1;
                }
            }
        }
        self.at += len;
        self.line += 1;
        Some(span)
    }

    fn run(self) -> Split {
        self.run_until(|_, _| false)
    }

    fn run_until(mut self, mut stop: impl FnMut(u32, u32) -> bool) -> Split {
        while let Some(line) = self.next_line() {
            let content = trim_start(self.text, line);
            if stop(line.start, content.start) {
                break;
            }
            if self.prologue {
                self.directive(content);
            }
            if content.is_empty() {
                continue;
            }
            if content.of(self.text).starts_with('#') {
                self.out.comments.push(content);
                continue;
            }
            self.instruction(content);
        }
        self.out
    }

    /// Reads a parser directive. Anything else ends the lines in which directives are looked for.
    fn directive(&mut self, line: Span) {
        let Some((name, value)) = directive(line.of(self.text)) else {
            self.prologue = false;
            return;
        };
        if !matches!(name.as_str(), "escape" | "syntax" | "check") {
            self.prologue = false;
            return;
        }
        let problem = |message| Problem { span: line, message };
        if self.out.directives.iter().any(|d| d.name == name) {
            self.out
                .problems
                .push(problem(format!("the parser directive `{name}` stands here a second time")));
            return;
        }
        if name == "escape" {
            match value.as_str() {
                "\\" => {}
                "`" => self.out.escape = '`',
                _ => self.out.problems.push(problem(format!("the escape character is \\ or `, not {value}"))),
            }
        }
        self.out.directives.push(Directive { name, value, span: line });
    }

    fn instruction(&mut self, first: Span) {
        let first_line = self.line;
        let (content, mut open) = self.continued(first);
        let mut this = Logical {
            span: first,
            keyword: content,
            pieces: Pieces(vec![content]),
            heredocs: vec![],
            comments: vec![],
            blanks: vec![],
            first_line,
            last_line: 0,
        };
        while open {
            let start = self.at;
            let Some(line) = self.next_line() else { break };
            this.span.end = line.end;
            let trimmed = trim_start(self.text, line);
            if trimmed.is_empty() {
                this.blanks.push(Span::new(start, self.at));
            } else if trimmed.of(self.text).starts_with('#') {
                this.comments.push(trimmed);
            } else {
                let (content, more) = self.continued(line);
                this.pieces.0.push(content);
                open = more;
            }
        }
        this.pieces.0.retain(|p| !p.is_empty());
        // The keyword may stand behind lines that hold nothing but a continuation character.
        let Some(start) = this.pieces.find(self.text, first.start, |b| !b.is_ascii_whitespace()) else {
            let message = "this line continues nothing".to_owned();
            self.out.problems.push(Problem { span: first, message });
            self.out.comments.append(&mut this.comments);
            return;
        };
        if start > this.pieces.span().start {
            this.pieces = this.pieces.clip(Span { start, end: this.pieces.span().end });
        }
        this.keyword = keyword(self.text, this.pieces.0[0]);
        this.span.start = start;
        let above = this.comments.partition_point(|c| c.start < start);
        self.out.comments.extend(this.comments.drain(..above));
        this.blanks.retain(|b| b.start >= start);
        self.heredocs(&mut this);
        this.last_line = self.line;
        self.out.instructions.push(this);
    }

    /// The line without its continuation character, and whether it had one: an escape character, not preceded by
    /// another, with nothing but blanks and tabs behind it.
    fn continued(&self, line: Span) -> (Span, bool) {
        let text = line.of(self.text);
        let trimmed = &text[..text.len() - ending(text.as_bytes(), |b| matches!(b, b' ' | b'\t'))];
        match trimmed.strip_suffix(self.out.escape) {
            Some(content) if !content.ends_with(self.out.escape) => {
                (Span::new(line.start as usize, line.start as usize + content.len()), true)
            }
            _ => (line, false),
        }
    }

    fn heredocs(&mut self, this: &mut Logical) {
        if !this.span.of(self.text).as_bytes().contains(&b'<') {
            return;
        }
        let line = this.pieces.read(self.text, this.span);
        if !line.contains("<<") || !takes_heredocs(&line) {
            return;
        }
        for doc in announced(&line) {
            let start = self.at;
            let Some(end) = self.closing(&doc) else {
                let message = format!("the heredoc is never closed: no line holds only `{}`", doc.name);
                self.out.problems.push(Problem { span: this.keyword.to(this.pieces.span()), message });
                let end = self.open_end();
                this.span.end = this.span.end.max(end);
                let body = Span { start: (start as u32).min(this.span.end), end: this.span.end };
                let (name, expand, strip_tabs) = (doc.name, doc.expand, doc.strip_tabs);
                this.heredocs.push(Heredoc { name, expand, strip_tabs, body, end: Span::at(body.end) });
                return;
            };
            this.span.end = end.end;
            let body = Span { start: start as u32, end: end.start };
            let (name, expand, strip_tabs) = (doc.name, doc.expand, doc.strip_tabs);
            this.heredocs.push(Heredoc { name, expand, strip_tabs, body, end });
        }
    }
}

impl<'t> Splitter<'t> {
    /// Reads up to the line that closes `doc`. None, and nothing is read, when there is none.
    fn closing(&mut self, doc: &Announced) -> Option<Span> {
        let start = self.at;
        if let Some(closings) = &self.closings
            && closings.get(&(doc.name.as_str(), doc.strip_tabs)).is_none_or(|at| *at < start)
        {
            return None;
        }
        let (line, problems) = (self.line, self.out.problems.len());
        while let Some(line) = self.next_line() {
            let content = line.of(self.text);
            if doc.name == if doc.strip_tabs { content.trim_start_matches('\t') } else { content } {
                return Some(line);
            }
        }
        (self.at, self.line) = (start, line);
        self.out.problems.truncate(problems);
        if self.closings.is_none() {
            let mut at = 0;
            let lines = self.text.split_inclusive('\n').flat_map(|line| {
                let content = line.trim_end_matches(['\r', '\n']);
                at += line.len();
                let behind_tabs = content.trim_start_matches('\t');
                [((content, false), at - line.len()), ((behind_tabs, true), at - line.len())]
            });
            self.closings = Some(lines.collect());
        }
        None
    }

    /// Reads the text of a here-document that nothing closes. BuildKit refuses the file; somebody is typing it, so what
    /// looks like the next instruction is taken for one. The answer is where the text ends.
    fn open_end(&mut self) -> u32 {
        let mut end = self.at;
        loop {
            let (at, number) = (self.at, self.line);
            let Some(line) = self.next_line() else { break };
            let text = line.of(self.text);
            let word = text.split([' ', '\t']).next().unwrap_or(text);
            if word.len() < text.len() && KEYWORDS.contains(&word) {
                (self.at, self.line) = (at, number);
                break;
            }
            end = self.at;
        }
        self.text[..end].trim_end_matches(['\r', '\n']).len() as u32
    }
}

/// ADD, COPY and RUN take here-documents, also behind ONBUILD, and not in JSON form.
fn takes_heredocs(line: &str) -> bool {
    let mut rest = line;
    for _ in 0..2 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        rest = tail.trim_start();
        match word.to_ascii_uppercase().as_str() {
            "ONBUILD" => continue,
            "ADD" | "COPY" | "RUN" => return !is_json_array(skip_flags(rest)),
            _ => return false,
        }
    }
    false
}

/// What follows the `--flag` words at the start of an instruction's arguments.
fn skip_flags(mut rest: &str) -> &str {
    while rest.starts_with("--") {
        rest = rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..].trim_start();
    }
    rest
}

/// Whether BuildKit takes the text as the JSON form: an array of strings and nothing else.
pub(crate) fn is_json_array(text: &str) -> bool {
    text.trim_start().starts_with('[') && serde_json::from_str::<Vec<String>>(text.trim()).is_ok()
}

/// The keyword at the start of a line: up to the first blank.
fn keyword(text: &str, line: Span) -> Span {
    let len =
        line.of(text).find(|c: char| c.is_ascii_whitespace() || c == '\u{b}').unwrap_or(line.of(text).len());
    Span { start: line.start, end: line.start + len as u32 }
}

/// How many bytes at the end of `text` are of this kind.
fn ending(text: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    text.iter().rev().take_while(|b| kind(**b)).count()
}

/// Go's `unicode.IsSpace`, which is what BuildKit trims with, is Rust's `char::is_whitespace`.
fn trim_start(text: &str, line: Span) -> Span {
    let content = line.of(text);
    // Most lines begin with what is plainly no blank.
    let trimmed =
        if content.starts_with(|c: char| c.is_ascii_graphic()) { content } else { content.trim_start() };
    Span { start: line.end - trimmed.len() as u32, end: line.end }
}

/// `# name = value` with a letter first, letters and digits behind it.
fn directive(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix('#')?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    (word && !value.is_empty()).then(|| (name.to_ascii_lowercase(), value.to_owned()))
}
