//! # `CMD` or `ENTRYPOINT` in shell form
//!
//! The command runs under `/bin/sh -c`. That shell need not pass on the signal that asks the container to stop, which
//! then waits until it is killed; and arguments of `docker run` never reach an `ENTRYPOINT`.
//!
//! ```diff
//!  FROM python:3.13-slim
//! -CMD gunicorn --bind 0.0.0.0:8000 'app:create_app()'
//! +CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:create_app()"]
//! ```
//!
//! The fix is offered for one plain command, and where the base image or an `ENTRYPOINT` may look at how it is called,
//! only as an unsafe one. Where a shell is needed, a leading `exec` keeps it out of the way.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! CMD gunicorn --bind 0.0.0.0:$PORT app:app
//! ```
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! CMD exec gunicorn --bind 0.0.0.0:$PORT app:app
//! ```
//!
//! An array that is not quite JSON is a shell command too, and not the one that it looks like.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! -CMD ['flask', 'run',]
//! +CMD ["flask", "run"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "shell-form-command",
    aliases: &["DL3025", "JSONArgsRecommended"],
    severity: Severity::Warning,
    on: true,
    check: Check::Instruction(check),
};

/// Commands of the shell itself; a program of that name may be missing, or differ.
const BUILTINS: &[&str] = &[
    ".", ":", "[", "alias", "bg", "builtin", "cd", "command", "echo", "eval", "exec", "exit", "export",
    "false", "fg", "jobs", "kill", "printf", "pwd", "read", "return", "set", "shift", "source", "test",
    "time", "times", "trap", "true", "type", "ulimit", "umask", "unset", "wait",
];

/// Where programs of the distribution lie.
const SYSTEM: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

fn check(here: &Here) -> Vec<Finding> {
    let instruction = here.instruction;
    let wanted = matches!(instruction.keyword, Keyword::Cmd | Keyword::Entrypoint);
    let Some(script) = instruction.script.as_ref().filter(|s| wanted && s.source == Source::Line) else {
        return vec![];
    };
    let text = instruction.read(instruction.body);
    if text.starts_with('[') && text.trim_end().ends_with(']') && !text.contains("&&") {
        let message = "this is not quite JSON, so a shell gets it, brackets and all";
        return vec![Finding::new(instruction.body, message).fix(repaired(here, &text))];
    }
    let shell = &here.state().shell;
    let replaces =
        script.commands.iter().any(|c| c.wrappers.iter().chain(&c.words).any(|w| w.value == "exec"));
    // A shell that the file chose is meant to run it.
    if !shell.is_posix() || shell.explicit || script.broken || replaces {
        return vec![];
    }
    let message = "a shell runs this, and need not pass on the signal that stops the container";
    vec![Finding::new(instruction.keyword_span, message).fix(array(here, script))]
}

/// The one command of `script` as an array.
fn array(here: &Here, script: &Script) -> Option<Fix> {
    let [step] = script.steps.as_slice() else { return None };
    let mut commands = script.commands.iter();
    let command = commands.next()?;
    let nested = commands.clone().next().is_some();
    let one =
        step.kind == StepKind::Command && !step.background && !script.has_heredoc && !script.has_comment;
    let plain = command.position == Position::Step
        && command.wrappers.is_empty()
        && command.assignments.is_empty()
        && !command.redirected
        && commands.all(|c| c.position == Position::Nested);
    let literal = |w: &Word| {
        let raw = w.span.of(&here.instruction.text);
        w.literal && !raw.contains('\n') && !(nested && w.value.contains(['\\', '$', '`', '"']))
    };
    let program = command.words.first()?;
    if !one || !plain || here.is_onbuild() || !command.words.iter().all(literal) || !is_program(here, program)
    {
        return None;
    }
    let safety = if here.instruction.keyword == Keyword::Cmd { as_cmd(here)? } else { as_entrypoint(here)? };
    let last = command.words.len() - 1;
    let edits = command.words.iter().enumerate().map(|(i, word)| {
        let (open, close) = (if i == 0 { "[" } else { "" }, if i == last { "]" } else { "," });
        Edit::replace(word.span, format!("{open}{}{close}", json_string(&word.value)))
    });
    Some(Fix::new(safety, Scope::Format, "Write it as a JSON array", edits.collect()))
}

/// Whether the first word is a program that starts without a shell: a script without `#!` does not.
fn is_program(here: &Here, word: &Word) -> bool {
    let path = word.value.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let from_system = SYSTEM.iter().any(|s| path.strip_prefix(s) == Some(name));
    if name.is_empty() || BUILTINS.contains(&path) {
        return false;
    }
    let mut may_be_own =
        path.contains('/') && !from_system || name.contains('.') && !name.starts_with("python");
    for placed in here.stage().into_iter().flat_map(|s| here.file().instructions(s)).map(|(_, i)| i) {
        match placed.node.keyword {
            Keyword::Copy | Keyword::Add => {
                let Some((to, from)) = placed.node.words.split_last() else { continue };
                let source = from.iter().find(|w| w.value.rsplit('/').next() == Some(name));
                if source.is_some_and(|s| {
                    here.file().context().read(&s.value).is_some_and(|t| t.starts_with("#!"))
                }) {
                    return true;
                }
                let to = to.value.trim_end_matches('/');
                may_be_own |= source.is_some() || to.ends_with(&format!("/{name}")) || to.ends_with("bin");
            }
            Keyword::Run => may_be_own |= placed.node.text.contains(&format!("bin/{name}")),
            _ => {}
        }
    }
    !may_be_own
}

/// How sure it is that this CMD is started as it stands, and not handed to an entrypoint that looks at it.
fn as_cmd(here: &Here) -> Option<Safety> {
    let lineage = here.stage().map_or(vec![], |stage| here.file().lineage(stage));
    let all = lineage.into_iter().map(|i| here.file().placed(i));
    let entrypoint = all.rev().find(|i| i.node.keyword == Keyword::Entrypoint);
    match entrypoint {
        // It ignores CMD.
        Some(e) if e.node.form == Form::Plain => None,
        Some(_) => Some(Safety::Unsafe),
        None if here.base().is_some_and(|b| facts::starts_as_told(&b.name)) => Some(Safety::Safe),
        None => Some(Safety::Unsafe),
    }
}

/// An ENTRYPOINT in JSON form gets the words of CMD behind its own: here and in stages that build on this one.
fn as_entrypoint(here: &Here) -> Option<Safety> {
    let mut all = here.file().built_on(here.stage()?).into_iter().map(|i| here.file().placed(i));
    let with_cmd = all.any(|i| i.node.keyword == Keyword::Cmd);
    (!with_cmd).then_some(Safety::Safe)
}

/// With the quotes of JSON, and no comma behind the last string.
fn repaired(here: &Here, text: &str) -> Option<Fix> {
    let body = here.instruction.body;
    let curly = text.replace(['“', '”', '„'], "\"");
    let quoted = if curly.contains('"') { curly } else { curly.replace('\'', "\"") };
    let inner = quoted.trim_end().strip_suffix(']')?.trim_end();
    let fixed = format!("{}]", inner.strip_suffix(',').unwrap_or(inner));
    let edit = Edit::replace(body, fixed);
    let sound = is_json_array(&edit.text) && !body.of(&here.instruction.text).contains('\n');
    sound.then(|| Fix::risky(Scope::Config, "Write it as JSON", vec![edit]))
}
