//! The Dockerfiles of five articles on Python images, which lie beside the project: each comes out as the articles advise.
mod common;

use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::example::TODAY;
use dockfix::fix::fix;
use dockfix::rule::{Safety, Settings};
use similar::{ChangeTag, TextDiff};

/// The lines that change when the sample is fixed, each behind its sign. None where the samples are not there.
fn changes(sample: &str, safety: Safety) -> Option<Vec<String>> {
    let path = common::shared()?.join("samples").join(sample);
    let source = std::fs::read_to_string(path).expect("the sample is readable");
    let fixed = fix(&source, &Context::unknown(), &Config::of(Settings::on(TODAY)), safety);
    assert!(fixed.refused.is_empty(), "{sample}: {}", fixed.refused[0].reason);
    let diff = TextDiff::from_lines(&source, &fixed.source);
    let sign = |tag| match tag {
        ChangeTag::Delete => "-",
        ChangeTag::Insert => "+",
        ChangeTag::Equal => " ",
    };
    let changed = diff.iter_all_changes().filter(|c| c.tag() != ChangeTag::Equal);
    Some(changed.map(|c| format!("{}{}", sign(c.tag()), c.value().trim_end())).collect())
}

#[track_caller]
fn assert_changes(sample: &str, safety: Safety, wanted: &[&str]) {
    if let Some(got) = changes(sample, safety) {
        assert_eq!(got, wanted, "{sample}");
    }
}

#[test]
fn the_main_sample_is_merged_and_uncached() {
    assert_changes(
        "article_004_18.Dockerfile",
        Safety::Safe,
        &[
            "-RUN pip install -i https://pypi.tuna.tsinghua.edu.cn/simple --upgrade pip",
            "-RUN pip install -i https://pypi.tuna.tsinghua.edu.cn/simple -r requirements.txt --ignore-installed",
            "+RUN pip install --no-cache-dir -i https://pypi.tuna.tsinghua.edu.cn/simple --upgrade pip && \\",
            "+    pip install --no-cache-dir -i https://pypi.tuna.tsinghua.edu.cn/simple -r requirements.txt --ignore-installed",
            "-ENV LISTEN_PORT 8000",
            "+ENV LISTEN_PORT=8000",
        ],
    );
}

#[test]
fn with_consent_it_is_slim_and_runs_as_a_user() {
    let Some(got) = changes("article_004_18.Dockerfile", Safety::Unsafe) else { return };
    for line in [
        "+FROM python:3.10.13-slim",
        "+ENV PYTHONDONTWRITEBYTECODE=1 \\",
        "+    PYTHONUNBUFFERED=1",
        "+RUN useradd --create-home appuser && chown appuser:appuser /app",
        "+USER appuser",
        "+ENV LISTEN_PORT=8000",
    ] {
        assert!(got.iter().any(|l| l == line), "{line} is not in\n{}", got.join("\n"));
    }
}

#[test]
fn a_lost_line_end_comes_back() {
    let Some(got) = changes("article_000_02.Dockerfile", Safety::Unsafe) else { return };
    assert_eq!(got[2], "+USER appuser");
    assert!(got[1].ends_with("chown -R appuser /app"), "{}", got[1]);
}

#[test]
fn a_second_python_goes() {
    let Some(got) = changes("article_001_17.Dockerfile", Safety::Unsafe) else { return };
    assert_eq!(got, ["-RUN apt-get update && apt-get install python3-dev"]);
}

/// The good files and the long official one stay as they are but for what is proven.
#[test]
fn what_is_right_stays() {
    for sample in [
        "article_000_05.Dockerfile",
        "article_000_06.Dockerfile",
        "article_001_14.Dockerfile",
        "article_004_19.Dockerfile",
    ] {
        assert_changes(sample, Safety::Safe, &[]);
    }
}
