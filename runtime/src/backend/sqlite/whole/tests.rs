#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::{is_plain, text};
use crate::backend::sqlite::{Sqlite, send};
use crate::backend::{Asked, Backend, Course, Rows, Stop, Task};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::sync::Mutex;

/// A course as a plain migration has it, with foreign keys enforced.
fn course(key: &str, texts: &[&'static str]) -> Course {
    let mut tasks = vec![
        Task::Session("PRAGMA foreign_keys = OFF".into()),
        Task::Begin("BEGIN IMMEDIATE".into()),
        Task::One(key.into()),
    ];
    tasks.extend((0..).zip(texts).map(|(index, text)| Task::Author { index, text }));
    let ends = ["UPDATE ledger SET ended = 1", "INSERT INTO events VALUES (1)"];
    tasks.push(Task::ForeignKeys);
    tasks.extend(ends.map(|text| Task::Ledger(text.into())));
    tasks.extend([Task::Commit, Task::Session("PRAGMA foreign_keys = ON".into())]);
    Course { tasks, statements: texts.len(), foreign_keys: true, ..Course::default() }
}

const KEY: &str = "INSERT INTO ledger SELECT 1, 0 WHERE 0 = (SELECT count(*) FROM ledger)";
const TABLES: &str = "CREATE TABLE ledger (id PRIMARY KEY, ended); CREATE TABLE events (n)";

/// A database that has been written to, so that nobody has to be met.
async fn tried() -> Sqlite {
    let mut sqlite = Sqlite::new(Some(SqliteConnection::connect("sqlite::memory:").await.unwrap()), true);
    ask(&mut sqlite, TABLES).await;
    let first = "DELETE FROM ledger WHERE id = 0 RETURNING 1";
    ask(&mut sqlite, "INSERT INTO ledger VALUES (0, 0)").await;
    sqlite.run(&course(first, &[]), &|_| {}).await.unwrap();
    assert!(sqlite.patience.is_tried());
    sqlite
}

async fn ask(sqlite: &mut Sqlite, sql: &str) -> Rows {
    send(sqlite.connection.as_mut().unwrap(), sql.into()).await.unwrap().1
}

async fn state(sqlite: &mut Sqlite) -> String {
    let all = "SELECT (SELECT count(*) FROM ledger), (SELECT count(*) FROM events), (SELECT group_concat(sql, char(10)) \
               FROM sqlite_master), (SELECT foreign_keys FROM pragma_foreign_keys)";
    let row = ask(sqlite, all).await.remove(0);
    // sqlx can begin, so it and SQLite know of no transaction.
    sqlite.connection.as_mut().unwrap().begin().await.unwrap().rollback().await.unwrap();
    row.into_iter().map(|cell| cell.unwrap_or_default()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_plain_course_is_one_text() {
    let course = course(KEY, &["CREATE TABLE a (x)\n", "INSERT INTO a VALUES (';')"]);
    assert_eq!(
        text(&course).unwrap(),
        "PRAGMA foreign_keys = OFF;BEGIN IMMEDIATE;INSERT INTO ledger SELECT 1, 0 WHERE 0 = (SELECT count(*) FROM \
         ledger);SELECT json(CASE changes() WHEN 1 THEN '1' ELSE '' END);CREATE TABLE a (x);INSERT INTO a VALUES (';');\
         SELECT json(CASE WHEN EXISTS (SELECT 1 FROM pragma_foreign_key_check) THEN '' ELSE '1' END);UPDATE ledger SET \
         ended = 1;INSERT INTO events VALUES (1);COMMIT;PRAGMA foreign_keys = ON;"
    );
}

#[test]
fn what_has_to_be_judged_or_seen_on_its_way_is_sent_by_itself() {
    let mut asks = course(KEY, &[]);
    asks.tasks.insert(3, Task::Query { check: Asked::Require, index: 0, text: "SELECT true" });
    let mut alone = course(KEY, &[]);
    alone.tasks.push(Task::Alone { index: 0, text: "VACUUM" });
    let mut twice = course(KEY, &[]);
    twice.tasks.extend([Task::Begin("BEGIN".into()), Task::Commit]);
    let long: &'static str = format!("INSERT INTO a VALUES ('{}')", "x".repeat(super::BYTES)).leak();
    for course in [asks, alone, twice, course(KEY, &["SELECT 1"]), course(KEY, &[long])] {
        assert_eq!(text(&course), None);
    }
}

#[test]
fn a_comment_at_the_end_would_swallow_the_semicolon() {
    for plain in ["CREATE TABLE a ( -- one\n x)", "DROP TABLE a /* -- */ ", "create index i on a (x) /* one */"] {
        assert_eq!(is_plain(plain), !plain.contains("-- */"), "{plain}");
    }
    for text in ["CREATE TABLE a (x) -- one", "DROP TABLE a /* one", "DROP TABLE a /**//*", "-- one\nDROP TABLE a"] {
        assert!(!is_plain(text), "{text}");
    }
    for text in ["COMMIT", "PRAGMA x = 1", "ATTACH 'a' AS b", "DROP TABLE a\0", ""] {
        assert!(!is_plain(text), "{text}");
    }
}

#[tokio::test]
async fn what_is_in_the_database_is_the_same_as_one_by_one() {
    let texts = [
        "CREATE TABLE a (id INTEGER PRIMARY KEY, -- the key\n note TEXT /* kept */)",
        "CREATE INDEX i ON a (note)\n WHERE id > 1 ",
        "CREATE INDEX j ON a (note) /* kept */",
        "CREATE VIEW v AS SELECT ';' AS x FROM a ",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET note = 'x'; DELETE FROM a WHERE id = 7; END",
        "INSERT INTO a VALUES (7, ''), (8, '')",
        "ALTER TABLE a ADD COLUMN more TEXT",
    ];
    let course = course(KEY, &texts);
    let (mut whole, mut single) = (tried().await, tried().await);
    assert!(text(&course).is_some());
    whole.run(&course, &|_| {}).await.unwrap();
    single.walk_through(&course, false, &|_| {}).await.unwrap();
    let found = state(&mut whole).await;
    assert!(found.starts_with("1|2|CREATE TABLE ledger") && found.ends_with("|1"), "{found}");
    assert_eq!(found, state(&mut single).await);
    assert_eq!(ask(&mut whole, "SELECT id FROM a").await, [[Some("8".to_owned())]]);
}

#[tokio::test]
async fn the_statement_that_is_refused_is_named_and_nothing_is_left() {
    let mut sqlite = tried().await;
    let before = state(&mut sqlite).await;
    let wrong =
        ["CREATE TABLE b (x UNIQUE ON CONFLICT ROLLBACK)", "INSERT INTO b VALUES (1)", "INSERT INTO b VALUES (1)"];
    let told = Mutex::new(Vec::new());
    let stop = sqlite.run(&course(KEY, &wrong), &|index| told.lock().unwrap().push(index)).await.unwrap_err();
    assert!(matches!(stop, Stop::Refused { task: 5, .. }), "{stop:?}");
    assert_eq!(told.into_inner().unwrap(), [0, 1]);
    assert_eq!(state(&mut sqlite).await, before);
    let stop = sqlite.run(&course(KEY, &["DELETE FROM nope"]), &|_| {}).await.unwrap_err();
    assert!(matches!(stop, Stop::Refused { task: 3, position: Some(12), .. }), "{stop:?}");
    assert_eq!(state(&mut sqlite).await, before);
}

#[tokio::test]
async fn a_ledger_that_has_changed_stops_it() {
    let mut sqlite = tried().await;
    ask(&mut sqlite, "INSERT INTO ledger VALUES (9, 0)").await;
    let before = state(&mut sqlite).await;
    let stop = sqlite.run(&course(KEY, &["CREATE TABLE b (x)"]), &|_| {}).await.unwrap_err();
    assert!(matches!(stop, Stop::Stale), "{stop:?}");
    assert_eq!(state(&mut sqlite).await, before);
}

#[tokio::test]
async fn a_row_without_its_parent_stops_it() {
    let mut sqlite = tried().await;
    let before = state(&mut sqlite).await;
    let texts = ["CREATE TABLE p (x PRIMARY KEY)", "CREATE TABLE c (x REFERENCES p)", "INSERT INTO c VALUES (1)"];
    let stop = sqlite.run(&course(KEY, &texts), &|_| {}).await.unwrap_err();
    let Stop::ForeignKeys(found) = stop else { panic!("{stop:?}") };
    assert_eq!(found, ["row 1 of `c` refers to a row of `p` that is not there"]);
    assert_eq!(state(&mut sqlite).await, before);
}

#[tokio::test]
async fn whoever_loses_interest_leaves_all_or_nothing() {
    let mut sqlite = tried().await;
    let course = course(KEY, &["CREATE TABLE b (x)"]);
    let mut run = sqlite.run(&course, &|_| {});
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    // SQLite works on a thread of its own, and may be faster than whoever asks.
    let _ = run.as_mut().poll(&mut context);
    drop(run);
    sqlite.abandon();
    let found = state(&mut sqlite).await;
    let (done, none) = (found.starts_with("1|2|"), found.starts_with("0|1|"));
    assert!((done || none) && done == found.contains("CREATE TABLE b") && found.ends_with("|1"), "{found}");
}
