//! An application that starts while another process migrates: it waits, and it can tell slow from dead.

use std::time::Duration;
use whimbrel::{Access, Migrator, Readiness, Registry};
use whimbrel_tests::{Chain, Server};

fn slow(server: &Server, seconds: &'static str) -> &'static Registry {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)"])
        .add("0002_slow", &[seconds, "INSERT INTO users VALUES ('a')"])
        .registry()
}

async fn started(
    server: &Server,
    registry: &'static Registry,
) -> tokio::task::JoinHandle<whimbrel::Result<whimbrel::Report>> {
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let run = tokio::spawn(async move { whimbrel::apply(registry, &mut databases).await });
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> \
                  pg_backend_pid() AND datname = current_database()";
    while server.column(sleeps).await != ["1"] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    run
}

#[tokio::test]
async fn a_run_that_is_slow_is_seen_and_waited_for() {
    for version in ["12", "15", "18"] {
        let server = Server::postgres(version).await;
        let registry = slow(&server, "SELECT pg_sleep(2)");
        let run = started(&server, registry).await;
        let migrator = Migrator::new(registry);
        let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
        let now = migrator.check(&mut databases).await.unwrap();
        let Readiness::InProgress { pending, database, holder, .. } = &now else { panic!("{now}") };
        assert_eq!((pending.join(" ").as_str(), database.as_str()), ("0002_slow", "main"));
        assert_eq!(holder.state.as_deref(), Some("active"));
        assert_eq!(holder.query.as_deref(), Some("up 0002_slow"));
        let error = migrator.wait(&mut databases, Duration::from_millis(100)).await.unwrap_err();
        assert!(error.is_not_ready() && error.to_string().contains("`main` is being migrated by process"), "{error}");
        assert_eq!(migrator.wait(&mut databases, Duration::from_secs(60)).await.unwrap(), Readiness::Ready);
        run.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_run_that_is_dead_is_told_from_one_that_is_slow() {
    let server = Server::postgres("15").await;
    let registry = slow(&server, "SELECT pg_sleep(600)");
    let run = started(&server, registry).await;
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()").await;
    assert!(run.await.unwrap().is_err());
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let error = Migrator::new(registry).wait(&mut databases, Duration::from_millis(300)).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("not ready: `0002_slow` still to be applied, and nobody is at it; waited 0."), "{text}");
}
