//! `WITH`: queries with names.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::name;
use super::write;
use crate::statement::{Name, Output, Scope, Value, With};

/// Adds the queries of a `WITH` clause to the scope that sees them.
pub(super) fn lower(clause: &SyntaxNode, scope: &mut Scope) {
    let Some(clause) = ast::WithClause::cast(clause.clone()) else { return };
    scope.recursive |= clause.recursive();
    scope.with.extend(clause.tables().filter_map(|table| named(&table)));
}

fn named(table: &ast::WithTable) -> Option<With> {
    let columns = name::names(table.columns());
    let mut query = table.query().map(|query| write::lower_any(query.syntax()))?.unwrap_or_else(unread);
    query
        .output
        .extend(added(table).into_iter().map(|name| Output::Column { name: Some(name.text), value: Value::Other }));
    Some(With { name: name::name_of(table.name())?, columns, query })
}

/// The columns that `SEARCH` and `CYCLE` add.
fn added(table: &ast::WithTable) -> Vec<Name> {
    let search = table.search().and_then(|set| set.column());
    let cycle = table.cycle();
    let mark = cycle.as_ref().and_then(ast::CycleClause::mark);
    let path = cycle.and_then(|cycle| cycle.path());
    [search, mark, path].into_iter().filter_map(name::name_of).collect()
}

fn unread() -> Scope {
    Scope { opaque: true, ..Scope::default() }
}
