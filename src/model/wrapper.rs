//! Looks through the words in front of a program: `sudo -E env A=b exec …`, and into `sh -c '…'`.
use super::script::Assignment;
use super::word::{Quoting, Word};
use crate::text::Span;

/// `NAME=value` in front of a command, as `env` takes it.
pub(super) fn assignment_word(word: &Word) -> Option<Assignment> {
    let (name, value) = word.value.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| Assignment { span: word.span, name: name.to_owned(), value: value.to_owned() })
}

/// How many of `words` come before the program that is really run.
pub(super) fn wrapped(words: &[Word]) -> usize {
    let mut at = 0;
    while let Some(next) = words.get(at).and_then(|w| wrapper(&w.value, &words[at + 1..])) {
        if at + next >= words.len() {
            break;
        }
        at += next;
    }
    at
}

/// The number of words of a wrapper and its own arguments; None where `program` is no wrapper.
fn wrapper(program: &str, rest: &[Word]) -> Option<usize> {
    let (flags_with_value, operands, assignments): (&[&str], usize, bool) =
        match program.rsplit('/').next()? {
            "sudo" => {
                (&["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "--user", "--group"], 0, true)
            }
            "env" => (&["-u", "-C", "--unset", "--chdir"], 0, true),
            "exec" => (&["-a"], 0, false),
            "time" | "nohup" | "eatmydata" | "builtin" => (&[], 0, false),
            "command" => (&[], 0, false),
            "nice" => (&["-n"], 0, false),
            "ionice" => (&["-c", "-n"], 0, false),
            "timeout" => (&["-k", "-s", "--kill-after", "--signal"], 1, false),
            "gosu" | "su-exec" => (&[], 1, false),
            _ => return None,
        };
    let mut at = 0;
    while let Some(word) =
        rest.get(at).filter(|w| w.is_flag() || (assignments && assignment_word(w).is_some()))
    {
        // `command -v x` and `env -S '…'` run nothing that is a word here; `sudo -i`, `-s` and `-e` neither.
        if matches!(
            (program, word.value.as_str()),
            ("command", "-v" | "-V") | ("env", "-S") | ("sudo", "-s" | "-i" | "-e" | "-l" | "-v")
        ) {
            return None;
        }
        at += 1 + usize::from(flags_with_value.contains(&word.value.as_str()));
        if word.value == "--" {
            break;
        }
    }
    Some(1 + at + operands)
}

/// The text between the quotes of `sh -c '…'`, where the shell gets it byte by byte.
pub(super) fn shell_argument(words: &[Word], text: &str) -> Option<Span> {
    let program = words.first()?.value.rsplit('/').next()?;
    if !matches!(program, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh") {
        return None;
    }
    let flag = words
        .iter()
        .skip(1)
        .take_while(|w| w.is_flag())
        .position(|w| !w.value.starts_with("--") && w.value.contains('c'))?;
    let word = words.get(flag + 2)?;
    // Half typed, a word may have no closing quote, or be a lone one.
    let quoted = word.span.of(text);
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = quoted[1..].strip_suffix(quote).filter(|inside| !inside.is_empty())?;
    let start = word.span.start + 1;
    let inner = Span { start, end: start + inside.len() as u32 };
    let verbatim = match word.quoting {
        Quoting::Single => true,
        Quoting::Double | Quoting::Json => word.literal && !inner.of(text).contains(['\\', '$', '`']),
        Quoting::Bare | Quoting::Mixed => false,
    };
    verbatim.then_some(inner)
}

#[cfg(test)]
mod tests {
    use crate::model::Dockerfile;

    /// Every character may be the last one that was typed so far.
    #[test]
    fn the_script_of_a_shell_is_read_while_it_is_typed() {
        for whole in
            ["CMD bash -c \"echo 🐳 && ls\"", "RUN sh -c 'echo 🐳é'", "CMD [\"sh\", \"-c\", \"echo 🐳\"]"]
        {
            for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
                let file = Dockerfile::new(&whole[..end]);
                let script = file.instructions.first().and_then(|i| i.node.script.as_ref());
                let nested = script.map_or(0, |s| s.commands.len());
                assert!(end < whole.len() || nested > 0, "{whole}");
            }
        }
    }
}
