//! An instruction under check, as rules see it.
use super::*;
use std::sync::Arc;

/// A file or folder that a COPY or ADD takes from the build context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied<'a> {
    /// Its path in the context; `.` for all of it.
    pub source: &'a str,
    /// Where it goes, an absolute path.
    pub target: String,
    /// Whether that is a folder for sure. A single file may be given the name itself.
    pub folder: bool,
}

impl Copied<'_> {
    /// Whether the source, taken for a file, is found at `path` afterwards.
    pub fn lands_at(&self, path: &str) -> bool {
        let name = self.source.rsplit('/').next().unwrap_or(self.source);
        let inside = path.strip_suffix(name).and_then(|p| p.strip_suffix('/'));
        inside == Some(self.target.trim_end_matches('/')) || !self.folder && self.target == path
    }
}

/// An instruction under check: what it is, and what is in force before it.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    file: File<'a>,
    index: usize,
    /// The instruction; of an ONBUILD, what it defers.
    pub instruction: &'a Instruction,
}

impl<'a> Here<'a> {
    pub(super) fn new(file: File<'a>, index: usize) -> Self {
        Self { file, index, instruction: file.model().instructions[index].node.effective() }
    }
    /// The file.
    pub fn file(&self) -> File<'a> {
        self.file
    }
    /// Its index in the file.
    pub fn index(&self) -> usize {
        self.file.placed(self.index);
        self.index
    }
    /// The instruction as it stands in the file, an ONBUILD included.
    pub fn placed(&self) -> &'a Placed {
        self.file.placed(self.index)
    }
    /// The same, for what needs nothing but its words.
    pub fn written(&self) -> &'a Instruction {
        &self.file.model().instructions[self.index].node
    }
    /// Something about the whole file.
    pub fn fact<F: Fact>(&self) -> Arc<F> {
        self.file.fact()
    }
    /// What the user chose.
    pub fn settings(&self) -> &'a Settings {
        self.file.settings
    }
    /// The escape character of the file.
    pub fn escape(&self) -> char {
        self.file.escape()
    }
    /// The line ending of the file.
    pub fn newline(&self) -> &'static str {
        self.file.newline()
    }
    /// What is in force before it.
    pub fn state(&self) -> &'a State {
        &self.file.model().states[self.index]
    }
    /// What is in force behind it. None before the first FROM.
    pub fn state_behind(&self) -> Option<&'a State> {
        let stage = self.stage()?;
        let next = self.index + 1;
        if stage.instructions.contains(&next) {
            Some(self.file.here(next).state())
        } else {
            stage.end_state()
        }
    }
    /// Its stage; None before the first FROM.
    pub fn stage(&self) -> Option<&'a Stage> {
        self.file.placed(self.index);
        self.own_stage()
    }
    /// Its stage, for what an edit elsewhere leaves as it is: the base image and the role.
    fn own_stage(&self) -> Option<&'a Stage> {
        self.state().stage.map(|s| &self.file.model().stages[s])
    }
    /// Whether it stands behind ONBUILD: it runs in another build, on top of this image.
    pub fn is_onbuild(&self) -> bool {
        self.written().keyword == Keyword::Onbuild
    }
    /// The image that its stage starts from; None where that is another stage of the file.
    pub fn starts_from(&self) -> Option<&'a Image> {
        self.own_stage().filter(|s| s.parent.is_none()).map(|s| &s.image)
    }
    /// The image at the bottom of its stage, where it is known.
    pub fn base(&self) -> Option<&'a Image> {
        self.own_stage().map(|s| &s.base).filter(|b| !b.unknown)
    }
    /// The OS family of that image, where it is known.
    pub fn family(&self) -> Option<facts::Family> {
        self.base().and_then(|b| facts::family(&b.name, b.tag.as_deref()))
    }
    /// The value of `name` in the environment of a command: set for it alone, or by ENV or ARG. None when it is not set
    /// or not known.
    pub fn env(&self, command: Option<&Command>, name: &str) -> Option<String> {
        let own = command.and_then(|c| c.assignments.iter().rfind(|a| a.name == name));
        match own {
            Some(own) => Some(own.value.clone()),
            None => self.variable(name)?.value.as_deref().map(str::to_owned),
        }
    }
    /// The index of the RUN directly above this one, where the two could be one.
    pub fn run_above(&self) -> Option<usize> {
        let is_run = self.written().keyword == Keyword::Run;
        is_run.then(|| self.file.run_above(self.index())).flatten()
    }
    /// What ENV or ARG set `name` to before it. None when none did.
    pub fn variable(&self, name: &str) -> Option<&'a Setting> {
        let setting = self.file.model().variable(self.index, name);
        let told = setting.map(|s| (s.is_env, s.value.clone()));
        self.file.reads().variable((name.to_owned(), told));
        setting
    }
    /// Whether `name` is set to a yes: `1`, `true`, `on`, `yes`.
    pub fn env_is_on(&self, command: Option<&Command>, name: &str) -> bool {
        let value = self.env(command, name).unwrap_or_default();
        matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes" | "y" | "t")
    }
    /// The absolute path that `path` names for it: `.` removed, and `?` for the base image's own working directory. None
    /// with `..`.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let start = if path.starts_with('/') { "" } else { self.state().workdir.as_deref().unwrap_or("?") };
        let parts = start.split('/').chain(path.split('/')).filter(|p| !p.is_empty() && *p != ".");
        let parts: Vec<&str> = parts.collect();
        let known = if parts.first() == Some(&"?") { "" } else { "/" };
        (!parts.contains(&"..")).then(|| format!("{known}{}", parts.join("/")))
    }
    /// The folder that a command of a RUN works in, `cd` before it included. None where that is not known.
    pub fn folder_of(&self, command: &Command) -> Option<String> {
        let mut folder = self.absolute(".").filter(|f| f.starts_with('/'))?;
        let before = self.commands().iter().filter(|c| c.span.start < command.span.start);
        for cd in before.filter(|c| matches!(c.program(), "cd" | "pushd" | "popd")) {
            let [to] = cd.arguments() else { return None };
            let plain = cd.program() == "cd" && cd.position == Position::Step && to.literal;
            if !plain || to.value.contains("..") {
                return None;
            }
            let to = to.value.trim_start_matches("./").trim_end_matches('/');
            folder = if to.starts_with('/') {
                to.to_owned()
            } else {
                format!("{}/{to}", folder.trim_end_matches('/'))
            };
        }
        matches!(command.position, Position::Step | Position::Pipeline).then_some(folder)
    }
    /// What a COPY or ADD takes from the build context. None for anything else, and where a name is not literal.
    pub fn copied(&self) -> Option<Vec<Copied<'a>>> {
        let this = self.instruction;
        let plain =
            matches!(this.keyword, Keyword::Copy | Keyword::Add) && this.heredocs.is_empty() && !this.broken;
        let (to, from) = this.words.split_last()?;
        let literal = |w: &Word| w.literal && !w.value.contains(['*', '?', '[']) && !w.value.contains("://");
        if !plain || this.flag("from").is_some() || !this.words.iter().all(literal) {
            return None;
        }
        let target = self.absolute(&to.value)?;
        let folder = from.len() > 1
            || to.value.ends_with('/')
            || to.value == "."
            || Some(&target) == self.absolute(".").as_ref();
        let source = |w: &'a Word| w.value.trim_start_matches("./").trim_matches('/');
        let one = |w: &'a Word| Copied {
            source: if source(w).is_empty() { "." } else { source(w) },
            target: target.clone(),
            folder,
        };
        Some(from.iter().map(one).collect())
    }
    /// Whether a cache or tmpfs mount of this RUN covers `path`: it is the mount's target, lies below it or above it.
    pub fn mounts(&self, path: &str) -> bool {
        self.mount_targets().iter().any(|target| {
            let target = target.trim_end_matches('/');
            path.starts_with(target) || target.starts_with(path.trim_end_matches('/'))
        })
    }
    /// The edit by which this RUN gets a cache mount at `target`.
    pub fn cache_mount(&self, target: &str) -> Edit {
        let flags = self.instruction.flags.iter().map(|f| f.span.end);
        let at = flags.max().unwrap_or(self.instruction.keyword_span.end);
        Edit::insert(at, format!(" --mount=type=cache,target={target}"))
    }
    /// The targets of the cache and tmpfs mounts of this RUN.
    pub fn mount_targets(&self) -> Vec<&'a str> {
        let mounts =
            self.instruction.flags.iter().filter(|f| f.name == "mount").map(|f| f.value.value.as_str());
        let kept = mounts.filter(|m| m.split(',').any(|kv| matches!(kv, "type=cache" | "type=tmpfs")));
        kept.flat_map(|m| m.split(','))
            .filter_map(|kv| {
                let (key, value) = kv.split_once('=')?;
                matches!(key, "target" | "dst" | "destination").then_some(value)
            })
            .collect()
    }
    /// Its commands, as far as rules may speak about them: those of a POSIX shell, or of no shell at all.
    pub fn commands(&self) -> &'a [Command] {
        let instruction = self.instruction;
        let Some(script) = &instruction.script else { return &[] };
        let interpreter = script.interpreter.as_deref().unwrap_or("sh");
        let posix = matches!(interpreter, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh");
        let shell = self.state().shell.is_posix() || instruction.form == Form::Json;
        let runs = matches!(
            instruction.keyword,
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
        );
        if script.broken || !posix || !shell || !runs { &[] } else { &script.commands }
    }
    /// The user that runs it, where the file or the facts tell. A variable is kept as written.
    pub fn user(&self) -> Option<&'a str> {
        if let Some(user) = self.state().user.as_deref() {
            return Some(user);
        }
        let base = self.base()?;
        facts::default_user(&base.name, base.tag.as_deref())
    }
    /// Whether root is known to run it.
    pub fn is_root(&self) -> bool {
        self.user().is_some_and(|u| matches!(u.split(':').next(), Some("root" | "0")))
    }
    /// Another argument right behind `word`, written the way the command is written.
    pub fn argument_after(&self, word: &Word, argument: &str) -> Edit {
        let text =
            if word.quoting == Quoting::Json { format!(", \"{argument}\"") } else { format!(" {argument}") };
        Edit::insert(word.span.end, text)
    }
    /// Whether a variable among the words of `command` may stand for flags: its value begins with a dash, or its name
    /// says so.
    pub fn has_hidden_flags(&self, command: &Command) -> bool {
        let variables =
            command.arguments().iter().filter(|w| w.value.starts_with('$') && !w.value.starts_with("$("));
        variables.into_iter().any(|w| {
            let name = w.value.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let hints = ["OPT", "FLAG", "ARG", "YES"];
            match self.env(None, name) {
                Some(value) => value.trim_start().starts_with('-'),
                None => hints.iter().any(|h| name.to_ascii_uppercase().contains(h)),
            }
        })
    }
    /// `text` in the place of `word`, written the way the command is written.
    pub fn word_as(&self, word: &Word, text: &str) -> Edit {
        let text = if word.quoting == Quoting::Json { format!("\"{text}\"") } else { text.to_owned() };
        Edit::replace(word.span, text)
    }
    /// Whether what it leaves behind becomes part of the final image: it stands in the last stage, or in one that that
    /// stage builds on.
    pub fn is_kept(&self) -> bool {
        self.own_stage().is_none_or(|s| s.role == Role::Final)
    }
    /// The instructions that run on top of it, in the order of the file: those behind it in its stage, and those of
    /// the stages that build on its stage.
    pub fn followers(&self) -> impl Iterator<Item = Here<'a>> + use<'a> {
        let (file, index) = (self.file, self.index());
        // In a part of a file, which has no stage, all that follows may run on top of it.
        let rest = || (0..file.dockerfile().instructions.len()).collect();
        let all = self.stage().map_or_else(rest, |stage| file.built_on(stage));
        all.into_iter().filter(move |i| *i > index).map(move |i| file.here(i))
    }
}
