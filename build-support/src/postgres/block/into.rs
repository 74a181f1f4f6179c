//! `INTO` of variables, which the grammar knows behind some statements only.

use super::super::ast::SyntaxNode;
use super::super::name;
use squawk_parser::SyntaxKind::*;

/// Gives a statement's text with its `INTO` and what stands behind it blanked out, and the variables that it named.
pub(super) fn without_into(node: &SyntaxNode) -> (String, Vec<String>) {
    let tokens: Vec<_> = node.descendants_with_tokens().filter_map(|element| element.into_token()).collect();
    let start = name::range(node).start;
    let mut text = node.text().to_string();
    let mut targets = Vec::new();
    let mut depth = 0usize;
    let inserts = tokens.iter().any(|token| token.kind() == INSERT_KW);
    let mut seen = 0;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.kind() {
            L_PAREN => depth += 1,
            R_PAREN => depth = depth.saturating_sub(1),
            INTO_KW if depth == 0 => {
                seen += 1;
                // The first `INTO` of an `INSERT` names its table.
                if inserts && seen == 1 {
                    continue;
                }
                let from = name::token_range(token).start;
                let mut end = name::token_range(token).end;
                let mut comma = true;
                while let Some(next) = tokens.get(at) {
                    let is_word = next.kind() == IDENT || next.kind().is_keyword();
                    let goes_on = next.kind().is_trivia()
                        || matches!(next.kind(), COMMA | DOT)
                        || next.text().eq_ignore_ascii_case("strict") && comma
                        || is_word && comma;
                    if !goes_on {
                        break;
                    }
                    if is_word && comma && !next.text().eq_ignore_ascii_case("strict") {
                        targets.push(next.text().to_ascii_lowercase());
                        comma = false;
                    } else if matches!(next.kind(), COMMA | DOT) {
                        comma = true;
                    }
                    end = name::token_range(next).end;
                    at += 1;
                }
                let blank = " ".repeat(end - from);
                if text.is_char_boundary(from - start) && text.is_char_boundary(end - start) {
                    text.replace_range(from - start..end - start, &blank);
                }
            }
            _ => {}
        }
    }
    (text, targets)
}
