//! Concrete syntax to model, one instruction at a time.
use super::instruction::{Flag, Form, From, Instruction, Keyword, Pair};
use super::script::{Script, Source};
use super::shell;
use super::word::Word;
use crate::syntax::{Grammar, Heredoc, Logical, Node, Pieces, is_json_array, parse, reparse};
use crate::text::Span;
use std::sync::Arc;

/// The version of an instruction before an edit, and that edit: `change` of its text became `len` bytes.
pub(super) struct Before<'a> {
    pub(super) instruction: &'a Instruction,
    pub(super) change: Span,
    pub(super) len: u32,
}

/// Reads one instruction. `logical` is relative to the file, in which the instruction starts at `logical.span.start`. Its
/// trees are kept if it is a new version of one `before`.
pub(super) fn instruction(
    text: Arc<str>,
    logical: &Logical,
    escape: char,
    before: Option<Before>,
) -> Instruction {
    let relative = |s: Span| Span { start: s.start - logical.span.start, end: s.end - logical.span.start };
    let pieces = Pieces(logical.pieces.0.iter().map(|p| relative(*p)).collect());
    let heredocs: Vec<Heredoc> = (logical.heredocs.iter().cloned())
        .map(|h| Heredoc { body: relative(h.body), end: relative(h.end), ..h })
        .collect();
    let mut out = blank(&text, relative(logical.keyword), pieces);
    out.heredocs = heredocs;
    out.comments = logical.comments.iter().map(|s| relative(*s)).collect();
    out.blanks = logical.blanks.iter().map(|s| relative(*s)).collect();
    let edited = before.is_some();
    let mut out = Lower { out, escape, before }.run();
    // What is not being edited will hardly be edited next.
    if !edited {
        out.forget_trees();
    }
    out.shrink();
    out
}

fn blank(text: &Arc<str>, keyword: Span, pieces: Pieces) -> Instruction {
    Instruction {
        keyword: Keyword::of(keyword.of(text)),
        keyword_span: keyword,
        text: text.clone(),
        pieces,
        flags: vec![],
        body: Span::at(keyword.end),
        form: Form::Plain,
        words: vec![],
        pairs: vec![],
        from: None,
        script: None,
        onbuild: None,
        heredocs: vec![],
        comments: vec![],
        blanks: vec![],
        broken: false,
        tree: None,
    }
}

/// The pieces without the blanks at their end, which the grammar does not expect.
fn trimmed(text: &str, pieces: &Pieces) -> Pieces {
    let end = pieces.0.iter().rev().map(|p| (p, p.of(text).trim_end())).find(|(_, t)| !t.is_empty());
    match end {
        Some((p, t)) => pieces.clip(Span { start: 0, end: p.start + t.len() as u32 }),
        None => pieces.clone(),
    }
}

struct Lower<'a> {
    out: Instruction,
    escape: char,
    before: Option<Before<'a>>,
}

impl Lower<'_> {
    fn run(mut self) -> Instruction {
        self.body();
        match self.out.keyword {
            Keyword::From | Keyword::Env | Keyword::Label | Keyword::Arg => self.read_tree(),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => self.command(self.out.body),
            Keyword::Healthcheck => self.healthcheck(),
            Keyword::Onbuild => self.onbuild(),
            Keyword::Unknown | Keyword::Maintainer => {}
            Keyword::Add | Keyword::Copy | Keyword::Volume | Keyword::Shell => {
                if self.is_json(self.out.body) {
                    self.out.form = Form::Json;
                    self.out.words = self.json_words(self.out.body);
                } else {
                    self.out.words = self.plain_words();
                }
            }
            Keyword::Workdir | Keyword::User | Keyword::Stopsignal | Keyword::Expose => {
                self.out.words = self.plain_words();
            }
        }
        self.out
    }

    /// Reads an instruction whose words have a grammar of their own. Those of the others are separated by blanks, or are
    /// JSON or shell, so no tree is made for them.
    fn read_tree(&mut self) {
        let (text, read) = (&self.out.text, trimmed(&self.out.text, &self.out.pieces));
        let old = self.before.as_ref().and_then(|b| Some((b, b.instruction.tree.as_ref()?)));
        let tree = match old {
            Some((b, tree)) => reparse(Grammar::Dockerfile, text, &read, tree, b.change, b.len),
            None => parse(Grammar::Dockerfile, text, &read),
        };
        self.out.broken = tree.root_node().has_error();
        if let Some(node) = tree.root_node().named_child(0).filter(|_| !self.out.broken) {
            match self.out.keyword {
                Keyword::From => self.from(node),
                _ => self.pairs(node),
            }
        }
        self.out.tree = Some(tree);
    }

    fn skip_blanks(&self, from: u32) -> u32 {
        let found = self.out.pieces.find(&self.out.text, from, |b| !b.is_ascii_whitespace());
        found.unwrap_or(self.out.pieces.span().end.max(from))
    }

    fn word_end(&self, from: u32) -> u32 {
        let found = self.out.pieces.find(&self.out.text, from, |b| b.is_ascii_whitespace());
        found.unwrap_or(self.out.pieces.span().end)
    }

    /// Finds the options and what follows them.
    fn body(&mut self) {
        let mut at = self.skip_blanks(self.out.keyword_span.end);
        while self.out.read(Span { start: at, end: self.word_end(at) }).starts_with("--") {
            let span = Span { start: at, end: self.word_end(at) };
            let raw = self.out.read(span);
            let (name, value) = raw[2..].split_once('=').unwrap_or((&raw[2..], ""));
            if name.is_empty() {
                break;
            }
            let value_span = Span { start: span.end - value.len().min(raw.len()) as u32, end: span.end };
            let value = Word::docker(value, value_span, self.escape);
            self.out.flags.push(Flag { span, name: name.to_owned(), value });
            at = self.skip_blanks(span.end);
        }
        let end = self.out.pieces.span().end;
        let read = &self.out.text[..end as usize];
        let end = read.trim_end().len() as u32;
        self.out.body = Span { start: at.min(end), end };
    }

    fn is_json(&self, span: Span) -> bool {
        is_json_array(&self.out.read(span))
    }

    /// The strings of the JSON array in `span`.
    fn json_words(&self, span: Span) -> Vec<Word> {
        let (text, mut at, mut out) = (&self.out.text, span.start, vec![]);
        while let Some(open) = self.out.pieces.find(text, at, |b| b == b'"').filter(|o| *o < span.end) {
            let mut end = open + 1;
            while let Some(close) = self.out.pieces.find(text, end, |b| b == b'"' || b == b'\\') {
                end = close + if text.as_bytes()[close as usize] == b'\\' { 2 } else { 1 };
                if text.as_bytes()[close as usize] == b'"' {
                    break;
                }
            }
            let span = Span { start: open, end };
            out.push(Word::json(&self.out.read(span), span));
            at = end;
        }
        out
    }

    /// The blank-separated words of the body, quotes respected only in so far as they hold blanks in a WORKDIR or USER.
    fn plain_words(&self) -> Vec<Word> {
        let body = self.out.body;
        if body.is_empty() {
            return vec![];
        }
        if matches!(self.out.keyword, Keyword::Workdir | Keyword::User | Keyword::Stopsignal) {
            return vec![Word::docker(&self.out.read(body), body, self.escape)];
        }
        let (mut at, mut out) = (body.start, vec![]);
        while at < body.end {
            let span = Span { start: at, end: self.word_end(at).min(body.end) };
            out.push(Word::docker(&self.out.read(span), span, self.escape));
            at = self.skip_blanks(span.end);
        }
        out
    }

    fn word(&self, node: Node) -> Word {
        let span = Span::new(node.start_byte(), node.end_byte());
        Word::docker(&self.out.read(span), span, self.escape)
    }

    fn from(&mut self, node: Node) {
        let mut cursor = node.walk();
        let Some(spec) = node.named_children(&mut cursor).find(|n| n.kind() == "image_spec") else { return };
        let part = |name: &str| spec.child_by_field_name(name).map(|n| n.byte_range());
        // The grammar's tag and digest may or may not hold their separator.
        let bare = |r: std::ops::Range<usize>| {
            let skip = usize::from(self.out.text[r.clone()].starts_with([':', '@']));
            let span = Span::new(r.start + skip, r.end);
            Word::docker(&self.out.read(span), span, self.escape)
        };
        let alias = node.child_by_field_name("as").map(|n| self.word(n));
        let as_keyword = alias.as_ref().map(|_| {
            let at = self.skip_blanks(spec.end_byte() as u32);
            Span { start: at, end: self.word_end(at) }
        });
        let (tag, digest) = (part("tag").map(bare), part("digest").map(bare));
        self.out.from = Some(From { image: self.word(spec), tag, digest, as_keyword, alias }.into());
    }

    /// Reads `body` as shell text or JSON.
    fn command(&mut self, body: Span) {
        if body.is_empty() {
            return;
        }
        if self.is_json(body) {
            self.out.form = Form::Json;
            self.out.words = self.json_words(body);
            self.out.script = Some(shell::json_command(&self.out.text, &self.out.words).into());
            return;
        }
        let line = self.out.pieces.clip(body);
        let script = match self.heredoc_script(body) {
            Some(doc) => {
                let mut script = self.shell(&Pieces(vec![doc.body]), Source::Heredoc);
                script.interpreter = doc.body.of(&self.out.text).strip_prefix("#!").map(|l| {
                    let line = l.lines().next().unwrap_or_default();
                    let words =
                        line.split_whitespace().filter(|w| !w.ends_with("/env") && !w.starts_with('-'));
                    words.map(|w| w.rsplit('/').next().unwrap_or(w)).next().unwrap_or_default().to_owned()
                });
                script
            }
            None if self.out.heredocs.is_empty() => self.shell(&line, Source::Line),
            None => {
                let mut all = line;
                let (first, last) = (&self.out.heredocs[0], &self.out.heredocs[self.out.heredocs.len() - 1]);
                // From the line end before the first body on; at the end of the file there may be none.
                let start = first.body.start.saturating_sub(1).max(all.span().end);
                all.0.extend((start < last.end.end).then_some(Span { start, end: last.end.end }));
                let mut script = self.shell(&all, Source::Line);
                script.has_heredoc = true;
                script
            }
        };
        self.out.script = Some(script.into());
    }

    fn shell(&self, pieces: &Pieces, source: Source) -> Script {
        let before = self.before.as_ref();
        let tree = before.and_then(|b| {
            let old = b.instruction.effective().script.as_ref()?.tree.as_ref()?;
            Some(reparse(Grammar::Shell, &self.out.text, pieces, old, b.change, b.len))
        });
        shell::script(&self.out.text, pieces, source, tree)
    }

    /// The here-document that is the script itself: `RUN <<EOF` and nothing else.
    fn heredoc_script(&self, body: Span) -> Option<Heredoc> {
        let [doc] = self.out.heredocs.as_slice() else { return None };
        let marker = self.out.read(body);
        let name = marker.trim().strip_prefix("<<")?.trim_start_matches('-');
        let bare: String = name.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
        (bare == doc.name).then(|| doc.clone())
    }

    fn healthcheck(&mut self) {
        let at = self.out.body.start;
        let word = Span { start: at, end: self.word_end(at).min(self.out.body.end) };
        if self.out.read(word).eq_ignore_ascii_case("CMD") {
            let start = self.skip_blanks(word.end).min(self.out.body.end);
            self.command(Span { start, end: self.out.body.end });
        }
    }

    fn pairs(&mut self, node: Node) {
        let mut cursor = node.walk();
        let nodes: Vec<Node> =
            node.named_children(&mut cursor).filter(|n| n.kind().ends_with("_pair")).collect();
        for pair in nodes {
            let mut cursor = pair.walk();
            let parts: Vec<Node> =
                pair.named_children(&mut cursor).filter(|n| n.kind().ends_with("_string")).collect();
            let Some((name, values)) = parts.split_first() else { continue };
            let (name_end, end) = (name.end_byte() as u32, pair.end_byte() as u32);
            let eq = self.out.text.as_bytes().get(name_end as usize) == Some(&b'=');
            let name = self.word(*name);
            let span = Span { start: name.span.start, end: end.max(name_end + u32::from(eq)) };
            let value = if eq {
                let span = Span { start: name_end + 1, end: span.end };
                Some(Word::docker(&self.out.read(span), span, self.escape))
            } else if self.out.keyword != Keyword::Arg && !values.is_empty() {
                let start = self.skip_blanks(name_end);
                let span = Span { start, end: self.out.body.end };
                Some(Word::docker(&self.out.read(span), span, self.escape))
            } else {
                None
            };
            let legacy = !eq && value.is_some();
            self.out.pairs.push(Pair {
                span: if legacy { span.to(self.out.body) } else { span },
                name,
                value,
                legacy,
            });
        }
    }

    /// An ONBUILD holds another instruction; it is lowered in place, so that its spans stay those of the ONBUILD.
    fn onbuild(&mut self) {
        let start = self.out.body.start;
        let keyword = Span { start, end: self.word_end(start).min(self.out.body.end) };
        if keyword.is_empty() || Keyword::of(keyword.of(&self.out.text)) == Keyword::Onbuild {
            return;
        }
        let mut pieces = self.out.pieces.clip(Span { start, end: self.out.pieces.span().end });
        pieces.0.retain(|p| !p.is_empty());
        let mut inner = blank(&self.out.text, keyword, pieces);
        inner.heredocs = self.out.heredocs.clone();
        let inner = Lower { out: inner, escape: self.escape, before: None }.run();
        self.out.broken |= inner.broken;
        self.out.onbuild = Some(Box::new(inner));
    }
}
