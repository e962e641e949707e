//! # `chmod` behind a `COPY` stores the file twice
//!
//! A layer holds whole files: one that only gets another mode is in the image a second time. `COPY --chmod` gives the mode to
//! the one copy.
//!
//! ```diff
//!  FROM debian:13-slim
//!  RUN --mount=type=cache,target=/var/cache/apt apt-get update
//! -COPY entrypoint.sh /usr/local/bin/
//! -RUN chmod 755 /usr/local/bin/entrypoint.sh
//! +COPY --chmod=755 entrypoint.sh /usr/local/bin/
//!  ENTRYPOINT ["entrypoint.sh"]
//! ```
//!
//! Only BuildKit knows `--chmod`. The fix is unsafe where the older builder could build the file, too, and where the mode that
//! comes out of `+x` is that of the build context: there it is taken for the 644 or 755 that git makes of it.
//!
//! ```text entrypoint.sh
//! #!/bin/sh
//! ```
//! ```diff,unsafe
//!  FROM debian:13-slim
//! -COPY entrypoint.sh /entrypoint.sh
//! -RUN chmod +x /entrypoint.sh
//! +COPY --chmod=755 entrypoint.sh /entrypoint.sh
//! ```
//!
//! Silent where that would not come to the same: the file is changed in between, the folder it lies in would get the mode
//! too, or it may be a folder itself.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! COPY entrypoint.sh /app/entrypoint.sh
//! RUN chmod 755 /app/entrypoint.sh
//! COPY start.sh tools /usr/local/bin/
//! RUN sed -i 's/\r$//' /usr/local/bin/start.sh && chmod 755 /usr/local/bin/start.sh
//! RUN chmod 755 /usr/local/bin/tools
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "chmod-after-copy",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    // `--chmod` came with version 1.2 of the frontend.
    if file.has_other_frontend() || file.has_frontend_before((1, 2)) {
        return vec![];
    }
    file.kept_commands(stage).filter_map(|(h, c)| finding(&h, c)).collect()
}

fn finding(here: &Here, command: &Command) -> Option<Finding> {
    let (mode, words) = chmod(command)?;
    // Nobody but root may change what root has brought.
    let root = here.user().is_none_or(|_| here.is_root());
    if !root || !here.is_replaceable(command) {
        return None;
    }
    let paths: Vec<String> = words.iter().map(|w| here.path_of(command, w)).collect::<Option<_>>()?;
    let all = here.copies_before();
    let brings = |path: &String| all.iter().rfind(|copy| copy.brings_file(path));
    let mut copies: Vec<&Here> = paths.iter().map(brings).collect::<Option<_>>()?;
    copies.sort_by_key(|copy| copy.index());
    copies.dedup_by_key(|copy| copy.index());
    let octal = octal(mode, &copies)?;
    if !copies.iter().all(|copy| is_whole(copy, &paths))
        || !paths.iter().all(|p| is_untouched(p, here, command))
    {
        return None;
    }
    let flag = format!("--chmod={octal}");
    let mut edits: Vec<Edit> = copies.iter().map(|copy| copy.copied_with(&flag)).collect();
    edits.push(here.without_command(command)?);
    let safe = octal == mode.value && here.file().needs_buildkit();
    let safety = if safe { Safety::Safe } else { Safety::Unsafe };
    let fix = Fix::new(safety, Scope::Rights, format!("Copy with `{flag}`"), edits);
    let message =
        format!("`{}` comes from a COPY, and `chmod` stores the file a second time", words[0].value);
    Some(Finding::new(here.placed().absolute(command.span), message).fix(fix))
}

/// The mode and the files of a `chmod` that does not go into folders.
fn chmod(command: &Command) -> Option<(&Word, Vec<&Word>)> {
    let (flags, words): (Vec<&Word>, Vec<&Word>) = command.arguments().iter().partition(|w| w.is_flag());
    let talks = |w: &&Word| !w.value.starts_with("--") && w.value[1..].chars().all(|c| "vcf".contains(c));
    let (mode, paths) = words.split_first()?;
    let literal = |w: &&Word| w.literal && !w.value.contains(['*', '?', '[', '{', '~']);
    let plain = command.program() == "chmod" && flags.iter().all(talks) && words.iter().all(literal);
    (plain && !paths.is_empty()).then(|| (*mode, paths.to_vec()))
}

/// The mode as a number, which is all that every builder takes.
fn octal(mode: &Word, copies: &[&Here]) -> Option<String> {
    let digits = mode.value.strip_prefix('0').filter(|m| m.len() == 3).unwrap_or(&mode.value);
    if digits.len() == 3 && digits.bytes().all(|b| (b'0'..b'8').contains(&b)) {
        return Some(mode.value.clone());
    }
    let runs = matches!(mode.value.as_str(), "+x" | "a+x" | "ugo+x" | "+rx" | "a+rx" | "a+xr");
    // Of a mode, git keeps whether the file is a program; what group and others may write is the umask's choice.
    let usual = |copy: &&Here| {
        let mode = |c: &Copied| copy.file().context().mode(c.source).map(|mode| mode & 0o755);
        let all = copy.copied().unwrap_or_default();
        all.iter().all(|c| matches!(mode(c), Some(0o644 | 0o755)))
    };
    (runs && copies.iter().all(usual)).then(|| "755".to_owned())
}

/// Whether a COPY brings nothing but files among `paths`, to folders that are there.
fn is_whole(copy: &Here, paths: &[String]) -> bool {
    let plain = copy.instruction.keyword == Keyword::Copy && copy.instruction.flag("chmod").is_none();
    let listed = |c: &Copied| paths.iter().any(|p| copy.is_file_at(c, p) && copy.has_parent_of(p));
    plain && copy.copied().is_some_and(|all| all.iter().all(listed))
}

/// Whether nothing between the COPY that brings the file `path` and `command` may write, move or read the mode of it.
fn is_untouched(path: &str, here: &Here, command: &Command) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let between = |other: &Here| match other.instruction.keyword {
        Keyword::Run => {
            let text = &other.instruction.text;
            !text.contains(name) && !other.commands().is_empty() && other.commands().iter().all(is_harmless)
        }
        Keyword::Copy | Keyword::Add => {
            let apart = |target: String| !is_under(path, &target);
            let files = || {
                other.copied().is_some_and(|all| all.iter().all(|c| other.is_file(c) && !c.lands_at(path)))
            };
            other.copy_target().is_some_and(apart) || files()
        }
        Keyword::Volume => false,
        _ => true,
    };
    let all = here.copies_before();
    let Some(copy) = all.iter().rfind(|copy| copy.brings_file(path)) else { return false };
    let before = (copy.index() + 1..here.index()).map(|i| here.file().here(i));
    let own = here.commands().iter().filter(|c| c.span.start < command.span.start);
    let others = here.commands().iter().filter(|c| c.span != command.span);
    let names = |c: &Command| c.words.iter().any(|w| w.value.contains(name));
    before.into_iter().all(|other| between(&other))
        && own.into_iter().all(is_harmless)
        && !others.into_iter().any(|c| names(c) && c.program() != "chown")
}

/// Whether a command has nothing to do with files that were copied, unless it names them.
fn is_harmless(command: &Command) -> bool {
    match command.program() {
        "useradd" | "adduser" | "groupadd" | "addgroup" | "usermod" | "chown" | "ln" => true,
        "echo" => !command.redirected,
        "chmod" => chmod(command).is_some(),
        _ => command.needs_no_files(),
    }
}
