//! # `ADD` for files of the build context
//!
//! `ADD` also downloads, clones and unpacks. For plain files and folders `COPY` does the same and nothing else, so a file
//! that turns out to be an archive is not unpacked by surprise.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -ADD requirements.txt /app/
//! +COPY requirements.txt /app/
//! -ADD --chown=app . /app
//! +COPY --chown=app . /app
//! ```
//!
//! Silent where `ADD` does what `COPY` cannot, or may: URLs, git repositories, archives, variables, and patterns that may
//! stand for an archive.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ARG SOURCE
//! ADD https://example.com/model.bin /models/
//! ADD https://github.com/example/app.git#main /src
//! ADD rootfs.tar.zst /
//! ADD $SOURCE dist/app-* /app/
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "local-add",
    aliases: &["DL3020"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

/// What BuildKit may unpack; some are tar files by another name.
const ARCHIVES: &[&str] = &[
    "tar", "gz", "tgz", "bz2", "tbz", "tbz2", "tb2", "xz", "txz", "zst", "tzst", "lzma", "tlz", "lz", "z",
    "tz", "tpz", "apk", "gem", "crate", "ova", "box",
];

/// The options that COPY has too.
const SHARED: &[&str] = &["chown", "chmod", "link", "exclude", "from", "parents"];

fn check(here: &Here) -> Vec<Finding> {
    let instruction = here.instruction;
    let Some((_, sources)) = instruction.words.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        return vec![];
    };
    let plain = instruction.keyword == Keyword::Add
        && instruction.heredocs.is_empty()
        && instruction.flags.iter().all(|f| SHARED.contains(&f.name.as_str()))
        && sources.iter().all(is_local);
    if !plain || sources.iter().any(|s| here.file().context().is_archive(&s.value) == Some(true)) {
        return vec![];
    }
    let message = "ADD would also download or unpack; for files of the build context COPY says what happens";
    let keyword = in_case_of(instruction.keyword_span.of(&instruction.text), "COPY");
    let edit = Edit::replace(instruction.keyword_span, keyword);
    let fix = Fix::safe(Scope::Copies, "Write `COPY`", vec![edit]);
    // What an ONBUILD defers reads the files of another build.
    let proven = !here.is_onbuild() && !(may_be_root(here, sources));
    vec![Finding::new(instruction.keyword_span, message).fix(proven.then_some(fix))]
}

/// A file or folder of the context, that is no archive by its name.
fn is_local(word: &Word) -> bool {
    let value = word.value.trim_end_matches('/');
    let lower = value.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let extension = name.rsplit_once('.').map(|(_, e)| e);
    let remote = lower.contains("://")
        || lower.starts_with("git@")
        || lower.contains(".git#")
        || extension == Some("git");
    let is_pattern = value.contains(['*', '?', '[']);
    // What stands behind the last wildcard decides what a pattern may match.
    let narrow = extension.is_some_and(|e| !e.is_empty() && !e.contains(['*', '?', '[', ']']));
    // In JSON a variable is not marked as such, but replaced all the same.
    let variable = value.contains('$');
    !remote && !variable && !extension.is_some_and(|e| ARCHIVES.contains(&e)) && (!is_pattern || narrow)
}

/// `ADD rootfs /` onto nothing: such a file without an extension has often been an archive.
fn may_be_root(here: &Here, sources: &[Word]) -> bool {
    let to_root = here.instruction.words.last().is_some_and(|w| w.value == "/");
    let scratch = here.base().is_none_or(Image::is_scratch);
    let unknown = |w: &Word| {
        here.file().context().is_archive(&w.value).is_none()
            && !w.value.ends_with(['/', '.'])
            && !w.value.contains('.')
    };
    to_root && scratch && sources.iter().any(unknown)
}
