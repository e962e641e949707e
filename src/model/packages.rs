//! Package managers, in one vocabulary.
use super::word::Word;

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Manager {
    /// apt-get, apt, aptitude
    Apt,
    Apk,
    Yum,
    Dnf,
    Microdnf,
    Zypper,
    Pacman,
    /// pip, pip3, pip3.11, python -m pip
    Pip,
    Pipenv,
    Poetry,
    Pdm,
    Uv,
    Conda,
    Npm,
    Yarn,
    Pnpm,
    Gem,
    Bundle,
    Go,
    Cargo,
    Composer,
}

impl Manager {
    /// The programs of a manager of the operating system's packages; of another, none.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Manager::Apt => &["apt-get", "apt", "aptitude"],
            Manager::Apk => &["apk"],
            Manager::Yum => &["yum"],
            Manager::Dnf => &["dnf", "dnf5"],
            Manager::Microdnf => &["microdnf"],
            Manager::Zypper => &["zypper"],
            _ => &[],
        }
    }
}

/// What it is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Install packages.
    Install,
    /// Fetch the list of packages.
    Update,
    /// Bring installed packages up to date.
    Upgrade,
    /// Remove packages.
    Remove,
    /// Empty its cache.
    Clean,
    /// Anything else.
    Other,
}

/// A call of a package manager. The numbers are indices into the command's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageCall {
    /// The manager.
    pub manager: Manager,
    /// The word that names it: 0, or further on in `python -m pip`.
    pub tool: usize,
    /// The word that says what to do, such as `install`.
    pub verb: usize,
    /// What that is.
    pub action: Action,
    /// The words that are neither flags nor values of flags: package names, files, addresses.
    pub operands: Vec<usize>,
}

impl PackageCall {
    /// Reads `words`, whose first is the program's name without its folder.
    pub(super) fn of(words: &[Word]) -> Option<Self> {
        let program = words.first()?.value.rsplit('/').next()?;
        let (manager, tool) = match manager(program) {
            Some(manager) => (manager, 0),
            None if versioned(program, "python") && words.get(1)?.value == "-m" => {
                (manager(&words.get(2)?.value).filter(|m| *m == Manager::Pip)?, 2)
            }
            None => return None,
        };
        let plain = plain_words(manager, words, tool + 1);
        let (verb, operands) = match manager {
            // `uv pip install`, `yarn global add`, `conda env update`
            Manager::Uv if words[*plain.first()?].value == "pip" => (*plain.get(1)?, plain[2..].to_vec()),
            Manager::Yarn if words[*plain.first()?].value == "global" => {
                (*plain.get(1)?, plain[2..].to_vec())
            }
            _ => (*plain.first()?, plain[1..].to_vec()),
        };
        let action = action(manager, &words[verb].value);
        Some(Self { manager, tool, verb, action, operands })
    }
}

impl PackageCall {
    /// The files that pip is given by `-r` and `-c`. None where there is no `-r`, where a name is not literal, and where pip
    /// is given anything else of the project or installs into a folder of its own.
    pub fn requirement_files<'w>(&self, words: &'w [Word]) -> Option<Vec<&'w str>> {
        let (mut files, mut lists) = (vec![], 0);
        let mut rest = words.get(self.verb + 1..)?.iter();
        while let Some(word) = rest.next() {
            let text = word.value.as_str();
            let option =
                ["--requirement", "--constraint", "-r", "-c"].into_iter().find(|o| text.starts_with(o));
            let own =
                ["-e", "--editable", "-t", "--target", "--prefix", "--root", "--src", "-f", "--find-links"];
            if let Some(option) = option {
                let glued = text[option.len()..].trim_start_matches('=');
                let (file, literal) = match glued {
                    "" => rest.next().map(|w| (w.value.as_str(), w.literal))?,
                    _ => (glued, word.literal),
                };
                if !literal || file.contains("://") {
                    return None;
                }
                lists += usize::from(matches!(option, "-r" | "--requirement"));
                files.push(file);
            } else if text.starts_with('-') && takes_value(Manager::Pip, text) && !own.contains(&text) {
                rest.next()?;
            } else {
                let path = text.starts_with('.')
                    || text.contains('/') && !text.contains("://")
                    || text.ends_with(".whl");
                let flag = text.split('=').next().unwrap_or(text);
                if path || own.contains(&flag) {
                    return None;
                }
            }
        }
        (lists > 0 && self.manager == Manager::Pip && !words[0].value.contains('/')).then_some(files)
    }
}

fn manager(program: &str) -> Option<Manager> {
    Some(match program {
        "apt-get" | "apt" | "aptitude" => Manager::Apt,
        "apk" => Manager::Apk,
        "yum" => Manager::Yum,
        "dnf" | "dnf5" => Manager::Dnf,
        "microdnf" => Manager::Microdnf,
        "zypper" => Manager::Zypper,
        "pacman" => Manager::Pacman,
        "pipenv" => Manager::Pipenv,
        "poetry" => Manager::Poetry,
        "pdm" => Manager::Pdm,
        "uv" => Manager::Uv,
        "conda" | "mamba" | "micromamba" => Manager::Conda,
        "npm" => Manager::Npm,
        "yarn" | "yarnpkg" => Manager::Yarn,
        "pnpm" => Manager::Pnpm,
        "gem" => Manager::Gem,
        "bundle" | "bundler" => Manager::Bundle,
        "go" => Manager::Go,
        "cargo" => Manager::Cargo,
        "composer" | "composer.phar" => Manager::Composer,
        _ if versioned(program, "pip") => Manager::Pip,
        _ => return None,
    })
}

/// `name`, `name3`, `name3.11`, `name-3`.
fn versioned(program: &str, name: &str) -> bool {
    program
        .strip_prefix(name)
        .is_some_and(|v| v.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-'))
}

fn action(manager: Manager, verb: &str) -> Action {
    use Action::*;
    use Manager::*;
    match (manager, verb) {
        (Apt, "install" | "build-dep" | "reinstall") => Install,
        (Apt, "upgrade" | "dist-upgrade" | "full-upgrade" | "safe-upgrade") => Upgrade,
        (Apt, "remove" | "purge" | "autoremove" | "autopurge") => Remove,
        (Apt, "clean" | "autoclean" | "distclean") => Clean,
        (Apk, "add") => Install,
        (Apk, "del") => Remove,
        (Apk, "cache") => Clean,
        (
            Yum | Dnf | Microdnf,
            "install" | "localinstall" | "groupinstall" | "reinstall" | "rei" | "builddep" | "in" | "group",
        ) => Install,
        (
            Yum | Dnf | Microdnf,
            "update" | "upgrade" | "up" | "distro-sync" | "upgrade-minimal" | "update-minimal",
        ) => Upgrade,
        (Yum | Dnf | Microdnf, "makecache" | "check-update") => Update,
        (Yum | Dnf | Microdnf, "remove" | "erase" | "autoremove" | "rm") => Remove,
        (Zypper, "install" | "in" | "source-install" | "si") => Install,
        (Zypper, "update" | "up" | "patch" | "dist-upgrade" | "dup") => Upgrade,
        (Zypper, "refresh" | "ref") => Update,
        (Zypper, "remove" | "rm") => Remove,
        (Zypper, "cc") => Clean,
        (Pip | Uv | Poetry | Pdm | Pipenv, "install" | "sync") => Install,
        (Npm | Pnpm, "install" | "i" | "add" | "ci" | "clean-install") => Install,
        (Yarn, "install" | "add") => Install,
        (Npm | Yarn, "cache") => Clean,
        (Gem, "install" | "i") => Install,
        (_, "install" | "add") => Install,
        (_, "update") if !matches!(manager, Pip) => match manager {
            Apt | Apk => Update,
            _ => Upgrade,
        },
        (_, "upgrade") => Upgrade,
        (_, "remove" | "uninstall") => Remove,
        (_, "clean") => Clean,
        (_, "purge") if manager == Pip => Clean,
        _ => Other,
    }
}

/// Flags that take the next word as their value.
fn takes_value(manager: Manager, flag: &str) -> bool {
    let flags: &[&str] = match manager {
        Manager::Apt => &[
            "-t",
            "--target-release",
            "--default-release",
            "-o",
            "--option",
            "-c",
            "--config-file",
            "-a",
            "--host-architecture",
        ],
        Manager::Apk => &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--repositories-file",
            "--keys-dir",
            "--cache-dir",
            "--arch",
            "--wait",
            "--progress-fd",
            "--timeout",
        ],
        Manager::Yum | Manager::Dnf | Manager::Microdnf => &[
            "-c",
            "--config",
            "-x",
            "--exclude",
            "--installroot",
            "--releasever",
            "--enablerepo",
            "--disablerepo",
            "--repo",
            "--repoid",
            "--setopt",
            "--nodocs=",
            "-d",
            "-e",
            "-R",
        ],
        Manager::Zypper => {
            &["-r", "--repo", "-p", "--plus-repo", "-t", "--type", "-R", "--root", "-c", "--config"]
        }
        Manager::Pip | Manager::Uv => &[
            "-r",
            "--requirement",
            "--requirements",
            "-c",
            "--constraint",
            "-e",
            "--editable",
            "-i",
            "--index-url",
            "--extra-index-url",
            "-f",
            "--find-links",
            "-t",
            "--target",
            "--prefix",
            "--root",
            "--src",
            "--platform",
            "--python-version",
            "--implementation",
            "--abi",
            "--cache-dir",
            "--trusted-host",
            "--proxy",
            "--timeout",
            "--retries",
            "--cert",
            "--client-cert",
            "--log",
            "--progress-bar",
            "--no-binary",
            "--only-binary",
            "--global-option",
            "--install-option",
            "--config-settings",
            "-C",
            "--upgrade-strategy",
            "--report",
            "--exists-action",
            "--use-feature",
            "--use-deprecated",
            "-b",
            "--build",
            "--python",
            "--default-timeout",
            "--index",
            "--default-index",
            "--root-user-action",
            "--keyring-provider",
            "--group",
        ],
        Manager::Npm | Manager::Yarn | Manager::Pnpm => &[
            "--prefix",
            "-C",
            "--cwd",
            "--registry",
            "--cache",
            "--cache-folder",
            "--loglevel",
            "-w",
            "--workspace",
            "--omit",
            "--include",
            "--network-timeout",
            "--network-concurrency",
            "--filter",
            "--dir",
            "--userconfig",
            "--modules-folder",
            "--unsafe-perm=",
            "--fetch-timeout",
            "--python",
        ],
        Manager::Gem => &[
            "-v",
            "--version",
            "-i",
            "--install-dir",
            "-n",
            "--bindir",
            "-s",
            "--source",
            "-P",
            "--platform",
            "--document",
        ],
        Manager::Go => &["-o", "-ldflags", "-tags", "-mod", "-gcflags", "-p", "-C"],
        Manager::Cargo => &[
            "--version",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--path",
            "--root",
            "--features",
            "-F",
            "--target",
            "-j",
            "--jobs",
            "--profile",
            "--bin",
            "--manifest-path",
            "-p",
            "--package",
            "--registry",
            "--vers",
            "--target-dir",
        ],
        Manager::Conda => &["-n", "--name", "-p", "--prefix", "-c", "--channel", "-f", "--file"],
        Manager::Composer => &["-d", "--working-dir"],
        Manager::Pdm => &[
            "-G",
            "--group",
            "--with",
            "--without",
            "-p",
            "--project",
            "-L",
            "--lockfile",
            "-k",
            "--skip",
            "-C",
            "--config-setting",
            "--override",
        ],
        Manager::Pacman | Manager::Pipenv | Manager::Poetry | Manager::Bundle => &[],
    };
    flags.contains(&flag)
}

/// The words from `from` on that are neither flags nor the values of flags.
fn plain_words(manager: Manager, words: &[Word], from: usize) -> Vec<usize> {
    let mut out = vec![];
    let (mut i, mut only_words) = (from, false);
    while let Some(word) = words.get(i) {
        if only_words || !word.is_flag() {
            out.push(i);
        } else if word.value == "--" {
            only_words = true;
        } else if takes_value(manager, &word.value) {
            i += 1;
        }
        i += 1;
    }
    out
}
