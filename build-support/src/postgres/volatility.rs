//! How often an expression has to be evaluated.

use super::ast::{self, AstNode, SyntaxNode};
use super::shipped;
use crate::statement::{FunctionUse, Scope, Volatility};
use squawk_parser::SyntaxKind::{CAST_EXPR, LITERAL, NULL_KW, PAREN_EXPR};

/// Tells how often an expression has to be evaluated, of which what it uses is known.
pub(super) fn of(node: &SyntaxNode, uses: &Scope) -> Volatility {
    if is_null(node.clone()) {
        return Volatility::Null;
    }
    let found = of_scope(uses);
    if found == Volatility::Constant && casts_to_time(node) { Volatility::Stable } else { found }
}

/// Tells the same of a function that is called.
pub(super) fn of_function(function: &FunctionUse) -> Volatility {
    let name = function.name.name.text.as_str();
    let own = function.name.schema.as_ref().is_none_or(|schema| schema.text == "pg_catalog");
    let shipped = own.then(|| shipped::function(name)).flatten();
    shipped.or_else(|| shipped::extension_function(name)).unwrap_or(Volatility::Unknown)
}

/// Tells the same of everything that a query calls.
pub(super) fn of_scope(scope: &Scope) -> Volatility {
    let functions = scope.functions.iter().map(of_function);
    let from = scope.from.iter().filter_map(|relation| match &relation.source {
        crate::statement::Source::Query(query) => Some(of_scope(query)),
        _ => None,
    });
    let inside = scope.inner.iter().map(of_scope);
    let with = scope.with.iter().map(|with| of_scope(&with.query));
    let joins = scope.joins.iter().map(|join| of_scope(&join.on));
    functions.chain(from).chain(inside).chain(with).chain(joins).max().unwrap_or(Volatility::Constant)
}

/// Tells whether an expression is `NULL` and nothing else, a cast of it included.
fn is_null(mut node: SyntaxNode) -> bool {
    while matches!(node.kind(), PAREN_EXPR | CAST_EXPR) {
        let Some(inside) = node.children().next() else { return false };
        node = inside;
    }
    node.kind() == LITERAL && node.first_token().is_some_and(|token| token.kind() == NULL_KW)
}

/// Tells whether something that is no literal is cast to a time: what that gives depends on the session.
fn casts_to_time(node: &SyntaxNode) -> bool {
    node.descendants().filter_map(ast::CastExpr::cast).any(|cast| {
        let Some(value) = cast.expr() else { return false };
        let literal = matches!(value, ast::Expr::Literal(_));
        let name = cast.ty().map(|ty| super::types::lower(&ty).name).unwrap_or_default();
        !literal && (name.starts_with("time") || name == "date")
    })
}
