//! What a change of the base image may change.
use super::{alias, is_subsequence, meaning, same, same_head, same_joints};
use crate::model::{Action, Command, Instruction, Keyword, Manager, Placed};
use crate::text::Span;

/// Whether only tags of images differ, or the defaults of global ARGs, and packages of Debian come in: by one RUN more, or
/// by more words for installs that are there.
pub(super) fn only_the_base_differs(before: &[Placed], after: &[Placed]) -> bool {
    let mut rest = after.iter().peekable();
    let (mut added, mut global) = (0, true);
    for old in before.iter().map(|p| &*p.node) {
        global &= old.keyword != Keyword::From;
        let is_it = |new: &Instruction| {
            let both = |keyword| old.keyword == keyword && new.keyword == keyword;
            same(old, new)
                || both(Keyword::From) && same_but_tag(old, new)
                || global && both(Keyword::Arg) && names(old) == names(new)
                || both(Keyword::Run) && installs_more(old, new)
        };
        added += usize::from(rest.next_if(|p| !is_it(&p.node) && installs_packages(&p.node)).is_some());
        if rest.next_if(|p| is_it(&p.node)).is_none() {
            return false;
        }
    }
    added += usize::from(rest.next_if(|p| installs_packages(&p.node)).is_some());
    added <= 1 && rest.next().is_none()
}

fn names(instruction: &Instruction) -> Vec<&str> {
    instruction.pairs.iter().map(|p| p.name.value.as_str()).collect()
}

/// Whether two FROMs differ in nothing but the tag of the image.
fn same_but_tag(a: &Instruction, b: &Instruction) -> bool {
    let image = |i: &Instruction| {
        let from = i.from.as_ref()?;
        let end =
            from.tag.as_ref().or(from.digest.as_ref()).map_or(from.image.span.end, |t| t.span.start - 1);
        let name = Span { start: from.image.span.start, end }.of(&i.text).to_owned();
        Some((name, from.digest.as_ref().map(|d| d.value.clone())))
    };
    let flags =
        |i: &Instruction| i.flags.iter().map(|f| (f.name.clone(), f.value.value.clone())).collect::<Vec<_>>();
    alias(a) == alias(b) && image(a) == image(b) && flags(a) == flags(b)
}

/// Whether a RUN fetches the lists of apt, installs packages by name, and deletes the lists; no more.
fn installs_packages(instruction: &Instruction) -> bool {
    let plain = instruction.keyword == Keyword::Run && instruction.flags.is_empty();
    let Some(script) = instruction.script.as_ref().filter(|s| plain && s.is_chain() && !s.has_heredoc) else {
        return false;
    };
    let words = |c: &Command| c.words.iter().map(|w| w.value.clone()).collect::<Vec<_>>();
    let [update, install, clean] = &script.commands[..] else { return false };
    let (install, is_name) =
        (words(install), |w: &String| !w.starts_with('-') && !w.contains(['$', '`', '/']));
    script.steps.len() == 3
        && words(update) == ["apt-get", "update"]
        && install.len() > 4
        && install[..4] == ["apt-get", "install", "-y", "--no-install-recommends"]
        && install[4..].iter().all(is_name)
        && words(clean) == ["rm", "-rf", "/var/lib/apt/lists/*"]
}

/// Whether two RUNs differ in nothing but names that installs by apt have more.
fn installs_more(a: &Instruction, b: &Instruction) -> bool {
    let (Some(old), Some(new)) = (&a.script, &b.script) else { return false };
    let more = |(old_one, new_one): (&Command, &Command)| {
        let (was, now) = (meaning(old, old_one), meaning(new, new_one));
        let call = |c: &Command| c.package.as_ref().map(|p| (p.manager, p.action));
        let installs =
            call(old_one) == Some((Manager::Apt, Action::Install)) && call(old_one) == call(new_one);
        let flags = |words: &[&str]| words.iter().filter(|w| w.starts_with('-')).count();
        was == now || installs && flags(&was) == flags(&now) && is_subsequence(was, now)
    };
    same_head(a, b)
        && same_joints(a, b)
        && old.commands.len() == new.commands.len()
        && old.commands.iter().zip(&new.commands).all(more)
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use crate::model::Dockerfile;
    use crate::rule::Scope;

    const INSTALL: &str =
        "RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*";

    fn allows(before: &str, after: &str) -> bool {
        let read = |text: &str| Dockerfile::part(text, '\\').instructions;
        frame(&read(before), &read(after), Scope::Base).is_ok()
    }

    #[test]
    fn tags_and_packages_may_change() {
        for (before, after) in [
            ("FROM a", "FROM a:1"),
            ("FROM a:1 AS b", "FROM a:2 AS b"),
            ("ARG V=1\nFROM a:$V", "ARG V=2\nFROM a:$V"),
            ("ARG V=1\nFROM a:$V", "ARG V=1\nFROM a:$V-slim"),
            ("FROM a:1\nCOPY . .", &format!("FROM a:2\n{INSTALL}\nCOPY . .")),
            ("FROM a:1", &format!("FROM a:2\n{INSTALL}")),
            ("FROM a:1\nRUN apt-get install -y x && y", "FROM a:2\nRUN apt-get install -y x git && y"),
        ] {
            assert!(allows(before, after), "{before:?} to {after:?}");
        }
    }

    #[test]
    fn nothing_else_may() {
        let twice = format!("FROM a:2\n{INSTALL}\n{INSTALL}");
        let more = INSTALL.replace(" && rm", " && ls && rm");
        let piped = INSTALL.replace(" && rm", " || rm");
        let flagged = INSTALL.replace(" git", " --allow-unauthenticated git");
        let named = INSTALL.replace(" git", " ./git.deb");
        for (before, after) in [
            ("FROM a:1", "FROM b:1"),
            ("FROM a:1 AS b", "FROM a:1 AS c"),
            ("FROM a:1", "FROM --platform=linux/amd64 a:1"),
            ("FROM a:1@sha256:0a", "FROM a:2"),
            ("FROM a:1\nARG V=1", "FROM a:1\nARG V=2"),
            ("ARG V=1\nFROM a:$V", "ARG W=1\nFROM a:$V"),
            ("FROM a:1\nUSER x", "FROM a:2"),
            ("FROM a:1", "FROM a:2\nRUN ls"),
            ("FROM a:1", &twice),
            ("FROM a:1", &format!("FROM a:2\n{more}")),
            ("FROM a:1", &format!("FROM a:2\n{piped}")),
            ("FROM a:1", &format!("FROM a:2\n{flagged}")),
            ("FROM a:1", &format!("FROM a:2\n{named}")),
            ("FROM a:1\nRUN apt-get install -y x", "FROM a:2\nRUN apt-get install -y git"),
            ("FROM a:1\nRUN apt-get install x", "FROM a:2\nRUN apt-get install -y x git"),
            ("FROM a:1\nRUN apt-get install x", "FROM a:2\nRUN apt-get install x git && ls"),
            ("FROM a:1\nRUN apt-get install x || y", "FROM a:2\nRUN apt-get install x git && y"),
            ("FROM a:1\nRUN pip install x", "FROM a:2\nRUN pip install x git"),
            ("FROM a:1\nCOPY a /a", "FROM a:2\nCOPY b /a"),
        ] {
            assert!(!allows(before, after), "{before:?} to {after:?}");
        }
    }
}
