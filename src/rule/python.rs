//! What packages of Python a command of a Dockerfile installs.
use super::{Command, Copied, FAR, Here, Keyword, Requirements, Word, expand, facts};
use crate::context::{Place, glob_fits};

impl Here<'_> {
    /// The packages of Python that `command` installs, from its words and from the files that were copied from the build
    /// context. None for a command that installs none.
    pub fn python_packages(&self, command: &Command) -> Option<Requirements> {
        let base = self.base();
        let python = base.and_then(|b| facts::interpreter(&b.name, b.tag.as_deref())).unwrap_or_default();
        // What the command changes its folder to is not followed.
        let moved = self.commands().iter().any(|c| c.program() == "cd" && c.span.start < command.span.start);
        let origin = |path: &str| if moved && !path.starts_with('/') { None } else { self.origin(path) };
        let variable = |name: &str| self.env(Some(command), name);
        self.file()
            .context()
            .python_packages(command, &Place { python, origin: &origin, variable: &variable })
    }

    /// The path in the build context of the file or folder that the image has at `path`, as this instruction sees it. None
    /// where it did not come from there unchanged, as far as the file tells.
    pub fn origin(&self, path: &str) -> Option<String> {
        let path = self.absolute(path)?;
        if let Some(bound) = self.bound(&path) {
            return Some(bound);
        }
        let stage = self.stage()?;
        let before = self.file().lineage(stage).into_iter().filter(|i| *i < self.index()).rev();
        for other in before.take(FAR).map(|i| self.file().here(i)) {
            match other.instruction.keyword {
                Keyword::Copy | Keyword::Add => {
                    if let Some(origin) = other.origin_of_copy(&path) {
                        return origin;
                    }
                }
                Keyword::Run if other.may_write(&path) => return None,
                _ => {}
            }
        }
        None
    }

    /// The path in the context of what a bind mount of this RUN shows at `path`.
    fn bound(&self, path: &str) -> Option<String> {
        let mounts = self.instruction.flags.iter().filter(|f| f.name == "mount");
        mounts.into_iter().find_map(|mount| {
            let pairs = || mount.value.value.split(',').filter_map(|kv| kv.split_once('='));
            let get = |keys: &[&str]| pairs().find(|(key, _)| keys.contains(key)).map(|(_, value)| value);
            let bind = matches!(get(&["type"]), None | Some("bind")) && get(&["from"]).is_none();
            let target = self.absolute(get(&["target", "dst", "destination"])?).filter(|_| bind)?;
            let source = get(&["source", "src"]).unwrap_or("");
            below(path, &target).map(|rest| joined(source, rest))
        })
    }

    /// What this COPY or ADD puts at `path`: the path of that in the context, or nothing known. The outer None: nothing.
    fn origin_of_copy(&self, path: &str) -> Option<Option<String>> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(all) = self.copied() {
            let origin = |c: &Copied| {
                // A folder brings what is in it, without its own name.
                let folder = c.source == "." || self.file().context().is_folder(c.source);
                match folder {
                    true => below(path, &c.target).map(|rest| joined(c.source, rest)),
                    false => c.lands_at(path).then(|| c.source.to_owned()),
                }
            };
            let found = all.iter().find_map(origin)?;
            return self.file().context().exists(&found).filter(|there| *there).map(|_| Some(found));
        }
        let (to, from) = self.instruction.words.split_last()?;
        let folder = expand(&to.value, &|name| self.env(None, name)).and_then(|to| self.absolute(&to));
        let inside = folder.as_deref().is_none_or(|f| below(path, f).is_some());
        let elsewhere = self.instruction.flag("from").is_some() || !self.instruction.heredocs.is_empty();
        let named = |w: &Word| w.value.contains('$') || glob_fits(last(&w.value), name);
        let brings = from.iter().find(|w| named(w)).filter(|_| inside);
        // `COPY poetry.lock* pyproject.toml ./`: the file itself, out of a folder that is written out.
        let plain = !elsewhere && folder.as_deref().is_some_and(|f| below(path, f) == Some(name));
        match brings {
            Some(word) if plain && !word.value.contains('$') => {
                let parent = word.value.rsplit_once('/').map_or("", |(parent, _)| parent);
                let found = joined(parent.trim_start_matches("./"), name);
                self.file().context().exists(&found).filter(|there| *there).map(|_| Some(found))
            }
            Some(_) => Some(None),
            None => (elsewhere && folder.as_deref().is_none_or(|f| below(path, f).is_some())).then_some(None),
        }
    }

    /// Whether a command of this RUN names the file other than to install from it.
    fn may_write(&self, path: &str) -> bool {
        let name = last(path);
        let named = |w: &Word| last(&w.value) == name && !name.is_empty();
        let reads =
            |c: &Command| c.package.is_some() || matches!(c.program(), "cat" | "test" | "[" | "ls" | "head");
        let writes = |c: &Command| c.redirected || !reads(c) && c.words.iter().any(named);
        self.instruction.text.contains(name) && self.commands().iter().any(writes)
    }
}

/// `path` relative to `folder`, where it is that or lies in it.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// A path in the context.
fn joined(folder: &str, rest: &str) -> String {
    let folder = folder.trim_start_matches("./").trim_matches('/');
    let parts = [if folder == "." { "" } else { folder }, rest];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/")
}

fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
