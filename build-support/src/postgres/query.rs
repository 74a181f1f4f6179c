//! Queries and changes of rows: what they name.

use crate::statement::{ActKind, Scope};
use squawk_syntax::ast;

/// Reads a query.
pub(super) fn lower(_query: ast::SelectVariant) -> Scope {
    Scope { opaque: true, ..Scope::default() }
}

/// Reads a statement that is a query or changes rows: `SELECT`, `VALUES`, `TABLE`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
/// `None` for any other.
pub(super) fn act(statement: &ast::Stmt) -> Option<ActKind> {
    use ast::Stmt as S;
    matches!(
        statement,
        S::Select(_)
            | S::CompoundSelect(_)
            | S::ParenSelect(_)
            | S::Values(_)
            | S::Table(_)
            | S::Insert(_)
            | S::Update(_)
            | S::Delete(_)
            | S::Merge(_)
    )
    .then(|| ActKind::Query(Scope { opaque: true, ..Scope::default() }))
}
