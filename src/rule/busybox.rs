//! The commands of busybox that create users, as Debian's own programs take them.
use super::Command;

/// The words of a command of busybox: its options by letter, with their values, and what is left.
struct Options<'a> {
    flags: Vec<(char, Option<&'a str>)>,
    rest: Vec<&'a str>,
}

impl<'a> Options<'a> {
    /// Reads the words as getopt does, `with_value` being the letters that take one. None where a word is not literal, an
    /// option is long, or a value is missing.
    fn read(command: &'a Command, with_value: &str, without: &str) -> Option<Self> {
        let (mut flags, mut rest) = (vec![], vec![]);
        let mut words = command.arguments().iter();
        while let Some(word) = words.next() {
            // The words are written down again, and may need no quotes then.
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:${}".contains(c);
            if !word.value.chars().all(plain) || word.value.is_empty() {
                return None;
            }
            if !word.is_flag() {
                rest.push(word.value.as_str());
                continue;
            }
            let mut letters = word.value[1..].char_indices();
            while let Some((at, letter)) = letters.next() {
                if without.contains(letter) {
                    flags.push((letter, None));
                } else if with_value.contains(letter) {
                    let glued = &word.value[1 + at + letter.len_utf8()..];
                    let value = if glued.is_empty() { words.next()?.value.as_str() } else { glued };
                    flags.push((letter, Some(value)));
                    break;
                } else {
                    return None;
                }
            }
        }
        Some(Self { flags, rest })
    }

    fn has(&self, letter: char) -> bool {
        self.flags.iter().any(|(l, _)| *l == letter)
    }

    fn value(&self, letter: char) -> Option<&'a str> {
        self.flags.iter().find(|(l, _)| *l == letter)?.1
    }
}

/// What does the same as `adduser` or `addgroup` of busybox. None for other commands, and where that is not certain.
pub(super) fn on_debian(command: &Command) -> Option<String> {
    if !command.wrappers.is_empty() || !command.assignments.is_empty() || command.redirected {
        return None;
    }
    let mut out: Vec<String> = vec![];
    match command.program() {
        "addgroup" => {
            let options = Options::read(command, "g", "S")?;
            match options.rest.as_slice() {
                [user, group] if options.flags.is_empty() => {
                    return Some(format!("usermod -aG {group} {user}"));
                }
                [group] => {
                    out.push("groupadd".to_owned());
                    out.extend(options.has('S').then(|| "-r".to_owned()));
                    out.extend(options.value('g').map(|id| format!("-g {id}")));
                    out.push((*group).to_owned());
                }
                _ => return None,
            }
        }
        "adduser" => {
            let options = Options::read(command, "hgsGuk", "SDH")?;
            if options.value('k').is_some() {
                return None;
            }
            match options.rest.as_slice() {
                [user, group] if options.flags.is_empty() => {
                    return Some(format!("usermod -aG {group} {user}"));
                }
                // Without -D or -S it asks for a password.
                [user] if options.has('D') || options.has('S') => {
                    out.push("useradd".to_owned());
                    out.extend(options.has('S').then(|| "-r".to_owned()));
                    out.push(if options.has('H') { "-M" } else { "-m" }.to_owned());
                    out.extend(options.value('u').map(|id| format!("-u {id}")));
                    let group = options.value('G').or(options.has('S').then_some("nogroup"));
                    out.extend(group.map(|group| format!("-g {group}")));
                    out.extend(options.value('h').map(|home| format!("-d {home}")));
                    let shell = options
                        .value('s')
                        .map(|s| if s == "/sbin/nologin" { "/usr/sbin/nologin" } else { s });
                    if shell.is_some_and(|s| s.ends_with("ash") && !s.ends_with("bash")) {
                        return None;
                    }
                    out.extend(shell.map(|shell| format!("-s {shell}")));
                    out.extend(options.value('g').map(|name| format!("-c {name}")));
                    out.push((*user).to_owned());
                }
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(out.join(" "))
}
