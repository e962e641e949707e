//! # The base image has no fixed version
//!
//! An image without a tag, or with the tag `latest`, is whatever was published last on the day of the build: the same
//! Dockerfile gives another image tomorrow, with another version of the language or of the system.
//!
//! ```dockerfile,flagged
//! FROM python
//! ```
//!
//! ```dockerfile,flagged
//! FROM node:latest AS build
//! ```
//!
//! A tag with a version, or a digest, says what is meant. Silent also for `scratch`, for the stages of the file, and
//! where a variable without a default decides.
//!
//! ```dockerfile
//! ARG VERSION=3.13
//! FROM python:${VERSION}-slim AS base
//! FROM Base
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "floating-base",
    aliases: &["DL3006", "DL3007"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

fn check(here: &Here) -> Vec<Finding> {
    let (Some(parts), Some(image)) = (&here.instruction.from, here.starts_from()) else { return vec![] };
    // In a file that a tool fills in (`%%FROM%%`, `{{ base }}`), the name is not the name yet.
    let upper = image.name.rsplit('/').next().is_some_and(|n| n.contains(|c: char| c.is_ascii_uppercase()));
    let open = upper || image.name.is_empty() || image.name.contains(['%', '{', '}', '<', '[', '@', '#']);
    // All of it comes from a variable: the caller is asked to choose, the default is an example.
    let chosen_by_caller = image.substituted && parts.image.value.starts_with('$');
    if image.unknown || open || chosen_by_caller || image.is_scratch() {
        return vec![];
    }
    let name = &image.name;
    let message = match (&image.digest, image.tag.as_deref()) {
        (None, None) => format!("`{name}` has no tag, so each build may start from another version"),
        (None, Some("latest")) => {
            format!("`{name}:latest` moves with every release, so each build may start from another version")
        }
        _ => return vec![],
    };
    // The last version of an abandoned image is what each build starts from.
    if facts::is_abandoned(name) {
        return vec![];
    }
    vec![Finding::new(parts.image.span, message)]
}
