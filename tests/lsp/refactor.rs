//! Other ways of writing what stands at the cursor (`‸`), each with its exact text.
use crate::editor::{Editor, cursor, uri, variants};
use tower_lsp::ls_types::Range;

/// Before, and after.
type Cases = &'static [(&'static str, &'static str)];

async fn titles(text: &str) -> (Editor, String, Vec<tower_lsp::ls_types::CodeAction>) {
    let (text, place) = cursor(text);
    let mut editor = Editor::start().await;
    editor.open(&uri(), &text).await;
    let all = editor.actions(Range::new(place, place), Some("refactor")).await;
    (editor, text, all)
}

/// Each case becomes exactly what it should.
async fn becomes(title: &str, cases: Cases) {
    let mut wrong = vec![];
    for (before, after) in cases {
        for (before, after) in variants(before).into_iter().zip(variants(after)) {
            let (mut editor, text, all) = titles(&before).await;
            let made = match all.into_iter().find(|a| a.title == title) {
                Some(action) => Some(editor.after(&text, action).await),
                None => None,
            };
            if made.as_ref() != Some(&after) {
                wrong.push(format!("{text:?}\n gave {made:?},\n not {after:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{title}:\n{}", wrong.join("\n"));
}

/// It is not offered.
async fn is_not_offered(title: &str, cases: &[&str]) {
    let mut wrong = vec![];
    for text in cases.iter().flat_map(|c| variants(c)) {
        let (_, text, all) = titles(&text).await;
        if all.iter().any(|a| a.title == title) {
            wrong.push(text);
        }
    }
    assert!(wrong.is_empty(), "{title} is offered for {wrong:#?}");
}

#[tokio::test]
async fn two_runs_become_one() {
    let title = "Join with the RUN above";
    let cases: Cases = &[
        (
            "FROM debian:12\nRUN make @\nRUN ‸make install\nUSER x\n",
            "FROM debian:12\nRUN make @ && \\\n    make install\nUSER x\n",
        ),
        // The author's own way of continuing a line is kept.
        (
            "FROM debian:12\nRUN ./configure @ \\\n⇥&& make\nRUN ma‸ke install\n",
            "FROM debian:12\nRUN ./configure @ \\\n⇥&& make \\\n⇥&& make install\n",
        ),
        (
            "FROM debian:12\nRUN --mount=type=cache,target=/c make @\n# why @\nRUN --mount=type=cache,target=/c ‸make install\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/c make @ && \\\n# why @\n    make install\n",
        ),
        (
            "# escape=`\nFROM debian:12\nRUN make @\nRUN ‸make install\n",
            "# escape=`\nFROM debian:12\nRUN make @ && `\n    make install\n",
        ),
    ];
    becomes(title, cases).await;
    is_not_offered(
        title,
        &[
            "FROM debian:12\nRUN cd /@\nRUN ‸make\n",
            "FROM debian:12\nRUN make @\nUSER x\nRUN ‸make\n",
            "FROM debian:12\nRUN make @; true\nRUN ‸make\n",
            "FROM debian:12\nRUN make @\nRUN ‸<<EOF\nmake\nEOF\n",
            "FROM debian:12\nRUN make @\nFROM debian:12\nRUN ‸make\n",
            "FROM debian:12\nRUN --network=none make @\nRUN ‸make\n",
            "FROM debian:12\nONBUILD RUN make @\nONBUILD RUN ‸make\n",
            "FROM debian:12\nRUN ‸make @\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn one_run_becomes_two() {
    let title = "Split into two RUNs here";
    let cases: Cases = &[
        ("FROM debian:12\nRUN make @ && ‸make install\n", "FROM debian:12\nRUN make @\nRUN make install\n"),
        (
            "FROM debian:12\nRUN make @ \\\n⇥&& make ‸install \\\n⇥&& true @\nUSER x\n",
            "FROM debian:12\nRUN make @\nRUN make install \\\n⇥&& true @\nUSER x\n",
        ),
        (
            "FROM debian:12\nRUN --mount=type=cache,target=/@ --network=none make && \\\n⇥make‸ install\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/@ --network=none make\nRUN --mount=type=cache,target=/@ --network=none make install\n",
        ),
        // An indented RUN stays indented.
        (
            "FROM debian:12\n⇥run make @ && ‸make install\n",
            "FROM debian:12\n⇥run make @\n⇥run make install\n",
        ),
    ];
    becomes(title, cases).await;
    is_not_offered(
        title,
        &[
            "FROM debian:12\nRUN ‸make @ && make install\n",
            "FROM debian:12\nRUN cd /@ && ‸make\n",
            "FROM debian:12\nRUN export A=@ && ‸make\n",
            "FROM debian:12\nRUN make @ || ‸make install\n",
            "FROM debian:12\nRUN make @; ‸make install\n",
            "FROM debian:12\nRUN make & ‸make install @\n",
            "FROM debian:12\nRUN make @ && \\\n# why\n⇥‸make install\n",
            "FROM debian:12\nRUN <<EOF\nmake @ && ‸make\nEOF\n",
            "FROM debian:12\nONBUILD RUN make @ && ‸make\n",
            "FROM debian:12\nSHELL [\"powershell\"]\nRUN make @ && ‸make\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_chain_becomes_a_here_document_and_back() {
    let cases: Cases = &[
        (
            "FROM debian:12\nRUN m‸ake @ && make install\nUSER x\n",
            "FROM debian:12\nRUN <<EOF\nset -e\nmake @\nmake install\nEOF\nUSER x\n",
        ),
        (
            "FROM debian:12\nRUN --network=none m‸ake @ \\\n⇥&& make \\\n⇥⇥install\n",
            "FROM debian:12\nRUN --network=none <<EOF\nset -e\nmake @\nmake ⇥⇥install\nEOF\n",
        ),
    ];
    becomes("Write as a here-document", cases).await;
    is_not_offered(
        "Write as a here-document",
        &[
            "FROM debian:12\nRUN ‸make @\n",
            "FROM debian:12\nRUN ‸make @ || make install\n",
            "FROM debian:12\nRUN ‸make @ ; make install\n",
            "FROM debian:12\nRUN ‸make @ && \\\n# why\n⇥make install\n",
            "FROM debian:12\nRUN ‸make @ && echo EOF && cat <<EOF\nx\nEOF\n",
            "FROM debian:12\nRUN ! ‸make @ && make install\n",
            "FROM debian:12\nONBUILD RUN ‸make @ && make install\n",
            "FROM debian:12\nSHELL [\"powershell\"]\nRUN ‸make @ && make install\n",
            "FROM debian:12\nCMD ‸make @ && make install\n",
        ],
    )
    .await;
    let cases: Cases = &[
        (
            "FROM debian:12\nRUN <<‸EOF\nset -e\nmake @\nmake install\nEOF\nUSER x\n",
            "FROM debian:12\nRUN make @ && \\\n    make install\nUSER x\n",
        ),
        (
            "FROM debian:12\nRUN --network=none <<-'E‸OF'\n\tset -e\n\tmake @\n\t\tmake install && true\n\tEOF\nUSER x\n",
            "FROM debian:12\nRUN --network=none make @ && \\\n    make install && \\\n    true\nUSER x\n",
        ),
    ];
    becomes("Write as a chain of commands", cases).await;
    is_not_offered(
        "Write as a chain of commands",
        &[
            "FROM debian:12\nRUN <<‸EOF\nmake @\nmake install\nEOF\n",
            "FROM debian:12\nRUN <<‸EOF\nset -e\nmake @ # why\nmake install\nEOF\n",
            "FROM debian:12\nRUN <<‸EOF\nset -e\nmake @ || true\nmake install\nEOF\n",
            "FROM debian:12\nRUN <<‸EOF\nset -e\nif true; then make @; fi\nmake install\nEOF\n",
            "FROM debian:12\nRUN <<‸EOF\n#!/usr/bin/env python3\nset -e\nprint('@')\nEOF\n",
            "FROM debian:12\nRUN <<‸A <<B\nset -e\nmake @\nA\nmake install\nB\n",
            "FROM debian:12\nRUN cat <<‸EOF\nset -e\nmake @\nmake install\nEOF\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn shell_form_becomes_json_and_back() {
    let cases: Cases = &[
        ("FROM debian:12\nCMD ma‸ke @ 'a b'\n", "FROM debian:12\nCMD [\"make\", \"@\", \"a b\"]\n"),
        (
            "FROM debian:12\nENTRYPOINT exec ma‸ke \\\n⇥\"@\\\"\"\n",
            "FROM debian:12\nENTRYPOINT [\"make\", \"@\\\"\"]\n",
        ),
        ("FROM debian:12\nRUN ‸make @\nUSER x\n", "FROM debian:12\nRUN [\"make\", \"@\"]\nUSER x\n"),
    ];
    becomes("Write in JSON form", cases).await;
    is_not_offered(
        "Write in JSON form",
        &[
            "FROM debian:12\nCMD ‸make $@\n",
            "FROM debian:12\nCMD ‸make @ && make\n",
            "FROM debian:12\nCMD ‸make @ > /log\n",
            "FROM debian:12\nCMD A=@ ‸make\n",
            "FROM debian:12\nCMD ‸make *.@\n",
            "FROM debian:12\nCMD ‸cd /@\n",
            "FROM debian:12\nCMD ‸make ~/@\n",
            "FROM debian:12\nSHELL [\"powershell\"]\nCMD ‸make @\n",
            "FROM debian:12\nCMD [‸\"make\"]\n",
        ],
    )
    .await;
    let cases: Cases = &[
        ("FROM debian:12\nCMD [‸\"make\", \"a b\"]\n", "FROM debian:12\nCMD make 'a b'\n"),
        (
            "FROM debian:12\nENTRYPOINT [\"make\", \\\n⇥\"-j‸2\", \"$A\", \"a=@;\"]\n",
            "FROM debian:12\nENTRYPOINT make -j2 '$A' 'a=@;'\n",
        ),
    ];
    becomes("Write in shell form", cases).await;
    is_not_offered(
        "Write in shell form",
        &[
            "FROM debian:12\nCMD [‸\"it's @\"]\n",
            "FROM debian:12\nCMD ‸make @\n",
            "FROM debian:12\nCMD [‸]\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn packages_are_sorted() {
    let title = "Sort the packages, one per line";
    let cases: Cases = &[
        (
            "FROM debian:12\nRUN echo @ && apt-get install -y ‸zip curl\n",
            "FROM debian:12\nRUN echo @ && apt-get install -y \\\n        curl \\\n        zip\n",
        ),
        (
            "FROM debian:12\nRUN apt-get update && apt-get ‸install -y \\\n⇥zip \\\n⇥curl zip \\\n⇥&& echo @\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y \\\n⇥curl \\\n⇥zip \\\n⇥&& echo @\n",
        ),
        (
            "FROM debian:12\nRUN echo @ \\\n⇥&& apt-get install -y ‸zip curl\n",
            "FROM debian:12\nRUN echo @ \\\n⇥&& apt-get install -y \\\n⇥⇥curl \\\n⇥⇥zip\n",
        ),
        (
            "# escape=`\nFROM debian:12\nRUN echo @ && pip install ‸b==1 a\n",
            "# escape=`\nFROM debian:12\nRUN echo @ && pip install `\n        a `\n        b==1\n",
        ),
    ];
    becomes(title, cases).await;
    is_not_offered(
        title,
        &[
            "FROM debian:12\nRUN echo @ && apt-get install -y ‸zip\n",
            "FROM debian:12\nRUN echo @ && apt-get install -y ‸zip $MORE\n",
            "FROM debian:12\nRUN echo @ && apt-get install ‸zip -y curl\n",
            "FROM debian:12\nRUN echo @ && apt-get install ‸zip \\\n# why\n⇥curl\n",
            "FROM debian:12\nRUN echo @ && apt-get remove ‸zip curl\n",
            "FROM debian:12\nRUN echo @ && apt-get install \\\n⇥c‸url \\\n⇥zip\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn downloads_are_kept_in_a_cache_mount() {
    let title = "Keep the package manager's downloads in a cache mount";
    let cases: Cases = &[
        (
            "FROM python:3.13\nRUN echo @ && pip ‸install x\n",
            "FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip echo @ && pip install x\n",
        ),
        (
            "FROM node:22\n⇥run --network=host npm ‸ci && \\\n⇥⇥echo @\n",
            "FROM node:22\n⇥run --mount=type=cache,target=/root/.npm --network=host npm ci && \\\n⇥⇥echo @\n",
        ),
        (
            "FROM golang:1.24\nRUN --mount=type=cache,target=/go/pkg/mod go ‸build ./... && echo @\n",
            "FROM golang:1.24\nRUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go build ./... && echo @\n",
        ),
        (
            "FROM python:3.13\nRUN <<-EOF\n\tpip ‸install x\n\techo @\n\tEOF\n",
            "FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip <<-EOF\n\tpip install x\n\techo @\n\tEOF\n",
        ),
    ];
    becomes(title, cases).await;
    is_not_offered(
        title,
        &[
            "FROM python:3.13\nRUN ‸echo @\n",
            "FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip pip ‸install @\n",
            "FROM python:3.13\nRUN pip ‸install --no-cache-dir @\n",
            "FROM python:3.13\nENV PIP_NO_CACHE_DIR=1\nRUN pip ‸install @\n",
            "FROM python:3.13\nUSER app\nRUN pip ‸install @\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_tag_becomes_an_argument() {
    let cases: Cases = &[
        (
            "# escape=\\\n# dockfix: ignore=root-user -- @\n⇥FROM python:3.‸13-slim AS a\nRUN echo @\n",
            "# escape=\\\nARG PYTHON_VERSION=3.13-slim\n# dockfix: ignore=root-user -- @\n⇥FROM python:${PYTHON_VERSION} AS a\nRUN echo @\n",
        ),
        (
            "# syntax=docker/dockerfile:1\nARG A=@\nFROM debian\nFROM --platform=linux/amd64 localhost:5000/x/python:‸3 AS b\nRUN echo @\n",
            "# syntax=docker/dockerfile:1\nARG A=@\nARG PYTHON_VERSION=3\nFROM debian\nFROM --platform=linux/amd64 localhost:5000/x/python:${PYTHON_VERSION} AS b\nRUN echo @\n",
        ),
    ];
    becomes("Extract the tag to `ARG PYTHON_VERSION`", cases).await;
    is_not_offered(
        "Extract the tag to `ARG PYTHON_VERSION`",
        &[
            "FROM ‸python\nRUN echo @\n",
            "ARG PYTHON_VERSION=@\nFROM ‸python:3.13\n",
            "ARG V=@\nFROM ‸python:$V\n",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_stage_called_by_its_number_gets_a_name() {
    let cases: Cases = &[
        (
            "FROM golang\nRUN echo @\nFROM scratch\nCOPY --from=‸0 /@ /b\nCOPY --chown=1:1 --from=0 /c /d\n",
            "FROM golang AS builder\nRUN echo @\nFROM scratch\nCOPY --from=builder /@ /b\nCOPY --chown=1:1 --from=builder /c /d\n",
        ),
        (
            "FROM debian AS builder\nFROM golang\nRUN echo @\nFROM debian\nRUN --mount=type=bind,from=‸1,target=/@ ls\n",
            "FROM debian AS builder\nFROM golang AS stage-1\nRUN echo @\nFROM debian\nRUN --mount=type=bind,from=stage-1,target=/@ ls\n",
        ),
    ];
    becomes("Give the stage a name", cases).await;
    is_not_offered(
        "Give the stage a name",
        &[
            "FROM golang AS a\nRUN echo @\nFROM scratch\nCOPY --from=‸0 /@ /b\n",
            "FROM golang\nFROM scratch\nCOPY --from=‸7 /@ /b\n",
        ],
    )
    .await;
}
