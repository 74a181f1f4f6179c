//! A script as values: objects one after another, with blanks or `;` between them.

use super::lex::{Kind, Lexer, Token};
use super::value::{Form, Key, Value};
use crate::language::Complaint;
use std::ops::Range;

/// As deep as a document of MongoDB can be.
const DEEPEST: usize = 100;

/// A command, with the bytes of its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) value: Value,
    pub(super) tokens: Vec<Range<usize>>,
}

/// Reads a script, or says what can't be read first.
pub(super) fn parse(text: &str) -> Result<Vec<Command>, Complaint> {
    let mut parser = Parser { text, lexer: Lexer::new(text), next: None, tokens: Vec::new() };
    parser.advance()?;
    parser.tokens.clear();
    let mut commands = Vec::new();
    while let Some(token) = parser.next.clone() {
        if token.kind == Kind::Mark(';') {
            parser.advance()?;
        } else if token.kind == Kind::Mark('{') {
            let value = parser.value(0)?;
            commands.push(Command { value, tokens: std::mem::take(&mut parser.tokens) });
        } else {
            return Err(parser.no_command(&token));
        }
        parser.tokens.clear();
    }
    Ok(commands)
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    next: Option<Token>,
    /// The tokens that were taken since a command began.
    tokens: Vec<Range<usize>>,
}

impl Parser<'_> {
    /// Takes the next token, and looks at the one behind it.
    fn advance(&mut self) -> Result<Option<Token>, Complaint> {
        let taken = self.next.take();
        self.tokens.extend(taken.as_ref().map(|token| token.range.clone()));
        self.next = self.lexer.next()?;
        Ok(taken)
    }

    fn is(&self, mark: char) -> bool {
        self.next.as_ref().is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    fn value(&mut self, depth: usize) -> Result<Value, Complaint> {
        let Some(token) = self.next.clone() else { return Err(self.ended()) };
        if depth > DEEPEST {
            return Err(Complaint::error("json_syntax", &token.range, format!("nested deeper than {DEEPEST} levels"))
                .help("MongoDB takes no more"));
        }
        let start = token.range.start;
        let form = match token.kind {
            Kind::Mark('{') => Form::Object(self.object(depth, &token)?),
            Kind::Mark('[') => Form::Array(self.array(depth, &token)?),
            Kind::Text(text) => {
                self.advance()?;
                Form::Text(text)
            }
            Kind::Number(number) => {
                self.advance()?;
                Form::Number(number)
            }
            Kind::Word => {
                let form = match self.text.get(token.range.clone()).unwrap_or_default() {
                    "true" => Form::Truth(true),
                    "false" => Form::Truth(false),
                    "null" => Form::Null,
                    word => return Err(constructor(word, &token.range)),
                };
                self.advance()?;
                form
            }
            Kind::Mark(mark) => return Err(expected("a value", &format!("`{mark}`"), &token.range)),
        };
        let end = self.tokens.last().map_or(start, |last| last.end);
        Ok(Value { range: start..end, form })
    }

    fn object(&mut self, depth: usize, open: &Token) -> Result<Vec<(Key, Value)>, Complaint> {
        self.advance()?;
        let mut entries: Vec<(Key, Value)> = Vec::new();
        while !self.is('}') {
            let Some(token) = self.next.clone() else { return Err(unclosed('{', '}', &open.range)) };
            let text = match token.kind {
                Kind::Text(text) => text,
                Kind::Word => {
                    let word = self.text.get(token.range.clone()).unwrap_or_default();
                    return Err(Complaint::error(
                        "json_syntax",
                        &token.range,
                        format!("the key `{word}` is not in quotes"),
                    )
                    .help(format!("write `\"{word}\"`")));
                }
                _ => return Err(expected("a key in quotes", &self.shown(&token), &token.range)),
            };
            if let Some((first, _)) = entries.iter().find(|(known, _)| known.text == text) {
                let line = 1 + self.text.get(..first.range.start).unwrap_or_default().matches('\n').count();
                return Err(Complaint::error("json_syntax", &token.range, format!("the key `{text}` is given twice"))
                    .help(format!("it is in line {line} too: only one of them could be sent")));
            }
            self.advance()?;
            if !self.is(':') {
                return Err(self.instead(&format!("`:` behind the key `{text}`"), '{', '}', open));
            }
            self.advance()?;
            let value = self.value(depth + 1)?;
            entries.push((Key { text, range: token.range }, value));
            self.separator('{', '}', open)?;
        }
        self.advance()?;
        Ok(entries)
    }

    fn array(&mut self, depth: usize, open: &Token) -> Result<Vec<Value>, Complaint> {
        self.advance()?;
        let mut items = Vec::new();
        while !self.is(']') {
            if self.next.is_none() {
                return Err(unclosed('[', ']', &open.range));
            }
            items.push(self.value(depth + 1)?);
            self.separator('[', ']', open)?;
        }
        self.advance()?;
        Ok(items)
    }

    /// Takes the comma between two entries; before the end there is none.
    fn separator(&mut self, opening: char, closing: char, open: &Token) -> Result<(), Complaint> {
        if self.is(closing) {
            return Ok(());
        }
        if !self.is(',') {
            return Err(self.instead(&format!("`,` or `{closing}`"), opening, closing, open));
        }
        let comma = self.advance()?;
        match comma.filter(|_| self.is(closing)) {
            Some(comma) => Err(Complaint::error("json_syntax", &comma.range, format!("a comma before `{closing}`"))
                .help("take it out")),
            None => Ok(()),
        }
    }

    fn instead(&self, what: &str, opening: char, closing: char, open: &Token) -> Complaint {
        match &self.next {
            Some(token) => expected(what, &self.shown(token), &token.range),
            None => unclosed(opening, closing, &open.range),
        }
    }

    fn shown(&self, token: &Token) -> String {
        format!("`{}`", self.text.get(token.range.clone()).unwrap_or_default())
    }

    fn ended(&self) -> Complaint {
        let last = self.tokens.last().cloned().unwrap_or_default();
        Complaint::error("json_syntax", &last, "a value is missing behind this").help("write it")
    }

    /// Says what is no command.
    fn no_command(&self, token: &Token) -> Complaint {
        let word = self.text.get(token.range.clone()).unwrap_or_default();
        match word {
            "db" | "use" | "show" | "rs" | "sh" => Complaint::error("shell_command", &token.range, format!("`{word}` is the shell's language, not a command"))
                .help("write the command that is sent: `db.users.insertOne({…})` is `{\"insert\": \"users\", \"documents\": [{…}]}`"),
            "," => Complaint::error("json_syntax", &token.range, "no comma is between two commands").help("take it out, or write `;`"),
            _ => Complaint::error("json_syntax", &token.range, format!("expected a command, found `{word}`"))
                .help("a command is an object whose first key is its name: `{\"create\": \"users\"}`"),
        }
    }
}

fn expected(what: &str, found: &str, range: &Range<usize>) -> Complaint {
    Complaint::error("json_syntax", range, format!("expected {what}, found {found}"))
        .help("a script is commands as JSON: `{\"insert\": \"users\", \"documents\": [{\"_id\": 1}]}`")
}

fn unclosed(opening: char, closing: char, range: &Range<usize>) -> Complaint {
    Complaint::error("unclosed", range, format!("this `{opening}` is never closed"))
        .help(format!("close it with `{closing}`"))
}

/// Says how a value of the shell's is written.
fn constructor(word: &str, range: &Range<usize>) -> Complaint {
    let instead = match word {
        "ObjectId" => "{\"$oid\": \"…\"}",
        "ISODate" | "Date" | "new" => "{\"$date\": \"2026-01-31T12:00:00Z\"}",
        "NumberLong" | "Long" => "{\"$numberLong\": \"…\"}",
        "NumberInt" | "Int32" => "{\"$numberInt\": \"…\"}",
        "NumberDecimal" | "Decimal128" => "{\"$numberDecimal\": \"…\"}",
        "UUID" => "{\"$uuid\": \"…\"}",
        "BinData" => "{\"$binary\": {\"base64\": \"…\", \"subType\": \"00\"}}",
        "Timestamp" => "{\"$timestamp\": {\"t\": 1, \"i\": 1}}",
        "undefined" | "None" => "null",
        "True" | "TRUE" => "true",
        "False" | "FALSE" => "false",
        "NaN" | "Infinity" => "{\"$numberDouble\": \"NaN\"}",
        _ => {
            return Complaint::error("json_syntax", range, format!("`{word}` is no value of JSON"))
                .help(format!("write `\"{word}\"` for a text"));
        }
    };
    Complaint::error("json_syntax", range, format!("`{word}` is no value of JSON")).help(format!("write `{instead}`"))
}
