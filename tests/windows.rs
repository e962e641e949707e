//! PowerShell and cmd are no POSIX shell: no rule speaks of their text.
use dockfix::check::check;
use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::model::Dockerfile;
use dockfix::rule::Rule;
use dockfix::rules;

/// Enough for many rules, were it run by a POSIX shell.
const TEXT: &str =
    "RUN sudo apt install git ; pip install flask ; wget -k http://example.com/x ; cd x ; apt-get update\n";

/// The rules that find something in the last instruction of `head` and [`TEXT`].
fn names(head: &str) -> Vec<&'static str> {
    let rules: Vec<&'static Rule> = rules::ALL.iter().map(|e| e.rule).collect();
    let found = check(
        &Dockerfile::new(&format!("{head}{TEXT}")),
        &Context::unknown(),
        &Config::default().only(&rules),
    );
    found.iter().filter(|f| f.span().start as usize >= head.len()).map(|f| f.rule.name).collect()
}

#[test]
fn a_posix_shell_is_spoken_about() {
    let bash_on_windows = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL [\"bash\", \"-c\"]\n";
    for head in ["FROM debian:13-slim\n", bash_on_windows] {
        let found = names(head);
        assert!(found.len() > 2, "{found:?}");
    }
}

#[test]
fn windows_shells_are_not() {
    for head in [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:1809\n",
        "FROM python:3.13-windowsservercore\n",
        "FROM debian:13-slim\nSHELL [\"pwsh\", \"-Command\"]\n",
        "FROM company/base:1\nSHELL [\"powershell.exe\", \"-NoProfile\", \"-Command\"]\n",
        "FROM company/base:1\nSHELL [\"cmd\", \"/S\", \"/C\"]\n",
        "FROM company/base:1 AS base\nSHELL [\"powershell\"]\nFROM base\n",
        "ARG BASE=mcr.microsoft.com/windows/servercore:ltsc2022\nFROM ${BASE}\n",
    ] {
        assert_eq!(names(head), [""; 0], "{head}");
    }
}
