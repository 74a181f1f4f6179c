//! SQLite's words.

use crate::backend::capabilities::{Capabilities, Dialect};
use crate::ledger::{SELF, quote};

/// Says what SQLite can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    dialect: Dialect {
        escapes: false,
        schemas: false,
        create_schema: |_| Ok(String::new()),
        timestamp: "text",
        array: "text",
        sequence: "integer PRIMARY KEY AUTOINCREMENT",
        now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        actor: None,
        rfc3339: |column| column.into(),
        elapsed: |since| format!("CAST(round((julianday('now') - julianday({since})) * 86400000) AS integer)"),
        statements: |items| Ok(format!("json({})", quote::string(&quote::json(items), false)?)),
        joined: |column| format!("(SELECT group_concat(value, char(30)) FROM json_each({column}))"),
        // A virtual table's columns are the business of a module that may not be loaded.
        tables: "SELECT l.schema, l.name, CASE l.type WHEN 'table' THEN (SELECT group_concat(c.name, char(31)) FROM \
                 pragma_table_info(l.name, l.schema) c) END FROM pragma_table_list l WHERE l.type IN ('table', 'virtual') \
                 AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.schema, l.name",
        is_called: |written, name| written.eq_ignore_ascii_case(name),
        glance: |table, registry, database| {
            format!(
                "SELECT count(*), (SELECT coalesce(max(ordinal), 0) FROM {table} WHERE registry = '{SELF}'), \
                 group_concat(line, char(10)) FROM (SELECT id || ' ' || checksum AS line FROM {table} WHERE registry = \
                 {registry} AND database = {database} ORDER BY ordinal, id)"
            )
        },
    },
    begin: "BEGIN IMMEDIATE",
    lock: None,
    hashes: false,
    reset: &[],
    leftovers: None,
    drop_leftover: |_| String::new(),
};
