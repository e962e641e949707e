//! # `NODE_ENV` is not set
//!
//! Express, React and many others look at `NODE_ENV` when they run: unless it says `production`, views are read anew for
//! each request, errors are sent out with their stack, and checks for developers are made.
//!
//! ```diff,unsafe
//!  FROM node:24-slim
//!  WORKDIR /app
//!  COPY . .
//!  RUN npm ci && npm run build
//! +ENV NODE_ENV=production
//!  CMD ["node", "dist/server.js"]
//! ```
//!
//! It comes behind the last step of the build: before, it would change what `npm ci` installs. Silent where it is set
//! anywhere, and where the container runs the tools of developers.
//!
//! ```dockerfile
//! FROM node:24-slim
//! WORKDIR /app
//! COPY . .
//! CMD ["npm", "run", "dev"]
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "unset-node-env",
    aliases: &[],
    severity: Severity::Hint,
    on: true,
    check: Check::Image(check),
};

/// Words that only developers' commands hold.
const TOOLS: &[&str] = &[
    "dev",
    "develop",
    "watch",
    "test",
    "nodemon",
    "lint",
    "storybook",
    "jest",
    "cypress",
    "webpack-dev-server",
    "vite",
];

fn check(stage: &Stage, file: &File) -> Vec<Finding> {
    finding(stage, file).into_iter().collect()
}

fn finding(stage: &Stage, file: &File) -> Option<Finding> {
    if facts::official(&stage.base.name).filter(|_| !stage.base.unknown) != Some("node") || file.is_template()
    {
        return None;
    }
    let lineage: Vec<Here> = file.lineage(stage).into_iter().map(|i| file.here(i)).collect();
    let brings = |h: &Here| matches!(h.instruction.keyword, Keyword::Copy | Keyword::Add);
    let set = file.mentions("NODE_ENV");
    if !lineage.iter().any(brings) || lineage.iter().any(Here::is_onbuild) || set {
        return None;
    }
    let last = |keyword| {
        stage.instructions.clone().map(|i| file.here(i)).rfind(|h: &Here| h.instruction.keyword == keyword)
    };
    let entry: Vec<Here> = [Keyword::Entrypoint, Keyword::Cmd].into_iter().filter_map(last).collect();
    let place = entry.iter().min_by_key(|h| h.index())?;
    let words = || entry.iter().flat_map(|h| h.commands()).flat_map(|c| &c.words);
    let develops = |w: &Word| {
        let name = w.value.rsplit('/').next().unwrap_or(&w.value);
        name.split([':', '-']).any(|part| TOOLS.contains(&part)) || TOOLS.contains(&name)
    };
    if words().any(develops) || !serves(words().next()?, file) {
        return None;
    }
    let at = file.placed(place.index()).at;
    let span = place.instruction.keyword_span.shift(at);
    let message = "`NODE_ENV` is not set, so the application runs as it does for developers";
    // What is built behind the command would see the variable too.
    let builds =
        (place.index()..stage.instructions.end).any(|i| file.here(i).instruction.keyword == Keyword::Run);
    let line = format!("ENV NODE_ENV=production{}", file.newline());
    let edit = Edit::insert(file.line_above(place.index()), line);
    let fix = Fix::risky(Scope::Config, "Set `NODE_ENV=production`", vec![edit]);
    Some(Finding::new(span, message).fix((!builds).then_some(fix)))
}

/// Whether the program that the container starts is the application, and not a tool of developers: Node.js itself, or a
/// package manager whose start script is at hand.
fn serves(program: &Word, file: &File) -> bool {
    let develops = |w: &str| TOOLS.contains(&w) || w == "ts-node" || w.starts_with("NODE_ENV=");
    match program.value.rsplit('/').next().unwrap_or(&program.value) {
        "node" | "pm2" | "pm2-runtime" => true,
        "npm" | "yarn" | "pnpm" => {
            let package = file.context().node_package(".");
            let start = package.as_ref().and_then(|p| p.scripts.get("start"));
            start.is_some_and(|s| !s.split_whitespace().any(develops))
        }
        _ => false,
    }
}
