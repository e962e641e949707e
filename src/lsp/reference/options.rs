//! The options of instructions, and the keys of `RUN --mount`.

/// An option of an instruction.
pub(crate) struct FlagEntry {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) takes: Takes,
}

/// What stands behind the `=` of an option.
pub(crate) enum Takes {
    /// It needs none.
    Nothing,
    /// Anything.
    Text,
    /// One of few words.
    OneOf(&'static [&'static str]),
}

const fn switch(name: &'static str, what: &'static str) -> FlagEntry {
    FlagEntry { name, what, takes: Takes::Nothing }
}

const fn text(name: &'static str, what: &'static str) -> FlagEntry {
    FlagEntry { name, what, takes: Takes::Text }
}

const fn one_of(name: &'static str, words: &'static [&'static str], what: &'static str) -> FlagEntry {
    FlagEntry { name, what, takes: Takes::OneOf(words) }
}

const CHOWN: FlagEntry = text("chown", "Owner of the copies, `user:group`.");
const CHMOD: FlagEntry = text("chmod", "Mode of the copies, such as `755` or `u=rwX,go=rX`.");
const LINK: FlagEntry = switch("link", "A layer of its own, that stays cached when layers below it change.");
const EXCLUDE: FlagEntry = text("exclude", "A pattern of files that are left out.");

pub(super) const FROM: &[FlagEntry] = &[one_of(
    "platform",
    &["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64"],
    "The platform of the image.",
)];

pub(super) const RUN: &[FlagEntry] = &[
    text("mount", "A cache, a secret, an SSH agent, or files, for this command alone."),
    one_of("network", &["default", "none", "host"], "The network of the command."),
    one_of("security", &["sandbox", "insecure"], "Whether the command runs without its usual limits."),
    text("device", "A device for this command."),
];

pub(super) const COPY: &[FlagEntry] = &[
    text("from", "The stage, image or context that the files come from."),
    CHOWN,
    CHMOD,
    LINK,
    switch("parents", "Keeps the folders of the sources."),
    EXCLUDE,
];

pub(super) const ADD: &[FlagEntry] = &[
    text("checksum", "The checksum that the download must have, such as `sha256:…`."),
    switch("keep-git-dir", "Keeps `.git` of a repository."),
    one_of("unpack", &["true", "false"], "Whether archives are unpacked, also downloaded ones."),
    CHOWN,
    CHMOD,
    LINK,
    EXCLUDE,
];

pub(super) const HEALTHCHECK: &[FlagEntry] = &[
    text("interval", "Time between two checks; 30s unless set."),
    text("timeout", "How long a check may take; 30s unless set."),
    text("start-period", "How long the container may take to start."),
    text("start-interval", "Time between checks while it starts; 5s unless set."),
    text("retries", "How many checks in a row must fail; 3 unless set."),
];

/// The keys of `RUN --mount`.
pub(crate) const MOUNT_KEYS: &[(&str, &str)] = &[
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
pub(crate) fn mount_values(key: &str) -> &'static [&'static str] {
    match key {
        "type" => &["cache", "bind", "secret", "ssh", "tmpfs"],
        "sharing" => &["locked", "private", "shared"],
        "rw" | "readonly" | "required" => &["true", "false"],
        _ => &[],
    }
}
