//! # No `.dockerignore` beside a Dockerfile that copies everything
//!
//! `COPY . .` takes the whole folder: the history in `.git`, settings with passwords, and what tools leave behind,
//! such as `node_modules` of another system. All of it makes the image larger, and any change of it runs the steps
//! behind the copy again. A `.dockerignore` leaves it out.
//!
//! ```diff,unsafe beside app.py requirements.txt
//!  FROM python:3.13-slim
//!  COPY . .
//! ```
//!
//! The fix writes a `.dockerignore`, here with `.git`, `**/__pycache__`, `**/*.pyc`, `.venv` and the caches of tests. It
//! is unsafe, as a build may read what is left out; what the Dockerfile names is never left out, nor are files that
//! installers read, such as `README.md`.
//!
//! Silent where the folder is not known, has such a file, or does not look like the one that is built from.
//!
//! ```dockerfile beside app.py .dockerignore
//! FROM python:3.13-slim
//! COPY . .
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "no-dockerignore",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::File(check),
};

fn check(file: &File) -> Vec<Finding> {
    finding(file).into_iter().collect()
}

fn finding(file: &File) -> Option<Finding> {
    let copies: Vec<(&Placed, &[Word])> = file.dockerfile().instructions.iter().filter_map(copied).collect();
    let all = copies.iter().flat_map(|(p, words)| words.iter().map(move |w| (*p, w)));
    let (placed, whole) = all.clone().find(|(_, w)| matches!(w.value.as_str(), "." | "./" | "*" | "./*"))?;
    // Something else that it copies is not here: the build runs in another folder.
    let elsewhere = |w: &Word| {
        w.literal && !w.value.contains(['*', '?', '[', ':']) && file.context().exists(&w.value) == Some(false)
    };
    // Folders may be large, so single names are asked for before all of them.
    let has = |name: &str| file.context().exists(name) == Some(true);
    let own = format!("{}.dockerignore", file.context().file_name()?);
    let ignores = has(".dockerignore") || has(".containerignore") || has(&own);
    if ignores || !SIGNS.split(' ').any(has) || all.clone().any(|(_, w)| elsewhere(w)) {
        return None;
    }
    let message = "without a `.dockerignore`, this copies all that is in the folder, `.git` and local settings included";
    let finding = Finding::new(placed.absolute(whole.span), message);
    let named: Vec<&str> = all.map(|(_, w)| w.value.as_str()).collect();
    let lines: Vec<&str> =
        patterns(file, &file.context().names()).into_iter().filter(|p| !is_used(p, &named, file)).collect();
    if lines.is_empty() {
        return Some(finding);
    }
    let text = lines.iter().flat_map(|l| [l, "\n"]).collect();
    let mut fix = Fix::risky(Scope::Format, "Write a `.dockerignore`", vec![]);
    fix.creates = Some(NewFile { name: ".dockerignore".to_owned(), text });
    Some(finding.fix(fix))
}

/// What a COPY or ADD takes from the context.
fn copied(placed: &Placed) -> Option<(&Placed, &[Word])> {
    let node = &placed.node;
    let copies = matches!(node.keyword, Keyword::Copy | Keyword::Add) && node.flag("from").is_none();
    let (_, sources) = node.words.split_last().filter(|_| copies)?;
    Some((placed, sources))
}

/// Files that a program has beside its Dockerfile.
const SIGNS: &str = ".git package.json requirements.txt pyproject.toml setup.py Pipfile manage.py go.mod Cargo.toml \
    Gemfile pom.xml build.gradle build.gradle.kts composer.json mix.exs Makefile CMakeLists.txt app.py main.py";

/// What is of no use in an image, by the languages seen.
fn patterns(file: &File, names: &[String]) -> Vec<&'static str> {
    let has = |name: &str| names.iter().any(|n| n == name);
    let ends = |end: &str| names.iter().any(|n| n.ends_with(end));
    let instructions = || (0..file.dockerfile().instructions.len()).map(|i| file.here(i));
    let installs = |managers: &[Manager]| {
        let calls = instructions().flat_map(|h| h.commands()).filter_map(|c| c.package.as_ref());
        calls.into_iter().any(|p| managers.contains(&p.manager))
    };
    let runs = |program: &str| instructions().any(|h| h.commands().iter().any(|c| c.program() == program));
    let mut out = vec![];
    let mut add = |when: bool, lines: &[&'static str]| out.extend(lines.iter().filter(|_| when));
    add(!reads_history(file, names), &[".git"]);
    // A build for the browser takes its settings from there.
    let bundles = has("package.json") && instructions().any(|h| h.instruction.text.contains("build"));
    add(has(".env") && !bundles, &[".env"]);
    add(has(".vscode"), &[".vscode"]);
    add(has(".idea"), &[".idea"]);
    let python = ends(".py") || ["requirements.txt", "pyproject.toml", "Pipfile"].into_iter().any(has);
    add(python, &["**/__pycache__", "**/*.pyc", ".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache"]);
    add(python && file.context().exists("venv/pyvenv.cfg") == Some(true), &["venv"]);
    // Without an installation in the image, these are what it runs.
    let node = has("package.json") && installs(&[Manager::Npm, Manager::Yarn, Manager::Pnpm]);
    add(node, &["**/node_modules", "npm-debug.log"]);
    add(has("Cargo.toml") && installs(&[Manager::Cargo]), &["target"]);
    add(has("pom.xml") && (runs("mvn") || runs("mvnw")), &["target"]);
    add(
        (has("build.gradle") || has("build.gradle.kts")) && (runs("gradle") || runs("gradlew")),
        &[".gradle", "build"],
    );
    out
}

/// Whether the build asks git for a version, or a tool that it uses does.
fn reads_history(file: &File, names: &[String]) -> bool {
    let settings = [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "pom.xml",
        "build.gradle",
        "build.rs",
        "package.json",
        "Makefile",
    ];
    let tools = ["scm", "vcs", "versioneer", "versioning", "git", "pbr"];
    let about =
        |name: &str| file.context().read(name).is_some_and(|text| tools.iter().any(|t| text.contains(t)));
    let readers = ["Makefile", "package.json"];
    let here = |name: &&str| names.iter().any(|n| n == name);
    // In these two, `git` may be an address: only a call counts.
    let calls = |name: &str| {
        file.context()
            .read(name)
            .is_some_and(|text| text.contains("git rev-parse") || text.contains("git describe"))
    };
    let in_settings =
        settings.iter().filter(|n| here(n)).any(|n| if readers.contains(n) { calls(n) } else { about(n) });
    let in_steps = file
        .dockerfile()
        .instructions
        .iter()
        .any(|p| p.node.keyword == Keyword::Run && p.node.text.contains("git "));
    in_settings || in_steps || names.iter().any(|n| n == ".gitmodules")
}

/// Whether a COPY takes what `pattern` leaves out, or a step or a setting speaks of it.
fn is_used(pattern: &str, named: &[&str], file: &File) -> bool {
    let core = pattern.trim_start_matches("**/").trim_start_matches('*');
    let part = |path: &&str| {
        path.split('/').any(|part| {
            part == core || pattern.contains('*') && core.starts_with('.') && part.ends_with(core)
        })
    };
    // `COPY .* ./` takes every hidden file.
    let hidden = named.iter().any(|n| n.contains(".*")) && core.starts_with('.');
    let spoken_of = |p: &Placed| {
        let text = &p.node.text;
        let built = matches!(
            core,
            ".venv" | "venv" | "node_modules" | "npm-debug.log" | "target" | "build" | "__pycache__" | ".pyc"
        );
        let bound = p
            .node
            .flags
            .iter()
            .any(|f| f.name == "mount" && f.value.value.split([',', '=', '/']).any(|v| v == core));
        bound
            || !built
                && p.node.keyword == Keyword::Run
                && text.split([' ', '/', '\t', '=', '"', '\'']).any(|w| w == core)
    };
    named.iter().any(part) || hidden || file.dockerfile().instructions.iter().any(spoken_of)
}
