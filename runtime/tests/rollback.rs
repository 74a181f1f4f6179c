//! Rolling back, doing again, verifying.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open, sqlx, tables};
use whimbrel::{Migrator, Registry, Target};

fn shop() -> &'static Registry {
    Chain::default()
        .sql("0001_users", "CREATE TABLE users (id INTEGER)")
        .down("DROP TABLE users")
        .verify("SELECT count(*) = 0 FROM users")
        .sql("0002_orders", "CREATE TABLE orders (id INTEGER)")
        .down("DROP TABLE orders")
        .sql("0003_index", "CREATE INDEX orders_id ON orders (id)")
        .down("DROP INDEX orders_id")
        .registry()
}

#[tokio::test]
async fn the_way_back_is_the_way_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    let migrator = Migrator::new(shop());
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let report = migrator.rollback(&mut databases, &Target::Id("0001_users".into())).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0003_index", "0002_orders"]);
    assert_eq!(tables(&mut databases).await, "users");
    let rows = "SELECT group_concat(id) FROM whimbrel_history WHERE registry = 'app'";
    assert_eq!(ask(&mut databases, rows).await, "0001_users");
    assert_eq!(events(&mut databases).await, "applied, applied, applied, rolled_back, rolled_back");
    assert_eq!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 2);
    let (down, up) = migrator.redo(&mut databases).await.unwrap();
    assert_eq!((down.done[0].id, up.done[0].id), ("0003_index", "0003_index"));
    assert!(migrator.status(&mut databases).await.unwrap().is_current());
}

#[tokio::test]
async fn what_can_not_be_undone_stays() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Chain::default()
        .sql("0001_users", "CREATE TABLE users (id INTEGER)")
        .irreversible("nobody keeps the rows")
        .registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let migrator = Migrator::new(registry);
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let error = migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_irreversible());
    assert_eq!(error.to_string(), "`0001_users` is irreversible: nobody keeps the rows");
    assert_eq!(tables(&mut databases).await, "users");
}

#[tokio::test]
async fn a_rollback_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Chain::default()
        .sql("0001_users", "CREATE TABLE users (id INTEGER)")
        .down("DROP TABLE users;\nDROP TABLE nope")
        .registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let migrator = Migrator::new(registry);
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let error = migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed());
    assert!(
        error.to_string().starts_with(
            "rollback of `0001_users` failed on `main` at statement 2 of 2\n  --> src/migrations/mod.rs:102:12\n"
        ),
        "{error}"
    );
    assert_eq!(tables(&mut databases).await, "users");
    assert!(migrator.status(&mut databases).await.unwrap().is_current());
}

#[tokio::test]
async fn verify_asks_again_and_collects_what_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    let migrator = Migrator::new(shop());
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(migrator.verify(&mut databases).await.unwrap(), ["0001_users"]);
    let change = "INSERT INTO users VALUES (1); UPDATE whimbrel_history SET checksum = 'cc' WHERE id = '0002_orders'";
    sqlx::raw_sql(change).execute(databases.sqlite("main").unwrap()).await.unwrap();
    let error = migrator.verify(&mut databases).await.unwrap_err();
    assert!(error.is_check_failed());
    let text = error.to_string();
    assert!(text.starts_with("2 of the applied migrations do not hold\n  - `0002_orders` was changed"), "{text}");
    assert!(text.contains("VERIFY of `0001_users` does not hold on `main`: it gave `0`"), "{text}");
}

#[tokio::test]
async fn what_a_newer_program_applied_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    whimbrel::apply(shop(), &mut databases).await.unwrap();
    let older =
        Chain::default().sql("0001_users", "CREATE TABLE users (id INTEGER)").down("DROP TABLE users").registry();
    let error = whimbrel::apply(older, &mut databases).await.unwrap_err();
    assert!(error.is_unknown());
    assert_eq!(error.findings().len(), 2);
    let error = Migrator::new(older).rollback(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
    assert_eq!(tables(&mut databases).await, "orders,users");
}

#[tokio::test]
async fn a_newer_ledger_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    let migrator = Migrator::new(shop());
    migrator.apply(&mut databases, &Target::Count(1)).await.unwrap();
    let newer = "INSERT INTO whimbrel_history SELECT registry, 'ledger_0002', database, 2, name, source, kind, phase, \
                 schema_version, checksum, checksum_algorithm, text_checksum, down_checksum, transactional, \
                 out_of_order, applied_at, applied_by, duration_ms, rollback, app_version, whimbrel_version, NULL FROM \
                 whimbrel_history WHERE registry = 'whimbrel'";
    sqlx::raw_sql(newer).execute(databases.sqlite("main").unwrap()).await.unwrap();
    assert!(migrator.apply(&mut databases, &Target::Latest).await.unwrap_err().is_newer_ledger());
    assert!(migrator.status(&mut databases).await.unwrap_err().is_newer_ledger());
    assert!(migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err().is_newer_ledger());
    assert_eq!(tables(&mut databases).await, "users");
}
