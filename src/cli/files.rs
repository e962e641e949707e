//! Finding, reading and replacing files.
use super::error::Error;
use crate::search::dockerfiles;
use crate::text::Lines;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The Dockerfiles that `paths` name: files themselves, and those found in folders, sorted. A folder without any, and a
/// path that is not there, is an error.
pub(super) fn find(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Error>) {
    let (mut files, mut errors) = (vec![], vec![]);
    for path in paths {
        if path.as_os_str() == "-" {
            files.push(path.clone());
            continue;
        }
        match std::fs::metadata(path) {
            Ok(m) if m.is_dir() => {
                let before = files.len();
                for entry in dockerfiles(path) {
                    match entry {
                        Ok(file) => files.push(file),
                        Err(reason) => errors.push(Error::read(path, reason)),
                    }
                }
                if files.len() == before {
                    errors.push(Error::NothingFound { path: path.clone() });
                }
            }
            Ok(_) => files.push(path.clone()),
            Err(reason) => errors.push(Error::read(path, reason)),
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|f| seen.insert(f.clone()));
    (files, errors)
}

/// Reads a file, or standard input, as UTF-8. `shown` is the name that errors give it.
pub(super) fn read(path: &Path, shown: &Path) -> Result<String, Error> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = vec![];
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes.map_err(|reason| Error::read(shown, reason))?;
    let not_text = |what: String| Error::NotText { path: shown.to_owned(), what };
    if bytes.len() > crate::text::MAX_LEN {
        return Err(not_text("has more than 4 GiB".to_owned()));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(not_text("is UTF-16, which Docker does not read".to_owned()));
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            Err(not_text("holds a NUL byte, so it is no Dockerfile".to_owned()))
        }
        Ok(text) => Ok(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[valid];
            let place = Lines::new(std::str::from_utf8(&error.as_bytes()[..valid]).unwrap_or_default())
                .place(valid as u32);
            Err(not_text(format!(
                "is not UTF-8: byte 0x{byte:02x} on line {}, column {}",
                place.line, place.column
            )))
        }
    }
}

/// Replaces the text of `path` in one step, so that it holds either the old bytes or the new ones whatever happens.
/// Its mode stays; a symbolic link goes on pointing to the file that is replaced.
///
/// # Errors
/// When the file no longer holds `old` (it is left as it is), or cannot be written.
pub fn write_atomically(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Error> {
    let failed = |reason| Error::write(path, reason);
    let real = path.canonicalize().map_err(|reason| Error::read(path, reason))?;
    // A rename asks only for the folder's permission. The file's own counts as well.
    std::fs::OpenOptions::new().write(true).open(&real).map_err(failed)?;
    let metadata = std::fs::metadata(&real).map_err(failed)?;
    let folder = real.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".dockfix-").tempfile_in(folder).map_err(failed)?;
    temporary.write_all(new).map_err(failed)?;
    temporary.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
    keep_owner(temporary.as_file(), &metadata);
    temporary.as_file().sync_all().map_err(failed)?;
    if std::fs::read(&real).map_err(|reason| Error::read(path, reason))? != old {
        return Err(Error::Changed { path: path.to_owned() });
    }
    temporary.persist(&real).map_err(|e| failed(e.error))?;
    Ok(())
}

/// Root, fixing another user's file, leaves it to that user. Nobody else may, or needs to.
#[cfg(unix)]
fn keep_owner(file: &std::fs::File, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _ = std::os::unix::fs::fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &std::fs::File, _: &std::fs::Metadata) {}

/// Creates `path` with `text`, unless something is there already.
///
/// # Errors
/// When it cannot be written; nothing is left behind then.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |reason| Error::write(path, reason);
    let mut temporary = tempfile::Builder::new().prefix(".dockfix-").tempfile_in(folder).map_err(failed)?;
    temporary.write_all(text.as_bytes()).map_err(failed)?;
    readable_by_all(temporary.as_file()).map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Err(e) if e.error.kind() != std::io::ErrorKind::AlreadyExists => Err(failed(e.error)),
        _ => Ok(()),
    }
}

/// A temporary file belongs to its user alone; a file of a project is for everybody.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
