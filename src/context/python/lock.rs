//! Lock files: `poetry.lock`, `pdm.lock`, `uv.lock`, `Pipfile.lock`.
use super::reader::Reader;
use super::requirement::{Origin, Requirement, Wheels, normalized};
use super::{marker, wheel};
use crate::facts::Libc;
use std::collections::{HashMap, HashSet};
use toml::{Table, Value};

/// Which groups of dependencies a command installs.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// These alone.
    pub(super) only: Vec<String>,
    /// These too.
    pub(super) with: Vec<String>,
    /// All but these.
    pub(super) without: Vec<String>,
    /// The extras of the project, normalised.
    pub(super) extras: Vec<String>,
    /// All of them.
    pub(super) all_extras: bool,
}

impl Groups {
    /// What a project needs, without what developing it takes.
    pub(super) fn main(extras: &[String]) -> Self {
        Self { only: vec!["main".to_owned()], extras: extras.to_vec(), ..Self::default() }
    }

    /// Whether `group` is installed; `optional`: only when it is asked for.
    pub(super) fn wants(&self, group: &str, optional: bool) -> bool {
        let among = |list: &[String]| list.iter().any(|g| g == group);
        match self.only.is_empty() {
            false => among(&self.only),
            true => !among(&self.without) && (!optional || among(&self.with)),
        }
    }
}

impl Reader<'_> {
    /// `poetry.lock` and `pdm.lock`: both are a list that tells of each package in which groups it is.
    pub(super) fn grouped_lock(&mut self, path: &str, groups: &Groups) {
        let Some(table) = self.table(path) else { return };
        self.out.locked = true;
        let of_pdm = table.get("metadata").is_some_and(|m| m.get("lock_version").is_some());
        for package in tables(table.get("package")) {
            let (Some(name), Some(version)) = (text(package, "name"), text(package, "version")) else {
                continue;
            };
            // pdm lists a package that is wanted with extras a second time.
            if package.get("extras").is_some_and(Value::is_array) {
                continue;
            }
            // Which groups a package is in: `groups` (poetry 2, pdm 2.11), `category` (before poetry 1.5), or only known by
            // walking from the project (between the two).
            let named: Vec<&str> = match package.get("groups").and_then(Value::as_array) {
                Some(all) => all.iter().filter_map(Value::as_str).collect(),
                None => text(package, "category").into_iter().collect(),
            };
            if !named.is_empty() && !named.iter().any(|g| groups.wants(g, false)) {
                continue;
            }
            let optional = package.get("optional").and_then(Value::as_bool).unwrap_or(false);
            let marker = text(package, "markers").or(text(package, "marker"));
            let applies = marker.map_or(Some(true), |m| marker::holds(m, &self.environment));
            if applies == Some(false) || optional && groups.extras.is_empty() && !groups.all_extras {
                continue;
            }
            let files = tables(package.get("files")).filter_map(|f| text(f, "file").or(text(f, "url")));
            let wheels = self.wheels(files.map(|file| file.rsplit('/').next().unwrap_or(file)));
            // Without its groups, what pdm lists may also belong to another system.
            let maybe = applies.is_none()
                || optional
                || named.is_empty() && (of_pdm || !groups.only.is_empty() || !groups.without.is_empty());
            let version = format!("=={version}");
            let origin = origin(package);
            self.add(Requirement { maybe, wheels, ..Requirement::new(name, version, origin) });
        }
    }

    /// `Pipfile.lock`.
    pub(super) fn pipfile_lock(&mut self, path: &str, develop: bool) {
        let Some(text) = self.open(path) else { return };
        let Ok(lock) = serde_json::from_str::<serde_json::Value>(&text) else {
            return self.unknown(format!("`{path}` is not JSON"));
        };
        self.out.locked = true;
        let sections = if develop { ["default", "develop"].as_slice() } else { &["default"] };
        for (name, entry) in sections.iter().filter_map(|s| lock.get(s)?.as_object()).flatten() {
            let text = |key: &str| entry.get(key).and_then(serde_json::Value::as_str);
            let marker = text("markers").map_or(Some(true), |m| marker::holds(m, &self.environment));
            if marker == Some(false) {
                continue;
            }
            let has = |key: &str| entry.get(key).is_some();
            let origin = match () {
                () if has("git") => Origin::Git,
                () if has("path") => Origin::Local,
                () if has("file") => Origin::Url,
                () => Origin::Index,
            };
            let version = text("version").unwrap_or_default().to_owned();
            self.add(Requirement { maybe: marker.is_none(), ..Requirement::new(name, version, origin) });
        }
    }

    /// `uv.lock`: what can be reached from the project itself.
    pub(super) fn uv_lock(&mut self, path: &str, groups: &Groups) {
        let Some(table) = self.table(path) else { return };
        self.out.locked = true;
        let all: Vec<&Table> = tables(table.get("package")).collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, package) in all.iter().enumerate() {
            by_name.entry(normalized(text(package, "name").unwrap_or_default())).or_default().push(i);
        }
        let source =
            |p: &Table, key: &str| p.get("source").and_then(|s| s.get(key)).and_then(Value::as_str).is_some();
        let own = |p: &Table| {
            ["editable", "virtual"]
                .iter()
                .any(|key| p.get("source").and_then(|s| s.get(*key)).and_then(Value::as_str) == Some("."))
        };
        // What is still to be looked at: a package, its extras, and whether it is needed for sure.
        let mut open: Vec<(usize, Vec<String>, bool)> = vec![];
        for (i, _) in all.iter().enumerate().filter(|(_, p)| own(p)) {
            open.push((i, groups.extras.clone(), true));
        }
        let (mut seen, mut found) = (HashSet::new(), HashMap::<usize, bool>::new());
        while let Some((i, extras, sure)) = open.pop() {
            if !seen.insert((i, extras.clone(), sure)) {
                continue;
            }
            let (package, root) = (all[i], own(all[i]));
            let lists = |key: &str| package.get(key).and_then(Value::as_table).into_iter().flatten();
            let mut needed: Vec<&Table> = vec![];
            if !root || groups.wants("main", false) {
                needed.extend(tables(package.get("dependencies")));
            }
            for (extra, list) in lists("optional-dependencies") {
                if extras.contains(&normalized(extra)) || root && groups.all_extras {
                    needed.extend(tables(Some(list)));
                }
            }
            for (group, list) in lists("dev-dependencies").filter(|_| root) {
                // Only the group `dev` is installed unasked.
                if groups.wants(group, group != "dev") {
                    needed.extend(tables(Some(list)));
                }
            }
            if !root {
                found.entry(i).and_modify(|s| *s |= sure).or_insert(sure);
            }
            for need in needed {
                let applies =
                    text(need, "marker").map_or(Some(true), |m| marker::holds(m, &self.environment));
                if applies == Some(false) {
                    continue;
                }
                let extras: Vec<String> = need
                    .get("extra")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(normalized)
                    .collect();
                let version = text(need, "version");
                let same = |i: &&usize| version.is_none() || text(all[**i], "version") == version;
                let ids = by_name.get(&normalized(text(need, "name").unwrap_or_default()));
                open.extend(
                    ids.into_iter()
                        .flatten()
                        .filter(same)
                        .map(|i| (*i, extras.clone(), sure && applies.is_some())),
                );
            }
        }
        for (i, package) in all.iter().enumerate() {
            let Some(sure) = found.get(&i) else { continue };
            let origin = match () {
                () if source(package, "git") => Origin::Git,
                () if source(package, "url") => Origin::Url,
                () if source(package, "registry") => Origin::Index,
                () => Origin::Local,
            };
            let files = tables(package.get("wheels")).filter_map(|w| text(w, "url").or(text(w, "filename")));
            let files = files.map(|url| url.rsplit('/').next().unwrap_or(url));
            let wheels = self.wheels(files);
            let version = text(package, "version").map(|v| format!("=={v}")).unwrap_or_default();
            let name = text(package, "name").unwrap_or_default();
            self.add(Requirement { maybe: !sure, wheels, ..Requirement::new(name, version, origin) });
        }
    }

    /// What the names of the files of a package tell. None where there are none.
    fn wheels<'f>(&self, files: impl Iterator<Item = &'f str>) -> Option<Wheels> {
        let mut files = files.peekable();
        files.peek()?;
        let python = self.environment.python;
        let (mut glibc, mut musl) = (false, false);
        for file in files {
            glibc |= wheel::fits(file, Libc::Glibc, python);
            musl |= wheel::fits(file, Libc::Musl, python);
        }
        Some(Wheels { glibc, musl })
    }
}

/// Where a package in a lock file of poetry or pdm comes from.
fn origin(package: &Table) -> Origin {
    let kind = package.get("source").and_then(|s| s.get("type")).and_then(Value::as_str);
    let own = ["git", "hg", "svn", "bzr", "url", "path"].into_iter().find(|key| package.contains_key(*key));
    match kind.or(own) {
        Some("git" | "hg" | "svn" | "bzr") => Origin::Git,
        Some("url") => Origin::Url,
        Some("directory" | "file" | "path") => Origin::Local,
        _ => Origin::Index,
    }
}

/// The tables of an array.
fn tables(value: Option<&Value>) -> impl Iterator<Item = &Table> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}
