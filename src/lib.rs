//! Checks Dockerfiles and fixes what it finds.
//!
//! The modules, each using only those before it:
//!
//! | module | what it is |
//! |---|---|
//! | [`text`] | spans, edits, lines; knows nothing of Docker |
//! | [`syntax`] | bytes to trees: logical instructions, and the only use of tree-sitter |
//! | [`facts`] | what is known of public images |
//! | [`settings`] | what a user may choose |
//! | [`model`] | trees to meaning: instructions, commands, images, and the state before every instruction |
//! | [`context`] | the files beside a Dockerfile |
//! | [`join`](mod@join) | how two RUN instructions become one |
//! | [`rule`] | the vocabulary that rules are written in |
//! | [`rules`] | every rule, one file each |
//! | [`config`] | from settings, and `dockfix.toml`, to the rules of a run |
//! | [`check`](mod@check) | runs rules; comments that suppress them |
//! | [`fix`](mod@fix) | choose, apply, verify, repeat |
//! | [`report`] | findings as text |
//! | [`search`] | which files are Dockerfiles |
//! | [`lsp`] | the language server |
//! | [`cli`] | the command line |
pub mod check;
pub mod cli;
pub mod config;
pub mod context;
pub mod example;
pub mod facts;
pub mod fix;
pub mod join;
pub mod lsp;
pub mod model;
pub mod report;
pub mod rule;
pub mod rules;
pub mod search;
pub mod settings;
mod suppress;
pub mod syntax;
pub mod text;
mod verify;
