//! # yum, dnf, microdnf or zypper leave their cache in the layer
//!
//! What a package manager downloads to install packages, and the metadata of the repositories, stay in `/var/cache`.
//! Nothing reads them when the image runs, and a later build step cannot make the layer smaller again.
//!
//! ```diff
//!  FROM fedora:42
//!  RUN dnf install -y \
//!        git \
//! -      make
//! +      make \
//! +      && dnf clean all
//! ```
//!
//! ```diff
//!  FROM opensuse/leap:15.6
//! -RUN zypper -n install git
//! +RUN zypper -n install git && zypper clean --all
//! ```
//!
//! Silent when the cache is cleaned in the same step, lives in a cache mount, or belongs to a stage whose layers do not
//! reach the final image.
//!
//! ```dockerfile
//! FROM rockylinux:9
//! RUN yum install -y git && yum clean all
//! RUN --mount=type=cache,target=/var/cache/dnf dnf install -y make
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "rpm-cache",
    aliases: &["DL3032", "DL3036", "DL3040"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

/// Managers that share a cache, and the folders that it lies in.
struct Family {
    managers: &'static [Manager],
    caches: &'static [&'static str],
}

const FAMILIES: [Family; 2] = [
    Family {
        managers: &[Manager::Yum, Manager::Dnf, Manager::Microdnf],
        caches: &["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"],
    },
    Family { managers: &[Manager::Zypper], caches: &["/var/cache/zypp"] },
];

/// Of each family, whether some step installs from the cache alone: it needs what an earlier one left there.
#[derive(PartialEq)]
struct Needed([bool; 2]);

impl Fact for Needed {
    fn of(file: &File) -> Self {
        let offline = |family: &Family, c: &Command| {
            family.has(c) && c.has_flag(&["-C", "--cacheonly", "--no-refresh"])
        };
        Self(FAMILIES.each_ref().map(|family| file.commands().any(|(_, c)| offline(family, c))))
    }
}

fn check(here: &Here) -> Vec<Finding> {
    (0..FAMILIES.len()).filter_map(|family| finding(family, here)).collect()
}

impl Family {
    fn has(&self, command: &Command) -> bool {
        command.package.as_ref().is_some_and(|p| self.managers.contains(&p.manager))
    }
}

fn finding(which: usize, here: &Here) -> Option<Finding> {
    let family = &FAMILIES[which];
    let commands = here.commands();
    if here.instruction.keyword != Keyword::Run || !commands.iter().any(|c| family.has(c)) {
        return None;
    }
    if !here.is_kept() || family.caches.iter().any(|c| here.mounts(c)) {
        return None;
    }
    let fills = |c: &Command| {
        let call = c.package.as_ref().filter(|_| family.has(c));
        let filled = call.is_some_and(|p| matches!(p.action, Action::Install | Action::Upgrade));
        filled && !c.has_flag(&["--installroot", "--root", "-R", "--version", "--help"])
    };
    let last = commands.iter().rposition(fills)?;
    let cleans = |c: &Command| {
        family.has(c) && c.package.as_ref().is_some_and(|p| p.action == Action::Clean)
            || family.caches.iter().any(|cache| c.deletes(cache))
            || c.program().contains("clean") && c.package.is_none()
    };
    if commands[last..].iter().any(cleans) {
        return None;
    }
    let command = &commands[last];
    let call = command.package.as_ref()?;
    let tool = command.program();
    let clean = if call.manager == Manager::Zypper { "clean --all" } else { "clean all" };
    // A removal behind the installation belongs to it.
    let step = commands.iter().filter(|c| family.has(c)).map(|c| c.step).max()?;
    let again = command.called_again().filter(|_| !here.fact::<Needed>().0[which]);
    let edit = again.and_then(|tool| here.step_after(step, &format!("{tool} {clean}")));
    let fix = edit.map(|e| Fix::safe(Scope::Commands, format!("Add `{tool} {clean}`"), vec![e]));
    let span = command.words[call.tool].span.to(command.words[call.verb].span);
    Some(Finding::new(span, format!("`{tool}` leaves its cache in this layer")).fix(fix))
}
