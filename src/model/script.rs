//! The shell text of an instruction: its steps and commands. All spans are relative to the instruction's first byte.
use super::packages::{Action, Manager, PackageCall};
use super::token::Marks;
use super::word::Word;
use crate::syntax::{Grammar, Pieces, Tree, parse};
use crate::text::Span;
use std::sync::OnceLock;

/// Where the text of a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// On the instruction's own (continued) line.
    Line,
    /// In a here-document that the instruction hands to the shell as a whole.
    Heredoc,
    /// In the strings of a JSON array: one command, run without a shell.
    Json,
}

/// What joins a step to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// It is the first.
    First,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;`, `&` or a line end
    Then,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// One simple command (redirections included).
    Command,
    /// Commands joined by `|`.
    Pipeline,
    /// `if`, `for`, `{ … }`, `( … )`, a function, a negation, …
    Compound,
}

/// A step at the top level of a script: `a && b; c` has three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// All of it, redirections included.
    pub span: Span,
    /// What joins it to the step before.
    pub joint: Joint,
    /// What it is.
    pub kind: StepKind,
    /// It is sent to the background by `&`.
    pub background: bool,
}

/// Where a command stands in its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// It is the step.
    Step,
    /// It is a part of a top-level pipeline.
    Pipeline,
    /// It stands in a compound command, a subshell, a negation or a function.
    Compound,
    /// It stands in a `$( )` or `<( )`.
    Substitution,
    /// It stands in the text that another shell gets: `sh -c '…'`, `bash <<EOF`.
    Nested,
}

/// A `name=value` before a command, or alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// All of it.
    pub span: Span,
    /// The variable.
    pub name: String,
    /// Its value, quotes removed.
    pub value: String,
}

/// One simple command, at any depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// From its first assignment or wrapper to its last word; redirections behind it are not included.
    pub span: Span,
    /// What it runs under: the words `sudo -E`, `env`, `exec`, `time`, … in front of the program.
    pub wrappers: Vec<Word>,
    /// Variables set for it alone, by itself or through `env`. With no words: for the rest of the script.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments. Empty for a lone assignment.
    pub words: Vec<Word>,
    /// Its input or output is redirected.
    pub redirected: bool,
    /// The top-level step that it belongs to.
    pub step: usize,
    /// Where it stands in that step.
    pub position: Position,
    /// What it asks of a package manager.
    pub package: Option<PackageCall>,
}

impl Command {
    /// The program's name, without the folder that it is called from. Empty for a lone assignment.
    pub fn program(&self) -> &str {
        let path = self.words.first().map_or("", |w| w.value.as_str());
        path.bytes().rposition(|b| b == b'/').map_or(path, |slash| &path[slash + 1..])
    }

    /// The arguments behind the program.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether it has one of these flags: `--name` (also as `--name=…`), or `-x`, also in a cluster such as `-yx`.
    pub fn has_flag(&self, flags: &[&str]) -> bool {
        let until = self.words.iter().position(|w| w.value == "--").unwrap_or(self.words.len());
        self.words[..until].iter().skip(1).any(|w| flags.iter().any(|f| matches_flag(&w.value, f)))
    }

    /// Whether one of its words is exactly `value`.
    pub fn has_word(&self, value: &str) -> bool {
        self.arguments().iter().any(|w| w.value == value)
    }

    /// The first argument that is no flag.
    pub fn subcommand(&self) -> Option<&Word> {
        self.arguments().iter().find(|w| !w.is_flag())
    }

    /// Whether the command is run by `sudo`.
    pub fn is_sudo(&self) -> bool {
        self.wrappers.iter().any(|w| w.value == "sudo")
    }

    /// Whether it does the same with and without the files of the project: it installs packages by name, or tidies up.
    pub fn needs_no_files(&self) -> bool {
        let Some(call) = &self.package else {
            let outside = |w: &Word| w.is_flag() || w.value.starts_with(['/', '~']);
            return match self.program() {
                "rm" | "mkdir" => self.arguments().iter().all(outside),
                program => matches!(program, "set" | "corepack" | "true" | ":"),
            };
        };
        let operands = || call.operands.iter().map(|o| &self.words[*o]);
        let path = |w: &Word| w.value.contains('/') || w.value.starts_with('.') || !w.literal;
        let by_name = !operands().any(path);
        match call.manager {
            Manager::Apt | Manager::Apk | Manager::Yum | Manager::Dnf | Manager::Microdnf => by_name,
            _ if call.action == Action::Clean => true,
            Manager::Npm => by_name && !call.operands.is_empty() && self.has_flag(&["-g", "--global"]),
            Manager::Pip | Manager::Gem => {
                let file = ["-r", "--requirement", "-e", "--editable", "-c", "--constraint"];
                by_name && !call.operands.is_empty() && call.action != Action::Other && !self.has_flag(&file)
            }
            _ => false,
        }
    }

    /// Whether running it changes the shell for the commands behind it: directory, variables, options, functions,
    /// file descriptors, or whether they run at all.
    pub fn changes_shell(&self) -> bool {
        if self.words.is_empty() {
            return true;
        }
        if self.wrappers.iter().any(|w| w.value == "exec") {
            return true;
        }
        matches!(
            self.words[0].value.as_str(),
            "cd" | "pushd"
                | "popd"
                | "export"
                | "declare"
                | "typeset"
                | "readonly"
                | "local"
                | "set"
                | "unset"
                | "shopt"
                | "umask"
                | "ulimit"
                | "trap"
                | "."
                | "source"
                | "eval"
                | "exec"
                | "exit"
                | "return"
                | "alias"
                | "unalias"
                | "read"
                | "getopts"
                | "shift"
                | "hash"
                | "wait"
                | "break"
                | "continue"
                | "enable"
                | "mapfile"
                | "readarray"
                | "let"
                | "nvm"
                | "conda"
                | "function"
        )
    }
}

fn matches_flag(word: &str, flag: &str) -> bool {
    if let Some(letter) = flag.strip_prefix('-').filter(|f| f.len() == 1) {
        let cluster = word.strip_prefix('-').filter(|w| !w.starts_with('-'));
        return cluster.is_some_and(|c| c.split('=').next().unwrap_or(c).contains(letter));
    }
    word.strip_prefix(flag)
        .is_some_and(|rest| rest.is_empty() || (flag.starts_with("--") && rest.starts_with('=')))
}

/// The shell text of an instruction, or the one command of a JSON form.
#[derive(Clone, Debug)]
pub struct Script {
    /// All of it.
    pub span: Span,
    /// Where it stands.
    pub source: Source,
    /// The program named by a `#!` line of a heredoc.
    pub interpreter: Option<String>,
    /// The steps at its top level. Empty for a JSON form.
    pub steps: Vec<Step>,
    /// Every simple command at any depth, in the order of their first bytes.
    pub commands: Vec<Command>,
    /// A here-document or a here-string is inside.
    pub has_heredoc: bool,
    /// It holds a `# comment` of the shell, which runs to the end of the joined line.
    pub has_comment: bool,
    /// The shell grammar found an error, or it is nested too deeply to be read.
    pub broken: bool,
    /// The tree that it was read from, for the next edit. Kept of instructions that are being edited alone: trees are by
    /// far the largest part of a file in memory.
    pub(super) tree: Option<Tree>,
    /// What the grammar reads of it; nothing where it is not read.
    pub(super) pieces: Pieces,
    /// What an editor marks in it, found when first asked for.
    pub(super) marks: OnceLock<Marks>,
}

impl Script {
    /// Gives back the memory that its lists do not need.
    pub(super) fn shrink(&mut self) {
        self.steps.shrink_to_fit();
        self.commands.shrink_to_fit();
        for command in &mut self.commands {
            command.wrappers.shrink_to_fit();
            command.assignments.shrink_to_fit();
            command.words.shrink_to_fit();
        }
    }

    /// Its tree; None for a JSON form, and for what is too deep or too long to be parsed.
    pub(super) fn tree(&self, text: &str) -> Option<Tree> {
        let readable = !self.pieces.0.is_empty();
        self.tree.clone().or_else(|| readable.then(|| parse(Grammar::Shell, text, &self.pieces)))
    }

    /// The commands that make up step `step`, at any depth.
    pub fn commands_of(&self, step: usize) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(move |c| c.step == step)
    }

    /// The one package manager that it calls in each of its steps, to install, remove or clean, and nothing else.
    pub fn only_calls(&self) -> Option<Manager> {
        let steps = self.commands.iter().filter(|c| c.position == Position::Step);
        let call = |c: &Command| Some(c.package.as_ref().filter(|p| p.action != Action::Other)?.manager);
        let mut managers = steps.map(call);
        let first = managers.next()??;
        let mut count = 1;
        let all = managers.inspect(|_| count += 1).all(|m| m == Some(first));
        (all && count == self.steps.len()).then_some(first)
    }

    /// Whether every step runs only when the one before succeeded, and none is left in the background.
    pub fn is_chain(&self) -> bool {
        self.stops_at_failure_until(self.steps.len())
    }

    /// Whether `command` has run wherever the script ended well: no condition, `||` or other shell stands around it.
    pub fn surely_runs(&self, command: &Command) -> bool {
        let Some(step) = self.steps.get(command.step) else { return self.source == Source::Json };
        let plain = matches!(command.position, Position::Step | Position::Pipeline) && !step.background;
        plain
            && match step.joint {
                Joint::First | Joint::Then => true,
                Joint::And => self.is_chain(),
                Joint::Or => false,
            }
    }

    /// Whether `set -e` is in force when step `step` begins.
    pub fn is_errexit_at(&self, step: usize) -> bool {
        let before = self.commands.iter().filter(|c| c.step < step);
        before.into_iter().any(sets_errexit)
    }

    /// Whether nothing before `end` runs regardless of what failed before it: steps are joined by `&&` and `||`, or by
    /// `;` under `set -e`, and none runs in the background.
    pub fn is_one_list_until(&self, end: usize) -> bool {
        let steps = self.steps.iter().enumerate().take(end);
        steps.into_iter().all(|(i, s)| !s.background && (s.joint != Joint::Then || self.is_errexit_at(i)))
    }

    /// Whether the steps before `end` are joined by `&&`, or by `;` under `set -e`, and none runs in the background.
    pub fn stops_at_failure_until(&self, end: usize) -> bool {
        let mut errexit = false;
        for (i, step) in self.steps.iter().enumerate().take(end) {
            let ok = match step.joint {
                Joint::First | Joint::And => true,
                Joint::Then => errexit,
                Joint::Or => false,
            };
            if !ok || step.background {
                return false;
            }
            errexit |= step.kind == StepKind::Command && self.commands_of(i).any(sets_errexit);
        }
        true
    }
}

/// `set -e`, `set -eux`, `set -o errexit`.
fn sets_errexit(command: &Command) -> bool {
    command.program() == "set"
        && command.position == Position::Step
        && (command.has_flag(&["-e"]) || command.has_word("errexit"))
}
