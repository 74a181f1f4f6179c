//! A rehearsal finds what a chain does wrong, and nothing in one that does right.

use crate::{Chain, Server, library, sqlite_and_postgres};
use whimbrel::Registry;
use whimbrel::testing::rehearse;

sqlite_and_postgres!(
    a_sound_chain_passes,
    a_rollback_that_forgets_something,
    a_rollback_that_takes_too_much,
    if_not_exists_that_fails_the_second_time,
    a_migration_that_fails,
    another_schema_than_the_compiler_followed,
    nothing_is_left_on_the_server
);

/// Rehearses on a thread, for the rehearsal has a runtime of its own; gives what it panics with.
fn refusal(server: &Server, registry: &'static Registry) -> Option<String> {
    let url = server.url().to_owned();
    let ended = std::thread::spawn(move || rehearse(registry, &url)).join();
    ended.err().map(|panic| panic.downcast_ref::<String>().cloned().unwrap_or_default())
}

async fn a_sound_chain_passes(server: &Server) {
    let chain = library(server).add("0004_note", &["CREATE TABLE IF NOT EXISTS users (id INTEGER)"]);
    assert_eq!(refusal(server, chain.registry()), None);
}

async fn a_rollback_that_forgets_something(server: &Server) {
    let chain = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)", "CREATE TABLE b (id INTEGER)"])
        .down(&["DROP TABLE a"]);
    let text = refusal(server, chain.registry()).unwrap();
    // Applied again it fails, which is the end of the rehearsal.
    let schema = if server.kind() == whimbrel::DatabaseKind::Sqlite { "main" } else { "public" };
    assert!(text.contains("rolling back `0001_a` does not bring back what was there before"), "{text}");
    assert!(text.contains(&format!("+ col {schema}.b.id integer")), "{text}");
    assert!(text.contains("`0001_a` could not be applied again after its rollback: "), "{text}");
}

async fn a_rollback_that_takes_too_much(server: &Server) {
    let chain = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)", "CREATE INDEX a_id ON a (id)"])
        .add("0002_b", &["CREATE TABLE b (id INTEGER)"])
        .down(&["DROP TABLE b", "DROP INDEX a_id"]);
    let text = refusal(server, chain.registry()).unwrap();
    assert!(text.contains("rolling back `0002_b` does not bring back"), "{text}");
    assert!(text.contains("`0002_b` leaves something else when it is applied again"), "{text}");
    assert_eq!(text.matches("- idx ").count(), 2, "{text}");
}

async fn if_not_exists_that_fails_the_second_time(server: &Server) {
    let renamed =
        ["CREATE TABLE a (id INTEGER)", "CREATE INDEX IF NOT EXISTS a_id ON a (id)", "ALTER TABLE a RENAME TO b"];
    assert_eq!(refusal(server, Chain::new(server.kind()).add("0001_a", &renamed).registry()), None);
    if server.kind() == whimbrel::DatabaseKind::Postgres {
        let guarded = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'x') THEN CREATE TABLE a (); END IF; END $$";
        let text = refusal(server, Chain::new(server.kind()).add("0001_a", &[guarded]).registry()).unwrap();
        assert!(text.contains("a statement of `0001_a` says IF NOT EXISTS and fails the second time"), "{text}");
        assert!(text.contains("\"a\" already exists"), "{text}");
    }
}

async fn a_migration_that_fails(server: &Server) {
    let chain = library(server).add("0004_wrong", &["DROP TABLE never_there"]);
    let text = refusal(server, chain.registry()).unwrap();
    assert!(text.contains("`0004_wrong` could not be applied: ") && text.contains("never_there"), "{text}");
}

async fn another_schema_than_the_compiler_followed(server: &Server) {
    let schema = if server.kind() == whimbrel::DatabaseKind::Sqlite { "main" } else { "public" };
    let chain = |catalog: String| {
        Chain::new(server.kind()).add("0001_a", &["CREATE TABLE a (id INTEGER, b TEXT NOT NULL)"]).followed(catalog)
    };
    let right = format!("col {schema}.a.id integer\ncol {schema}.a.b text notnull\n");
    assert_eq!(refusal(server, chain(right.clone()).registry()), None);
    let text = refusal(server, chain(right.replace("text", "bytea")).registry()).unwrap();
    assert!(text.contains("the schema of `main` is not the one that the compiler followed"), "{text}");
    assert!(text.contains(&format!("only the compiler has: col {schema}.a.b bytea notnull")), "{text}");
    assert!(text.contains(&format!("only the server has: col {schema}.a.b text notnull")), "{text}");
}

async fn nothing_is_left_on_the_server(server: &Server) {
    let Registry { app_version, digest, databases, migrations, .. } = *library(server).registry();
    let named = Box::leak(Box::new(Registry { name: "rehearsed", app_version, digest, databases, migrations }));
    assert_eq!(refusal(server, named), None);
    if server.kind() == whimbrel::DatabaseKind::Postgres {
        let left =
            server.column("SELECT datname FROM pg_database WHERE datname LIKE 'whimbrel_template_rehearsed%'").await;
        assert_eq!(left, Vec::<String>::new());
    }
}

#[tokio::test]
async fn mysql_is_not_rehearsed_on() {
    let server = Server::mysql("MARIADB").await;
    let text = refusal(&server, library(&server).registry()).unwrap();
    assert!(
        text.contains(
            "`main` is not connected: `#[whimbrel::test]` and rehearsals are for SQLite and PostgreSQL so far"
        ),
        "{text}"
    );
}
