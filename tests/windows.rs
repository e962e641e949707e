//! PowerShell and cmd are no POSIX shell: no rule about shell commands speaks of their text.
use dockfix::check::check;
use dockfix::context::Context;
use dockfix::model::Dockerfile;
use dockfix::rule::{Check, Rule};
use dockfix::rules;

/// Enough for many rules, were it run by a POSIX shell.
const TEXT: &str =
    "RUN sudo apt install git ; pip install flask | wget -k http://example.com/x ; cd x ; apt-get update\n";

fn shell_rules() -> Vec<&'static Rule> {
    rules::ALL.iter().map(|e| e.rule).filter(|r| matches!(r.check, Check::Command(_))).collect()
}

fn names(source: &str) -> Vec<&'static str> {
    let found = check(&Dockerfile::new(source), &Context::unknown(), &shell_rules());
    found.iter().map(|f| f.rule.name).collect()
}

#[test]
fn a_posix_shell_is_spoken_about() {
    assert!(names(&format!("FROM debian:13-slim\n{TEXT}")).len() > 2);
    assert!(
        names(&format!(
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL [\"bash\", \"-c\"]\n{TEXT}"
        ))
        .len()
            > 3
    );
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
        assert_eq!(names(&format!("{head}{TEXT}")), [""; 0], "{head}");
    }
}
