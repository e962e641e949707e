//! # A secret in ENV or ARG
//!
//! The value of an `ENV` is part of the image: `docker inspect` shows it, and every process in the container inherits
//! it. That of an `ARG` is kept in the image's history and build records.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! ENV DB_PASSWORD=hunter2
//! ```
//!
//! ```dockerfile,flagged
//! FROM node:22
//! ARG NPM_TOKEN
//! RUN npm ci
//! ```
//!
//! `RUN --mount=type=secret,id=npm-token,env=NPM_TOKEN` hands a secret to one step and keeps it nowhere; what the
//! container needs belongs into its settings at start.
//!
//! Silent for names that speak about a secret without being one, and for values that cannot be one.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! ENV DB_PASSWORD_FILE=/run/secrets/db AUTH_ENABLED=true TOKEN_TTL=3600 API_TOKEN=""
//! ENV SSH_KEY_DIR=/keys PUBLIC_KEY=abc
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "secret-in-variable",
    aliases: &["DL3064", "SecretsUsedInArgOrEnv"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let is_env = here.instruction.keyword == Keyword::Env;
    if !is_env && here.instruction.keyword != Keyword::Arg {
        return vec![];
    }
    let found = here.instruction.pairs.iter().filter(|p| match &p.value {
        Some(value) => names_secret(&p.name.value) && may_be_secret(&value.value),
        None => names_secret(&p.name.value) && !is_weak(&p.name.value),
    });
    let kept =
        if is_env { "in the image, where `docker inspect` shows it" } else { "in the history of the image" };
    let message = |name: &str| format!("the value of `{name}` is kept {kept}");
    found.map(|p| Finding::new(p.name.span, message(&p.name.value))).collect()
}

/// Words that name a secret.
const SECRETS: &str = "apikey auth credential credentials key passphrase password passwd psw pword secret secrets token \
    pgpassword sshpass";

/// Of these, the ones that name many other things too.
const WEAK: &str = "auth key";

/// Words that make a name one about a secret.
const ABOUT: &str = "public pub file version path dir directory folder keyring gpg pgp";

/// As [`ABOUT`], at the end of a name.
const PROPERTIES: &str = "algorithm algo count disabled enabled enable endpoint expiration expiry expires fingerprint format \
    header host id ids interval issuer length limit max method min mode name names port prefix \
    provider required server servers service size suffix timeout ttl type uri url";

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|w| w == word)
}

/// Whether a variable of this name holds a secret.
fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // Cloud keys come in two parts that are of no use alone, but are always set together.
    if name == "aws_access_key_id" {
        return true;
    }
    let words: Vec<&str> = name.split(['_', '-', '.']).collect();
    let last = words.last().copied().unwrap_or_default();
    words.iter().any(|w| is_in(SECRETS, w))
        && !words.iter().any(|w| is_in(ABOUT, w))
        && !is_in(PROPERTIES, last)
}

/// Whether only a word such as `key` makes the name one of a secret: without a value that says too little.
fn is_weak(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let compound = ["api_key", "access_key", "private_key", "secret_key", "encryption_key", "client_key"];
    !compound.iter().any(|c| name.contains(c))
        && !name.split('_').any(|w| is_in(SECRETS, w) && !is_in(WEAK, w))
}

/// Whether this can be the value of a secret: no switch, no file, no fingerprint of a public key, no `XXXX`.
fn may_be_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let switch = matches!(
        lower.as_str(),
        "" | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "none"
            | "null"
            | "nil"
            | "0"
            | "1"
            | "disabled"
            | "basic"
    );
    let path =
        value.starts_with('/') && value.len() > 1 || value.starts_with("./") || value.starts_with("~/");
    let address = lower.starts_with("http://") || lower.starts_with("https://");
    let fingerprint =
        value.len() == 40 && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'A'..=b'F'));
    let file =
        [".pub", ".pem", ".crt", ".key", ".asc", ".gpg", ".json", ".txt"].iter().any(|e| lower.ends_with(e));
    let mut kinds: Vec<char> = value.chars().filter(|c| !"-*".contains(*c)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    !(switch || path || address || fingerprint || file || kinds.len() < 3)
}
