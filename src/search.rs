//! The Dockerfiles of a folder.
use std::path::{Path, PathBuf};

/// The Dockerfiles in `folder` and below it, sorted; what .gitignore names is left out.
pub fn dockerfiles(folder: &Path) -> impl Iterator<Item = std::io::Result<PathBuf>> {
    let walk = ignore::WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .filter_entry(|e| e.file_name() != ".git")
        .sort_by_file_name(|a, b| a.cmp(b))
        .build();
    let here = folder == Path::new(".");
    walk.filter_map(move |entry| match entry {
        Ok(e) if e.file_type().is_some_and(|t| !t.is_dir()) && is_dockerfile(e.path()) => {
            // `./` before what a search of the current folder finds says nothing.
            let path = if here { e.path().strip_prefix(".").unwrap_or(e.path()) } else { e.path() };
            Some(Ok(path.to_owned()))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()))),
    })
}

/// `Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `Containerfile`, `Containerfile.*`, but no `.dockerignore` of one.
pub fn is_dockerfile(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return false };
    let lower = name.to_ascii_lowercase();
    let (stem, rest) = lower.split_once('.').unwrap_or((&lower, ""));
    (matches!(stem, "dockerfile" | "containerfile")
        || lower.ends_with(".dockerfile")
        || lower.ends_with(".containerfile"))
        && !rest.ends_with("dockerignore")
        && !rest.ends_with("containerignore")
}
