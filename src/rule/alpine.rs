//! How stages that build on an image of Alpine come to build on the slim one of Debian.
use super::{Action, Command, Edit, File, Fix, Here, Keyword, Manager, Position, Quoting, Scope, Span, Word};
use super::{busybox, facts, find_stage, sources};
use std::collections::HashMap;

/// Options of apk that make no difference to what is installed.
const QUIET: &[&str] =
    &["--no-cache", "--update", "--update-cache", "-U", "-q", "--quiet", "--no-progress", "--purge"];

impl File<'_> {
    /// The fix that builds `stages` on Debian's slim images, where each command that depends on the distribution is
    /// known there; otherwise why there is none. `roots` are those that name the image themselves.
    pub fn on_debian(&self, roots: &[usize], stages: &[usize]) -> Result<Fix, String> {
        let mut edits = vec![];
        for root in roots {
            edits.push(self.slim_image(*root).ok_or("there is no slim image known for the tag")?);
        }
        let mut moving =
            Moving { file: *self, stages, installed: HashMap::new(), virtuals: HashMap::new(), edits };
        for (index, _) in self.dockerfile().instructions.iter().enumerate() {
            moving.instruction(&self.here(index))?;
        }
        Ok(Fix::risky(Scope::System, "Build on the slim image of Debian", moving.edits))
    }

    /// The edit that makes the image of a stage its slim variant.
    fn slim_image(&self, stage: usize) -> Option<Edit> {
        let stage = &self.dockerfile().stages[stage];
        let placed = self.placed(stage.instructions.start);
        let image = &placed.node.from.as_ref()?.image;
        let tag = stage.base.tag.as_deref()?;
        let full = if tag == "alpine" || tag.starts_with("alpine3") {
            "latest"
        } else {
            tag.split_once("-alpine")?.0
        };
        // Without a version of its own, the slim tag of a full one ends so.
        let slim =
            facts::slim_tag(&stage.base.name, Some(full)).filter(|s| s.listed && s.tag.ends_with("slim"))?;
        let (start, end) = image.value.rsplit_once("alpine")?;
        let plain = |c: char| c.is_ascii_digit() || c == '.';
        let literal = end.chars().all(plain) && image.quoting == Quoting::Bare && !image.value.contains('@');
        (literal && slim.tag != full)
            .then(|| Edit::replace(placed.absolute(image.span), format!("{start}slim")))
    }
}

/// A file on its way from Alpine to Debian.
struct Moving<'a> {
    file: File<'a>,
    stages: &'a [usize],
    /// The packages of Debian that are installed, each with how many commands do.
    installed: HashMap<&'static str, usize>,
    /// The names that `apk add --virtual` gives.
    virtuals: HashMap<String, Vec<&'static str>>,
    edits: Vec<Edit>,
}

impl<'a> Moving<'a> {
    fn instruction(&mut self, here: &Here<'a>) -> Result<(), String> {
        let Some(stage) = here.state().stage else { return Ok(()) };
        let moves = self.stages.contains(&stage);
        self.files_from(here, stage, moves)?;
        let text = here.instruction.text.to_ascii_lowercase().replace("musl-dev", "");
        let named = ["musl", "/etc/apk", "/bin/ash", "ld_preload", "scanelf", "\"ash\""];
        if let Some(name) = named.iter().find(|n| moves && text.contains(**n)) {
            return Err(format!("`{name}` is named"));
        }
        if !moves || here.instruction.keyword == Keyword::From {
            return Ok(());
        }
        let Some(script) = &here.instruction.script else { return Ok(()) };
        if here.is_onbuild() || here.commands().len() != script.commands.len() {
            return Err("a script cannot be read".to_owned());
        }
        let mut updated = false;
        for command in here.commands() {
            self.command(command, here, &mut updated)?;
        }
        Ok(())
    }

    /// Files that were built for one C library do not run with the other.
    fn files_from(&self, here: &Here, stage: usize, moves: bool) -> Result<(), String> {
        let stages = &self.file.dockerfile().stages;
        let on_alpine = |base: &super::Image| {
            base.unknown || facts::family(&base.name, base.tag.as_deref()) == Some(facts::Family::Alpine)
        };
        for source in sources(here.instruction) {
            let other = find_stage(stages, source, stage);
            let stays_on_alpine = match other {
                Some(other) => !self.stages.contains(&other) && on_alpine(&stages[other].base),
                None => source.contains("alpine"),
            };
            if moves && stays_on_alpine {
                return Err(format!("files come from `{source}`, which stays on Alpine"));
            }
            if !moves && other.is_some_and(|o| self.stages.contains(&o)) && on_alpine(&stages[stage].base) {
                return Err(format!("files go from `{source}` to a stage that stays on Alpine"));
            }
        }
        Ok(())
    }

    fn command(&mut self, command: &Command, here: &Here, updated: &mut bool) -> Result<(), String> {
        let program = command.program();
        let unknown = || {
            format!(
                "`{}` has no known counterpart",
                command.words.iter().take(2).map(|w| w.value.as_str()).collect::<Vec<_>>().join(" ")
            )
        };
        if let Some(call) = command.package.as_ref().filter(|p| p.manager == Manager::Apk) {
            let plain = command.position == Position::Step
                && command.wrappers.is_empty()
                && command.assignments.is_empty();
            if !plain || command.redirected {
                return Err(unknown());
            }
            let head = Span { start: command.words[0].span.start, end: command.words[call.verb].span.end };
            return match call.action {
                Action::Update
                    if command.words.iter().all(|w| !w.is_flag() || QUIET.contains(&w.value.as_str())) =>
                {
                    *updated = true;
                    self.edit(here, Edit::replace(command.span, "apt-get update"));
                    Ok(())
                }
                Action::Install => {
                    let update = if std::mem::take(updated) { "" } else { "apt-get update && " };
                    let head =
                        Edit::replace(head, format!("{update}apt-get install -y --no-install-recommends"));
                    self.edit(here, head);
                    self.install(command, here)
                }
                Action::Remove => {
                    self.edit(here, Edit::replace(head, "apt-get purge -y --auto-remove"));
                    self.remove(command, here)
                }
                _ => Err(unknown()),
            };
        }
        if matches!(program, "adduser" | "addgroup") {
            let text = busybox::on_debian(command).ok_or_else(unknown)?;
            self.edit(here, Edit::replace(command.span, text));
            return Ok(());
        }
        if facts::is_missing_in_slim(program) && !self.installed.contains_key(program) {
            return Err(format!("`{program}` is not in the slim image"));
        }
        for word in command.words.iter().filter(|_| program == "rm") {
            if word.value.starts_with("/var/cache/apk") {
                self.edit(here, Edit::replace(word.span, "/var/lib/apt/lists/*"));
            }
        }
        Ok(())
    }

    /// The words behind `apk add`.
    fn install(&mut self, command: &Command, here: &Here) -> Result<(), String> {
        let (mut names, mut group) = (vec![], None);
        let mut words = command.words.iter().enumerate().skip(1);
        let verb = command.package.as_ref().map_or(0, |p| p.verb);
        while let Some((at, word)) = words.next() {
            let behind = at > verb;
            match word.value.as_str() {
                _ if at == verb => {}
                flag if QUIET.contains(&flag) => {
                    if behind {
                        self.drop_words(here, command, at, at)?;
                    }
                }
                "--virtual" | "-t" if behind => {
                    let (last, name) = words.next().ok_or("`--virtual` has no name")?;
                    group = Some(name.value.clone());
                    self.drop_words(here, command, at, last)?;
                }
                flag if behind && flag.starts_with("--virtual=") => {
                    group = Some(flag["--virtual=".len()..].to_owned());
                    self.drop_words(here, command, at, at)?;
                }
                flag if flag.starts_with('-') => return Err(format!("`{flag}` has no known counterpart")),
                name => {
                    let found =
                        debian(word).ok_or(format!("`{name}` is no package that is known in Debian"))?;
                    let new: Vec<&str> = found.into_iter().filter(|f| !names.contains(f)).collect();
                    names.extend(&new);
                    match new.is_empty() {
                        true => self.drop_words(here, command, at, at)?,
                        false => self.edit(here, here.word_as(word, &new.join(" "))),
                    }
                }
            }
        }
        if names.is_empty() {
            return Err("nothing would be left to install".to_owned());
        }
        names.iter().for_each(|name| *self.installed.entry(name).or_default() += 1);
        if let Some(group) = group {
            self.virtuals.insert(group, names);
        }
        let cleans = |c: &Command| {
            c.program() == "rm" && c.span.start > command.span.start && c.deletes("/var/cache/apk")
        };
        if !here.commands().iter().any(cleans) {
            let clean = here.step_after(command.step, "rm -rf /var/lib/apt/lists/*");
            self.edit(here, clean.ok_or("nothing can be put behind `apk add`")?);
        }
        Ok(())
    }

    /// The words behind `apk del`.
    fn remove(&mut self, command: &Command, here: &Here) -> Result<(), String> {
        let verb = command.package.as_ref().map_or(0, |p| p.verb);
        let mut names: Vec<&str> = vec![];
        for (at, word) in command.words.iter().enumerate().skip(verb + 1) {
            if QUIET.contains(&word.value.as_str()) {
                self.drop_words(here, command, at, at)?;
                continue;
            }
            let found = self.virtuals.get(&word.value).cloned().or_else(|| debian(word));
            let found = found.ok_or(format!("`{}` is no package that is known in Debian", word.value))?;
            let new: Vec<&str> = found.into_iter().filter(|f| !names.contains(f)).collect();
            names.extend(&new);
            // Debian's apt stops at what it does not know, and what another command wants to have must stay.
            if new.iter().any(|name| self.installed.get(name) != Some(&1)) {
                return Err(format!("what `{}` removes may be needed, or is not installed", word.value));
            }
            match new.is_empty() {
                true => self.drop_words(here, command, at, at)?,
                false => self.edit(here, here.word_as(word, &new.join(" "))),
            }
        }
        if names.is_empty() { Err("nothing would be left to remove".to_owned()) } else { Ok(()) }
    }

    /// Takes the words from `first` to `last` out, and what separates them from the word before.
    fn drop_words(
        &mut self,
        here: &Here,
        command: &Command,
        first: usize,
        last: usize,
    ) -> Result<(), String> {
        let gap = Span { start: command.words[first - 1].span.end, end: command.words[last].span.end };
        if here.instruction.comments.iter().any(|c| gap.contains(*c)) {
            return Err("a comment stands between the packages".to_owned());
        }
        self.edit(here, Edit::delete(gap));
        Ok(())
    }

    fn edit(&mut self, here: &Here, edit: Edit) {
        let at = here.placed().at;
        self.edits.push(Edit { span: edit.span.shift(at), text: edit.text });
    }
}

/// What takes the place of a package of Alpine.
fn debian(word: &Word) -> Option<Vec<&'static str>> {
    Some(facts::debian_packages(&word.value).filter(|_| word.literal)?.collect())
}
