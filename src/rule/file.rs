//! A file under check, as rules see it.
use super::reads::{Chain, section};
use super::*;
use std::ops::Range;
use std::sync::Arc;

/// A file under check.
///
/// What a rule asks of it is noted: its answer is kept between two checks while all that it looked at stays the same. A
/// question about one stage is better than one about the whole file, which no edit leaves the same.
#[derive(Clone, Copy)]
pub struct File<'a> {
    dockerfile: &'a Dockerfile,
    context: &'a Context,
    /// What the user chose.
    pub settings: &'a Settings,
    reads: &'a Reads,
}

/// It is the template of a Dockerfile.
#[derive(PartialEq)]
struct Template(bool);

impl Fact for Template {
    fn of(file: &File) -> Self {
        let mut all = file.dockerfile.instructions.iter();
        Self(all.any(|i| i.node.keyword == Keyword::Unknown && is_placeholder(&i.node.text)))
    }
}

/// The stages that build on each stage directly.
#[derive(PartialEq)]
struct Heirs(Vec<Vec<usize>>);

impl Fact for Heirs {
    fn of(file: &File) -> Self {
        let stages = &file.dockerfile.stages;
        let mut heirs = vec![vec![]; stages.len()];
        let built = stages.iter().enumerate().filter_map(|(heir, s)| Some((heir, s.parent?)));
        built.for_each(|(heir, parent)| heirs[parent].push(heir));
        Self(heirs)
    }
}

impl<'a> File<'a> {
    /// The view that rules get of a file, the files beside it, and what the user chose.
    pub fn new(
        dockerfile: &'a Dockerfile,
        context: &'a Context,
        settings: &'a Settings,
        reads: &'a Reads,
    ) -> Self {
        Self { dockerfile, context, settings, reads }
    }
    /// What it holds: all of it is looked at.
    pub fn dockerfile(&self) -> &'a Dockerfile {
        self.reads.file();
        self.dockerfile
    }
    /// The files beside it.
    pub fn context(&self) -> &'a Context {
        self.reads.context();
        self.context
    }
    /// What the rule that is running has looked at.
    pub(crate) fn reads(&self) -> &'a Reads {
        self.reads
    }
    /// The files beside it, for the engine: no rule looks.
    pub(crate) fn surroundings(&self) -> &'a Context {
        self.context
    }
    /// What it holds, for the engine: no rule looks.
    pub(crate) fn model(&self) -> &'a Dockerfile {
        self.dockerfile
    }
    /// Its text: all of it is looked at.
    pub fn text(&self) -> &'a str {
        &self.dockerfile().source
    }
    /// Whether `text` stands anywhere in it.
    pub fn mentions(&self, text: &str) -> bool {
        self.reads.mention(self, text)
    }
    /// Whether `NAME=` stands anywhere in it. `JAVA_HOME=` does not set `HOME`.
    pub fn sets(&self, name: &str) -> bool {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (text, set) = (&self.dockerfile.source, format!("{name}="));
        self.mentions(&set) && {
            self.reads.file();
            text.match_indices(&set).any(|(at, _)| !text[..at].ends_with(part))
        }
    }
    /// Something about the whole file.
    pub fn fact<F: Fact>(&self) -> Arc<F> {
        self.reads.fact(self)
    }
    /// Its escape character.
    pub fn escape(&self) -> char {
        self.dockerfile.escape
    }
    /// The line ending that it uses.
    pub fn newline(&self) -> &'static str {
        newline(&self.dockerfile.source)
    }
    /// Whether it is the template of a Dockerfile: placeholders stand where instructions belong, and what they bring
    /// in is not known.
    pub fn is_template(&self) -> bool {
        self.fact::<Template>().0
    }
    /// The frontend that `# syntax=` names.
    pub fn syntax(&self) -> Option<&'a str> {
        let directive = self.dockerfile.directives.iter().find(|d| d.name == "syntax");
        directive.map(|d| d.value.as_str())
    }
    /// Whether `# syntax=` names a frontend other than Docker's own: it may know other instructions.
    pub fn has_other_frontend(&self) -> bool {
        let name = self.syntax().and_then(|s| s.rsplit('/').next()?.split([':', '@']).next());
        name.is_some_and(|n| !matches!(n, "dockerfile" | "dockerfile-upstream"))
    }
    /// An instruction, and where it stands.
    pub fn placed(&self, index: usize) -> &'a Placed {
        self.reads.section(section(self.dockerfile, index));
        &self.dockerfile.instructions[index]
    }
    /// The stage of this number.
    pub fn stage(&self, number: usize) -> &'a Stage {
        self.reads.section(number + 1);
        &self.dockerfile.stages[number]
    }
    /// The number of a stage.
    pub fn number(&self, stage: &Stage) -> usize {
        section(self.dockerfile, stage.instructions.start).saturating_sub(1)
    }
    /// Whether it is the last stage: the one that a build makes when nobody names another.
    pub fn is_last(&self, stage: &Stage) -> bool {
        self.number(stage) + 1 == self.dockerfile.stages.len()
    }
    /// The instructions of a stage with their indices, its FROM first.
    pub fn instructions(
        &self,
        stage: &Stage,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Placed)> + use<'a> {
        self.stage(self.number(stage));
        let range = stage.instructions.clone();
        range.clone().zip(&self.dockerfile.instructions[range])
    }
    /// Every command that rules may speak about, with its instruction.
    pub fn commands(&self) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        self.commands_of(0..self.dockerfile.instructions.len())
    }
    fn commands_of(&self, all: Range<usize>) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        let file = *self;
        all.flat_map(move |i| {
            let here = file.here(i);
            here.commands().iter().map(move |c| (here, c))
        })
    }
    /// Those of the RUN instructions of a stage, where what they do is part of the image.
    pub fn kept_commands(&self, stage: &Stage) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        let all = if stage.role == Role::Final { stage.instructions.clone() } else { 0..0 };
        let runs = |here: &Here| here.instruction.keyword == Keyword::Run && !here.is_onbuild();
        self.commands_of(all).filter(move |(here, _)| runs(here))
    }
    /// The view of instruction `index` that instruction and command rules get.
    pub fn here(&self, index: usize) -> Here<'a> {
        self.reads.section(section(self.dockerfile, index));
        Here::new(*self, index)
    }
    /// The same, for the engine: no rule looks.
    pub(crate) fn view(&self, index: usize) -> Here<'a> {
        Here::new(*self, index)
    }
    /// The indices of the instructions that make up a stage, those of the stages that it builds on first.
    pub fn lineage(&self, stage: &Stage) -> Vec<usize> {
        let mut ranges = vec![self.stage(self.number(stage)).instructions.clone()];
        let mut parent = stage.parent;
        while let Some(next) = parent {
            ranges.push(self.stage(next).instructions.clone());
            parent = self.dockerfile.stages[next].parent;
        }
        ranges.into_iter().rev().flatten().collect()
    }
    /// The indices of the instructions of `stage` and of all stages that build on it.
    pub fn built_on(&self, stage: &Stage) -> Vec<usize> {
        let mut numbers = vec![self.number(stage)];
        // Stages build on earlier ones only.
        let mut next = 0;
        while let Some(number) = numbers.get(next).copied() {
            numbers.extend(&self.fact::<Heirs>().0[number]);
            next += 1;
        }
        numbers.sort_unstable();
        numbers.into_iter().flat_map(|n| self.stage(n).instructions.clone()).collect()
    }
    /// Where a new line goes that belongs before instruction `index`: above the comment lines directly over it.
    pub fn line_above(&self, index: usize) -> u32 {
        let mut at = self.placed(index).at;
        let comments = &self.dockerfile.comments;
        for comment in comments[..comments.partition_point(|c| c.start < at)].iter().rev() {
            let gap = &self.dockerfile.source[comment.end as usize..at as usize];
            if gap.trim().is_empty() && gap.matches('\n').count() == 1 {
                at = comment.start;
            } else {
                break;
            }
        }
        at
    }
    /// The lines that an instruction stands on, the ending of the last one included.
    pub fn lines_of(&self, index: usize) -> Span {
        let (text, span) = (&self.dockerfile.source, self.placed(index).span());
        let start = text[..span.start as usize].rfind('\n').map_or(0, |i| i + 1);
        let end = text[span.end as usize..].find('\n').map_or(text.len(), |i| span.end as usize + i + 1);
        Span::new(start, end)
    }
    /// What stands above an instruction and behind it: its stage, and what lies between that and the stage above.
    pub fn around(&self, index: usize) -> (&'a str, &'a str) {
        let Dockerfile { instructions, stages, source, .. } = self.dockerfile;
        let span = self.placed(index).span();
        let stage = section(self.dockerfile, index).checked_sub(1).map(|s| stages[s].instructions.clone());
        let Range { start, end } = stage.unwrap_or(0..stages.first().map_or(0, |s| s.instructions.start));
        let first = start.checked_sub(1).map_or(0, |above| instructions[above].span().end);
        let last =
            if end < instructions.len() { instructions[end - 1].span().end } else { source.len() as u32 };
        (Span { start: first, end: span.start }.of(source), Span { start: span.end, end: last }.of(source))
    }
    /// The edit that joins RUN `first` with the RUN directly behind it, where both run as before when they are one.
    pub fn join(&self, first: usize) -> Option<Edit> {
        for index in [first, first + 1] {
            self.placed(index);
        }
        crate::join::join(self.dockerfile, first)
    }
    /// The RUN directly above RUN `index`, where the two could be one.
    ///
    /// Left out: a RUN that only fetches the package lists of apt, as what it needs is not another layer; and pairs that
    /// would make a chain of more than a hundred lines, which nobody reads.
    pub fn run_above(&self, index: usize) -> Option<usize> {
        let is_run = |i: usize| self.placed(i).node.keyword == Keyword::Run;
        // Each RUN is looked at once in a check, however many stand in a row.
        let known = |i: usize| self.reads.chain(i).is_some();
        let unknown = |i: &usize| !known(*i) && is_run(*i);
        let first = (0..=index).rev().take_while(unknown).last().unwrap_or(index);
        (first..=index).for_each(|i| self.reads.keep_chain(i, self.chain(i)));
        self.reads.chain(index).filter(|chain| chain.goes_on).map(|_| index - 1)
    }
    /// The chain up to RUN `index`, which grows from that of the RUN above.
    fn chain(&self, index: usize) -> Chain {
        const LONGEST: usize = 100;
        let node = |i: usize| &self.placed(i).node;
        let lists = |i: usize| {
            let commands = node(i).script.as_ref().map(|s| s.commands.as_slice());
            let [only] = commands.unwrap_or_default() else { return false };
            only.package.as_ref().is_some_and(|p| p.manager == Manager::Apt && p.action == Action::Update)
        };
        let lines = node(index).text.lines().count();
        let above = index.checked_sub(1).and_then(|above| self.reads.chain(above));
        let longer = above.map(|chain| chain.lines + lines).filter(|all| *all <= LONGEST);
        let longer = longer.filter(|_| !lists(index - 1));
        Chain { lines: longer.unwrap_or(lines), goes_on: longer.is_some() }
    }
    /// The package manager, where RUN `first` and the one behind it do nothing but call it.
    pub fn package_pair(&self, first: usize) -> Option<Manager> {
        let calls = |i: usize| self.placed(i).node.script.as_ref()?.only_calls();
        calls(first).filter(|m| calls(first + 1) == Some(*m))
    }
    /// Whether only blanks and comments stand between two instructions that follow each other, and the comments.
    pub fn comments_between(&self, first: usize) -> Vec<Span> {
        let (from, to) = (self.placed(first).span().end, self.placed(first + 1).at);
        let comments = &self.dockerfile.comments;
        let start = comments.partition_point(|c| c.start < from);
        comments[start..].iter().take_while(|c| c.end <= to).copied().collect()
    }
}
