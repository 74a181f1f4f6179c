//! What a database has in it, as lines that can be compared.

use crate::backend::Rows;
use crate::databases::Databases;
use crate::error::{Error, Kind, Result, ServerError};
use crate::registry::{Database, DatabaseKind};
use std::collections::BTreeSet;

/// One line for each thing: its kind, its name, what it is.
///
/// Lines of the kinds `col`, `con` and `idx` can be told of a simulated catalog too, word for word. What only a server
/// knows is in lines of other kinds.
pub(super) type Snapshot = BTreeSet<String>;

/// Reads a database, whimbrel's own tables left out.
pub(super) async fn take(databases: &mut Databases, database: &Database) -> Result<Snapshot> {
    let backend = databases.backend(database.name())?;
    let lines = match database.kind() {
        DatabaseKind::Sqlite => first_column(backend.ask(SQLITE.to_owned()).await),
        DatabaseKind::Postgres => first_column(backend.ask(POSTGRES.to_owned()).await),
        #[cfg(feature = "mysql")]
        DatabaseKind::Mysql => crate::testing::instance::definition::lines(backend).await,
        _ => return Err(unsupported(database)),
    };
    let lines = lines.map_err(|answer| Error::server_refused(database.name(), "reading the schema", answer))?;
    Ok(lines.into_iter().filter(|line| !line.contains("whimbrel_")).collect())
}

fn first_column(answer: Result<Rows, ServerError>) -> Result<Vec<String>, ServerError> {
    Ok(answer?.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
}

/// Says that a database can't be rehearsed on, nor handed to a test.
pub(in crate::testing) fn unsupported(database: &Database) -> Error {
    let reason = "`#[whimbrel::test]` and rehearsals are for SQLite, PostgreSQL, MySQL and MariaDB";
    Kind::NotConnected { database: database.name().into(), reason }.into()
}

/// Lists what a simulated catalog and a real database don't have in common; none where all is alike.
pub(super) fn simulated(catalog: &str, real: &Snapshot) -> Option<Vec<String>> {
    let compared = |line: &&str| matches!(line.split(' ').next(), Some("col" | "con" | "idx"));
    let simulated: BTreeSet<&str> = catalog.lines().filter(compared).collect();
    let real: BTreeSet<&str> = real.iter().map(String::as_str).filter(compared).collect();
    let missing = simulated.difference(&real).map(|line| format!("only the compiler has: {line}"));
    let unknown = real.difference(&simulated).map(|line| format!("only the server has: {line}"));
    let differences: Vec<String> = missing.chain(unknown).collect();
    (!differences.is_empty() && !catalog.is_empty()).then_some(differences)
}

const SQLITE: &str = "\
SELECT 'col main.' || t.name || '.' || c.name || ' ' || lower(c.type) || iif(c.\"notnull\", ' notnull', '')
  FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
UNION ALL SELECT 'default main.' || t.name || '.' || c.name || ' ' || c.dflt_value
  FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.dflt_value IS NOT NULL
UNION ALL SELECT 'key main.' || t.name || ' ' || group_concat(c.name, ',')
  FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.pk > 0 GROUP BY t.name
UNION ALL SELECT 'foreign main.' || t.name || ' ' || f.\"from\" || ' ' || f.\"table\" || ' ' || coalesce(f.\"to\", '') || ' ' || f.on_delete || ' ' || f.on_update
  FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
UNION ALL SELECT 'unique main.' || t.name || ' ' || (SELECT group_concat(coalesce(x.name, '(expression)'), ',') FROM pragma_index_info(i.name) x)
  FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.\"unique\"
UNION ALL SELECT 'idx main.' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
UNION ALL SELECT type || ' main.' || name FROM sqlite_schema WHERE type IN ('view', 'trigger')
UNION ALL SELECT 'text main.' || name || ' ' || sql FROM sqlite_schema WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL";

const POSTGRES: &str = "\
WITH own AS (
  SELECT c.oid, c.relname, c.relkind, n.nspname, c.relname AS name, n.nspname || '.' || c.relname AS path
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'col ' || o.path || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' notnull' ELSE '' END || a.attidentity::text
  FROM own o JOIN pg_attribute a ON a.attrelid = o.oid WHERE o.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'default ' || o.path || '.' || a.attname || ' ' || a.attidentity::text || a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  FROM own o JOIN pg_attribute a ON a.attrelid = o.oid LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
  WHERE o.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND (d.oid IS NOT NULL OR a.attidentity <> '')
UNION ALL SELECT 'con ' || o.path || '.' || c.conname
  FROM own o JOIN pg_constraint c ON c.conrelid = o.oid WHERE c.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL SELECT 'constraint ' || o.path || '.' || c.conname || ' ' || pg_get_constraintdef(c.oid)
  FROM own o JOIN pg_constraint c ON c.conrelid = o.oid
UNION ALL SELECT 'idx ' || o.path FROM own o WHERE o.relkind IN ('i', 'I')
UNION ALL SELECT 'index ' || pg_get_indexdef(o.oid) FROM own o WHERE o.relkind IN ('i', 'I')
UNION ALL SELECT 'view ' || o.path FROM own o WHERE o.relkind IN ('v', 'm')
UNION ALL SELECT 'query ' || o.path || ' ' || pg_get_viewdef(o.oid) FROM own o WHERE o.relkind IN ('v', 'm')
UNION ALL SELECT 'sequence ' || o.path FROM own o WHERE o.relkind = 'S'
UNION ALL SELECT 'trigger ' || o.path || ' ' || pg_get_triggerdef(t.oid) FROM own o JOIN pg_trigger t ON t.tgrelid = o.oid WHERE NOT t.tgisinternal
UNION ALL SELECT 'function ' || p.oid::regprocedure::text || ' ' || md5(p.prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT 'type ' || n.nspname || '.' || t.typname || ' ' || t.typtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND t.typtype IN ('e', 'd')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL SELECT 'value ' || e.enumtypid::regtype::text || ' ' || e.enumlabel FROM pg_enum e
UNION ALL SELECT 'domain ' || t.oid::regtype::text || ' ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' notnull' ELSE '' END
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
UNION ALL SELECT 'extension ' || extname FROM pg_extension
UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
UNION ALL SELECT 'comment ' || o.path || ' ' || d.objsubid || ' ' || d.description FROM own o JOIN pg_description d ON d.objoid = o.oid AND d.classoid = 'pg_class'::regclass";
