//! After any edit, a file read from its earlier trees is the same as one read from nothing.
use dockfix::check::check;
use dockfix::context::Context;
use dockfix::model::Dockerfile;
use dockfix::rules;
use dockfix::text::{Edit, Span};

/// A small generator of numbers: the test does the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const START: &str = "# syntax=docker/dockerfile:1\nFROM python:3.11 AS base\nENV A=b \\\n    # a comment\n    C=\"d e\"\n\
    RUN apt-get update && \\\n    apt-get install -y git 😀 \\\n\n    && rm -rf /x\nRUN <<EOF\nset -e\npip install x\nEOF\n\
    COPY --from=base /a /b\r\nONBUILD RUN sudo apt install 安装 | tee log\nFROM base\nCMD python app.py\n";

const PASTED: &[&str] = &[
    "",
    "",
    "",
    " ",
    "\n",
    "\r\n",
    "\\",
    "\\\n",
    "#",
    "\"",
    "'",
    "`",
    "$",
    "$(",
    ")",
    "{",
    "}",
    "&&",
    "|",
    ";",
    "x",
    "é",
    "😀",
    "RUN",
    "FROM a\n",
    "<<EOF",
    "EOF\n",
    "\nRUN pip install y\n",
    "ENV K v\n",
    "--mount=type=cache,target=/c ",
    "[\"a\"]",
    "\nONBUILD ",
    "# escape=`\n",
    "\t",
    " AS b",
    "cd /x && make",
];

/// Everything that a reader of the model can see of an instruction.
fn seen(file: &Dockerfile) -> Vec<String> {
    file.instructions
        .iter()
        .map(|p| {
            let i = &p.node;
            let script = i.effective().script.as_ref().map(|s| (&s.steps, &s.commands, s.broken));
            format!(
                "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
                p.at, i.keyword, i.flags, i.words, i.pairs, i.from, i.heredocs, script, i.broken
            )
        })
        .collect()
}

#[test]
fn an_edited_file_is_the_same_as_a_fresh_one() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let context = Context::unknown();
    let rules = rules::default();
    let mut file = Dockerfile::new(START);
    for step in 0..20_000 {
        if step % 100 == 0 {
            file = Dockerfile::new(START);
        }
        let text = file.source.to_string();
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(numbers.below(text.len() + 1));
        let length = [0, 0, 0, 1, 2, 9, 60][numbers.below(7)];
        let end = boundary((start + length).min(text.len())).max(start);
        let edit = Edit::replace(Span::new(start, end), PASTED[numbers.below(PASTED.len())]);
        let edited = file.edited(&edit);
        let fresh = Dockerfile::new(&edited.source);
        assert_eq!(seen(&edited), seen(&fresh), "step {step}: {edit:?} in\n{text}");
        let places = |f: &Dockerfile| -> Vec<_> {
            check(f, &context, &rules).iter().map(|f| (f.rule.name, f.finding.span)).collect()
        };
        assert_eq!(places(&edited), places(&fresh), "step {step}: {edit:?} in\n{text}");
        file = edited;
    }
}
