//! A table that somebody holds: a run tries again and again, lets those through that queue behind it, and gives up within
//! its limits.

use std::time::{Duration, Instant};
use whimbrel::sqlx::{self, Connection, PgConnection};
use whimbrel::{Access, Databases, Event, Migrator, Registry, Target, Urls};
use whimbrel_tests::{Chain, Server};

fn chain(server: &Server) -> &'static Registry {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)"])
        .add("0002_mail", &["ALTER TABLE users ADD COLUMN mail text"])
        .registry()
}

fn migrator(registry: &'static Registry) -> Migrator {
    Migrator::new(registry).lock_timeout(Some(Duration::from_millis(200))).lock_wait(Duration::from_millis(1500))
}

/// Applies the first migration, and reads its table in a transaction that stays open.
async fn held(server: &Server, registry: &'static Registry) -> PgConnection {
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
    let mut reader = PgConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql("SET application_name = 'report'; BEGIN; SELECT * FROM users").execute(&mut reader).await.unwrap();
    reader
}

#[tokio::test]
async fn a_run_gives_up_and_names_who_is_in_the_way() {
    for version in ["12", "15", "18"] {
        let server = Server::postgres(version).await;
        let registry = chain(&server);
        let mut reader = held(&server, registry).await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        let error = migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
        assert!(error.is_locked(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("`0002_mail` could not get a lock on `main` at statement 1 ("), "{text}");
        assert!(text.contains(&format!("\nin the way is process {pid} (report) of user postgres")), "{text}");
        assert!(text.contains(", idle in transaction: "), "{text}");
        let failed = server.column("SELECT message FROM whimbrel_events WHERE event = 'failed'").await;
        assert_eq!(failed, ["canceling statement due to lock timeout"]);
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
        assert_eq!(migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
    }
}

#[tokio::test]
async fn a_run_goes_on_when_the_way_is_free() {
    let server = Server::postgres("15").await;
    let registry = chain(&server);
    let mut reader = held(&server, registry).await;
    let (tell, told) = std::sync::mpsc::channel();
    let migrator = migrator(registry).lock_wait(Duration::from_secs(20)).on_event(Box::new(move |event| {
        if let Event::Waiting { holder, .. } = event {
            let _ = tell.send(holder.unwrap().application);
        }
    }));
    let run = tokio::spawn({
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        async move { migrator.apply(&mut databases, &Target::Latest).await }
    });
    while told.try_recv().is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    assert_eq!(run.await.unwrap().unwrap().done.len(), 1);
}

#[tokio::test]
async fn a_limit_that_a_failed_statement_had_is_taken_back() {
    let server = Server::postgres("15").await;
    let registry = Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)"])
        .add("0002_tidy", &["VACUUM users"])
        .without_transaction()
        .edit(|migration| migration.lock_timeout = Some(Duration::from_millis(100)))
        .registry();
    let mut reader = held(&server, registry).await;
    sqlx::raw_sql("LOCK TABLE users IN ACCESS EXCLUSIVE MODE").execute(&mut reader).await.unwrap();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let error = migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_locked(), "{error:?}");
    let connection = databases.postgres("main").unwrap();
    let limit: String = sqlx::query_scalar("SHOW lock_timeout").fetch_one(connection).await.unwrap();
    assert_eq!(limit, "0");
}

#[tokio::test]
async fn nobody_queues_behind_it_for_longer_than_an_attempt() {
    let server = Server::postgres("15").await;
    let registry = chain(&server);
    let _reader = held(&server, registry).await;
    let run = tokio::spawn({
        let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
        async move { migrator(registry).lock_wait(Duration::from_secs(4)).apply(&mut databases, &Target::Latest).await }
    });
    let mut other = PgConnection::connect(server.url()).await.unwrap();
    let (mut longest, mut queued) = (Duration::ZERO, 0);
    while !run.is_finished() {
        let begun = Instant::now();
        sqlx::raw_sql("SELECT * FROM users").execute(&mut other).await.unwrap();
        longest = longest.max(begun.elapsed());
        queued += usize::from(begun.elapsed() > Duration::from_millis(50));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(run.await.unwrap().unwrap_err().is_locked());
    assert!(queued > 0, "nobody met the run");
    // An attempt is 200 ms; the rest is a busy machine's.
    assert!(longest < Duration::from_secs(2), "{longest:?}");
}

#[tokio::test]
async fn a_limit_of_ones_own_is_kept() {
    for version in ["12", "15", "18"] {
        for (options, expected) in [("", "200ms"), ("?options[lock_timeout]=5000", "5s")] {
            let server = Server::postgres(version).await;
            let look = "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock_timeout";
            let registry = Chain::new(server.kind())
                .add("0001_set", &["SET lock_timeout = '77s'", "CREATE TABLE a (id integer)"])
                .add("0002_look", &[look])
                .registry();
            let urls = Urls::new().with("main", format!("{}{options}", server.url()));
            let mut databases = Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap();
            migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap();
            assert_eq!(server.column("SELECT lock_timeout FROM seen").await, [expected], "{version} {options}");
        }
    }
}
