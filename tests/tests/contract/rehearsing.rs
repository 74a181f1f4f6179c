//! A rehearsal finds what a chain does wrong, and nothing in one that does right.

use crate::{Chain, Server, contract, library};
use whimbrel::testing::rehearse;
use whimbrel::{DatabaseKind, Registry};

contract!(
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

/// What the schema of a new database is called in a rehearsal, and a number in it.
fn words(server: &Server) -> [&'static str; 2] {
    match server.kind() {
        DatabaseKind::Postgres => ["public", "integer"],
        DatabaseKind::Mysql => ["main", "int"],
        _ => ["main", "integer"],
    }
}

/// Tells MariaDB, which knows `IF NOT EXISTS` in more places, from MySQL.
async fn is_mariadb(server: &Server) -> bool {
    server.kind() == DatabaseKind::Mysql && server.column("SELECT VERSION()").await[0].contains("MariaDB")
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
    let [schema, number] = words(server);
    assert!(text.contains("rolling back `0001_a` does not bring back what was there before"), "{text}");
    assert!(text.contains(&format!("+ col {schema}.b.id {number}")), "{text}");
    assert!(text.contains("`0001_a` could not be applied again after its rollback: "), "{text}");
}

async fn a_rollback_that_takes_too_much(server: &Server) {
    let chain = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)", "CREATE INDEX a_id ON a (id)"])
        .add("0002_b", &["CREATE TABLE b (id INTEGER)"])
        .down(&[
            "DROP TABLE b",
            if server.kind() == DatabaseKind::Mysql { "DROP INDEX a_id ON a" } else { "DROP INDEX a_id" },
        ]);
    let text = refusal(server, chain.registry()).unwrap();
    assert!(text.contains("rolling back `0002_b` does not bring back"), "{text}");
    assert!(text.contains("`0002_b` leaves something else when it is applied again"), "{text}");
    assert_eq!(text.matches("- idx ").count(), 2, "{text}");
}

async fn if_not_exists_that_fails_the_second_time(server: &Server) {
    // MySQL knows it of tables alone.
    let is_mysql = server.kind() == DatabaseKind::Mysql && !is_mariadb(server).await;
    let index = if is_mysql {
        "CREATE TABLE IF NOT EXISTS c AS SELECT * FROM a"
    } else {
        "CREATE INDEX IF NOT EXISTS a_id ON a (id)"
    };
    let renamed = ["CREATE TABLE a (id INTEGER)", index, "ALTER TABLE a RENAME TO b"];
    assert_eq!(refusal(server, Chain::new(server.kind()).add("0001_a", &renamed).registry()), None);
    let (guarded, answer, count): (&[&str], _, _) = match server.kind() {
        DatabaseKind::Postgres => (
            &[
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'x') THEN CREATE TABLE a (); END IF; END $$",
            ],
            "\"a\" already exists",
            1,
        ),
        DatabaseKind::Mysql if is_mariadb(server).await => (
            &[
                "CREATE TABLE IF NOT EXISTS a (id INTEGER)",
                "ALTER TABLE a ADD COLUMN IF NOT EXISTS b INTEGER, ADD COLUMN c INTEGER",
                "ALTER TABLE a ADD COLUMN IF NOT EXISTS d INTEGER, ADD COLUMN e INTEGER",
            ],
            "Duplicate column name 'c'",
            2,
        ),
        _ => return,
    };
    let text = refusal(server, Chain::new(server.kind()).add("0001_a", guarded).registry()).unwrap();
    let said = "a statement of `0001_a` says IF NOT EXISTS and fails the second time";
    assert_eq!(text.matches(said).count(), count, "{text}");
    assert!(text.contains(answer) && !text.contains("could not be applied"), "{text}");
}

async fn a_migration_that_fails(server: &Server) {
    let chain = library(server).add("0004_wrong", &["DROP TABLE never_there"]);
    let text = refusal(server, chain.registry()).unwrap();
    assert!(text.contains("`0004_wrong` could not be applied: ") && text.contains("never_there"), "{text}");
}

async fn another_schema_than_the_compiler_followed(server: &Server) {
    let [schema, number] = words(server);
    let chain = |catalog: String| {
        Chain::new(server.kind()).add("0001_a", &["CREATE TABLE a (id INTEGER, b TEXT NOT NULL)"]).followed(catalog)
    };
    let right = format!("col {schema}.a.id {number}\ncol {schema}.a.b text notnull\n");
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
    let left = match server.kind() {
        DatabaseKind::Postgres => "SELECT datname FROM pg_database WHERE datname LIKE 'whimbrel_template_rehearsed%'",
        DatabaseKind::Mysql => {
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'whimbrel\\_template\\_rehearsed%'"
        }
        _ => return,
    };
    assert_eq!(server.column(left).await, Vec::<String>::new());
}

#[test]
fn what_is_no_sql_database_is_not_rehearsed_on() {
    let chain = Chain::new(DatabaseKind::Redis).add("0001_key", &["SET key value"]).registry();
    let ended = std::thread::spawn(move || rehearse(chain, "redis://127.0.0.1:1")).join().unwrap_err();
    let text = ended.downcast_ref::<String>().unwrap();
    assert!(
        text.contains(
            "`main` is not connected: `#[whimbrel::test]` and rehearsals are for SQLite, PostgreSQL, MySQL and MariaDB"
        ),
        "{text}"
    );
}
