//! # A download that anybody on the way can change
//!
//! Over plain `http://`, or with the check of certificates switched off, whoever sits between the build and the server
//! decides what arrives, and what arrives is run or installed.
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN curl -o /tmp/install.sh http://example.com/install.sh && sh /tmp/install.sh
//! ```
//!
//! ```dockerfile,flagged
//! FROM debian:13-slim
//! RUN wget --no-check-certificate https://example.com/tool.tar.gz
//! ```
//!
//! Silent for addresses inside the network, and where a checksum or a signature is verified in the same step.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN curl -o a.tgz http://example.com/a.tgz && echo "$SHA256  a.tgz" | sha256sum -c -
//! HEALTHCHECK CMD curl -fk https://localhost:8443/health
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "insecure-download",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let commands = here.commands();
    if commands.iter().any(verifies) {
        return vec![];
    }
    let variables = matches!(here.instruction.keyword, Keyword::Env | Keyword::Arg);
    let set = here.instruction.pairs.iter().filter(|_| variables).filter_map(|p| {
        let value = p.value.as_ref()?.value.as_str();
        switches_off(&p.name.value, value).then(|| Finding::new(p.span, unchecked(&p.name.value)))
    });
    set.chain(commands.iter().filter_map(in_command)).collect()
}

fn unchecked(what: &str) -> String {
    format!(
        "`{what}` switches the check of certificates off, so anybody on the way can change what is downloaded"
    )
}

fn in_command(command: &Command) -> Option<Finding> {
    let off = command.assignments.iter().find(|a| switches_off(&a.name, &a.value));
    if let Some(assignment) = off {
        return Some(Finding::new(assignment.span, unchecked(&assignment.name)));
    }
    let words = command.arguments();
    match command.program() {
        tool @ ("curl" | "wget") => {
            let addresses: Vec<&Word> = words.iter().filter(|w| host(&w.value).is_some()).collect();
            if !addresses.is_empty() && addresses.iter().all(|w| is_internal(&w.value)) {
                return None;
            }
            if let Some(flag) = words.iter().find(|w| is_unchecked(tool, &w.value)) {
                return Some(Finding::new(flag.span, unchecked(&flag.value)));
            }
            let plain =
                addresses.into_iter().find(|w| w.value.starts_with("http://") && !is_internal(&w.value))?;
            // Redirected to `https://` by its own flags, or sent to a proxy's address: only the address matters.
            let secured = words.iter().any(|w| w.value == "--proto" || w.value.starts_with("--proto="));
            let message = "`http://` is not encrypted, so anybody on the way can change what is downloaded";
            (!secured).then(|| Finding::new(plain.span, message))
        }
        "git" => {
            let word = words.iter().position(|w| w.value.eq_ignore_ascii_case("http.sslverify"));
            let off = word.filter(|i| words.get(i + 1).is_some_and(|w| is_no(&w.value))).map(|i| &words[i]);
            let set =
                || words.iter().find(|w| w.value.to_ascii_lowercase().starts_with("http.sslverify=false"));
            let found = off.or_else(set)?;
            Some(Finding::new(found.span, unchecked("http.sslVerify")))
        }
        "npm" | "yarn" | "pnpm" => {
            // `strict-ssl false`, `--strict-ssl=false`, `--no-strict-ssl`, and for yarn 2 `enableStrictSsl false`.
            let name = |w: &Word| {
                let name = w.value.split('=').next().unwrap_or_default().trim_start_matches('-');
                ["strict-ssl", "no-strict-ssl", "enableStrictSsl"].contains(&name)
            };
            let word = words.iter().position(name)?;
            let value = words[word].value.split_once('=').map(|(_, value)| value);
            let off = value.or_else(|| words.get(word + 1).map(|w| w.value.as_str())).is_some_and(is_no);
            let off = off || words[word].value == "--no-strict-ssl";
            off.then(|| Finding::new(words[word].span, unchecked("strict-ssl")))
        }
        _ => {
            command.package.as_ref().filter(|p| p.manager == Manager::Pip)?;
            let i = words.iter().position(|w| w.value.starts_with("--trusted-host"))?;
            let named = words[i]
                .value
                .strip_prefix("--trusted-host=")
                .or_else(|| Some(words.get(i + 1)?.value.as_str()))?;
            let internal = is_internal(&format!("https://{named}"));
            (!internal).then(|| Finding::new(words[i].span, unchecked("--trusted-host")))
        }
    }
}

/// Whether the command checks what was downloaded.
fn verifies(command: &Command) -> bool {
    match command.program() {
        "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "shasum" | "md5sum" | "b2sum" => {
            command.has_flag(&["-c", "--check"])
        }
        "gpg" | "gpg2" | "gpgv" => command.program() == "gpgv" || command.has_flag(&["--verify"]),
        "cosign" | "minisign" => true,
        _ => false,
    }
}

/// Whether a variable of this name and value switches the check of certificates off.
fn switches_off(name: &str, value: &str) -> bool {
    match name.to_ascii_uppercase().as_str() {
        // Git asks only whether it is set.
        "GIT_SSL_NO_VERIFY" => !value.is_empty() && !is_no(value),
        "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" => value == "0",
        "NPM_CONFIG_STRICT_SSL" | "YARN_ENABLE_STRICT_SSL" => is_no(value),
        "PIP_TRUSTED_HOST" => !value.is_empty() && !is_internal(&format!("https://{value}")),
        _ => false,
    }
}

fn is_no(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "no" | "off")
}

/// Whether `word` is the flag of curl or wget that switches the check off; for curl also in a cluster such as `-fsSk`.
fn is_unchecked(tool: &str, word: &str) -> bool {
    if tool == "wget" {
        return word == "--no-check-certificate";
    }
    let Some(cluster) = word.strip_prefix('-').filter(|w| !w.starts_with('-')) else {
        return word == "--insecure";
    };
    // What follows one of these letters is its value.
    let value = cluster.find(|c| "AbcCdDeEFhHKmoPQrtTuUwxXyYz".contains(c)).unwrap_or(cluster.len());
    cluster[..value].contains('k')
}

/// The host of an address over HTTP.
fn host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.rsplit('@').next()?;
    let end = if rest.starts_with('[') {
        rest.find(']').map_or(rest.len(), |i| i + 1)
    } else {
        rest.find(':').unwrap_or(rest.len())
    };
    Some(&rest[..end])
}

/// Whether an address is one of this machine or its own network, or its host is not known.
fn is_internal(address: &str) -> bool {
    let Some(host) = host(address) else { return false };
    let number = |i: usize| host.split('.').nth(i).and_then(|n| n.parse::<u8>().ok());
    let private = match (number(0), number(1)) {
        (Some(10 | 127 | 0), Some(_)) | (Some(192), Some(168)) => true,
        (Some(172), Some(n)) => (16..32).contains(&n),
        (Some(169), Some(254)) => true,
        _ => false,
    };
    let suffix =
        [".local", ".localhost", ".internal", ".lan", ".intranet", ".corp", ".svc", ".test", ".home"];
    private
        || host.starts_with('[')
        || !host.contains('.')
        || host.contains('$')
        || suffix.iter().any(|s| host.ends_with(s))
}
