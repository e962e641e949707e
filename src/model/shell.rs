//! Shell trees to steps and commands.
use super::packages::PackageCall;
use super::script::{Assignment, Command, Joint, Position, Script, Source, Step, StepKind};
use super::word::Word;
use super::wrapper::{assignment_word, shell_argument, wrapped};
use crate::syntax::{Grammar, Node, Pieces, Tree, parse};
use crate::text::Span;
use std::sync::OnceLock;

/// Deeper than this, a script is not read: no person writes one, and the stack has an end.
const MAX_DEPTH: usize = 100;
/// A script in more pieces, or longer (in bytes), is not read: the parser's time would grow with their square.
const MAX_PIECES: usize = 4_000;
const MAX_BYTES: u32 = 1 << 20;

/// Reads the shell text that `pieces` of `text` hold. `tree` is at hand when an edit re-parsed it.
pub(super) fn script(text: &str, pieces: &Pieces, source: Source, tree: Option<Tree>) -> Script {
    let mut reader = Reader::new(text, pieces);
    let tree = if readable(text, pieces) {
        let tree = tree.unwrap_or_else(|| parse(Grammar::Shell, text, pieces));
        reader.broken |= tree.root_node().has_error();
        reader.program(tree.root_node());
        Some(tree)
    } else {
        reader.broken |= !pieces.0.is_empty();
        None
    };
    reader.commands.sort_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end)));
    Script {
        span: pieces.span(),
        source,
        interpreter: None,
        steps: reader.steps,
        commands: reader.commands,
        has_heredoc: reader.has_heredoc,
        has_comment: reader.has_comment,
        broken: reader.broken,
        pieces: if tree.is_some() { pieces.clone() } else { Pieces::default() },
        tree,
        marks: OnceLock::new(),
    }
}

/// The command of a JSON form.
pub(super) fn json_command(text: &str, words: &[Word]) -> Script {
    let span = words.first().map_or(Span::default(), |w| w.span.to(words[words.len() - 1].span));
    let whole = Pieces(vec![span]);
    let mut reader = Reader::new(text, &whole);
    if !words.is_empty() {
        reader.finish(span, vec![], words.to_vec(), false, 0, Position::Step, 0);
    }
    reader.commands.sort_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end)));
    Script {
        span,
        source: Source::Json,
        interpreter: None,
        steps: vec![],
        commands: reader.commands,
        has_heredoc: false,
        has_comment: false,
        broken: reader.broken,
        pieces: Pieces::default(),
        tree: None,
        marks: OnceLock::new(),
    }
}

/// Whether the text is small and flat enough for the parser, whose time grows with nesting and with pieces.
fn readable(text: &str, pieces: &Pieces) -> bool {
    if pieces.0.is_empty()
        || pieces.0.len() > MAX_PIECES
        || pieces.0.iter().map(|p| p.end - p.start).sum::<u32>() > MAX_BYTES
    {
        return false;
    }
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in pieces.0.iter().flat_map(|p| p.of(text).bytes()) {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(depth);
    }
    deepest <= MAX_DEPTH
}

struct Reader<'t> {
    text: &'t str,
    pieces: &'t Pieces,
    steps: Vec<Step>,
    commands: Vec<Command>,
    has_heredoc: bool,
    has_comment: bool,
    broken: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, pieces: &'t Pieces) -> Self {
        Self {
            text,
            pieces,
            steps: vec![],
            commands: vec![],
            has_heredoc: false,
            has_comment: false,
            broken: false,
        }
    }

    fn program(&mut self, root: Node) {
        let mut first = 0;
        for child in children(root) {
            match child.kind() {
                "&" => self.steps[first..].iter_mut().for_each(|s| s.background = true),
                "comment" => self.has_comment = true,
                _ if child.is_named() => {
                    first = self.steps.len();
                    let joint = if first == 0 { Joint::First } else { Joint::Then };
                    self.statement(child, joint, 0);
                }
                _ => {}
            }
        }
    }

    /// Flattens lists into steps.
    fn statement(&mut self, node: Node, joint: Joint, depth: usize) {
        if depth > MAX_DEPTH * 10 {
            self.broken = true;
            return;
        }
        match node.kind() {
            "list" => {
                let mut joint = joint;
                for child in children(node) {
                    match child.kind() {
                        "&&" => joint = Joint::And,
                        "||" => joint = Joint::Or,
                        "comment" => self.has_comment = true,
                        _ => self.statement(child, joint, depth + 1),
                    }
                }
            }
            // The grammar lets a redirection of the last command of a list span the whole list.
            "redirected_statement" if node.child(0).is_some_and(|b| b.kind() == "list") => {
                for (i, child) in children(node).enumerate() {
                    if i == 0 {
                        self.statement(child, joint, depth + 1);
                    } else {
                        let step = self.steps.len() - 1;
                        self.collect(child, step, Position::Compound, depth + 1);
                        self.steps[step].span = self.steps[step].span.to(span(child));
                        if let Some(last) =
                            self.commands.iter_mut().rev().find(|c| c.position == Position::Step)
                        {
                            last.redirected |= last.step == step;
                        }
                    }
                }
            }
            _ => {
                let kind = kind(node);
                self.steps.push(Step { span: span(node), joint, kind, background: false });
                let position = match kind {
                    StepKind::Command => Position::Step,
                    StepKind::Pipeline => Position::Pipeline,
                    StepKind::Compound => Position::Compound,
                };
                self.collect(node, self.steps.len() - 1, position, depth + 1);
            }
        }
    }

    /// Collects the commands in `node`.
    fn collect(&mut self, node: Node, step: usize, position: Position, depth: usize) {
        if depth > MAX_DEPTH * 10 {
            self.broken = true;
            return;
        }
        let inner = match node.kind() {
            "command"
            | "declaration_command"
            | "unset_command"
            | "test_command"
            | "variable_assignment"
            | "variable_assignments" => {
                self.command(node, step, position, depth);
                Position::Substitution
            }
            "comment" => {
                self.has_comment = true;
                return;
            }
            "heredoc_redirect" | "herestring_redirect" => {
                self.has_heredoc = true;
                Position::Compound
            }
            "command_substitution" | "process_substitution" => Position::Substitution,
            "redirected_statement" => position,
            "pipeline" if position == Position::Pipeline => position,
            _ if position == Position::Substitution => position,
            _ => Position::Compound,
        };
        let is_command = matches!(node.kind(), "command" | "declaration_command" | "variable_assignments");
        for child in children(node).filter(|c| c.is_named()) {
            if is_command && child.kind() == "variable_assignment" {
                // It is part of the command; only what its value substitutes runs by itself.
                children(child)
                    .filter(|c| c.is_named())
                    .for_each(|c| self.collect(c, step, inner, depth + 2));
            } else {
                self.collect(child, step, inner, depth + 1);
            }
        }
    }

    fn command(&mut self, node: Node, step: usize, position: Position, depth: usize) {
        let (mut assignments, mut words, mut redirected) = (vec![], vec![], false);
        let mut end = node.start_byte();
        if node.kind() == "test_command" {
            let all = span(node);
            let open = Span {
                start: all.start,
                end: all.start + node.child(0).map_or(1, |c| c.byte_range().len() as u32),
            };
            words.push(self.word(open));
            words.push(self.word(Span { start: open.end, end: all.end }));
            end = node.end_byte();
        } else if node.kind() == "variable_assignment" {
            assignments.push(self.assignment(node));
            end = node.end_byte();
        } else {
            for child in children(node) {
                match child.kind() {
                    "variable_assignment" if words.is_empty() => assignments.push(self.assignment(child)),
                    "file_redirect" | "herestring_redirect" | "heredoc_redirect" => {
                        redirected = true;
                        continue;
                    }
                    "comment" => continue,
                    _ => words.push(self.word(span(child))),
                }
                end = child.end_byte();
            }
        }
        redirected |= node.parent().is_some_and(|p| p.kind() == "redirected_statement");
        self.finish(Span::new(node.start_byte(), end), assignments, words, redirected, step, position, depth);
    }

    /// Looks through wrappers, reads the package manager's words, and follows `sh -c '…'`.
    #[allow(clippy::too_many_arguments)]
    fn finish(
        &mut self,
        span: Span,
        mut assignments: Vec<Assignment>,
        mut words: Vec<Word>,
        redirected: bool,
        step: usize,
        position: Position,
        depth: usize,
    ) {
        let wrappers: Vec<Word> = words.drain(..wrapped(&words)).collect();
        assignments.extend(wrappers.iter().filter_map(assignment_word));
        if let Some(inner) = shell_argument(&words, self.text) {
            self.nested(&self.pieces.clip(inner), step, depth);
        }
        let package = PackageCall::of(&words);
        self.commands.push(Command {
            span,
            wrappers,
            assignments,
            words,
            redirected,
            step,
            position,
            package,
        });
    }

    /// Reads the text that a shell called by the script gets.
    fn nested(&mut self, pieces: &Pieces, step: usize, depth: usize) {
        if depth > MAX_DEPTH || pieces.0.is_empty() {
            return;
        }
        let inner = script(self.text, pieces, Source::Line, None);
        if !inner.broken {
            let nested =
                inner.commands.into_iter().map(|c| Command { step, position: Position::Nested, ..c });
            self.commands.extend(nested);
        }
    }

    fn word(&self, span: Span) -> Word {
        Word::shell(self.pieces.read(self.text, span).trim(), span)
    }

    fn assignment(&self, node: Node) -> Assignment {
        let word = self.word(span(node));
        let (name, value) = word.value.split_once('=').unwrap_or((&word.value, ""));
        Assignment { span: word.span, name: name.trim_end_matches('+').to_owned(), value: value.to_owned() }
    }
}

fn children(node: Node) -> impl Iterator<Item = Node> {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    std::iter::from_fn(move || {
        let child = more.then(|| cursor.node());
        more = more && cursor.goto_next_sibling();
        child
    })
}

fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

fn kind(node: Node) -> StepKind {
    match node.kind() {
        "command"
        | "declaration_command"
        | "unset_command"
        | "test_command"
        | "variable_assignment"
        | "variable_assignments" => StepKind::Command,
        "pipeline" => StepKind::Pipeline,
        "redirected_statement" => node.child(0).map_or(StepKind::Compound, kind),
        _ => StepKind::Compound,
    }
}
