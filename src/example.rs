//! The documentation of a rule is its test. Fenced blocks in its `//!` header, and in `tests/cases/<rule>.md`:
//!
//! * `diff`: flagged, and the safe fix gives exactly the `+` side; `diff,unsafe`: only with consent;
//! * `dockerfile`: silent; `dockerfile,flagged`: reported, without a fix.
//!
//! `… beside a.py b.txt` puts these files, empty, into the folder of the Dockerfile; otherwise the folder is not known. A
//! block `text NAME` is a file of that name for the block after it, `toml` its `dockfix.toml`. It is the day [`TODAY`].
use crate::check::{Found, check};
use crate::config::Config;
use crate::context::Context;
use crate::fix::fix;
use crate::model::Dockerfile;
use crate::rule::{Rule, Safety, Settings};
use jiff::civil::Date;

/// What a block asserts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No finding.
    Silent,
    /// A finding without a fix.
    Flagged,
    /// A finding with a fix of this safety.
    Fixed(Safety),
}

/// One block.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it asserts.
    pub kind: Kind,
    /// The file before.
    pub before: String,
    /// The file after; the same where nothing is fixed.
    pub after: String,
    /// Files in its folder, and what they hold.
    pub beside: Vec<(String, String)>,
    /// What the user chose.
    pub settings: Settings,
}

/// The day of all examples.
pub const TODAY: Date = jiff::civil::date(2026, 11, 20);

/// The text of the `//!` header of a source file.
pub fn documentation(source: &str) -> String {
    let lines = source.lines().map_while(|l| l.strip_prefix("//!"));
    lines.flat_map(|l| [l.strip_prefix(' ').unwrap_or(l), "\n"]).collect()
}

/// The blocks of a Markdown text.
///
/// # Panics
/// On a block of another kind.
pub fn examples(markdown: &str) -> Vec<Example> {
    let mut out = vec![];
    let mut lines = markdown.lines();
    let (mut files, mut settings) = (vec![], Settings::on(TODAY));
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```").filter(|l| !l.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        let side = |drop: char| -> String {
            let kept = block.iter().filter(|l| !l.starts_with(drop));
            kept.flat_map(|l| [l.get(1..).unwrap_or(""), "\n"]).collect()
        };
        let plain: String = block.iter().flat_map(|l| [l, "\n"]).collect();
        let (language, beside) = language.split_once(" beside ").unwrap_or((language, ""));
        if let Some(name) = language.strip_prefix("text ") {
            files.push((name.to_owned(), plain));
            continue;
        }
        files.extend(beside.split_whitespace().map(|name| (name.to_owned(), String::new())));
        let (kind, before, after) = match language {
            "diff" => (Kind::Fixed(Safety::Safe), side('+'), side('-')),
            "diff,unsafe" => (Kind::Fixed(Safety::Unsafe), side('+'), side('-')),
            "dockerfile" => (Kind::Silent, plain.clone(), plain),
            "dockerfile,flagged" => (Kind::Flagged, plain.clone(), plain),
            "toml" => {
                let read: Settings = toml::from_str(&plain).expect("the settings of an example");
                settings = read.over(settings);
                continue;
            }
            other => panic!("unknown kind of example: `{other}`"),
        };
        let beside = std::mem::take(&mut files);
        let settings = std::mem::replace(&mut settings, Settings::on(TODAY));
        out.push(Example { kind, before, after, beside, settings });
    }
    out
}

/// Runs every block of `markdown` against `rule`; also with CRLF line ends.
///
/// # Panics
/// When one does not hold.
pub fn run(rule: &'static Rule, markdown: &str) {
    for example in examples(markdown) {
        holds(rule, &example);
        let crlf = |text: &str| text.replace('\n', "\r\n");
        let (before, after) = (crlf(&example.before), crlf(&example.after));
        holds(rule, &Example { before, after, ..example });
    }
}

fn holds(rule: &'static Rule, example: &Example) {
    let (name, before) = (rule.name, &example.before);
    let folder = tempfile::tempdir().expect("a folder for the example");
    for (file, text) in &example.beside {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder of the example");
        std::fs::write(path, text).expect("a file of the example");
    }
    let config = Config::of(example.settings.clone()).only(&[rule]);
    let context = match example.beside.is_empty() {
        true => Context::unknown(),
        false => Context::of(&folder.path().join("Dockerfile")),
    };
    let found: Vec<Found> =
        check(&Dockerfile::new(before).behind(&config.settings.mirrors), &context, &config);
    let messages: Vec<&str> = found.iter().map(|f| f.message()).collect();
    let fixable = |safety| found.iter().any(|f| f.fix().is_some_and(|x| x.safety() <= safety));
    match example.kind {
        Kind::Silent => assert!(found.is_empty(), "{name}: {messages:?} in\n{before}"),
        Kind::Flagged => {
            assert!(!found.is_empty(), "{name}: nothing is found in\n{before}");
            assert!(!fixable(Safety::Unsafe), "{name}: a fix is offered in\n{before}");
        }
        Kind::Fixed(safety) => {
            assert!(!found.is_empty(), "{name}: nothing is found in\n{before}");
            if safety == Safety::Unsafe {
                assert!(!fixable(Safety::Safe), "{name}: a safe fix is offered in\n{before}");
            }
            let fixed = fix(before, &context, &config, safety);
            let refused: Vec<&str> = fixed.refused.iter().map(|r| r.reason).collect();
            assert!(refused.is_empty(), "{name}: a fix was refused ({refused:?}) in\n{before}");
            assert_eq!(fixed.source, example.after, "{name}: the fix of\n{before}");
            let again = fix(&fixed.source, &context, &config, safety);
            assert_eq!(again.source, fixed.source, "{name}: fixed twice\n{before}");
        }
    }
}
