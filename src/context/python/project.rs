//! What a project says that it needs: `pyproject.toml`, `setup.cfg`, `Pipfile`.
use super::reader::{DEEPEST, Reader, joined};
use super::requirement::{Origin, Requirement, normalized};
use super::{lock::Groups, marker};
use toml::{Table, Value};

impl Reader<'_> {
    /// Reads the project in `folder` of the context, with these extras.
    pub(super) fn project(&mut self, folder: &str, extras: &[String], depth: usize) {
        if depth > DEEPEST {
            return;
        }
        self.environment.extras = extras.to_vec();
        let path = |name: &str| joined(folder, name).unwrap_or_default();
        let table = self.table(&path("pyproject.toml"));
        let mut told = false;
        if let Some(table) = &table {
            for text in strings(get(table, &["build-system", "requires"])) {
                let before = self.out.packages.len();
                self.add_text(&text, folder, depth);
                self.out.packages[before..].iter_mut().for_each(|p| p.builds = true);
            }
            told = self.pyproject(table, folder, extras, depth);
            told |= self.poetry(table, &Groups::main(extras));
        }
        if !told && let Some(text) = self.open(&path("setup.cfg")) {
            told = self.setup_cfg(&text, folder, extras, depth);
        }
        if self.context.exists(&path("setup.py")) == Some(true) {
            self.unknown("`setup.py` is a program");
        } else if !told {
            self.unknown(format!(
                "`{}` has no list of dependencies that can be read",
                path("pyproject.toml")
            ));
        }
        self.environment.extras.clear();
    }

    /// A file as a table of TOML. None where there is none; what cannot be read is noted.
    pub(super) fn table(&mut self, path: &str) -> Option<Table> {
        let text = self.open(path)?;
        let table = text.parse::<Table>().ok();
        if table.is_none() {
            self.unknown(format!("`{path}` is not TOML"));
        }
        table
    }

    /// The table `project`; whether it is there.
    fn pyproject(&mut self, table: &Table, folder: &str, extras: &[String], depth: usize) -> bool {
        let Some(project) = table.get("project").and_then(Value::as_table) else { return false };
        for text in strings(project.get("dependencies")) {
            self.add_text(&text, folder, depth);
        }
        let optional = project.get("optional-dependencies").and_then(Value::as_table);
        for (extra, list) in optional.into_iter().flatten() {
            if extras.contains(&normalized(extra)) {
                strings(Some(list)).iter().for_each(|text| self.add_text(text, folder, depth));
            }
        }
        let dynamic = strings(project.get("dynamic")).iter().any(|d| d == "dependencies");
        let poetry = get(table, &["tool", "poetry", "dependencies"]).is_some();
        let file = get(table, &["tool", "setuptools", "dynamic", "dependencies", "file"]);
        let files = match file.and_then(Value::as_str) {
            Some(one) => vec![one.to_owned()],
            None => strings(file),
        };
        for file in files.iter().filter(|_| dynamic) {
            match joined(folder, file) {
                Some(path) => self.requirements_file(&path, depth + 1),
                None => self.unknown(format!("`{file}` is not in the build context")),
            }
        }
        if dynamic && !poetry && files.is_empty() {
            self.unknown("its dependencies are made while it is built");
        }
        true
    }

    /// The tables of poetry; whether they are there.
    pub(super) fn poetry(&mut self, table: &Table, groups: &Groups) -> bool {
        let Some(poetry) = get(table, &["tool", "poetry"]).and_then(Value::as_table) else { return false };
        let main = poetry.get("dependencies");
        if groups.wants("main", false) {
            // `extras = { pg = ["psycopg2"] }` names optional dependencies.
            let optional = |extra: &str| strings(get(poetry, &["extras", extra]));
            let named =
                groups.extras.iter().flat_map(|e| optional(e)).map(|n| normalized(&n)).collect::<Vec<_>>();
            self.poetry_table(main, &named, groups.all_extras);
        }
        if groups.wants("dev", false) {
            self.poetry_table(poetry.get("dev-dependencies"), &[], false);
        }
        for (name, group) in poetry.get("group").and_then(Value::as_table).into_iter().flatten() {
            let optional = group.get("optional").and_then(Value::as_bool).unwrap_or(false);
            if groups.wants(name, optional) {
                self.poetry_table(group.get("dependencies"), &[], false);
            }
        }
        main.is_some()
    }

    /// A table of names and versions, of poetry or pipenv.
    fn poetry_table(&mut self, table: Option<&Value>, named: &[String], all: bool) {
        for (name, value) in
            table.and_then(Value::as_table).into_iter().flatten().filter(|(n, _)| *n != "python")
        {
            // Several entries for several systems stand in an array.
            let entries = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for entry in entries {
                let optional = entry.get("optional").and_then(Value::as_bool).unwrap_or(false);
                if !optional || all || named.contains(&normalized(name)) {
                    self.entry(name, entry);
                }
            }
        }
    }

    fn entry(&mut self, name: &str, entry: &Value) {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let origin = match entry {
            Value::Table(t) if t.contains_key("git") || t.contains_key("hg") => Origin::Git,
            Value::Table(t) if t.contains_key("url") => Origin::Url,
            Value::Table(t) if t.contains_key("path") || t.contains_key("file") => Origin::Local,
            _ => Origin::Index,
        };
        let version = entry.as_str().or(text("version")).unwrap_or("*");
        let mut markers: Vec<String> = text("markers").iter().map(|m| format!("({m})")).collect();
        // Pipfile: `sys_platform = "== 'win32'"`; poetry: `platform = "win32"`, `python = "^3.8"`.
        let keys = ["sys_platform", "os_name", "platform_system", "python_version", "platform_machine"];
        markers.extend(keys.iter().filter_map(|key| Some(format!("{key} {}", text(key)?))));
        markers.extend(text("platform").map(|p| format!("sys_platform == '{p}'")));
        let python = text("python").map(poetry_version).unwrap_or_default();
        markers.extend(python.split(',').filter(|p| !p.is_empty()).filter_map(|p| {
            let end = p.find(|c: char| !"<>=!~".contains(c))?;
            Some(format!("python_version {} '{}'", &p[..end], &p[end..]))
        }));
        let applies = match markers.is_empty() {
            true => Some(true),
            false => marker::holds(&markers.join(" and "), &self.environment),
        };
        if applies == Some(false) {
            return;
        }
        let extras = strings(entry.get("extras")).iter().map(|e| normalized(e)).collect();
        let maybe = applies.is_none();
        self.add(Requirement { extras, maybe, ..Requirement::new(name, poetry_version(version), origin) });
    }

    /// A Pipfile.
    pub(super) fn pipfile(&mut self, table: &Table, develop: bool) {
        self.poetry_table(table.get("packages"), &[], true);
        if develop {
            self.poetry_table(table.get("dev-packages"), &[], true);
        }
    }

    /// `setup.cfg`; whether it lists dependencies.
    fn setup_cfg(&mut self, text: &str, folder: &str, extras: &[String], depth: usize) -> bool {
        let (mut section, mut key, mut told) = (String::new(), String::new(), false);
        for line in text.lines() {
            let content = line.trim();
            if content.is_empty() || content.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = content.strip_prefix('[').and_then(|c| c.strip_suffix(']')) {
                (section, key) = (name.trim().to_owned(), String::new());
                continue;
            }
            let mut value = content;
            if !line.starts_with([' ', '\t']) {
                let Some((name, rest)) = content.split_once(['=', ':']) else { continue };
                (key, value) = (name.trim().to_owned(), rest.trim());
            }
            let wanted = match section.as_str() {
                "options" => key == "install_requires",
                "options.extras_require" => extras.contains(&normalized(&key)),
                _ => false,
            };
            if !wanted {
                continue;
            }
            told |= section == "options";
            match value.strip_prefix("file:").map(|f| joined(folder, f.trim())) {
                Some(Some(path)) => self.requirements_file(&path, depth + 1),
                Some(None) => self.unknown(format!("`{value}` is not in the build context")),
                None => value.split(';').take(1).filter(|v| !v.trim().is_empty()).for_each(|_| {
                    self.add_text(value, folder, depth);
                }),
            }
        }
        told
    }
}

/// The value at a path of keys.
fn get<'v>(table: &'v Table, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))
}

/// The strings of an array.
fn strings(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A version as poetry writes it, `^2.1`, in the form of PEP 440. Empty, so any, where it is a choice of several.
pub(super) fn poetry_version(text: &str) -> String {
    let one = |part: &str| -> Option<String> {
        let part = part.trim();
        let (caret, version) = match part.strip_prefix('^') {
            Some(version) => (true, version),
            None => (false, part.strip_prefix('~').filter(|v| !v.starts_with('='))?),
        };
        let version = version.trim_start_matches('=').trim();
        let numbers: Vec<u64> = version.split('.').map_while(|n| n.parse().ok()).collect();
        // Up to the next change of the first number that is not 0, or of the second number.
        let last = if caret {
            numbers.iter().position(|n| *n > 0).unwrap_or(0)
        } else {
            usize::from(numbers.len() > 1)
        };
        let mut next = numbers.get(..=last)?.to_vec();
        *next.last_mut()? = next.last()?.checked_add(1)?;
        let next: Vec<String> = next.iter().map(u64::to_string).collect();
        Some(format!(">={version},<{}", next.join(".")))
    };
    if text.contains("||") || text.contains(" | ") {
        return String::new();
    }
    let parts = text.split(',').map(|part| match part.trim() {
        "*" | "latest" => String::new(),
        part if part.starts_with(|c: char| c.is_ascii_digit()) => format!("=={part}"),
        part => one(part).unwrap_or_else(|| part.replace(' ', "")),
    });
    parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::poetry_version;

    #[test]
    fn versions_of_poetry() {
        let rows = [
            ("^2.1.3", ">=2.1.3,<3"),
            ("^0.3", ">=0.3,<0.4"),
            ("^0.0.3", ">=0.0.3,<0.0.4"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1", ">=1,<2"),
            ("~=1.4", "~=1.4"),
            (">=2, <3", ">=2,<3"),
            ("2.0", "==2.0"),
            ("*", ""),
            ("^", "^"),
            ("^1 || ^2", ""),
            ("^18446744073709551615", "^18446744073709551615"),
        ];
        for (text, expected) in rows {
            assert_eq!(poetry_version(text), expected, "{text}");
        }
    }
}
