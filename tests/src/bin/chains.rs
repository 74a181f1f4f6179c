//! A command line as an application's own binary has it, over the chain that the variable `CHAIN` names.
//!
//! Empty, it is the chain as it should be; each word says what has become of it: `postgres short`.

use std::process::ExitCode;
use whimbrel::__private::{Database, RustWork, Work};
use whimbrel::{BoxFuture, DatabaseKind, Registry, SqliteStep};
use whimbrel_tests::Chain;

fn main() -> ExitCode {
    let words = std::env::var("CHAIN").unwrap_or_default();
    let is = |word| words.split(' ').any(|other| other == word);
    let kind = match () {
        () if is("postgres") => DatabaseKind::Postgres,
        () if is("mysql") => DatabaseKind::Mysql,
        () => DatabaseKind::Sqlite,
    };
    let users =
        if is("changed") { "CREATE TABLE users (id INTEGER)" } else { "CREATE TABLE users (id INTEGER, name TEXT)" };
    let mut chain =
        Chain::new(kind).add("0001_create_users", &[users]).down(&["DROP TABLE users"]).schema(1, 0, 0).edit(|m| {
            (m.description, m.down_loses, m.creates) = ("The people who watch", &["drops table `users`"], &["users"])
        });
    if !is("gone") {
        chain = chain
            .add("0002_add_email", &["ALTER TABLE users ADD COLUMN email TEXT", "UPDATE users SET email = ''"])
            .down(&["ALTER TABLE users DROP COLUMN email"])
            .edit(|m| (m.description, m.down_loses) = ("Where to write to", &["drops column `users.email`"]))
            .edit(|m| m.effect = "0 1 1 0 25 adds column `users.email`1 5 users16 ACCESS EXCLUSIVE2 3 ");
    }
    if !is("short") {
        chain = chain
            .add(
                "0003_index_names",
                &[if is("mysql") {
                    "CREATE INDEX users_by_name ON users (name (100))"
                } else if is("edited") {
                    "CREATE INDEX users_by_name ON users (name DESC)"
                } else {
                    "CREATE INDEX users_by_name ON users (name)"
                }],
            )
            .down(&[if is("mysql") { "DROP INDEX users_by_name ON users" } else { "DROP INDEX users_by_name" }])
            .verify("SELECT count(*) = 0 FROM users WHERE name IS NULL")
            .schema(1, 1, 0)
            .edit(|m| (m.description, m.sealed) = ("The list is by name", !is("edited")))
            .edit(|m| m.effect = "0 1 0 0 37 adds index `users_by_name` of `users`1 5 users5 SHARE1 2 ");
    }
    if is("failing") {
        chain = chain
            .add("0004_fill_names", &["CREATE TABLE names (name TEXT)", "INSERT INTO names SELECT nam FROM users"]);
    }
    if is("panicking") {
        chain = chain.add("0004_guess_names", &[]).edit(|m| m.up = Work::Rust(RustWork::Sqlite(panicking)));
    }
    if is("irreversible") {
        chain = chain
            .add("0004_forget_names", &["UPDATE users SET name = ''"])
            .irreversible("the names are gone")
            .edit(|m| {
                m.effect =
                    "1 2 1 0 23 adds column `users.age`2 2 37 renames column `users.name` to `nick`1 5 users0 0 3 "
            });
    }
    if is("calling") {
        chain = chain.add("0004_call", &["UPDATE users SET name = ''", "CALL archive()"]).without_transaction();
    }
    if is("stocked") {
        let between = match () {
            () if is("mended") => "SELECT 1",
            () if is("doubtful") => "CALL archive()",
            () => "DROP TABLE never_there",
        };
        chain = chain
            .add("0004_stock", &["CREATE TABLE shelves (id INTEGER)", "CREATE TABLE boxes (id INTEGER)"])
            .down(&["DROP TABLE boxes", between, "DROP TABLE shelves"])
            .without_transaction();
    }
    if is("slow") {
        chain = chain
            .add("0004_slow", &["SELECT pg_sleep(1)", "INSERT INTO users VALUES (1, 'slow')"])
            .add("0005_after", &["INSERT INTO users VALUES (2, 'after')"]);
    }
    if is("two") {
        chain = chain.add("0005_create_cache", &["CREATE TABLE cache (id INTEGER)"]).edit(|m| m.database = "cache");
    }
    let registry = chain.registry();
    whimbrel::cli::main(if is("two") { with_a_cache(registry) } else { registry })
}

fn panicking<'a>(_: &'a mut SqliteStep) -> BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async { panic!("no names to guess from") })
}

/// Adds a second database to a registry of one.
fn with_a_cache(registry: &'static Registry) -> &'static Registry {
    let database = |name| Database { name, kind: DatabaseKind::Sqlite, digest: "", catalog: "" };
    let databases = Box::leak(Box::new([database("main"), database("cache")]));
    Box::leak(Box::new(Registry { digest: "", databases, ..*registry }))
}
