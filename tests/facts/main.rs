//! What is known of images, as tables: every row is an image and what is expected of it.
#![allow(clippy::unwrap_used)]

mod end_of_life;
mod lacking;
mod package_size;
mod size;
mod slim;

use std::fmt::Debug;

use dockfix::facts::{self, Family, Rpm, Sh};

/// Splits `name:tag` and compares what the function gives; reports all rows that differ at once.
fn check<T: PartialEq + Debug>(rows: &[(&str, T)], function: impl Fn(&str, Option<&str>) -> T) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(image, expected)| {
            let (name, tag) = match image.rsplit_once(':') {
                Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
                _ => (*image, None),
            };
            let actual = function(name, tag);
            (actual != *expected).then(|| format!("{image}: expected {expected:?}, got {actual:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn official_repositories() {
    let rows = [
        ("python", Some("python")),
        ("library/python", Some("python")),
        ("docker.io/python", Some("python")),
        ("docker.io/library/python", Some("python")),
        ("index.docker.io/library/python", Some("python")),
        ("registry-1.docker.io/library/python", Some("python")),
        ("public.ecr.aws/docker/library/python", Some("python")),
        ("mirror.gcr.io/library/python", Some("python")),
        ("foo/python", None),
        ("ghcr.io/x/python", None),
        ("localhost/python", None),
        ("docker.io/bitnami/python", None),
        ("${REGISTRY}/python", None),
        ("${BASE}", None),
        ("scratch", None),
        ("", None),
    ];
    check(&rows, |name, _| facts::official(name).map(leak));
    assert!(facts::repository_names().count() > 80);
    assert!(facts::repository_names().any(|name| name == "python"));
}

/// The rows hold `&'static str`.
fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

#[test]
fn families() {
    let redhat = |rpm| Some(Family::RedHat(rpm));
    let rows = [
        ("python:3.13", Some(Family::Debian)),
        ("python:3.13-alpine", Some(Family::Alpine)),
        ("python:3.13-alpine3.22", Some(Family::Alpine)),
        ("python:3.13-windowsservercore-ltsc2022", Some(Family::Windows)),
        ("golang:nanoserver", Some(Family::Windows)),
        ("python:${VERSION}", None),
        ("python:${VERSION}-slim", Some(Family::Debian)),
        ("python:${VERSION}-alpine", Some(Family::Alpine)),
        ("php:%%VERSION%%", None),
        ("debian:${SUITE}", Some(Family::Debian)),
        ("ubuntu", Some(Family::Ubuntu)),
        ("library/alpine:3", Some(Family::Alpine)),
        ("scratch", Some(Family::Scratch)),
        ("busybox", Some(Family::Busybox)),
        ("nats", Some(Family::Scratch)),
        ("nats:2-alpine", Some(Family::Alpine)),
        ("eclipse-temurin:21", Some(Family::Ubuntu)),
        ("eclipse-temurin:21-ubi9-minimal", redhat(Rpm::Microdnf)),
        ("openjdk:8", Some(Family::Debian)),
        ("openjdk:17", redhat(Rpm::Microdnf)),
        ("openjdk:17-slim", Some(Family::Debian)),
        ("openjdk:13", redhat(Rpm::Yum)),
        ("openjdk:8-alpine", Some(Family::Alpine)),
        ("maven:3-jdk-8", Some(Family::Debian)),
        ("maven:3-openjdk-17", redhat(Rpm::Microdnf)),
        ("maven:3-eclipse-temurin-21", Some(Family::Ubuntu)),
        ("maven:3-amazoncorretto-21", redhat(Rpm::Yum)),
        ("mysql:8.4", redhat(Rpm::Microdnf)),
        ("mysql:5.6", Some(Family::Debian)),
        ("mysql:5.7", redhat(Rpm::Yum)),
        ("mysql:8.0.20", None),
        ("wordpress:cli", Some(Family::Alpine)),
        ("centos", redhat(Rpm::Dnf)),
        ("centos:7", redhat(Rpm::Yum)),
        ("centos:centos6", redhat(Rpm::Yum)),
        ("quay.io/centos/centos:stream9", redhat(Rpm::Dnf)),
        ("fedora:42", redhat(Rpm::Dnf)),
        ("fedora:21", redhat(Rpm::Yum)),
        ("rockylinux:9-minimal", redhat(Rpm::Microdnf)),
        ("almalinux/9-minimal", redhat(Rpm::Microdnf)),
        ("oraclelinux:8", redhat(Rpm::Dnf)),
        ("oraclelinux:8-slim", redhat(Rpm::Microdnf)),
        ("oraclelinux:7-slim", redhat(Rpm::Yum)),
        ("amazonlinux:2", redhat(Rpm::Yum)),
        ("amazonlinux:2023", redhat(Rpm::Dnf)),
        ("amazonlinux", redhat(Rpm::Dnf)),
        ("public.ecr.aws/lambda/python:3.11", redhat(Rpm::Yum)),
        ("public.ecr.aws/lambda/python:3.13", redhat(Rpm::Dnf)),
        ("amazon/aws-lambda-nodejs:18", redhat(Rpm::Yum)),
        ("amazon/aws-lambda-provided:al2023", redhat(Rpm::Dnf)),
        ("registry.access.redhat.com/ubi8/ubi", redhat(Rpm::Dnf)),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", redhat(Rpm::Microdnf)),
        ("registry.access.redhat.com/ubi7/ubi", redhat(Rpm::Yum)),
        ("registry.access.redhat.com/ubi9-micro", None),
        ("nvidia/cuda:12.2.0-base-ubuntu22.04", Some(Family::Ubuntu)),
        ("nvidia/cuda:12.2.0-devel-rockylinux8", redhat(Rpm::Dnf)),
        ("nvidia/cuda:11.0-base-ubi8", redhat(Rpm::Dnf)),
        ("nvidia/cuda:${V}", None),
        ("mcr.microsoft.com/windows/servercore:ltsc2022", Some(Family::Windows)),
        ("mcr.microsoft.com/dotnet/sdk:8.0", Some(Family::Debian)),
        ("mcr.microsoft.com/dotnet/aspnet:10.0", Some(Family::Ubuntu)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-alpine", Some(Family::Alpine)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-1809", Some(Family::Windows)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", Some(Family::Distroless)),
        ("mcr.microsoft.com/dotnet/runtime:8.0-cbl-mariner2.0", Some(Family::AzureLinux)),
        ("mcr.microsoft.com/dotnet/framework/aspnet:4.8", Some(Family::Windows)),
        ("gcr.io/distroless/python3-debian12", Some(Family::Distroless)),
        ("cgr.dev/chainguard/wolfi-base", Some(Family::Wolfi)),
        ("opensuse/leap:15", Some(Family::Suse)),
        ("archlinux", Some(Family::Arch)),
        ("photon:5.0", Some(Family::Photon)),
        ("continuumio/miniconda3", Some(Family::Debian)),
        ("mambaorg/micromamba", Some(Family::Debian)),
        ("bitnami/redis:7.2-debian-12", Some(Family::Debian)),
        ("somebody/something", None),
        ("someimage", None),
    ];
    check(&rows, facts::family);
    assert_eq!(Family::Wolfi.package_manager(), Some("apk"));
    assert_eq!(Family::RedHat(Rpm::Yum).package_manager(), Some("yum"));
    assert_eq!(Family::Scratch.package_manager(), None);
}

#[test]
fn shells() {
    let rows = [
        ("python", (Some(Sh::Dash), Some(true), false)),
        ("ubuntu:24.04", (Some(Sh::Dash), Some(true), false)),
        ("python:3-alpine", (Some(Sh::Ash), Some(false), false)),
        ("alpine", (Some(Sh::Ash), Some(false), false)),
        ("bash:5", (Some(Sh::Ash), Some(true), false)),
        ("postgres:17-alpine", (Some(Sh::Ash), Some(true), false)),
        ("ghost:alpine", (Some(Sh::Ash), None, false)),
        ("fedora", (Some(Sh::Bash), Some(true), false)),
        ("opensuse/leap", (Some(Sh::Bash), Some(true), false)),
        ("busybox", (Some(Sh::Ash), Some(false), false)),
        ("golang:nanoserver", (None, Some(false), false)),
        ("scratch", (None, Some(false), true)),
        ("gcr.io/distroless/static", (None, Some(false), true)),
        ("gcr.io/distroless/static:nonroot", (None, Some(false), true)),
        ("gcr.io/distroless/static:debug", (Some(Sh::Ash), Some(false), false)),
        ("gcr.io/distroless/static:${TAG}", (None, Some(false), false)),
        ("somebody/something", (None, None, false)),
    ];
    check(&rows, |name, tag| {
        (facts::default_shell(name, tag), facts::has_bash(name, tag), facts::has_no_shell(name, tag))
    });
}

#[test]
fn users() {
    // Default user, existing user, whether a `USER` is not needed.
    let rows = [
        ("python:3.13", (Some("root"), None, false)),
        ("node:24", (Some("root"), Some("node"), false)),
        ("node:24-alpine", (Some("root"), Some("node"), false)),
        ("node:5", (Some("root"), None, false)),
        ("node:0.12", (Some("root"), None, false)),
        ("node:${V}", (Some("root"), Some("node"), false)),
        ("golang:nanoserver", (Some("ContainerUser"), Some("ContainerUser"), true)),
        ("golang:windowsservercore", (Some("ContainerAdministrator"), None, false)),
        ("ubuntu:24.04", (Some("root"), Some("ubuntu"), false)),
        ("ubuntu:noble", (Some("root"), Some("ubuntu"), false)),
        ("ubuntu", (Some("root"), Some("ubuntu"), false)),
        ("ubuntu:22.04", (Some("root"), None, false)),
        ("ubuntu:jammy-20240111", (Some("root"), None, false)),
        ("ubuntu:${V}", (Some("root"), None, false)),
        ("php:8-apache", (Some("root"), Some("www-data"), true)),
        ("php:8.3-fpm-alpine", (Some("root"), Some("www-data"), true)),
        ("php:8-cli", (Some("root"), Some("www-data"), false)),
        ("nginx", (Some("root"), Some("nginx"), true)),
        ("postgres:17", (Some("root"), Some("postgres"), true)),
        ("redis", (Some("root"), Some("redis"), true)),
        ("haproxy", (Some("haproxy"), Some("haproxy"), true)),
        ("haproxy:2.2", (Some("root"), None, true)),
        ("mariadb:11-ubi", (Some("mysql"), Some("mysql"), true)),
        ("wordpress:cli", (Some("www-data"), Some("www-data"), true)),
        ("tomcat:10", (Some("root"), None, false)),
        ("jenkins/jenkins:lts", (Some("jenkins"), Some("jenkins"), true)),
        ("docker.io/bitnami/redis", (Some("1001"), Some("1001"), true)),
        ("bitnami/minideb", (Some("root"), None, false)),
        ("nginxinc/nginx-unprivileged:alpine", (Some("nginx"), Some("nginx"), true)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", (Some("root"), Some("app"), false)),
        ("mcr.microsoft.com/dotnet/aspnet:6.0", (Some("root"), None, false)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled", (Some("app"), Some("app"), true)),
        ("gcr.io/distroless/base:nonroot", (Some("nonroot"), Some("nonroot"), true)),
        ("gcr.io/distroless/base", (Some("root"), Some("nonroot"), false)),
        ("registry.access.redhat.com/ubi9/nodejs-20", (Some("1001"), Some("1001"), true)),
        ("registry.access.redhat.com/ubi9/ubi", (Some("root"), None, false)),
        ("public.ecr.aws/lambda/python:3.13", (None, None, true)),
        ("mambaorg/micromamba", (Some("mambauser"), Some("mambauser"), true)),
        ("gcc:15", (Some("root"), None, false)),
        ("amazoncorretto:21", (Some("root"), None, false)),
        ("oven/bun:1", (Some("root"), Some("bun"), false)),
        ("cypress/base:22", (Some("root"), None, false)),
        ("quay.io/jupyter/base-notebook", (Some("1000"), Some("1000"), true)),
        ("somebody/something", (None, None, false)),
    ];
    check(&rows, |name, tag| {
        (facts::default_user(name, tag), facts::existing_user(name, tag), facts::drops_privileges(name, tag))
    });
}

#[test]
fn commands_that_create_users() {
    let rows = [
        ("debian:13-slim", Some("useradd --create-home app")),
        ("ubuntu:24.04", Some("useradd --create-home app")),
        ("python:3.13-alpine", Some("adduser -D app")),
        ("rockylinux:9", Some("useradd --create-home app")),
        ("rockylinux:9-minimal", None),
        ("amazonlinux:2023", None),
        ("busybox", None),
        ("scratch", None),
        ("somebody/something", None),
    ];
    check(&rows, |name, tag| facts::create_user(name, tag, "app", None).map(String::leak).map(|s| &*s));
    let numbered = |image, tag, uid| facts::create_user(image, Some(tag), "app", Some(uid));
    assert_eq!(numbered("debian", "13", 1000).as_deref(), Some("useradd --create-home --uid 1000 app"));
    let high = "useradd --create-home --no-log-init --uid 100000 app";
    assert_eq!(numbered("debian", "13", 100_000).as_deref(), Some(high));
    assert_eq!(numbered("alpine", "3.22", 1000).as_deref(), Some("adduser -D -u 1000 app"));
}

#[test]
fn users_of_the_system() {
    let rows = [
        ("debian:13", (true, true)),
        ("alpine:3.22", (true, false)),
        ("fedora:42", (true, false)),
        ("scratch", (false, false)),
        ("golang:nanoserver", (false, false)),
        ("somebody/something", (false, false)),
    ];
    check(&rows, |name, tag| {
        (facts::comes_with(name, tag, "root"), facts::comes_with(name, tag, "www-data"))
    });
}

#[test]
fn what_node_images_bring() {
    // Version, Corepack, yarn 1.
    let newest = u32::MAX;
    let rows = [
        ("node:26", (Some((26, newest)), Some(false), Some(false))),
        ("node:26.1.0-alpine3.22", (Some((26, 1)), Some(false), Some(false))),
        ("node:25-slim", (Some((25, newest)), Some(false), Some(true))),
        ("node:24", (Some((24, newest)), Some(true), Some(true))),
        ("docker.io/library/node:jod-slim", (Some((22, newest)), Some(true), Some(true))),
        ("node:16", (Some((16, newest)), Some(true), Some(true))),
        ("node:16.8", (Some((16, 8)), Some(false), Some(true))),
        ("node:15", (Some((15, newest)), Some(false), Some(true))),
        ("node:14.19.3", (Some((14, 19)), Some(true), Some(true))),
        ("node:6.2", (Some((6, 2)), Some(false), None)),
        ("node:lts", (None, None, None)),
        ("node:latest", (None, None, None)),
        ("node", (None, None, None)),
        ("node:${VERSION}", (None, None, None)),
        ("bitnami/node:22", (None, None, None)),
    ];
    check(&rows, |name, tag| {
        (facts::node_version(name, tag), facts::has_corepack(name, tag), facts::has_yarn(name, tag))
    });
}
