//! Installations by Node's package managers: in which folder, and by which lock file.
use super::{Action, Command, Fact, File, Here, Keyword, Manager, Safety, Word, facts};

/// A command that installs what a `package.json` lists.
#[derive(Clone, Debug)]
pub struct NodeInstall<'a> {
    /// The command.
    pub command: &'a Command,
    /// npm, yarn or pnpm.
    pub manager: Manager,
    /// The word that says so: `install`, `ci`; of a bare `yarn`, the program.
    pub verb: &'a Word,
    /// The folder that it works in, an absolute path.
    pub folder: String,
}

/// The lock file that lies beside a `package.json` in the image.
#[derive(Clone, Debug)]
pub struct Lock {
    /// Its name.
    pub name: &'static str,
    /// The folder of the build context that it comes from; None where it comes from another stage.
    pub origin: Option<String>,
}

impl<'a> NodeInstall<'a> {
    /// Reads a command of a RUN. None for another one, for packages by name, and where its folder is not known.
    pub fn of(command: &'a Command, here: &Here<'a>) -> Option<Self> {
        const ELSEWHERE: [&str; 9] =
            ["-g", "--global", "-C", "--prefix", "--cwd", "--dir", "--version", "--help", "--location"];
        let (manager, verb) = match &command.package {
            Some(call) if call.action == Action::Install && call.operands.is_empty() => {
                (call.manager, &command.words[call.verb])
            }
            None if matches!(command.program(), "yarn" | "yarnpkg") => (Manager::Yarn, &command.words[0]),
            _ => return None,
        };
        let node = matches!(manager, Manager::Npm | Manager::Yarn | Manager::Pnpm);
        let bare = command.package.is_some() || command.arguments().iter().all(Word::is_flag);
        let shown = command.package.is_none() && command.has_flag(&["-v", "-h"]);
        if !node || !bare || shown || command.has_flag(&ELSEWHERE) || here.instruction.keyword != Keyword::Run
        {
            return None;
        }
        Some(Self { command, manager, verb, folder: here.folder_of(command)? })
    }

    /// What it is called in messages: `npm ci`.
    pub fn name(&self) -> String {
        match &self.command.package {
            Some(_) => format!("{} {}", self.command.program(), self.verb.value),
            None => self.command.program().to_owned(),
        }
    }

    /// The names of the lock files that it reads.
    pub fn lock_names(&self) -> &'static [&'static str] {
        match self.manager {
            Manager::Npm => &["package-lock.json", "npm-shrinkwrap.json"],
            Manager::Yarn => &["yarn.lock"],
            _ => &["pnpm-lock.yaml"],
        }
    }

    /// The lock file that a COPY has put into its folder.
    pub fn lock(&self, here: &Here<'a>) -> Option<Lock> {
        let file = here.file();
        let before = file.lineage(here.stage()?).into_iter().filter(|i| *i < here.index());
        let copies: Vec<Here> = before.map(|i| file.here(i)).collect();
        copies.iter().rev().filter(|h| !h.is_onbuild()).find_map(|copy| {
            self.lock_names().iter().find_map(|name| {
                let origin = copy.brings(name, &self.folder)?;
                Some(Lock { name, origin })
            })
        })
    }

    /// Whether developers' packages stay out, by a flag or by `NODE_ENV`.
    pub fn is_production(&self, here: &Here) -> bool {
        let flags = ["--production", "--prod", "-P", "--omit", "--only"];
        let npmrc = ["npm_config_omit", "NPM_CONFIG_OMIT", "NPM_CONFIG_PRODUCTION", "npm_config_production"];
        // A variable in it may have any value.
        let set = |name: &str| here.variable(name).is_some();
        let own = self.command.assignments.iter().any(|a| a.name == "NODE_ENV");
        self.command.has_flag(&flags) || own || set("NODE_ENV") || npmrc.iter().any(|n| set(n))
    }
}

/// What an installation reads of a project.
#[derive(Clone, Debug)]
pub struct NodeFiles {
    /// The files in the image, as absolute paths; patterns where it is not known which of them there are.
    pub paths: Vec<String>,
    /// Whether it also reads, or runs, more of the project.
    pub read_project: bool,
    /// Whether it surely installs the same with nothing but these files.
    pub safety: Safety,
}

impl<'a> NodeInstall<'a> {
    /// The files that it reads in `folder` of the build context. None where they are not known, and where packages that are
    /// installed already lie beside them.
    pub fn files(&self, folder: &str, here: &Here) -> Option<NodeFiles> {
        let (file, context) = (here.file(), here.file().context());
        let place = |name: &str| if folder == "." { name.to_owned() } else { format!("{folder}/{name}") };
        if context.exists(".").is_none() {
            let names = match self.manager {
                Manager::Npm => vec!["package*.json"],
                Manager::Yarn if !file.has_berry() => vec!["package.json", "yarn.lock*"],
                Manager::Pnpm => vec!["package.json", "pnpm-lock.yaml*"],
                _ => return None,
            };
            return Some(NodeFiles {
                paths: self.paths(&names),
                read_project: false,
                safety: Safety::Unsafe,
            });
        }
        let package = context.node_package(folder)?;
        let there = |name: &str| context.exists(&place(name)) == Some(true) && !file.ignores(name);
        let more =
            [".yarnrc.yml", ".yarn", "pnpm-workspace.yaml", ".pnpmfile.cjs", "lerna.json", "binding.gyp"];
        if more.iter().any(|name| there(name)) || there("node_modules") {
            return None;
        }
        let settings = match self.manager {
            Manager::Yarn => [".npmrc", ".yarnrc"].as_slice(),
            _ => [".npmrc"].as_slice(),
        };
        let names = ["package.json"].iter().chain(self.lock_names()).chain(settings).copied();
        let names: Vec<&str> = names.filter(|name| there(name)).collect();
        let locked = self.lock_names().iter().any(|name| names.contains(name));
        let strict = match self.manager {
            Manager::Npm => matches!(self.verb.value.as_str(), "ci" | "clean-install"),
            _ => self.command.has_flag(&["--frozen-lockfile", "--immutable"]),
        };
        let safety = if locked && strict { Safety::Safe } else { Safety::Unsafe };
        let paths = self.paths(&names);
        names.contains(&"package.json").then(|| NodeFiles {
            paths,
            read_project: package.reads_project(),
            safety,
        })
    }

    fn paths(&self, names: &[&str]) -> Vec<String> {
        names.iter().map(|name| format!("{}/{name}", self.folder.trim_end_matches('/'))).collect()
    }
}

/// Whether a file may bring another npm than that of its base image.
#[derive(PartialEq)]
struct OtherNpm(bool);

impl Fact for OtherNpm {
    fn of(file: &File) -> Self {
        Self(["npm@", "nvm", "nodesource"].iter().any(|sign| file.mentions(sign)))
    }
}

impl<'a> Here<'a> {
    /// The words of an npm command that leave developers' packages out the way of npm 6, where its npm does so by
    /// `--omit=dev`.
    pub fn old_production_flags<'c>(&self, command: &'c Command) -> Vec<&'c Word> {
        const OLD: [&str; 5] =
            ["--production", "--production=true", "--prod", "--only=production", "--only=prod"];
        let variables = ["npm_config_omit", "NPM_CONFIG_OMIT"];
        // npm 7, which came with Node.js 15, was the first to know `--omit`. It outweighs what a variable says.
        let known = self.node_version().is_some_and(|v| v.0 >= 15)
            && !self.fact::<OtherNpm>().0
            && !variables.iter().any(|name| self.env(Some(command), name).is_some());
        let until = command.words.iter().position(|w| w.value == "--").unwrap_or(command.words.len());
        let words = command.words[..until].iter().filter(|_| known);
        words.filter(|w| w.literal && OLD.contains(&w.value.as_str())).collect()
    }

    /// The Node.js version of the official image that it builds on: major and minor number.
    pub fn node_version(&self) -> Option<(u32, u32)> {
        let base = self.base()?;
        facts::node_version(&base.name, base.tag.as_deref())
    }

    /// Whether this COPY puts a file of that name into `folder` of the image, and from which folder of the context; the
    /// inner None: from another stage.
    fn brings(&self, name: &str, folder: &str) -> Option<Option<String>> {
        let context = self.file().context();
        let target = self.copy_target()?;
        let (_, sources) = self.instruction.words.split_last()?;
        let other = self.instruction.flag("from").is_some();
        sources.iter().find_map(|word| {
            let source = word.value.trim_start_matches("./").trim_matches('/');
            let (parent, last) = source.rsplit_once('/').unwrap_or((".", source));
            let here = target.trim_end_matches('/') == folder.trim_end_matches('/');
            if last == name && word.literal {
                let named = target == format!("{}/{name}", folder.trim_end_matches('/'));
                return (here || named).then(|| (!other).then(|| parent.to_owned()));
            }
            if other {
                return None;
            }
            let place = if last.contains('*') {
                (here && fits(last, name)).then(|| parent.to_owned())?
            } else {
                // A folder: what lies in it comes along.
                let rest = folder.strip_prefix(target.trim_end_matches('/'))?;
                let inside = rest.strip_prefix('/').unwrap_or(rest);
                let path = [source, inside]
                    .into_iter()
                    .filter(|p| !p.is_empty() && *p != ".")
                    .collect::<Vec<_>>()
                    .join("/");
                let apart = rest.is_empty() || rest.starts_with('/');
                apart.then(|| if path.is_empty() { ".".to_owned() } else { path })?
            };
            let path = if place == "." { name.to_owned() } else { format!("{place}/{name}") };
            (context.exists(&path) == Some(true) && !self.file().ignores(name)).then_some(Some(place))
        })
    }
}

impl File<'_> {
    /// Whether the `.dockerignore` may keep files of this name out of the build.
    pub fn ignores(&self, name: &str) -> bool {
        let text = self.context().read(".dockerignore").unwrap_or_default();
        let extension = name.rsplit('.').next().unwrap_or(name);
        text.lines().map(str::trim).filter(|l| !l.starts_with(['#', '!'])).any(|line| {
            matches!(line, "*" | "**" | "." | "/*" | "**/*")
                || line.contains(name)
                || line.ends_with(&format!("*.{extension}"))
        })
    }

    /// Whether something in it speaks of yarn 2 or later.
    pub fn has_berry(&self) -> bool {
        const SIGNS: [&str; 8] = [
            "corepack",
            ".yarnrc.yml",
            ".yarn/",
            ".yarn ",
            "--immutable",
            "yarn set version",
            "berry",
            ".pnp",
        ];
        let text = self.text();
        let packaged = || self.context().node_package(".").is_some_and(|p| p.names_manager());
        SIGNS.iter().any(|s| text.contains(s))
            || self.context().exists(".yarnrc.yml") == Some(true)
            || packaged()
    }
}

/// Whether a pattern with `*` as its only wildcard matches.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (i, part) in parts.iter().enumerate() {
        if i + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}
