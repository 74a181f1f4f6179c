//! Somebody else holds the file: the limit that was asked for is what SQLite is told, and who waits is told.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, open, tables};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;
use whimbrel::sqlx::{self, Connection, SqliteConnection};
use whimbrel::{Databases, Error, Event, Migrator, Registry, Target};

fn one() -> &'static Registry {
    Chain::default().sql("0001_a", "CREATE TABLE a (id INTEGER)").down("DROP TABLE a").registry()
}

async fn hold(file: &Path, how: &'static str) -> SqliteConnection {
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::raw_sql(how).execute(&mut other).await.unwrap();
    other
}

async fn busy_timeout(databases: &mut Databases) -> i64 {
    let connection = databases.sqlite("main").unwrap();
    sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn the_limit_is_what_sqlite_waits() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(one(), &folder.path().join("app.db")).await;
    for seconds in [0, 7, 300] {
        let migrator = Migrator::new(one()).lock_wait(Duration::from_secs(seconds));
        migrator.status(&mut databases).await.unwrap();
        assert_eq!(busy_timeout(&mut databases).await, seconds as i64 * 1000);
        migrator.apply(&mut databases, &Target::Latest).await.unwrap();
        assert_eq!(busy_timeout(&mut databases).await, seconds as i64 * 1000, "after a run too");
        migrator.rollback(&mut databases, &Target::Latest).await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_was_handed_over_keeps_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let own = hold(
        &{
            let file = folder.path().join("app.db");
            drop(open(one(), &file).await);
            file
        },
        "PRAGMA busy_timeout = 1234",
    )
    .await;
    let mut databases = Databases::empty().with_sqlite("main", own);
    Migrator::new(one()).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(busy_timeout(&mut databases).await, 1234);
}

#[tokio::test]
async fn who_does_not_want_to_wait_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = open(one(), &file).await;
    let migrator = Migrator::new(one()).lock_wait(Duration::ZERO);
    migrator.init(&mut databases).await.unwrap();
    for how in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        let other = hold(&file, how).await;
        let locked = |end: Result<_, Error>| assert!(end.unwrap_err().is_locked(), "{how}");
        locked(migrator.apply(&mut databases, &Target::Latest).await.map(drop));
        locked(migrator.baseline(&mut databases, &whimbrel::Baseline::To("0001_a".into())).await.map(drop));
        // Only dropped, it would let go a moment later.
        other.close().await.unwrap();
    }
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(tables(&mut databases).await, "a");
}

#[tokio::test]
async fn who_waits_is_told_and_goes_on_when_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = open(one(), &file).await;
    Migrator::new(one()).init(&mut databases).await.unwrap();
    let (held, is_held) = mpsc::channel();
    let (waits, free) = mpsc::channel::<()>();
    let holder = std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let mut other = hold(&file, "BEGIN IMMEDIATE").await;
            held.send(()).unwrap();
            free.recv().unwrap();
            sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        });
    });
    is_held.recv().unwrap();
    let migrator = Migrator::new(one()).on_event(Box::new(move |event| {
        if matches!(event, Event::Waiting { .. }) {
            let _ = waits.send(());
        }
    }));
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    holder.join().unwrap();
    assert_eq!(tables(&mut databases).await, "a");
}
