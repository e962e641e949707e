//! The modules depend on one another in one direction, and rules only on the vocabulary that is made for them.
use std::path::{Path, PathBuf};

/// Each module may use those before it.
const ORDER: &[&str] = &[
    "text", "syntax", "facts", "settings", "model", "context", "join", "rule", "rules", "config", "suppress",
    "check", "verify", "fix", "example", "report", "search", "lsp", "cli",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = vec![];
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out
}

/// The modules of the crate that a source file names, tests in it left out.
fn uses(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    code.flat_map(|l| l.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
        .collect()
}

#[test]
fn modules_use_only_those_before_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).expect("it is below src").to_string_lossy().replace('\\', "/");
        let module = inside.split(['/', '.']).next().unwrap_or("");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let own = rank(module).unwrap_or_else(|| panic!("{inside}: add `{module}` to the order"));
        let text = std::fs::read_to_string(&path).expect("it is readable");
        for used in uses(&text).into_iter().filter(|u| *u != module) {
            // Comments name rules, so the check of comments may ask for them by name.
            let there =
                rank(used).unwrap_or_else(|| panic!("{inside}: `crate::{used}` is no module in the order"));
            let mutual = (module, used) == ("suppress", "check");
            assert!(there < own || mutual, "{inside} uses `{used}`, which comes after it");
        }
        if inside.matches('/').count() == 2 && module == "rules" {
            let only = uses(&text).into_iter().all(|u| u == "rule");
            assert!(only, "{inside}: a rule imports crate::rule::* alone");
        }
    }
}
