//! Blocks of PL/pgSQL, in words that the parser knows.

use crate::sql::{Dialect, Lexer, Token, TokenKind};
use std::borrow::Cow;

/// The words that begin a query, which may fill variables.
const QUERIES: [&str; 7] = ["select", "with", "insert", "update", "delete", "merge", "values"];

/// Writes a block without the variables that its queries fill, which the parser takes for tables, and without a second `DECLARE`.
/// Every byte keeps its place.
pub(super) fn rewritten(text: &str) -> Cow<'_, str> {
    let tokens: Result<Vec<Token>, _> = Lexer::new(text, Dialect::Postgres).collect();
    let Ok(mut tokens) = tokens else { return Cow::Borrowed(text) };
    tokens.retain(|token| token.kind != TokenKind::Comment);
    let blank = Reader { text, tokens: &tokens }.blank();
    if blank.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for token in blank {
        if let Some(part) = bytes.get_mut(token.range()) {
            part.fill(b' ');
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    fn word(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is_word(self.text, word)))
    }

    fn mark(&self, at: usize, mark: u8) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_mark(self.text, mark))
    }

    fn blank(&self) -> Vec<&'a Token> {
        let mut blank = Vec::new();
        let (mut at, mut begins, mut query, mut declares, mut depth) = (0, true, false, false, 0_usize);
        while at < self.tokens.len() {
            if begins {
                (query, depth) = (self.word(at, &QUERIES), 0);
            }
            let inserts = at > 0 && self.word(at - 1, &["insert", "merge"]);
            if query && depth == 0 && !inserts && self.word(at, &["into"]) {
                let end = self.filled(at + 1);
                blank.extend(self.tokens.get(at..end).unwrap_or_default());
                (at, begins) = (end, false);
                continue;
            }
            if self.word(at, &["declare"]) {
                let again = at > 0 && (self.word(at - 1, &["declare"]) || declares && self.mark(at - 1, b';'));
                blank.extend(self.tokens.get(at).filter(|_| again));
                declares = true;
            } else if self.word(at, &["begin"]) {
                declares = false;
            }
            depth = match () {
                () if self.mark(at, b'(') => depth + 1,
                () if self.mark(at, b')') => depth.saturating_sub(1),
                () => depth,
            };
            begins = self.mark(at, b';') || (!query && self.word(at, &["begin", "then", "else", "loop"]));
            at += 1;
        }
        blank
    }

    /// Finds the end of a list of variables.
    fn filled(&self, mut at: usize) -> usize {
        at += usize::from(self.word(at, &["strict"]));
        loop {
            at += 1;
            while self.mark(at, b'.') {
                at += 2;
            }
            while self.mark(at, b'[') {
                let closing = (at..self.tokens.len()).find(|at| self.mark(*at, b']'));
                at = closing.unwrap_or(at) + 1;
            }
            if !self.mark(at, b',') {
                return at.min(self.tokens.len());
            }
            at += 1;
        }
    }
}
