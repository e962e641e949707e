//! From the words of pip, uv, poetry, pdm and pipenv to what they install.
use super::lock::Groups;
use super::project::poetry_version;
use super::reader::Reader;
use super::requirement::{Origin, Requirement, normalized};
use super::{Context, Requirements};
use crate::facts::Interpreter;
use crate::model::{Command, Manager, Word, expand};

/// What surrounds a command in the image that is built.
pub struct Place<'a> {
    /// The image's Python.
    pub python: Interpreter,
    /// The path in the build context of what a path in the image names. None where it was not copied from there, or was
    /// changed since.
    pub origin: &'a dyn Fn(&str) -> Option<String>,
    /// The value of a variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

pub(super) fn packages(context: &Context, command: &Command, place: &Place) -> Option<Requirements> {
    let call = command.package.as_ref()?;
    let verb = command.words[call.verb].value.as_str();
    let mut asked = Asked { reader: Reader::new(context, place.python), command, place };
    match (call.manager, verb) {
        (Manager::Pip, "install" | "wheel" | "download") => asked.words(),
        (Manager::Uv, "install") if command.has_word("pip") => asked.words(),
        (Manager::Uv, "sync") if command.has_word("pip") => {
            call.operands.iter().for_each(|o| asked.file(&command.words[*o], false));
        }
        (Manager::Uv | Manager::Poetry | Manager::Pdm, "add") => asked.words(),
        (Manager::Uv, "sync") => asked.uv(),
        (Manager::Poetry, "install" | "sync") => asked.poetry(),
        (Manager::Pdm, "install" | "sync") => asked.pdm(),
        (Manager::Pipenv, "install" | "sync") => asked.pipenv(verb),
        _ => return None,
    }
    Some(asked.reader.finish())
}

/// A command whose words are being read.
struct Asked<'a> {
    reader: Reader<'a>,
    command: &'a Command,
    place: &'a Place<'a>,
}

impl<'a> Asked<'a> {
    /// The words of `pip install`.
    fn words(&mut self) {
        let Some(call) = &self.command.package else { return };
        let mut at = call.verb + 1;
        while let Some(word) = self.command.words.get(at) {
            let (option, glued) = split(&word.value);
            let next = self.command.words.get(at + 1);
            let value = match glued {
                Some(_) => Some(word),
                None => next,
            };
            match option {
                "-r" | "--requirement" | "--requirements" | "-c" | "--constraint" => {
                    if let Some(value) = value {
                        let file = Word { value: glued.unwrap_or(&value.value).to_owned(), ..value.clone() };
                        self.file(&file, option.contains("-c"));
                    }
                }
                "-e" | "--editable" => {
                    if let Some(value) = value {
                        let word = Word { value: glued.unwrap_or(&value.value).to_owned(), ..value.clone() };
                        self.word(&word);
                    }
                }
                "--group" => self.reader.unknown("it installs a group of dependencies"),
                _ if word.is_flag() => {
                    self.reader.option(option, glued.or(next.map(|w| w.value.as_str())).unwrap_or(""))
                }
                _ if call.operands.contains(&at) => self.word(word),
                _ => {}
            }
            at += 1;
        }
    }

    /// One thing to install.
    fn word(&mut self, word: &Word) {
        let Some(text) = self.text(word) else {
            return self.reader.unknown(format!("`{}` is not known", word.value));
        };
        // `poetry add flask@^2.1`
        let poetry = self.command.package.as_ref().is_some_and(|p| p.manager == Manager::Poetry);
        if let Some((name, version)) = text.split_once('@').filter(|(_, v)| poetry && !v.contains('/')) {
            return self.reader.add(Requirement::new(name, poetry_version(version), Origin::Index));
        }
        // A folder of the image stands for one of the context.
        let (path, extras) = text.split_at(text.find('[').unwrap_or(text.len()));
        let path = path.strip_prefix("file://").unwrap_or(path);
        let folder = path.starts_with(['.', '/'])
            || path.contains('/') && !text.contains("://") && !text.contains('@');
        if folder && !path.ends_with(".whl") && !path.ends_with(".gz") {
            return match (self.place.origin)(path) {
                Some(origin) => self.reader.add_text(&format!("./{origin}{extras}"), "", 0),
                None => {
                    self.reader.add_text(&format!("./?{extras}"), "", usize::MAX);
                    self.reader.unknown(format!("`{path}` is not known to come from the build context"));
                }
            };
        }
        self.reader.add_text(&text, "", 0);
    }

    /// A file of requirements or constraints.
    fn file(&mut self, word: &Word, constraints: bool) {
        let path = self.text(word);
        match path.as_deref().and_then(|p| (self.place.origin)(p)) {
            Some(path) if constraints => self.reader.constraints_file(&path, 0),
            Some(path) => self.reader.requirements_file(&path, 0),
            None => {
                self.reader.unknown(format!("`{}` is not known to come from the build context", word.value))
            }
        }
    }

    /// The value of a word, where it can be known.
    fn text(&self, word: &Word) -> Option<String> {
        let plain = !word.value.contains(['$', '`']) || word.literal;
        if plain {
            Some(word.value.clone())
        } else {
            expand(&word.value, &|name| (self.place.variable)(name))
        }
    }

    /// The path in the context of a file in the command's folder.
    fn beside(&self, name: &str) -> Option<String> {
        let moved = ["-C", "--directory", "-P", "--project"];
        if self.command.words.iter().any(|w| moved.contains(&split(&w.value).0)) {
            return None;
        }
        (self.place.origin)(name).filter(|path| self.reader.context.is_file(path))
    }

    fn poetry(&mut self) {
        let mut groups = self.groups();
        if self.command.has_flag(&["--no-dev"]) {
            groups.without.push("dev".to_owned());
        }
        if let Some(lock) = self.beside("poetry.lock") {
            return self.reader.grouped_lock(&lock, &groups);
        }
        match self.beside("pyproject.toml").and_then(|path| self.reader.table(&path)) {
            Some(table) => drop(self.reader.poetry(&table, &groups)),
            None => self.reader.unknown("neither `poetry.lock` nor `pyproject.toml` is at hand"),
        }
    }

    fn uv(&mut self) {
        let mut groups = self.groups();
        if self.command.has_flag(&["--no-dev", "--no-default-groups"]) {
            groups.without.push("dev".to_owned());
        }
        match self.beside("uv.lock") {
            Some(lock) => self.reader.uv_lock(&lock, &groups),
            None => self.reader.unknown("`uv.lock` is not at hand"),
        }
    }

    fn pdm(&mut self) {
        let told = self.command.has_flag(&["-p", "-g", "--global", "-L", "--lockfile"]);
        let Some(lock) = self.beside("pdm.lock").filter(|_| !told) else {
            return self.reader.unknown("`pdm.lock` is not at hand");
        };
        let project = self.beside("pyproject.toml").and_then(|path| self.reader.table(&path));
        let extras =
            project.as_ref().and_then(|t| t.get("project")?.get("optional-dependencies")?.as_table());
        let extras: Vec<String> = extras.into_iter().flatten().map(|(name, _)| normalized(name)).collect();
        self.reader.grouped_lock(&lock, &self.pdm_groups(&extras));
    }

    /// pdm installs all that is locked, unless its options choose: then `default`, the groups of developers, of which the
    /// lock file does not tell that they are such, and those that it is told.
    fn pdm_groups(&self, extras: &[String]) -> Groups {
        let mut named = self.values(&["-G", "--group", "--with"]);
        if named.iter().any(|g| g == ":all") {
            named.extend_from_slice(extras);
        }
        let mut without = self.values(&["--without"]);
        if self.command.has_flag(&["--no-default"]) {
            without.push("default".to_owned());
        }
        let develops = named.iter().any(|g| g != ":all" && !extras.contains(g));
        let mut only = vec![];
        if develops || self.command.has_flag(&["--prod", "--production"]) {
            only = ["default".to_owned()].into_iter().chain(named).filter(|g| !without.contains(g)).collect();
        } else if !named.is_empty() || self.command.has_flag(&["-d", "--dev"]) {
            without.extend(extras.iter().filter(|e| !named.contains(e)).cloned());
        }
        Groups { only, without, ..Groups::default() }
    }

    fn pipenv(&mut self, verb: &str) {
        let Some(call) = &self.command.package else { return };
        if verb == "install" && !call.operands.is_empty() {
            return self.words();
        }
        let develop = self.command.has_flag(&["--dev", "-d"]);
        if let Some(lock) = self.beside("Pipfile.lock").filter(|_| !self.command.has_flag(&["--skip-lock"])) {
            return self.reader.pipfile_lock(&lock, develop);
        }
        match self.beside("Pipfile").and_then(|path| self.reader.table(&path)) {
            Some(table) => self.reader.pipfile(&table, develop),
            None => self.reader.unknown("neither `Pipfile.lock` nor `Pipfile` is at hand"),
        }
    }

    /// The values of options, normalised; several may stand in one.
    fn values(&self, names: &[&str]) -> Vec<String> {
        let words = &self.command.words;
        let named = words.iter().enumerate().filter(|(_, w)| names.contains(&split(&w.value).0));
        let value = |(at, word): (usize, &'a Word)| {
            split(&word.value).1.or(words.get(at + 1).map(|w| w.value.as_str())).unwrap_or("")
        };
        named.flat_map(|w| value(w).split([',', ' '])).map(normalized).filter(|v| !v.is_empty()).collect()
    }

    /// What its options say of groups and extras.
    fn groups(&self) -> Groups {
        Groups {
            only: self.values(&["--only", "--only-group"]),
            with: self.values(&["--with", "--group"]),
            without: self.values(&["--without", "--no-group"]),
            extras: self.values(&["-E", "--extras", "--extra"]),
            all_extras: self.command.has_flag(&["--all-extras"]),
        }
    }
}

/// An option and the value that is glued to it: `--requirement=a`, `-ra`.
fn split(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value)));
    }
    match word.get(..2) {
        Some(short @ ("-r" | "-c" | "-e" | "-f" | "-E" | "-G")) if word.len() > 2 => {
            (short, Some(word[2..].trim_start_matches('=')))
        }
        _ => (word, None),
    }
}
