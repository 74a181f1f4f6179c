//! Views, and tables that are made of a query.

use super::name::{self, names};
use super::{query, table};
use crate::statement::{ActKind, Name, Output, Persistence, QualifiedName, Scope, With};
use squawk_syntax::ast;

/// Reads `CREATE VIEW`.
pub(super) fn create(view: &ast::CreateView) -> Option<ActKind> {
    let name = name::qualified_of(view.view())?;
    let columns = columns(view.column_list());
    let query = query::lower(view.query()?);
    let query = if view.recursive_token().is_some() { recursive(&name.name, &columns, query) } else { query };
    Some(ActKind::CreateView {
        materialized: false,
        or_replace: view.or_replace().is_some(),
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
        if_not_exists: view.if_not_exists().is_some(),
        temporary: false,
        columns: columns(view.column_list()),
        query: query::lower(view.query()?),
        with_data: !matches!(view.data_option(), Some(ast::DataOption::WithNoData(_))),
    })
}

/// Reads `CREATE TABLE … AS`.
pub(super) fn create_table(table: &ast::CreateTableAs) -> Option<ActKind> {
    let name = name::qualified_of(table.table_name())?;
    let args = table.table_arg_list().into_iter().flat_map(|list| list.args());
    let column = |arg| match arg {
        ast::TableArg::Column(it) => name::name_of(it.name()),
        _ => None,
    };
    Some(match table.query()? {
        ast::CreateTableAsQuery::SelectVariant(select) => ActKind::CreateTableAs {
            name,
            persistence: table::persistence(table.persistence()),
            if_not_exists: table.if_not_exists().is_some(),
            columns: args.filter_map(column).collect(),
            query: query::lower(select),
        },
        ast::CreateTableAsQuery::Execute(_) => {
            ActKind::Opaque { reason: "what a prepared statement gives isn't followed", names: vec![name] }
        }
    })
}

/// Reads `SELECT … INTO`.
pub(super) fn select_into(select: &ast::SelectInto) -> Option<ActKind> {
    let into = select.into_clause()?;
    Some(ActKind::CreateTableAs {
        name: name::qualified_of(into.table_name())?,
        persistence: table::persistence(into.persistence()),
        if_not_exists: false,
        columns: Vec::new(),
        query: query::lower(ast::SelectVariant::SelectInto(select.clone())),
    })
}

fn columns(list: Option<ast::ColumnList>) -> Vec<Name> {
    list.map(|list| names(list.column_names())).unwrap_or_default()
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
