//! # `PYTHONDONTWRITEBYTECODE` and `PYTHONUNBUFFERED` are not set
//!
//! Without `PYTHONUNBUFFERED`, Python holds back what it prints while its output is no terminal: log lines come late, and
//! the last ones before a crash not at all. Without `PYTHONDONTWRITEBYTECODE`, it writes `.pyc` files into the container's
//! own layer, where the next container does not find them.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//! +ENV PYTHONDONTWRITEBYTECODE=1 \
//! +    PYTHONUNBUFFERED=1
//!  COPY app.py /
//!  CMD ["python", "/app.py"]
//! ```
//!
//! Where one of them is set, the other joins it.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  ENV PYTHONUNBUFFERED=1
//! +ENV PYTHONDONTWRITEBYTECODE=1
//!  COPY app.py /
//!  CMD ["python", "/app.py"]
//! ```
//!
//! Not safe, because programs start more slowly when their modules are compiled each time. Silent where the file compiles
//! them itself.
//!
//! ```dockerfile
//! FROM python:3.13-slim
//! COPY . /app
//! RUN python -m compileall /app
//! CMD ["python", "/app/main.py"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unset-python-env",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Image(check),
};

const BYTECODE: &str = "PYTHONDONTWRITEBYTECODE";
const UNBUFFERED: &str = "PYTHONUNBUFFERED";

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let official = facts::official(&stage.base.name).filter(|_| !stage.base.unknown);
    if !matches!(official, Some("python" | "pypy")) {
        return None;
    }
    let lineage = file.lineage(stage);
    let nodes: Vec<&Instruction> = lineage.iter().map(|i| &*file.placed(*i).node).collect();
    let is_app = |n: &&Instruction| {
        matches!(n.keyword, Keyword::Copy | Keyword::Add | Keyword::Cmd | Keyword::Entrypoint)
    };
    if !nodes.iter().any(is_app) || file.dockerfile().instructions.iter().any(|p| compiles(&p.node)) {
        return None;
    }
    let set = |name: &str| {
        let sets = |i: &&usize| {
            let node = &file.placed(**i).node;
            node.keyword == Keyword::Env && node.pairs.iter().any(|p| p.name.value == name)
        };
        lineage.iter().rfind(sets).copied()
    };
    let prints_at_once = nodes.iter().any(|n| n.keyword != Keyword::Run && runs_unbuffered(n));
    let (bytecode, unbuffered) = (set(BYTECODE), set(UNBUFFERED));
    let missing: Vec<&str> =
        [(BYTECODE, bytecode.is_some()), (UNBUFFERED, unbuffered.is_some() || prints_at_once)]
            .into_iter()
            .filter_map(|(name, known)| (!known).then_some(name))
            .collect();
    let message = match missing.as_slice() {
        [] => return None,
        [BYTECODE] => "Python writes `.pyc` files into the container: `PYTHONDONTWRITEBYTECODE` is not set",
        [_] => "Python holds back what it prints to the log: `PYTHONUNBUFFERED` is not set",
        _ => {
            "Python holds back what it prints to the log and writes `.pyc` files into the container: `PYTHONUNBUFFERED` and \
              `PYTHONDONTWRITEBYTECODE` are not set"
        }
    };
    let from = file.placed(stage.instructions.start);
    let finding = Finding::new(from.absolute(from.node.from.as_ref()?.image.span), message);
    // Beside the one that is set in this stage, otherwise at its beginning.
    let beside = bytecode.or(unbuffered).filter(|i| stage.instructions.contains(i));
    let edit = line_behind(file, beside.unwrap_or(stage.instructions.start), &missing, beside.is_some());
    let title = format!("Set `{}`", missing.join("` and `"));
    Some(finding.fix(Fix::risky(Scope::Config, title, vec![edit])))
}

/// An ENV on a line of its own behind instruction `index`; set off by a blank line, as what follows is, except `close`.
fn line_behind(file: &File, index: usize, names: &[&str], close: bool) -> Edit {
    let (newline, end) = (file.newline(), file.placed(index).span().end);
    let rest = file.around(index).1.trim_start_matches([' ', '\t']);
    let apart = !close && rest.trim_start_matches('\r').starts_with('\n') && {
        let next = rest.split_once('\n').map_or("", |(_, next)| next);
        next.lines().next().is_some_and(|l| l.trim().is_empty())
    };
    let gap = if apart { newline } else { "" };
    let pairs: Vec<String> = names.iter().map(|name| format!("{name}=1")).collect();
    let joined = pairs.join(&format!(" {}{newline}    ", file.escape()));
    Edit::insert(end, format!("{newline}{gap}ENV {joined}"))
}

/// Whether it compiles modules ahead, or keeps what Python compiles in a folder of its own.
fn compiles(instruction: &Instruction) -> bool {
    let text = &*instruction.effective().text;
    ["compileall", "py_compile", "COMPILE_BYTECODE", "compile-bytecode", "PYTHONPYCACHEPREFIX"]
        .iter()
        .any(|w| text.contains(w))
}

/// `python -u app.py`
fn runs_unbuffered(instruction: &Instruction) -> bool {
    let commands = instruction.script.iter().flat_map(|s| &s.commands);
    commands.into_iter().any(|c| {
        c.program().starts_with("python")
            && c.arguments().iter().take_while(|w| w.is_flag()).any(|w| w.value.contains('u'))
    })
}
