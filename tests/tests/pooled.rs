//! Through PgBouncer in transaction mode, as it is by default and as it is told to pass over what it does not know.

use whimbrel::__private::{BoxFuture, RustWork};
use whimbrel::{Access, Databases, Migrator, PostgresStep, Registry, Target, Urls, sqlx};
use whimbrel_tests::{Chain, Pooler, Server};

/// One that refuses what it does not know, and one that passes over it.
const SETTINGS: [&str; 2] = ["", "ignore_startup_parameters = options,extra_float_digits"];

async fn open(pooler: &Pooler, registry: &Registry) -> Databases {
    let urls = Urls::new().with("main", pooler.url());
    Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap()
}

fn insert<'a>(step: &'a mut PostgresStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async move {
        for name in ["a", "b"] {
            sqlx::query("INSERT INTO users VALUES ($1)").bind(name).execute(&mut *step).await?;
        }
        Ok(())
    })
}

fn chain(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)"])
        .down(&["DROP TABLE users"])
        .add_code("0002_names", RustWork::Postgres(insert))
        .add("0003_more", &["SET search_path = public", "INSERT INTO users VALUES ('c')"])
        .verify("SELECT count(*) = 3 FROM users")
        .down(&["DELETE FROM users WHERE name = 'c'"])
}

/// Tells what nobody gave back, and what was done.
async fn all_is_well(server: &Server) {
    assert_eq!(server.column("SELECT name FROM users ORDER BY 1").await, ["a", "b", "c"]);
    assert_eq!(server.column("SELECT id FROM whimbrel_history WHERE registry = 'chain'").await.len(), 3);
    let locks = "SELECT locktype FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND \
                 datname = current_database()";
    assert_eq!(server.column(locks).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_is_applied_once_whoever_comes() {
    for settings in SETTINGS {
        let server = Server::postgres("15").await;
        let pooler = Pooler::start(&server, settings).await;
        let registry = chain(&server).registry();
        let mut runs = Vec::new();
        for _ in 0..8 {
            let mut databases = open(&pooler, registry).await;
            runs.push(tokio::spawn(async move { whimbrel::apply(registry, &mut databases).await }));
        }
        let mut done = 0;
        for run in runs {
            done += run.await.unwrap().unwrap_or_else(|error| panic!("{settings}: {error:?}")).done.len();
        }
        assert_eq!(done, 3, "{settings}");
        all_is_well(&server).await;
        let mut databases = open(&pooler, registry).await;
        assert!(whimbrel::apply(registry, &mut databases).await.unwrap().is_empty());
        assert!(Migrator::new(registry).check(&mut databases).await.unwrap().is_ready());
        assert_eq!(Migrator::new(registry).rollback(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
        assert_eq!(Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
        all_is_well(&server).await;
    }
}

#[tokio::test]
async fn what_code_has_prepared_is_in_nobodys_way() {
    for settings in SETTINGS {
        let server = Server::postgres("15").await;
        let pooler = Pooler::start(&server, settings).await;
        let (first, more) = (chain(&server), |chain: Chain, id| chain.add_code(id, RustWork::Postgres(insert)));
        let registry = first.registry();
        assert_eq!(whimbrel::apply(registry, &mut open(&pooler, registry).await).await.unwrap().done.len(), 3);
        // Another client, which begins to count anew, on the connection that the first one had to the server.
        let registry = more(more(chain(&server), "0004_names"), "0005_names").registry();
        assert_eq!(whimbrel::apply(registry, &mut open(&pooler, registry).await).await.unwrap().done.len(), 2);
        assert_eq!(server.column("SELECT count(*) FROM users").await, ["7"], "{settings}");
    }
}

#[tokio::test]
async fn what_needs_a_connection_of_its_own_is_refused_before_anything_is_done() {
    for settings in SETTINGS {
        let server = Server::postgres("15").await;
        let pooler = Pooler::start(&server, settings).await;
        let index = "CREATE INDEX CONCURRENTLY users_name ON users (name)";
        let registry = chain(&server).add("0004_index", &[index]).without_transaction().registry();
        let error = whimbrel::apply(registry, &mut open(&pooler, registry).await).await.unwrap_err();
        assert!(error.is_configuration(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("`0004_index` has no transaction, and a pooler stands between"), "{text}");
        assert_eq!(server.tables().await, [""; 0], "{settings}");
        // With the server's own URL the same goes through.
        let mut direct = server.open(registry, Access::ReadWrite).await.unwrap();
        assert_eq!(whimbrel::apply(registry, &mut direct).await.unwrap().done.len(), 4);
        assert!(whimbrel::apply(registry, &mut open(&pooler, registry).await).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_failure_leaves_nothing_and_is_written_down() {
    let server = Server::postgres("15").await;
    let pooler = Pooler::start(&server, SETTINGS[0]).await;
    let registry = chain(&server).add("0004_wrong", &["INSERT INTO users VALUES ('d')", "nonsense"]).registry();
    let error = whimbrel::apply(registry, &mut open(&pooler, registry).await).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    all_is_well(&server).await;
    assert_eq!(server.column("SELECT id FROM whimbrel_events WHERE event = 'failed'").await, ["0004_wrong"]);
}
