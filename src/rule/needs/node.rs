//! What modules of Node.js take when they are installed.
use super::Run;
use crate::rule::*;
use serde_json::Value;

/// The programs that the modules of a command, and of the `package.json` of the build context, run when they are installed.
pub(super) fn modules(run: &Run) -> Vec<String> {
    let call = run.command.package.iter().flat_map(|p| &p.operands);
    let operands = call.map(|i| run.command.words[*i].value.clone());
    let package: Value =
        read(run, "package.json").and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
    let lists = ["dependencies", "devDependencies", "optionalDependencies"];
    let lists = lists.iter().filter_map(|list| package[list].as_object()).flatten();
    let (names, sources): (Vec<String>, Vec<String>) =
        lists.map(|(name, from)| (name.clone(), from.as_str().unwrap_or_default().to_owned())).unzip();
    let asked: Vec<String> = operands.chain(sources).collect();
    let lock = read(run, "package-lock.json").unwrap_or_default();
    let mut out = vec![];
    let by_git = |source: &String| {
        ["git+", "git:", "git@", "github:", "gitlab:", "bitbucket:"].iter().any(|by| source.starts_with(by))
            || is_shorthand(source)
    };
    if asked.iter().any(by_git) || lock.contains("\"resolved\": \"git") {
        out.push("git".to_owned());
    }
    if asked.iter().any(|s| s.starts_with("git+ssh:") || s.starts_with("git@")) {
        out.push("ssh".to_owned());
    }
    let has = |module: &str| {
        asked.iter().chain(&names).any(|n| n == module)
            || lock.contains(&format!("\"node_modules/{module}\""))
    };
    // It looks for the version of OpenSSL.
    if has("@prisma/client") || has("prisma") {
        out.push("openssl".to_owned());
    }
    // It unpacks a program that draws text.
    if has("phantomjs-prebuilt") || has("phantomjs") {
        out.extend(["bzip2".to_owned(), "fc-list".to_owned()]);
    }
    out
}

/// `owner/name` on GitHub; not a path and not `@scope/name`.
fn is_shorthand(source: &str) -> bool {
    let plain = |part: &str| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.#".contains(&b);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain)
    };
    source.split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name))
}

/// The file of that name in the folder that the command runs in, or in the build context.
fn read(run: &Run, name: &str) -> Option<String> {
    let context = run.here.file().context();
    context.read(&run.here.origin(name).unwrap_or_else(|| name.to_owned()))
}

/// Whether a command installs modules of which some may be compiled. A lock file tells which run a script when they are
/// installed.
pub(super) fn may_compile(run: &Run) -> bool {
    let of_node = |m: Manager| matches!(m, Manager::Npm | Manager::Yarn | Manager::Pnpm);
    let installs =
        run.command.package.as_ref().is_some_and(|p| of_node(p.manager) && p.action == Action::Install);
    let lock = read(run, "package-lock.json").unwrap_or_default();
    let tells = lock.contains("\"lockfileVersion\"") && !lock.contains("\"lockfileVersion\": 1");
    installs && (!tells || lock.contains("\"hasInstallScript\""))
}
