//! # The container runs as root
//!
//! Without a `USER`, the process in the container is root: a hole in the application is then one in everything that
//! the container reaches, and in the host when it breaks out.
//!
//! ```diff,unsafe
//!  FROM python:3.13-slim
//!  WORKDIR /app
//! +RUN useradd --create-home appuser && chown appuser:appuser /app
//! -COPY requirements.txt .
//! +COPY --chown=appuser:appuser requirements.txt .
//!  RUN pip install --no-cache-dir -r requirements.txt
//! -COPY . .
//! +COPY --chown=appuser:appuser . .
//!  EXPOSE 8000
//!
//! +USER appuser
//! +
//!  CMD ["python", "app.py"]
//! ```
//!
//! Where the image or the file has a user for this, it is taken. What steps write into the working directory is given to
//! the user as well, and so are volumes and the folders that steps make.
//!
//! ```diff,unsafe
//!  FROM node:22-slim
//!  WORKDIR /app
//!  COPY . .
//!  RUN npm ci && npm run build
//! +RUN chown -R node:node /app
//! +USER node
//!  CMD ["node", "server.js"]
//! ```
//!
//! With `uid` in the settings, a new user has that number, and `USER` names it so.
//!
//! ```toml
//! uid = 10001
//! ```
//! ```diff,unsafe
//!  FROM alpine:3.22
//! +RUN adduser -D -u 10001 appuser
//! +USER 10001
//!  CMD ["/usr/bin/server"]
//! ```
//!
//! The fix is unsafe, as the application may write in other places. There is none where something is seen that root alone
//! can do, such as listening on port 80.
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
    check: Check::Image(check),
};

const MESSAGE: &str =
    "the container runs as root, so a hole in the application is one in all that the container reaches";

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
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
        return Some(finding.shift(file.placed(set.index()).at));
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
    let span = place.instruction.keyword_span.shift(file.placed(place.index()).at);
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
    stage.end_state().filter(|s| s.shell.is_posix()).ok_or("its shell is not known")?;
    let account = Account::of(stage, file, all)?;
    let plan = Ownership::of(stage, file, all, &account.owner)?;
    let mut edits = vec![];
    let mut late: Vec<String> = plan.late.iter().map(Owned::command).collect();
    let mut early: Vec<String> = account.command.clone().into_iter().collect();
    early.extend(plan.early.iter().map(Owned::command));
    let entry = entry_behind(stage, file);
    match plan.at {
        // Behind `USER`, nobody could do it.
        Some(at) if !early.is_empty() && entry.is_none_or(|e| at < e) => {
            edits.push(paragraph(file, at, &format!("RUN {}", early.join(" && "))));
        }
        _ => late.splice(0..0, early).for_each(drop),
    }
    let run =
        if late.is_empty() { String::new() } else { format!("RUN {}{}", late.join(" && "), file.newline()) };
    edits.extend(
        plan.copies
            .iter()
            .map(|copy| file.here(*copy).copied_with(&format!("--chown={}", account.owner.name))),
    );
    edits.push(insert(stage, file, &format!("{run}USER {}", account.user)));
    Ok(Fix::risky(Scope::Config, account.title, edits))
}

/// The user that the container will run as.
struct Account {
    /// What stands behind `USER`.
    user: String,
    owner: Owner,
    /// The command that creates it.
    command: Option<String>,
    title: String,
}

impl Account {
    fn of(stage: &Stage, file: &File, all: &[Here]) -> Result<Self, String> {
        let (name, tag) = (stage.base.name.as_str(), stage.base.tag.as_deref());
        let created: Vec<(usize, &Command, &str)> = all
            .iter()
            .flat_map(|h| h.commands().iter().map(|c| (h.index(), c)))
            .filter_map(|(i, c)| Some((i, c, c.created_user()?)))
            .collect();
        if let Some((index, command, user)) = created.first() {
            if created.iter().any(|(_, _, other)| other != user) {
                return Err("several users are created here".to_owned());
            }
            // Who creates a user may have given it what it needs.
            let given = all.iter().flat_map(|h| h.commands()).any(|c| {
                matches!(c.program(), "chown" | "install")
                    && c.arguments().iter().any(|w| w.value.contains(user))
            });
            let group = command.primary_group().filter(|_| !given);
            let name = group.map_or(String::new(), |group| format!("{user}:{group}"));
            let owner = Owner { name, made_at: Some(*index), home: command.created_home() };
            let title = format!("Run as `{user}`, who is created above");
            return Ok(Self { user: (*user).to_owned(), owner, command: None, title });
        }
        if let Some(user) = facts::existing_user(name, tag) {
            let owner = Owner { name: format!("{user}:{user}"), ..Owner::default() };
            return Ok(Self {
                user: user.to_owned(),
                owner,
                command: None,
                title: format!("Run as `{user}`"),
            });
        }
        let uid = file.settings.uid.map(u32::from);
        let command = facts::create_user(name, tag, "appuser", uid)
            .ok_or("how this image creates a user is not known")?;
        Ok(Self {
            user: uid.map_or("appuser".to_owned(), |uid| uid.to_string()),
            owner: Owner { name: "appuser:appuser".to_owned(), ..Owner::default() },
            command: Some(command),
            title: "Create `appuser` and run as it".to_owned(),
        })
    }
}

/// The first CMD or ENTRYPOINT behind which nothing is built any more.
fn entry_behind(stage: &Stage, file: &File) -> Option<usize> {
    let builds = |p: &Placed| {
        matches!(
            p.node.keyword,
            Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir | Keyword::Shell
        )
    };
    let all: Vec<(usize, &Placed)> = file.instructions(stage).collect();
    let tail = all.iter().rposition(|(_, p)| builds(p)).map_or(1, |i| i + 1);
    let starts = |p: &Placed| matches!(p.node.keyword, Keyword::Cmd | Keyword::Entrypoint);
    all[tail..].iter().find(|(_, p)| starts(p)).map(|(index, _)| *index)
}

/// Puts `lines` before the CMD and ENTRYPOINT that end the stage; where something is built behind them, at its end.
fn insert(stage: &Stage, file: &File, lines: &str) -> Edit {
    match entry_behind(stage, file) {
        Some(index) => paragraph(file, index, lines),
        None => {
            let last = file.placed(stage.instructions.end - 1);
            Edit::insert(last.span().end, format!("{}{lines}", file.newline()))
        }
    }
}

/// Puts `lines` before an instruction and its comments, apart from it where it is apart from what stands above.
fn paragraph(file: &File, index: usize, lines: &str) -> Edit {
    let (at, end) = (file.line_above(index), file.newline());
    let (above, _) = file.around(index);
    let above = above[..above.len() - (file.placed(index).at - at) as usize].trim_end_matches([' ', '\t']);
    let apart = above.ends_with("\n\n") || above.ends_with("\n\r\n");
    Edit::insert(at, format!("{lines}{end}{}", if apart { end } else { "" }))
}

/// What is seen that another user may not do.
fn needs_root(all: &[Here], entry: &[Here]) -> Option<String> {
    if let Some(port) = all.iter().find_map(Here::low_port) {
        return Some(format!("port {port} is below 1024"));
    }
    if all.iter().any(Here::uses_home_of_root) {
        return Some("it uses the home folder of root".to_owned());
    }
    entry.iter().find_map(Here::start_needs_root).map(str::to_owned)
}
