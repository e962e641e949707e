//! Rules that look at the files beside a Dockerfile.
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::fix::fix;
use dockfix::rule::Safety;
use dockfix::rules;

/// What the safe fixes of `rule` make of a Dockerfile beside files with these names and texts.
fn fixed(rule: &str, dockerfile: &str, files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    let context = Context::of(&folder.path().join("Dockerfile"));
    let fixed = fix(
        dockerfile,
        &context,
        &Config::default().only(&[rules::find(rule).expect("the rule is there")]),
        Safety::Safe,
    );
    assert!(fixed.refused.is_empty(), "{}", fixed.refused[0].reason);
    fixed.source
}

const BEFORE: &str = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
const AFTER: &str = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n";

/// What becomes of [`BEFORE`] with this requirements file.
fn with_requirements(text: &str) -> String {
    fixed("source-before-dependencies", BEFORE, &[("requirements.txt", text)])
}

#[test]
fn copying_the_list_first_is_safe_where_it_names_packages_only() {
    let list =
        "# web\n-i https://pypi.org/simple\nflask==3.1 ; python_version > '3'\nhttps://example.org/a.whl\n";
    assert_eq!(with_requirements(list), AFTER);
}

#[test]
fn it_is_not_where_the_list_names_files() {
    for line in
        ["-r base.txt", "-c pins.txt", "-e .", "./lib", "a @ file:///app/a", "-f wheels", "vendor/a.whl"]
    {
        assert_eq!(with_requirements(&format!("flask\n{line}\n")), BEFORE, "{line}");
    }
}

#[test]
fn it_is_not_where_the_list_is_missing() {
    assert_eq!(fixed("source-before-dependencies", BEFORE, &[]), BEFORE);
}

#[test]
fn it_is_not_where_the_source_covers_what_pip_installs() {
    for (folder, more) in [("/usr/local", ""), ("/", ""), ("/app", "ENV PATH=/app/venv/bin:/usr/bin\n")] {
        let text = BEFORE.replace("WORKDIR /app\n", &format!("WORKDIR {folder}\n{more}"));
        assert_eq!(fixed("source-before-dependencies", &text, &[("requirements.txt", "flask\n")]), text);
    }
}

#[test]
#[cfg(unix)]
fn a_mode_comes_out_of_plus_x_where_that_of_the_file_is_usual() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let context = Context::of(&folder.path().join("Dockerfile"));
    let file = folder.path().join("start.sh");
    std::fs::write(&file, "#!/bin/sh\n").expect("a file can be written");
    let config = Config::default().only(&[rules::find("chmod-after-copy").expect("the rule is there")]);
    let before = "FROM debian:13\nCOPY start.sh /\nRUN chmod +x /start.sh\n";
    let after = "FROM debian:13\nCOPY --chmod=755 start.sh /\n";
    for (mode, expected) in [(0o644, after), (0o664, after), (0o755, after), (0o600, before), (0o711, before)]
    {
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).expect("it can be changed");
        assert_eq!(fix(before, &context, &config, Safety::Unsafe).source, expected, "{mode:o}");
    }
}
