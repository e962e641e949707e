//! What an image is made of, and when that ends.

use dockfix::facts::{self, Lifetime};

/// `Python 3.9 (2025-10-31); Debian 10 (2024-06-30)`; those that were to be short in brackets.
fn lifetimes(name: &str, tag: Option<&str>) -> String {
    let one = |l: &Lifetime| if l.is_short { format!("[{l}]") } else { l.to_string() };
    facts::lifetimes(name, tag).iter().map(one).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    let rows: Vec<_> = rows.iter().map(|(image, expected)| (*image, (*expected).to_owned())).collect();
    super::check(&rows, lifetimes);
}

#[test]
fn distributions() {
    check(&[
        ("debian:9", "Debian 9 (2022-07-01)"),
        ("debian:8.5", "Debian 8 (2020-06-30)"),
        ("debian:stretch-20180312-slim", "Debian 9 (2022-07-01)"),
        ("debian:bookworm-slim", "Debian 12 (2028-06-30)"),
        ("debian:potato", "Debian 2.2 (2003-06-30)"),
        ("arm32v7/debian:buster", "Debian 10 (2024-06-30)"),
        ("debian", ""),
        ("debian:latest", ""),
        ("debian:stable-slim", ""),
        ("debian:sid", ""),
        ("debian:forky", ""),
        ("ubuntu:14.04", "Ubuntu 14.04 (2019-04-02)"),
        ("ubuntu:xenial-20160525", "Ubuntu 16.04 (2021-04-02)"),
        ("ubuntu:17.10", "[Ubuntu 17.10 (2018-07-19)]"),
        ("public.ecr.aws/ubuntu/ubuntu:20.04", "Ubuntu 20.04 (2025-05-31)"),
        ("ubuntu:rolling", ""),
        ("alpine:3.12.12", "Alpine 3.12 (2022-05-01)"),
        ("alpine:3.1", "Alpine 3.1 (2016-11-01)"),
        ("alpine:3", ""),
        ("alpine:edge", ""),
        ("alpine:20240807", ""),
        ("centos", "CentOS (2024-06-30)"),
        ("centos:7.9.2009", "CentOS 7 (2024-06-30)"),
        ("centos:centos6", "CentOS 6 (2020-11-30)"),
        ("quay.io/centos/centos:stream8", "CentOS Stream 8 (2024-05-31)"),
        ("quay.io/centos/centos", ""),
        ("fedora:27", "[Fedora 27 (2018-11-30)]"),
        ("fedora:rawhide", ""),
        ("amazonlinux:1", "Amazon Linux 2018.03 (2023-12-31)"),
        ("amazonlinux:2.0.20230808.0", "Amazon Linux 2 (2026-06-30)"),
        ("amazonlinux:2023", "Amazon Linux 2023 (2029-06-30)"),
        ("opensuse/leap:42.3", "openSUSE Leap 42.3 (2019-07-01)"),
        ("opensuse/leap:15", "openSUSE Leap 15 (2026-04-30)"),
        ("oraclelinux:7-slim", "Oracle Linux 7 (2024-12-31)"),
        ("rockylinux:8.5", "Rocky Linux 8 (2029-05-31)"),
        ("registry.access.redhat.com/ubi7/ubi-minimal", "Red Hat Enterprise Linux 7 (2024-06-30)"),
        ("registry.access.redhat.com/ubi9:9.4", "Red Hat Enterprise Linux 9 (2032-05-31)"),
        ("gcr.io/distroless/java11-debian11:nonroot", "Debian 11 (2026-08-31)"),
        ("gcr.io/distroless/static", ""),
    ]);
}

#[test]
fn languages_and_servers() {
    check(&[
        ("python:3.6.3-slim", "Python 3.6 (2021-12-23)"),
        ("python:3.9-buster", "Python 3.9 (2025-10-31); Debian 10 (2024-06-30)"),
        ("python:3-slim-bullseye", "Debian 11 (2026-08-31)"),
        ("python:2", "Python 2 (2020-01-01)"),
        ("python:3", ""),
        ("python:3.1", "Python 3.1 (2012-04-09)"),
        ("python:3.10", "Python 3.10 (2026-10-31)"),
        ("python:3.15-rc", ""),
        ("python:onbuild", ""),
        ("python:${VERSION}-jessie", "Debian 8 (2020-06-30)"),
        ("python:3.${MINOR}", ""),
        ("python:%%VERSION%%", ""),
        ("node:16-alpine3.12", "Node.js 16 (2023-09-11); Alpine 3.12 (2022-05-01)"),
        ("node:boron-alpine", "Node.js 6 (2019-04-30)"),
        ("node:11", "[Node.js 11 (2019-06-30)]"),
        ("node:0.10.35", "Node.js 0.10 (2018-04-30 at the latest)"),
        ("node:lts", ""),
        ("node:22", "Node.js 22 (2027-04-30)"),
        ("ruby:2", "Ruby 2 (2023-03-31)"),
        ("ruby:2.0.0-p645", "Ruby 2.0.0 (2016-02-24)"),
        ("golang:1.9.4-alpine3.7", "[Go 1.9 (2019-02-25 at the latest)]; Alpine 3.7 (2019-11-01)"),
        ("golang:1.26", ""),
        ("golang:1", ""),
        ("perl:5.20", "Perl 5.20 (2020-05-30 at the latest)"),
        ("php:5-fpm", "PHP 5 (2018-12-31)"),
        ("php:7.4.33-apache-bullseye", "PHP 7.4 (2022-11-28); Debian 11 (2026-08-31)"),
        ("php:8", ""),
        ("eclipse-temurin:8u392-b08-jre-focal", "Eclipse Temurin 8 (2030-12-31); Ubuntu 20.04 (2025-05-31)"),
        ("eclipse-temurin:21-jre-alpine-3.18", "Eclipse Temurin 21 (2029-12-31); Alpine 3.18 (2025-05-09)"),
        ("amazoncorretto:17-al2-jdk", "Amazon Corretto 17 (2029-10-31); Amazon Linux 2 (2026-06-30)"),
        ("mcr.microsoft.com/dotnet/core/sdk:3.1-buster", ".NET 3.1 (2022-12-13); Debian 10 (2024-06-30)"),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", ".NET 8 (2026-11-10)"),
        ("mcr.microsoft.com/dotnet/framework/aspnet:4.8", ""),
        ("postgres:9.6.1", "PostgreSQL 9.6 (2021-11-11)"),
        ("postgres:9", "PostgreSQL 9 (2021-11-11)"),
        ("postgres:alpine", ""),
        ("mysql:5.7", "MySQL 5.7 (2023-10-31)"),
        ("mariadb:10", ""),
        ("mongo:4.4-focal", "MongoDB 4.4 (2024-02-29); Ubuntu 20.04 (2025-05-31)"),
        ("redis:3-alpine", "Redis 3 (2022-04-27 at the latest)"),
        ("nginx:1.11.10", "[nginx 1.11 (2018-04-17 at the latest)]"),
        ("nginx:1.31", ""),
        ("elasticsearch:2.1.2", "Elasticsearch 2.1 (2022-02-10 at the latest)"),
        ("docker.elastic.co/elasticsearch/elasticsearch:7.17.9", "Elasticsearch 7 (2026-01-15)"),
        ("tomcat:8-jre8", "Tomcat 8 (2024-03-31)"),
        ("buildpack-deps:disco-curl", "[Ubuntu 19.04 (2020-01-23)]"),
        ("nvidia/cuda:9.0-devel-ubuntu16.04", "Ubuntu 16.04 (2021-04-02)"),
        ("rust:1.40", ""),
        ("rust:1.70-buster", "Debian 10 (2024-06-30)"),
    ]);
}

#[test]
fn repositories_that_get_no_more_updates() {
    check(&[
        ("java:8-jre", "the image `java` (2016-12-31)"),
        ("openjdk", "the image `openjdk` (2022-07-31)"),
        ("library/openjdk:8-jdk-alpine", "the image `openjdk` (2022-07-31)"),
        ("openjdk:28-ea-jdk", ""),
        ("openjdk:${VERSION}", ""),
        ("opensuse:latest", "the image `opensuse` (2019-07-01)"),
    ]);
    assert!(facts::is_abandoned("centos") && facts::is_abandoned("docker.io/library/java"));
    assert!(!facts::is_abandoned("debian") && !facts::is_abandoned("somebody/centos"));
}

#[test]
fn nothing_is_said_of_images_of_others() {
    check(&[
        ("somebody/python:2.7", ""),
        ("registry.example.com/library/debian:8", ""),
        ("${REGISTRY}/debian:8", ""),
        ("myapp:jammy", ""),
        ("base:14.04", ""),
        ("scratch", ""),
        ("", ""),
    ]);
}
