//! What an instruction says about the rights that the container needs.
use super::{Command, Here, Keyword, Manager, Word, expand};

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
        let all = &self.file.dockerfile.instructions;
        let copies = all.iter().filter(|p| matches!(p.node.keyword, Keyword::Copy | Keyword::Add));
        let sources =
            copies.flat_map(|p| &p.node.words).map(|w| w.value.clone()).filter(|s| name(s) == wanted);
        sources.chain([wanted.clone()]).find_map(|source| self.file.context.read(&source))
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
