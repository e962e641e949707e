//! # A keyserver that no longer exists
//!
//! The names below `sks-keyservers.net` were taken out of service in June 2021: a key that is asked for there is not found,
//! and the build fails. `keyserver.ubuntu.com`, which GnuPG itself asks since then, has most of the keys, and
//! `keys.openpgp.org` those whose owners have confirmed their address.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN gpg --batch --keyserver ha.pool.sks-keyservers.net --recv-keys B42F6819007F00F88E364FD4036A9C25BF357DD4
//! ```
//!
//! There is no fix, because only a look tells where a key is kept now. Silent where another server is asked next.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN gpg --keyserver pool.sks-keyservers.net --recv-keys "$KEY" || gpg --keyserver pgp.mit.edu --recv-keys "$KEY"
//! RUN for server in ha.pool.sks-keyservers.net keyserver.ubuntu.com; do \
//!     gpg --keyserver "$server" --recv-keys "$KEY" && break; done
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "dead-keyserver",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Each(&[Check::Command(check), Check::Instruction(variables)]),
};

fn check(command: &Command, here: &Here) -> Option<Finding> {
    let asks = matches!(command.program(), "gpg" | "gpg2" | "apt-key");
    let (word, server) =
        command.arguments().iter().filter(|_| asks).find_map(|w| Some((w, server(&w.value)?)))?;
    let script = here.instruction.script.as_ref()?;
    let others = script.steps.get(command.step + 1).is_some_and(|s| s.joint == Joint::Or);
    // In a loop or a condition, what fails may be tried again elsewhere.
    let alone =
        command.position == Position::Step || here.commands().iter().filter(|c| is_alike(c)).count() == 1;
    (alone && !others).then(|| Finding::new(word.span, message(server)))
}

/// The server that an ARG or ENV names for later steps.
fn variables(here: &Here) -> Vec<Finding> {
    let sets = matches!(here.instruction.keyword, Keyword::Arg | Keyword::Env);
    let values = here.instruction.pairs.iter().filter(|_| sets).filter_map(|pair| pair.value.as_ref());
    values.filter_map(|value| Some(Finding::new(value.span, message(server(&value.value)?)))).collect()
}

fn message(server: &str) -> String {
    format!("`{server}` no longer exists, so the key is not found: `keyserver.ubuntu.com` has most of them")
}

/// Whether it asks some keyserver.
fn is_alike(command: &Command) -> bool {
    command.words.iter().any(|w| w.value.starts_with("--recv-key") || w.value.starts_with("--keyserver"))
}

/// The server that a word names, if it is one of those that are gone.
fn server(word: &str) -> Option<&str> {
    let address = word.strip_prefix("--keyserver=").unwrap_or(word);
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split([':', '/']).next()?;
    let gone = host == "sks-keyservers.net" || host.ends_with(".sks-keyservers.net");
    gone.then_some(host)
}
