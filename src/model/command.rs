//! What a command does to the image, as far as its words tell.
use super::packages::{Action, Manager};
use super::script::{Command, Position};

impl Command {
    /// Whether it deletes `path` or everything in it: `rm` and `find` with `path`, a folder above it, or a pattern.
    pub fn deletes(&self, path: &str) -> bool {
        if !matches!(self.program(), "rm" | "find") {
            return false;
        }
        // `/var/lib/{apt,dpkg}/lists` is each of them.
        let any =
            |word: &str| match word.split_once('{').and_then(|(a, rest)| Some((a, rest.split_once('}')?))) {
                Some((a, (middle, b))) => middle.split(',').any(|m| covers(&format!("{a}{m}{b}"), path)),
                None => covers(word, path),
            };
        self.arguments().iter().filter(|w| !w.is_flag()).any(|w| any(&w.value))
    }

    /// Whether it looks packages up in the lists that `manager` has fetched, as far as its words tell.
    pub fn reads_lists(&self, manager: Manager) -> bool {
        match &self.package {
            Some(call) if call.manager == manager => {
                matches!(call.action, Action::Install | Action::Upgrade | Action::Other)
            }
            Some(_) => false,
            // `apt-cache policy`, `xargs apt-get install`
            None => {
                let own = |word: &str| manager.programs().contains(&word);
                manager == Manager::Apt && matches!(self.program(), "apt-cache" | "apt-file")
                    || self.arguments().iter().any(|w| own(&w.value))
            }
        }
    }

    /// Whether it installs what a file lists, in places of its own or in a folder that nobody writes to at run time.
    pub fn installs_elsewhere(&self) -> bool {
        let Some(call) = &self.package else {
            return matches!(self.program(), "chmod" | "useradd" | "adduser" | "groupadd");
        };
        let own = [
            Manager::Pip,
            Manager::Npm,
            Manager::Yarn,
            Manager::Pnpm,
            Manager::Bundle,
            Manager::Uv,
            Manager::Poetry,
            Manager::Pdm,
        ];
        own.contains(&call.manager) && matches!(call.action, Action::Install | Action::Clean)
    }

    /// Whether it asks `manager` to do `action`.
    pub fn asks(&self, manager: Manager, action: Action) -> bool {
        self.package.as_ref().is_some_and(|p| p.manager == manager && p.action == action)
    }

    /// Whether it hands over to a script whose text is not in the file: `./install.sh`, `bash install.sh`,
    /// `curl … | sh`, `eval`, a program named by a variable.
    pub fn runs_script(&self) -> bool {
        let Some(word) = self.words.first() else { return false };
        match self.program() {
            "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" => {
                let text = self
                    .words
                    .iter()
                    .position(|w| w.is_flag() && !w.value.starts_with("--") && w.value.ends_with('c'));
                text.is_none_or(|t| self.words.get(t + 1).is_none_or(|w| !w.literal))
            }
            "eval" => true,
            "." | "source" => self.words.get(1).is_none_or(|w| !w.value.starts_with(['/', '~', '$'])),
            "configure" | "autogen.sh" | "config" | "Configure" | "buildconf" => false,
            program if program.contains(['$', '`']) || program.ends_with(".sh") => true,
            _ => word.value.contains('/') && !["/bin/", "/sbin/"].iter().any(|d| word.value.contains(d)),
        }
    }

    /// The word by which another step calls the same program as the same user, `sudo` in front where it is needed. None
    /// where only this place may know it: by a relative path, as some other user, in the text for another shell.
    pub fn called_again(&self) -> Option<String> {
        let word = self.words.first()?;
        let by_path = word.value.contains('/') && !word.value.starts_with('/');
        let elsewhere = matches!(self.position, Position::Nested | Position::Substitution);
        if by_path || elsewhere || !word.literal || word.value.contains(char::is_whitespace) {
            return None;
        }
        let wrappers: Vec<&str> = self.wrappers.iter().map(|w| w.value.as_str()).collect();
        match wrappers.as_slice() {
            [] | ["time" | "nice" | "nohup" | "eatmydata" | "command" | "env"] => Some(word.value.clone()),
            ["sudo"] | ["sudo", "-E" | "-H" | "-n"] => Some(format!("sudo {}", word.value)),
            ["env", rest @ ..] if rest.iter().all(|w| w.contains('=')) => Some(word.value.clone()),
            _ => None,
        }
    }
}

/// Whether deleting `word` deletes `path`: they are the same, `word` lies above, or is a pattern right below.
fn covers(word: &str, path: &str) -> bool {
    let word = match word.rsplit_once('/') {
        Some((folder, last)) if last.contains('*') => folder,
        _ => word,
    };
    let word = word.trim_end_matches('/');
    word.starts_with('/')
        && path.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
