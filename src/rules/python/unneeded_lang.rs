//! # `ENV LANG C.UTF-8` says what holds anyway
//!
//! Python 3.7 and later take UTF-8 where no other locale is set, and the official images of Python up to 3.12 set this very
//! variable themselves.
//!
//! ```diff,unsafe
//!  FROM python:3.12-slim
//! -ENV LANG=C.UTF-8
//!  COPY app.py /
//! ```
//!
//! Not safe, because other programs in the image may ask for it. Silent on other images, and for other locales.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! ENV LANG=de_DE.UTF-8
//! FROM debian:13-slim
//! ENV LANG=C.UTF-8
//! FROM python:3.6
//! ENV LANG=C.UTF-8
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unneeded-lang",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let is_plain = |p: &Pair| p.value.as_ref().is_some_and(|v| v.value.eq_ignore_ascii_case("C.UTF-8"));
    let at = here.instruction.pairs.iter().position(|p| p.name.value == "LANG" && is_plain(p));
    let (Some(at), Keyword::Env) = (at, here.instruction.keyword) else { return vec![] };
    if here.is_onbuild() || !knows_utf_8(here) {
        return vec![];
    }
    let message = "Python takes UTF-8 where no other locale is set: this changes nothing";
    let fix = here.without_pair(at).map(|edit| Fix::risky(Scope::Config, "Delete `LANG`", vec![edit]));
    vec![Finding::new(here.instruction.pairs[at].span, message).fix(fix).tag(Tag::Unnecessary)]
}

/// Whether the image is an official one of Python 3.7 or later, and no other locale was set before.
fn knows_utf_8(here: &Here) -> bool {
    let Some(base) = here.base().filter(|b| facts::official(&b.name) == Some("python")) else { return false };
    let version = facts::interpreter(&base.name, base.tag.as_deref()).and_then(|i| i.version);
    let set = ["LANG", "LC_ALL", "LC_CTYPE"].iter().any(|name| here.variable(name).is_some_and(|s| s.is_env));
    version.is_some_and(|v| v >= (3, 7)) && !set
}
