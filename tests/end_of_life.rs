//! Findings whose weight depends on the day and on the stage, and what fixes save, as the command line tells them.
mod common;

use common::cli::{Folder, Outcome, dockfix};

/// The severities of what `end-of-life-base` finds on a day.
fn severities(text: &str, today: &str, more: &[&str]) -> Vec<String> {
    let folder = Folder::with(text);
    let always = ["--select", "end-of-life-base", "--format", "json", "--today", today];
    let output = dockfix().arg(&folder.path).args(always).args(more).output().expect("the program starts");
    let found: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("it is JSON");
    found.iter().map(|f| f["severity"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_end_of_the_final_image_is_a_warning_and_others_are_hints() {
    for (text, expected) in [
        ("FROM debian:9\n", "warning"),
        ("FROM debian:9 AS base\nFROM base\n", "warning"),
        ("FROM debian:9 AS build\nFROM scratch\nCOPY --from=build /a /\n", "hint"),
        ("FROM fedora:40\n", "hint"),
        ("FROM golang:1.20-alpine3.18\n", "warning"),
        ("FROM php:8.2\n", "hint"),
    ] {
        assert_eq!(severities(text, "2026-11-20", &[]), [expected], "{text}");
    }
}

#[test]
fn the_day_decides() {
    for (today, expected) in [
        ("2027-07-31", vec![]),
        ("2027-08-02", vec!["hint"]),
        ("2027-10-31", vec!["hint"]),
        ("2027-11-01", vec!["warning"]),
    ] {
        assert_eq!(severities("FROM python:3.11\n", today, &[]), expected, "{today}");
    }
}

#[test]
fn hints_are_left_out_with_the_rest_that_matters_little() {
    let warnings = ["--min-severity", "warning"];
    assert!(severities("FROM php:8.2\n", "2026-11-20", &warnings).is_empty());
    assert_eq!(severities("FROM php:8.1\n", "2026-11-20", &warnings), ["warning"]);
}

/// What a run with every fix says at its end.
fn said(text: &str, more: &[&str]) -> Outcome {
    let folder = Folder::with(text);
    let always = ["--fix", "--unsafe-fixes", "--select", "full-base-image"];
    Outcome::of(dockfix().arg(&folder.path).args(always).args(more).output().expect("the program starts"))
}

#[test]
fn a_smaller_base_image_is_told() {
    let run = said("FROM python:3.13\nCMD [\"a\"]\n", &[]);
    let told = "Fixed 1 problem in 1 file; the image is about 980 MB smaller on disk (estimate). ";
    assert!(run.stdout.starts_with(told), "{run:?}");
}

#[test]
fn what_the_slim_image_lacks_is_not_saved() {
    let run = said("FROM python:3.13\nRUN git --version\nCMD [\"a\"]\n", &[]);
    let told = "Fixed 1 problem in 1 file; the image is about 860 MB smaller on disk (estimate). ";
    assert!(run.stdout.starts_with(told), "{run:?}");
}

#[test]
fn what_recommended_packages_took_is_told() {
    let text = "FROM python:3.13-slim\nRUN apt-get update && apt-get install -y git\n";
    let folder = Folder::with(text);
    let run = |args: &[&str]| {
        let rule = ["--select", "recommended-packages"];
        Outcome::of(dockfix().arg(&folder.path).args(rule).args(args).output().expect("the program starts"))
    };
    let json: serde_json::Value = serde_json::from_str(&run(&["--format", "json"]).stdout).expect("JSON");
    let found = &json[0];
    assert!(
        found["message"].as_str().is_some_and(|m| m.ends_with("recommend, about 15 MB (estimate)")),
        "{json}"
    );
    assert_eq!(found["fix"]["saves"], serde_json::json!({ "on_disk_mb": 15, "estimate": true }));
    let told = "Fixed 1 problem in 1 file; the image is about 15 MB smaller on disk (estimate). ";
    let fixed = run(&["--fix", "--unsafe-fixes"]).stdout;
    assert!(fixed.starts_with(told), "{fixed}");
}

#[test]
fn packages_of_other_sources_and_on_other_images_are_not_told_of() {
    for text in [
        "FROM python:3.13\nRUN apt-get install -y git\n",
        "FROM debian:11\nRUN apt-get install -y git\n",
        "FROM debian:13\nRUN apt-get install -y no-such-package\n",
        "FROM debian:13\nRUN curl https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y git nodejs\n",
    ] {
        let folder = Folder::with(text);
        let args = ["--select", "recommended-packages"];
        let run = Outcome::of(dockfix().arg(&folder.path).args(args).output().expect("the program starts"));
        assert!(run.stdout.contains("what the packages recommend\n"), "{run:?}");
    }
}

#[test]
fn what_is_not_known_is_not_told() {
    for (text, more) in [
        ("FROM ruby:2.6\nCMD [\"a\"]\n", &[][..]),
        ("FROM python:3.13-slim\nCMD [\"a\"]\n", &[]),
        ("FROM python:3.13\nCMD [\"a\"]\n", &["--quiet"]),
    ] {
        let run = said(text, more);
        assert!(!(run.stdout + &run.stderr).contains("smaller"), "{text}");
    }
}
