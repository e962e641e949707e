//! What a `package.json` and the lock files beside it say.
use super::Context;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

type Packages = BTreeMap<String, String>;

/// A `package.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodePackage {
    /// What `npm run` runs.
    pub scripts: BTreeMap<String, String>,
    /// What only developers need.
    pub dev_dependencies: Packages,
    dependencies: Packages,
    optional_dependencies: Packages,
    peer_dependencies: Packages,
    workspaces: Option<Value>,
    package_manager: Option<String>,
}

impl Context {
    /// The `package.json` in `folder`, relative to the context.
    pub fn node_package(&self, folder: &str) -> Option<NodePackage> {
        serde_json::from_str(&self.read(&join(folder, "package.json"))?).ok()
    }
}

/// `name` in `folder`, which is `.` for the context itself.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder == "." || folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl NodePackage {
    fn all(&self) -> impl Iterator<Item = (&String, &String)> {
        self.dependencies.iter().chain(&self.dev_dependencies).chain(&self.optional_dependencies)
    }

    /// Whether an installation reads more of the project than this file and the lock file: packages in other folders, or
    /// scripts of its own that run with it.
    pub fn reads_project(&self) -> bool {
        const LOCAL: [&str; 7] = ["file:", "link:", "workspace:", "portal:", "patch:", ".", "/"];
        const WITH_INSTALL: [&str; 7] =
            ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
        let local = |spec: &String| LOCAL.iter().any(|l| spec.starts_with(l));
        self.workspaces.is_some()
            || self.all().any(|(_, spec)| local(spec))
            || WITH_INSTALL.iter().any(|s| self.scripts.contains_key(*s))
    }

    /// Whether it asks for another package manager, or version of one, than the image has, by way of Corepack.
    pub fn names_manager(&self) -> bool {
        self.package_manager.is_some()
    }

    /// Whether `lock`, the text of a `package-lock.json`, is made for exactly these dependencies.
    pub fn agrees_with_npm_lock(&self, lock: &str) -> bool {
        #[derive(Deserialize)]
        struct NpmLock {
            packages: BTreeMap<String, Value>,
        }
        let Ok(lock) = serde_json::from_str::<NpmLock>(lock) else { return false };
        let root = lock.packages.get("").and_then(|r| serde_json::from_value::<Self>(r.clone()).ok());
        let installed =
            |(name, _): (&String, &String)| lock.packages.contains_key(&format!("node_modules/{name}"));
        root.is_some_and(|root| {
            root.dependencies == self.dependencies
                && root.dev_dependencies == self.dev_dependencies
                && root.optional_dependencies == self.optional_dependencies
                && root.peer_dependencies == self.peer_dependencies
        }) && self.workspaces.is_none()
            && self.dependencies.iter().chain(&self.dev_dependencies).all(installed)
    }

    /// Whether `lock`, the text of a `yarn.lock` of yarn 1, has an entry for each of these dependencies.
    pub fn agrees_with_yarn_lock(&self, lock: &str) -> bool {
        let heads = lock.lines().filter(|l| !l.starts_with([' ', '#']));
        let keys: Vec<&str> = heads
            .filter_map(|l| l.strip_suffix(':'))
            .flat_map(|l| l.split(", "))
            .map(|k| k.trim_matches('"'))
            .collect();
        self.workspaces.is_none()
            && self.all().all(|(name, spec)| keys.contains(&format!("{name}@{spec}").as_str()))
    }

    /// The command that `npm start` runs, where it is all that it does.
    pub fn start_command(&self) -> Option<&str> {
        let alone = !self.scripts.contains_key("prestart") && !self.scripts.contains_key("poststart");
        self.scripts.get("start").map(String::as_str).filter(|_| alone)
    }
}
