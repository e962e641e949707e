//! Trees by tree-sitter, over pieces of a text.
use super::pieces::Pieces;
use crate::text::Span;
use std::cell::RefCell;
use tree_sitter::{InputEdit, Parser, Point, Range, Tree};

/// Which language a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// One Dockerfile instruction.
    Dockerfile,
    /// Shell, as bash reads it.
    Shell,
}

thread_local! {
    static DOCKERFILE: RefCell<Parser> = RefCell::new(parser(tree_sitter_dockerfile::LANGUAGE.into()));
    static SHELL: RefCell<Parser> = RefCell::new(parser(tree_sitter_bash::LANGUAGE.into()));
}

fn parser(language: tree_sitter::Language) -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&language).expect("the grammar is compiled in, for this version of tree-sitter");
    parser
}

/// Parses the pieces of `text`, with the holes between them skipped. Offsets in the tree are those of `text`.
pub fn parse(grammar: Grammar, text: &str, pieces: &Pieces) -> Tree {
    run(grammar, text, pieces, None)
}

/// As [`parse`], from the tree that the text had before `change` was replaced by `len` bytes: the parts of
/// the tree outside the change are taken over.
pub fn reparse(grammar: Grammar, text: &str, pieces: &Pieces, old: &Tree, change: Span, len: u32) -> Tree {
    let mut old = old.clone();
    old.edit(&InputEdit {
        start_byte: change.start as usize,
        old_end_byte: change.end as usize,
        new_end_byte: (change.start + len) as usize,
        // Only byte offsets are read, here and by whoever gets the tree.
        start_position: Point::default(),
        old_end_position: Point::default(),
        new_end_position: Point::default(),
    });
    let tree = run(grammar, text, pieces, Some(&old));
    // How an error is recovered from depends on where the parser comes from; a file must not.
    if tree.root_node().has_error() { run(grammar, text, pieces, None) } else { tree }
}

fn run(grammar: Grammar, text: &str, pieces: &Pieces, old: Option<&Tree>) -> Tree {
    let ranges: Vec<Range> = pieces.0.iter().map(|p| range(*p)).collect();
    let parse = |parser: &mut Parser| {
        parser.set_included_ranges(&ranges).expect("pieces are sorted and do not overlap");
        parser.parse(text, old).expect("a parser with a language and without a time limit answers")
    };
    match grammar {
        Grammar::Dockerfile => DOCKERFILE.with_borrow_mut(parse),
        Grammar::Shell => SHELL.with_borrow_mut(parse),
    }
}

fn range(piece: Span) -> Range {
    let (start, end) = (piece.start as usize, piece.end as usize);
    // Rows are of no use to us, but the bash grammar looks at columns for heredocs and comments.
    Range {
        start_byte: start,
        end_byte: end,
        start_point: Point::new(0, start),
        end_point: Point::new(0, end),
    }
}
