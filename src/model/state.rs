//! What is in force before every instruction, folded once over the file.
use super::image::{Image, expand};
use super::instruction::{Form, Instruction, Keyword};
use super::{Placed, stage::Stage};
use std::collections::HashMap;
use std::sync::Arc;

/// The program that runs the shell text of the instructions behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// Which one.
    pub kind: ShellKind,
    /// Set by a SHELL instruction, not the default.
    pub explicit: bool,
    /// A pipeline fails when any of its commands fails.
    pub pipefail: bool,
    /// A script stops at the first command that fails.
    pub errexit: bool,
    /// It begins by reading the files of a login or interactive shell, such as `~/.profile`.
    pub login: bool,
}

/// A kind of shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellKind {
    /// `/bin/sh`, whatever the image has there.
    Sh,
    /// bash
    Bash,
    /// Another that reads POSIX shell: ash, dash, zsh, ksh.
    Posix,
    /// PowerShell
    PowerShell,
    /// cmd.exe
    Cmd,
    /// Not a shell that we know: its text is left alone.
    Other,
}

impl Shell {
    /// The default of an image: `/bin/sh -c`, on Windows `cmd /S /C`.
    pub fn default_of(windows: bool) -> Self {
        let kind = if windows { ShellKind::Cmd } else { ShellKind::Sh };
        Self { kind, explicit: false, pipefail: false, errexit: false, login: false }
    }

    fn of(instruction: &Instruction) -> Self {
        let words: Vec<&str> = instruction.words.iter().map(|w| w.value.as_str()).collect();
        let program =
            words.first().map_or("", |p| p.rsplit(['/', '\\']).next().unwrap_or(p)).to_ascii_lowercase();
        // `SHELL ["/usr/bin/env", "bash", …]`
        let program = if program == "env" { words.get(1).copied().unwrap_or("").to_owned() } else { program };
        let kind = match program.trim_end_matches(".exe") {
            "sh" => ShellKind::Sh,
            "bash" => ShellKind::Bash,
            "ash" | "dash" | "zsh" | "ksh" => ShellKind::Posix,
            "powershell" | "pwsh" => ShellKind::PowerShell,
            "cmd" => ShellKind::Cmd,
            _ => ShellKind::Other,
        };
        let options = words.iter().skip(1).filter(|w| w.starts_with('-') && !w.starts_with("--"));
        let errexit = options.clone().any(|w| w.contains('e')) || words.contains(&"errexit");
        let login = options.clone().any(|w| w.contains(['l', 'i']))
            || words.iter().any(|w| matches!(*w, "--login" | "--rcfile" | "--init-file"));
        Self { kind, explicit: true, pipefail: words.contains(&"pipefail"), errexit, login }
    }

    /// Whether it reads POSIX shell text.
    pub fn is_posix(&self) -> bool {
        matches!(self.kind, ShellKind::Sh | ShellKind::Bash | ShellKind::Posix)
    }
}

/// What is in force before an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The index of its stage; None before the first FROM.
    pub stage: Option<usize>,
    /// The last USER, its variables as they stand; None while it is the base image's.
    pub user: Option<Arc<str>>,
    /// The working directory; None while it is the base image's, or where a variable hides it.
    pub workdir: Option<Arc<str>>,
    /// Whether a WORKDIR stands before it, in this stage or a stage that it builds on.
    pub workdir_set: bool,
    /// The shell.
    pub shell: Arc<Shell>,
}

/// A variable at the point where it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The index of the instruction.
    pub at: usize,
    /// ENV (kept in the image) or ARG (for the build of this stage).
    pub is_env: bool,
    /// The value, variables expanded; None for an ARG without a default, or where an unknown variable is in it.
    pub value: Option<Arc<str>>,
}

/// The variables of a stage, or the global ARGs.
pub type Settings = HashMap<String, Vec<Setting>>;

/// The fold itself.
pub(super) struct Fold<'m> {
    mirrors: &'m [String],
    pub(super) states: Vec<State>,
    pub(super) stages: Vec<Stage>,
    pub(super) globals: Settings,
}

impl<'m> Fold<'m> {
    pub(super) fn over(instructions: &[Placed], mirrors: &'m [String]) -> Self {
        let shell = Arc::new(Shell::default_of(false));
        let now = State { stage: None, user: None, workdir: None, workdir_set: false, shell };
        let states = Vec::with_capacity(instructions.len());
        let mut fold = Fold { mirrors, states, stages: vec![], globals: HashMap::new() };
        let mut now = now;
        for (at, placed) in instructions.iter().enumerate() {
            if placed.node.keyword == Keyword::From && (fold.stages.is_empty() || begins(&placed.node)) {
                now = fold.begin(at, &placed.node, &now);
                fold.states.push(State { stage: fold.stages.len().checked_sub(1), ..now.clone() });
                continue;
            }
            fold.states.push(now.clone());
            fold.step(at, &placed.node, &mut now);
        }
        if let Some(last) = fold.stages.last_mut() {
            last.instructions.end = instructions.len();
            last.end = Some(now);
        }
        super::stage::mark_roles(&mut fold.stages, instructions);
        fold
    }

    /// Begins a stage; the answer is the state in which it begins.
    fn begin(&mut self, at: usize, instruction: &Instruction, now: &State) -> State {
        if let Some(last) = self.stages.last_mut() {
            last.instructions.end = at;
            last.end = Some(now.clone());
        }
        let image = instruction.from.as_ref().map_or("", |f| f.image.value.as_str());
        let global = |name: &str| {
            latest(&self.globals, name, usize::MAX).and_then(|s| s.value.as_deref().map(str::to_owned))
        };
        let image = Image::parse(image, global).behind(self.mirrors);
        let named = |s: &Stage| {
            s.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(&image.name)) && image.tag.is_none()
        };
        let parent = self.stages.iter().rposition(named);
        let base = parent.map_or(image.clone(), |p| self.stages[p].base.clone());
        let windows =
            crate::facts::family(&base.name, base.tag.as_deref()) == Some(crate::facts::Family::Windows);
        let start = match parent.and_then(|p| self.stages[p].end.clone()) {
            Some(end) => end,
            None => State {
                stage: None,
                user: None,
                workdir: None,
                workdir_set: false,
                shell: Arc::new(Shell::default_of(windows)),
            },
        };
        let name = instruction.from.as_ref().and_then(|f| f.alias.as_ref()).map(|a| a.value.clone());
        self.stages.push(Stage::new(at, name, image, parent, base));
        State { stage: Some(self.stages.len() - 1), ..start }
    }

    fn step(&mut self, at: usize, instruction: &Instruction, now: &mut State) {
        match instruction.keyword {
            Keyword::User => now.user = instruction.words.first().map(|w| w.value.as_str().into()),
            Keyword::Workdir => {
                now.workdir_set = true;
                let value = instruction.words.first().map_or("", |w| w.value.as_str());
                let value = expand(value, &|name| self.value(name, at)).filter(|v| !v.is_empty());
                now.workdir = match (value, &now.workdir) {
                    (Some(path), _) if path.starts_with('/') => Some(path.into()),
                    (Some(path), Some(old)) => Some(format!("{}/{path}", old.trim_end_matches('/')).into()),
                    _ => None,
                };
            }
            Keyword::Shell if instruction.form == Form::Json && !instruction.words.is_empty() => {
                now.shell = Arc::new(Shell::of(instruction));
            }
            Keyword::Env | Keyword::Arg => self.set(at, instruction),
            _ => {}
        }
    }

    fn set(&mut self, at: usize, instruction: &Instruction) {
        let is_env = instruction.keyword == Keyword::Env;
        for pair in &instruction.pairs {
            let given = pair.value.as_ref().map(|v| v.value.as_str());
            let value = match given {
                Some(v) => expand(v, &|name| self.value(name, at)),
                // A stage's `ARG NAME` takes the global default.
                None => latest(&self.globals, &pair.name.value, at)
                    .and_then(|s| s.value.as_deref().map(str::to_owned)),
            };
            let setting = Setting { at, is_env, value: value.map(Into::into) };
            let settings = self.stages.last_mut().map_or(&mut self.globals, |s| &mut s.settings);
            settings.entry(pair.name.value.clone()).or_default().push(setting);
        }
    }

    fn value(&self, name: &str, before: usize) -> Option<String> {
        let stage = self.stages.len().checked_sub(1);
        let setting = match stage {
            Some(stage) => lookup(&self.stages, stage, name, before),
            None => latest(&self.globals, name, before),
        };
        setting?.value.as_deref().map(str::to_owned)
    }
}

/// Whether a FROM begins a stage. BuildKit refuses a file in which one names no image, or ends with AS: somebody is
/// typing it, and until then what stands below goes on with the stage above.
fn begins(from: &Instruction) -> bool {
    let text = from.read(from.body);
    let words: Vec<&str> = text.split_whitespace().collect();
    !matches!(words.as_slice(), [] | [_, "AS" | "as"])
}

/// The last setting of `name` before instruction `before`.
pub(super) fn latest<'s>(settings: &'s Settings, name: &str, before: usize) -> Option<&'s Setting> {
    let all = settings.get(name)?;
    all[..all.partition_point(|s| s.at < before)].last()
}

/// As [`latest`], also in the stages that `stage` builds on: from those only ENV is inherited.
pub(super) fn lookup<'s>(
    stages: &'s [Stage],
    stage: usize,
    name: &str,
    before: usize,
) -> Option<&'s Setting> {
    let own = latest(&stages[stage].settings, name, before);
    let mut parent = stages[stage].parent;
    let mut found = own;
    while let (None, Some(p)) = (found, parent) {
        found = stages[p].settings.get(name).and_then(|all| all.iter().rfind(|s| s.is_env));
        parent = stages[p].parent;
    }
    found
}
