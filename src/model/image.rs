//! References to images.

/// An image reference, its variables replaced by the defaults of the file's own global ARGs where it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Registry and repository: `python`, `ghcr.io/org/app`.
    pub name: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest, such as `sha256:…`.
    pub digest: Option<String>,
    /// A variable without a default is left in it: what it names is unknown.
    pub unknown: bool,
    /// Some variable was replaced.
    pub substituted: bool,
}

impl Image {
    /// Reads `reference`, in which `lookup` gives the value of a variable.
    pub fn parse(reference: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let resolved = expand(reference, &lookup);
        let text = resolved.as_deref().unwrap_or(reference);
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        // A colon before the last slash is that of a registry's port.
        let slash = rest.rfind('/').map_or(0, |i| i + 1);
        let (name, tag) = match rest[slash..].find(':') {
            Some(colon) => (&rest[..slash + colon], Some(rest[slash + colon + 1..].to_owned())),
            None => (rest, None),
        };
        Self {
            name: name.to_owned(),
            tag,
            digest,
            unknown: resolved.is_none(),
            substituted: resolved.as_deref().is_some_and(|r| r != reference),
        }
    }

    /// The same image, its name that on Docker Hub if it begins with one of `mirrors`: `python` for
    /// `registry.example.com/hub/python`.
    pub(super) fn behind(mut self, mirrors: &[String]) -> Self {
        let rest = |mirror: &String| {
            let rest = self.name.strip_prefix(mirror.trim_end_matches('/'))?.strip_prefix('/')?;
            (!mirror.is_empty() && !rest.is_empty()).then(|| rest.to_owned())
        };
        if let Some(name) = mirrors.iter().find_map(rest) {
            self.name = name;
        }
        self
    }

    /// The last part of the name: `python` of `docker.io/library/python`.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether it is the empty base.
    pub fn is_scratch(&self) -> bool {
        self.name == "scratch" && self.tag.is_none()
    }
}

/// `text` with `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME-word}` replaced. None when some value is not known.
pub fn expand(text: &str, lookup: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(braced) = rest.strip_prefix('{') {
            let close = braced.find('}')?;
            let (inner, tail) = (&braced[..close], &braced[close + 1..]);
            let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
            let (name, modifier) = inner.split_at(end);
            let value = lookup(name);
            match (modifier.strip_prefix(":-").or(modifier.strip_prefix('-')), value) {
                (_, Some(value)) if modifier.is_empty() || !value.is_empty() && modifier.contains('-') => {
                    out.push_str(&value)
                }
                (Some(default), _) if !default.contains('$') => out.push_str(default),
                _ => return None,
            }
            rest = tail;
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            out.push_str(&lookup(&rest[..end])?);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    Some(out)
}
