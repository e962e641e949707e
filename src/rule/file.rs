//! A file under check, as rules see it.
use super::*;

/// A file under check.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// What it holds.
    pub dockerfile: &'a Dockerfile,
    /// The files beside it.
    pub context: &'a Context,
    /// What the user chose.
    pub settings: &'a Settings,
    /// What the rule that is running has looked at.
    pub reads: &'a Reads,
}

impl<'a> File<'a> {
    /// Its text.
    pub fn text(&self) -> &'a str {
        &self.dockerfile.source
    }
    /// Whether it is the template of a Dockerfile: placeholders stand where instructions belong, and what they bring
    /// in is not known.
    pub fn is_template(&self) -> bool {
        self.dockerfile
            .instructions
            .iter()
            .any(|i| i.node.keyword == Keyword::Unknown && is_placeholder(&i.node.text))
    }
    /// Whether `# syntax=` names a frontend other than Docker's own: it may know other instructions.
    pub fn has_other_frontend(&self) -> bool {
        let name = |value: &str| {
            value.rsplit('/').next().and_then(|n| n.split([':', '@']).next()).map(str::to_owned)
        };
        let syntax = self.dockerfile.directives.iter().find(|d| d.name == "syntax");
        let name = syntax.and_then(|d| name(&d.value));
        name.is_some_and(|n| !matches!(n.as_str(), "dockerfile" | "dockerfile-upstream"))
    }
    /// The instructions of a stage with their indices, its FROM first.
    pub fn instructions(
        &self,
        stage: &Stage,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Placed)> + use<'a> {
        let range = stage.instructions.clone();
        range.clone().zip(&self.dockerfile.instructions[range])
    }
    /// Every command that rules may speak about, with its instruction.
    pub fn commands(&self) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        let file = *self;
        (0..self.dockerfile.instructions.len()).flat_map(move |i| {
            let here = file.here(i);
            here.commands().iter().map(move |c| (here, c))
        })
    }
    /// Those of the RUN instructions that make the image.
    pub fn kept_commands(&self) -> impl Iterator<Item = (Here<'a>, &'a Command)> + use<'a> {
        let kept =
            |here: &Here| here.is_kept() && here.instruction.keyword == Keyword::Run && !here.is_onbuild();
        self.commands().filter(move |(here, _)| kept(here))
    }
    /// The view of instruction `index` that instruction and command rules get.
    pub fn here(&self, index: usize) -> Here<'a> {
        Here::new(*self, index)
    }
    /// The indices of the instructions that make up a stage, those of the stages that it builds on first.
    pub fn lineage(&self, stage: &Stage) -> Vec<usize> {
        let mut ranges = vec![stage.instructions.clone()];
        let mut parent = stage.parent;
        while let Some(next) = parent {
            ranges.push(self.dockerfile.stages[next].instructions.clone());
            parent = self.dockerfile.stages[next].parent;
        }
        ranges.into_iter().rev().flatten().collect()
    }
    /// The indices of the instructions of `stage` and of all stages that build on it.
    pub fn built_on(&self, stage: &Stage) -> Vec<usize> {
        // Stages build on earlier ones only.
        let stages = &self.dockerfile.stages;
        let mut on_top = vec![false; stages.len()];
        for (i, other) in stages.iter().enumerate() {
            let is_it = other.instructions.start == stage.instructions.start;
            on_top[i] = is_it || other.parent.is_some_and(|p| on_top[p]);
        }
        stages.iter().zip(on_top).filter(|(_, on)| *on).flat_map(|(s, _)| s.instructions.clone()).collect()
    }
    /// Where a new line goes that belongs before instruction `index`: above the comment lines directly over it.
    pub fn line_above(&self, index: usize) -> u32 {
        let mut at = self.dockerfile.instructions[index].at;
        let comments = &self.dockerfile.comments;
        for comment in comments[..comments.partition_point(|c| c.start < at)].iter().rev() {
            let gap = &self.text()[comment.end as usize..at as usize];
            if gap.trim().is_empty() && gap.matches('\n').count() == 1 {
                at = comment.start;
            } else {
                break;
            }
        }
        at
    }
    /// The edit that joins RUN `first` with the RUN directly behind it, where both run as before when they are one.
    pub fn join(&self, first: usize) -> Option<Edit> {
        crate::join::join(self.dockerfile, first)
    }
    /// The first of each two RUNs that follow each other directly.
    ///
    /// Left out: a RUN that only fetches the package lists of apt, as what it needs is not another layer; and pairs that
    /// would make a chain of more than a hundred lines, which nobody reads.
    pub fn run_pairs(&self) -> Vec<usize> {
        const LONGEST: usize = 100;
        let runs = |i: usize| self.dockerfile.instructions[i].node.keyword == Keyword::Run;
        let lists = |i: usize| {
            let commands =
                self.dockerfile.instructions[i].node.script.as_ref().map(|s| s.commands.as_slice());
            let [only] = commands.unwrap_or_default() else { return false };
            only.package.as_ref().is_some_and(|p| p.manager == Manager::Apt && p.action == Action::Update)
        };
        let lines = |i: usize| self.dockerfile.instructions[i].node.text.lines().count();
        let last = self.dockerfile.instructions.len().saturating_sub(1);
        let (mut out, mut chain) = (vec![], 0);
        for first in 0..last {
            // Lines of the chain that this pair goes on with, or begins.
            let before = if out.last() == first.checked_sub(1).as_ref() { chain } else { lines(first) };
            if runs(first) && runs(first + 1) && !lists(first) && before + lines(first + 1) <= LONGEST {
                chain = before + lines(first + 1);
                out.push(first);
            }
        }
        out
    }
    /// The package manager, where RUN `first` and the one behind it do nothing but call it.
    pub fn package_pair(&self, first: usize) -> Option<Manager> {
        let calls = |i: usize| self.dockerfile.instructions.get(i)?.node.script.as_ref()?.only_calls();
        calls(first).filter(|m| calls(first + 1) == Some(*m))
    }
    /// Whether only blanks and comments stand between two instructions that follow each other, and the comments.
    pub fn comments_between(&self, first: usize) -> Vec<Span> {
        let all = &self.dockerfile.instructions;
        let (from, to) = (all[first].span().end, all[first + 1].at);
        let comments = &self.dockerfile.comments;
        let start = comments.partition_point(|c| c.start < from);
        comments[start..].iter().take_while(|c| c.end <= to).copied().collect()
    }
}
