//! What a COPY brings, and the steps that change its rights afterwards.
use super::{Command, Copied, Edit, FAR, Fact, File, Here, Keyword, Position, Source, Stage, Word, facts};

impl<'a> Here<'a> {
    /// Where a COPY or ADD puts what it brings, an absolute path. None for anything else, and where it is not known.
    pub fn copy_target(&self) -> Option<String> {
        let copies = matches!(self.instruction.keyword, Keyword::Copy | Keyword::Add);
        let to = self.instruction.words.last().filter(|w| copies && w.literal)?;
        self.absolute(&to.value).filter(|path| path.starts_with('/'))
    }

    /// A COPY or ADD with one more flag, such as `--chown=app`.
    pub fn copied_with(&self, flag: &str) -> Edit {
        let flags = self.instruction.flags.iter().map(|f| f.span.end);
        let at = flags.max().unwrap_or(self.instruction.keyword_span.end);
        Edit::insert(self.placed().at + at, format!(" {flag}"))
    }

    /// Whether what a COPY takes from the context is a file: it is one there, or has an extension.
    pub fn is_file(&self, copied: &Copied) -> bool {
        let name = copied.source.rsplit('/').next().unwrap_or_default();
        let extension = name.rfind('.').is_some_and(|dot| dot > 0 && !name.ends_with(".d"));
        let context = self.file().context();
        context.is_file(copied.source) || extension && !context.is_folder(copied.source)
    }

    /// Whether what a COPY takes from the context is the file `path` afterwards. A name that is not its own may be that of a
    /// folder, which it goes into.
    pub fn is_file_at(&self, copied: &Copied, path: &str) -> bool {
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let (own, name) = (last(copied.source), last(path));
        let script = own.strip_suffix(".sh") == Some(&name);
        let named = own == name || script || name.contains('.') && !name.ends_with(".d");
        named && self.is_file(copied) && copied.lands_at(path) && !facts::is_system_folder(path)
    }

    /// Whether this COPY or ADD brings the file `path`.
    pub fn brings_file(&self, path: &str) -> bool {
        self.copied().is_some_and(|all| all.iter().any(|c| self.is_file_at(c, path)))
    }

    /// The COPY and ADD instructions of the stage before this instruction whose target is known. None of them where it stands too far
    /// down for all of them to be looked at.
    pub fn copies_before(&self) -> Vec<Here<'a>> {
        let near = |stage: &&Stage| self.index() - stage.instructions.start <= FAR;
        let Some(stage) = self.stage().filter(near) else { return vec![] };
        let before = (stage.instructions.start..self.index()).map(|i| self.file().here(i));
        before.filter(|h| !h.is_onbuild() && h.copy_target().is_some()).collect()
    }

    /// Whether the folder that holds `path` is there before this instruction: a COPY that makes it gives it its flags too.
    pub fn has_parent_of(&self, path: &str) -> bool {
        let Some((parent, _)) = path.rsplit_once('/') else { return false };
        let workdir = self.state().workdir.as_deref();
        parent.is_empty() || facts::is_system_folder(parent) || workdir.is_some_and(|w| is_under(w, parent))
    }

    /// The absolute path that `word` names for a command of a RUN. None for the root folder, and where it is not known.
    pub fn path_of(&self, command: &Command, word: &Word) -> Option<String> {
        let path = word.value.trim_end_matches('/');
        let whole = if word.value.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}/{path}", self.folder_of(command)?.trim_end_matches('/'))
        };
        let whole = whole.strip_suffix("/.").unwrap_or(&whole).replace("/./", "/");
        (whole.len() > 1 && !whole.contains("..")).then_some(whole)
    }

    /// Whether a command of this RUN can be taken out, its effect being reached elsewhere: it surely runs, and nothing else is
    /// done with it.
    pub fn is_replaceable(&self, command: &Command) -> bool {
        let script = self.instruction.script.as_ref();
        command.wrappers.is_empty()
            && command.assignments.is_empty()
            && !command.redirected
            && command.position == Position::Step
            && script.is_some_and(|s| s.source == Source::Line && s.surely_runs(command))
    }
}

/// It uses a flag or a here-document that the builder before BuildKit does not know.
#[derive(PartialEq)]
struct NeedsBuildKit(bool);

impl Fact for NeedsBuildKit {
    fn of(file: &File) -> Self {
        let flags = ["mount", "network", "security", "link", "chmod", "exclude", "parents", "checksum"];
        Self(file.dockerfile().instructions.iter().map(|p| p.node.effective()).any(|node| {
            !node.heredocs.is_empty() || node.flags.iter().any(|f| flags.contains(&f.name.as_str()))
        }))
    }
}

impl File<'_> {
    /// Whether nothing but BuildKit can build it.
    pub fn needs_buildkit(&self) -> bool {
        self.fact::<NeedsBuildKit>().0
    }

    /// Whether `# syntax=` names a version of Docker's frontend before this one.
    pub fn has_frontend_before(&self, version: (u32, u32)) -> bool {
        let name = self.syntax().and_then(|s| s.split('@').next());
        let tag = name.and_then(|n| n.rsplit_once(':')).map_or("", |(_, tag)| tag);
        let mut numbers = tag.split(['.', '-']).map(str::parse::<u32>);
        matches!((numbers.next(), numbers.next()), (Some(Ok(a)), Some(Ok(b))) if (a, b) < version)
    }
}

/// Whether `path` is `folder` or lies in it.
pub fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
