//! Commands that create users and groups.
use super::script::Command;
use super::word::Word;

/// Flags of `useradd` and of the kinds of `adduser` that take the next word as their value.
const WITH_VALUE: &str = "-b -c -d -e -f -g -G -h -k -K -p -P -R -s -u -Z --base-dir --comment --home-dir --home --expiredate \
    --inactive --gid --groups --skel --key --password --prefix --root --shell --uid --gecos --ingroup --firstuid --lastuid \
    --selinux-user";

/// What such a command is given.
#[derive(Default)]
struct Given<'c> {
    /// Flags as they are written, with their values where they have one; of a cluster such as `-rmg`, one for each letter.
    flags: Vec<(String, Option<&'c Word>)>,
    names: Vec<&'c Word>,
}

impl Command {
    /// The user that it creates (`useradd`, `adduser`), where the name is written out. `adduser USER GROUP` creates none.
    pub fn created_user(&self) -> Option<&str> {
        match self.given()?.names.as_slice() {
            [name] if name.literal => Some(&name.value),
            _ => None,
        }
    }

    /// The main group of the user that it creates, by name or number. None where that is not known.
    pub fn primary_group(&self) -> Option<&str> {
        let given = self.given()?;
        let group = match self.program() {
            "useradd" => given.value(&["-g", "--gid"]),
            // `-g` is the comment for busybox, and the group elsewhere.
            _ if given.has(&["-g"]) => return None,
            _ => given.value(&["-G", "--ingroup", "--gid"]),
        };
        // Without one, a group of the user's own name; system users of `adduser` have none.
        if group.is_none() && given.has(&["--gid", "--ingroup"]) {
            return None;
        }
        let own = || {
            let system =
                self.program() == "adduser" && given.has(&["-S", "--system"]) && !given.has(&["--group"]);
            let without = system || given.has(&["-N", "--no-user-group"]);
            self.created_user().filter(|_| !without)
        };
        group.map_or_else(own, |word| word.literal.then_some(word.value.as_str()))
    }

    /// The number that the user it creates is given.
    pub fn created_uid(&self) -> Option<&Word> {
        self.given()?.value(&["-u", "--uid"])
    }

    /// The home folder of the user that it creates.
    pub fn created_home(&self) -> Option<String> {
        let given = self.given()?;
        let flags = if self.program() == "useradd" { ["-d", "--home-dir"] } else { ["-h", "--home"] };
        match given.value(&flags) {
            Some(word) => word.literal.then(|| word.value.trim_end_matches('/').to_owned()),
            None => Some(format!("/home/{}", self.created_user()?)),
        }
    }

    /// The user that it puts into a further group.
    pub fn joins_group(&self) -> Option<&str> {
        let operands: Vec<&Word> = match self.program() {
            "usermod" | "useradd" => {
                let given = Given::of(self);
                let joins = given.has(&["-G", "--groups"]);
                given.names.into_iter().filter(|_| joins).collect()
            }
            "adduser" | "addgroup" => Given::of(self).names,
            "gpasswd" if self.has_flag(&["-a", "--add"]) => {
                self.arguments().iter().filter(|w| !w.is_flag()).collect()
            }
            _ => return None,
        };
        let both = matches!(self.program(), "adduser" | "addgroup" | "gpasswd");
        let name = operands.first().filter(|w| w.literal && (!both || operands.len() == 2))?;
        Some(&name.value)
    }

    fn given(&self) -> Option<Given<'_>> {
        matches!(self.program(), "useradd" | "adduser").then(|| Given::of(self))
    }
}

impl<'c> Given<'c> {
    fn of(command: &'c Command) -> Self {
        let mut given = Self::default();
        let takes = |flag: &str| WITH_VALUE.split_whitespace().any(|f| f == flag);
        let mut words = command.arguments().iter();
        while let Some(word) = words.next() {
            let text = word.value.as_str();
            if !word.is_flag() {
                given.names.push(word);
            } else if text.starts_with("--") {
                let value = if takes(text) { words.next() } else { None };
                given.flags.push((text.to_owned(), value));
            } else {
                // The last letter of a cluster may take a value.
                let mut letters = text[1..].chars().peekable();
                while let Some(letter) = letters.next() {
                    let flag = format!("-{letter}");
                    let value = if letters.peek().is_none() && takes(&flag) { words.next() } else { None };
                    given.flags.push((flag, value));
                }
            }
        }
        given
    }

    fn has(&self, flags: &[&str]) -> bool {
        self.flags.iter().any(|(f, _)| flags.contains(&f.split('=').next().unwrap_or(f)))
    }

    fn value(&self, flags: &[&str]) -> Option<&'c Word> {
        self.flags.iter().find(|(f, _)| flags.contains(&f.as_str())).and_then(|(_, value)| *value)
    }
}
