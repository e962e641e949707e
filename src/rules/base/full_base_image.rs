//! # The full base image, where a slim one exists
//!
//! The full variants of images such as `python` and `node` carry compilers, version control and header files, some
//! 700 MB that a running application does not use; the slim variant is the same without them.
//!
//! ```diff,unsafe
//! -FROM python:3.13
//! +FROM python:3.13-slim
//!  WORKDIR /app
//!  COPY . .
//!  CMD ["python", "app.py"]
//! ```
//!
//! What is compiled during the build (a Python package without a wheel, a Node.js add-on) then needs its compiler
//! installed by name, which is why the fix is unsafe. A build that is seen to need what the slim variant lacks gets no
//! fix.
//!
//! ```dockerfile,flagged
//! FROM python:3.13
//! RUN git clone https://example.com/app.git /app
//! CMD ["python", "/app/app.py"]
//! ```
//!
//! Silent for build stages, whose image nobody ships.
//!
//! ```dockerfile
//! FROM node:22 AS build
//! RUN npm ci && npm run build
//!
//! FROM nginx:1.29-alpine
//! COPY --from=build /dist /usr/share/nginx/html
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "full-base-image",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let from = &file.dockerfile.instructions[stage.instructions.start];
    let (parts, image) = (from.node.from.as_ref()?, &stage.image);
    if stage.role != Role::Final || stage.parent.is_some() || image.unknown {
        return None;
    }
    let (name, tag) = (image.name.as_str(), image.tag.as_deref());
    let repository = facts::official(name)?;
    let slim = facts::slim_tag(name, tag).filter(|_| tag.is_some() || image.digest.is_none())?.tag;
    let carries = match repository {
        "debian" | "haskell" => "manual pages and translations",
        _ => "compilers and other build tools",
    };
    let sizes = sizes(name, tag, &slim);
    let message = format!(
        "this image carries {carries} into the final image; `{repository}:{slim}` leaves them out{sizes}"
    );
    let span = from.absolute(parts.image.span);
    let held_back = if image.substituted || !parts.image.literal {
        Some("the tag is set elsewhere".to_owned())
    } else if image.digest.is_some() {
        Some("the digest is that of this one".to_owned())
    } else if facts::family(name, tag) != facts::family(name, Some(&slim)) {
        Some("it is built on another system".to_owned())
    } else {
        needs(stage, file, repository).map(|what| format!("this build uses {what}"))
    };
    if let Some(reason) = held_back {
        return Some(Finding::new(span, format!("{message}, but {reason}")));
    }
    let edit = match &parts.tag {
        Some(word) => Edit::replace(from.absolute(word.span), &slim),
        None => Edit::insert(span.end, format!(":{slim}")),
    };
    let fix = Fix::risky(Scope::Base, format!("Use `{repository}:{slim}`"), vec![edit]);
    Some(Finding::new(span, message).fix(fix))
}

/// How large the two images are on disk, where that is known: ` (126 MB on disk instead of 1.1 GB)`.
fn sizes(name: &str, tag: Option<&str>, slim: &str) -> String {
    let (Some(full), Some(slim)) = (facts::size(name, tag), facts::size(name, Some(slim))) else {
        return String::new();
    };
    let about = if full.is_estimate || slim.is_estimate { "about " } else { "" };
    match (full.on_disk, slim.on_disk) {
        (Some(full), Some(slim)) => format!(" ({about}{slim} on disk instead of {full})"),
        _ => String::new(),
    }
}

/// Something that the full image of `repository` has, the slim one has not, and a stage on top of it uses without
/// installing it.
fn needs(stage: &Stage, file: &File, repository: &str) -> Option<String> {
    let on_top: Vec<Here> = file.built_on(stage).into_iter().map(|i| file.here(i)).collect();
    let commands = || on_top.iter().flat_map(|h| h.commands());
    let installed: Vec<&str> = commands().flat_map(installs).collect();
    // Their installation fails where the folders of manual pages are missing.
    let mut manual = installed.iter().filter(|p| MANUALS.split(' ').any(|m| p.starts_with(m)));
    if let Some(package) = manual.next() {
        return Some(format!("the folders of manual pages (for `{package}`)"));
    }
    commands().find_map(|command| {
        let tool = command.program();
        let builds = match &command.package {
            Some(call) => compiles(command, call, repository),
            None => matches!(tool, "configure" | "setup.py"),
        };
        if builds && !installed.iter().any(|p| matches!(*p, "gcc" | "g++" | "build-essential" | "clang")) {
            return Some(format!("a compiler (for `{tool}`)"));
        }
        let lacking = lacks(repository, tool)?;
        let there = installed.iter().any(|p| lacking.split(' ').any(|l| l == *p));
        (!there).then(|| format!("`{tool}`"))
    })
}

/// Packages that link manual pages, by the start of their names.
const MANUALS: &str = "openjdk- default-jre default-jdk postgresql";

/// The packages that a command asks apt for, without their versions.
fn installs(command: &Command) -> Vec<&str> {
    let call = command.package.as_ref().filter(|p| p.manager == Manager::Apt && p.action == Action::Install);
    let words = call.into_iter().flat_map(|c| &c.operands).map(|i| command.words[*i].value.as_str());
    words.map(|w| w.split(['=', ':', '/']).next().unwrap_or(w)).collect()
}

/// Whether a call of a package manager is known to compile, or to fetch by git.
fn compiles(command: &Command, call: &PackageCall, repository: &str) -> bool {
    let operands = || call.operands.iter().map(|i| command.words[*i].value.as_str());
    match call.manager {
        // Most sets of gems have one with an extension in C.
        Manager::Gem | Manager::Bundle => repository == "ruby" && call.action == Action::Install,
        Manager::Pip => {
            operands().any(|o| o.contains("git+") || SOURCES_ONLY.split(' ').any(|s| s == package_name(o)))
        }
        Manager::Npm | Manager::Yarn | Manager::Pnpm => {
            operands().any(|o| o.starts_with("git+") || o == "node-gyp")
        }
        _ => false,
    }
}

/// `Psycopg2[extra]==2.9` is `psycopg2`.
fn package_name(operand: &str) -> String {
    let end =
        operand.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(operand.len());
    operand[..end].to_ascii_lowercase().replace('_', "-")
}

/// Python packages without a wheel, or that load a system library which the full image has.
// From the lock files of public projects, as of 2026-11.
const SOURCES_ONLY: &str = "psycopg2 psycopg-c mysqlclient uwsgi pycairo python-ldap pyodbc pyaudio pygraphviz gdal dlib \
    m2crypto netifaces pycurl cairosvg weasyprint python-magic";

/// The packages that bring `tool`, if only the full image of `repository` has it.
fn lacks(repository: &str, tool: &str) -> Option<&'static str> {
    let kept = match repository {
        "debian" | "haskell" => return None,
        "rust" => "gcc cc cpp ld as ar nm strip objcopy objdump readelf",
        "perl" => "make curl",
        "python" | "pypy" => "python python3",
        _ => "",
    };
    let of_node = matches!(tool, "update-ca-certificates" | "openssl");
    if kept.split(' ').any(|k| k == tool) || of_node && repository != "node" {
        return None;
    }
    TOOLS.iter().find(|(tools, _)| tools.split(' ').any(|t| t == tool)).map(|(_, packages)| *packages)
}

/// Programs of the full images, and the packages that bring them.
// From the package lists of buildpack-deps and the Dockerfiles of the images, as of 2026-11.
const TOOLS: &[(&str, &str)] = &[
    ("gcc cc cpp cpanm cpan", "gcc g++ build-essential"),
    ("g++ c++ node-gyp", "g++ build-essential"),
    ("make", "make build-essential"),
    ("swift swiftc", "swift"),
    ("ld as ar nm strip objdump objcopy readelf", "binutils gcc g++ build-essential"),
    ("git", "git git-core git-lfs"),
    ("curl", "curl"),
    ("wget", "wget"),
    ("unzip", "unzip"),
    ("bzip2 bunzip2", "bzip2"),
    ("xz unxz", "xz-utils"),
    ("patch", "patch dpkg-dev build-essential"),
    ("file", "file"),
    ("svn", "subversion"),
    ("hg", "mercurial"),
    ("ssh scp ssh-keyscan ssh-keygen ssh-agent", "openssh-client openssh-server ssh"),
    ("ps top pgrep pkill free watch sysctl", "procps"),
    ("convert identify mogrify", "imagemagick"),
    ("autoconf autoreconf", "autoconf automake dh-autoreconf"),
    ("automake aclocal", "automake"),
    ("libtoolize", "libtool"),
    ("m4", "m4 autoconf"),
    ("pkg-config", "pkg-config pkgconf"),
    ("gpg apt-key dirmngr", "gnupg gpg gnupg2 dirmngr"),
    ("pg_config", "libpq-dev"),
    ("mysql_config mariadb_config", "default-libmysqlclient-dev libmariadb-dev"),
    ("xml2-config", "libxml2-dev"),
    ("xslt-config", "libxslt1-dev libxslt-dev"),
    ("dpkg-buildpackage dpkg-architecture", "dpkg-dev build-essential"),
    ("python python3", "python3 python3-pip python"),
    ("update-ca-certificates openssl", "ca-certificates openssl curl"),
];
