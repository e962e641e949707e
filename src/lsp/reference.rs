//! What BuildKit's reference says about instructions and their options, in a line each.
use crate::model::Keyword;

/// An instruction as its reference has it.
pub(super) struct Entry {
    pub(super) keyword: Keyword,
    /// How it is written; several forms, the usual one first.
    pub(super) forms: &'static [&'static str],
    /// What it does.
    pub(super) what: &'static str,
    /// What completion inserts behind the keyword, as a snippet.
    pub(super) snippet: &'static str,
    pub(super) flags: &'static [FlagEntry],
}

/// An option of an instruction.
pub(super) struct FlagEntry {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// The values that it may have, where there are few. Empty: free text. None: it needs none.
    pub(super) values: Option<&'static [&'static str]>,
}

const fn flag(name: &'static str, values: Option<&'static [&'static str]>, what: &'static str) -> FlagEntry {
    FlagEntry { name, what, values }
}

const fn entry(
    keyword: Keyword,
    forms: &'static [&'static str],
    what: &'static str,
    snippet: &'static str,
    flags: &'static [FlagEntry],
) -> Entry {
    Entry { keyword, forms, what, snippet, flags }
}

const FREE: Option<&[&str]> = Some(&[]);
const SWITCH: Option<&[&str]> = None;
const CHOWN: FlagEntry = flag("chown", FREE, "Owner of the copies, `user:group`.");
const CHMOD: FlagEntry = flag("chmod", FREE, "Mode of the copies, such as `755` or `u=rwX,go=rX`.");
const LINK: FlagEntry =
    flag("link", SWITCH, "A layer of its own, that stays cached when layers below it change.");
const EXCLUDE: FlagEntry = flag("exclude", FREE, "A pattern of files that are left out.");

/// The options of `RUN --mount`.
pub(super) const MOUNT_KEYS: &[(&str, &str)] = &[
    ("type", "What is mounted."),
    ("target", "Where it is mounted."),
    ("source", "The folder in `from` that is mounted."),
    ("from", "A stage, an image or a context: where the source is."),
    ("id", "Which cache, secret or agent it is."),
    ("sharing", "How a cache is shared: `shared`, `private` or `locked`."),
    ("mode", "The mode of a new cache folder, or of the secret."),
    ("uid", "The owner of a new cache folder, or of the secret."),
    ("gid", "The group of a new cache folder, or of the secret."),
    ("rw", "The mount can be written to; what is written is thrown away."),
    ("readonly", "The mount cannot be written to."),
    ("required", "The build fails when the secret or agent is not there."),
    ("env", "The variable that the secret is put into."),
    ("size", "The most that a tmpfs holds."),
];

/// The values of some of the keys.
pub(super) fn mount_values(key: &str) -> &'static [&'static str] {
    match key {
        "type" => &["cache", "bind", "secret", "ssh", "tmpfs"],
        "sharing" => &["locked", "private", "shared"],
        "rw" | "readonly" | "required" => &["true", "false"],
        _ => &[],
    }
}

/// Signals, for STOPSIGNAL.
pub(super) const SIGNALS: &[&str] =
    &["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGRTMIN+3"];

/// Parser directives and what may follow them.
pub(super) const DIRECTIVES: &[(&str, &str, &str)] = &[
    ("syntax", "docker/dockerfile:1", "The frontend that reads this file."),
    ("escape", "`", "The character that continues lines: a backslash, or a backtick."),
    ("check", "skip=all", "Which of BuildKit's checks run: `skip=Name,…` or `error=true`."),
];

/// Variables that BuildKit sets without being told.
pub(super) const PREDEFINED: &[(&str, &str)] = &[
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

/// Every instruction.
pub(super) const ALL: &[Entry] = &[
    entry(
        Keyword::From,
        &["FROM [--platform=…] image[:tag|@digest] [AS name]"],
        "Begins a stage on top of an image.",
        " ${1:image}",
        &[flag(
            "platform",
            Some(&["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64"]),
            "The platform of the image.",
        )],
    ),
    entry(
        Keyword::Run,
        &["RUN [options] command", "RUN [options] [\"program\", \"argument\", …]", "RUN [options] <<EOF"],
        "Runs a command; what it changes becomes a layer.",
        " ${1:command}",
        &[
            flag("mount", FREE, "A cache, a secret, an SSH agent, or files, for this command alone."),
            flag("network", Some(&["default", "none", "host"]), "The network of the command."),
            flag(
                "security",
                Some(&["sandbox", "insecure"]),
                "Whether the command runs without its usual limits.",
            ),
            flag("device", FREE, "A device for this command."),
        ],
    ),
    entry(
        Keyword::Copy,
        &["COPY [options] source… destination", "COPY [options] [\"source\", …, \"destination\"]"],
        "Copies files of the build context, of a stage, or of an image.",
        " ${1:source} ${2:destination}",
        &[
            flag("from", FREE, "The stage, image or context that the files come from."),
            CHOWN,
            CHMOD,
            LINK,
            flag("parents", SWITCH, "Keeps the folders of the sources."),
            EXCLUDE,
        ],
    ),
    entry(
        Keyword::Add,
        &["ADD [options] source… destination", "ADD [options] [\"source\", …, \"destination\"]"],
        "Adds files, addresses and archives; archives of the context are unpacked.",
        " ${1:source} ${2:destination}",
        &[
            flag("checksum", FREE, "The checksum that the download must have, such as `sha256:…`."),
            flag("keep-git-dir", SWITCH, "Keeps `.git` of a repository."),
            flag("unpack", Some(&["true", "false"]), "Whether archives are unpacked, also downloaded ones."),
            CHOWN,
            CHMOD,
            LINK,
            EXCLUDE,
        ],
    ),
    entry(
        Keyword::Env,
        &["ENV name=value …"],
        "Sets variables for the instructions below it and for the container.",
        " ${1:name}=${2:value}",
        &[],
    ),
    entry(
        Keyword::Arg,
        &["ARG name[=default] …"],
        "Declares variables that the build may set with `--build-arg`.",
        " ${1:name}",
        &[],
    ),
    entry(
        Keyword::Workdir,
        &["WORKDIR path"],
        "Sets the working directory, and creates it.",
        " ${1:/app}",
        &[],
    ),
    entry(
        Keyword::Cmd,
        &["CMD [\"program\", \"argument\", …]", "CMD command"],
        "The command of the container, or the default arguments of its ENTRYPOINT.",
        " [\"${1:program}\"]",
        &[],
    ),
    entry(
        Keyword::Entrypoint,
        &["ENTRYPOINT [\"program\", \"argument\", …]", "ENTRYPOINT command"],
        "The program of the container.",
        " [\"${1:program}\"]",
        &[],
    ),
    entry(
        Keyword::Expose,
        &["EXPOSE port[/protocol] …"],
        "Says which ports the container listens on.",
        " ${1:8080}",
        &[],
    ),
    entry(
        Keyword::User,
        &["USER user[:group]"],
        "The user of the instructions below it and of the container.",
        " ${1:app}",
        &[],
    ),
    entry(
        Keyword::Label,
        &["LABEL name=value …"],
        "Adds metadata to the image.",
        " ${1:name}=\"${2:value}\"",
        &[],
    ),
    entry(
        Keyword::Volume,
        &["VOLUME [\"path\", …]", "VOLUME path …"],
        "Makes folders volumes.",
        " [\"${1:/data}\"]",
        &[],
    ),
    entry(
        Keyword::Shell,
        &["SHELL [\"program\", \"option\", …]"],
        "The shell of the instructions below it.",
        " [\"${1:/bin/bash}\", \"${2:-c}\"]",
        &[],
    ),
    entry(
        Keyword::Healthcheck,
        &["HEALTHCHECK [options] CMD command", "HEALTHCHECK NONE"],
        "How to find out whether the container works.",
        " CMD ${1:command}",
        &[
            flag("interval", FREE, "Time between two checks; 30s unless set."),
            flag("timeout", FREE, "How long a check may take; 30s unless set."),
            flag("start-period", FREE, "How long the container may take to start."),
            flag("start-interval", FREE, "Time between checks while it starts; 5s unless set."),
            flag("retries", FREE, "How many checks in a row must fail; 3 unless set."),
        ],
    ),
    entry(
        Keyword::Stopsignal,
        &["STOPSIGNAL signal"],
        "The signal that stops the container.",
        " ${1:SIGTERM}",
        &[],
    ),
    entry(
        Keyword::Onbuild,
        &["ONBUILD instruction"],
        "An instruction for builds on top of this image.",
        " ${1:RUN}",
        &[],
    ),
    entry(Keyword::Maintainer, &["MAINTAINER name"], "Deprecated: a label says the same.", " ${1:name}", &[]),
];

/// What is said about an instruction.
pub(super) fn of(keyword: Keyword) -> Option<&'static Entry> {
    ALL.iter().find(|e| e.keyword == keyword)
}

impl Entry {
    /// As Markdown.
    pub(super) fn page(&self) -> String {
        let name = self.keyword.name();
        let mut out = format!("```dockerfile\n{}\n```\n{}\n", self.forms.join("\n"), self.what);
        for flag in self.flags {
            out.push_str(&format!("- `--{}`: {}\n", flag.name, flag.what));
        }
        let anchor = name.to_ascii_lowercase();
        out + &format!("\n[Reference](https://docs.docker.com/reference/dockerfile/#{anchor})")
    }
}
