//! TimescaleDB is PostgreSQL with an extension: a server that has it, and one that hasn't.

use whimbrel::{Access, DatabaseKind, Migrator, Registry, Target};
use whimbrel_tests::{Chain, Server};

const ROWS: &str =
    "INSERT INTO temperature_readings SELECT now() - n * interval '1 day', 'roof', n FROM generate_series(1, 30) n";

/// Readings of the weather; the table is a hypertable from the second migration on.
fn readings() -> &'static Registry {
    Chain::new(DatabaseKind::Postgres)
        .add("0001_places", &["CREATE TABLE places (name text PRIMARY KEY)"])
        .add(
            "0002_initial_schema",
            &[
                "CREATE EXTENSION IF NOT EXISTS timescaledb",
                "CREATE TABLE temperature_readings (time timestamptz NOT NULL, place text NOT NULL, celsius double precision)",
                "SELECT create_hypertable('temperature_readings', 'time')",
            ],
        )
        .edit(|m| m.extensions = &["timescaledb"])
        .add("0003_add_indexes", &["CREATE INDEX readings_by_place ON temperature_readings (place, time DESC)", ROWS])
        .add("0004_add_humidity", &["ALTER TABLE temperature_readings ADD COLUMN IF NOT EXISTS humidity double precision"])
        .down(&["ALTER TABLE temperature_readings DROP COLUMN humidity"])
        .registry()
}

#[tokio::test]
async fn a_hypertable_is_made_in_one_transaction_with_its_ledger_row() {
    let server = Server::timescale().await;
    let registry = readings();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let migrator = Migrator::new(registry);
    assert_eq!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 4);
    let chunks =
        "SELECT count(*) > 1 FROM timescaledb_information.chunks WHERE hypertable_name = 'temperature_readings'";
    assert_eq!(server.column(chunks).await, ["true"]);
    let humidity = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'temperature_readings' AND column_name = 'humidity'";
    assert_eq!(server.column(humidity).await, ["1"]);
    migrator.rollback(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(server.column(humidity).await, ["0"]);
    assert!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().done.len() == 1);
}

#[tokio::test]
async fn a_server_without_the_extension_is_told_before_anything_is_done() {
    let server = Server::postgres("18").await;
    let registry = readings();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let error = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_configuration(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "`0002_initial_schema` needs `timescaledb`, which the server of `main` does not have; install it there, or connect to a \
         server that has it; nothing was done"
    );
    assert_eq!(server.tables().await, Vec::<String>::new());
    // What doesn't need it can be applied.
    let some = Migrator::new(registry).apply(&mut databases, &Target::Id("0001_places".into())).await.unwrap();
    assert_eq!(some.done.len(), 1);
}
