//! The language server over an in-memory pipe, with typed messages. One file per group of features; every place and edit
//! is also tried behind emoji, CRLF and tabs.
mod actions;
mod diagnostics;
mod editor;
mod edits;
mod everywhere;
mod features;
mod lifecycle;
#[cfg(target_os = "linux")]
mod memory;
mod process;
#[path = "../common/random_edits.rs"]
mod random_edits;
mod refactor;
