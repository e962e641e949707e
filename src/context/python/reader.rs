//! Gathers requirements from files that name other files, and reads those of pip.
use super::marker::Environment;
use super::requirement::{self, Origin, Read, Requirement, normalized};
use super::{Context, Requirements};
use crate::facts::Interpreter;
use std::collections::HashSet;

/// No build reads more files.
const MOST_FILES: usize = 64;
/// Requirements files name one another no deeper than this.
pub(super) const DEEPEST: usize = 8;

/// Requirements on their way from files to a list.
pub(super) struct Reader<'a> {
    pub(super) context: &'a Context,
    pub(super) environment: Environment,
    pub(super) out: Requirements,
    /// The file that is being read.
    file: Option<String>,
    /// What `-c` says of versions.
    constraints: Vec<Requirement>,
    /// Packages that are not to be taken as wheels; `:all:` is all of them.
    no_binary: Vec<String>,
    /// The files read so far: one that is named twice says nothing new.
    seen: HashSet<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(context: &'a Context, python: Interpreter) -> Self {
        let environment = Environment { python, extras: vec![] };
        Self {
            context,
            environment,
            out: Requirements::default(),
            file: None,
            constraints: vec![],
            no_binary: vec![],
            seen: HashSet::new(),
        }
    }

    /// The list, constraints and what is built from source worked in.
    pub(super) fn finish(mut self) -> Requirements {
        for package in &mut self.out.packages {
            for limit in self.constraints.iter().filter(|c| c.name == package.name && !c.version.is_empty()) {
                let comma = if package.version.is_empty() { "" } else { "," };
                package.version = format!("{}{comma}{}", package.version, limit.version);
            }
            package.from_source |= self.no_binary.iter().any(|n| n == ":all:" || *n == package.name);
        }
        self.out
    }

    /// Notes why the list may not be all. The first reason is kept.
    pub(super) fn unknown(&mut self, why: impl Into<String>) {
        self.out.unknown.get_or_insert(why.into());
    }

    /// The text of a file of the context, for as many files as anybody has. What is asked for until the next call is
    /// asked for by that file.
    pub(super) fn open(&mut self, path: &str) -> Option<String> {
        let text = if self.seen.len() < MOST_FILES { self.context.read(path) } else { None };
        if text.is_some() {
            self.file = Some(path.to_owned());
        }
        text
    }

    /// Adds a package to the list.
    pub(super) fn add(&mut self, mut found: Requirement) {
        found.file.clone_from(&self.file);
        self.out.packages.push(found);
    }

    /// Adds what the text of a requirement means; folders are seen from `folder`.
    pub(super) fn add_text(&mut self, text: &str, folder: &str, depth: usize) {
        match requirement::read(text, &self.environment) {
            Read::One(found) => self.add(found),
            Read::Folder { path, extras } => {
                self.add(Requirement { extras: extras.clone(), ..Requirement::new("", "", Origin::Local) });
                match joined(folder, &path).filter(|_| depth < DEEPEST) {
                    Some(path) => self.project(&path, &extras, depth + 1),
                    None => self.unknown(format!("`{path}` is not in the build context")),
                }
            }
            Read::Nothing => {}
            Read::Unknown => self.unknown(format!("`{}` cannot be read as a requirement", short(text))),
        }
    }

    /// Reads a requirements file of pip.
    pub(super) fn requirements_file(&mut self, path: &str, depth: usize) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let before = self.file.clone();
        let Some(text) = self.open(path).filter(|_| depth < DEEPEST) else {
            return self.unknown(format!("`{path}` cannot be read"));
        };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for line in logical_lines(&text) {
            self.line(&line, folder, depth);
        }
        self.file = before;
    }

    /// Reads a file of constraints.
    pub(super) fn constraints_file(&mut self, path: &str, depth: usize) {
        let mut other = Reader::new(self.context, self.environment.python);
        std::mem::swap(&mut other.seen, &mut self.seen);
        other.requirements_file(path, depth);
        self.seen = other.seen;
        self.constraints.extend(other.out.packages);
        if let Some(why) = other.out.unknown {
            self.unknown(why);
        }
    }

    fn line(&mut self, line: &str, folder: &str, depth: usize) {
        if !line.starts_with('-') {
            // `flask --hash=sha256:… --global-option=…`
            let end = [" --", "\t--"].iter().filter_map(|o| line.find(o)).min().unwrap_or(line.len());
            return self.add_text(&line[..end], folder, depth);
        }
        let (option, value) = option(line);
        match option {
            "-r" | "--requirement" | "-c" | "--constraint" => {
                let path = joined(folder, value).filter(|_| !value.contains("://") && !value.contains('$'));
                self.out.reads.push(path.clone().unwrap_or_else(|| value.to_owned()));
                match path {
                    Some(path) if option.contains("-r") => self.requirements_file(&path, depth + 1),
                    Some(path) => self.constraints_file(&path, depth + 1),
                    None => self.unknown(format!("`{value}` is not in the build context")),
                }
            }
            "-e" | "--editable" => self.add_text(value, folder, depth),
            _ => self.option(option, value),
        }
    }

    /// An option that pip takes on the command line and in files alike.
    pub(super) fn option(&mut self, option: &str, value: &str) {
        match option {
            "--no-binary" => self.no_binary.extend(value.split(',').map(|name| match name.trim() {
                ":all:" => ":all:".to_owned(),
                name => normalized(name),
            })),
            "--extra-index-url" => self.out.elsewhere = true,
            "-f" | "--find-links" => {
                self.out.elsewhere = true;
                if !value.contains("://") {
                    self.out.reads.push(value.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// An option at the beginning of a line, and its value.
fn option(line: &str) -> (&str, &str) {
    let (option, value) = match line.split_once(|c: char| c == '=' || c.is_whitespace()) {
        Some((option, value)) => (option, value.trim()),
        None => (line, ""),
    };
    // `-rbase.txt`
    match option.get(..2) {
        Some(short) if option.len() > 2 && !option.starts_with("--") => (short, line[2..].trim()),
        _ => (option, value),
    }
}

/// The lines of a requirements file, continued ones joined, comments and empty ones left out.
fn logical_lines(text: &str) -> Vec<String> {
    let (mut out, mut open) = (vec![], String::new());
    for line in text.trim_start_matches('\u{feff}').lines() {
        let comment = line.trim_start().starts_with('#');
        match line.strip_suffix('\\').filter(|_| !comment) {
            Some(start) => open.push_str(start),
            None => {
                // A comment ends what is continued before it.
                let line = if comment { " #" } else { line };
                out.push(std::mem::take(&mut open) + line);
            }
        }
    }
    out.push(open);
    let uncommented = |line: &String| {
        let begins =
            |(at, _): &(usize, &str)| line[..*at].is_empty() || line[..*at].ends_with(char::is_whitespace);
        let end = line.match_indices('#').find(begins).map_or(line.len(), |(at, _)| at);
        line[..end].trim().to_owned()
    };
    out.iter().map(uncommented).filter(|l| !l.is_empty()).collect()
}

/// `path` seen from `folder`, as a path of the context without `.` and `..`. None where it leaves the context.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) {
        return None;
    }
    let mut parts: Vec<&str> = vec![];
    for part in folder.split('/').chain(path.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The beginning of a text, for a message.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
