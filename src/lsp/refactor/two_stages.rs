//! A stage for the compiler alone: packages of Python are built in the full image and installed in the slim one.
use super::Here;
use crate::facts;
use crate::model::{Command, Keyword, Manager, Placed, Position, Source, find_stage};
use crate::text::{Edit, Span, newline};

/// Options of `pip install` that `pip wheel` has too.
const SHARED: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--no-cache-dir",
    "--no-deps",
    "--pre",
    "-q",
    "--quiet",
    "--disable-pip-version-check",
];

impl Here<'_> {
    /// The edits by which the last stage, whose FROM is this one, takes the wheels of a list of requirements from a
    /// new stage above it. That one is the same up to the `pip install`, on the full image. None where the stage installs in
    /// any other way than by one `pip install -r` with a RUN to itself, or its image has no slim variant.
    pub(super) fn two_stages(&self) -> Option<Vec<Edit>> {
        let (dockerfile, index) = (self.file.dockerfile(), self.index);
        let stage =
            dockerfile.stages.last().filter(|s| s.instructions.start == index && s.parent.is_none())?;
        let (image, tag) = (&stage.image, stage.image.tag.as_deref());
        let slim =
            facts::slim_tag(&image.name, tag).filter(|_| facts::official(&image.name) == Some("python"))?.tag;
        let from = &dockerfile.instructions[index];
        let literal = from.node.from.as_ref()?.image.literal;
        if !literal || find_stage(&dockerfile.stages, "wheels", dockerfile.stages.len()).is_some() {
            return None;
        }
        let installs = |p: &Placed| {
            let script = p.node.effective().script.as_ref();
            script.is_some_and(|s| {
                s.commands.iter().any(|c| c.package.as_ref().is_some_and(|p| p.manager == Manager::Pip))
            })
        };
        let mut runs = dockerfile.instructions[stage.instructions.clone()].iter().filter(|p| installs(p));
        let run = runs.next().filter(|_| runs.next().is_none())?;
        // Another user may not make the folder of the wheels.
        let at = dockerfile.instructions.partition_point(|p| p.at < run.at);
        if dockerfile.states[at].user.as_deref().is_some_and(|user| user != "root") {
            return None;
        }
        let install = only_install(run)?;
        let source = &dockerfile.source;
        let line = newline(source);
        let verb = &install.words[install.package.as_ref()?.verb];
        let text = &run.node.text;
        let head = &text[..run.node.body.start as usize];
        let before = &text[install.words[0].span.start as usize..verb.span.start as usize];
        let behind = &text[verb.span.end as usize..install.span.end as usize];
        let image_span = from.absolute(from.node.from.as_ref()?.image.span);
        let between = Span { start: from.span().end, end: run.at }.of(source);
        let above = Span { start: from.at, end: image_span.end }.of(source);
        let wheels =
            format!("{above} AS wheels{between}{head}{before}wheel --wheel-dir=/wheels{behind}{line}{line}");
        let mount = " --mount=type=bind,from=wheels,source=/wheels,target=/wheels";
        Some(vec![
            Edit::insert(from.at, wheels),
            self.file.retag(stage, tag, &slim).ok()?,
            Edit::insert(run.absolute(run.node.keyword_span).end, mount),
            Edit::insert(run.absolute(verb.span).end, " --no-index --find-links=/wheels"),
        ])
    }
}

/// The `pip install -r` that a RUN consists of.
fn only_install(run: &Placed) -> Option<&Command> {
    let script = run.node.script.as_ref().filter(|s| run.node.keyword == Keyword::Run && !s.broken)?;
    let [install] = &script.commands[..] else { return None };
    let plain = script.source == Source::Line
        && script.steps.len() == 1
        && install.position == Position::Step
        && install.wrappers.is_empty()
        && install.assignments.is_empty()
        && !install.redirected
        && install.words.iter().all(|w| w.literal);
    let call = install.package.as_ref().filter(|_| plain)?;
    let verb = &install.words[call.verb];
    let shared = |value: &str| SHARED.contains(&value.split('=').next().unwrap_or(value));
    let options = install.words[call.verb + 1..].iter().filter(|w| w.is_flag());
    let lists = call.requirement_files(&install.words)?;
    let fits = verb.value == "install" && options.into_iter().all(|w| shared(&w.value)) && !lists.is_empty();
    (fits && call.operands.is_empty()).then_some(install)
}

#[cfg(test)]
mod tests {
    use super::super::super::document::{Reading, Setting};
    use super::super::super::position::Encoding;
    use super::super::all;
    use super::*;
    use crate::config::Config;
    use std::sync::Arc;

    fn made(text: &str) -> Option<String> {
        let setting = Setting {
            uri: "file:///Dockerfile".parse().expect("an address"),
            path: None,
            encoding: Encoding::Utf8,
            config: Arc::new(Config::default()),
        };
        let reading = Reading::new(0, &setting, text);
        let from = reading.file.instructions[reading.file.stages.last()?.instructions.start].at;
        let all = all(&reading, Span::at(from));
        let change = all.into_iter().find(|c| c.title.starts_with("Build wheels"))?;
        Some(crate::text::apply(text, &change.edits))
    }

    #[test]
    fn wheels_are_built_in_a_stage_of_their_own() {
        let before = "\
FROM python:3.13
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD [\"python\", \"app.py\"]
";
        let after = "\
FROM python:3.13 AS wheels
WORKDIR /app
COPY requirements.txt .
RUN pip wheel --wheel-dir=/wheels --no-cache-dir -r requirements.txt

FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels pip install --no-index --find-links=/wheels --no-cache-dir -r requirements.txt
COPY . .
CMD [\"python\", \"app.py\"]
";
        assert_eq!(made(before).as_deref(), Some(after));
        let crlf = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(made(&crlf(before)), Some(crlf(after)));
    }

    #[test]
    fn other_installs_are_left_alone() {
        for text in [
            "FROM python:3.13-slim\nRUN pip install -r requirements.txt\n",
            "FROM python:3.13\nRUN pip install flask\n",
            "FROM python:3.13\nRUN pip install --user -r requirements.txt\n",
            "FROM python:3.13\nRUN pip install -r requirements.txt && pip check\n",
            "FROM python:3.13\nRUN pip install -r a.txt\nRUN pip install -r b.txt\n",
            "FROM python:3.13\nRUN pip install -r requirements.txt .\n",
            "FROM python:3.13\nUSER app\nRUN pip install -r requirements.txt\n",
            "FROM node:22\nRUN pip install -r requirements.txt\n",
            "FROM python:3.13 AS wheels\nRUN pip install -r requirements.txt\n",
        ] {
            assert_eq!(made(text), None, "{text}");
        }
    }
}
