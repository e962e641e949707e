//! What may stand where only certain words may: signals, parser directives, variables.

/// Signals, for STOPSIGNAL.
pub(crate) const SIGNALS: &[&str] =
    &["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGRTMIN+3"];

/// Parser directives and what may follow them.
pub(crate) const DIRECTIVES: &[(&str, &str, &str)] = &[
    ("syntax", "docker/dockerfile:1", "The frontend that reads this file."),
    ("escape", "`", "The character that continues lines: a backslash, or a backtick."),
    ("check", "skip=all", "Which of BuildKit's checks run: `skip=Name,…` or `error=true`."),
];

/// Variables that BuildKit sets without being told.
pub(crate) const PREDEFINED: &[(&str, &str)] = &[
    ("TARGETPLATFORM", "The platform that is built for, such as `linux/amd64`."),
    ("TARGETOS", "The system that is built for."),
    ("TARGETARCH", "The architecture that is built for."),
    ("TARGETVARIANT", "The variant of that architecture."),
    ("TARGETSTAGE", "The stage that is built."),
    ("BUILDPLATFORM", "The platform that builds."),
    ("BUILDOS", "The system that builds."),
    ("BUILDARCH", "The architecture that builds."),
    ("BUILDVARIANT", "The variant of that architecture."),
    ("HTTP_PROXY", "A proxy of the build."),
    ("HTTPS_PROXY", "A proxy of the build."),
    ("FTP_PROXY", "A proxy of the build."),
    ("NO_PROXY", "What is fetched without a proxy."),
    ("ALL_PROXY", "A proxy of the build."),
    ("SOURCE_DATE_EPOCH", "The time that files and layers are dated."),
    ("BUILDKIT_INLINE_CACHE", "Whether cache metadata is put into the image."),
];
