//! What is SQLite's own: foreign keys, rebuilt tables, locks of the file, files that are not what they should be.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open, sqlx, tables, url};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::time::Duration;
use whimbrel::{Access, Databases, Migrator, Registry, Target, Urls};

const FAMILY: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);\n\
                      CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent (id) ON \
                      DELETE CASCADE);\n\
                      INSERT INTO parent VALUES (1, 'ann');\n\
                      INSERT INTO child VALUES (7, 1)";
const REBUILD: &str = "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');\n\
                       INSERT INTO parent_new SELECT id, name FROM parent;\n\
                       DROP TABLE parent;\n\
                       ALTER TABLE parent_new RENAME TO parent";
const FOREIGN_KEYS: &str = "SELECT foreign_keys || '' FROM pragma_foreign_keys";

fn family() -> Chain {
    Chain::default().sql("0001_family", FAMILY)
}

#[tokio::test]
async fn a_rebuilt_table_keeps_the_rows_that_refer_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let registry = family().sql("0002_rebuild", REBUILD).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    whimbrel::apply(registry, &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, "SELECT group_concat(id || '>' || parent_id) FROM child").await, "7>1");
    assert_eq!(ask(&mut databases, FOREIGN_KEYS).await, "1");
}

#[tokio::test]
async fn an_orphan_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let registry = family().sql("0002_orphan", "DELETE FROM parent").registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_check_failed());
    assert!(
        error.to_string().contains("\n  - row 7 of `child` refers to a row of `parent` that is not there\n"),
        "{error}"
    );
    assert_eq!(ask(&mut databases, "SELECT count(*) || '' FROM parent").await, "1");
    assert_eq!(ask(&mut databases, FOREIGN_KEYS).await, "1");
    assert_eq!(events(&mut databases).await, "applied, failed");
}

#[tokio::test]
async fn old_sins_are_no_fault_of_a_migration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = open(family().registry(), &file).await;
    whimbrel::apply(family().registry(), &mut databases).await.unwrap();
    let sin = "PRAGMA foreign_keys = OFF; DELETE FROM parent; PRAGMA foreign_keys = ON";
    sqlx::raw_sql(sin).execute(databases.sqlite("main").unwrap()).await.unwrap();
    let next = family().sql("0002_more", "CREATE TABLE more (id INTEGER)").sql("0003_rebuild", REBUILD).registry();
    let mut databases = open(next, &file).await;
    whimbrel::apply(next, &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "child,more,parent");
}

#[tokio::test]
async fn foreign_keys_that_were_off_stay_off_and_are_not_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true).foreign_keys(false);
    let registry = family().sql("0002_orphan", "DELETE FROM parent").registry();
    let mut databases = Databases::empty().with_sqlite("main", options.connect().await.unwrap());
    whimbrel::apply(registry, &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, FOREIGN_KEYS).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_at_once_apply_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let ids: Vec<&'static str> = (1..=12).map(|n| &*format!("{n:04}_x").leak()).collect();
    let mut chain = Chain::default().sql("0000_log", "CREATE TABLE log (id TEXT)");
    for id in &ids {
        let text = format!("INSERT INTO log VALUES ('{id}')");
        chain = chain.sql(id, text.leak());
    }
    let registry = chain.sql("0013_vacuum", "INSERT INTO log VALUES ('0013_x');\nVACUUM").stepwise().registry();
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(8));
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let (file, start) = (file.clone(), start.clone());
            tokio::spawn(async move {
                let mut databases = open(registry, &file).await;
                start.wait().await;
                whimbrel::apply(registry, &mut databases).await.map(|report| report.done.len())
            })
        })
        .collect();
    let mut done = 0;
    for run in runs {
        done += run.await.unwrap().unwrap();
    }
    assert_eq!(done, 14);
    let mut databases = open(registry, &file).await;
    let log = ask(&mut databases, "SELECT count(*) || ' ' || count(DISTINCT id) FROM log").await;
    assert_eq!(log, "13 13");
}

#[tokio::test]
async fn a_file_that_somebody_else_has_locked_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let registry = family().registry();
    let mut other = sqlx::SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).busy_timeout(Duration::ZERO);
    let mut databases = Databases::empty().with_sqlite("main", options.connect().await.unwrap());
    let migrator = Migrator::new(registry).lock_wait(Duration::from_millis(100));
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_locked());
    assert!(error.to_string().starts_with("`main` is locked by another process; waited 0."), "{error}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(ask(&mut databases, FOREIGN_KEYS).await, "1");
}

async fn refused(registry: &'static Registry, urls: &Urls) -> whimbrel::Error {
    match Databases::connect(registry, urls, Access::ReadWrite).await {
        Err(error) => error,
        Ok(mut databases) => whimbrel::apply(registry, &mut databases).await.unwrap_err(),
    }
}

#[tokio::test]
async fn what_is_no_database_is_told_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (file, registry) = (folder.path().join("app.db"), family().registry());
    std::fs::write(&file, "this is a letter, not a database, and it is long enough").unwrap();
    let error = refused(registry, &url(&file)).await;
    assert!(error.is_no_database());
    assert_eq!(error.to_string(), "the file of `main` is not a SQLite database; check the path, it was not touched");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("this is a letter"));

    let error = refused(registry, &url(&folder.path().join("nope/app.db"))).await;
    assert!(error.is_no_database());
    assert!(error.to_string().ends_with("nope` does not exist; create it, or correct the path"), "{error}");
    assert!(
        refused(registry, &url(folder.path())).await.to_string().ends_with("the path is a folder; name a file in it")
    );
}

#[tokio::test]
async fn a_wrong_url_is_told() {
    let registry = family().registry();
    let error = refused(registry, &Urls::new()).await;
    assert_eq!(error.to_string(), "no URL for `main`; set MAIN_URL or DATABASE_URL");
    let error = refused(registry, &Urls::new().with("main", "postgres://ann:s3cret@db/app")).await;
    assert_eq!(
        error.to_string(),
        "the URL of `main` is not understood: it is declared as Sqlite, whose URLs look like `sqlite:path`"
    );
    let error = refused(registry, &Urls::new().with("mian", "sqlite:a.db")).await;
    assert!(error.is_configuration() && error.to_string().contains("it declares main"), "{error}");
    let error = refused(registry, &Urls::new().with("main", "app")).await;
    assert!(error.is_configuration(), "{error}");
    let error = whimbrel::apply(registry, &mut Databases::empty()).await.unwrap_err();
    assert!(error.is_configuration() && error.to_string().starts_with("`main` is not connected"), "{error}");
}

#[tokio::test]
async fn a_database_that_can_only_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    whimbrel::apply(family().registry(), &mut open(family().registry(), &file).await).await.unwrap();
    let next = family().sql("0002_more", "CREATE TABLE more (id INTEGER)").registry();
    let mut databases = Databases::connect(next, &url(&file), Access::ReadOnly).await.unwrap();
    assert_eq!(Migrator::new(next).status(&mut databases).await.unwrap().pending().count(), 1);
    let error = whimbrel::apply(next, &mut databases).await.unwrap_err();
    assert!(error.is_read_only(), "{error:#}");
}

#[tokio::test]
async fn a_ledger_that_takes_nothing_in_is_an_error_and_no_endless_loop() {
    let folder = tempfile::tempdir().unwrap();
    let registry = family().registry();
    let file = folder.path().join("deaf.db");
    let mut databases = Databases::connect(registry, &url(&file), Access::ReadWrite).await.unwrap();
    Migrator::new(registry).init(&mut databases).await.unwrap();
    let deaf = "CREATE TRIGGER deaf BEFORE INSERT ON whimbrel_history BEGIN SELECT raise(IGNORE); END";
    sqlx::raw_sql(deaf).execute(databases.sqlite("main").unwrap()).await.unwrap();
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(format!("{error:#}").contains("ledger"), "{error:#}");
}

#[tokio::test]
async fn a_url_of_sqlites_own_is_refused() {
    for url in ["sqlite:file:notes.db", "file:notes.db"] {
        let urls = Urls::new().with("main", url);
        let error = Databases::connect(family().registry(), &urls, Access::ReadOnly).await.unwrap_err();
        assert!(error.is_configuration(), "{url}: {error:#}");
    }
}

#[tokio::test]
async fn a_plain_path_and_memory_are_urls_too() {
    let folder = tempfile::tempdir().unwrap();
    let registry = family().registry();
    let file = folder.path().join("plain.db");
    for url in [file.display().to_string(), "sqlite::memory:".into(), format!("sqlite://{}", file.display())] {
        let urls = Urls::new().with("main", url);
        let mut databases = Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap();
        whimbrel::apply(registry, &mut databases).await.unwrap();
        assert_eq!(tables(&mut databases).await, "child,parent");
    }
    assert_eq!(Databases::create(registry, &url(Path::new(&file))).await.unwrap(), Vec::<&str>::new());
    let new = folder.path().join("new.db");
    assert_eq!(Databases::create(registry, &url(&new)).await.unwrap(), ["main"]);
    assert!(new.exists());
}
