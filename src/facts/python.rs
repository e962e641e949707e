//! Packages of PyPI: which have wheels for which C library, and what building and running the others takes of Debian.
//!
//! Facts about packages that hold compiled code come from `data/python.json`, which `data/refresh.py` generates and
//! documents, and which is only parsed when first asked for.
use super::{official, tag};
use pep440_rs::{Operator, Version, VersionSpecifiers};
use serde::Deserialize;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

/// The C library that a Linux system is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Libc {
    /// That of Debian and most others.
    Glibc,
    /// That of Alpine.
    Musl,
}

/// An interpreter of Python.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interpreter {
    /// The version of the language, such as `(3, 13)`, where it is known.
    pub version: Option<(u32, u32)>,
    /// Whether it is PyPy and not CPython.
    pub pypy: bool,
}

/// A package that is compiled code, holds some, or needs some of the system.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PythonPackage {
    version: &'static str,
    wheels: &'static str,
    pythons: &'static str,
    build: &'static str,
    runtime: &'static str,
    with_wheel: &'static str,
    #[serde(borrow)]
    renamed: HashMap<&'static str, HashMap<&'static str, &'static str>>,
}

impl PythonPackage {
    /// Whether pip finds a wheel of a version that `specifier` allows (`==2.9.11`, `>=2,<3`; empty: any), for x86-64 and
    /// this interpreter. None where that is not known, such as for old versions.
    pub fn has_wheel(&self, libc: Libc, specifier: &str, python: Interpreter) -> Option<bool> {
        let has = |kind: &str| self.wheels.split(' ').any(|w| w == kind);
        let kind = match libc {
            Libc::Glibc => "glibc",
            Libc::Musl => "musl",
        };
        if has("pure") {
            return Some(true);
        }
        if self.wheels.ends_with('?') && !has(kind) {
            return None;
        }
        let allowed = VersionSpecifiers::from_str(specifier).ok()?;
        let seen = Version::from_str(self.version).ok();
        // A package that has no wheels had none before, but may get them.
        let newer = |seen: &Version| {
            allowed.iter().any(|s| {
                let upward = matches!(
                    s.operator(),
                    Operator::Equal | Operator::GreaterThan | Operator::GreaterThanEqual
                );
                upward && s.version() > seen
            })
        };
        if !has(kind) {
            return (!seen.is_some_and(|s| newer(&s))).then_some(false);
        }
        let mut pythons = self.pythons.split(' ').map(minor_version);
        let (first, last) = (pythons.next().flatten(), pythons.next().flatten());
        let fits = |version| first.is_none_or(|f| f <= version) && last.is_none_or(|l| version <= l);
        let known = !python.pypy && python.version.is_none_or(fits);
        (known && seen.is_none_or(|seen| allowed.contains(&seen) || newer(&seen))).then_some(true)
    }

    /// The packages of Debian that building it from source takes.
    pub fn build_packages(&self) -> impl Iterator<Item = &'static str> {
        self.build.split_whitespace()
    }

    /// The packages of Debian that it needs to run, in the release of that code name (without one, or where the release is
    /// not told apart, by their names in bookworm). From a wheel it needs fewer.
    pub fn runtime_packages(
        &self,
        release: Option<&str>,
        from_wheel: bool,
    ) -> impl Iterator<Item = &'static str> {
        let list = if from_wheel { self.with_wheel } else { self.runtime };
        let renamed = release.and_then(|r| self.renamed.get(r));
        list.split_whitespace().map(move |name| renamed.and_then(|r| r.get(name)).copied().unwrap_or(name))
    }
}

#[derive(Deserialize)]
struct Packages {
    #[serde(borrow)]
    packages: HashMap<&'static str, PythonPackage>,
}

static PACKAGES: LazyLock<Packages> = LazyLock::new(|| {
    let text = include_str!("../../data/python.json");
    // The file is part of the program and tests read it, so this cannot fail; if it did, nothing is known.
    serde_json::from_str(text).unwrap_or_else(|error| {
        debug_assert!(false, "data/python.json: {error}");
        Packages { packages: HashMap::new() }
    })
});

/// What is known of the package of this name, normalised as PyPI does it. None also for packages of pure Python.
pub fn python_package(name: &str) -> Option<&'static PythonPackage> {
    PACKAGES.packages.get(name)
}

/// Well-known packages that are pure Python, as is what they require, or has wheels for glibc and musl. From general
/// knowledge, not checked one by one.
const PURE: &str = "alembic asgiref attrs beautifulsoup4 black blinker boto3 botocore build cachetools celery certifi \
    chardet charset-normalizer click colorama coverage dj-database-url django django-cors-headers django-environ \
    django-filter djangorestframework docutils fastapi flake8 flask flask-cors flask-login flask-migrate flask-restful \
    flask-sqlalchemy flask-wtf gunicorn h11 httpx hypercorn idna importlib-metadata iniconfig isort itsdangerous jinja2 \
    jsonschema kombu mako markdown markupsafe marshmallow mypy-extensions oauthlib packaging paho-mqtt paste pathspec \
    peewee pip pipenv platformdirs pluggy prometheus-client pycodestyle pydantic pydantic-settings \
    pyflakes pygments pyjwt pymysql pyparsing pyserial pytest pytest-cov pytest-django python-dateutil python-dotenv \
    python-multipart python-telegram-bot pytz pyyaml-include redis requests requests-oauthlib rich rq s3transfer \
    sentry-sdk setuptools simplejson six soupsieve sqlparse starlette supervisor tabulate tenacity toml tomli tornado \
    tqdm twine typer typing-extensions tzdata urllib3 uvicorn virtualenv waitress wcwidth werkzeug wheel whitenoise \
    wtforms xlrd zipp";

/// Whether pip finds a wheel of the package `name` (normalised), as [`PythonPackage::has_wheel`].
pub fn has_wheel(name: &str, libc: Libc, specifier: &str, python: Interpreter) -> Option<bool> {
    match python_package(name) {
        Some(package) => package.has_wheel(libc, specifier, python),
        None => PURE.split_whitespace().any(|p| p == name).then_some(true),
    }
}

/// The interpreter that an image brings, as far as its tag tells: those of the official images of Python and PyPy, and of
/// the images of uv. None for other images.
pub fn interpreter(name: &str, tag: Option<&str>) -> Option<Interpreter> {
    let pypy = official(name) == Some("pypy");
    let tag = tag.unwrap_or_default();
    let tag = match name {
        "ghcr.io/astral-sh/uv" => tag.split('-').find_map(|word| word.strip_prefix("python"))?,
        _ if pypy || official(name) == Some("python") => tag,
        _ => return None,
    };
    Some(Interpreter { version: minor_version(tag.split('-').next().unwrap_or_default()), pypy })
}

/// `3.13` or `3.13.2`, not `3`.
fn minor_version(text: &str) -> Option<(u32, u32)> {
    let version = tag::Version::of_tag(text)?.minor();
    (version.1 != tag::NEWEST).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Interpreter = Interpreter { version: Some((3, 12)), pypy: false };

    #[test]
    fn wheels_by_c_library() {
        let rows = [
            ("psycopg2", "", Some(false), Some(false)),
            ("psycopg2", "==2.8", Some(false), Some(false)),
            ("psycopg2", "==99", None, None),
            ("scikit-learn", "", Some(true), Some(false)),
            ("numpy", ">=2", Some(true), Some(true)),
            ("numpy", "==1.19.5", None, None),
            ("numpy", "<2", None, None),
            ("numpy", "==99", Some(true), Some(true)),
            ("flask", "==0.12", Some(true), Some(true)),
            ("cairosvg", "", Some(true), Some(true)),
            ("sentencepiece", "", Some(true), None),
            ("something-else", "", None, None),
            ("numpy", "~~1", None, None),
        ];
        for (name, specifier, glibc, musl) in rows {
            assert_eq!(has_wheel(name, Libc::Glibc, specifier, NEW), glibc, "{name}{specifier}");
            assert_eq!(has_wheel(name, Libc::Musl, specifier, NEW), musl, "{name}{specifier}");
        }
        let old = Interpreter { version: Some((3, 6)), pypy: false };
        assert_eq!(has_wheel("numpy", Libc::Glibc, "", old), None);
        assert_eq!(has_wheel("numpy", Libc::Glibc, "", Interpreter { version: None, pypy: true }), None);
    }

    #[test]
    fn packages_of_debian() {
        let ldap = python_package("python-ldap").expect("it is listed");
        assert!(ldap.build_packages().any(|p| p == "libldap2-dev"));
        let names = |release| ldap.runtime_packages(release, true).collect::<Vec<_>>();
        assert_eq!(names(Some("bookworm")), ["libldap-2.5-0", "libsasl2-2"]);
        assert_eq!(names(Some("trixie")), ["libldap2", "libsasl2-2"]);
        let lxml = python_package("lxml").expect("it is listed");
        assert_eq!(lxml.runtime_packages(None, true).count(), 0);
        assert_eq!(lxml.runtime_packages(None, false).count(), 2);
    }

    #[test]
    fn interpreters_of_images() {
        let version = |name, tag| interpreter(name, tag).map(|i| i.version);
        assert_eq!(version("python", Some("3.13-slim-bookworm")), Some(Some((3, 13))));
        assert_eq!(version("docker.io/library/python", Some("3.13.2")), Some(Some((3, 13))));
        assert_eq!(version("python", Some("3-alpine")), Some(None));
        assert_eq!(version("python", None), Some(None));
        assert_eq!(version("python", Some("3.15.0rc1")), Some(Some((3, 15))));
        assert_eq!(version("ghcr.io/astral-sh/uv", Some("0.9-python3.12-alpine")), Some(Some((3, 12))));
        assert_eq!(version("debian", Some("12")), None);
        assert!(interpreter("pypy", Some("3.11-7.3")).expect("it is official").pypy);
    }
}
