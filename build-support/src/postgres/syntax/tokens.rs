//! The words of a text, without white space and comments.

use super::super::ast::{SyntaxNode, SyntaxToken};
use super::super::name::token_range;
use squawk_parser::SyntaxKind::{self, *};
use std::ops::Range;

/// A word of a text.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: SyntaxKind,
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
}

impl Token<'_> {
    /// Tells whether it is a name that nobody quoted, or a word of the grammar's own.
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !self.text.contains(['\'', '"', '&'])
    }

    /// Tells whether it is a word of the grammar's own.
    pub(super) fn is_keyword(&self) -> bool {
        self.kind.is_keyword()
    }

    /// Puts it in quotes, unless it brings its own.
    pub(super) fn shown(&self) -> String {
        quoted(self.text)
    }
}

/// Lists a tree's words.
pub(super) fn tokens<'a>(text: &'a str, root: &SyntaxNode) -> Vec<Token<'a>> {
    let tokens = root.descendants_with_tokens().filter_map(|element| element.into_token());
    let words = tokens.filter(|token| !token.kind().is_trivia() && !token.text().is_empty());
    let word = |token: SyntaxToken| {
        let range = token_range(&token);
        Some(Token { kind: token.kind(), text: text.get(range.clone())?, range })
    };
    words.filter_map(word).collect()
}

/// Finds where each statement ends: one past its semicolon. A semicolon inside a rule's parentheses or a function's body ends
/// none.
pub(super) fn statements(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut atomic) = (0, 0_usize, false);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            L_PAREN => depth += 1,
            R_PAREN => depth = depth.saturating_sub(1),
            ATOMIC_KW => atomic = true,
            SEMICOLON => {
                let rule = depth > 0 && tokens[start..at].iter().take(4).any(|token| token.kind == RULE_KW);
                let body = atomic && tokens.get(at.wrapping_sub(1)).is_none_or(|token| token.kind != END_KW);
                if !rule && !body {
                    found.push(start..at + 1);
                    (start, depth, atomic) = (at + 1, 0, false);
                }
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        found.push(start..tokens.len());
    }
    found
}

/// Puts a word of an author in quotes, unless it brings its own.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let text = text.lines().next().unwrap_or_default();
    let short: String = text.chars().take(LONGEST).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    if text.starts_with(['"', '\'']) { format!("{short}{dots}") } else { format!("\"{short}{dots}\"") }
}
