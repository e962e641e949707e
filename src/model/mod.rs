//! Trees to meaning: instructions, commands, images, and the state in force before every instruction.
mod account;
mod command;
mod edited;
mod image;
mod instruction;
mod lower;
mod packages;
mod script;
mod shell;
mod stage;
mod state;
mod token;
mod variable;
mod word;
mod wrapper;

pub use image::{Image, expand};
pub use instruction::{Flag, Form, From, Instruction, Keyword, Pair};
pub use packages::{Action, Manager, PackageCall};
pub use script::{Assignment, Command, Joint, Position, Script, Source, Step, StepKind};
pub use stage::{Role, Stage, find as find_stage, sources};
pub use state::{Setting, Settings, Shell, ShellKind, State};
pub use token::TokenKind;
pub use variable::Expansion;
pub use word::{Quoting, Word};

use crate::syntax::{self, Directive, Logical, Problem};
use crate::text::Span;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// An instruction at a place in a file.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Offset of its first byte.
    pub at: u32,
    /// What it is. Shared with every other place, and every earlier version of the file, that has the same text.
    pub node: Arc<Instruction>,
}

impl Placed {
    /// All of it, in the file.
    pub fn span(&self) -> Span {
        Span { start: self.at, end: self.at + self.node.text.len() as u32 }
    }
    /// A span of the instruction as a span of the file.
    pub fn absolute(&self, span: Span) -> Span {
        span.shift(self.at)
    }
}

/// A Dockerfile: what it holds and what that means.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// Its text.
    pub source: Arc<str>,
    /// Its parser directives.
    pub directives: Vec<Directive>,
    /// Its escape character.
    pub escape: char,
    /// Its instructions.
    pub instructions: Vec<Placed>,
    /// What is in force before each of them. Shared, as the next two, by the versions of a file that only differ in what
    /// sets nothing.
    pub states: Arc<Vec<State>>,
    /// Its stages.
    pub stages: Arc<Vec<Stage>>,
    /// The ARGs before the first FROM.
    pub globals: Arc<Settings>,
    /// Comment lines outside instructions, line ending excluded.
    pub comments: Vec<Span>,
    /// What BuildKit refuses about its lines.
    pub problems: Vec<Problem>,
    /// What begins the names of images that are those of Docker Hub behind it.
    mirrors: Arc<[String]>,
}

/// Instructions already read, by their text.
#[derive(Default, Debug)]
pub struct Cache {
    map: HashMap<Arc<str>, Arc<Instruction>>,
    escape: Option<char>,
}

impl Cache {
    /// The instructions of a file.
    pub fn of(file: &Dockerfile) -> Self {
        let map = file.instructions.iter().map(|p| (p.node.text.clone(), p.node.clone())).collect();
        Self { map, escape: Some(file.escape) }
    }
}

/// From this many bytes on, the instructions of one file are read on several threads.
const LARGE: usize = 1 << 19;

impl Dockerfile {
    /// Reads `source`.
    pub fn new(source: &str) -> Self {
        Self::with_cache(source, &mut Cache::default())
    }

    /// As [`Dockerfile::new`]; instructions found in `cache` are not read again, new ones are put there.
    pub fn with_cache(source: &str, cache: &mut Cache) -> Self {
        let split = syntax::split(source);
        if cache.escape != Some(split.escape) {
            *cache = Cache { escape: Some(split.escape), map: HashMap::new() };
        }
        let read = |l: &&Logical| {
            let text: Arc<str> = l.span.of(source).into();
            (text.clone(), Arc::new(lower::instruction(text, l, split.escape, None)))
        };
        let missing: Vec<&Logical> =
            split.instructions.iter().filter(|l| !cache.map.contains_key(l.span.of(source))).collect();
        if source.len() > LARGE {
            cache.map.extend(missing.par_iter().map(read).collect::<Vec<_>>());
        } else {
            cache.map.extend(missing.iter().map(read));
        }
        let instructions = split
            .instructions
            .iter()
            .map(|l| Placed { at: l.span.start, node: cache.map[l.span.of(source)].clone() })
            .collect();
        Self::assemble(source.into(), split, instructions)
    }

    /// Reads whole instructions cut out of a file with this escape character: no directive is looked for.
    pub(crate) fn part(text: &str, escape: char) -> Self {
        let split = syntax::split_part(text, escape);
        let read = |l: &Logical| {
            let node = lower::instruction(l.span.of(text).into(), l, escape, None);
            Placed { at: l.span.start, node: Arc::new(node) }
        };
        let instructions = split.instructions.iter().map(read).collect();
        Self::assemble(text.into(), split, instructions)
    }

    /// The same file, where what stands behind one of `mirrors` in the name of an image is its name on Docker Hub.
    pub fn behind(self, mirrors: &[String]) -> Self {
        if *self.mirrors == *mirrors {
            return self;
        }
        let fold = state::Fold::over(&self.instructions, mirrors);
        Self {
            states: Arc::new(fold.states),
            stages: Arc::new(fold.stages),
            globals: Arc::new(fold.globals),
            mirrors: mirrors.into(),
            ..self
        }
    }

    fn assemble(source: Arc<str>, split: syntax::Split, instructions: Vec<Placed>) -> Self {
        let fold = state::Fold::over(&instructions, &[]);
        let syntax::Split { directives, escape, comments, problems, .. } = split;
        Self {
            source,
            directives,
            escape,
            instructions,
            states: Arc::new(fold.states),
            stages: Arc::new(fold.stages),
            globals: Arc::new(fold.globals),
            comments,
            problems,
            mirrors: Arc::default(),
        }
    }

    /// The stage that begins with instruction `index`.
    pub fn begun_by(&self, index: usize) -> Option<usize> {
        self.states[index].stage.filter(|s| self.stages[*s].instructions.start == index)
    }

    /// The value of variable `name` before instruction `index`, from an ENV or ARG of its stage or, for ENV, of the
    /// stages that it builds on. The outer None: not set in this file.
    pub fn variable(&self, index: usize, name: &str) -> Option<&Setting> {
        match self.states[index].stage {
            Some(stage) => state::lookup(&self.stages, stage, name, index),
            None => state::latest(&self.globals, name, index),
        }
    }
}
