//! Failing: nothing half-done, nothing lost, and words that say where.

use crate::{
    Chain, Migrator, Server, Target, applied, apply, contract, events, left_of, library, open, roll_back, rolls_back,
};

contract!(
    a_failed_migration_leaves_nothing_and_the_earlier_ones_stay,
    a_failed_migration_is_recorded_and_can_be_mended,
    a_failed_statement_is_named_with_its_place,
    a_newer_ledger_is_left_alone,
    a_ledger_row_that_was_removed_is_noticed,
);

fn broken(server: &Server) -> Chain {
    library(server).add(
        "0004_broken",
        &[
            "CREATE TABLE half (id INTEGER)",
            "INSERT INTO users (id, name) VALUES (1, 'again')",
            "CREATE TABLE never (id INTEGER)",
        ],
    )
}

async fn a_failed_migration_leaves_nothing_and_the_earlier_ones_stay(server: &Server) {
    let error = apply(server, broken(server).registry()).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    assert_eq!(server.tables().await, left_of(server, "half", &["books", "loans", "users"]));
    assert_eq!(applied(server).await, ["0001_users", "0002_books", "0003_loans"]);
}

async fn a_failed_migration_is_recorded_and_can_be_mended(server: &Server) {
    apply(server, broken(server).registry()).await.unwrap_err();
    assert_eq!(events(server).await.last().unwrap(), "0004_broken failed");
    let message = server.column("SELECT message FROM whimbrel_events WHERE event = 'failed'").await;
    let told = message[0].to_lowercase();
    assert!(told.contains("unique") || told.contains("duplicate entry"), "{message:?}");
    let mended = library(server).add("0004_broken", &["CREATE TABLE half (id INTEGER)"]).registry();
    assert_eq!(crate::ids(&apply(server, mended).await.unwrap()), ["0004_broken"]);
}

async fn a_failed_statement_is_named_with_its_place(server: &Server) {
    let error = apply(server, broken(server).registry()).await.unwrap_err();
    let text = format!("{error:?}");
    for part in [
        "0004_broken",
        "src/migrations/chain.sql:2:",
        "INSERT INTO users (id, name) VALUES (1, 'again')",
        if rolls_back(server) { "rolled back" } else { "the statement before it stays done" },
    ] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    assert!(error.server().is_some());
}

async fn a_newer_ledger_is_left_alone(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    server.run("UPDATE whimbrel_history SET ordinal = 9 WHERE registry = 'whimbrel'").await;
    let longer = library(server).add("0004_shelves", &["CREATE TABLE shelves (id INTEGER)"]).registry();
    for registry in [registry, longer] {
        let error = apply(server, registry).await.unwrap_err();
        assert!(error.is_newer_ledger(), "{error:?}");
    }
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
}

async fn a_ledger_row_that_was_removed_is_noticed(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    server.run("DELETE FROM whimbrel_history WHERE id = '0002_books'").await;
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_out_of_order() && error.is_lost(), "{error:?}");
    // The last one would look as if it had never been.
    server.run("DELETE FROM whimbrel_history WHERE id = '0003_loans'").await;
    let migrator = Migrator::new(registry);
    let mut databases = open(server, registry).await;
    assert_eq!(migrator.status(&mut databases).await.unwrap().findings.len(), 2);
    let errors = [apply(server, registry).await, roll_back(server, registry, Target::Latest).await];
    for error in errors.map(Result::unwrap_err) {
        let told = error.findings().iter().map(ToString::to_string).collect::<Vec<_>>();
        let lost = |id: &str| {
            format!(
                "`{id}` was applied to `main`, as the ledger's events say, and its row is gone from the history; put it \
                 back, or, if what it did is undone too, delete what the events say of it"
            )
        };
        assert_eq!(told, [lost("0002_books"), lost("0003_loans")]);
    }
    server.run("DROP TABLE loans; DELETE FROM whimbrel_events WHERE id = '0003_loans'").await;
    assert_eq!(apply(server, registry).await.unwrap_err().findings().len(), 1);
    assert_eq!(server.tables().await, ["books", "users"], "nothing was done");
}
