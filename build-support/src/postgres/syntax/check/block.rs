//! Blocks of PL/pgSQL that the parser lets through.

use super::super::super::ast::{self, AstNode, SyntaxNode};
use super::super::super::name::token_range;
use super::super::Mistake;
use super::after;
use squawk_parser::SyntaxKind::*;

/// A block inside another one ends with a semicolon.
pub(super) fn unended(block: &SyntaxNode) -> Option<Mistake> {
    let inside = block.parent().is_some_and(|parent| parent.kind() == PLPGSQL_BODY);
    let last = block.last_token()?;
    let message = format!("missing semicolon after {}", super::super::tokens::quoted(last.text()));
    (inside && last.kind() != SEMICOLON).then(|| Mistake::at(after(block), message))
}

/// `RAISE` fills each `%` of its text with a value.
pub(super) fn raise(raise: SyntaxNode) -> Option<Mistake> {
    let raise = ast::PlpgsqlRaiseStmt::cast(raise)?;
    let text = raise.message()?.string_value()?;
    let wanted = text.replace("%%", "").matches('%').count();
    let given = raise.values().filter(|value| !value.text_range().is_empty()).count();
    if wanted == given {
        return None;
    }
    let word = raise.syntax().first_token()?;
    let message = format!("the text has {wanted} \"%\", and {given} values follow it");
    Some(Mistake::at(token_range(&word), message).help("each `%` takes a value, and `%%` takes none".to_owned()))
}
