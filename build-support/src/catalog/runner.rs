//! The tables in which those who apply migrations keep their books: they are there, and no migration makes them.

/// What the names of such tables have in them: `_sqlx_migrations`, `flyway_schema_history`, `goose_db_version`.
const PARTS: [&str; 8] = [
    "migration",
    "schema_history",
    "schema_version",
    "schema_revision",
    "db_version",
    "alembic_version",
    "changelog",
    "phinxlog",
];

/// Tells whether a table is probably a runner's: this one's, or that of another which had the database before.
pub(crate) fn is_a_runner_s(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("whimbrel_") || PARTS.iter().any(|part| name.contains(part))
}
