//! The tokens of a script of JSON, with comments of one line.

use super::string;
use crate::language::Complaint;
use std::ops::Range;

/// Names what a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Mark(char),
    /// A string, without its quotes and escapes.
    Text(String),
    Number(f64),
    /// Letters outside of quotes.
    Word,
}

/// A piece of a script.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// Takes a text apart; the first thing that can't be read ends it.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } }
    }

    /// Gives the next token, or none where the text ends.
    pub(super) fn next(&mut self) -> Result<Option<Token>, Complaint> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            self.at += blank;
            let rest = &rest[blank..];
            if !rest.starts_with("//") {
                break;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let (kind, length) = match first {
            '"' => {
                let (text, length) = string::read(rest, start)?;
                (Kind::Text(text), length)
            }
            '-' | '0'..='9' => {
                let length = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '+' | '.'))
                    .unwrap_or(rest.len());
                (Kind::Number(number(&rest[..length], start)?), length)
            }
            c if c.is_alphabetic() || c == '_' || c == '$' => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
                (Kind::Word, length)
            }
            '{' | '}' | '[' | ']' | ':' | ',' | ';' | '.' | '(' | ')' => (Kind::Mark(first), 1),
            other => return Err(strange(other, rest, start)),
        };
        self.at += length;
        Ok(Some(Token { kind, range: start..self.at }))
    }
}

/// Reads a number as JSON has it.
fn number(text: &str, start: usize) -> Result<f64, Complaint> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
    let is_whole =
        whole == "0" || !whole.starts_with('0') && !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let is_rounded = digits.split_once('.').is_none_or(|(_, part)| part.starts_with(|c: char| c.is_ascii_digit()));
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && is_whole && is_rounded);
    value.ok_or_else(|| {
        Complaint::error("json_syntax", &(start..start + text.len()), format!("`{text}` is no number of JSON"))
            .help("write `1`, `-0.5` or `2e10`; other numbers are `{\"$numberDecimal\": \"…\"}`, `{\"$numberDouble\": \"NaN\"}`")
    })
}

fn strange(first: char, rest: &str, start: usize) -> Complaint {
    let wrong = |length: usize, message: String| Complaint::error("json_syntax", &(start..start + length), message);
    match first {
        '\'' => wrong(1, "JSON has no strings in `'`".to_owned()).help("write them in `\"`"),
        '`' => wrong(1, "JSON has no strings in `` ` ``".to_owned()).help("write them in `\"`"),
        '/' if rest.starts_with("/*") => {
            wrong(2, "a comment begins with `//` here".to_owned()).help("write `//` before each of its lines")
        }
        '/' => wrong(1, "JSON has no patterns in `/`".to_owned())
            .help("write `{\"$regularExpression\": {\"pattern\": \"…\", \"options\": \"\"}}`"),
        '#' => wrong(1, "a comment begins with `//` here".to_owned()).help("write `//` instead of `#`"),
        other => wrong(other.len_utf8(), format!("`{}` has no place in JSON", other.escape_default()))
            .help("take it out, or put it into a string"),
    }
}
