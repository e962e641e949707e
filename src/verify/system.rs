//! What may change when a stage comes to build on another distribution.
use super::base::same_but_tag;
use super::{meaning, same, same_head};
use crate::model::{Command, Instruction, Keyword};

/// Whether two instructions differ in nothing but the tag of a FROM, or the commands of a RUN that are matters of the
/// distribution.
pub(super) fn only_the_distribution_differs(a: &Instruction, b: &Instruction) -> bool {
    let both = |keyword| a.keyword == keyword && b.keyword == keyword;
    same(a, b)
        || both(Keyword::From) && same_but_tag(a, b)
        || both(Keyword::Run) && same_head(a, b) && others(a) == others(b)
}

/// The commands that are no matters of the distribution: no call of its package manager, none that deletes what that
/// leaves behind, none that creates users.
fn others(instruction: &Instruction) -> Vec<Vec<&str>> {
    let system = |c: &Command| match c.program() {
        "adduser" | "addgroup" | "useradd" | "groupadd" | "usermod" => true,
        "rm" => c.deletes("/var/lib/apt/lists") || c.deletes("/var/cache/apk"),
        _ => c.package.as_ref().is_some_and(|p| !p.manager.programs().is_empty()),
    };
    let scripts = instruction.effective().script.iter();
    scripts.flat_map(|s| s.commands.iter().filter(|c| !system(c)).map(|c| meaning(s, c))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use crate::model::Dockerfile;
    use crate::rule::Scope;

    fn allows(before: &str, after: &str) -> bool {
        let read = |text: &str| Dockerfile::part(text, '\\').instructions;
        frame(&read(before), &read(after), Scope::System).is_ok()
    }

    #[test]
    fn the_distribution_may_change_and_nothing_else_may() {
        assert!(allows(
            "FROM a:alpine\nRUN apk add b && c",
            "FROM a:slim\nRUN apt-get update && apt-get install b && c"
        ));
        assert!(allows("RUN adduser -D a", "RUN useradd a"));
        for (before, after) in [
            ("FROM a:alpine", "FROM b:slim"),
            ("RUN apk add b && c", "RUN apt-get install b"),
            ("RUN apk add b && c", "RUN apt-get install b && d"),
            ("RUN rm -rf /a", "RUN rm -rf /b"),
            ("ENV A=1", "ENV A=2"),
            ("RUN --mount=type=cache,target=/a apk add b", "RUN apt-get install b"),
            ("RUN apk add b\nRUN apk add c", "RUN apt-get install b c"),
        ] {
            assert!(!allows(before, after), "{before:?} to {after:?}");
        }
    }
}
