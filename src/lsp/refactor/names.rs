//! Names for what has none: a stage, the tag of an image.
use super::Here;
use crate::lsp::names::{self, Thing};
use crate::text::{Edit, Span};

impl Here<'_> {
    pub(super) fn name_stage(&self) -> Option<Vec<Edit>> {
        let here = names::here(self.reading, self.offset).filter(|here| here.number)?;
        let Thing::Stage(index) = here.thing else { return None };
        let file = &self.reading.file;
        let stage = &file.stages[index];
        if stage.name.is_some() {
            return None;
        }
        let (_, all) = names::at(self.reading, self.offset)?;
        let free = |n: &str| file.stages.iter().all(|s| s.name.as_deref() != Some(n));
        let name = if free("builder") { "builder".to_owned() } else { format!("stage-{index}") };
        let placed = &file.instructions[stage.instructions.start];
        let from = placed.node.from.as_ref()?;
        let end = placed.absolute(from.image.span).end;
        let numbers = all.iter().filter(|o| o.number).map(|o| Edit::replace(o.span, name.clone()));
        Some(numbers.chain([Edit::insert(end, format!(" AS {name}"))]).collect())
    }

    pub(super) fn extract(&self) -> Option<(String, Vec<Edit>)> {
        let node = self.node();
        let from = node.from.as_ref()?;
        let tag = from.tag.as_ref().filter(|t| t.literal && from.digest.is_none())?;
        let image = from.image.value.strip_suffix(&format!(":{}", tag.value))?.rsplit('/').next()?;
        let upper: String = image
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        let name = format!("{upper}_VERSION");
        let file = &self.reading.file;
        let first = file.stages.first()?.instructions.start;
        let taken = file.globals.contains_key(&name) || name.starts_with(|c: char| c.is_ascii_digit());
        if taken || !from.image.span.contains(Span::at(self.offset - self.placed.at)) {
            return None;
        }
        let arg = format!("ARG {name}={}{}", tag.value, self.newline());
        let tag = self.placed.absolute(tag.span);
        let edits =
            vec![Edit::insert(self.line_above(first), arg), Edit::replace(tag, format!("${{{name}}}"))];
        Some((name, edits))
    }

    /// Where a line above instruction `index` goes: above the comments that speak of it, below the parser directives.
    fn line_above(&self, index: usize) -> u32 {
        let at = self.file.line_above(index) as usize;
        let (dockerfile, text) = (&self.reading.file, self.reading.text());
        let line = text[..at].trim_end_matches([' ', '\t']).len();
        let below = dockerfile.directives.last().and_then(|d| {
            let end = d.span.end as usize;
            text[end..].find('\n').map(|i| end + i + 1)
        });
        line.max(below.unwrap_or(0)) as u32
    }
}
