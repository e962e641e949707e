//! What an instruction says about the rights that the container needs.
use super::{Command, Here, Keyword, Manager, Word, expand, facts};

impl<'a> Here<'a> {
    /// The script among the words of a CMD or ENTRYPOINT.
    pub fn start_script(&self) -> Option<&'a Word> {
        let script = |w: &&Word| w.value.ends_with(".sh") || w.value.contains("entrypoint");
        self.commands().iter().flat_map(|c| &c.words).find(script)
    }

    /// The text of a file that the container calls `path`, where the context has it: a COPY of the file names it so.
    pub fn read_copied(&self, path: &Word) -> Option<String> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let wanted = name(&path.value);
        let all = &self.file().dockerfile().instructions;
        let copies = all.iter().filter(|p| matches!(p.node.keyword, Keyword::Copy | Keyword::Add));
        let sources =
            copies.flat_map(|p| &p.node.words).map(|w| w.value.clone()).filter(|s| name(s) == wanted);
        sources.chain([wanted.clone()]).find_map(|source| self.file().context().read(&source))
    }

    /// The names of the programs in a CMD or ENTRYPOINT, and of everything that may be one.
    fn names(&self) -> impl Iterator<Item = &'a str> {
        let words = self.commands().iter().flat_map(|c| c.wrappers.iter().chain(&c.words));
        words.map(|w| w.value.rsplit('/').next().unwrap_or(&w.value))
    }

    /// Whether a CMD or ENTRYPOINT starts a program that begins as root by design, by itself or in its script.
    pub fn starts_as_root(&self) -> bool {
        let script = || self.read_copied(self.start_script()?);
        self.names().any(facts::starts_as_root)
            || script().is_some_and(|text| facts::names_drop(&text) || text.contains("su -"))
    }

    /// Whether a CMD or ENTRYPOINT starts nothing but a shell or an interpreter: the user of the image says what runs.
    pub fn starts_nothing(&self) -> bool {
        let passing = |name: &&str| !matches!(*name, "tini" | "dumb-init" | "catatonit" | "--");
        let mut names = self.names().filter(passing);
        // A name such as `%%CMD%%` is filled in later.
        names.next().is_none_or(|n| facts::is_interpreter(n) || n.starts_with("%%")) && names.next().is_none()
    }

    /// What a CMD or ENTRYPOINT shows that another user than root may not do.
    pub fn start_needs_root(&self) -> Option<&'static str> {
        let system = |c: &Command| match &c.package {
            Some(call) => matches!(call.manager, Manager::Apt | Manager::Apk | Manager::Yum | Manager::Dnf),
            None => matches!(c.program(), "chown" | "chmod" | "useradd" | "adduser" | "ln" | "mkdir"),
        };
        if self.commands().iter().any(system) {
            return Some("it changes the system when it starts");
        }
        let text = &self.instruction.text;
        let keeps = self
            .commands()
            .iter()
            .flat_map(|c| c.words.iter().take(2))
            .any(|w| facts::keeps_data(w.value.rsplit('/').next().unwrap_or(&w.value)));
        let state = ["/var/lib", "/var/log", "/var/run", "/run/", "> /etc/"].iter().any(|f| text.contains(f));
        if keeps || state {
            return Some("it writes to folders of root");
        }
        let text = self.read_copied(self.start_script()?);
        let harmless = text.is_some_and(|t| {
            !["chown", "apt-get", "apk ", "/etc/", "/var/", "sysctl", "useradd"].iter().any(|w| t.contains(w))
        });
        (!harmless).then_some("what its start script needs is not known")
    }

    /// The folders for data that a RUN makes: absolute, and neither a cache nor part of the system or of a build.
    pub fn made_folders(&self) -> impl Iterator<Item = &'a str> {
        let makes = self.commands().iter().filter(|c| c.program() == "mkdir");
        let words = makes.flat_map(Command::arguments).filter(|w| w.literal).map(|w| w.value.as_str());
        words.filter(|f| is_for_data(f))
    }

    /// A folder for data outside of `workdir` that an ENV names, or that a RUN makes by a name with variables.
    pub fn data_folder_outside(&self, workdir: &str) -> Option<&'a str> {
        let makes = self.commands().iter().filter(|c| c.program() == "mkdir");
        let made = makes.flat_map(Command::arguments).filter(|w| !w.literal).map(|w| w.value.as_str());
        let pairs = self.instruction.pairs.iter().filter(|p| p.name.value.contains("DATA"));
        let named = pairs.filter_map(|p| p.value.as_ref()).map(|v| v.value.as_str());
        let workdir = workdir.trim_end_matches('/');
        let inside = |f: &str| f.strip_prefix(workdir).is_some_and(|r| r.is_empty() || r.starts_with('/'));
        made.chain(named).find(|f| is_for_data(f) && !inside(f))
    }

    /// A port below 1024 that an EXPOSE, an ENV, or the arguments of a CMD or ENTRYPOINT name.
    pub fn low_port(&self) -> Option<u16> {
        let low = |text: &str| text.parse().ok().filter(|port| (1..1024).contains(port));
        let instruction = self.instruction;
        match instruction.keyword {
            Keyword::Expose => instruction.words.iter().find_map(|w| {
                let value = expand(&w.value, &|name| self.env(None, name))?;
                low(value.split(['/', '-']).next()?)
            }),
            Keyword::Env => {
                let ports = instruction.pairs.iter().filter(|p| p.name.value.ends_with("PORT"));
                ports.filter_map(|p| p.value.as_ref()).find_map(|v| low(&v.value))
            }
            Keyword::Cmd | Keyword::Entrypoint => {
                let pairs = self.commands().iter().flat_map(|c| c.words.windows(2));
                pairs.map(|p| (p[0].value.as_str(), p[1].value.as_str())).find_map(|(flag, word)| {
                    let named = flag.contains("port") || matches!(flag, "-p" | "-l" | "-b" | "http.server");
                    let behind = word.rsplit_once([':', '=']);
                    let behind = behind.filter(|(before, _)| before.contains("port") || word.contains(':'));
                    behind.and_then(|(_, port)| low(port)).or_else(|| low(word).filter(|_| named))
                })
            }
            _ => None,
        }
    }

    /// Whether it puts into, or takes from, the home folder of root what matters when the container runs: no other user
    /// may enter that folder. Caches and settings of build tools do not matter.
    pub fn uses_home_of_root(&self) -> bool {
        const PASSING: [&str; 9] =
            [".cache", ".npm", ".ssh", ".gitconfig", ".pip", ".m2", ".gradle", ".gnupg", ".netrc"];
        let text = &self.instruction.text;
        let mut places = ["/root", "~/", "$HOME", "${HOME}"]
            .into_iter()
            .flat_map(|home| text.match_indices(home).map(move |(at, _)| (home, &text[at + home.len()..])));
        let is_home = places.any(|(home, rest)| {
            let word = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
            let rest = rest.trim_start_matches('/');
            let hidden = rest.starts_with('.') && !PASSING.iter().any(|p| rest.starts_with(p));
            hidden || home == "/root" && !word && !rest.starts_with('.')
        });
        let user_install = |c: &Command| {
            c.package.as_ref().is_some_and(|p| p.manager == Manager::Pip) && c.has_flag(&["--user"])
        };
        is_home || self.commands().iter().any(user_install)
    }
}

/// Whether a folder may hold what a program writes: not one of the system, of a build, or a cache.
fn is_for_data(folder: &str) -> bool {
    const OTHERS: [&str; 11] =
        ["/usr", "/etc", "/tmp", "/root", "/lib", "/opt", "/home", "/build", "/src", "/go", "/bin"];
    let starts =
        |p: &str| folder.starts_with(p) && matches!(folder.as_bytes().get(p.len()), None | Some(b'/'));
    let cache = folder.starts_with("/var/lib/apt") || folder.starts_with("/var/cache");
    folder.starts_with('/') && folder.len() > 1 && !OTHERS.into_iter().any(starts) && !cache
}
