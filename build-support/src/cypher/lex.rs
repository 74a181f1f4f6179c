//! The tokens of Cypher.

use super::token::{Kind, Token};
use crate::language::Complaint;
use std::ops::Range;

/// Takes a text apart.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over what is true of each character from `from` bytes on; gives where that ends.
    fn while_true(&self, from: usize, is: impl Fn(char) -> bool) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + rest.find(|c| !is(c)).unwrap_or(rest.len())
    }

    /// Passes over the rest of the line; gives where it ends.
    pub(super) fn skip_line(&mut self) -> usize {
        self.at = self.while_true(self.at, |c| c != '\n');
        self.at
    }

    /// Passes over white space and comments.
    fn skip(&mut self) -> Result<(), Complaint> {
        loop {
            self.at = self.while_true(self.at, char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with("//") {
                self.skip_line();
            } else if rest.starts_with("/*") {
                let open = self.at;
                let Some(close) = rest.get(2..).and_then(|inside| inside.find("*/")) else {
                    self.at = self.text.len();
                    return Err(unclosed(&(open..open + 2), "comment", "`*/`"));
                };
                self.at = open + 2 + close + 2;
            } else {
                return Ok(());
            }
        }
    }

    /// Gives the next token.
    pub(super) fn next(&mut self) -> Option<Result<Token, Complaint>> {
        if let Err(complaint) = self.skip() {
            return Some(Err(complaint));
        }
        let start = self.at;
        let first = self.rest().chars().next()?;
        let kind = match first {
            '\'' | '"' => {
                if let Err(complaint) = self.string(first) {
                    return Some(Err(complaint));
                }
                Kind::String
            }
            '`' => {
                if let Err(complaint) = self.name() {
                    return Some(Err(complaint));
                }
                Kind::Name
            }
            '$' => match self.rest().get(1..).and_then(|rest| rest.chars().next()) {
                Some('`') => {
                    self.at += 1;
                    if let Err(complaint) = self.name() {
                        return Some(Err(complaint));
                    }
                    Kind::Parameter
                }
                Some(next) if is_part(next) => {
                    self.at = self.while_true(start + 1, is_part);
                    Kind::Parameter
                }
                _ => {
                    self.at += 1;
                    Kind::Mark
                }
            },
            '0'..='9' => {
                self.at = self.number(start);
                Kind::Number
            }
            c if is_part(c) => {
                self.at = self.while_true(start, is_part);
                Kind::Word
            }
            c => {
                self.at += c.len_utf8();
                Kind::Mark
            }
        };
        Some(Ok(Token { kind, range: start..self.at }))
    }

    fn string(&mut self, quote: char) -> Result<(), Complaint> {
        let open = self.at;
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => {
                    self.at = open + at + 1;
                    return Ok(());
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        Err(unclosed(
            &(open..open + 1),
            "string",
            &format!("`{quote}`; a quote inside a string is written `\\{quote}`"),
        ))
    }

    fn name(&mut self) -> Result<(), Complaint> {
        let open = self.at;
        let mut at = open + 1;
        loop {
            let Some(close) = self.text.get(at..).and_then(|rest| rest.find('`')) else {
                self.at = self.text.len();
                return Err(unclosed(&(open..open + 1), "quoted name", "`` ` ``; one inside a name is written twice"));
            };
            at += close + 1;
            if !self.text.get(at..).is_some_and(|rest| rest.starts_with('`')) {
                self.at = at;
                return Ok(());
            }
            at += 1;
        }
    }

    /// Gives where a number ends; `1..3` is two of them.
    fn number(&self, start: usize) -> usize {
        let byte = |at: usize| self.text.as_bytes().get(at).copied().unwrap_or_default();
        let mut end = self.while_true(start, is_part);
        if byte(end) == b'.' && byte(end + 1).is_ascii_digit() {
            end = self.while_true(end + 1, is_part);
        }
        let is_hex = matches!(byte(start + 1), b'x' | b'X');
        if !is_hex
            && matches!(byte(end - 1), b'e' | b'E')
            && matches!(byte(end), b'+' | b'-')
            && byte(end + 1).is_ascii_digit()
        {
            end = self.while_true(end + 1, is_part);
        }
        end
    }
}

/// Tells what a word consists of; nothing beyond ASCII means anything else.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() && !c.is_whitespace()
}

fn unclosed(range: &Range<usize>, what: &str, close: &str) -> Complaint {
    Complaint::error("unclosed", range, format!("this {what} is never closed")).help(format!("close it with {close}"))
}
