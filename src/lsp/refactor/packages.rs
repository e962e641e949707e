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
        let (escape, end) = (self.reading.file.escape, self.newline());
        let next = format!(" {escape}{end}        ");
        let before = Span { start: 0, end: span.start }.of(&node.text);
        let fresh = before.trim_end_matches([' ', '\t']).ends_with('\n');
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
        let node = self.node();
        let mounted =
            |path: &str| node.flags.iter().any(|f| f.name == "mount" && f.value.value.contains(path));
        let mut paths: Vec<(&str, &str)> = vec![];
        for call in script.commands.iter().filter_map(|c| c.package.as_ref()) {
            let all =
                if matches!(call.action, Action::Install | Action::Update) || call.manager == Manager::Go {
                    caches(call.manager)
                } else {
                    &[]
                };
            for cache in all.iter().filter(|(p, _)| !mounted(p)) {
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

/// Where a package manager keeps what it downloads when root runs it, and how the mount is shared.
fn caches(manager: Manager) -> &'static [(&'static str, &'static str)] {
    match manager {
        Manager::Apt => &[("/var/cache/apt", ",sharing=locked"), ("/var/lib/apt", ",sharing=locked")],
        Manager::Apk => &[("/etc/apk/cache", "")],
        Manager::Dnf => &[("/var/cache/dnf", ",sharing=locked")],
        Manager::Yum => &[("/var/cache/yum", ",sharing=locked")],
        Manager::Pip | Manager::Pipenv => &[("/root/.cache/pip", "")],
        Manager::Uv => &[("/root/.cache/uv", "")],
        Manager::Poetry => &[("/root/.cache/pypoetry", "")],
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
