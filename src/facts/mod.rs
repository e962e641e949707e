//! What is known of public images: the operating system they are built on, their slim variants, their
//! shell, their users.
//!
//! Every function takes the name of an image as it is written after `FROM`, without tag and digest, and the
//! tag, where it can make a difference (`None` means that there is none, so `latest`). `None` in an answer
//! means "not known", never "no". A name or tag may hold variables (`python:${VERSION}-slim`): what can be
//! said without their values is said.
//!
//! Facts about Docker Official Images, ends of life and sizes come from the files in `data`, which `data/refresh.py`
//! generates and which are only parsed when first asked for. Facts about other images are in the table in `images.rs`.

mod apk;
mod data;
mod end_of_life;
mod family;
mod images;
mod lacking;
mod node;
mod package_size;
mod plain;
mod python;
mod root;
mod shell;
mod size;
mod slim;
mod slim_history;
mod tag;
mod user;

pub use apk::{debian_packages, is_missing_in_slim};
pub use end_of_life::{Lifetime, is_abandoned, lifetimes};
pub use family::{Family, Rpm, family};
pub use lacking::{Lacking, brings, builds, debian_is_over, debian_release, lacking};
pub use node::{has_corepack, has_yarn, node_version};
pub use package_size::{Added, Archive, Installed, PackageSize, archive, package_size};
pub use plain::{starts_as_told, workdir};
pub use python::{Interpreter, Libc, PythonPackage, has_wheel, interpreter, python_package};
pub use root::{create_user, is_interpreter, is_system_folder, keeps_data, names_drop, starts_as_root};
pub use shell::{Sh, default_shell, has_bash, has_no_shell};
pub use size::{Megabytes, Size, size};
pub use slim::{Slim, pinned_slim_tag, slim_tag};
pub use user::{comes_with, default_user, drops_privileges, existing_user};

/// Registries that serve the images of Docker Hub under their own names: Docker Hub's own host names, and
/// the public mirrors of Google and Amazon (the latter holds `library` alone).
const DOCKER_HUB: &[&str] = &[
    "docker.io/",
    "index.docker.io/",
    "registry-1.docker.io/",
    "registry.hub.docker.com/",
    "mirror.gcr.io/",
    "public.ecr.aws/docker/",
];

/// The official repository behind an image name, however it is spelt: `python` for `library/python`,
/// `docker.io/python` and `public.ecr.aws/docker/library/python`; none for `foo/python`.
///
/// Judges by the form of the name alone: a name without a slash always belongs to an official repository,
/// also when there is none of that name (the caller knows which names are stages of the file).
pub fn official(name: &str) -> Option<&str> {
    let name = canonical(name);
    let plain = !name.is_empty() && name != "scratch" && !name.contains(['/', '$', ':', '@']);
    plain.then_some(name)
}

/// The official repositories that facts are carried about, in no particular order.
pub fn repository_names() -> impl Iterator<Item = &'static str> {
    data::repos().keys().copied()
}

/// Tags of an official image that were built on the day of the facts: those that have a slim variant, and these
/// variants.
pub fn tags(name: &str) -> Vec<String> {
    let Some(facts) = data::repo(name) else { return vec![] };
    let full = facts.tags();
    let slim = full.clone().filter_map(|tag| slim_tag(name, Some(tag))).map(|s| s.tag);
    let mut out: Vec<String> = full.clone().map(str::to_owned).chain(slim).collect();
    out.sort();
    out.dedup();
    out
}

/// Whether [`tags`] has this tag.
pub fn is_built(name: &str, tag: &str) -> bool {
    let Some(facts) = data::repo(name) else { return false };
    let words: Vec<&str> = tag.split('-').filter(|word| *word != "slim").collect();
    let full = if words.is_empty() { "latest".to_owned() } else { words.join("-") };
    facts.tags().any(|t| t == full)
        && (full == tag || slim_tag(name, Some(&full)).is_some_and(|s| s.tag == tag))
}

/// The shortest name of the same image: without the registry if that is Docker Hub, without `library/`.
fn canonical(name: &str) -> &str {
    let host = DOCKER_HUB.iter().find(|host| name.starts_with(**host));
    let name = host.map_or(name, |host| &name[host.len()..]);
    name.strip_prefix("library/").unwrap_or(name)
}
