//! Random edits of a Dockerfile that holds what is easy to get wrong. The same on every run.
#![allow(dead_code, reason = "every test that includes this file uses a part of it")]

/// A small generator of numbers.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Where the edits begin.
pub(crate) const START: &str = "# syntax=docker/dockerfile:1\nFROM python:3.11 AS base\nENV A=b \\\n    # a comment\n    C=\"d e\"\n\
    RUN apt-get update && \\\n    apt-get install -y git 😀 \\\n\n    && rm -rf /x\nRUN <<EOF\nset -e\npip install x\nEOF\n\
    COPY --from=base /a /b\r\nONBUILD RUN sudo apt install 安装 | tee log\nFROM base\nCMD python app.py\n";

/// What an edit puts in: pieces that begin, end or break something.
pub(crate) const PASTED: &[&str] = &[
    "",
    "",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "\\\n",
    "#",
    "\"",
    "'",
    "$(",
    ")",
    "&&",
    "x",
    "é",
    "😀",
    "👩‍👩‍👧",
    "FROM a\n",
    "<<EOF",
    "EOF\n",
    "\nRUN pip install y\n",
    "[\"a\"]",
    "# escape=`\n",
    "\t",
    "FROM debian AS s🐳\nRUN sudo x\r\nUSER y\n",
];
