//! A script, told into statements by its semicolons.

use super::lex::Lexer;
use super::token::{Kind, Token};
use crate::language::Complaint;
use std::ops::Range;

/// A statement, with each bracket's partner.
#[derive(Clone, Debug)]
pub(super) struct Parsed<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    /// For each token that is a bracket, where its partner is.
    pub(super) partners: Vec<Option<usize>>,
}

/// Tells a script into statements, or says what can't be read.
pub(super) fn parse(text: &str) -> Result<Vec<Parsed<'_>>, Vec<Complaint>> {
    let (mut statements, mut complaints, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let mut lexer = Lexer::new(text);
    while let Some(next) = lexer.next() {
        match next {
            Err(complaint) => complaints.push(complaint),
            Ok(token) if is_mark(text, &token, ";") => close(text, &mut open, &mut statements, &mut complaints),
            Ok(token) if open.is_empty() && is_mark(text, &token, ":") => {
                let end = lexer.skip_line();
                let line = text.get(token.range.start..end).unwrap_or_default().trim_end();
                complaints.push(client_command(token.range.start, line));
            }
            Ok(token) => open.push(token),
        }
    }
    close(text, &mut open, &mut statements, &mut complaints);
    if complaints.is_empty() { Ok(statements) } else { Err(complaints) }
}

fn is_mark(text: &str, token: &Token, mark: &str) -> bool {
    token.kind == Kind::Mark && text.get(token.range.clone()) == Some(mark)
}

fn client_command(start: usize, line: &str) -> Complaint {
    let name = line.split_whitespace().next().unwrap_or_default();
    let help = match name.to_ascii_lowercase().as_str() {
        ":begin" | ":commit" | ":rollback" => "take the line out: a migration is one transaction by itself",
        ":use" => "take the line out: the database is named by the URL; another one is declared in `registry!`",
        ":param" | ":params" => "take the line out, and write the values where they are used",
        _ => "take the line out",
    };
    Complaint::error(
        "shell_command",
        &(start..start + line.len()),
        format!("`{name}` is a command of cypher-shell, not Cypher"),
    )
    .help(help)
}

/// Ends a statement; empty ones are left out.
fn close<'a>(text: &'a str, open: &mut Vec<Token>, statements: &mut Vec<Parsed<'a>>, complaints: &mut Vec<Complaint>) {
    if open.is_empty() {
        return;
    }
    let tokens = std::mem::take(open);
    let mut partners = vec![None; tokens.len()];
    let mut waiting: Vec<(usize, &str)> = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Mark) {
        let mark = text.get(token.range.clone()).unwrap_or_default();
        match mark {
            "(" | "[" | "{" => waiting.push((at, mark)),
            ")" | "]" | "}" => match waiting.last() {
                Some((first, opening)) if closing(opening) == mark => {
                    (partners[at], partners[*first]) = (Some(*first), Some(at));
                    waiting.pop();
                }
                other => {
                    let complaint = Complaint::error("unclosed", &token.range, format!("nothing opens this `{mark}`"));
                    complaints.push(match other {
                        Some((first, opening)) => {
                            let line =
                                1 + text.get(..tokens[*first].range.start).unwrap_or_default().matches('\n').count();
                            complaint.help(format!(
                                "close the `{opening}` of line {line} with `{}` before it",
                                closing(opening)
                            ))
                        }
                        None => complaint.help("take it out, or write what it closes"),
                    });
                    return;
                }
            },
            _ => {}
        }
    }
    if let Some((first, opening)) = waiting.pop() {
        let complaint = Complaint::error("unclosed", &tokens[first].range, format!("this `{opening}` is never closed"));
        complaints.push(complaint.help(format!("close it with `{}` before the statement ends", closing(opening))));
        return;
    }
    statements.push(Parsed { text, tokens, partners });
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

impl<'a> Parsed<'a> {
    /// Gives its bytes in the text.
    pub(super) fn range(&self) -> Range<usize> {
        let start = self.tokens.first().map_or(0, |token| token.range.start);
        start..self.tokens.last().map_or(start, |token| token.range.end)
    }

    /// Gives a token's text; none behind the last.
    pub(super) fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.range.clone())).unwrap_or_default()
    }

    /// Tells whether a token is this word, in any case.
    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.kind(at) == Some(Kind::Word) && self.text_of(at).eq_ignore_ascii_case(word)
    }

    /// Tells whether a token is this mark.
    pub(super) fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.kind(at) == Some(Kind::Mark) && self.text_of(at) == mark
    }

    /// Tells whether these words come from a token on.
    pub(super) fn are(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, word)| self.is(at + n, word))
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Tells a name, in backticks or not.
    pub(super) fn is_name(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Word | Kind::Name))
    }

    /// Gives the first token of the statement itself, behind `CYPHER 5`, `EXPLAIN` and `PROFILE`.
    pub(super) fn first(&self) -> usize {
        let mut at = 0;
        loop {
            if self.is(at, "CYPHER") {
                at += 1;
                while self.kind(at) == Some(Kind::Number) || self.is_mark(at + 1, "=") {
                    at += if self.is_mark(at + 1, "=") { 3 } else { 1 };
                }
            } else if self.is(at, "EXPLAIN") || self.is(at, "PROFILE") {
                at += 1;
            } else {
                return at;
            }
        }
    }

    /// Gives the first words as written, at most so many.
    pub(super) fn words(&self, most: usize) -> String {
        let words = (self.first()..self.tokens.len()).filter(|at| self.kind(*at) == Some(Kind::Word));
        words.take(most).map(|at| self.text_of(at)).collect::<Vec<_>>().join(" ")
    }
}
