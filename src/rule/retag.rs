//! How the image of a FROM gets another tag, wherever the tag is written.
use super::*;

impl File<'_> {
    /// The edit by which the image of `stage`, now tagged `old`, is tagged `new`; which is `old` with one more word between
    /// its hyphens. Where a variable is the tag, or the image, its default changes if nothing else uses it: what
    /// `--build-arg` gives then holds as before. If something does, the word is put behind the variable.
    ///
    /// # Errors
    /// Why there is none: the tag cannot be changed here without changing something else.
    pub fn retag(&self, stage: &Stage, old: Option<&str>, new: &str) -> Result<Edit, &'static str> {
        let from = self.placed(stage.instructions.start);
        let parts = from.node.from.as_ref().ok_or("its image cannot be read")?;
        if stage.image.digest.is_some() {
            return Err("the digest is that of this one");
        }
        let word = parts.tag.as_ref().unwrap_or(&parts.image);
        if word.literal || !word.value.contains('$') {
            let span = from.absolute(word.span);
            return Ok(match &parts.tag {
                Some(_) => Edit::replace(span, new),
                None => Edit::insert(span.end, format!(":{new}")),
            });
        }
        let default = variable(&word.value).and_then(|name| self.default_of(name));
        if let Some(value) = default {
            let text = &value.value;
            let slash = text.rfind('/').map_or(0, |i| i + 1);
            let name = text[slash..].find(':').map_or(text.as_str(), |colon| &text[..slash + colon]);
            let span = match (&parts.tag, old) {
                (Some(_), Some(old)) if text == old => Some(new.to_owned()),
                (None, None) if name == text => Some(format!("{text}:{new}")),
                (None, Some(old)) if *text == format!("{name}:{old}") => Some(format!("{name}:{new}")),
                _ => None,
            };
            let bare = matches!(value.quoting, Quoting::Bare | Quoting::Single | Quoting::Double);
            if let Some(new) = span.filter(|_| bare) {
                let quote = match value.quoting {
                    Quoting::Single => "'",
                    Quoting::Double => "\"",
                    _ => "",
                };
                return Ok(Edit::replace(value.span, format!("{quote}{new}{quote}")));
            }
        }
        let (Some(tag), Some(old)) = (&parts.tag, old) else {
            return Err("its name is set elsewhere");
        };
        let text = between(&tag.value, old, new).ok_or("its tag is set elsewhere")?;
        Ok(Edit::replace(from.absolute(tag.span), text))
    }

    /// The default of the global ARG `name`, its span that of the file, where nothing but one FROM uses it.
    fn default_of(&self, name: &str) -> Option<Word> {
        let all = &self.dockerfile().instructions;
        let first = self.dockerfile().stages.first()?.instructions.start;
        let pairs = |p: &'_ Placed| p.node.pairs.iter().any(|pair| pair.name.value == name);
        let mut set = all[..first].iter().filter(|p| p.node.keyword == Keyword::Arg && pairs(p));
        let placed = set.next().filter(|_| set.next().is_none())?;
        let again = all[first..].iter().any(|p| p.node.effective().keyword == Keyword::Arg && pairs(p));
        let uses = |p: &Placed| {
            let expansions = p.node.expansions(self.escape());
            expansions.iter().filter(|e| e.name.of(&p.node.text) == name).count()
        };
        let elsewhere = all[..first].iter().any(|p| uses(p) > 0);
        let froms = all[first..].iter().filter(|p| p.node.keyword == Keyword::From).map(uses).sum::<usize>();
        let pair = placed.node.pairs.iter().find(|pair| pair.name.value == name)?;
        let value =
            pair.value.clone().filter(|v| !v.value.contains('$') && !again && !elsewhere && froms == 1)?;
        Some(Word { span: placed.absolute(value.span), ..value })
    }
}

/// The variable that `text` is: `$NAME`, `${NAME}`.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|n| n.strip_suffix('}')).unwrap_or(name);
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then_some(name)
}

/// The template of a tag, which stands for `old`, with the word that `new` has more than `old`: `${V}-slim-bookworm` for
/// `${V}-bookworm`. None unless a variable in it stands for a version, in which case other values get on with the word.
fn between(template: &str, old: &str, new: &str) -> Option<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('-').collect(), new.split('-').collect());
    let mut words: Vec<&str> = template.split('-').collect();
    let at = (0..new.len()).find(|at| old.get(*at) != Some(&new[*at]))?;
    let is_one_more = old.len() + 1 == new.len() && old[at..] == new[at + 1..];
    let is_version = |value: &str| value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let stands = words.len() == old.len()
        && words
            .iter()
            .zip(&old)
            .all(|(word, value)| word == value || word.contains('$') && is_version(value));
    (is_one_more && stands).then(|| {
        words.insert(at, new[at]);
        words.join("-")
    })
}
