#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::{BYTES, bundle, is_short, is_worthwhile};
use crate::backend::sqlite::{Sqlite, send};
use crate::backend::{Backend, Course, Rows, Stop, Task};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

fn authors(texts: impl IntoIterator<Item = String>) -> Vec<Task> {
    (0..).zip(texts).map(|(index, text): (_, String)| Task::Author { index, text: text.leak() }).collect()
}

fn script(texts: impl IntoIterator<Item = String>) -> Course {
    let mut tasks = authors(texts);
    let statements = tasks.len();
    tasks.insert(0, Task::Begin("BEGIN IMMEDIATE".into()));
    tasks.push(Task::Commit);
    Course { tasks, statements, ..Course::default() }
}

fn rows(from: usize, to: usize) -> Vec<String> {
    let note = "x".repeat(BYTES / 64);
    (from..to).map(|row| format!("INSERT INTO a VALUES ({row}, '{note};')")).collect()
}

async fn empty() -> Sqlite {
    Sqlite::new(Some(SqliteConnection::connect("sqlite::memory:").await.unwrap()), true)
}

async fn ask(sqlite: &mut Sqlite, sql: &str) -> Rows {
    send(sqlite.connection.as_mut().unwrap(), sql.into()).await.unwrap().1
}

async fn number(sqlite: &mut Sqlite, sql: &str) -> i64 {
    ask(sqlite, sql).await[0][0].as_deref().unwrap().parse().unwrap()
}

#[test]
fn neighbours_go_together_as_they_are() {
    let texts = ["INSERT INTO a VALUES (1)", "delete from a ", "CREATE TABLE b (x)", "UPDATE a SET x = 1"];
    let course = Course { tasks: authors(texts.map(Into::into)), ..Course::default() };
    let bundle = bundle(&course, 0).unwrap();
    let text = "RELEASE whimbrel_together;SAVEPOINT whimbrel_together;INSERT INTO a VALUES (1);delete from a ;";
    assert_eq!((bundle.text.as_str(), bundle.indexes), (text, 0..2));
}

#[test]
fn one_is_no_bundle_and_a_long_text_is_divided() {
    let long = || format!("INSERT INTO a VALUES ('{}')", "x".repeat(BYTES / 3));
    let tasks = authors([long(), long(), long(), "CREATE TABLE b (x)".into(), long()]);
    let course = Course { tasks, ..Course::default() };
    let bundles = [0, 1, 2, 3, 4, 5].map(|first| bundle(&course, first).map(|bundle| bundle.indexes));
    assert_eq!(bundles, [Some(0..2), Some(1..3), None, None, None, None]);
}

#[test]
fn what_could_swallow_a_semicolon_or_is_kept_as_text_goes_alone() {
    for text in ["INSERT INTO a VALUES (1)", "replace into a values (1)", "UPDATE\na SET x = 1", "DELETE FROM a"] {
        assert!(is_short(text), "{text}");
    }
    let comments = ["INSERT INTO a VALUES (1) -- one", "INSERT INTO a VALUES (1) /* one", "/**/DELETE FROM a"];
    for text in comments.into_iter().chain(["DELETE FROM a\0", "CREATE INDEX i ON a (x)", "PRAGMA x", "INSERTED", ""]) {
        assert!(!is_short(text), "{text}");
    }
}

#[test]
fn only_one_long_transaction_is_worthwhile() {
    assert!(is_worthwhile(&script(rows(0, 100))));
    assert!(!is_worthwhile(&script(rows(0, 99))));
    assert!(!is_worthwhile(&script((0..100).map(|n| format!("CREATE TABLE t{n} (x)")))));
    let mut twice = script(rows(0, 100));
    twice.tasks.push(Task::Begin("BEGIN".into()));
    assert!(!is_worthwhile(&twice));
    let mut own = script(rows(0, 100));
    own.tasks.insert(0, Task::Author { index: 0, text: "COMMIT" });
    assert!(!is_worthwhile(&own));
}

#[tokio::test]
async fn what_is_in_the_database_is_the_same_as_one_by_one() {
    let mut texts = vec![
        "CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT)".to_owned(),
        "CREATE TABLE b (a REFERENCES a (id), n)".into(),
        "INSERT INTO a VALUES (1000, 'first')".into(),
        "CREATE INDEX i ON a (note) ".into(),
        "CREATE INDEX j ON a (id) -- a note".into(),
    ];
    for (n, row) in rows(0, 150).into_iter().enumerate() {
        texts.push(row);
        // Each of these three depends on the statement right before it.
        texts.push("INSERT INTO b VALUES (last_insert_rowid(), changes())".into());
        if n % 40 == 0 {
            texts.push(format!("CREATE VIEW v{n} AS SELECT {n} AS n /* kept */"));
            texts.push(format!("CREATE INDEX i{n}\nON a (note)\n WHERE id > {n}\n"));
            texts.push("UPDATE b SET n = n + changes() WHERE rowid = last_insert_rowid()".into());
        }
    }
    let course = script(texts);
    let mut found = Vec::new();
    for many in [false, true] {
        let mut sqlite = empty().await;
        sqlite.walk_through(&course, many, &|_| {}).await.unwrap();
        let all = ["SELECT type, name, sql FROM sqlite_master ORDER BY rowid", "SELECT * FROM a", "SELECT * FROM b"];
        let mut state = Vec::new();
        for sql in all {
            state.push(ask(&mut sqlite, sql).await);
        }
        found.push(state);
    }
    assert_eq!(found[0][0].len(), 12);
    assert_eq!(found[0], found[1]);
}

#[tokio::test]
async fn the_statement_that_is_refused_is_named_and_nothing_is_left() {
    for wrong in ["INSERT INTO a VALUES (7, nope)", "INSERT OR ROLLBACK INTO a VALUES (7, '')", "DELETE FROM nope"] {
        let mut sqlite = empty().await;
        ask(&mut sqlite, "CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT)").await;
        let mut texts = rows(0, 250);
        texts[200] = wrong.into();
        let told = Mutex::new(Vec::new());
        let stop = sqlite.run(&script(texts), &|index| told.lock().unwrap().push(index)).await.unwrap_err();
        let Stop::Refused { task: 201, position, .. } = stop else { panic!("{wrong}: {stop:?}") };
        assert_eq!(position, wrong.find("nope"), "{wrong}");
        assert_eq!(told.into_inner().unwrap(), (0..200).collect::<Vec<_>>(), "{wrong}");
        assert_eq!(number(&mut sqlite, "SELECT count(*) FROM a").await, 0);
        // Neither SQLite nor sqlx has a transaction open.
        sqlite.run(&script(rows(0, 120)), &|_| {}).await.unwrap();
        let transaction = sqlite.connection.as_mut().unwrap().begin_with("BEGIN IMMEDIATE").await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(number(&mut sqlite, "SELECT count(*) FROM a").await, 120);
    }
}

#[tokio::test]
async fn whoever_loses_interest_leaves_nothing_open() {
    let mut sqlite = empty().await;
    ask(&mut sqlite, "CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT)").await;
    let (course, some) = (script(rows(0, 1000)), AtomicBool::new(false));
    {
        let done = |_| some.store(true, Ordering::Relaxed);
        let mut run = sqlite.run(&course, &done);
        std::future::poll_fn(|context| match run.as_mut().poll(context) {
            Poll::Ready(end) => panic!("it was not dropped on the way: {end:?}"),
            Poll::Pending if some.load(Ordering::Relaxed) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        })
        .await;
    }
    sqlite.abandon();
    assert_eq!(number(&mut sqlite, "SELECT count(*) FROM a").await, 0);
    sqlite.run(&course, &|_| {}).await.unwrap();
    assert_eq!(number(&mut sqlite, "SELECT count(*) FROM a").await, 1000);
}

#[tokio::test]
async fn a_transaction_of_somebody_else_is_left_alone() {
    let mut sqlite = empty().await;
    ask(&mut sqlite, "CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT); BEGIN; INSERT INTO a VALUES (1, '')").await;
    let stop = sqlite.run(&script(rows(0, 200)), &|_| {}).await.unwrap_err();
    assert!(matches!(stop, Stop::Refused { task: 0, .. }), "{stop:?}");
    ask(&mut sqlite, "COMMIT").await;
    assert_eq!(number(&mut sqlite, "SELECT count(*) FROM a").await, 1);
}
