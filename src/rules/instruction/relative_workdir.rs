//! # A relative `WORKDIR` depends on the base image
//!
//! `WORKDIR app` continues the working directory of the base image, which another version of that image may change. Files
//! and commands then end up somewhere else.
//!
//! ```dockerfile,flagged
//! FROM company/base:4
//! WORKDIR app
//! ```
//!
//! Where the file itself says which directory comes before, nothing is in doubt.
//!
//! ```dockerfile
//! FROM company/base:4
//! WORKDIR /srv
//! WORKDIR app
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "relative-workdir",
    aliases: &["DL3000", "WorkdirRelativePath"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let path = match here.instruction.words.as_slice() {
        [path] if here.instruction.keyword == Keyword::Workdir => path,
        _ => return vec![],
    };
    let value = &path.value;
    let drive = value.as_bytes().get(1) == Some(&b':');
    let absolute = value.starts_with(['/', '\\', '$', '%']) || drive;
    if absolute || value.is_empty() || here.state().workdir_set || here.is_onbuild() {
        return vec![];
    }
    let finding = Finding::new(path.span, "this path continues the working directory of the base image, whatever that is");
    // Where the base image's own working directory is known to be the root, the path can be written in full.
    let known = here.base().is_some_and(|b| b.is_scratch() || facts::starts_in_root(&b.name));
    let plain = path.quoting == Quoting::Bare && path.literal && !value.starts_with('.');
    let fix = (known && plain).then(|| {
        Fix::safe(Scope::Config, format!("Write `/{value}`"), vec![Edit::insert(path.span.start, "/")])
    });
    vec![finding.fix(fix)]
}
