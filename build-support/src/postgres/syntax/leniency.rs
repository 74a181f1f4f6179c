//! What the server takes and the parser doesn't know.

use super::super::ast::SyntaxNode;
use super::tokens::{self, Token};
use squawk_parser::SyntaxKind::*;
use std::ops::Range;

/// Writes a script in words that the parser knows, every byte at its old place; `None` where it says nothing else.
pub(super) fn rewritten(text: &str, root: &SyntaxNode) -> Option<String> {
    let tokens = tokens::tokens(text, root);
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    for statement in tokens::statements(&tokens) {
        let words = tokens.get(statement).unwrap_or_default();
        for (range, letter) in unknown(words) {
            if let Some(part) = bytes.get_mut(range) {
                part.fill(letter);
                changed = true;
            }
        }
    }
    changed.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// Lists what to blank out, or to overwrite by a name.
fn unknown(words: &[Token<'_>]) -> Vec<(Range<usize>, u8)> {
    let kind = |at: usize| words.get(at).map(|token| token.kind);
    let range = |at: usize| words.get(at).map_or(0..0, |token| token.range.clone());
    let mut found = Vec::new();
    match (kind(0), kind(1)) {
        (Some(CREATE_KW), _) => {
            let replaces = kind(1) == Some(OR_KW);
            let at = if replaces { 3 } else { 1 };
            if kind(at) == Some(TRUSTED_KW) {
                found.push((range(at), b' '));
            }
            if (at..at + 3).any(|at| kind(at) == Some(TRIGGER_KW)) {
                found.extend(trigger_arguments(words));
            }
        }
        (Some(ALTER_KW), Some(STATISTICS_KW)) if kind(2) == Some(IF_KW) => {
            found.extend([(range(2), b' '), (range(3), b' ')]);
        }
        (Some(ALTER_KW), Some(USER_KW)) if kind(2) == Some(MAPPING_KW) && kind(4) == Some(USER_KW) => {
            found.push((range(4), b'x'));
        }
        (Some(SET_KW), _) => {
            let at = if matches!(kind(1), Some(SESSION_KW | LOCAL_KW)) { 2 } else { 1 };
            if kind(at) == Some(ROLE_KW) && matches!(kind(at + 1), Some(TO_KW | EQ)) {
                found.push((range(at + 1), b' '));
                if kind(at + 2) == Some(DEFAULT_KW) {
                    found.push((range(at + 2), b'x'));
                }
            }
        }
        _ => {}
    }
    for (at, _) in words.iter().enumerate().filter(|(_, token)| token.kind == EXCLUDE_KW) {
        found.extend(exclusions(words, at));
    }
    found
}

/// The arguments of a trigger's function may be any words.
fn trigger_arguments(words: &[Token<'_>]) -> Vec<(Range<usize>, u8)> {
    let Some(execute) = words.iter().rposition(|token| token.kind == EXECUTE_KW) else { return Vec::new() };
    let behind = words.get(execute + 2..).unwrap_or_default();
    let arguments = behind.iter().skip_while(|token| token.kind != L_PAREN);
    arguments.filter(|token| token.is_keyword()).map(|token| (token.range.clone(), b'x')).collect()
}

/// Between what is excluded and `WITH` may stand an operator class and an order.
fn exclusions(words: &[Token<'_>], exclude: usize) -> Vec<(Range<usize>, u8)> {
    let mut found = Vec::new();
    let Some(open) = (exclude..words.len()).find(|at| words[*at].kind == L_PAREN) else { return found };
    let (mut depth, mut named, mut dotted, mut blank, mut behind) = (0_usize, false, false, false, false);
    for token in &words[open..] {
        match token.kind {
            L_PAREN => depth += 1,
            R_PAREN => depth = depth.saturating_sub(1),
            COMMA if depth == 1 => (named, dotted, blank, behind) = (false, false, false, false),
            WITH_KW if depth == 1 => behind = true,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && !behind && !matches!(token.kind, L_PAREN | R_PAREN | COMMA) {
            blank |= named && !dotted && token.kind != DOT;
            if blank {
                found.push((token.range.clone(), b' '));
            }
            dotted = token.kind == DOT;
        }
        named |= depth == 1 && token.kind != L_PAREN && token.kind != COMMA;
    }
    found
}
