//! Views, and tables that are made of a query.

use super::ast;
use super::name::{self, names};
use super::{query, table};
use crate::statement::{ActKind, Name, Output, Persistence, QualifiedName, Scope, With};

/// Reads `CREATE VIEW`.
pub(super) fn create(view: &ast::CreateView) -> Option<ActKind> {
    let name = name::qualified_of(view.view())?;
    let columns = names(view.columns());
    let query = query::lower(view.query()?);
    let query = if view.recursive() { recursive(&name.name, &columns, query) } else { query };
    Some(ActKind::CreateView {
        materialized: false,
        or_replace: view.or_replace(),
        if_not_exists: false,
        temporary: table::persistence(view.persistence()) == Persistence::Temporary,
        columns,
        query,
        with_data: false,
        name,
    })
}

/// Reads `CREATE MATERIALIZED VIEW`.
pub(super) fn create_materialized(view: &ast::CreateMaterializedView) -> Option<ActKind> {
    Some(ActKind::CreateView {
        name: name::qualified_of(view.view())?,
        materialized: true,
        or_replace: false,
        if_not_exists: view.if_not_exists(),
        temporary: false,
        columns: names(view.columns()),
        query: query::lower(view.query()?),
        with_data: !view.without_data(),
    })
}

/// Reads `CREATE TABLE … AS`.
pub(super) fn create_table(table: &ast::CreateTableAs) -> Option<ActKind> {
    let name = name::qualified_of(table.name())?;
    let column = |arg| match arg {
        ast::TableArg::Column(it) => name::name_of(it.name()),
        _ => None,
    };
    Some(match table.query()? {
        ast::CreateTableAsQuery::SelectVariant(select) => ActKind::CreateTableAs {
            name,
            persistence: table::persistence(table.persistence()),
            if_not_exists: table.if_not_exists(),
            columns: table.items().filter_map(column).collect(),
            query: query::lower(select),
        },
        ast::CreateTableAsQuery::Execute(_) => {
            ActKind::Opaque { reason: "what a prepared statement gives isn't followed", names: vec![name] }
        }
    })
}

/// Reads `SELECT … INTO`.
pub(super) fn select_into(select: &ast::SelectInto) -> Option<ActKind> {
    let into = select.into()?;
    Some(ActKind::CreateTableAs {
        name: name::qualified_of(into.table())?,
        persistence: table::persistence(into.persistence()),
        if_not_exists: false,
        columns: Vec::new(),
        query: query::lower(ast::SelectVariant::SelectInto(select.clone())),
    })
}

/// `CREATE RECURSIVE VIEW name (a) AS query` is `… AS WITH RECURSIVE name (a) AS (query) SELECT a FROM name`.
fn recursive(name: &Name, columns: &[Name], query: Scope) -> Scope {
    let table = QualifiedName { schema: None, name: name.clone() };
    Scope {
        with: vec![With { name: name.clone(), columns: columns.to_vec(), query }],
        recursive: true,
        from: vec![query::whole(table)],
        output: vec![Output::All],
        ..Scope::default()
    }
}
