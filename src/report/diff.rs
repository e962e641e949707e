//! Unified diffs.
use anstream::adapter::strip_str;
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// After this time a diff is no longer the smallest one, but still right.
const PATIENCE: Duration = Duration::from_secs(2);

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// What changed from `old` to `new`, the way `patch` reads it (colours are stripped where they are not shown). Empty when
/// nothing did.
pub fn diff(path: &Path, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let name = path.display().to_string();
    hunks(&format!("a/{name}"), &format!("b/{name}"), old, new)
}

/// A file that is new.
pub fn new_file(path: &Path, text: &str) -> String {
    hunks("/dev/null", &format!("b/{}", path.display()), "", text)
}

fn hunks(from: &str, to: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let mut out = format!("{BOLD}--- {from}{RESET}\n{BOLD}+++ {to}{RESET}\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(out, "{CYAN}{}{RESET}", hunk.header().to_string().trim_end());
        for change in hunk.iter_changes() {
            let (sign, colour) = match change.tag() {
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
                ChangeTag::Equal => (' ', ""),
            };
            // Escape sequences in a file are not for the terminal.
            let line = change.value();
            let content = line.trim_end_matches('\n');
            let shown =
                if content.contains('\x1b') { strip_str(content).to_string() } else { content.to_owned() };
            let reset = if colour.is_empty() { "" } else { RESET };
            let _ = writeln!(out, "{colour}{sign}{shown}{reset}");
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}
