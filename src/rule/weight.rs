//! How much the packages that a file installs add to the image. All of it is estimated, and what is not known is left out.
use super::{
    Action, Command, Fact, File, Here, Joint, Keyword, Manager, Origin, Position, Stage, Word, facts,
};
use facts::{Added, Archive, Installed, Megabytes};
use std::fmt;

/// What packages add to an image.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Weight {
    /// As far as it is known.
    pub added: Added,
    /// There is more, of which nothing is known.
    pub is_part: bool,
}

/// `about 250 MB`, `at least 250 MB`
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.about(), self.added.on_disk.rounded())
    }
}

impl Weight {
    /// Megabytes that are worth telling about.
    const LEAST: Megabytes = Megabytes(1.0);

    /// How it is to be taken: `about`, or `at least`.
    pub fn about(&self) -> &'static str {
        if self.is_part { "at least" } else { "about" }
    }

    /// The same, unless it is next to nothing.
    pub fn notable(self) -> Option<Self> {
        (self.added.on_disk >= Self::LEAST).then_some(self)
    }

    /// Counts a package, or that it is not known.
    fn count(&mut self, package: Option<Added>) {
        match package {
            Some(added) => self.added += added,
            None => self.is_part = true,
        }
    }
}

/// What the configuration of apt that the file writes says of recommended packages: whether it says anything.
#[derive(PartialEq)]
struct Configured(bool);

impl Fact for Configured {
    fn of(file: &File) -> Self {
        // An option of one call has a `=`.
        let (text, name) = (file.text(), "Install-Recommends");
        Self(text.match_indices(name).any(|(i, _)| !text[i + name.len()..].starts_with('=')))
    }
}

/// Whether the file names other sources of packages than those of the distribution: theirs have the same names, and other
/// sizes (Node.js, PostgreSQL).
#[derive(PartialEq)]
struct OtherSources(bool);

impl Fact for OtherSources {
    fn of(file: &File) -> Self {
        const SIGNS: &[&str] =
            &["sources.list", "/etc/apt/keyrings", "apt-key", "add-apt-repository", "nodesource"];
        Self(SIGNS.iter().any(|sign| file.text().contains(sign)))
    }
}

impl Here<'_> {
    /// Whether it is decided if `command`, one that installs by apt, installs what the packages recommend: by a flag, an
    /// option, or the configuration of apt.
    pub fn decides_on_recommended(&self, command: &Command) -> bool {
        let named = |w: &Word| w.value.to_ascii_lowercase().contains("install-recommends");
        command.arguments().iter().any(named)
            || command.has_flag(&["--install-suggests"])
            || self.has_hidden_flags(command)
            || self.fact::<Configured>().0
    }

    /// The archive that apt installs from. None where the content of the image or the source of packages is not known.
    pub fn archive(&self) -> Option<Archive> {
        let base = self.base()?;
        facts::archive(&base.name, base.tag.as_deref()).filter(|_| !self.fact::<OtherSources>().0)
    }

    /// What an `apt-get install` adds to the image, with what the packages recommend or without, beyond what was
    /// `installed` before it. None where nothing is known, and for other commands.
    pub fn weight_by_apt(
        &self,
        command: &Command,
        recommended: bool,
        installed: &mut Installed,
    ) -> Option<Weight> {
        let call = command.package.as_ref()?;
        let archive = self.archive()?;
        let installs = call.manager == Manager::Apt && command.words[call.verb].value == "install";
        let mut out = Weight::default();
        for word in call.operands.iter().filter(|_| installs).map(|o| &command.words[*o]) {
            let known = package_name(word).and_then(|name| installed.add(archive, name, recommended));
            out.count(known);
        }
        installs.then_some(out)
    }

    /// What the packages of Python that `command` installs add to an official image on which wheels fit.
    fn weight_by_pip(&self, command: &Command, installed: &mut Installed) -> Option<Weight> {
        facts::official(&self.base()?.name)?;
        let fits = self.family().is_some_and(facts::Family::has_apt) && !command.has_flag(&["--no-deps"]);
        let found = self.python_packages(command).filter(|f| fits && !f.elsewhere)?;
        let mut out = Weight { is_part: found.unknown.is_some(), ..Weight::default() };
        for package in &found.packages {
            let plain = package.origin == Origin::Index && !package.from_source;
            let known = plain && !package.maybe && !package.builds;
            out.count(installed.add(Archive::Pypi, &package.name, false).filter(|_| known));
        }
        Some(out)
    }

    /// What this RUN adds, beyond what was `installed` before it. None where nothing is known of it, or it adds nothing.
    pub fn weight(&self, installed: &mut Installed) -> Option<Weight> {
        let script = self.instruction.script.as_ref()?;
        if self.instruction.keyword != Keyword::Run || self.is_onbuild() {
            return None;
        }
        let removes: Vec<&Command> =
            self.commands().iter().filter(|c| c.asks(Manager::Apt, Action::Remove)).collect();
        let mut out = Weight::default();
        for command in self.commands().iter().filter(|c| c.package.is_some()) {
            let or = script.steps.get(command.step).is_some_and(|s| s.joint == Joint::Or);
            let surely = matches!(command.position, Position::Step | Position::Pipeline) && !or;
            let mut tried = installed.clone();
            let weight = if command.asks(Manager::Apt, Action::Install) {
                let recommended = !self.decides_on_recommended(command);
                // What goes again in the same step never was in the layer, and nobody knows what goes along.
                self.weight_by_apt(command, recommended, &mut tried).filter(|_| removes.is_empty())
            } else if command.package.as_ref().is_some_and(|p| p.action == Action::Install) {
                self.weight_by_pip(command, &mut tried)
            } else {
                continue;
            };
            match weight.filter(|_| surely) {
                Some(weight) => {
                    *installed = tried;
                    out.added += weight.added;
                    out.is_part |= weight.is_part;
                }
                None => out.is_part = true,
            }
        }
        out.notable()
    }
}

impl File<'_> {
    /// What the RUNs of a stage, and of those that it builds on, add: their indices in the order of the file. What several
    /// of them install counts once, for the first.
    pub fn weights(&self, stage: &Stage) -> Vec<(usize, Weight)> {
        let mut installed = Installed::default();
        let mut weight = |i: usize| Some((i, self.here(i).weight(&mut installed)?));
        self.lineage(stage).into_iter().filter_map(&mut weight).collect()
    }

    /// What all packages of a stage add, those of the stages that it builds on included. None where nothing is known.
    pub fn weight(&self, stage: &Stage) -> Option<Weight> {
        let mut out = Weight::default();
        for (_, weight) in self.weights(stage) {
            out.added += weight.added;
            out.is_part |= weight.is_part;
        }
        out.notable()
    }
}

/// The package that a word of `apt-get install` names: without its version, release and architecture.
pub(crate) fn package_name(word: &Word) -> Option<&str> {
    let name = word.value.split(['=', '/', ':']).next()?;
    let plain = word.literal && !word.value.starts_with(['.', '/']) && !name.ends_with('-');
    plain.then_some(name)
}
