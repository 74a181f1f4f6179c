//! Expressions: their text and what they need.

use super::name::range;
use crate::statement::{Expression, Scope, Volatility};
use squawk_syntax::ast::{self, AstNode};

/// Reads an expression.
pub(super) fn lower(expr: ast::Expr) -> Expression {
    let text = expr.syntax().text().to_string();
    Expression {
        range: range(expr.syntax()),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        volatility: Volatility::Unknown,
        uses: Scope { opaque: true, ..Scope::default() },
    }
}
