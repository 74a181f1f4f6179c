//! Code inside a script: `DO` blocks and the bodies of functions in SQL.

use super::name::range;
use crate::statement::{Act, ActKind, Condition, Scope};
use squawk_syntax::ast::{self, AstNode};

/// Reads what a `DO` block does.
pub(super) fn lower(block: &ast::Do) -> Vec<Act> {
    let kind = ActKind::Opaque { reason: "a block of code", names: Vec::new() };
    vec![Act { range: range(block.syntax()), condition: Condition::Always, kind }]
}

/// Reads what a function's body uses, where it is in SQL.
pub(super) fn body(_options: Option<ast::FuncOptionList>, _body: Option<ast::RoutineBody>) -> Option<Scope> {
    None
}
