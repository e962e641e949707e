//! Links: an image to its page, a source of COPY and ADD to the file.
use super::abilities::Abilities;
use super::document::Reading;
use crate::facts;
use crate::model::{Image, Keyword};
use tower_lsp::ls_types::{DocumentLink, Uri};

/// Every link of a file.
pub(super) fn all(reading: &Reading, client: &Abilities) -> Vec<DocumentLink> {
    let file = &reading.file;
    let mut out = vec![];
    for (index, placed) in file.instructions.iter().enumerate() {
        let node = placed.node.effective();
        let mut link = |span, target: Option<Uri>, tooltip: &str| {
            if target.is_some() {
                let range = reading.positions.range(placed.absolute(span));
                let tooltip = client.document_links_tooltip.then(|| tooltip.to_owned());
                out.push(DocumentLink { range, target, tooltip, data: None });
            }
        };
        if let (Some(from), Some(stage)) = (&node.from, file.begun_by(index)) {
            let stage = &file.stages[stage];
            if stage.parent.is_none() {
                link(from.image.span, page(&stage.image).and_then(|p| p.parse().ok()), "The image's page");
            }
        }
        let copies = matches!(node.keyword, Keyword::Copy | Keyword::Add) && node.flag("from").is_none();
        let Some(folder) = reading.setting.path.as_ref().and_then(|p| p.parent()).filter(|_| copies) else {
            continue;
        };
        let sources = node.words.len().saturating_sub(1);
        for word in node.words[..sources].iter().filter(|w| w.literal) {
            if word.value.starts_with("http://") || word.value.starts_with("https://") {
                link(word.span, word.value.parse().ok(), "The address");
                continue;
            }
            let path = folder.join(word.value.trim_start_matches('/'));
            if path.is_file() {
                link(word.span, Uri::from_file_path(path), "The file");
            }
        }
    }
    out
}

/// Where an image is described.
pub(super) fn page(image: &Image) -> Option<String> {
    if image.unknown || image.is_scratch() || image.name.is_empty() {
        return None;
    }
    if let Some(name) = facts::official(&image.name) {
        return Some(format!("https://hub.docker.com/_/{name}"));
    }
    let (host, path) = match image.name.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) => (host, path),
        _ => ("docker.io", image.name.as_str()),
    };
    match host {
        "docker.io" | "index.docker.io" => Some(format!("https://hub.docker.com/r/{path}")),
        "ghcr.io" => {
            let owner = path.split('/').next()?;
            let package = path.rsplit('/').next()?;
            Some(format!("https://github.com/{owner}/{package}"))
        }
        "quay.io" => Some(format!("https://quay.io/repository/{path}")),
        "mcr.microsoft.com" => Some(format!("https://mcr.microsoft.com/artifact/mar/{path}")),
        "gcr.io" => Some(format!("https://gcr.io/{path}")),
        "public.ecr.aws" => Some(format!("https://gallery.ecr.aws/{path}")),
        _ => None,
    }
}
