//! Bytes to concrete syntax: logical instructions, then one small tree for each and one for its shell text.
//! The only user of tree-sitter.
mod heredoc;
mod pieces;
mod split;
mod tree;

pub use heredoc::Heredoc;
pub use pieces::Pieces;
pub use split::{Directive, Logical, Problem, Split, split};
pub(crate) use split::{is_json_array, split_from, split_part};
pub use tree::{Grammar, parse, reparse};
pub use tree_sitter::{Node, Tree};
