//! What stands under the cursor: a rule on a finding, a variable's value, a stage, an image, an option, an instruction.
use super::document::Reading;
use super::names::{self, Thing};
use super::reference::{self, MOUNT_KEYS};
use super::{links, symbols};
use crate::facts::{self, Added, Archive, Megabytes};
use crate::model::{Action, Keyword, Manager, Placed, Role, Stage};
use crate::report;
use crate::rule::{Reads, Weight, package_name};
use crate::text::Span;
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind};

/// The page about what stands at `offset`.
pub(super) fn at(reading: &Reading, offset: u32, markdown: bool) -> Option<Hover> {
    let (span, page) = page(reading, offset)?;
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = HoverContents::Markup(MarkupContent { kind, value: page });
    Some(Hover { contents, range: Some(reading.positions.range(span)) })
}

fn page(reading: &Reading, offset: u32) -> Option<(Span, String)> {
    let here = Span::at(offset);
    let file = &reading.file;
    let thing = thing(reading, offset).or_else(|| suppressed(reading, here)).or_else(|| {
        let placed = &file.instructions[reading.instruction_at(offset)?];
        part(reading, placed, offset)
    });
    let found = reading.found().iter().filter(|f| f.span().contains(here));
    // Of findings around each other, the one that speaks of the least.
    let found = found.min_by_key(|f| f.span().end - f.span().start);
    match (thing, found) {
        (Some((span, page)), Some(f)) => Some((span, format!("{page}\n\n---\n\n{}", meaning(f.rule.name)))),
        (None, Some(f)) => Some((f.span(), meaning(f.rule.name))),
        (thing, None) => thing,
    }
}

/// What a rule means, for a small window beside the finding's own message: the title is no headline there, and code is
/// coloured by its language alone, without what else the examples are marked with.
pub(super) fn meaning(rule: &str) -> String {
    let page = report::explain(rule);
    let lines = page.lines().enumerate().map(|(i, line)| match (i, line.strip_prefix("```")) {
        (0, _) => format!("**{}**\n", line.trim_start_matches("# ")),
        (_, Some(marks)) => format!("```{}\n", marks.split([',', ' ']).next().unwrap_or_default()),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn thing(reading: &Reading, offset: u32) -> Option<(Span, String)> {
    let file = &reading.file;
    let Some(here) = names::here(reading, offset) else { return predefined(reading, offset) };
    let page = match &here.thing {
        Thing::Variable(name, _) => {
            let index = reading.instruction_at(offset)?;
            // Where it is set, its new value counts.
            let all = |at: usize| {
                let mut settings = file
                    .globals
                    .get(name)
                    .into_iter()
                    .chain(file.states[at].stage.and_then(|s| file.stages[s].settings.get(name)));
                settings.find_map(|all| all.iter().rfind(|s| s.at == at))
            };
            let setting = all(index).filter(|_| here.defines).or_else(|| names::value(file, index, name))?;
            let what = if setting.is_env { "ENV" } else { "ARG" };
            let value = match &setting.value {
                Some(value) => format!("```\n{name}={value}\n```"),
                None => format!("`{name}` has no value that this file tells."),
            };
            let line = reading.positions.line_of(file.instructions[setting.at].at) + 1;
            format!("{value}\n`{what}` on line {line}")
        }
        Thing::Stage(index) => stage(reading, &file.stages[*index], *index),
        Thing::Heredoc(..) => return None,
    };
    Some((here.span, page))
}

/// A variable that BuildKit sets.
fn predefined(reading: &Reading, offset: u32) -> Option<(Span, String)> {
    let file = &reading.file;
    let placed = &file.instructions[reading.instruction_at(offset)?];
    let here = placed.node.expansions(file.escape).into_iter().map(|e| placed.absolute(e.name));
    let span = here.into_iter().find(|s| s.contains(Span::at(offset)))?;
    let (name, what) = reference::PREDEFINED.iter().find(|(n, _)| *n == span.of(&file.source))?;
    Some((span, format!("`{name}`: {what}")))
}

fn stage(reading: &Reading, stage: &Stage, index: usize) -> String {
    let file = &reading.file;
    let role = match stage.role {
        Role::Final => "a part of the final image",
        Role::Source => "what the final image takes files from",
        Role::Aside => "nothing that leads to the final image",
    };
    let name = stage.name.as_deref().map_or(String::new(), |n| format!(" `{n}`"));
    let from = &file.instructions[stage.instructions.start];
    let line = reading.positions.line_of(from.at) + 1;
    let steps: String = (file.instructions[stage.instructions.clone()].iter().skip(1).take(8))
        .map(|p| format!("{}\n", symbols::describe(&p.node)))
        .collect();
    let head = from.node.read(Span::new(0, from.node.text.len()));
    let image = about(reading, stage);
    format!("Stage {index}{name}, line {line}: {role}\n```dockerfile\n{head}\n{steps}```\n{image}")
}

/// The image at the bottom of a stage, and what the stage comes to with the packages that it installs.
fn about(reading: &Reading, stage: &Stage) -> String {
    let mut lines = image(stage);
    let reads = Reads::default();
    let weight = reading.as_rules_see_it(&reads).weight(stage);
    let base = facts::size(&stage.base.name, stage.base.tag.as_deref()).filter(|_| !stage.base.unknown);
    // Below two in a hundred the two digits of an estimate would be the same again.
    let tells = |w: &Weight| base.and_then(|b| b.on_disk).is_none_or(|b| w.added.on_disk.0 * 50.0 >= b.0);
    if let (Some(weight), Some(base)) = (weight.filter(tells), base) {
        let sum = |base: Option<Megabytes>, more: Megabytes| base.map(|b| Megabytes(b.0 + more.0).rounded());
        let on_disk = sum(base.on_disk, weight.added.on_disk).map(|mb| format!("{mb} on disk"));
        let compressed = sum(base.compressed, weight.added.download).map(|mb| format!("{mb} compressed"));
        let sizes = on_disk.into_iter().chain(compressed).collect::<Vec<_>>().join(", ");
        let at = lines.iter().position(|l| l.starts_with("- size")).map_or(lines.len(), |at| at + 1);
        lines.insert(
            at,
            format!("- with the packages that it installs: {} {sizes} (estimate)", weight.about()),
        );
    }
    lines.join("\n")
}

/// What the facts know about the image at the bottom of a stage.
fn image(stage: &Stage) -> Vec<String> {
    let base = &stage.base;
    if base.unknown || base.name.is_empty() {
        return vec!["The image depends on a variable without a default.".to_owned()];
    }
    let tag = base.tag.as_deref();
    let mut lines = vec![];
    let name = match (&base.tag, &base.digest) {
        (Some(tag), _) => format!("{}:{tag}", base.name),
        _ => base.name.clone(),
    };
    lines.push(format!("Image `{name}`"));
    if let Some(family) = facts::family(&base.name, tag) {
        lines.push(format!("- system: {family:?}"));
    }
    if let Some(user) = facts::default_user(&base.name, tag) {
        lines.push(format!("- runs as: `{user}`"));
    }
    if let Some(slim) = facts::slim_tag(&base.name, tag) {
        lines.push(format!("- slim variant: `{}`", slim.tag));
    }
    lines.extend(facts::size(&base.name, tag).map(|size| {
        let part = |mb: Option<Megabytes>, what| mb.map(|mb| format!("{mb} {what}"));
        let parts = [part(size.on_disk, "on disk"), part(size.compressed, "compressed")];
        let about = if size.is_estimate { "about " } else { "" };
        let estimate = if size.is_estimate { " (estimate)" } else { "" };
        format!("- size: {about}{}{estimate}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }));
    lines.extend(facts::lifetimes(&base.name, tag).iter().map(|l| format!("- end of life: {l}")));
    if facts::has_no_shell(&base.name, tag) {
        lines.push("- has no shell".to_owned());
    }
    if let Some(page) = links::page(base) {
        lines.push(format!("\n[Page of the image]({page})"));
    }
    lines
}

fn part(reading: &Reading, placed: &Placed, offset: u32) -> Option<(Span, String)> {
    let node = placed.node.effective();
    let here = Span::at(offset - placed.at);
    let entry = reference::of(node.keyword);
    if placed.node.keyword_span.contains(here) {
        let entry = reference::of(placed.node.keyword)?;
        return Some((placed.absolute(placed.node.keyword_span), entry.page() + &step(reading, offset)));
    }
    if let Some(flag) = node.flags.iter().find(|f| f.span.contains(here)) {
        let known = entry?.flags.iter().find(|f| f.name == flag.name)?;
        let mut page = format!("`--{}`: {}", known.name, known.what);
        if known.name == "mount" {
            let keys: String = MOUNT_KEYS.iter().map(|(k, what)| format!("\n- `{k}`: {what}")).collect();
            page.push_str(&keys);
        }
        return Some((placed.absolute(flag.span), page));
    }
    if let Some(from) = node.from.as_ref().filter(|f| f.image.span.contains(here)) {
        let index = reading.instruction_at(offset)?;
        let stage = &reading.file.stages[reading.file.begun_by(index)?];
        return Some((placed.absolute(from.image.span), about(reading, stage)));
    }
    if node.keyword_span.contains(here) && node.keyword != Keyword::Unknown {
        return Some((placed.absolute(node.keyword_span), entry?.page()));
    }
    package(reading, placed, offset)
}

/// What the packages of the step at `offset` add to the image, where that is known.
fn step(reading: &Reading, offset: u32) -> String {
    let reads = Reads::default();
    let file = reading.as_rules_see_it(&reads);
    let weight = reading.instruction_at(offset).and_then(|index| {
        let stage = file.here(index).stage()?;
        file.weights(stage).into_iter().find(|(at, _)| *at == index)
    });
    weight.map_or(String::new(), |(_, weight)| {
        let download = weight.added.download.rounded();
        format!("\n\nThe packages of this step take {weight} on disk, {download} to download (estimate).")
    })
}

/// The flags by which pip looks elsewhere.
const INDICES: &[&str] =
    &["-i", "--index-url", "--extra-index-url", "--index", "--default-index", "-f", "--find-links"];

/// A package of the system or of Python that the word at `offset` installs, where it is known how large it is.
fn package(reading: &Reading, placed: &Placed, offset: u32) -> Option<(Span, String)> {
    let here = Span::at(offset - placed.at);
    let commands = &placed.node.effective().script.as_ref()?.commands;
    let (command, word) = commands.iter().find_map(|command| {
        let call = command.package.as_ref().filter(|c| c.action == Action::Install)?;
        let mut operands = call.operands.iter().map(|o| &command.words[*o]);
        Some((command, operands.find(|w| w.span.contains(here))?))
    })?;
    let (archive, name) = match command.package.as_ref()?.manager {
        Manager::Apt => {
            let (reads, index) = (Reads::default(), reading.instruction_at(offset)?);
            (reading.as_rules_see_it(&reads).here(index).archive()?, package_name(word)?)
        }
        // Elsewhere there may be other builds of the same name: PyTorch without CUDA.
        Manager::Pip | Manager::Uv if !command.has_flag(INDICES) => {
            (Archive::Pypi, word.value.split(['=', '<', '>', '~', '!', '[', ';', ' ']).next()?)
        }
        _ => return None,
    };
    let size = facts::package_size(archive, name)?;
    let Added { on_disk, download } = size.needed;
    let amount =
        |mb: Megabytes| if mb.0 < 1.0 { "less than 1 MB".to_owned() } else { mb.rounded().to_string() };
    let mut page = format!(
        "`{name}` and what it needs: about {} on disk, {} to download (estimate)",
        amount(on_disk),
        amount(download)
    );
    if size.recommended.on_disk.0 >= 1.0 {
        page += &format!("\n\nWhat these recommend: {} more on disk", amount(size.recommended.on_disk));
    }
    Some((placed.absolute(word.span), page))
}

/// A rule that a comment names.
fn suppressed(reading: &Reading, here: Span) -> Option<(Span, String)> {
    let file = &reading.file;
    let inside = file.instructions.iter().flat_map(|p| p.node.comments.iter().map(|c| p.absolute(*c)));
    let comment = file.comments.iter().copied().chain(inside).find(|c| c.contains(here))?;
    let text = comment.of(&file.source);
    let at = (here.start - comment.start) as usize;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let start = text[..at].trim_end_matches(word).len();
    let end = at + text[at..].find(|c| !word(c)).unwrap_or(text.len() - at);
    let rule = crate::rules::find(&text[start..end])?;
    let span = Span { start: comment.start + start as u32, end: comment.start + end as u32 };
    Some((span, meaning(rule.name)))
}
