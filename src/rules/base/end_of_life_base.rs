//! # The base image is past its end of life
//!
//! Every release of a distribution, a language or a server gets fixes until a day that is known long before. From then
//! on, what is found to be wrong with it stays wrong, rebuilds or not; and the packages of a distribution move to an
//! archive, so that the build itself fails one day.
//!
//! ```dockerfile,flagged
//! FROM python:3.8-slim
//! ```
//!
//! The system that a tag names counts too.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim-buster
//! ```
//!
//! The day is that on which general, free support ends: for Debian, that of its long-term support; for others, that
//! before what only customers get (Ubuntu Pro, the extensions of Red Hat). `today` in the settings, or `--today`, fixes the
//! day that it is compared with.
//!
//! It is no more than a hint:
//!
//! * in a build stage, of which nothing but copied files gets into the image;
//! * where the release was to live for less than 18 months, as do those of Fedora, Go and nginx, and the ones of Ubuntu
//!   and Node.js without long-term support;
//! * within 90 days before the end, in the final image.
//!
//! Tags that move on with the releases have no end, and what stands in no list has none that is known.
//!
//! ```dockerfile
//! FROM node:22-alpine AS build
//! FROM registry.example.com/python:2.7
//! FROM debian
//! FROM python:3-slim
//! ```
//!
//! Going to the next release is work that no tool can do alone, so there is no fix.
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "end-of-life-base",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

/// How many days before its end a release is spoken of.
const SOON: i32 = 90;

fn check(here: &Here) -> Vec<Finding> {
    finding(here).into_iter().collect()
}

fn finding(here: &Here) -> Option<Finding> {
    let (parts, image) = (here.instruction.from.as_ref()?, here.starts_from()?);
    // A digest without a tag tells no release.
    if image.digest.is_some() && image.tag.is_none() {
        return None;
    }
    let today = here.settings().today();
    let days = |l: &facts::Lifetime| today.until(l.ends).map_or(i32::MAX, |span| span.get_days());
    let all = facts::lifetimes(&image.name, image.tag.as_deref());
    let (ended, alive): (Vec<_>, Vec<_>) = all.into_iter().partition(|l| days(l) < 0);
    let ends_soon: Vec<_> = alive.into_iter().filter(|l| days(l) <= SOON && !l.at_the_latest).collect();
    let default = if image.substituted { ", going by the defaults of the variables" } else { "" };
    let span = parts.image.span;
    let is_final = here.is_kept();
    if !ended.is_empty() {
        let are = if ended.len() == 1 { "is past its" } else { "are past their" };
        let what = list(&ended);
        let message = format!("{what} {are} end of life{default}: security holes found since then stay open");
        let finding = Finding::new(span, message);
        return Some(if is_final && ended.iter().any(|l| !l.is_short) { finding } else { finding.hint() });
    }
    let what = list(&ends_soon);
    let near = if ends_soon.len() == 1 { "nears its" } else { "near their" };
    let message = format!("{what} {near} end of life{default}: security holes found from then on stay open");
    (is_final && !ends_soon.is_empty()).then(|| Finding::new(span, message).hint())
}

/// `Python 3.6 (2021-12-23) and Debian 9 (2022-07-01)`
fn list(all: &[facts::Lifetime]) -> String {
    all.iter().map(facts::Lifetime::to_string).collect::<Vec<_>>().join(" and ")
}
