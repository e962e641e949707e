//! What slim variants lack, by example and against the source of the facts.

use dockfix::facts;

use super::slim::shared;

#[test]
fn what_a_slim_variant_lacks() {
    let rows = [
        ("python:3.13", "git", Some("git")),
        ("python:3.13", "convert", Some("imagemagick")),
        ("python:3.13", "gpg", Some("gnupg")),
        ("python:3.13", "mysql_config", Some("default-libmysqlclient-dev")),
        ("python:3.13", "wish", Some("tk")),
        // Kept, or in Debian itself.
        ("python:3.13", "python3", None),
        ("python:3.13", "openssl", None),
        ("python:3.13", "kill", None),
        ("python:3.13", "tar", None),
        // In neither.
        ("python:3.13", "vim", None),
        ("node:22", "python3", Some("python3")),
        ("node:22", "openssl", Some("openssl")),
        ("node:${V}", "git", Some("git")),
        ("mirror.gcr.io/library/node:22", "curl", Some("curl")),
        ("rust:1", "gcc", None),
        ("rust:1", "g++", Some("g++")),
        ("perl:5", "curl", None),
        ("perl:5", "make", None),
        ("openjdk:8", "unzip", Some("unzip")),
        ("openjdk:8", "gcc", None),
        ("debian:12", "git", None),
        ("haskell:9", "gcc", None),
        // Not known.
        ("swift:6.2", "git", None),
        ("somebody/python:3.13", "git", None),
    ];
    for (image, command, expected) in rows {
        let (name, tag) = image.split_once(':').unwrap();
        let lacking = facts::lacking(name, Some(tag));
        assert_eq!(lacking.and_then(|l| l.package(command)), expected, "{image} {command}");
    }
    assert!(facts::lacking("debian", Some("12")).unwrap().is_nothing());
    assert!(!facts::lacking("python", None).unwrap().is_nothing());
}

#[test]
fn releases_of_debian() {
    let rows = [
        ("python:3.13-bookworm", Some("bookworm")),
        ("python:3.13-slim", Some("trixie")),
        ("python:3.13", Some("trixie")),
        ("python", Some("trixie")),
        ("python:3.8", Some("bookworm")),
        ("node:22", Some("bookworm")),
        ("node:20", Some("bookworm")),
        ("debian:12", Some("bookworm")),
        ("debian:bullseye-20230109", Some("bullseye")),
        // Built at some time in the past.
        ("python:3.13.1", None),
        ("node:16", None),
        ("node:0.10", None),
        ("openjdk:8", None),
        ("somebody/python:3.13", None),
    ];
    for (image, expected) in rows {
        let (name, tag) = image.split_once(':').map_or((image, None), |(name, tag)| (name, Some(tag)));
        assert_eq!(facts::debian_release(name, tag), expected, "{image}");
    }
}

#[test]
fn pinned_slim_tags() {
    let rows = [
        ("python:3.13", Some("3.13-slim-trixie")),
        ("python", Some("slim-trixie")),
        ("node:22", Some("22-bookworm-slim")),
        ("ruby:3.4", Some("3.4-slim-trixie")),
        ("perl:5.44-threaded", Some("5.44-slim-threaded-trixie")),
        // It names a release already, or is not built today.
        ("python:3.13-bookworm", None),
        ("python:3.9", None),
        ("node:20", None),
        ("debian:12", None),
    ];
    for (image, expected) in rows {
        let (name, tag) = image.split_once(':').map_or((image, None), |(name, tag)| (name, Some(tag)));
        let slim = facts::pinned_slim_tag(name, tag, dockfix::example::TODAY);
        assert_eq!(slim.map(|s| s.tag).as_deref(), expected, "{image}");
    }
}

#[test]
#[allow(clippy::print_stdout)]
fn what_slim_variants_lack_is_that_of_the_source() {
    let Some(shared) = shared("full_vs_slim.json") else {
        println!("skipped: no facts/full_vs_slim.json (set DOCKFIX_SHARED to the directory above facts)");
        return;
    };
    let text = std::fs::read_to_string(shared).unwrap();
    let source: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut checked, mut wrong) = (0, vec![]);
    for (image, entry) in source["images"].as_object().unwrap() {
        for (release, suite) in entry["suites"].as_object().unwrap() {
            let Some(missing) = suite["missing_in_slim"].as_object() else { continue };
            // The image brings its own.
            let own =
                |c: &str| matches!((image.as_str(), c), ("pypy" | "python", "python3") | ("perl", "perldoc"));
            let tag = format!("1-{release}");
            let lacking = facts::lacking(image, Some(&tag)).unwrap();
            let present = suite["present_in_slim"].as_array().unwrap().iter().filter_map(|c| c.as_str());
            let absent = suite["absent_from_both"].as_array().unwrap().iter().filter_map(|c| c.as_str());
            let not = present.chain(absent).map(|c| (c, false));
            for (command, expected) in missing.keys().map(|c| (c.as_str(), !own(c))).chain(not) {
                checked += 1;
                if lacking.package(command).is_some() != expected {
                    wrong.push(format!("{image} on {release}: {command} is missing: {expected}"));
                }
            }
        }
    }
    println!("{checked} commands");
    assert!(checked > 2000 && wrong.is_empty(), "\n{}", wrong.join("\n"));
}
