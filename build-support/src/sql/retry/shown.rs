//! The queries that tell whether a statement of MySQL or MariaDB took effect.

use super::Retry;
use super::mysql::Qualified;

/// Names what can be looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Thing<'a> {
    /// A view and a sequence too.
    Table(&'a Qualified),
    Column {
        table: &'a Qualified,
        name: &'a str,
    },
    Index {
        table: &'a Qualified,
        name: &'a str,
    },
    Constraint {
        table: &'a Qualified,
        name: &'a str,
    },
    Trigger(&'a Qualified),
    Routine(&'a Qualified),
    Event(&'a Qualified),
    Database(&'a str),
}

/// Writes the query: each has to be there, or has to be gone.
pub(super) fn seen(wanted: &[(Thing<'_>, bool)]) -> Retry {
    let one = |(thing, there): &(Thing<'_>, bool)| {
        let not = if *there { "" } else { "NOT " };
        format!("{not}EXISTS (SELECT 1 FROM information_schema.{})", thing.rows())
    };
    Retry::Seen(format!("SELECT {}", wanted.iter().map(one).collect::<Vec<_>>().join(" AND ")))
}

impl Thing<'_> {
    fn rows(&self) -> String {
        let of = |view: &str, column: &str, table: &Qualified, name: &str| {
            let (database, table, name) = (table.database(), quoted(table.last()), quoted(name));
            format!("{view} WHERE table_schema = {database} AND table_name = {table} AND {column} = {name}")
        };
        let named = |view: &str, kind: &str, name: &Qualified| {
            format!("{view} WHERE {kind}_schema = {} AND {kind}_name = {}", name.database(), quoted(name.last()))
        };
        match self {
            Thing::Table(name) => named("tables", "table", name),
            Thing::Column { table, name } => of("columns", "column_name", table, name),
            Thing::Index { table, name } => of("statistics", "index_name", table, name),
            Thing::Constraint { table, name } => of("table_constraints", "constraint_name", table, name),
            Thing::Trigger(name) => named("triggers", "trigger", name),
            Thing::Routine(name) => named("routines", "routine", name),
            Thing::Event(name) => named("events", "event", name),
            Thing::Database(name) => format!("schemata WHERE schema_name = {}", quoted(name)),
        }
    }
}

/// Writes a string literal; there is no backslash in it.
pub(super) fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}
