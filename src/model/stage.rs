//! Build stages, and what becomes of them.
use super::Placed;
use super::image::Image;
use super::instruction::{Instruction, Keyword};
use super::state::{Settings, State};
use std::ops::Range;

/// What a stage is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its layers are part of the final image: the last stage, and those that it builds on.
    Final,
    /// The final image takes files from it (COPY --from, a mount), directly or through other stages.
    Source,
    /// Nothing that leads to the last stage uses it; it may be a target of its own.
    Aside,
}

/// A build stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The indices of its instructions, its FROM first.
    pub instructions: Range<usize>,
    /// The name given by AS.
    pub name: Option<String>,
    /// The image of its own FROM: an image, or the name of an earlier stage.
    pub image: Image,
    /// The stage that it builds on.
    pub parent: Option<usize>,
    /// The image at the bottom: its own, or that of the stages it builds on.
    pub base: Image,
    /// What it is for.
    pub role: Role,
    /// Its variables.
    pub settings: Settings,
    /// The state behind its last instruction.
    pub(super) end: Option<State>,
}

impl Stage {
    pub(super) fn new(
        from: usize,
        name: Option<String>,
        image: Image,
        parent: Option<usize>,
        base: Image,
    ) -> Self {
        let instructions = from..from + 1;
        Self {
            instructions,
            name,
            image,
            parent,
            base,
            role: Role::Aside,
            settings: Settings::new(),
            end: None,
        }
    }

    /// What is in force behind its last instruction.
    pub fn end_state(&self) -> Option<&State> {
        self.end.as_ref()
    }
}

/// What an instruction refers to as the source of files: `--from=` of COPY and ADD, `from=` of a mount.
pub fn sources(instruction: &Instruction) -> Vec<&str> {
    let instruction = instruction.effective();
    let mut out = vec![];
    for flag in &instruction.flags {
        match flag.name.as_str() {
            "from" => out.push(flag.value.value.as_str()),
            "mount" => out.extend(flag.value.value.split(',').filter_map(|kv| kv.strip_prefix("from="))),
            _ => {}
        }
    }
    out
}

/// The stage that `reference` names, by name (any case) or number, among the `before` first.
pub fn find(stages: &[Stage], reference: &str, before: usize) -> Option<usize> {
    let by_name = |s: &Stage| s.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(reference));
    let stages = &stages[..before.min(stages.len())];
    stages.iter().rposition(by_name).or_else(|| reference.parse().ok().filter(|n| *n < stages.len()))
}

pub(super) fn mark_roles(stages: &mut [Stage], instructions: &[Placed]) {
    let Some(last) = stages.len().checked_sub(1) else { return };
    let mut at = Some(last);
    while let Some(i) = at {
        stages[i].role = Role::Final;
        at = stages[i].parent;
    }
    // Stages refer to earlier ones only, so one pass from the end finds everything.
    for i in (0..stages.len()).rev() {
        if stages[i].role == Role::Aside {
            continue;
        }
        let used: Vec<usize> = instructions[stages[i].instructions.clone()]
            .iter()
            .filter(|p| matches!(p.node.effective().keyword, Keyword::Copy | Keyword::Add | Keyword::Run))
            .flat_map(|p| sources(&p.node))
            .filter_map(|r| find(stages, r, i))
            .chain(stages[i].parent)
            .collect();
        for u in used {
            if stages[u].role == Role::Aside {
                stages[u].role = Role::Source;
            }
        }
    }
}
