//! Environment markers, `sys_platform == "win32"`, for the image: Linux, and its Python as far as it is known.
use crate::facts::Interpreter;
use pep440_rs::{Version, VersionSpecifiers};
use std::str::FromStr;

/// What markers are held against.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    /// The interpreter of the image.
    pub(super) python: Interpreter,
    /// The extras asked for.
    pub(super) extras: Vec<String>,
}

/// Deeper than anybody nests brackets.
const DEEPEST: usize = 32;

/// Whether `marker` holds; None where that depends on what is not known, and where it cannot be read.
pub(super) fn holds(marker: &str, environment: &Environment) -> Option<bool> {
    let mut parser = Parser { tokens: tokens(marker)?, at: 0, environment };
    let answer = parser.any(0)?;
    (parser.at == parser.tokens.len()).then_some(answer.0).flatten()
}

/// A value that may not be known, of an expression that can be read.
struct Answer(Option<bool>);

#[derive(Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Text(String),
    Name(String),
    Operator(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = vec![];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '(' | ')' => {
                out.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' | '\'' => {
                let inside = rest[1..].split(first).next()?;
                out.push(Token::Text(inside.to_owned()));
                // An open quote ends nowhere.
                rest.get(inside.len() + 2..)?;
                inside.len() + 2
            }
            c if "<>=!~".contains(c) => {
                let end = rest.find(|c: char| !"<>=!~".contains(c)).unwrap_or(rest.len());
                out.push(Token::Operator(rest[..end].to_owned()));
                end
            }
            c if c.is_ascii_alphabetic() => {
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
                let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
                out.push(match &rest[..end] {
                    operator @ ("in" | "not") => Token::Operator(operator.to_owned()),
                    name => Token::Name(name.to_owned()),
                });
                end
            }
            _ => return None,
        };
        rest = rest[taken..].trim_start();
    }
    Some(out)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    environment: &'a Environment,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn skips(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    /// `… or …`
    fn any(&mut self, depth: usize) -> Option<Answer> {
        let mut answer = self.all(depth)?.0;
        while self.skips("or") {
            answer = match (answer, self.all(depth)?.0) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        Some(Answer(answer))
    }

    /// `… and …`
    fn all(&mut self, depth: usize) -> Option<Answer> {
        let mut answer = self.one(depth)?.0;
        while self.skips("and") {
            answer = match (answer, self.one(depth)?.0) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        Some(Answer(answer))
    }

    fn one(&mut self, depth: usize) -> Option<Answer> {
        if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 1;
            let inside = if depth < DEEPEST { self.any(depth + 1)? } else { return None };
            return (self.next()? == Token::Close).then_some(inside);
        }
        let left = self.next()?;
        let Token::Operator(mut operator) = self.next()? else { return None };
        if operator == "not" {
            (self.next()? == Token::Operator("in".to_owned())).then_some(())?;
            operator = "not in".to_owned();
        }
        let answer = match (left, self.next()?) {
            (Token::Name(name), Token::Text(value)) => self.compare(&name, &operator, &value),
            (Token::Text(value), Token::Name(name)) => self.compare(&name, turned(&operator), &value),
            _ => return None,
        };
        Some(Answer(answer))
    }

    fn compare(&self, name: &str, operator: &str, value: &str) -> Option<bool> {
        let pypy = self.environment.python.pypy;
        let known = match name {
            "python_version" | "python_full_version" => return self.version(name, operator, value),
            "extra" => {
                let asked = self.environment.extras.contains(&super::requirement::normalized(value));
                return match operator {
                    "==" => Some(asked),
                    "!=" => Some(!asked),
                    _ => None,
                };
            }
            "os_name" | "os.name" => "posix",
            "sys_platform" | "sys.platform" => "linux",
            "platform_system" => "Linux",
            "platform_python_implementation" | "platform.python_implementation" if pypy => "PyPy",
            "platform_python_implementation" | "platform.python_implementation" => "CPython",
            "implementation_name" if pypy => "pypy",
            "implementation_name" => "cpython",
            // The machine that it is built on, and what else markers may ask for.
            _ => return None,
        };
        match operator {
            "==" | "===" => Some(known == value),
            "!=" => Some(known != value),
            "in" => Some(value.contains(known)),
            "not in" => Some(!value.contains(known)),
            // `"linux" in sys_platform`
            "has" => Some(known.contains(value)),
            "has not" => Some(!known.contains(value)),
            _ => None,
        }
    }

    /// Compares the version of Python. What the tag of an image leaves open must not matter.
    fn version(&self, name: &str, operator: &str, value: &str) -> Option<bool> {
        let (major, minor) = self.environment.python.version?;
        let versions = match name {
            "python_version" => vec![format!("{major}.{minor}")],
            _ => vec![format!("{major}.{minor}.0"), format!("{major}.{minor}.99")],
        };
        let holds = |version: &String| {
            let version = Version::from_str(version).ok()?;
            let equals = |v: &str| {
                Some(VersionSpecifiers::from_str(&format!("=={}", v.trim())).ok()?.contains(&version))
            };
            match operator {
                "in" | "not in" => {
                    let among = value.split([',', ' ']).filter(|v| !v.is_empty()).map(equals);
                    let found = among.collect::<Option<Vec<bool>>>()?.contains(&true);
                    Some(found == (operator == "in"))
                }
                _ => {
                    Some(VersionSpecifiers::from_str(&format!("{operator}{value}")).ok()?.contains(&version))
                }
            }
        };
        let first = holds(&versions[0])?;
        versions.iter().all(|v| holds(v) == Some(first)).then_some(first)
    }
}

/// The operator with its sides exchanged.
fn turned(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        "in" => "has",
        "not in" => "has not",
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_linux_with_some_python() {
        let rows = [
            ("sys_platform == 'win32'", Some(false)),
            ("sys_platform != \"win32\" and python_version >= '3.8'", Some(true)),
            ("'linux' in sys_platform", Some(true)),
            ("python_version < '3.10'", Some(false)),
            ("python_version in '3.11, 3.12'", Some(true)),
            ("python_version == '3.*'", Some(true)),
            ("python_full_version < '3.12.4'", None),
            ("python_full_version >= '3.12'", Some(true)),
            ("platform_machine == 'x86_64'", None),
            ("platform_machine == 'x86_64' and os_name == 'nt'", Some(false)),
            ("platform_machine == 'x86_64' or (os_name == 'posix')", Some(true)),
            ("extra == 'Async_IO'", Some(true)),
            ("extra == 'docs'", Some(false)),
            ("platform_python_implementation != 'PyPy'", Some(true)),
            ("'3.8' <= python_version", Some(true)),
            ("sys_platform == 'win32", None),
            ("sys_platform ==", None),
            ("(", None),
            ("é", None),
            ("'", None),
            ("", None),
            ("os_name == 'nt' junk", None),
        ];
        let python = Interpreter { version: Some((3, 12)), pypy: false };
        let environment = Environment { python, extras: vec!["async-io".to_owned()] };
        for (marker, expected) in rows {
            assert_eq!(holds(marker, &environment), expected, "{marker}");
        }
        assert_eq!(holds("python_version < '3.10'", &Environment::default()), None);
        let deep = format!("{}os_name == 'nt'{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(holds(&deep, &environment), None);
    }
}
