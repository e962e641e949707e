//! # The full base image, where a slim one exists
//!
//! The full variants of images such as `python` and `node` carry compilers, version control and header files, some
//! 700 MB that a running application does not use; the slim variant is the same without them.
//!
//! ```diff,unsafe
//! -FROM python:3.13
//! +FROM python:3.13-slim
//!  WORKDIR /app
//!  COPY . .
//!  CMD ["python", "app.py"]
//! ```
//!
//! The fix says what the slim variant lacks, and where that is used; it installs it.
//!
//! ```diff,unsafe
//! -FROM python:3.13
//! +FROM python:3.13-slim
//!  WORKDIR /app
//! +RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
//!  COPY . .
//!  RUN git describe > version
//!  CMD ["python", "app.py"]
//! ```
//!
//! Seen are the commands of the file, and of the scripts of the build context that it runs. Not seen is what a program
//! starts by itself, and what of a list of packages that cannot be read would have to be compiled; this is why the fix is
//! unsafe. There is none where software is compiled with what the full image has, or a script runs that cannot be read.
//!
//! ```dockerfile,flagged
//! FROM python:3.13
//! RUN git clone https://example.com/app.git /app && make -C /app
//! CMD ["python", "/app/app.py"]
//! ```
//!
//! Where the tag comes from an `ARG`, its default changes if nothing else uses it; a value that `--build-arg` gives holds
//! as before. If something does, and it stands for a version, the `FROM` says `${VERSION}-slim`.
//!
//! Silent for build stages, whose image nobody ships.
//!
//! ```dockerfile
//! FROM node:22 AS build
//! RUN npm ci && npm run build
//!
//! FROM nginx:1.29-alpine
//! COPY --from=build /dist /usr/share/nginx/html
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "full-base-image",
    aliases: &[],
    severity: Severity::Warning,
    on: true,
    check: Check::Stage(check),
};

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    let from = file.placed(stage.instructions.start);
    let (parts, image) = (from.node.from.as_ref()?, &stage.image);
    if stage.role != Role::Final || stage.parent.is_some() || image.unknown {
        return None;
    }
    let (name, tag) = (image.name.as_str(), image.tag.as_deref());
    let repository = facts::official(name)?;
    let floating = facts::slim_tag(name, tag).filter(|_| tag.is_some() || image.digest.is_none())?.tag;
    let carries = match repository {
        "debian" | "haskell" => "manual pages and translations",
        _ => "compilers and other build tools",
    };
    let span = from.absolute(parts.image.span);
    let says = |slim: &str| {
        let sizes = sizes(name, tag, slim);
        format!(
            "this image carries {carries} into the final image; `{repository}:{slim}` leaves them out{sizes}"
        )
    };
    let held_back = |reason: &str| Finding::new(span, format!("{}, but {reason}", says(&floating)));
    if facts::family(name, tag) != facts::family(name, Some(&floating)) {
        return Some(held_back("it is built on another system"));
    }
    let (slim, retag) = match retag(stage, file, &floating) {
        Ok(done) => done,
        Err(reason) => return Some(held_back(reason)),
    };
    let needs = match facts::lacking(name, tag) {
        Some(lacking) => file.needs(stage, &lacking),
        None => return Some(held_back("what else that one lacks is not known")),
    };
    let needs = match needs {
        Ok(needs) => needs,
        Err(unknown) => {
            let line = line_of(file, unknown.span);
            let finding = held_back(&format!("{} (line {line})", unknown.why));
            return Some(finding.related(unknown.span, "this may need the full image"));
        }
    };
    let doubts: String = needs.doubts.iter().map(|d| format!("; {d}")).collect();
    let mut finding = Finding::new(span, says(&slim) + &lacks(&needs.seen, file) + &doubts);
    for need in &needs.seen {
        finding = finding.related(need.span, format!("this needs `{}`", need.package));
    }
    let mut title = format!("Use `{repository}:{slim}`");
    let mut edits = vec![retag];
    if !needs.seen.is_empty() {
        let mut packages: Vec<&str> = needs.seen.iter().map(|n| n.package).collect();
        packages.sort_unstable();
        title += &format!(" and install {}", listed(packages.iter().copied()));
        match install(stage, file, &packages, needs.seen[0].at) {
            Ok(edit) => edits.push(edit),
            Err(reason) => return Some(held_back(&format!("{}, and {reason}", missing(&needs.seen, file)))),
        }
    }
    let packages = needs.seen.iter().map(|n| n.package);
    Some(finding.fix(Fix::risky(Scope::Base, title, edits).saves(saves(name, tag, &slim, packages))))
}

/// By how much the image gets smaller: what the slim one is smaller, but for the packages that it gets.
fn saves<'p>(
    name: &str,
    tag: Option<&str>,
    slim: &str,
    packages: impl Iterator<Item = &'p str>,
) -> Option<facts::Megabytes> {
    let on_disk = |tag: Option<&str>| Some(facts::size(name, tag)?.on_disk?.0);
    let mut saved = on_disk(tag)? - on_disk(Some(slim))?;
    let mut installed = facts::Installed::default();
    for package in packages {
        let added = installed.add(facts::archive(name, Some(slim))?, package, false)?;
        saved -= added.on_disk.0;
    }
    (saved > 0.0).then_some(facts::Megabytes(saved))
}

/// How large the two images are on disk, where that is known: ` (126 MB on disk instead of 1.1 GB)`.
fn sizes(name: &str, tag: Option<&str>, slim: &str) -> String {
    let (Some(full), Some(slim)) = (facts::size(name, tag), facts::size(name, Some(slim))) else {
        return String::new();
    };
    let about = if full.is_estimate || slim.is_estimate { "about " } else { "" };
    match (full.on_disk, slim.on_disk) {
        (Some(full), Some(slim)) => format!(" ({about}{slim} on disk instead of {full})"),
        _ => String::new(),
    }
}

/// The tag that the settings ask for, and the edit that sets it.
fn retag(stage: &Stage, file: &File, floating: &str) -> Result<(String, Edit), &'static str> {
    let (name, tag) = (stage.image.name.as_str(), stage.image.tag.as_deref());
    if file.settings.slim() == SlimVariant::Pinned {
        let pinned = facts::pinned_slim_tag(name, tag, file.settings.today());
        let edit = pinned.and_then(|slim| Some((file.retag(stage, tag, &slim.tag).ok()?, slim.tag)));
        if let Some((edit, tag)) = edit {
            return Ok((tag, edit));
        }
    }
    Ok((floating.to_owned(), file.retag(stage, tag, floating)?))
}

/// The packages, where the mirrors still have those of this release.
fn install(stage: &Stage, file: &File, packages: &[&str], first: Moment) -> Result<Edit, String> {
    let updates = |h: &Here| h.commands().iter().any(|c| c.asks(Manager::Apt, Action::Update));
    let updates = file.instructions(stage).any(|(i, _)| updates(&file.here(i)));
    let release = facts::debian_release(&stage.image.name, stage.image.tag.as_deref());
    match release {
        Some(release) if !updates && facts::debian_is_over(release, file.settings.today()) => {
            Err(format!("packages of Debian {release} may be gone from the mirrors"))
        }
        None if !updates => {
            Err("the release of Debian, and so whether mirrors have packages for it, is not known".to_owned())
        }
        _ => file.apt_install(stage, packages, first),
    }
}

fn line_of(file: &File, span: Span) -> usize {
    file.text()[..span.start as usize].matches('\n').count() + 1
}

/// The evidence: `, and with them git, which line 14 runs`.
fn lacks(needs: &[Need], file: &File) -> String {
    if needs.is_empty() { String::new() } else { format!(", and {}", missing(needs, file)) }
}

fn missing(needs: &[Need], file: &File) -> String {
    let each = needs.iter().map(|n| format!("`{}` (line {})", n.what, line_of(file, n.span)));
    format!("lacks {}", joined(each.collect()))
}

fn listed<'p>(names: impl Iterator<Item = &'p str>) -> String {
    joined(names.map(|n| format!("`{n}`")).collect())
}

fn joined(mut all: Vec<String>) -> String {
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} and {last}", all.join(", ")) }
}
