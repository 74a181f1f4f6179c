//! MySQL's and MariaDB's language, read into deeds: the closed set of statements that say something about a schema.
//!
//! What isn't understood is opaque. A mistake is only told where the server can't but refuse it: a word where the grammar has
//! a fixed set of words, none of which it is, that is nearly one of them.

mod alter;
mod charset;
mod column;
mod expression;
mod head;
mod index;
mod keywords;
mod named;
mod query;
mod rows;
mod table;
mod tokens;
mod types;
mod wording;

pub(crate) use wording::SyntaxError;

use super::deed::{Deed, DeedKind, Words};
use super::server::Server;
use crate::sql::{Dialect, Script, Token, TokenKind};
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;
use wording::Stop;

/// What was read of a script.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) deeds: Vec<Deed>,
    pub(crate) errors: Vec<SyntaxError>,
}

/// Reads a script. What can't even be told into tokens gives nothing: it is reported elsewhere.
pub(crate) fn read(text: &str, server: Server) -> Reading {
    let mut reading = Reading::default();
    let Ok(script) = Script::parse(text, Dialect::Mysql) else { return reading };
    let words = OnceCell::new();
    for statement in script.body() {
        let (tokens, whole) = tokens::spliced(text, script.tokens_of(statement), server);
        let Some(last) = tokens.last() else { continue };
        let range = tokens[0].start..last.end;
        let mut reader = Reader { text, tokens: &tokens, script: script.tokens(), words: &words, at: 0, depth: 0 };
        let kind = match wording::parentheses(&reader).filter(|_| whole) {
            Some(error) => Err(Stop::Wrong(error)),
            None => reader.statement(),
        };
        let kind = match kind {
            Ok(kind) => kind,
            Err(stop) => {
                if let Stop::Wrong(error) = stop {
                    reading.errors.push(error);
                }
                reader.at = 0;
                reader.opaque()
            }
        };
        reading.deeds.push(Deed { range, kind });
    }
    reading
}

/// What reading a part of a statement gives.
type Read<T> = Result<T, Stop>;

/// Reads one statement.
struct Reader<'s> {
    text: &'s str,
    tokens: &'s [Token],
    /// Those of the whole script.
    script: &'s [Token],
    /// What the whole script names, once it is asked for.
    words: &'s OnceCell<Arc<Words>>,
    at: usize,
    /// How deep the expressions and queries are that are being read.
    depth: usize,
}

/// Queries and expressions in each other, beyond which nothing is understood.
const DEEPEST: usize = 64;

impl Reader<'_> {
    /// Gives what the whole script names.
    fn script_words(&self) -> &Arc<Words> {
        self.words.get_or_init(|| Arc::new(named::words(self.text, self.script)))
    }

    /// Says what a statement does that isn't understood: it may have changed the tables that its words name.
    fn opaque(&mut self) -> DeedKind {
        let names = named::tables_named(self);
        DeedKind::Opaque { reason: "it is none that whimbrel reads", names }
    }

    /// Gives the bytes from one token to the one before the next.
    fn range_since(&self, from: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(self.text.len(), |token| token.start);
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        start..end.max(start)
    }

    /// Gives what was written from one token to the one before the next, white space folded.
    fn text_since(&self, from: usize) -> String {
        let mut text = String::new();
        let mut end = None;
        for token in self.tokens.get(from..self.at).unwrap_or_default() {
            if end.is_some_and(|end| end < token.start) {
                text.push(' ');
            }
            text.push_str(token.text(self.text));
            end = Some(token.end);
        }
        text
    }

    /// Passes over what stands in the parentheses that open here.
    fn skip_group(&mut self) -> Read<()> {
        let mut depth = 0usize;
        while let Some(token) = self.next() {
            if token.is_mark(self.text, b'(') {
                depth += 1;
            } else if token.is_mark(self.text, b')') {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(Stop::Opaque)
    }

    /// Goes on behind the comma that ends an item of a list, or stops before the list's end.
    fn skip_item(&mut self) {
        while let Some(token) = self.peek() {
            if token.kind == TokenKind::Punctuation {
                match self.text.as_bytes().get(token.start) {
                    Some(b'(') => {
                        if self.skip_group().is_err() {
                            return;
                        }
                        continue;
                    }
                    Some(b',' | b')') => return,
                    _ => {}
                }
            }
            self.at += 1;
        }
    }
}
