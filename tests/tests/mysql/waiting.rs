//! A table that somebody holds is tried again until it is free, and a run that is slow is told from one that is dead.

use std::time::{Duration, Instant};
use whimbrel::sqlx::{self, Connection, MySqlConnection};
use whimbrel::{Access, Event, Migrator, Readiness, Registry, Report, Result, Target};
use whimbrel_tests::{Chain, Server};

fn chain(server: &Server) -> &'static Registry {
    Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (name TEXT)"])
        .add("0002_mail", &["ALTER TABLE birds ADD COLUMN mail TEXT"])
        .registry()
}

/// The server counts whole seconds.
fn migrator(registry: &'static Registry) -> Migrator {
    Migrator::new(registry).lock_timeout(Some(Duration::from_secs(1)))
}

/// Applies the first migration, and reads its table in a transaction that stays open.
async fn held(server: &Server, registry: &'static Registry) -> MySqlConnection {
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
    let mut reader = MySqlConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql("START TRANSACTION; SELECT * FROM birds").execute(&mut reader).await.unwrap();
    reader
}

pub(crate) async fn a_run_goes_on_when_the_way_is_free(server: &Server) {
    let registry = chain(server);
    let mut reader = held(server, registry).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let migrator = migrator(registry).lock_wait(Duration::from_secs(60)).on_event(Box::new(move |event| {
        if let Event::Waiting { .. } = event {
            let _ = tell.send(());
        }
    }));
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let run = tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await });
    told.recv().await.unwrap();
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    assert_eq!(run.await.unwrap().unwrap().done.len(), 1);
}

pub(crate) async fn nobody_queues_behind_it_for_longer_than_an_attempt(server: &Server) {
    let registry = chain(server);
    let _reader = held(server, registry).await;
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let migrator = migrator(registry).lock_wait(Duration::from_secs(5));
    let run = tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await });
    let mut other = MySqlConnection::connect(server.url()).await.unwrap();
    let (mut longest, mut queued) = (Duration::ZERO, 0);
    while !run.is_finished() {
        let begun = Instant::now();
        sqlx::raw_sql("SELECT * FROM birds").execute(&mut other).await.unwrap();
        longest = longest.max(begun.elapsed());
        queued += usize::from(begun.elapsed() > Duration::from_millis(200));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(run.await.unwrap().unwrap_err().is_locked());
    assert!(queued > 0, "nobody met the run");
    // An attempt is a second; the rest is a busy machine's.
    assert!(longest < Duration::from_millis(3500), "{longest:?}");
}

/// Starts a run that sleeps, and waits until it does.
async fn sleeping(
    server: &Server,
    sleep: &'static str,
) -> (&'static Registry, tokio::task::JoinHandle<Result<Report>>, String) {
    let registry = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (name TEXT)"])
        .add("0002_slow", &[sleep, "INSERT INTO birds VALUES ('crane')"])
        .registry();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let run = tokio::spawn(async move { whimbrel::apply(registry, &mut databases).await });
    let sleeps = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%SLEEP(%' AND id <> CONNECTION_ID()";
    loop {
        if let Some(id) = server.column(sleeps).await.pop() {
            return (registry, run, id);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) async fn a_run_that_is_slow_is_seen_and_waited_for(server: &Server) {
    let (registry, run, id) = sleeping(server, "SELECT SLEEP(2)").await;
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let now = migrator.check(&mut databases).await.unwrap();
    let Readiness::InProgress { pending, database, holder, .. } = &now else { panic!("{now}") };
    assert_eq!((pending.join(" ").as_str(), database.as_str()), ("0002_slow", "main"));
    assert_eq!((holder.pid.to_string(), holder.query.as_deref()), (id, Some("SELECT SLEEP(2)")));
    let error = migrator.wait(&mut databases, Duration::from_millis(100)).await.unwrap_err();
    assert!(error.is_not_ready() && error.to_string().contains("`main` is being migrated by process"), "{error}");
    assert_eq!(migrator.wait(&mut databases, Duration::from_secs(60)).await.unwrap(), Readiness::Ready);
    run.await.unwrap().unwrap();
}

pub(crate) async fn a_run_that_is_dead_is_told_from_one_that_is_slow(server: &Server) {
    let (registry, run, id) = sleeping(server, "SELECT SLEEP(600)").await;
    server.run(&format!("KILL {id}")).await;
    assert!(run.await.unwrap().is_err());
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let error = Migrator::new(registry).wait(&mut databases, Duration::from_millis(300)).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("not ready: `0002_slow` still to be applied, and nobody is at it; waited 0."), "{text}");
}
