//! Which shell an image has.

use super::family::{Family, family};
use super::{official, tag};

/// The program behind `/bin/sh`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sh {
    /// dash: POSIX and little more, no `pipefail` before 0.5.13.
    Dash,
    /// ash of BusyBox: POSIX, with `pipefail` and some of bash.
    Ash,
    /// bash in its POSIX mode.
    Bash,
}

/// The program behind `/bin/sh`, if there is one and it is known.
pub fn default_shell(name: &str, tag: Option<&str>) -> Option<Sh> {
    match family(name, tag)? {
        Family::Debian | Family::Ubuntu => Some(Sh::Dash),
        Family::Alpine | Family::Wolfi | Family::Busybox => Some(Sh::Ash),
        Family::RedHat(_) | Family::Suse | Family::Arch | Family::Photon | Family::AzureLinux => {
            Some(Sh::Bash)
        }
        // The debug variants of distroless images hold a BusyBox.
        Family::Distroless => tag.is_some_and(|tag| tag.contains("debug")).then_some(Sh::Ash),
        Family::Windows | Family::Scratch => None,
    }
}

/// Official images on Alpine whose Dockerfiles install bash. Source: those Dockerfiles.
const ALPINE_WITH_BASH: &[&str] = &["bash", "composer", "maven", "postgres", "rabbitmq", "wordpress"];

/// Official images on Alpine whose Dockerfiles do not install bash. Source: as above.
const ALPINE_WITHOUT_BASH: &[&str] = &[
    "alpine",
    "elixir",
    "erlang",
    "golang",
    "httpd",
    "memcached",
    "nginx",
    "node",
    "php",
    "python",
    "redis",
    "ruby",
    "rust",
];

/// Whether the image has bash.
pub fn has_bash(name: &str, tag: Option<&str>) -> Option<bool> {
    match family(name, tag)? {
        Family::Alpine => {
            let repo = official(name)?;
            let with = ALPINE_WITH_BASH.contains(&repo);
            (with || ALPINE_WITHOUT_BASH.contains(&repo)).then_some(with)
        }
        // bash is an essential package of all of these.
        Family::Debian | Family::Ubuntu | Family::RedHat(_) | Family::Suse => Some(true),
        Family::Arch | Family::Photon | Family::AzureLinux => Some(true),
        Family::Busybox | Family::Wolfi | Family::Distroless | Family::Scratch | Family::Windows => {
            Some(false)
        }
    }
}

/// Whether the image certainly has no shell, so that `RUN` with a command line cannot work in it.
pub fn has_no_shell(name: &str, tag: Option<&str>) -> bool {
    let may_be_debug = tag.is_some_and(|tag| tag.contains("debug") || tag::is_open(tag));
    !may_be_debug && matches!(family(name, tag), Some(Family::Distroless | Family::Scratch))
}
