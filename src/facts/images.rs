//! Images that `data/images.json` has nothing about, and what it does not tell about the others.
//!
//! Read from the published Dockerfiles of (2026-11): adminer (TimWolla/docker-adminer), amazoncorretto
//! (corretto/corretto-docker), composer (composer/docker), gcc (docker-library/gcc), odoo (odoo/docker), telegraf
//! (influxdata/influxdata-docker), continuumio (ContinuumIO/docker-images), mambaorg/micromamba
//! (mamba-org/micromamba-docker), jupyter (jupyter/docker-stacks), oven/bun (oven-sh/bun), denoland/deno
//! (denoland/deno_docker), Playwright (microsoft/playwright), jenkins/jenkins (jenkinsci/docker). The other rows are from
//! the documentation of the images; a user other than root in them only keeps rules silent. Facts that changed over the
//! years are left out.

use super::family::{Family, Rpm};

/// What is known of an image, or of all images whose name begins in a certain way.
#[derive(Clone, Copy)]
pub(super) struct Image {
    /// Shortest name of the image; a `*` at the end stands for anything.
    name: &'static str,
    pub(super) family: Option<Family>,
    /// The user that the image runs as.
    pub(super) user: Option<&'static str>,
    /// A user that exists in it for running the application.
    pub(super) app_user: Option<&'static str>,
    /// Whether its entrypoint gives up the rights of root, or needs them by design.
    pub(super) drops: bool,
}

const fn image(name: &'static str) -> Image {
    Image { name, family: None, user: None, app_user: None, drops: false }
}

impl Image {
    const fn on(mut self, family: Family) -> Self {
        self.family = Some(family);
        self
    }
    const fn user(mut self, user: &'static str) -> Self {
        self.user = Some(user);
        self
    }
    const fn app_user(mut self, user: &'static str) -> Self {
        self.app_user = Some(user);
        self
    }
    const fn drops(mut self) -> Self {
        self.drops = true;
        self
    }
}

use Family::{Alpine, Arch, AzureLinux, Debian, Distroless, Photon, Scratch, Suse, Ubuntu, Windows, Wolfi};
const RPM: Family = Family::RedHat(Rpm::Dnf);

/// Looks an image up by its shortest name; the first row that fits counts.
pub(super) fn find(name: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| match image.name.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == image.name,
    })
}

/// Whether the image is one of Red Hat's universal base images, or of a language on top of one.
pub(super) fn is_ubi(name: &str) -> bool {
    let hosts = ["registry.access.redhat.com/", "registry.redhat.io/", "redhat/"];
    hosts.iter().any(|host| name.strip_prefix(host).is_some_and(|rest| rest.starts_with("ubi")))
}

#[rustfmt::skip]
const IMAGES: &[Image] = &[
    // Official repositories: those that facts are missing for, and those that need no `USER`.
    image("adminer").on(Alpine).user("adminer"),
    image("adoptopenjdk").on(Ubuntu).user("root"),
    image("amazoncorretto").on(Family::RedHat(Rpm::Yum)).user("root"),
    image("caddy").drops(),
    image("cassandra").drops(),
    image("centos").on(RPM).user("root"),
    image("chronograf").on(Debian).drops(),
    image("composer").user("root"),
    image("consul").on(Alpine).drops(),
    image("couchdb").on(Debian).app_user("couchdb").drops(),
    image("docker").drops(),
    image("drupal").drops(),
    image("eclipse-mosquitto").drops(),
    image("elasticsearch").app_user("elasticsearch").drops(),
    image("espocrm").drops(),
    image("friendica").on(Debian).app_user("www-data").drops(),
    image("gcc").user("root"),
    image("ghost").drops(),
    image("haproxy").drops(),
    image("hello-world").on(Scratch),
    image("httpd").drops(),
    image("ibm-semeru-runtimes").on(Ubuntu),
    image("influxdb").on(Debian).app_user("influxdb").drops(),
    image("java").on(Debian).user("root"),
    image("jenkins").on(Debian).user("jenkins"),
    image("joomla").on(Debian).app_user("www-data").drops(),
    image("kapacitor").on(Debian).drops(),
    image("kibana").app_user("kibana").drops(),
    image("kong").user("kong"),
    image("logstash").app_user("logstash").drops(),
    image("mariadb").drops(),
    image("matomo").on(Debian).app_user("www-data").drops(),
    image("mediawiki").on(Debian).app_user("www-data").drops(),
    image("memcached").drops(),
    image("mongo").on(Ubuntu).drops(),
    image("monica").on(Debian).app_user("www-data").drops(),
    image("mysql").drops(),
    image("nats").on(Scratch),
    image("neo4j").app_user("neo4j").drops(),
    image("nextcloud").on(Debian).app_user("www-data").drops(),
    image("nginx").drops(),
    image("odoo").user("odoo"),
    image("open-liberty").user("1001"),
    image("opensuse").on(Suse).user("root"),
    image("percona").app_user("mysql").drops(),
    image("phpmyadmin").on(Debian).app_user("www-data").drops(),
    image("postfixadmin").on(Debian).app_user("www-data").drops(),
    image("postgres").drops(),
    image("r-base").on(Debian).user("root"),
    image("rabbitmq").on(Ubuntu).drops(),
    image("redis").drops(),
    image("redmine").app_user("redmine").drops(),
    image("scratch").on(Scratch),
    image("sonarqube").on(Ubuntu).app_user("sonarqube").drops(),
    image("telegraf").on(Debian).app_user("telegraf").drops(),
    image("tomee").on(Ubuntu).user("root"),
    image("traefik").drops(),
    image("unit").on(Debian).drops(),
    image("varnish").on(Debian).drops(),
    image("vault").on(Alpine).app_user("vault").drops(),
    image("websphere-liberty").user("1001"),
    image("wordpress").on(Debian).drops(),
    image("yourls").on(Debian).app_user("www-data").drops(),
    image("zookeeper").app_user("zookeeper").drops(),
    // Distributions under other names.
    image("quay.io/centos/centos").on(RPM).user("root"),
    image("registry.centos.org/centos/centos").on(RPM).user("root"),
    image("almalinux/*").on(RPM).user("root"),
    image("quay.io/almalinuxorg/*").on(RPM).user("root"),
    image("rockylinux/rockylinux").on(RPM).user("root"),
    image("quay.io/rockylinux/rockylinux").on(RPM).user("root"),
    image("quay.io/fedora/*").on(RPM).user("root"),
    image("registry.fedoraproject.org/fedora*").on(RPM).user("root"),
    image("container-registry.oracle.com/os/oraclelinux").on(RPM).user("root"),
    image("ghcr.io/oracle/oraclelinux").on(RPM).user("root"),
    image("public.ecr.aws/amazonlinux/amazonlinux").on(RPM).user("root"),
    image("public.ecr.aws/ubuntu/ubuntu").on(Ubuntu).user("root"),
    image("public.ecr.aws/debian/debian").on(Debian).user("root"),
    image("opensuse/*").on(Suse).user("root"),
    image("registry.opensuse.org/opensuse/*").on(Suse).user("root"),
    image("registry.suse.com/bci/bci-base").on(Suse).user("root"),
    image("registry.suse.com/suse/sle15").on(Suse).user("root"),
    image("archlinux/archlinux").on(Arch).user("root"),
    image("vmware/photon").on(Photon),
    image("cgr.dev/chainguard/wolfi-base").on(Wolfi),
    image("cgr.dev/chainguard/static").on(Distroless).user("nonroot"),
    image("cgr.dev/chainguard/glibc-dynamic").on(Distroless).user("nonroot"),
    image("gcr.io/distroless/*").on(Distroless).app_user("nonroot"),
    image("bitnami/minideb").on(Debian).user("root"),
    image("phusion/baseimage").on(Ubuntu).user("root").drops(),
    image("phusion/passenger*").on(Ubuntu).user("root").app_user("app").drops(),
    // Microsoft; the tags of dotnet are dealt with in family.rs.
    image("mcr.microsoft.com/windows*").on(Windows),
    image("microsoft/windowsservercore").on(Windows),
    image("microsoft/nanoserver").on(Windows),
    image("mcr.microsoft.com/azurelinux/*").on(AzureLinux),
    image("mcr.microsoft.com/cbl-mariner/*").on(AzureLinux),
    image("mcr.microsoft.com/mssql/server").on(Ubuntu).app_user("mssql").drops(),
    image("mcr.microsoft.com/playwright*").on(Ubuntu).user("root").app_user("pwuser"),
    image("mcr.microsoft.com/devcontainers/*").on(Debian).user("root").app_user("vscode"),
    image("mcr.microsoft.com/vscode/devcontainers/*").on(Debian).user("root").app_user("vscode"),
    image("mcr.microsoft.com/azure-functions/*").on(Debian).drops(),
    // Amazon: Lambda runs every image as a user of its own, whatever `USER` says.
    image("amazon/aws-lambda-*").on(RPM).drops(),
    image("public.ecr.aws/lambda/*").on(RPM).drops(),
    // Languages and tools.
    image("nvidia/cuda").on(Ubuntu).user("root"),
    image("nvcr.io/nvidia/cuda").on(Ubuntu).user("root"),
    image("pytorch/pytorch").on(Ubuntu).user("root"),
    image("tensorflow/tensorflow").on(Ubuntu).user("root"),
    image("continuumio/*").on(Debian).user("root"),
    image("condaforge/*").on(Ubuntu).user("root"),
    image("mambaorg/micromamba").on(Debian).user("mambauser"),
    image("jupyter/*").on(Ubuntu).user("1000"),
    image("quay.io/jupyter/*").on(Ubuntu).user("1000"),
    image("tiangolo/uwsgi-nginx*").on(Debian).user("root").drops(),
    image("apache/airflow").on(Debian).user("airflow"),
    image("oven/bun").on(Debian).user("root").app_user("bun"),
    image("denoland/deno").on(Debian).user("root").app_user("deno"),
    image("cypress/*").on(Debian).user("root"),
    image("ghcr.io/puppeteer/puppeteer").on(Debian).user("pptruser"),
    image("selenium/*").on(Ubuntu).user("seluser"),
    image("cimg/*").on(Ubuntu).user("circleci"),
    image("circleci/*").user("circleci"),
    image("gitpod/workspace-*").on(Ubuntu).user("gitpod"),
    image("rocker/rstudio").on(Ubuntu).user("root").app_user("rstudio").drops(),
    image("rocker/*").user("root"),
    image("ghcr.io/astral-sh/uv").on(Scratch),
    image("dunglas/frankenphp").on(Debian).app_user("www-data"),
    image("serversideup/php").user("www-data"),
    // Servers.
    image("bitnami/*").user("1001"),
    image("bitnamilegacy/*").on(Debian).user("1001"),
    image("nginxinc/nginx-unprivileged").on(Debian).user("nginx"),
    image("openresty/openresty").drops(),
    image("postgis/postgis").on(Debian).user("root").app_user("postgres").drops(),
    image("pgvector/pgvector").on(Debian).user("root").app_user("postgres").drops(),
    image("timescale/timescaledb").on(Alpine).user("root").app_user("postgres").drops(),
    image("valkey/valkey").on(Debian).user("root").app_user("valkey").drops(),
    image("hashicorp/vault").on(Alpine).app_user("vault").drops(),
    image("hashicorp/consul").on(Alpine).app_user("consul").drops(),
    image("jenkins/jenkins").on(Debian).user("jenkins"),
    image("jenkins/inbound-agent").on(Debian).user("jenkins"),
    image("jenkins/agent").on(Debian).user("jenkins"),
    image("grafana/grafana").on(Alpine).user("472"),
    image("grafana/grafana-oss").on(Alpine).user("472"),
    image("prom/*").user("nobody"),
    image("quay.io/prometheus/*").user("nobody"),
    image("quay.io/keycloak/keycloak").user("1000"),
    image("docker.elastic.co/*").drops(),
    image("opensearchproject/*").drops(),
    image("sonatype/nexus3").user("nexus"),
    image("gitea/gitea").on(Alpine).app_user("git").drops(),
    image("gitlab/gitlab-ce").on(Ubuntu).drops(),
    image("gitlab/gitlab-ee").on(Ubuntu).drops(),
    image("linuxserver/*").app_user("abc").drops(),
    image("lscr.io/linuxserver/*").app_user("abc").drops(),
    image("ghcr.io/linuxserver/*").app_user("abc").drops(),
    image("phpmyadmin/phpmyadmin").on(Debian).app_user("www-data").drops(),
];
