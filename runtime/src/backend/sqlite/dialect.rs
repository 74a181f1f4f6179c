//! SQLite's words.

use crate::backend::capabilities::{Backslash, Capabilities, Dialect};
use crate::ledger::{SELF, quote};

/// Holds SQLite's words.
pub(crate) static DIALECT: Dialect = Dialect {
    backslash: Backslash::Plain,
    mark: '"',
    database: "database",
    schemas: false,
    create_schema: |_| Ok(None),
    text: "text",
    key: "text",
    cast: "text",
    timestamp: "text",
    array: "text",
    // Counting on past rows that are gone would be one more page to write, and none goes.
    sequence: "integer PRIMARY KEY",
    // A row and its key in one place are one page to write, and one to read.
    storage: [" WITHOUT ROWID", ""],
    indexed: false,
    insert_new: ["INSERT INTO", " ON CONFLICT DO NOTHING"],
    now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    began: None,
    actor: None,
    // Any text can be in the column, and `strftime` takes more of them for a time than a date that begins so.
    rfc3339: |column| {
        let date = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*";
        format!("CASE WHEN {column} GLOB '{date}' THEN strftime('%Y-%m-%dT%H:%M:%fZ', {column}) END")
    },
    moment: str::to_owned,
    elapsed: |since| format!("CAST(round((julianday('now') - julianday({since})) * 86400000) AS integer)"),
    statements: |items| Ok(format!("json({})", quote::string(&quote::json(items), Backslash::Plain)?)),
    joined: |column| format!("(SELECT group_concat(value, char(30)) FROM json_each({column}))"),
    parted: quote::parted,
    readable: |_, _, _| Ok(Vec::new()),
    create_view: "CREATE VIEW IF NOT EXISTS",
    // A virtual table's columns are the business of a module that may not be loaded.
    tables: "SELECT l.schema, l.name, CASE l.type WHEN 'table' THEN (SELECT group_concat(c.name, char(31)) FROM \
             pragma_table_info(l.name, l.schema) c) END FROM pragma_table_list l WHERE l.type IN ('table', 'virtual') \
             AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.schema, l.name",
    is_called: |written, name| written.eq_ignore_ascii_case(name),
    glance: |table, registry, database| {
        format!(
            "SELECT count(*), (SELECT coalesce(max(ordinal), 0) FROM {table} WHERE registry = '{SELF}'), \
             group_concat(id || ' ' || checksum, char(10)), count(rollback_started_at) FROM {table} WHERE registry = \
             {registry} AND database = {database}"
        )
    },
};

/// Says what SQLite can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    savepoints: true,
    begin: "BEGIN IMMEDIATE",
    examine: |_| {
        Ok("SELECT 'SQLite ' || sqlite_version(), NULL, 0, NULL, CAST(round((julianday('now') - 2440587.5) * 86400000) AS integer)".into())
    },
    ..Capabilities::plain(&DIALECT)
};
