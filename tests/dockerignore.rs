//! The rule about a missing `.dockerignore`, in real folders.
use dockfix::check::check;
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::fix::fix;
use dockfix::model::Dockerfile;
use dockfix::rule::{Rule, Safety};

const COPY_ALL: &str = "FROM python:3.13-slim\nCOPY . .\nRUN pip install -r requirements.txt\n";

fn config() -> Config {
    Config::default().only(&[rule()])
}

fn rule() -> &'static Rule {
    dockfix::rules::find("no-dockerignore").expect("the rule is there")
}

/// What the rule says about `dockerfile` in a folder with `files`: None when it is silent, otherwise the file that its
/// fix writes; empty without a fix.
fn written(dockerfile: &str, files: &[(&str, &str)]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let path = folder.path().join("Dockerfile");
    std::fs::write(&path, dockerfile).expect("a file");
    let context = Context::of(&path);
    let found = check(&Dockerfile::new(dockerfile), &context, &config());
    let safe = fix(dockerfile, &context, &config(), Safety::Safe);
    assert!(safe.creates.is_empty(), "a safe fix writes a file");
    let fixed = fix(dockerfile, &context, &config(), Safety::Unsafe);
    assert_eq!(fixed.source, dockerfile);
    let file = fixed.creates.into_iter().next();
    if let Some(file) = &file {
        assert_eq!(file.name, ".dockerignore");
        std::fs::write(folder.path().join(&file.name), &file.text).expect("a file");
        assert!(
            check(&Dockerfile::new(dockerfile), &Context::of(&path), &config()).is_empty(),
            "still found when it is there"
        );
    }
    (!found.is_empty()).then(|| file.map_or(String::new(), |f| f.text))
}

const PYTHON: &str = ".git\n**/__pycache__\n**/*.pyc\n.venv\n.pytest_cache\n.mypy_cache\n.ruff_cache\n";

#[test]
fn a_python_project_gets_a_file() {
    let files = [("requirements.txt", "flask\n"), ("app.py", ""), ("README.md", ""), ("LICENSE", "")];
    assert_eq!(written(COPY_ALL, &files).as_deref(), Some(PYTHON));
}

#[test]
fn a_file_that_is_there_is_enough() {
    for name in [".dockerignore", "Dockerfile.dockerignore", ".containerignore"] {
        assert_eq!(written(COPY_ALL, &[("requirements.txt", ""), (name, "")]), None, "{name}");
    }
}

#[test]
fn single_files_need_none() {
    let dockerfile = "FROM python:3.13-slim\nCOPY app.py /\nCOPY --from=x . /\n";
    assert_eq!(written(dockerfile, &[("app.py", "")]), None);
}

#[test]
fn another_folder_is_built_from() {
    // The second source is not here, so `docker build` is called with another folder.
    let dockerfile = "FROM python:3.13-slim\nCOPY . .\nCOPY other.txt /\n";
    assert_eq!(written(dockerfile, &[("app.py", "")]), None);
    // Nothing here looks like a program.
    assert_eq!(written(COPY_ALL, &[("nginx.conf", "")]), None);
}

#[test]
fn what_a_copy_names_is_kept() {
    let dockerfile = "FROM python:3.13-slim\nADD ./ /app\nCOPY .git/HEAD /head\nCOPY [\".venv/x\", \"/x\"]\nCOPY src/__pycache__ /y\n";
    let files = [(".git/HEAD", ""), (".venv/x", ""), ("src/__pycache__/a.pyc", ""), ("app.py", "")];
    let text = written(dockerfile, &files).expect("it is found");
    assert_eq!(text, "**/*.pyc\n.pytest_cache\n.mypy_cache\n.ruff_cache\n");
    let dockerfile = "FROM python:3.13-slim\nCOPY . .\nCOPY .* /\n";
    let text = written(dockerfile, &[("app.py", "")]).expect("it is found");
    assert_eq!(text, "**/__pycache__\n");
}

#[test]
fn history_that_is_read_is_kept() {
    let run = "FROM golang:1.25\nCOPY . .\nRUN go build -ldflags \"-X main.v=$(git describe)\"\n";
    assert_eq!(written(run, &[("go.mod", "")]).as_deref(), Some(""));
    let python = "FROM python:3.13\nCOPY . .\nRUN pip install .\n";
    let text = written(python, &[("pyproject.toml", "[tool.setuptools_scm]\n")]).expect("it is found");
    assert!(!text.contains(".git\n"), "{text}");
    let text =
        written(python, &[("pyproject.toml", "[project]\nreadme = \"README.md\"\n")]).expect("it is found");
    assert!(text.contains(".git\n"), "{text}");
}

#[test]
fn modules_of_node_are_left_out_where_the_image_installs_them() {
    let files = [("package.json", "{}"), (".env", "A=1"), ("node_modules/x/index.js", "")];
    let install = "FROM node:22\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n";
    assert_eq!(written(install, &files).as_deref(), Some(".git\n.env\n**/node_modules\nnpm-debug.log\n"));
    let bare = "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n";
    assert_eq!(written(bare, &files).as_deref(), Some(".git\n.env\n"));
    // The settings are part of what is built.
    let build = "FROM node:22\nCOPY . .\nRUN npm ci && npm run build\n";
    assert_eq!(written(build, &files).as_deref(), Some(".git\n**/node_modules\nnpm-debug.log\n"));
}

#[test]
fn what_is_built_outside_is_kept() {
    let files = [("Cargo.toml", ""), ("target/release/app", "")];
    let inside = "FROM rust:1.90\nCOPY . .\nRUN cargo build --release\n";
    assert_eq!(written(inside, &files).as_deref(), Some(".git\ntarget\n"));
    let outside = "FROM debian:13\nCOPY . .\nCOPY target/release/app /app\nRUN cargo --version\n";
    assert_eq!(written(outside, &files).as_deref(), Some(".git\n"));
}

#[test]
fn steps_that_speak_of_a_file_keep_it() {
    let dockerfile = "FROM python:3.13\nCOPY . .\nRUN cat .env && cp -r .idea /x\n";
    let text = written(dockerfile, &[("app.py", ""), (".env", ""), (".idea/x", "")]).expect("it is found");
    assert_eq!(text, PYTHON);
}
