//! What a statement says about the session: its transactions, and where it looks names up.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, range};
use super::query;
use crate::statement::{ActKind, Name};
use squawk_parser::SyntaxKind::*;
use std::ops::Range;

/// Reads such a statement; `None` for any other.
pub(super) fn lower(statement: &SyntaxNode) -> Option<ActKind> {
    Some(match statement.kind() {
        DISCARD if ast::has(statement, DISCARD_ALL) => ActKind::SetSearchPath { path: None, local: false },
        DISCARD if ast::has(statement, DISCARD_TEMP) => {
            ActKind::Opaque { reason: "drops whatever is temporary", names: Vec::new() }
        }
        DISCARD => ActKind::Harmless,
        BEGIN | COMMIT_TRANSACTION | COMMIT_PREPARED | PREPARE_TRANSACTION | ROLLBACK_PREPARED => ActKind::Transaction,
        ROLLBACK_TRANSACTION | ROLLBACK_TO_SAVEPOINT => {
            ActKind::Opaque { reason: "undoes what came before", names: Vec::new() }
        }
        _ => return None,
    })
}

/// Reads a setting of a database or a role: it holds for later sessions.
pub(super) fn later(set: &ast::SetConfigParam) -> ActKind {
    if is_search_path(set.parameter()) {
        return ActKind::Opaque { reason: "later sessions look names up elsewhere", names: Vec::new() };
    }
    ActKind::Harmless
}

/// Reads `SELECT set_config('search_path', …)`; `None` for any other query.
pub(super) fn set_config(select: &ast::Select) -> Option<Vec<ActKind>> {
    let targets = select.clause()?.target_list()?.targets();
    let mut acts: Vec<ActKind> =
        targets.filter_map(|target| call(&target.expr()?)).map(|arguments| configured(&arguments)).collect();
    if acts.is_empty() {
        return None;
    }
    acts.extend(query::act(select.syntax()));
    Some(acts)
}

/// Gives the arguments of a call of `set_config` that is about the search path.
fn call(expr: &ast::Expr) -> Option<Vec<ast::Expr>> {
    let ast::Expr::CallExpr(call) = expr else { return None };
    let function = match call.callee()? {
        ast::Expr::NameRef(it) => name::name(&it)?,
        ast::Expr::FieldExpr(it) => name::name_of(it.field())?,
        _ => return None,
    };
    if function.text != "set_config" {
        return None;
    }
    let arguments: Vec<ast::Expr> = call.arguments()?.arguments().filter_map(|argument| argument.expr()).collect();
    let about = string(arguments.first()?)?;
    about.0.eq_ignore_ascii_case("search_path").then_some(arguments)
}

fn configured(arguments: &[ast::Expr]) -> ActKind {
    let local = match arguments.get(2) {
        Some(ast::Expr::Literal(it)) => match it.kind() {
            Some(TRUE_KW) => Some(true),
            Some(FALSE_KW) => Some(false),
            _ => None,
        },
        _ => None,
    };
    match (arguments.get(1).and_then(string), local) {
        (Some((text, range)), Some(local)) => ActKind::SetSearchPath { path: Some(listed(&text, &range)), local },
        _ => ActKind::Opaque { reason: "where names are looked up is worked out", names: Vec::new() },
    }
}

/// What `set_config` is given is a list in one string.
fn listed(text: &str, range: &Range<usize>) -> Vec<Name> {
    let one = |part: &str| {
        let part = part.trim();
        let quoted = part.strip_prefix('"').and_then(|part| part.strip_suffix('"'));
        let text = quoted.map_or_else(|| part.to_ascii_lowercase(), |part| part.replace("\"\"", "\""));
        (!text.is_empty()).then(|| Name { text, range: range.clone() })
    };
    text.split(',').filter_map(one).collect()
}

fn is_search_path(parameter: Option<SyntaxNode>) -> bool {
    name::qualified_of(parameter).is_some_and(|name| name.schema.is_none() && name.name.text == "search_path")
}

fn string(expr: &ast::Expr) -> Option<(String, Range<usize>)> {
    let ast::Expr::Literal(literal) = expr else { return None };
    match literal.kind()? {
        STRING | ESC_STRING | DOLLAR_QUOTED_STRING | UNICODE_ESC_STRING => {
            Some((literal.string_value()?, range(literal.syntax())))
        }
        _ => None,
    }
}
