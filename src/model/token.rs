//! The words of a shell script by what they are, for editors that colour them.
use super::script::Script;
use super::variable::{Expansion, expansions};
use crate::syntax::Tree;
use crate::text::Span;

/// What a part of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `if`, `for`, `done`, …
    Keyword,
    /// A program that is run.
    Program,
    /// An option of a program.
    Option,
    /// A quoted text.
    String,
    /// A variable, where it is set or expanded.
    Variable,
    /// `&&`, `|`, `>`, …
    Operator,
    /// `# …`
    Comment,
}

/// What an editor marks in a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    tokens: Box<[(Span, TokenKind)]>,
    pub(super) expansions: Box<[Expansion]>,
}

impl Script {
    /// Its parts, in order; none lies in another. Empty where it cannot be parsed. `text` is that of the instruction.
    pub fn tokens(&self, text: &str) -> &[(Span, TokenKind)] {
        &self.marks(text).tokens
    }

    /// What an editor marks in it, from one tree.
    pub(super) fn marks(&self, text: &str) -> &Marks {
        self.marks.get_or_init(|| match self.tree(text) {
            Some(tree) => Marks { tokens: tokens(&tree, text), expansions: expansions(&tree, text) },
            None => Marks::default(),
        })
    }
}

fn tokens(tree: &Tree, text: &str) -> Box<[(Span, TokenKind)]> {
    let mut out = vec![];
    let mut cursor = tree.walk();
    let mut descend = true;
    loop {
        let node = cursor.node();
        let span = Span::new(node.start_byte(), node.end_byte());
        if descend {
            let kind = match node.kind() {
                "if" | "then" | "else" | "elif" | "fi" | "for" | "in" | "do" | "done" | "while" | "until"
                | "case" | "esac" | "function" | "export" | "local" | "declare" | "readonly" | "unset" => {
                    Some(TokenKind::Keyword)
                }
                "command_name" => Some(TokenKind::Program),
                "word" if span.of(text).starts_with('-') => Some(TokenKind::Option),
                "raw_string" | "ansi_c_string" | "string_content" => Some(TokenKind::String),
                "variable_name" | "special_variable_name" => Some(TokenKind::Variable),
                "&&" | "||" | "|" | "|&" | ";" | ";;" | "&" | ">" | ">>" | "<" | "<<" | "<<<" | ">&"
                | "&>" | "!" => Some(TokenKind::Operator),
                "comment" => Some(TokenKind::Comment),
                _ => None,
            };
            if let Some(kind) = kind.filter(|_| !span.is_empty()) {
                out.push((span, kind));
                // A name such as `$cmd` is shown as one thing.
                descend = false;
            }
        }
        if descend && cursor.goto_first_child() {
            continue;
        }
        descend = cursor.goto_next_sibling();
        if !descend && !cursor.goto_parent() {
            break;
        }
    }
    out.sort_by_key(|(s, _)| *s);
    out.into()
}
