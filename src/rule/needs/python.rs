//! What packages of Python take of Debian when they are installed, and when they run.
use super::{Run, Unknown, Walk};
use crate::facts::{Libc, PythonPackage};
use crate::rule::*;

impl Walk<'_> {
    /// Notes what the packages take that a command installs.
    pub(super) fn python(&mut self, run: &Run) -> Result<(), Unknown> {
        let Some(asked) = run.here.python_packages(run.command) else { return Ok(()) };
        if asked.unknown.is_some() {
            self.doubts
                .push("which packages Python installs, and whether one is compiled, is not known".to_owned());
        }
        let base = run.here.base();
        let python = base.and_then(|b| facts::interpreter(&b.name, b.tag.as_deref())).unwrap_or_default();
        let release = base.and_then(|b| facts::debian_release(&b.name, b.tag.as_deref()));
        for package in &asked.packages {
            if package.origin == Origin::Git {
                self.tool("git", run)?;
            }
            let wheel = match (package.from_source, package.wheels) {
                (true, _) => Some(false),
                (false, Some(wheels)) if wheels.glibc => Some(true),
                _ => facts::has_wheel(&package.name, Libc::Glibc, &package.version, python),
            };
            let Some(known) =
                facts::python_package(&package.name).filter(|_| package.origin == Origin::Index)
            else {
                continue;
            };
            match wheel {
                Some(from_wheel) => self.library(known, &package.name, release, from_wheel, run),
                None if known.build_packages().next().is_some() => self.doubts.push(format!(
                    "whether there is a wheel of `{}`, or it is compiled, is not known",
                    package.name
                )),
                None => {}
            }
        }
        Ok(())
    }

    /// Notes what a package takes of the header files and libraries that the full image has.
    fn library(
        &mut self,
        package: &'static PythonPackage,
        name: &str,
        release: Option<&str>,
        from_wheel: bool,
        run: &Run,
    ) {
        let built = package.build_packages().filter(|_| !from_wheel).map(|p| (p, p));
        // By the name in Debian 12, which the facts know, and by that in the release at hand.
        let named = package.runtime_packages(Some("bookworm"), from_wheel);
        let runs = named.zip(package.runtime_packages(release, from_wheel));
        let all: Vec<(&str, &str)> = built.chain(runs).collect();
        for (known, wanted) in &all {
            let there = self.installed.iter().any(|(p, _)| facts::brings(p, known) || p == wanted);
            let comes = all.iter().any(|(other, _)| other != known && facts::brings(other, known));
            let taken = self.lacking.has_library(known) || self.lacking.lacks(known);
            if taken && !there && !comes {
                self.need(name, wanted, run);
            }
        }
    }
}
