//! What may change when flags of commands become variables.
use super::{commands, is_subsequence, others, same, same_head, same_joints};
use crate::model::{Instruction, Keyword, Placed};

const ENVS: &[Keyword] = &[Keyword::Env];

/// Whether ENVs come in, and commands lose flags and the values that are now those of variables; no more.
pub(super) fn only_flags_become_variables(before: &[Placed], after: &[Placed]) -> bool {
    let was: Vec<&Placed> = others(before, ENVS).collect();
    let now: Vec<&Placed> = others(after, ENVS).collect();
    let set: Vec<&str> = pairs(after).filter_map(|(_, value)| value).collect();
    let alike = |(a, b): (&&Placed, &&Placed)| same(&a.node, &b.node) || loses_flags(&a.node, &b.node, &set);
    was.len() == now.len() && was.iter().zip(&now).all(alike) && is_subsequence(pairs(before), pairs(after))
}

/// What the ENVs set.
fn pairs(all: &[Placed]) -> impl Iterator<Item = (&str, Option<&str>)> {
    let envs = all.iter().filter(|p| p.node.keyword == Keyword::Env).flat_map(|p| &p.node.pairs);
    envs.map(|p| (p.name.value.as_str(), p.value.as_ref().map(|v| v.value.as_str())))
}

/// Whether the commands of a RUN lose nothing but flags, and values that are in `set`.
fn loses_flags(a: &Instruction, b: &Instruction, set: &[&str]) -> bool {
    let (was, now) = (commands(a), commands(b));
    let one = |(was, now): (&Vec<&str>, &Vec<&str>)| {
        let mut kept = now.iter().peekable();
        let lost: Vec<&&str> = was.iter().filter(|w| kept.next_if_eq(w).is_none()).collect();
        kept.next().is_none() && lost.iter().all(|w| w.starts_with('-') || set.contains(*w))
    };
    same_head(a, b) && same_joints(a, b) && was.len() == now.len() && was.iter().zip(&now).all(one)
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use crate::model::Dockerfile;
    use crate::rule::Scope;

    fn allows(before: &str, after: &str) -> bool {
        let read = |text: &str| Dockerfile::part(text, '\\').instructions;
        frame(&read(before), &read(after), Scope::Environment).is_ok()
    }

    #[test]
    fn values_may_move_to_variables_and_nothing_else_may() {
        assert!(allows("RUN a -i URL b", "ENV I=URL\nRUN a b"));
        assert!(allows("ENV A=1\nRUN a -i URL b && c", "ENV A=1\nENV I=URL\nRUN a b && c"));
        for (before, after) in [
            ("RUN a -i URL b", "ENV I=OTHER\nRUN a b"),
            ("RUN a -i URL b", "ENV I=URL\nRUN a"),
            ("RUN a -i URL b", "ENV I=URL\nRUN a c b"),
            ("RUN a -i URL && b", "ENV I=URL\nRUN a; b"),
            ("RUN a -i URL && b", "ENV I=URL\nRUN a"),
            ("ENV A=1\nRUN a -i URL", "ENV I=URL\nRUN a"),
            ("RUN a -i URL\nUSER b", "ENV I=URL\nRUN a"),
        ] {
            assert!(!allows(before, after), "{before:?} to {after:?}");
        }
    }
}
