//! The version tables of other tools, told apart by their columns, because their names can be chosen.
//!
//! # Source
//! The tools' own statements that create and read them: sqlx `sqlx-postgres/src/migrate.rs`, refinery
//! `refinery_core/src/traits/mod.rs`, diesel `setup_migration_table.sql`, Flyway `PostgreSQLDatabase.java` and
//! `MigrationInfoServiceImpl.java`, Prisma `sql-schema-connector` (`create_migrations_table`).

use super::Obstacle;
use super::tables::Table;
use crate::backend::{Dialect, Rows};
use crate::error::Result;
use crate::ledger::quote::identifier;

/// Names the tools and the tables that they use unless told otherwise.
pub(super) const TOOLS: [(&str, &str); 5] = [
    ("sqlx", "_sqlx_migrations"),
    ("refinery", "refinery_schema_history"),
    ("diesel", "__diesel_schema_migrations"),
    ("flyway", "flyway_schema_history"),
    ("prisma", "_prisma_migrations"),
];

/// Describes how a kind of version table is read.
#[derive(Debug)]
struct Layout {
    /// The columns by which it is known.
    columns: &'static [&'static str],
    version: &'static str,
    name: &'static str,
    /// The expression that gives the word of a [`State`].
    state: &'static str,
    /// The columns in whose order rows were written; a bare name would mean the text that is selected.
    order: &'static str,
}

const LAYOUTS: [Layout; 7] = [
    // Flyway
    Layout {
        columns: &["installed_rank", "version", "description", "type", "success"],
        version: "version",
        name: "description",
        state: "CASE WHEN NOT success THEN 'failed' WHEN type LIKE 'UNDO%' OR type = 'DELETE' THEN 'undone' \
                WHEN type LIKE '%BASELINE' THEN 'up to' WHEN type = 'SCHEMA' THEN 'note' \
                WHEN version IS NULL THEN 'repeatable' ELSE 'applied' END",
        order: "t.installed_rank",
    },
    // Prisma; an attempt that was rolled back has a row of its own
    Layout {
        columns: &["migration_name", "started_at", "finished_at", "rolled_back_at"],
        version: "migration_name",
        name: "NULL",
        state: "CASE WHEN rolled_back_at IS NOT NULL THEN 'note' WHEN finished_at IS NULL THEN 'failed' \
                ELSE 'applied' END",
        order: "t.started_at, t.migration_name",
    },
    // sqlx
    Layout {
        columns: &["version", "description", "installed_on", "success", "checksum"],
        version: "version",
        name: "description",
        state: "CASE WHEN success THEN 'applied' ELSE 'failed' END",
        order: "t.version",
    },
    // refinery
    Layout {
        columns: &["version", "name", "applied_on", "checksum"],
        version: "version",
        name: "name",
        state: "'applied'",
        order: "t.version",
    },
    // diesel
    Layout {
        columns: &["version", "run_on"],
        version: "version",
        name: "NULL",
        state: "'applied'",
        order: "t.version",
    },
    // golang-migrate and its like: one row, dirty while a migration runs and after it failed
    Layout {
        columns: &["version", "dirty"],
        version: "version",
        name: "NULL",
        state: "CASE WHEN dirty THEN 'failed' ELSE 'reached' END",
        order: "t.version",
    },
    // a table of one's own
    Layout { columns: &["version"], version: "version", name: "NULL", state: "'reached'", order: "t.version" },
];

/// Writes the query that reads a version table, whichever kind it is.
pub(super) fn query(table: &Table, dialect: &Dialect) -> Result<String, Obstacle> {
    let has = |column: &&str| table.columns.iter().any(|known| known.eq_ignore_ascii_case(column));
    let not_one = || Obstacle::NotAVersionTable { table: shown(table, dialect), columns: table.columns.clone() };
    let Layout { version, name, state, order, .. } =
        LAYOUTS.iter().find(|layout| layout.columns.iter().all(has)).ok_or_else(not_one)?;
    let identifier = |name: &str| identifier(name, dialect.mark);
    let place = identifier(&table.schema).and_then(|schema| Ok(format!("{schema}.{}", identifier(&table.name)?)));
    let place = place.map_err(|_| not_one())?;
    let text = dialect.cast;
    Ok(format!("SELECT CAST({version} AS {text}), CAST({name} AS {text}), {state} FROM {place} AS t ORDER BY {order}"))
}

/// Names a table as a user would.
pub(super) fn shown(table: &Table, dialect: &Dialect) -> String {
    if dialect.schemas { format!("{}.{}", table.schema, table.name) } else { table.name.clone() }
}

/// Holds one row of a version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) version: Option<String>,
    pub(super) name: Option<String>,
    pub(super) state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// This one was applied.
    Applied,
    /// This one was applied; if it is the only row then so were all before it.
    Reached,
    /// All up to this version were applied, whether or not there is one of it.
    UpTo,
    /// It was applied, and can be again; it has no version.
    Repeatable,
    /// What was applied under this version before was undone.
    Undone,
    /// It failed, or is not at its end.
    Failed,
    /// It says nothing about what is applied.
    Note,
}

impl Entry {
    /// Shows version and name in words.
    pub(super) fn shown(&self) -> String {
        match (&self.version, &self.name) {
            (Some(version), Some(name)) => format!("`{version}` ({name})"),
            (Some(version), None) => format!("`{version}`"),
            (None, Some(name)) => format!("`{name}`"),
            (None, None) => "a row without a version".into(),
        }
    }
}

/// Understands the rows of [`query`].
pub(super) fn entries(rows: Rows) -> Vec<Entry> {
    let entry = |row: Vec<Option<String>>| {
        let mut cells = row.into_iter();
        let mut next = || cells.next().flatten();
        let (version, name) = (next(), next());
        let state = match next().as_deref() {
            Some("applied") => State::Applied,
            Some("reached") => State::Reached,
            Some("up to") => State::UpTo,
            Some("repeatable") => State::Repeatable,
            Some("undone") => State::Undone,
            Some("note") => State::Note,
            _ => State::Failed,
        };
        Entry { version, name, state }
    };
    rows.into_iter().map(entry).collect()
}
