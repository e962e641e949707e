//! Slim tags: by example, and against the source of the facts.

use std::collections::HashSet;
use std::path::PathBuf;

use dockfix::facts::{self, Family};

use super::{check, leak};

#[test]
fn slim_tags() {
    let rows = [
        ("python", Some("slim")),
        ("python:latest", Some("slim")),
        ("docker.io/library/python:3.13", Some("3.13-slim")),
        ("python:3.13-bookworm", Some("3.13-slim-bookworm")),
        ("python:bookworm", Some("slim-bookworm")),
        ("python:3.15-rc", Some("3.15-rc-slim")),
        ("node", Some("slim")),
        ("node:lts", Some("lts-slim")),
        ("node:24-bookworm", Some("24-bookworm-slim")),
        ("debian", Some("trixie-slim")),
        ("debian:bookworm", Some("bookworm-slim")),
        ("debian:stable-20260803", Some("stable-20260803-slim")),
        ("perl:5.44-threaded-bookworm", Some("5.44-slim-threaded-bookworm")),
        ("haskell:9.14", Some("9.14-slim-bookworm")),
        ("clojure:temurin-21-bookworm", Some("temurin-21-bookworm-slim")),
        ("oraclelinux:9", Some("9-slim")),
        ("swift:6.2-jammy", Some("6.2-jammy-slim")),
        ("solr:9", Some("9-slim")),
        // Not slim variants, or without one.
        ("python:3.13-slim", None),
        ("python:3.13-slim-bookworm", None),
        ("python:3.13-alpine", None),
        ("python:3.13-alpine3.22", None),
        ("python:3.8-windowsservercore-1809", None),
        ("python:3.6-onbuild", None),
        ("node:24-bookworm-slim", None),
        ("node:lts-krypton", None),
        ("debian:bookworm-backports", None),
        ("debian:rc-buggy", None),
        ("debian:experimental-20260803", None),
        ("clojure:temurin-21-jammy", None),
        ("swift:6.1-bookworm", None),
        ("openjdk:27-rc-oracle", None),
        ("nginx:1.30", None),
        ("nginx:alpine", None),
        ("golang:1.25", None),
        ("php:8.4-apache", None),
        ("ubuntu:24.04", None),
        ("foo/python:3.13", None),
        // Variables and what is neither version nor variant.
        ("python:${VERSION}", None),
        ("python:3.$MINOR", None),
        ("python:20240101", None),
        ("python:custom", None),
        ("python:", None),
    ];
    check(&rows, |name, tag| facts::slim_tag(name, tag).map(|slim| slim.tag).as_deref().map(leak));
}

#[test]
fn slim_tags_of_versions_that_are_no_longer_built() {
    let rows = [
        ("python:3.9", Some("3.9-slim")),
        ("python:3.6.15-buster", Some("3.6.15-slim-buster")),
        ("python:3.6-jessie", Some("3.6-slim-jessie")),
        ("python:3.6.3-jessie", None),
        ("python:2.7", Some("2.7-slim")),
        ("python:2", Some("2-slim")),
        ("python:2.7.8", None),
        ("python:2.7-wheezy", None),
        ("python:3.2", None),
        ("python:3.8.0b2", Some("3.8.0b2-slim")),
        ("node:20-bookworm", Some("20-bookworm-slim")),
        ("node:18.20.4", Some("18.20.4-slim")),
        ("node:8", Some("8-slim")),
        ("node:8.11-stretch", None),
        ("node:8-stretch", Some("8-stretch-slim")),
        ("node:6.10.0", Some("6.10.0-slim")),
        ("node:0.10", Some("0.10-slim")),
        ("node:0.10.28", None),
        ("node:0.11.14", None),
        ("node:0.12", Some("0.12-slim")),
        ("node:carbon", Some("carbon-slim")),
        ("node:9-stretch", None),
        ("ruby:2.6-stretch", Some("2.6-slim-stretch")),
        ("ruby:1.9", None),
        ("rust:1.67-bullseye", Some("1.67-slim-bullseye")),
        ("rust:1.20", None),
        ("debian:jessie", Some("jessie-slim")),
        ("debian:wheezy", Some("wheezy-slim")),
        ("debian:11.6", Some("11.6-slim")),
        ("debian:8.5", None),
        ("debian:6", None),
        ("debian:buster-20230109", Some("buster-20230109-slim")),
        ("debian:stretch-20181226", Some("stretch-20181226-slim")),
        ("debian:jessie-20180426", None),
        ("openjdk:8-jdk", Some("8-jdk-slim")),
        ("openjdk:11-jre-buster", Some("11-jre-slim-buster")),
        ("openjdk:8u181-jdk", Some("8u181-jdk-slim")),
        ("openjdk:8u111-jdk", None),
        ("openjdk:17", None),
        ("openjdk:17-bullseye", Some("17-slim-bullseye")),
        ("perl:5.30-threaded-buster", Some("5.30-slim-threaded-buster")),
        ("perl:5.20", None),
        ("pypy:3.6-7.3-buster", Some("3.6-7.3-slim-buster")),
        ("pypy:3-5.10", None),
        ("elixir:1.13-otp-24", Some("1.13-otp-24-slim")),
        ("elixir:1.4", Some("1.4-slim")),
        ("erlang:21.3.8.24", Some("21.3.8.24-slim")),
        ("haskell:8.10", Some("8.10-slim")),
        ("haskell:9.12.1", None),
        ("solr:8.11", Some("8.11-slim")),
        ("solr:9.1", None),
        ("swift:5.5-focal", Some("5.5-focal-slim")),
        ("swift:4.2", None),
    ];
    check(&rows, |name, tag| {
        let slim = facts::slim_tag(name, tag)?;
        assert!(!slim.listed, "{name}:{tag:?} is built today");
        Some(leak(&slim.tag))
    });
}

/// A file of the facts that those in `data` were made from, which are not part of the package.
pub(super) fn shared(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("DOCKFIX_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("facts").join(name)).filter(|path| path.is_file())
}

#[test]
#[allow(clippy::print_stdout)]
fn slim_tags_are_those_of_the_source() {
    let Some(shared) = shared("variants.json") else {
        println!("skipped: no facts/variants.json (set DOCKFIX_SHARED to the directory above facts)");
        return;
    };
    let text = std::fs::read_to_string(shared).unwrap();
    let variants: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut checked, mut wrong) = (0, Vec::new());
    for (name, repo) in variants["repos"].as_object().unwrap() {
        let slims = |field: &str| repo[field].as_object().cloned().unwrap_or_default();
        let (rule, exceptions) = (slims("slim_map"), slims("slim_exceptions"));
        for (full, slim) in &rule {
            // The slim variants of nginx are variants of alpine: those are no full images.
            let expected = slim.as_str().filter(|_| name != "nginx");
            let actual = facts::slim_tag(name, Some(full));
            let same = actual.as_ref().map(|slim| slim.tag.as_str()) == expected;
            let listed = actual.as_ref().is_none_or(|slim| slim.listed);
            let twice = actual.as_ref().is_some_and(|slim| facts::slim_tag(name, Some(&slim.tag)).is_some());
            checked += 1;
            if !same || !listed || twice {
                wrong.push(format!("{name}:{full}: expected {expected:?}, got {actual:?}"));
            }
        }
        // An exception is either followed or gives nothing: never a tag that the rule makes up.
        let known: HashSet<&str> =
            rule.values().chain(exceptions.values()).filter_map(|v| v.as_str()).collect();
        for (full, slim) in &exceptions {
            checked += 1;
            let actual = facts::slim_tag(name, Some(full));
            if actual
                .as_ref()
                .is_some_and(|s| Some(s.tag.as_str()) != slim.as_str() || !known.contains(&*s.tag))
            {
                wrong.push(format!("{name}:{full}: exception to {slim}, got {actual:?}"));
            }
        }
        for (os, facts) in slims("family_by_os") {
            // "apt", "dnf" or, where the source has not looked, "dnf/microdnf".
            let expected = facts["package_manager"].as_str().unwrap_or_default();
            let tag = format!("1-{os}");
            let actual = facts::family(name, Some(&tag)).and_then(Family::package_manager);
            let actual = actual.unwrap_or_default().trim_end_matches("-get");
            checked += 1;
            if !expected.split('/').any(|manager| manager == actual) {
                wrong.push(format!("{name} on {os}: expected {expected}, got {actual}"));
            }
        }
    }
    println!("{checked} tags");
    assert!(checked > 700 && wrong.is_empty(), "\n{}", wrong.join("\n"));
}
