//! Package managers: sorted packages, caches in mounts.
use super::Here;
use crate::model::{Action, Manager, Source, Word};
use crate::text::{Edit, Span};

impl Here<'_> {
    pub(super) fn sort(&self) -> Option<Vec<Edit>> {
        let script = self.script().filter(|s| s.source == Source::Line)?;
        let node = self.node();
        let offset = self.offset - self.placed.at;
        let installs = script.commands.iter().filter(|c| c.span.contains(Span::at(offset)));
        let (command, call) = installs
            .filter_map(|c| Some((c, c.package.as_ref().filter(|p| p.action == Action::Install)?)))
            .next_back()?;
        let row = call.operands.windows(2).all(|w| w[1] == w[0] + 1);
        let words: Vec<&Word> = call.operands.iter().map(|i| &command.words[*i]).collect();
        let (first, last) = (words.first()?, words.last()?);
        let span = first.span.to(last.span);
        let comment = node.comments.iter().any(|c| span.contains(*c));
        if !row || comment || words.len() < 2 || words.iter().any(|w| !w.literal) {
            return None;
        }
        let mut names: Vec<&str> = words.iter().map(|w| w.span.of(&node.text)).collect();
        names.sort_unstable();
        names.dedup();
        let before = Span { start: 0, end: span.start }.of(&node.text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        let fresh = line.len() < before.len() && line.trim().is_empty();
        let indent = if fresh { line.to_owned() } else { deeper(node.text.contains("\n\t"), line, before) };
        let next = format!(" {}{}{indent}", self.reading.file.escape, self.newline());
        let text = names.join(&next);
        if span.of(&node.text) == text && fresh {
            return None;
        }
        let start = if fresh { span.start } else { before.trim_end().len() as u32 };
        let lead = if fresh { String::new() } else { next };
        self.replace(Span { start, end: span.end }, lead + &text)
    }

    pub(super) fn cache(&self) -> Option<Vec<Edit>> {
        let script = self.script()?;
        let here = self.file.here(self.index);
        if here.user().is_some() && !here.is_root() {
            return None;
        }
        let node = self.node();
        let mounted =
            |path: &str| node.flags.iter().any(|f| f.name == "mount" && f.value.value.contains(path));
        let mut paths: Vec<(&str, &str)> = vec![];
        for command in &script.commands {
            let Some(call) = &command.package else { continue };
            let said = |w: &Word| {
                ["--no-cache", "--cache-dir", "--cache-folder"].iter().any(|o| w.value.contains(o))
            };
            let elsewhere = variables(call.manager).iter().any(|v| here.env(Some(command), v).is_some());
            let fills =
                matches!(call.action, Action::Install | Action::Update) || call.manager == Manager::Go;
            if !fills || elsewhere || command.words.iter().any(said) {
                continue;
            }
            for cache in caches(call.manager).iter().filter(|(p, _)| !mounted(p)) {
                if !paths.contains(cache) {
                    paths.push(*cache);
                }
            }
        }
        if paths.is_empty() {
            return None;
        }
        let mounts: String =
            paths.iter().map(|(path, more)| format!(" --mount=type=cache,target={path}{more}")).collect();
        Some(vec![Edit::insert(self.placed.absolute(node.keyword_span).end, mounts)])
    }
}

/// An indentation one step deeper than that of the command that ends `line`, in an instruction that begins with
/// `before`.
fn deeper(tabs: bool, line: &str, before: &str) -> String {
    let step = if tabs { "\t" } else { "    " };
    let own = &line[..line.len() - line.trim_start().len()];
    // What continues the first line is a step deeper than the keyword already.
    if line.len() == before.len() { step.repeat(2) } else { format!("{own}{step}") }
}

/// The variables that switch off a package manager's cache, or move it.
fn variables(manager: Manager) -> &'static [&'static str] {
    match manager {
        Manager::Pip => &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"],
        Manager::Pipenv => &["PIP_NO_CACHE_DIR", "PIPENV_CACHE_DIR", "XDG_CACHE_HOME"],
        Manager::Uv => &["UV_NO_CACHE", "UV_CACHE_DIR", "XDG_CACHE_HOME"],
        Manager::Poetry => &["POETRY_CACHE_DIR", "XDG_CACHE_HOME"],
        Manager::Pdm => &["PDM_NO_CACHE", "PDM_CACHE_DIR", "XDG_CACHE_HOME"],
        Manager::Npm => &["NPM_CONFIG_CACHE", "npm_config_cache"],
        Manager::Yarn => &["YARN_CACHE_FOLDER"],
        Manager::Pnpm => &["PNPM_HOME"],
        Manager::Go => &["GOPATH", "GOMODCACHE", "GOCACHE"],
        Manager::Cargo => &["CARGO_HOME"],
        Manager::Composer => &["COMPOSER_HOME", "COMPOSER_CACHE_DIR"],
        _ => &[],
    }
}

/// Where a package manager keeps what it downloads when root runs it, and how the mount is shared.
fn caches(manager: Manager) -> &'static [(&'static str, &'static str)] {
    match manager {
        Manager::Apt => &[("/var/cache/apt", ",sharing=locked"), ("/var/lib/apt", ",sharing=locked")],
        Manager::Apk => &[("/etc/apk/cache", "")],
        Manager::Dnf => &[("/var/cache/dnf", ",sharing=locked")],
        Manager::Yum => &[("/var/cache/yum", ",sharing=locked")],
        Manager::Pip => &[("/root/.cache/pip", "")],
        Manager::Pipenv => &[("/root/.cache/pipenv", "")],
        Manager::Uv => &[("/root/.cache/uv", "")],
        Manager::Poetry => &[("/root/.cache/pypoetry", "")],
        Manager::Pdm => &[("/root/.cache/pdm/http", ""), ("/root/.cache/pdm/wheels", "")],
        Manager::Conda => &[("/opt/conda/pkgs", "")],
        Manager::Npm => &[("/root/.npm", "")],
        Manager::Yarn => &[("/usr/local/share/.cache/yarn", "")],
        Manager::Pnpm => &[("/root/.local/share/pnpm/store", "")],
        Manager::Go => &[("/go/pkg/mod", ""), ("/root/.cache/go-build", "")],
        Manager::Cargo => &[("/usr/local/cargo/registry", "")],
        Manager::Composer => &[("/root/.composer/cache", "")],
        Manager::Bundle | Manager::Gem | Manager::Microdnf | Manager::Zypper | Manager::Pacman => &[],
    }
}
