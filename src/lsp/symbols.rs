//! The outline: stages hold instructions, named by what they do.
use super::abilities::Abilities;
use super::document::Reading;
use crate::model::{Instruction, Keyword, Placed};
use crate::text::Span;
use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, SymbolTag,
};

/// The outline of a file, flat for clients that know no trees.
pub(super) fn all(reading: &Reading, client: &Abilities) -> DocumentSymbolResponse {
    let tree = tree(reading);
    if client.hierarchical_symbols {
        return DocumentSymbolResponse::Nested(tree);
    }
    let mut flat = vec![];
    for symbol in tree {
        let container = Some(symbol.name.clone());
        let children = symbol.children.clone().unwrap_or_default();
        flat.push(information(reading, symbol, None));
        flat.extend(children.into_iter().map(|c| information(reading, c, container.clone())));
    }
    DocumentSymbolResponse::Flat(flat)
}

fn information(
    reading: &Reading,
    symbol: DocumentSymbol,
    container_name: Option<String>,
) -> SymbolInformation {
    let DocumentSymbol { name, kind, tags, range, .. } = symbol;
    let location = Location { uri: reading.setting.uri.clone(), range };
    #[allow(deprecated)]
    SymbolInformation { name, kind, tags, deprecated: None, location, container_name }
}

fn tree(reading: &Reading) -> Vec<DocumentSymbol> {
    let file = &reading.file;
    let first = file.stages.first().map_or(file.instructions.len(), |s| s.instructions.start);
    let mut out: Vec<_> = file.instructions[..first].iter().map(|p| instruction(reading, p)).collect();
    for (index, stage) in file.stages.iter().enumerate() {
        let all = &file.instructions[stage.instructions.clone()];
        let (from, last) = (&all[0], &all[all.len() - 1]);
        let children = all[1..].iter().map(|p| instruction(reading, p)).collect();
        let image = from.node.from.as_ref().map_or("", |f| f.image.value.as_str());
        let name = stage.name.clone().unwrap_or_else(|| format!("stage {index}"));
        let selected = from.node.from.as_ref().map(|f| f.alias.as_ref().unwrap_or(&f.image).span);
        out.push(symbol(
            reading,
            name,
            Some(image.to_owned()),
            SymbolKind::MODULE,
            from.span().to(last.span()),
            from.absolute(selected.unwrap_or(from.node.keyword_span)),
            children,
        ));
    }
    out
}

fn instruction(reading: &Reading, placed: &Placed) -> DocumentSymbol {
    let node = &placed.node;
    let (name, kind) = (describe(node), kind(node.keyword));
    let selected = placed.absolute(node.keyword_span);
    symbol(reading, name, None, kind, placed.span(), selected, vec![])
}

fn symbol(
    reading: &Reading,
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    range: Span,
    selected: Span,
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    let deprecated = name.starts_with(Keyword::Maintainer.name());
    #[allow(deprecated)]
    DocumentSymbol {
        name,
        detail,
        kind,
        tags: deprecated.then(|| vec![SymbolTag::DEPRECATED]),
        deprecated: None,
        range: reading.positions.range(range),
        selection_range: reading.positions.range(selected),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The longest description that is not cut.
const LONG: usize = 60;

/// The keyword and what it is about: `RUN apt-get update && …`, `COPY /app`, `ENV A, B`.
pub(super) fn describe(node: &Instruction) -> String {
    let keyword = node.keyword_span.of(&node.text);
    let inner = node.effective();
    let about = match inner.keyword {
        _ if node.onbuild.is_some() => describe_inner(inner),
        Keyword::Env | Keyword::Arg | Keyword::Label => {
            inner.pairs.iter().map(|p| p.name.value.as_str()).collect::<Vec<_>>().join(", ")
        }
        Keyword::Run => run(inner),
        Keyword::Copy | Keyword::Add => {
            let words: Vec<&str> = inner.words.iter().map(|w| w.value.as_str()).collect();
            match words.split_last() {
                Some((to, sources)) => format!("{} → {to}", sources.join(" ")),
                None => String::new(),
            }
        }
        _ => node.read(inner.body),
    };
    let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut name = format!("{keyword} {about}").trim_end().to_owned();
    if name.chars().count() > LONG {
        name = name.chars().take(LONG - 1).collect::<String>().trim_end().to_owned() + "…";
    }
    if name.is_empty() { "?".to_owned() } else { name }
}

fn describe_inner(inner: &Instruction) -> String {
    let keyword = inner.keyword_span.of(&inner.text);
    let about = if inner.keyword == Keyword::Run { run(inner) } else { inner.read(inner.body) };
    format!("{keyword} {about}")
}

/// The programs that a RUN runs, with their subcommands.
fn run(node: &Instruction) -> String {
    let Some(script) = node.script.as_ref().filter(|s| !s.commands.is_empty()) else {
        return node.read(node.body);
    };
    let mut names: Vec<String> = vec![];
    for command in script.commands.iter().filter(|c| !c.words.is_empty()) {
        let name = match &command.package {
            Some(call) => format!("{} {}", command.program(), command.words[call.verb].value),
            None => command.program().to_owned(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn kind(keyword: Keyword) -> SymbolKind {
    match keyword {
        Keyword::Env | Keyword::Arg => SymbolKind::VARIABLE,
        Keyword::Label | Keyword::Maintainer => SymbolKind::PROPERTY,
        Keyword::Copy | Keyword::Add | Keyword::Volume => SymbolKind::FILE,
        Keyword::Expose => SymbolKind::INTERFACE,
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Healthcheck => SymbolKind::FUNCTION,
        Keyword::Onbuild => SymbolKind::EVENT,
        _ => SymbolKind::CONSTANT,
    }
}
