//! # The container runs as root
//!
//! Without a `USER`, the process in the container is root: a hole in the application is then one in everything that
//! the container reaches, and in the host when it breaks out.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  WORKDIR /app
//!  COPY . .
//!  EXPOSE 8000
//!
//! +RUN useradd --create-home appuser && chown -R appuser:appuser /app
//! +USER appuser
//! +
//!  CMD ["python", "app.py"]
//! ```
//!
//! Where the image or the file has a user for this, it is taken.
//!
//! ```diff,unsafe
//!  FROM node:22-slim
//!  WORKDIR /app
//!  COPY . .
//! +RUN chown -R node:node /app
//! +USER node
//!  CMD ["node", "server.js"]
//! ```
//!
//! The fix is unsafe, as the application may write in other places than its working directory. There is none where
//! something is seen that root alone can do, such as listening on port 80.
//!
//! ```dockerfile,flagged
//! FROM python:3.13-slim
//! EXPOSE 80
//! CMD ["python", "-m", "http.server", "80"]
//! ```
//!
//! Silent for images and programs that give up the rights of root by themselves, for images that only others build
//! on, and where the base image may have a `USER`.
//!
//! ```dockerfile
//! FROM nginx:1.29
//! COPY site /usr/share/nginx/html
//! CMD ["nginx", "-g", "daemon off;"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "root-user",
    aliases: &["DL3002"],
    severity: Severity::Warning,
    on: true,
    check: Check::File(check),
};

const MESSAGE: &str =
    "the container runs as root, so a hole in the application is one in all that the container reaches";

fn check(file: &File) -> Vec<Finding> {
    let last = file.dockerfile.stages.last();
    last.and_then(|stage| finding(stage, file)).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let all: Vec<Here> = file.lineage(stage).into_iter().map(|i| file.here(i)).collect();
    let of = |k: Keyword| all.iter().rev().filter(move |h| h.instruction.keyword == k && !h.is_onbuild());
    // One that is being typed says nothing yet, where there is another.
    let whole = |i: &Instruction| !i.broken && (i.form == Form::Json || !i.body.of(&i.text).starts_with('['));
    let last = |k: Keyword| of(k).find(|h| whole(h.instruction)).or_else(|| of(k).next()).copied();
    let entry: Vec<Here> = [Keyword::Entrypoint, Keyword::Cmd].into_iter().filter_map(last).collect();
    let (name, tag) = (stage.base.name.as_str(), stage.base.tag.as_deref());
    let default = facts::default_user(name, tag).filter(|_| !stage.base.unknown);
    // Somebody starts as root here and goes on as another user.
    if all.iter().any(|h| facts::names_drop(&h.instruction.text)) || entry.iter().any(Here::starts_as_root) {
        return None;
    }
    if let Some(user) = stage.end_state()?.user.as_deref() {
        let by_itself = facts::drops_privileges(name, tag) && default.is_none_or(is_root);
        let set = last(Keyword::User).filter(|_| is_root(user) && !by_itself)?;
        let finding = Finding::new(set.instruction.words.first()?.span, MESSAGE);
        return Some(finding.shift(file.dockerfile.instructions[set.index()].at));
    }
    let quiet = default.is_none_or(|user| !is_root(user))
        || facts::drops_privileges(name, tag)
        || stage.base.is_scratch()
        || facts::has_no_shell(name, tag)
        || entry.iter().all(Here::starts_nothing)
        || all.iter().any(|h| h.placed().node.onbuild.is_some());
    if quiet {
        return None;
    }
    let place = entry.first()?;
    let span = place.instruction.keyword_span.shift(file.dockerfile.instructions[place.index()].at);
    Some(match fix(stage, file, &all, &entry) {
        Ok(fix) => Finding::new(span, MESSAGE).fix(fix),
        Err(reason) => Finding::new(span, format!("{MESSAGE} ({reason})")),
    })
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), Some("root" | "0"))
}

fn fix(stage: &Stage, file: &File, all: &[Here], entry: &[Here]) -> Result<Fix, String> {
    if let Some(reason) = needs_root(all, entry) {
        return Err(reason);
    }
    let (name, tag) = (stage.base.name.as_str(), stage.base.tag.as_deref());
    let created: Vec<&str> =
        all.iter().flat_map(|h| h.commands()).filter_map(Command::created_user).collect();
    if let Some(user) = created.first() {
        if created.iter().any(|c| c != user) {
            return Err("several users are created here".to_owned());
        }
        let edit = insert(stage, file, &format!("USER {user}"));
        return Ok(Fix::risky(Scope::Config, format!("Run as `{user}`, who is created above"), vec![edit]));
    }
    let existing = facts::existing_user(name, tag);
    let create = existing.is_none().then(|| facts::create_user(name, tag));
    let user = existing.unwrap_or("appuser");
    let end = stage.end_state().filter(|s| s.shell.is_posix()).ok_or("its shell is not known")?;
    let workdir = match &end.workdir {
        Some(path) if path.starts_with("/root") => {
            return Err("its files are in the home folder of root".to_owned());
        }
        None if end.workdir_set => return Err("its working directory is not known".to_owned()),
        path => path.as_deref().filter(|p| !facts::is_system_folder(p)),
    };
    if workdir.is_some_and(|p| !p.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))) {
        return Err("its working directory has an unusual name".to_owned());
    }
    let create = match create {
        Some(None) => return Err("how this image creates a user is not known".to_owned()),
        Some(Some(command)) => Some(format!("{command} {user}")),
        None => None,
    };
    let own = workdir.map(|path| format!("chown -R {user}:{user} {path}"));
    let commands: Vec<String> = create.into_iter().chain(own).collect();
    let run = if commands.is_empty() {
        String::new()
    } else {
        format!("RUN {}{}", commands.join(" && "), newline(file.text()))
    };
    let title = if existing.is_some() {
        format!("Run as `{user}`")
    } else {
        format!("Create `{user}` and run as it")
    };
    Ok(Fix::risky(Scope::Config, title, vec![insert(stage, file, &format!("{run}USER {user}"))]))
}

/// Puts `lines` before the CMD and ENTRYPOINT that end the stage; where something is built behind them, at its end.
fn insert(stage: &Stage, file: &File, lines: &str) -> Edit {
    let end = newline(file.text());
    let builds = |p: &Placed| {
        matches!(
            p.node.keyword,
            Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir | Keyword::Shell
        )
    };
    let all: Vec<(usize, &Placed)> = file.instructions(stage).collect();
    let tail = all.iter().rposition(|(_, p)| builds(p)).map_or(1, |i| i + 1);
    let entry =
        all[tail..].iter().find(|(_, p)| matches!(p.node.keyword, Keyword::Cmd | Keyword::Entrypoint));
    let Some((index, _)) = entry else {
        return Edit::insert(all[all.len() - 1].1.span().end, format!("{end}{lines}"));
    };
    let at = file.line_above(*index);
    let above = file.text()[..at as usize].trim_end_matches([' ', '\t']);
    let apart = above.ends_with("\n\n") || above.ends_with("\n\r\n");
    Edit::insert(at, format!("{lines}{end}{}", if apart { end } else { "" }))
}

/// What is seen that another user may not do.
fn needs_root(all: &[Here], entry: &[Here]) -> Option<String> {
    if all.iter().any(|h| h.instruction.keyword == Keyword::Volume) {
        return Some("its volume belongs to root".to_owned());
    }
    if let Some(port) = all.iter().find_map(Here::low_port) {
        return Some(format!("port {port} is below 1024"));
    }
    if all.iter().any(Here::uses_home_of_root) {
        return Some("it uses the home folder of root".to_owned());
    }
    let end = all.last().and_then(Here::stage).and_then(Stage::end_state);
    let workdir = end.and_then(|s| s.workdir.as_deref()).unwrap_or("/nowhere");
    if let Some(folder) = all.iter().find_map(|h| h.data_folder_outside(workdir)) {
        return Some(format!("`{folder}` belongs to root"));
    }
    entry.iter().find_map(Here::start_needs_root).map(str::to_owned)
}
