//! Who owns the files of an image: what `chown` asks for, and which users there are.
use super::{Command, File, Here, Keyword, Word, facts};

/// What a `chown` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chown<'a> {
    /// The word that says to go into folders.
    pub recursive: Option<&'a Word>,
    /// The new user.
    pub user: &'a str,
    /// The new group; empty for the main one of the user, None where it stays.
    pub group: Option<&'a str>,
    /// What it is about.
    pub paths: Vec<&'a Word>,
}

impl<'a> Chown<'a> {
    /// Reads a command. None for another one, and where an owner, or what it does, is not known.
    pub fn of(command: &'a Command) -> Option<Self> {
        if command.program() != "chown" {
            return None;
        }
        let (flags, words): (Vec<&Word>, Vec<&Word>) = command.arguments().iter().partition(|w| w.is_flag());
        let recursive =
            |w: &Word| w.value == "--recursive" || w.value.contains('R') && !w.value.starts_with("--");
        let talks = |w: &Word| {
            matches!(w.value.as_str(), "--verbose" | "--changes" | "--silent" | "--quiet")
                || !w.value.starts_with("--") && w.value[1..].chars().all(|c| "Rvcf".contains(c))
        };
        let (owner, paths) = words.split_first().filter(|(o, p)| o.literal && !p.is_empty())?;
        if !flags.iter().all(|w| recursive(w) || talks(w)) {
            return None;
        }
        let (user, group) = match owner.value.split_once(':') {
            Some((user, group)) => (user, Some(group)),
            None => (owner.value.as_str(), None),
        };
        let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        let known = !user.is_empty() && plain(user) && group.is_none_or(plain);
        let recursive = flags.into_iter().find(|w| recursive(w));
        known.then(|| Self { recursive, user, group, paths: paths.to_vec() })
    }
}

impl Here<'_> {
    /// The folders that a VOLUME names, as absolute paths. None where one is not known.
    pub fn volumes(&self) -> Option<Vec<String>> {
        let words = self.instruction.words.iter();
        words
            .map(|w| super::expand(&w.value, &|name| self.env(None, name)).filter(|p| p.starts_with('/')))
            .collect()
    }
}

impl File<'_> {
    /// Whether the image has a user of this name, or number, before instruction `index`.
    pub fn has_user(&self, index: usize, name: &str) -> bool {
        self.has_account(index, name, |c| c.created_user() == Some(name))
    }

    /// Whether the image has a group of this name, or number, before instruction `index`.
    pub fn has_group(&self, index: usize, name: &str) -> bool {
        let creates = |c: &Command| {
            let grouped = matches!(c.program(), "groupadd" | "addgroup");
            grouped && c.arguments().last().is_some_and(|w| w.value == name)
                || c.created_user() == Some(name) && c.primary_group() == Some(name)
        };
        self.has_account(index, name, creates)
    }

    /// The main group of a user that the image has before instruction `index`.
    pub fn main_group<'f>(&'f self, index: usize, user: &'f str) -> Option<&'f str> {
        let here = self.here(index);
        let base = here.base()?;
        if facts::existing_user(&base.name, base.tag.as_deref()) == Some(user) {
            return Some(user);
        }
        let before = self.lineage(here.stage()?).into_iter().filter(|i| *i < index);
        let mut commands = before.flat_map(|i| self.here(i).commands());
        commands.find(|c| c.created_user() == Some(user))?.primary_group()
    }

    fn has_account(&self, index: usize, name: &str, creates: impl Fn(&Command) -> bool) -> bool {
        let here = self.here(index);
        let Some(stage) = here.stage() else { return false };
        let of_image = here.base().is_some_and(|base| {
            let (image, tag) = (base.name.as_str(), base.tag.as_deref());
            facts::existing_user(image, tag) == Some(name) || facts::comes_with(image, tag, name)
        });
        let in_file = || {
            let before = self.lineage(stage).into_iter().filter(|i| *i < index).map(|i| self.here(i));
            before.filter(|h| h.instruction.keyword == Keyword::Run && !h.is_onbuild()).any(|h| {
                let script = h.instruction.script.as_ref();
                h.commands().iter().any(|c| creates(c) && script.is_some_and(|s| s.surely_runs(c)))
            })
        };
        name.bytes().all(|b| b.is_ascii_digit()) || of_image || in_file()
    }
}
