//! What the commands of a stage take of its base image that a slim variant lacks.
mod node;
mod python;
mod script;
mod tools;

use super::*;
use crate::facts::Lacking;
use script::{ScriptFile, script};
use std::collections::HashSet;
use tools::{compiles, fetches_safely, tools, unpacked};

/// Something that a command takes of the full image, and the package of Debian that brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// When it is needed first; what only the container needs, when the stage is complete.
    pub at: Moment,
    /// The command, in the file.
    pub span: Span,
    /// What is needed: `git`.
    pub what: String,
    /// The package.
    pub package: &'static str,
}

/// What a stage needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// What it is seen to need, in the order in which it is needed; each package once.
    pub seen: Vec<Need>,
    /// What else it may need, each a sentence without its full stop.
    pub doubts: Vec<String>,
}

/// Why it cannot be told what a stage needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The command, in the file.
    pub span: Span,
    /// The reason, as the end of a sentence.
    pub why: String,
}

impl<'a> File<'a> {
    /// What `stage`, and all that builds on it, needs of what the slim variant of its image lacks, and does not install by
    /// itself before.
    ///
    /// Seen are the commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK, and of the shell scripts of the build context that
    /// these run. Not seen is what programs start by themselves: an application that calls `git` looks like any other.
    ///
    /// # Errors
    /// Something is done whose needs cannot be seen: software is compiled, or a script runs that cannot be read.
    pub fn needs(&self, stage: &Stage, lacking: &Lacking) -> Result<Needs, Unknown> {
        let mut out = Needs::default();
        for top in self.dockerfile().stages.iter() {
            let lineage = self.lineage(top);
            if lineage.first() != Some(&stage.instructions.start) {
                continue;
            }
            let release = facts::debian_release(&stage.image.name, stage.image.tag.as_deref());
            let mut walk = Walk { lacking, release, installed: vec![], needs: vec![], doubts: vec![] };
            let is_run = |i: &usize| self.here(*i).instruction.keyword == Keyword::Run;
            let (runs, others): (Vec<usize>, Vec<usize>) = lineage.into_iter().partition(is_run);
            for here in runs.into_iter().chain(others).map(|i| self.here(i)) {
                walk.instruction(&here, stage.instructions.end)?;
            }
            walk.unexplained()?;
            out.seen.extend(walk.needs);
            out.doubts.extend(walk.doubts);
        }
        out.seen.sort_by_key(|n| (n.at, n.span.start));
        let mut packages = HashSet::new();
        out.seen.retain(|n| packages.insert(n.package));
        let mut doubts = HashSet::new();
        out.doubts.retain(|d| doubts.insert(d.clone()));
        Ok(out)
    }
}

/// What is there while the commands of a stage are gone through.
struct Walk<'l> {
    lacking: &'l Lacking,
    /// The release of Debian.
    release: Option<&'static str>,
    /// The packages that apt has installed so far, and their commands.
    installed: Vec<(String, Span)>,
    needs: Vec<Need>,
    doubts: Vec<String>,
}

/// A command, with its instruction and its place in the file.
struct Run<'c, 'a> {
    here: &'c Here<'a>,
    command: &'c Command,
    at: Moment,
    span: Span,
}

impl Run<'_, '_> {
    fn unknown(&self, why: impl Into<String>) -> Unknown {
        Unknown { span: self.span, why: why.into() }
    }
}

impl Walk<'_> {
    fn instruction(&mut self, here: &Here, end: usize) -> Result<(), Unknown> {
        let Some(script) = &here.instruction.script else { return Ok(()) };
        let placed = here.placed();
        let is_run = here.instruction.keyword == Keyword::Run && !here.is_onbuild();
        let posix = here.state().shell.is_posix() || here.instruction.form == Form::Json;
        if script.broken || !posix {
            let why = if script.broken {
                "the shell of this step cannot be read"
            } else {
                "its shell is not known"
            };
            return Err(Unknown { span: placed.absolute(placed.node.keyword_span), why: why.to_owned() });
        }
        for command in here.commands() {
            let at = if is_run { (here.index(), command.span.start) } else { (end, 0) };
            self.command(&Run { here, command, at, span: placed.absolute(command.span) }, 0)?;
        }
        Ok(())
    }

    fn command(&mut self, run: &Run, depth: usize) -> Result<(), Unknown> {
        if run.command.asks(Manager::Apt, Action::Install) {
            return self.install(run);
        }
        if self.lacking.is_nothing() {
            return Ok(());
        }
        if let Some(reason) = unpacked(run) {
            return Err(run.unknown(reason));
        }
        if let Some(reason) = compiles(run) {
            let compiler = ["gcc", "g++", "clang"];
            let there = self.installed.iter().any(|(p, _)| compiler.iter().any(|c| facts::brings(p, c)));
            // Gems are many, and what one of them links is not installed with a compiler.
            let excused = there && !matches!(run.command.program(), "bundle" | "bundler");
            if self.lacking.lacks("g++") && !excused {
                return Err(run.unknown(reason));
            }
        }
        let is_source = |w: &Word| w.value.contains("deb ") && w.value.contains("https://");
        if run.command.words.iter().any(is_source) {
            self.certificates(run);
        }
        let zone = |w: &Word| w.value.contains("/usr/share/zoneinfo/");
        if run.command.words.iter().any(zone) {
            self.time_zones(run);
        }
        self.python(run)?;
        for tool in tools(run) {
            self.tool(&tool, run)?;
        }
        if self.lacking.lacks("python3") && node::may_compile(run) {
            self.doubts
                .push("a module that node-gyp compiles then needs `python3`, `make` and `g++`".to_owned());
        }
        match script(run) {
            Some(ScriptFile::Text(text)) if depth < 3 => self.script(&text, run, depth),
            Some(ScriptFile::Unknown(name)) if depth == 0 => {
                Err(run.unknown(format!("what `{name}` runs is not known")))
            }
            _ => Ok(()),
        }
    }

    fn install(&mut self, run: &Run) -> Result<(), Unknown> {
        let recommended = !run.command.has_flag(&["--no-install-recommends"]);
        let operands =
            run.command.package.iter().flat_map(|p| &p.operands).map(|i| &run.command.words[*i].value);
        for word in operands {
            let value = expand(word, &|name| run.here.env(None, name)).unwrap_or_else(|| word.clone());
            for name in value.split_whitespace().map(|w| w.split(['=', ':', '/']).next().unwrap_or(w)) {
                let newer = matches!(self.release, Some("bookworm" | "trixie" | "forky" | "sid"));
                if !newer && is_linking_manuals(name) {
                    return Err(run.unknown(format!("installing `{name}` takes the folders of manual pages")));
                }
                let certificates = recommended && matches!(name, "curl" | "wget" | "git");
                self.installed.extend(certificates.then(|| ("ca-certificates".to_owned(), run.span)));
                self.installed.push((name.to_owned(), run.span));
            }
        }
        Ok(())
    }

    /// Notes that `tool` runs.
    fn tool(&mut self, tool: &str, run: &Run) -> Result<(), Unknown> {
        if fetches_safely(tool, run.command) {
            self.certificates(run);
        }
        let Some(package) = self.lacking.package(tool) else { return Ok(()) };
        if self.installed.iter().any(|(p, _)| facts::brings(p, package)) {
            return Ok(());
        }
        if facts::builds(package) {
            return Err(run.unknown(format!(
                "`{tool}` builds software, and which libraries of the full image that takes is not known"
            )));
        }
        self.need(tool, package, run);
        Ok(())
    }

    /// From Debian 13 on they come with the Python of Debian, not with the system.
    fn time_zones(&mut self, run: &Run) {
        let there = self.installed.iter().any(|(p, _)| p == "tzdata" || p == "python3");
        if self.lacking.lacks("python3") && matches!(self.release, Some("trixie" | "forky" | "sid")) && !there
        {
            self.need("time zones", "tzdata", run);
        }
    }

    fn certificates(&mut self, run: &Run) {
        let there = self.installed.iter().any(|(p, _)| facts::brings(p, "ca-certificates"));
        if self.lacking.lacks("ca-certificates") && !there {
            self.need("certificates", "ca-certificates", run);
        }
    }

    fn need(&mut self, what: &str, package: &'static str, run: &Run) {
        self.needs.push(Need { at: run.at, span: run.span, what: what.to_owned(), package });
    }

    /// The commands of a shell script that the build context has.
    fn script(&mut self, text: &str, run: &Run, depth: usize) -> Result<(), Unknown> {
        let other = text.lines().next().is_some_and(|l| l.starts_with("#!") && !l.contains("sh"));
        if other {
            return Ok(());
        }
        let read = Dockerfile::new(&format!("RUN <<'end of the script'\n{text}\nend of the script\n"));
        for script in read.instructions.iter().filter_map(|p| p.node.script.as_ref()) {
            if script.broken {
                return Err(run.unknown("the script that it runs cannot be read"));
            }
            for command in &script.commands {
                self.command(&Run { here: run.here, command, at: run.at, span: run.span }, depth + 1)?;
            }
        }
        Ok(())
    }

    /// Header files are installed, but no compiler: something unseen takes the one of the full image.
    fn unexplained(&self) -> Result<(), Unknown> {
        let compiler = ["gcc", "g++", "clang", "build-essential"];
        let has = |name: &str| compiler.contains(&name);
        let explained =
            self.installed.iter().any(|(p, _)| has(p)) || self.needs.iter().any(|n| has(n.package));
        let headers = self.installed.iter().find(|(p, _)| p.ends_with("-dev"));
        match headers.filter(|_| !explained && self.lacking.lacks("gcc")) {
            Some((name, span)) => Err(Unknown {
                span: *span,
                why: format!(
                    "`{name}` is installed for something that the compiler of the full image builds"
                ),
            }),
            None => Ok(()),
        }
    }
}

/// Whether it fails to install a package where the folders of manual pages are missing, before Debian 12.
fn is_linking_manuals(package: &str) -> bool {
    const MANUALS: &str = "openjdk- default-jre default-jdk postgresql";
    MANUALS.split(' ').any(|m| package.starts_with(m))
}
