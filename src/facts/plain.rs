//! Official images that leave a command as it is: which start just what they are told, and in which folder.
//!
//! From their published Dockerfiles and entrypoint scripts, in the repositories that
//! <https://github.com/docker-library/official-images> names; what changed over the years is left out.

use super::family::{Family, family};
use super::official;

/// Without an entrypoint and without a working directory of their own, or with an entrypoint that ends in `exec "$@"` and
/// looks at nothing but a leading dash or a missing program.
const PLAIN: &str = "almalinux alpine amazoncorretto amazonlinux archlinux buildpack-deps busybox centos debian \
    eclipse-temurin elixir erlang fedora gcc haskell node openjdk oraclelinux pypy python rockylinux ruby rust ubuntu";

/// The same, but for a working directory (or none) that differs between their variants.
const STARTS_AS_TOLD: &str = "golang maven perl php";

fn listed(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|word| word == name)
}

/// Whether a container of the image is known to start just the command that it is given.
pub fn starts_as_told(name: &str) -> bool {
    official(name).is_some_and(|name| listed(PLAIN, name) || listed(STARTS_AS_TOLD, name))
}

/// The folder that the image works in.
pub fn workdir(name: &str, tag: Option<&str>) -> Option<&'static str> {
    if name == "scratch" {
        return Some("/");
    }
    let repository = official(name).filter(|_| family(name, tag) != Some(Family::Windows))?;
    match repository {
        "golang" => Some("/go"),
        name => listed(PLAIN, name).then_some("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::{starts_as_told, workdir};

    #[test]
    fn official_images_only() {
        assert!(starts_as_told("docker.io/library/python"));
        assert!(!starts_as_told("example/python"));
        assert!(!starts_as_told("nginx"));
        assert_eq!(workdir("python", Some("3.13-slim")), Some("/"));
        assert_eq!(workdir("golang", None), Some("/go"));
        assert_eq!(workdir("python", Some("3.13-windowsservercore-ltsc2022")), None);
        assert_eq!(workdir("php", None), None);
    }
}
