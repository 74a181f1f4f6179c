//! The tables in which those who apply migrations keep their books: they are there, and no migration makes them.

/// Such tables' whole names, without underscores around them.
const NAMES: [&str; 37] = [
    "schemamigrations",
    "schemahistory",
    "schemaversion",
    "migration",
    "migrations",
    "migrations_lock",
    "migration_lock",
    "migration_versions",
    "migration_history",
    "efmigrationshistory",
    "sqlx_migrations",
    "seaql_migrations",
    "prisma_migrations",
    "drizzle_migrations",
    "typeorm_migrations",
    "mikro_orm_migrations",
    "django_migrations",
    "doctrine_migration_versions",
    "propel_migration",
    "knex_migrations",
    "knex_migrations_lock",
    "kysely_migration",
    "kysely_migration_lock",
    "pgmigrations",
    "gorp_migrations",
    "gopg_migrations",
    "bun_migrations",
    "bun_migration_locks",
    "yoyo_migration",
    "d1_migrations",
    "geni_migrations",
    "sequelizemeta",
    "schemaversions",
    "databasechangelog",
    "databasechangeloglock",
    "changelog",
    "phinxlog",
];

/// Words that stand side by side in such a table's name, the last maybe with an `s`, whatever an author has put before or behind them.
const PHRASES: [&str; 6] =
    ["schema_migration", "schema_history", "schema_version", "schema_revision", "db_version", "alembic_version"];

/// Tells whether a table is probably a runner's: this one's, or that of another which had the database before.
pub(crate) fn is_a_runner_s(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = format!("_{}_", name.trim_matches('_'));
    let has = |phrase: &&str| words.contains(&format!("_{phrase}_")) || words.contains(&format!("_{phrase}s_"));
    name.starts_with("whimbrel_") || NAMES.contains(&name.trim_matches('_')) || PHRASES.iter().any(has)
}
