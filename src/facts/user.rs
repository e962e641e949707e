//! Which users an image has, and whether it needs another one.

use super::family::{Family, family};
use super::tag::{self, NEWEST, Version, has_word};
use super::{canonical, data, images};

/// The user that the image runs as: a name, or a number where the image gives one.
pub fn default_user(name: &str, tag: Option<&str>) -> Option<&'static str> {
    let (name, text) = (canonical(name), tag.unwrap_or("latest"));
    let family = family(name, tag);
    if family == Some(Family::Windows) {
        let nano = name.contains("nanoserver") || text.contains("nanoserver");
        return Some(if nano { "ContainerUser" } else { "ContainerAdministrator" });
    }
    match name {
        _ if name.starts_with("gcr.io/distroless/") => {
            return if has_word(text, "nonroot") { Some("nonroot") } else { fixed(text, "root") };
        }
        _ if name.starts_with("mcr.microsoft.com/dotnet/") => {
            return if family == Some(Family::Distroless) { Some("app") } else { fixed(text, "root") };
        }
        // The images of languages on ubi; the base images themselves run as root.
        _ if images::is_ubi(name) => {
            let base = name.rsplit('/').next().unwrap_or(name);
            return Some(match base {
                _ if base.starts_with("ubi") => "root",
                _ if base.starts_with("openjdk-") => "185",
                _ => "1001",
            });
        }
        "mariadb" if text.contains("ubi") => return Some("mysql"),
        "wordpress" if has_word(text, "cli") => return Some("www-data"),
        "docker" if has_word(text, "rootless") => return Some("rootless"),
        // haproxy 2.4 was the first with a `USER`.
        "haproxy" if Version::of_tag(text).is_some_and(|v| v.minor() < (2, 4)) => {
            return Some("root");
        }
        _ => {}
    }
    let user = data::repo(name).and_then(|repo| repo.user);
    user.or_else(|| images::find(name)?.user)
}

/// The answer, unless the tag holds a variable that may change it.
fn fixed(tag: &str, user: &'static str) -> Option<&'static str> {
    (!tag::is_open(tag)).then_some(user)
}

/// A user other than root that exists in the image and is meant to run what is put into it.
pub fn existing_user(name: &str, tag: Option<&str>) -> Option<&'static str> {
    let (name, text) = (canonical(name), tag.unwrap_or("latest"));
    if let Some(user) = non_root(name, tag) {
        return Some(user);
    }
    if family(name, tag) == Some(Family::Windows) {
        return None;
    }
    if name.starts_with("mcr.microsoft.com/dotnet/") {
        // .NET 8 brought the user `app`.
        return since(text, 8).then_some("app");
    }
    match name {
        "ubuntu" | "public.ecr.aws/ubuntu/ubuntu" => return ubuntu(text).then_some("ubuntu"),
        "node" if !node(text) => return None,
        _ => {}
    }
    let user = data::repo(name).and_then(|repo| repo.app_user);
    user.or_else(|| images::find(name)?.app_user)
}

/// Whether the system of an image has a user, and a group, of this name from the start. Those of Debian and Ubuntu are in
/// its package `base-passwd`; `root` is everywhere.
pub fn comes_with(name: &str, tag: Option<&str>, user: &str) -> bool {
    match family(name, tag) {
        Some(Family::Windows | Family::Scratch) | None => false,
        Some(Family::Debian | Family::Ubuntu) => {
            matches!(user, "root" | "www-data" | "daemon" | "mail" | "games")
        }
        Some(_) => user == "root",
    }
}

fn since(tag: &str, major: u32) -> bool {
    Version::of_tag(tag).map_or(tag == "latest", |version| version.major() >= major)
}

/// Ubuntu images have the user `ubuntu` since 23.04.
fn ubuntu(tag: &str) -> bool {
    let old = |word| {
        tag::UBUNTU.iter().position(|name| *name == word) < tag::UBUNTU.iter().position(|n| *n == "lunar")
    };
    match Version::of_tag(tag) {
        Some(version) => version.0 >= [23, 4, 0],
        None => match tag::words(tag).find(|word| tag::UBUNTU.contains(word)) {
            Some(word) => !old(word),
            None => ["latest", "rolling", "devel"].contains(&tag),
        },
    }
}

/// Node.js images have the user `node` since the end of 2016, so not in all of 4 and 6.
fn node(tag: &str) -> bool {
    match Version::of_tag(tag).map(|version| version.0) {
        Some([4, minor, _]) => minor >= 8 || minor == NEWEST,
        Some([major, minor, _]) => major >= 7 || (major == 6 && minor >= 10),
        None => true,
    }
}

fn non_root(name: &str, tag: Option<&str>) -> Option<&'static str> {
    default_user(name, tag).filter(|user| !["root", "ContainerAdministrator"].contains(user))
}

/// Whether it would be noise to say that a `USER` is missing: the image runs as another user than root
/// already, its entrypoint gives up the rights of root by itself, or it needs them by design.
pub fn drops_privileges(name: &str, tag: Option<&str>) -> bool {
    let (name, text) = (canonical(name), tag.unwrap_or("latest"));
    // Apache and PHP-FPM start their workers as www-data; the command line variants do not.
    let php = name == "php" && (has_word(text, "apache") || has_word(text, "fpm"));
    php || non_root(name, tag).is_some() || images::find(name).is_some_and(|image| image.drops)
}
