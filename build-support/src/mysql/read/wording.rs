//! What is certainly wrong, in words.

use super::Reader;
use super::keywords::is_keyword;
use crate::sql::TokenKind;
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// A mistake that the server can't but refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Why reading ends before a statement does.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// It isn't understood.
    Opaque,
    Wrong(SyntaxError),
}

impl Reader<'_> {
    /// Says that one of these words has to come next, where what comes is nearly one of them and is no other keyword.
    pub(super) fn expected(&self, words: &[&'static str]) -> Stop {
        let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Word) else { return Stop::Opaque };
        let text = token.text(self.text);
        if is_keyword(text) {
            return Stop::Opaque;
        }
        // Of two letters there may be one too few.
        let short = || words.iter().copied().find(|word| text.len() == 2 && word.len() <= 3 && is_slip(text, word));
        let Some(meant) = nearest(text, words.iter().copied()).or_else(short) else { return Stop::Opaque };
        let message = match self.at.checked_sub(1).and_then(|before| self.tokens.get(before)) {
            Some(before) => format!("expected `{meant}` after `{}`, found `{text}`", before.text(self.text)),
            None => format!("no statement begins with `{text}`"),
        };
        self.wrong(token.range(), message, Some(format!("did you mean `{meant}`?")))
    }

    /// Says that something has to come next that doesn't.
    pub(super) fn missing(&self, what: &str) -> Stop {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let after = before.map_or(String::new(), |before| format!(" after `{}`", before.text(self.text)));
        let (range, found) = match self.peek() {
            Some(token) => (token.range(), format!(", found `{}`", token.text(self.text))),
            None => {
                let end = before.map_or(0, |before| before.end);
                (before.map_or(end..end, |before| before.range()), ", found the end of the statement".to_owned())
            }
        };
        self.wrong(range, format!("expected {what}{after}{found}"), None)
    }

    pub(super) fn wrong(&self, range: Range<usize>, message: String, help: Option<String>) -> Stop {
        Stop::Wrong(SyntaxError { range, message, help })
    }
}

fn is_slip(text: &str, word: &str) -> bool {
    strsim::osa_distance(&text.to_ascii_uppercase(), word) <= 1
}

/// Finds a parenthesis that has no other.
pub(super) fn parentheses(reader: &Reader<'_>) -> Option<SyntaxError> {
    let mut open = Vec::new();
    for token in reader.tokens {
        if token.is_mark(reader.text, b'(') {
            open.push(token.range());
        } else if token.is_mark(reader.text, b')') && open.pop().is_none() {
            let help = Some("take it out, or open one before it".to_owned());
            let message = "this parenthesis closes nothing".to_owned();
            return Some(SyntaxError { range: token.range(), message, help });
        }
    }
    let range = open.pop()?;
    let message = "this parenthesis is never closed".to_owned();
    Some(SyntaxError { range, message, help: Some("close it with `)`".to_owned()) })
}
