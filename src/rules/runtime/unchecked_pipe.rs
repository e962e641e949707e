//! # A pipe hides a failure
//!
//! The result of `a | b` is that of `b`: when the download in `curl … | sh` fails, the step succeeds, and so does the
//! build. With `pipefail` the shell reports the failure of either.
//!
//! ```diff,unsafe
//!  FROM alpine:3.22
//! -RUN wget -qO- https://example.com/install.sh | sh
//! +RUN set -o pipefail && wget -qO- https://example.com/install.sh | sh
//! ```
//!
//! The `sh` of Debian and Ubuntu does not know `pipefail`, so there the fix changes the shell, for the whole stage.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//! +SHELL ["/bin/bash", "-o", "pipefail", "-c"]
//!  RUN curl -fsS https://example.com/install.sh | sh
//! ```
//!
//! The fix is unsafe, as a command may fail that always failed unseen. It is not made where a command ends early on
//! purpose (`| head`), or says no by failing (`grep … |`).
//!
//! Silent where `pipefail` is set, and where what stands before the pipe cannot fail in a way that matters.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN echo deb https://example.com stable main | tee /etc/apt/sources.list.d/x.list
//! RUN cat /etc/passwd | sort | head -n 1
//! SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
//! RUN curl -fsS https://example.com/install.sh | sh
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unchecked-pipe",
    aliases: &["DL4006"],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    let unchecked = |index| Some((file.here(index), unchecked(&file.here(index))?));
    // One SHELL is enough for a stage and all that build on it.
    let mut is_due = false;
    let mut out = vec![];
    for (here, span) in file.lineage(stage).into_iter().filter_map(unchecked) {
        if stage.instructions.contains(&here.index()) {
            let fix = match knows_pipefail(&here) {
                true => set_option(&here),
                false if is_due => None,
                false => set_shell(&here),
            };
            let message = "a failure before the `|` goes unnoticed, and the build goes on without its output";
            out.push(Finding::new(span, message).fix(fix).shift(here.placed().at));
        }
        is_due |= !knows_pipefail(&here);
    }
    out
}

/// The first pipe of a RUN that hides a failure.
fn unchecked(here: &Here) -> Option<Span> {
    let (instruction, shell) = (here.instruction, &here.state().shell);
    let script = instruction.script.as_ref()?;
    // Most scripts have no pipe.
    script.steps.iter().find(|s| s.kind == StepKind::Pipeline)?;
    let sets = |c: &Command| c.program() == "set" && c.has_word("pipefail");
    let own_interpreter = script.interpreter.is_some();
    let silent = here.commands().is_empty() || here.commands().iter().any(sets);
    if instruction.keyword != Keyword::Run || shell.pipefail || own_interpreter || silent {
        return None;
    }
    let (i, _) = script.steps.iter().enumerate().find(|(i, step)| {
        let pipe = step.kind == StepKind::Pipeline && !failure_is_expected(script, *i);
        let parts: Vec<&Command> =
            script.commands_of(*i).filter(|c| c.position == Position::Pipeline).collect();
        let Some((last, before)) = parts.split_last() else { return false };
        pipe && !checks_input(last) && before.iter().any(|c| !cannot_fail(c))
    })?;
    let first = script.commands_of(i).find(|c| c.position == Position::Pipeline && !cannot_fail(c))?;
    Some(first.span)
}

/// `| grep word`: no word, no success.
fn checks_input(last: &Command) -> bool {
    matches!(last.program(), "grep" | "egrep" | "fgrep")
        && !last.has_flag(&["-v", "-c", "--invert-match", "--count"])
}

/// `a | b || true`
fn failure_is_expected(script: &Script, step: usize) -> bool {
    let next = script.steps.get(step + 1).filter(|s| s.joint == Joint::Or);
    let ignores = |c: &Command| matches!(c.program(), "true" | ":" | "echo" | "printf");
    next.is_some() && script.commands_of(step + 1).next().is_some_and(ignores)
}

/// Commands that only pass on or list what is there.
const TAME: &str = "echo printf yes cat true : ls find env printenv uname id date whoami hostname seq pwd sort uniq tr \
    cut sed awk gawk mawk head tail wc tee rev tac column grep egrep fgrep xargs dirname basename ldd scanelf nproc arch \
    dpkg dpkg-query apt-mark which type command getent set export lsb_release sleep";

fn cannot_fail(command: &Command) -> bool {
    let program = command.program();
    command.words.is_empty() || TAME.split(' ').any(|t| t == program)
}

/// Whether the shell of this step is known to have the option.
fn knows_pipefail(here: &Here) -> bool {
    let default = || here.base().and_then(|b| facts::default_shell(&b.name, b.tag.as_deref()));
    match here.state().shell.kind {
        ShellKind::Bash => true,
        ShellKind::Sh => matches!(default(), Some(facts::Sh::Ash | facts::Sh::Bash)),
        _ => false,
    }
}

/// `set -o pipefail` in front of the step's own commands.
fn set_option(here: &Here) -> Option<Fix> {
    let script = here.instruction.script.as_ref()?;
    let first = script.steps.first()?;
    if first.background || !survives(here) {
        return None;
    }
    let text = match script.source {
        Source::Heredoc => format!("set -o pipefail{}", newline(&here.instruction.text)),
        Source::Line => "set -o pipefail && ".to_owned(),
        Source::Json => return None,
    };
    // A heredoc that belongs to another step, or a comment before the first one.
    if script.source == Source::Heredoc && first.span.start != script.span.start {
        return None;
    }
    let edit = Edit::insert(first.span.start, text);
    Some(Fix::risky(Scope::Commands, "Set `pipefail` for this step", vec![edit]))
}

/// A SHELL above the step. The spans of a finding are those of its instruction, so the place must be its first byte.
fn set_shell(here: &Here) -> Option<Fix> {
    let base = here.base()?;
    let file = here.file();
    let reached = std::iter::once(*here).chain(here.followers());
    let mut shell_forms =
        reached.filter(|h| h.instruction.keyword == Keyword::Run && h.instruction.form == Form::Plain);
    let suits = facts::has_bash(&base.name, base.tag.as_deref()) == Some(true)
        && !here.state().shell.explicit
        && file.line_above(here.index()) == file.placed(here.index()).at
        && !here.is_onbuild();
    if !suits || !shell_forms.all(|h| survives(&h) && reads_the_same(&h)) {
        return None;
    }
    let line = format!("SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]{}", file.newline());
    Some(Fix::risky(
        Scope::Config,
        "Run the steps from here on by bash, with `pipefail`",
        vec![Edit::insert(0, line)],
    ))
}

/// Whether no command of the step is known to fail in a pipe where all is well.
fn survives(here: &Here) -> bool {
    let Some(script) = &here.instruction.script else { return true };
    let commands = here.commands();
    let piped = |c: &Command| c.position != Position::Step;
    let stops_early = |c: &Command| match c.program() {
        "head" | "yes" => true,
        "grep" | "egrep" | "fgrep" => {
            let last = script.commands_of(c.step).filter(|o| o.position == Position::Pipeline).last();
            let is_last = last.is_some_and(|l| l.span == c.span);
            !is_last || c.has_flag(&["-q", "-m", "--quiet", "--max-count"])
        }
        "awk" | "gawk" | "mawk" | "sed" => {
            c.arguments().iter().any(|w| w.value.contains("exit") || w.value.ends_with('q'))
        }
        _ => false,
    };
    !script.broken && !commands.iter().any(|c| piped(c) && stops_early(c))
}

/// Whether bash does what dash does: its `echo` leaves escapes alone.
fn reads_the_same(here: &Here) -> bool {
    let escapes = |c: &Command| c.program() == "echo" && c.arguments().iter().any(|w| w.value.contains('\\'));
    !here.commands().iter().any(escapes)
}
