//! The scripts that commands hand over to.
use super::Run;
use super::tools::base_name;
use crate::rule::*;

/// A script that a command hands over to.
pub(super) enum ScriptFile {
    /// Its text.
    Text(String),
    /// It cannot be read; this is its name.
    Unknown(String),
}

/// Scripts that install by themselves what they need, or need no more than Python.
const HARMLESS: &[&str] = &[
    "deb.nodesource.com",
    "get.docker.com",
    "install.python-poetry.org",
    "get-poetry.py",
    "astral.sh/uv",
    "get-pip.py",
];

/// The script that a command runs, if it is one of the project or one that is downloaded.
pub(super) fn script(run: &Run) -> Option<ScriptFile> {
    let command = run.command;
    let path = command.words.first()?.value.as_str();
    let text = &run.here.instruction.text;
    let word = match command.program() {
        "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" => {
            let has_text = command.arguments().iter().any(|w| {
                w.is_flag() && !w.value.starts_with("--") && w.value.ends_with('c') && !w.value.contains('/')
            });
            let file = command.arguments().iter().find(|w| !w.is_flag() && w.value != "-");
            match file {
                _ if has_text => return None,
                Some(file) => file,
                // It reads what a pipe or a here-document brings. That of a here-document is seen as commands.
                None if command.position == Position::Pipeline => {
                    let known = HARMLESS.iter().any(|h| text.contains(h));
                    return (!known).then(|| ScriptFile::Unknown("the downloaded script".to_owned()));
                }
                None => return None,
            }
        }
        "." | "source" => {
            let file = command.arguments().first()?;
            return run.here.read_copied(file).map(ScriptFile::Text);
        }
        // Made to need nothing but a shell and Java.
        "gradlew" | "mvnw" => return None,
        name if name.ends_with(".sh") || name.ends_with(".bash") => &command.words[0],
        name => {
            let is_run = run.here.instruction.keyword == Keyword::Run;
            let of_project = path.starts_with("./") && !name.contains('.') && !path.contains("node_modules");
            // Its needs are told as those of a build.
            let told = matches!(name, "configure" | "Configure" | "buildconf");
            if let Some(script) = renamed(run, path) {
                return Some(script);
            }
            if !is_run || !of_project || told {
                return None;
            }
            &command.words[0]
        }
    };
    // Brought by the image.
    let name = base_name(&word.value);
    let is_copied = run.here.file().text().matches(&name).count() > 1;
    if name == "docker-entrypoint.sh" && !is_copied || HARMLESS.iter().any(|h| text.contains(h)) {
        return None;
    }
    Some(run.here.read_copied(word).map_or(ScriptFile::Unknown(name), ScriptFile::Text))
}

/// A script that was copied to `path` under another name.
fn renamed(run: &Run, path: &str) -> Option<ScriptFile> {
    // Most programs are called by their names, and the whole file is a long way.
    if !path.starts_with('/') {
        return None;
    }
    let file = run.here.file();
    let copies = (0..file.dockerfile().instructions.len()).filter_map(|i| file.here(i).copied()).flatten();
    let copied = copies.into_iter().find(|c| !c.folder && c.target == path && c.source.ends_with(".sh"))?;
    let text = file.context().read(copied.source);
    Some(text.map_or_else(|| ScriptFile::Unknown(base_name(copied.source)), ScriptFile::Text))
}
