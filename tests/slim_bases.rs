//! Real Dockerfiles on full base images: the slim tags that are offered exist, and nothing that runs is lost.
mod common;

use dockfix::config::Config;
use dockfix::context::Context;
use dockfix::facts;
use dockfix::fix::{Fixed, fix};
use dockfix::model::{Action, Command, Dockerfile, Keyword, Manager, Stage};
use dockfix::rule::Safety;
use dockfix::rules;
use dockfix::settings::{Settings, SlimVariant};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The rule alone, on a fixed day.
fn config(slim: SlimVariant) -> Config {
    let settings = Settings { slim: Some(slim), ..Settings::on(dockfix::example::TODAY) };
    Config::of(settings).only(&[rules::find("full-base-image").expect("the rule")])
}

/// The stage at the bottom of the final image, where it is built on an official image that has a slim variant.
fn full_base(file: &Dockerfile) -> Option<(&Stage, &str)> {
    let mut stage = file.stages.last()?;
    while let Some(parent) = stage.parent {
        stage = &file.stages[parent];
    }
    let name = facts::official(&stage.image.name)?;
    facts::slim_tag(name, stage.image.tag.as_deref()).is_some().then_some((stage, name))
}

/// The facts as they were collected: not what the program carries of them.
fn source(shared: &Path, name: &str) -> Value {
    let text =
        std::fs::read_to_string(shared.join("facts").join(name)).expect("the facts are beside the corpus");
    serde_json::from_str(&text).expect("they are JSON")
}

/// The commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK on top of a stage, in order.
fn commands<'d>(file: &'d Dockerfile, bottom: &Stage) -> Vec<&'d Command> {
    let on_top = |s: &&Stage| {
        let mut at = *s;
        while let Some(parent) = at.parent {
            at = &file.stages[parent];
        }
        at.instructions == bottom.instructions
    };
    let indices = file.stages.iter().filter(on_top).flat_map(|s| s.instructions.clone());
    let scripts = indices.filter_map(|i| file.instructions[i].node.effective().script.as_ref());
    scripts.flat_map(|s| &s.commands).collect()
}

/// What slim lacks of what runs, after a fix: judged by the collected facts, about the release that is nearest.
fn lost(fixed: &Dockerfile, lacking: &Value) -> Option<String> {
    let mut stage = fixed.stages.last()?;
    while let Some(parent) = stage.parent {
        stage = &fixed.stages[parent];
    }
    let name = facts::official(&stage.image.name)?;
    let suites = &lacking["images"][name]["suites"];
    let release = facts::debian_release(name, stage.image.tag.as_deref()).filter(|r| !suites[*r].is_null());
    let missing = suites[release.unwrap_or("bookworm")]["missing_in_slim"].as_object()?;
    let mut installed: Vec<&str> = vec![];
    for command in commands(fixed, stage) {
        let install = command.asks(Manager::Apt, Action::Install);
        if let Some(call) = command.package.as_ref().filter(|_| install) {
            installed.extend(call.operands.iter().map(|i| command.words[*i].value.as_str()));
        }
        let own = matches!(name, "python" | "pypy") && command.program() == "python3";
        if let Some(package) = missing.get(command.program()).and_then(Value::as_str).filter(|_| !own) {
            // `gcc` is a part of `build-essential`, `imagemagick-6.q16` of `imagemagick`.
            let whole = package.split("-6").next().unwrap_or(package);
            let brings = |p: &&str| facts::brings(p.split('=').next().unwrap_or(p), whole) || *p == package;
            let gnupg = package.starts_with("gpg") && installed.iter().any(|p| facts::brings(p, "gnupg"));
            if !installed.iter().any(brings) && !gnupg {
                return Some(format!("`{}` of `{package}`", command.program()));
            }
        }
    }
    None
}

struct Outcome {
    name: &'static str,
    what: &'static str,
    wrong: Option<String>,
}

/// Every tag that is built today, of a repository.
fn is_built(variants: &Value, name: &str, tag: &str) -> bool {
    let repo = &variants["repos"][name];
    let slims = ["slim_map", "slim_exceptions"].into_iter().filter_map(|field| repo[field].as_object());
    slims.flat_map(|map| map.values()).any(|slim| slim.as_str() == Some(tag))
}

fn outcome(source: &str, slim: SlimVariant, variants: &Value, lacking: &Value) -> Option<Outcome> {
    let before = Dockerfile::new(source);
    let (stage, name) = full_base(&before)?;
    let name: &'static str = facts::repository_names().find(|n| *n == name)?;
    let Fixed { source: after, applied, refused, .. } =
        fix(source, &Context::unknown(), &config(slim), Safety::Unsafe);
    let refused = refused.first().map(|r| format!("refused: {}", r.reason));
    let Some(applied) = applied.first() else {
        return Some(Outcome { name, what: "held back", wrong: refused });
    };
    let fixed = Dockerfile::new(&after);
    let tag = fixed.stages.iter().find(|s| s.instructions.start == stage.instructions.start);
    let tag = tag.and_then(|s| s.image.tag.clone()).unwrap_or_default();
    let listed = facts::slim_tag(name, stage.image.tag.as_deref()).is_none_or(|slim| slim.listed);
    let unbuilt = listed && !is_built(variants, name, &tag);
    let wrong =
        unbuilt.then(|| format!("{name}:{tag} is not built")).or_else(|| lost(&fixed, lacking)).or(refused);
    let what = match (applied.title.contains(" and install "), listed) {
        (true, _) => "with packages",
        (_, true) => "rewritten",
        (_, false) => "rewritten by the rule of its time",
    };
    Some(Outcome { name, what, wrong })
}

fn holds(slim: SlimVariant) {
    let (Some(corpus), Some(shared)) = (common::corpus(), common::shared()) else { return };
    let (variants, lacking) = (source(&shared, "variants.json"), source(&shared, "full_vs_slim.json"));
    let outcomes: Vec<(String, Outcome)> = common::dockerfiles(&corpus)
        .par_iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).ok()?;
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, outcome(&text, slim, &variants, &lacking)?))
        })
        .collect();
    let mut table: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    outcomes.iter().for_each(|(_, o)| *table.entry((o.name, o.what)).or_default() += 1);
    for ((name, what), count) in &table {
        common::say(&format!("{name}: {count} {what}"));
    }
    let wrong = outcomes.iter().filter_map(|(file, o)| Some(format!("{file}: {}", o.wrong.as_ref()?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(outcomes.len() > 100, "{} files on full images", outcomes.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn slim_tags_exist_and_nothing_that_runs_is_lost() {
    holds(SlimVariant::Floating);
}

#[test]
fn pinned_slim_tags_exist_and_nothing_that_runs_is_lost() {
    holds(SlimVariant::Pinned);
}

/// The day on which an image is checked decides: no tag names a release that is past its end.
#[test]
fn pinned_tags_name_no_release_past_its_end() {
    let tags = |today| {
        facts::repository_names().flat_map(move |name| {
            facts::tags(name)
                .into_iter()
                .filter_map(move |tag| facts::pinned_slim_tag(name, Some(&tag), today))
        })
    };
    let today = dockfix::example::TODAY;
    assert!(tags(today).count() > 50);
    assert!(tags(today).all(|slim| !["bullseye", "buster"].iter().any(|old| slim.tag.contains(old))));
    let later = jiff::civil::date(2029, 1, 1);
    assert!(tags(later).all(|slim| !slim.tag.contains("bookworm")));
    assert_eq!(tags(jiff::civil::date(2040, 1, 1)).count(), 0);
}

/// Every command that is seen comes from a file on a full image that says so, with its line.
#[test]
fn evidence_is_named_with_its_line() {
    let text = "FROM python:3.13\nCOPY . .\nRUN make_nothing\nRUN git describe > version\n";
    let found =
        dockfix::check::check(&Dockerfile::new(text), &Context::unknown(), &config(SlimVariant::Floating));
    let [only] = &found[..] else { panic!("{} findings", found.len()) };
    assert!(only.message().ends_with(", and lacks `git` (line 4)"), "{}", only.message());
    let related = only.related().next().expect("the command");
    assert_eq!(related.0.of(text), "git describe");
    assert_eq!(Dockerfile::new(text).instructions[3].node.keyword, Keyword::Run);
}
