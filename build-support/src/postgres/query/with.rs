//! `WITH`: queries with names.

use super::super::name;
use super::write;
use crate::statement::{Name, Output, Scope, Value, With};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

/// Adds the queries of a `WITH` clause to the scope that sees them.
pub(super) fn lower(clause: &SyntaxNode, scope: &mut Scope) {
    let Some(clause) = ast::WithClause::cast(clause.clone()) else { return };
    scope.recursive |= clause.recursive_token().is_some();
    scope.with.extend(clause.with_tables().filter_map(|table| named(&table)));
}

fn named(table: &ast::WithTable) -> Option<With> {
    let columns = table.column_list().map(|list| name::names(list.column_names())).unwrap_or_default();
    let mut query = table.query().map(|query| write::lower_any(query.syntax()))?.unwrap_or_else(unread);
    query
        .output
        .extend(added(table).into_iter().map(|name| Output::Column { name: Some(name.text), value: Value::Other }));
    Some(With { name: name::name_of(table.name())?, columns, query })
}

/// The columns that `SEARCH` and `CYCLE` add.
fn added(table: &ast::WithTable) -> Vec<Name> {
    let search =
        table.search_clause().and_then(|clause| clause.set_column()).and_then(|column| column.column_name_ref());
    let cycle = table.cycle_clause();
    let mark = cycle.as_ref().and_then(|clause| clause.set_column()).and_then(|column| column.column_name_ref());
    let path = cycle.and_then(|clause| clause.path()).and_then(|path| path.column_name_ref());
    [search, mark, path].into_iter().filter_map(name::name_of).collect()
}

fn unread() -> Scope {
    Scope { opaque: true, ..Scope::default() }
}
