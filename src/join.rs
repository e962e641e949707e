//! How two RUN instructions that follow each other become one, with every command as it was.
use crate::model::{Dockerfile, Form, Instruction, Joint, Keyword, Script, Source, StepKind};
use crate::text::{Edit, Span, newline};

/// Joins instruction `first` with the one behind it: one edit, from the end of the first one's commands to the start of
/// the second one's, so that nothing inside either is touched. Comments between the two are kept.
///
/// None unless the commands are known to run as before: both are RUNs with equal options whose text a POSIX shell runs,
/// each a chain by `&&`, and the first leaves nothing behind in the shell that the second would notice.
pub fn join(file: &Dockerfile, first: usize) -> Option<Edit> {
    let (a, b) = (file.instructions.get(first)?, file.instructions.get(first + 1)?);
    if !file.states[first].shell.is_posix() || flags(&a.node)? != flags(&b.node)? {
        return None;
    }
    let (before, behind) = (chain(&a.node)?, chain(&b.node)?);
    let errexit = file.states[first].shell.errexit;
    if reads_profile(file, first) {
        return None;
    }
    if before.has_comment
        || leaves_traces(&a.node, before, behind, &b.node)
        || errexit && ends_compound(before)
    {
        return None;
    }
    let gap = Span { start: a.at + end(&a.node, before)?, end: b.at + b.node.body.start };
    let comments: Vec<Span> = comments(file, gap);
    // A comment that steers a tool speaks about the instruction below it, which would be gone.
    if comments.iter().any(|c| steers(c.of(&file.source))) {
        return None;
    }
    let joint = style(file, &a.node, before).or_else(|| style(file, &b.node, behind));
    let (head, tail) = joint.unwrap_or_else(|| {
        let tab = [&a.node, &b.node].iter().any(|i| i.text.contains("\n\t"));
        let indent = if tab { "\t" } else { "    " };
        (format!(" && {}{}", file.escape, newline(&file.source)), indent.to_owned())
    });
    let comments: String = comments.into_iter().map(|c| whole_line(&file.source, c)).collect();
    Some(Edit::replace(gap, head + &comments + &tail))
}

/// The options of a RUN in shell form. None where they make the two layers differ from one: what is written to a tmpfs
/// or a writable bind mount is gone with the RUN.
fn flags(run: &Instruction) -> Option<Vec<(&str, &str)>> {
    if run.keyword != Keyword::Run || run.form != Form::Plain || run.broken || !run.heredocs.is_empty() {
        return None;
    }
    let lost =
        |value: &str| value.split(',').any(|kv| matches!(kv, "type=tmpfs" | "rw" | "readwrite" | "rw=true"));
    let flags = run.flags.iter().map(|f| (f.name.as_str(), f.value.value.as_str()));
    flags.map(|(name, value)| (!lost(value)).then_some((name, value))).collect()
}

/// The script of a RUN whose steps are joined by `&&` alone.
fn chain(run: &Instruction) -> Option<&Script> {
    let script = run.script.as_ref().filter(|s| s.source == Source::Line && !s.broken && !s.has_heredoc)?;
    let plain = script.steps.iter().all(|s| matches!(s.joint, Joint::First | Joint::And) && !s.background);
    (plain && !script.steps.is_empty()).then_some(script)
}

/// Whether the first script leaves something in the shell, or running beside it, that was gone before the second began.
fn leaves_traces(first: &Instruction, before: &Script, behind: &Script, second: &Instruction) -> bool {
    let starts_daemon = |program: &str, path: &str| {
        matches!(
            program,
            "service" | "systemctl" | "pg_ctl" | "pg_ctlcluster" | "start-stop-daemon" | "nohup"
        ) || path.contains("/init.d/")
    };
    let traces = before.commands.iter().any(|c| {
        let path = c.words.first().map_or("", |w| w.value.as_str());
        let sets = c.words.iter().any(|w| {
            w.value.split("${").skip(1).any(|v| v.split('}').next().is_some_and(|v| v.contains('=')))
        });
        let is_copy =
            matches!(c.position, crate::model::Position::Substitution | crate::model::Position::Nested);
        // `ln -s /bin/bash /bin/sh`, `dpkg-reconfigure dash`: the next RUN is read by another shell.
        let replaces_shell = c.words.iter().any(|w| matches!(w.value.as_str(), "/bin/sh" | "dash" | "sh"))
            && c.program() != "sh"
            || c.program() == "chsh";
        !is_copy && (c.changes_shell() || sets) || replaces_shell || starts_daemon(c.program(), path)
    });
    let compound = before.steps.iter().filter(|s| s.kind != StepKind::Command);
    traces
        || compound.map(|s| first.read(s.span)).any(|text| {
            // A function stays, a loop leaves its variable, a background job goes on.
            text.contains("()")
                || text.starts_with("function ")
                || has_background(&text)
                || text.contains("for ") && second.read(behind.span).contains('$')
        })
}

/// Whether each RUN starts by reading files that the one before it may have written: those of a login shell, or
/// `BASH_ENV`.
fn reads_profile(file: &Dockerfile, first: usize) -> bool {
    file.states[first].shell.login || file.variable(first, "BASH_ENV").is_some()
}

/// A `&` that is no part of `&&`, `>&`, `<&` or `&>`.
fn has_background(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(b' ');
    (0..bytes.len()).any(|i| {
        let before = if i == 0 { b' ' } else { at(i - 1) };
        at(i) == b'&' && !matches!(before, b'&' | b'>' | b'<' | b'\\') && !matches!(at(i + 1), b'&' | b'>')
    })
}

/// Under `set -e` a failure inside `{ …; }`, `( … )` or `if` counts, but no longer once `&&` follows it.
fn ends_compound(script: &Script) -> bool {
    script.steps.last().is_some_and(|s| s.kind == StepKind::Compound)
}

/// Where the commands end: behind the last step, with nothing but blanks or one `;` left.
fn end(run: &Instruction, script: &Script) -> Option<u32> {
    let last = script.steps.last()?.span.end;
    let rest = run.read(Span { start: last, end: run.text.len() as u32 });
    matches!(rest.trim(), "" | ";").then_some(last)
}

fn comments(file: &Dockerfile, gap: Span) -> Vec<Span> {
    let start = file.comments.partition_point(|c| c.start < gap.start);
    file.comments[start..].iter().take_while(|c| c.end <= gap.end).copied().collect()
}

fn steers(comment: &str) -> bool {
    let text = comment.trim_start_matches('#').trim_start();
    ["dockfix:", "hadolint ", "check="].iter().any(|tool| text.starts_with(tool))
}

/// The line of a comment, its indentation and ending included.
fn whole_line(source: &str, comment: Span) -> &str {
    let start = source[..comment.start as usize].rfind('\n').map_or(0, |i| i + 1);
    let end =
        source[comment.end as usize..].find('\n').map_or(source.len(), |i| comment.end as usize + i + 1);
    &source[start..end]
}

/// How the RUN breaks its lines at `&&`: what stands up to the line end, and what follows it.
fn style(file: &Dockerfile, run: &Instruction, script: &Script) -> Option<(String, String)> {
    let gaps = script.steps.windows(2).map(|s| &run.text[s[0].span.end as usize..s[1].span.start as usize]);
    let plain = |gap: &&str| {
        let signs: String = gap.split_whitespace().collect();
        signs == format!("&&{}", file.escape) || signs == format!("{}&&", file.escape)
    };
    let gap = gaps.filter(plain).rfind(|g| g.matches('\n').count() == 1)?;
    let line = gap.find('\n')? + 1;
    Some((gap[..line].to_owned(), gap[line..].to_owned()))
}
