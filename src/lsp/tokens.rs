//! Semantic tokens: instructions, options, names, and the shell inside RUN.
use super::document::Reading;
use super::position::Positions;
use super::session::{Session, Tokens};
use crate::model::{Dockerfile, Placed, TokenKind, Word};
use crate::text::Span;
use std::sync::Arc;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenType, SemanticTokens, SemanticTokensDelta, SemanticTokensEdit,
    SemanticTokensFullDeltaResult, SemanticTokensLegend,
};

/// The kinds, by the numbers that stand for them.
const KINDS: [SemanticTokenType; 9] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::PARAMETER,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::STRING,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::NAMESPACE,
];
const KEYWORD: u32 = 0;
const COMMENT: u32 = 1;
const OPTION: u32 = 2;
const PROPERTY: u32 = 3;
const STRING: u32 = 4;
const VARIABLE: u32 = 5;
const OPERATOR: u32 = 6;
const PROGRAM: u32 = 7;
const NAME: u32 = 8;

/// What the numbers mean.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend { token_types: KINDS.to_vec(), token_modifiers: vec![] }
}

/// Every token, remembered so that the next answer may be what changed.
pub(super) fn full(reading: &Reading, session: &Session) -> SemanticTokens {
    let (tokens, _) = remembered(reading, session);
    SemanticTokens { result_id: Some(tokens.id), data: tokens.all.to_vec() }
}

/// What changed since `before`, or everything when that is not remembered.
pub(super) fn since(reading: &Reading, session: &Session, before: &str) -> SemanticTokensFullDeltaResult {
    let (tokens, old) = remembered(reading, session);
    let id = Some(tokens.id);
    match old.filter(|o| o.id == before) {
        Some(old) => {
            let edits = delta(&old.all, &tokens.all);
            SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id: id, edits })
        }
        None => {
            let data = tokens.all.to_vec();
            SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id: id, data })
        }
    }
}

fn remembered(reading: &Reading, session: &Session) -> (Tokens, Option<Tokens>) {
    let all = Arc::new(all(reading, Span::new(0, reading.text().len())));
    let tokens = Tokens { id: reading.version.to_string(), all };
    let old = session.remember(&reading.setting.uri, tokens.clone());
    (tokens, old)
}

/// The tokens that lie in `within`.
pub(super) fn all(reading: &Reading, within: Span) -> Vec<SemanticToken> {
    let file = &reading.file;
    let mut marks = vec![];
    let first = file.comments.partition_point(|c| c.end <= within.start);
    let comments = file.comments[first..].iter().take_while(|c| c.start < within.end);
    marks.extend(comments.map(|c| {
        let directive = file.directives.iter().any(|d| d.span == *c);
        (*c, if directive { PROPERTY } else { COMMENT })
    }));
    let first = file.instructions.partition_point(|p| p.span().end <= within.start);
    for placed in file.instructions[first..].iter().take_while(|p| p.at < within.end) {
        instruction(file, placed, &mut marks);
    }
    marks.retain(|(s, _)| s.start < within.end && s.end > within.start);
    marks.sort_by_key(|(s, _)| (s.start, std::cmp::Reverse(s.end)));
    encode(&reading.positions, &file.source, &flat(marks))
}

fn instruction(file: &Dockerfile, placed: &Placed, out: &mut Vec<(Span, u32)>) {
    let mut push = |span: Span, kind| out.push((placed.absolute(span), kind));
    let (outer, node) = (&placed.node, placed.node.effective());
    push(outer.keyword_span, KEYWORD);
    if outer.onbuild.is_some() {
        push(node.keyword_span, KEYWORD);
    }
    outer.comments.iter().for_each(|c| push(*c, COMMENT));
    for flag in &node.flags {
        push(Span { start: flag.span.start, end: flag.span.end.min(flag.value.span.start) }, OPTION);
        push(flag.value.span, STRING);
    }
    for pair in &node.pairs {
        push(pair.name.span, PROPERTY);
        pair.value.iter().for_each(|v| push(v.span, STRING));
    }
    if let Some(from) = &node.from {
        push(from.image.span, NAME);
        from.as_keyword.iter().for_each(|s| push(*s, KEYWORD));
        from.alias.iter().for_each(|a| push(a.span, NAME));
    }
    let word = |w: &Word| (w.span, STRING);
    match &node.script {
        Some(script) => {
            script.tokens(&node.text).iter().for_each(|(span, kind)| push(*span, shell(*kind)));
            node.words.iter().map(word).for_each(|(s, k)| push(s, k));
        }
        None => node.words.iter().map(word).for_each(|(s, k)| push(s, k)),
    }
    for doc in &node.heredocs {
        push(doc.end, OPERATOR);
        if node.script.is_none() {
            push(doc.body, STRING);
        }
    }
    outer.expansions(file.escape).iter().for_each(|e| push(e.span, VARIABLE));
}

fn shell(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Keyword => KEYWORD,
        TokenKind::Program => PROGRAM,
        TokenKind::Option => OPTION,
        TokenKind::String => STRING,
        TokenKind::Variable => VARIABLE,
        TokenKind::Operator => OPERATOR,
        TokenKind::Comment => COMMENT,
    }
}

/// Tokens that do not overlap: one inside another cuts it in two.
fn flat(marks: Vec<(Span, u32)>) -> Vec<(Span, u32)> {
    let mut out = Vec::with_capacity(marks.len());
    let mut open: Vec<(Span, u32)> = vec![];
    let mut at = 0;
    let close = |out: &mut Vec<(Span, u32)>, open: &mut Vec<(Span, u32)>, at: &mut u32, until: u32| {
        while let Some((span, kind)) = open.last().copied() {
            let end = span.end.min(until);
            if end > (*at).max(span.start) {
                out.push((Span { start: (*at).max(span.start), end }, kind));
            }
            *at = (*at).max(end);
            if span.end > until {
                return;
            }
            open.pop();
        }
    };
    for mark in marks {
        close(&mut out, &mut open, &mut at, mark.0.start);
        open.push(mark);
    }
    close(&mut out, &mut open, &mut at, u32::MAX);
    out
}

/// One token per line, each relative to the one before.
fn encode(positions: &Positions, text: &str, tokens: &[(Span, u32)]) -> Vec<SemanticToken> {
    let encoding = positions.encoding();
    let mut out = Vec::with_capacity(tokens.len());
    let (mut line, mut column) = (0, 0);
    for (span, token_type) in tokens {
        let mut start = span.start;
        for number in positions.line_of(span.start)..=positions.line_of(span.end.max(span.start + 1) - 1) {
            let Some(whole) = positions.line(number) else { break };
            start = start.max(whole.start);
            let part = Span { start, end: span.end.min(whole.end) };
            if part.start < part.end {
                let at = positions.position(part.start);
                let delta_start = if at.line == line { at.character - column } else { at.character };
                out.push(SemanticToken {
                    delta_line: at.line - line,
                    delta_start,
                    length: encoding.width(part.of(text)),
                    token_type: *token_type,
                    token_modifiers_bitset: 0,
                });
                (line, column) = (at.line, at.character);
            }
        }
    }
    out
}

/// What makes `new` of `old`: one edit between the tokens that both begin and end with.
fn delta(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    if start == old.len() && start == new.len() {
        return vec![];
    }
    // The protocol counts numbers, five to a token.
    vec![SemanticTokensEdit {
        start: start as u32 * 5,
        delete_count: (old.len() - start - end) as u32 * 5,
        data: Some(new[start..new.len() - end].to_vec()),
    }]
}
