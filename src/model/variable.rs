//! Where an instruction expands variables.
use super::instruction::Instruction;
use crate::syntax::{Pieces, Tree};
use crate::text::Span;

/// A variable that is expanded: `$NAME` or `${NAME…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// All of it.
    pub span: Span,
    /// The name.
    pub name: Span,
}

impl Instruction {
    /// The variables that it expands, by BuildKit or by its shell, in order. Spans are relative to the instruction.
    pub fn expansions(&self, escape: char) -> Vec<Expansion> {
        let this = self.effective();
        let mut out = vec![];
        for flag in &this.flags {
            scan(&this.text, &this.pieces.clip(flag.span), escape, true, &mut out);
        }
        match &this.script {
            Some(script) => {
                out.extend_from_slice(&script.marks(&this.text).expansions);
                if script.pieces.0.is_empty() && script.commands.is_empty() {
                    scan(&this.text, &this.pieces.clip(script.span), escape, true, &mut out);
                }
            }
            None => {
                scan(&this.text, &this.pieces.clip(this.body), escape, true, &mut out);
                for doc in this.heredocs.iter().filter(|h| h.expand) {
                    scan(&this.text, &Pieces(vec![doc.body]), escape, false, &mut out);
                }
            }
        }
        out.sort_by_key(|e| e.span);
        out.dedup();
        out
    }
}

/// BuildKit's own expansion: everywhere but behind an escape character and, where `quotes` count, in single quotes.
fn scan(text: &str, pieces: &Pieces, escape: char, quotes: bool, out: &mut Vec<Expansion>) {
    let mut single = false;
    let mut double = false;
    for piece in &pieces.0 {
        let bytes = piece.of(text).as_bytes();
        let mut i = 0;
        while let Some(byte) = bytes.get(i) {
            match byte {
                b'\'' if quotes && !double => single = !single,
                b'"' if quotes && !single => double = !double,
                _ if *byte as char == escape && !single => i += 1,
                b'$' if !single => {
                    let braced = usize::from(bytes.get(i + 1) == Some(&b'{'));
                    let start = i + 1 + braced;
                    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
                    let end = start + bytes[start.min(bytes.len())..].iter().take_while(is_name).count();
                    if end > start {
                        let close = bytes[end..].iter().position(|b| *b == b'}').filter(|_| braced == 1);
                        let all = close.map_or(end, |c| end + c + 1);
                        let at = |offset: usize| piece.start + offset as u32;
                        let name = Span { start: at(start), end: at(end) };
                        out.push(Expansion { span: Span { start: at(i), end: at(all) }, name });
                        // A default may hold variables itself: go on behind the name.
                        i = end;
                        continue;
                    }
                }
                _ => {}
            }
            i += 1;
        }
    }
}

/// The shell's expansions in a tree.
pub(super) fn expansions(tree: &Tree, text: &str) -> Box<[Expansion]> {
    let mut out = vec![];
    let mut cursor = tree.walk();
    let mut descend = true;
    loop {
        let node = cursor.node();
        if descend && matches!(node.kind(), "simple_expansion" | "expansion") {
            let mut inner = node.walk();
            let name = node.children(&mut inner).find(|c| c.kind() == "variable_name");
            if let Some(name) = name.filter(|n| n.end_byte() <= text.len()) {
                out.push(Expansion {
                    span: Span::new(node.start_byte(), node.end_byte()),
                    name: Span::new(name.start_byte(), name.end_byte()),
                });
            }
        }
        if descend && cursor.goto_first_child() {
            continue;
        }
        descend = cursor.goto_next_sibling();
        if !descend && !cursor.goto_parent() {
            return out.into();
        }
    }
}
