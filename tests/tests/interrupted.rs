//! What a run finds that comes after one which died on a statement that no transaction holds together.

use whimbrel::{Access, Migrator, Registry, Target};
use whimbrel_tests::{Chain, Server};

const VERSIONS: [&str; 3] = ["12", "15", "18"];

fn chain(server: &Server) -> &'static Registry {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (name text)", "INSERT INTO users VALUES ('a'), ('a')"])
        .add(
            "0002_names",
            &[
                "INSERT INTO users VALUES ('b')",
                "CREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name)",
                "INSERT INTO users VALUES ('c')",
            ],
        )
        .without_transaction()
        .registry()
}

async fn apply(server: &Server, registry: &'static Registry) -> whimbrel::Result<whimbrel::Report> {
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Latest).await
}

/// Leaves a ledger as a run leaves it that died while it built the index, and an index that is invalid.
async fn died(server: &Server) -> &'static Registry {
    let registry = chain(server);
    assert!(apply(server, registry).await.unwrap_err().is_statement_failed());
    server.run("DELETE FROM whimbrel_events WHERE event = 'failed'").await;
    server.run("DELETE FROM users WHERE ctid = (SELECT min(ctid) FROM users)").await;
    assert_eq!(indexes(server).await, ["users_name invalid"]);
    registry
}

async fn indexes(server: &Server) -> Vec<String> {
    let query = "SELECT indexrelid::regclass || CASE WHEN indisvalid THEN ' valid' ELSE ' invalid' END FROM pg_index \
                 WHERE indrelid = 'users'::regclass";
    server.column(query).await
}

async fn ends_well(server: &Server, registry: &'static Registry) {
    apply(server, registry).await.unwrap();
    assert_eq!(indexes(server).await, ["users_name valid"]);
    assert_eq!(server.column("SELECT name FROM users ORDER BY 1").await, ["a", "b", "c"], "each row came once");
}

#[tokio::test]
async fn an_index_that_was_left_invalid_is_built_anew() {
    for version in VERSIONS {
        let server = Server::postgres(version).await;
        let registry = died(&server).await;
        ends_well(&server, registry).await;
    }
}

#[tokio::test]
async fn an_index_that_is_not_there_is_built() {
    for version in VERSIONS {
        let server = Server::postgres(version).await;
        let registry = died(&server).await;
        server.run("DROP INDEX users_name").await;
        ends_well(&server, registry).await;
    }
}

#[tokio::test]
async fn an_index_that_the_server_finished_is_recognised() {
    for version in VERSIONS {
        let server = Server::postgres(version).await;
        let registry = died(&server).await;
        server.run("DROP INDEX users_name; CREATE UNIQUE INDEX users_name ON users (name)").await;
        ends_well(&server, registry).await;
        let found = "SELECT message FROM whimbrel_events WHERE event = 'statement' AND statement = 2";
        assert_eq!(server.column(found).await, ["found to have taken effect after the run that was at it had died"]);
    }
}

#[tokio::test]
async fn an_index_that_was_dropped_meanwhile_is_no_error() {
    for version in VERSIONS {
        let server = Server::postgres(version).await;
        let chain = |drop: &'static str| {
            Chain::new(server.kind())
                .add("0001_users", &["CREATE TABLE users (name text)", "CREATE INDEX users_name ON users (name)"])
                .add("0002_drop", &["SELECT 1", drop])
                .without_transaction()
                .registry()
        };
        apply(&server, chain("DROP INDEX CONCURRENTLY nothing")).await.unwrap_err();
        let begun = "DELETE FROM whimbrel_events WHERE event = 'failed'; UPDATE whimbrel_events SET detail = \
                     'DROP INDEX CONCURRENTLY users_name' WHERE event = 'started'; DROP INDEX users_name";
        server.run(begun).await;
        apply(&server, chain("DROP INDEX CONCURRENTLY users_name")).await.unwrap();
    }
}

#[tokio::test]
async fn a_procedure_that_died_is_asked_about() {
    let server = Server::postgres("15").await;
    let chain = Chain::new(server.kind()).add("0001_call", &["CALL missing()"]).without_transaction().registry();
    apply(&server, chain).await.unwrap_err();
    server.run("DELETE FROM whimbrel_events WHERE event = 'failed'").await;
    let error = apply(&server, chain).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
}
