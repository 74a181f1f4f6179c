//! Rolling back, and doing it again.

use crate::{
    Chain, Migrator, Server, Target, applied, apply, contract, events, ids, library, open, roll_back, rolls_back,
};

contract!(
    the_last_one,
    what_cannot_be_rolled_back,
    a_failed_rollback_leaves_all_as_it_was,
    redo,
    a_redo_that_could_not_go_up_again_does_not_go_down
);

async fn the_last_one(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    assert_eq!(ids(&roll_back(server, registry, Target::Latest).await.unwrap()), ["0003_loans"]);
    assert_eq!(server.tables().await, ["books", "users"]);
    assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
    assert_eq!(events(server).await.last().unwrap(), "0003_loans rolled_back");
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0003_loans"]);
}

async fn what_cannot_be_rolled_back(server: &Server) {
    let registry = library(server)
        .add("0004_forget", &["DELETE FROM users"])
        .irreversible("the names are gone")
        .add("0005_no_way", &["SELECT 1"])
        .registry();
    apply(server, registry).await.unwrap();
    let error = roll_back(server, registry, Target::Id("0002_books".into())).await.unwrap_err();
    assert!(error.is_irreversible(), "{error:?}");
    let text = format!("{error}");
    assert!(text.contains("the names are gone") && text.contains("0005_no_way"), "{text}");
    assert_eq!(applied(server).await.len(), 5);
}

async fn a_failed_rollback_leaves_all_as_it_was(server: &Server) {
    let registry = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)"])
        .down(&["DROP TABLE a", "DROP TABLE never_there"])
        .registry();
    apply(server, registry).await.unwrap();
    let error = roll_back(server, registry, Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    let tables: &[&str] = if rolls_back(server) { &["a"] } else { &[] };
    assert_eq!(
        (server.tables().await, applied(server).await),
        (tables.iter().map(ToString::to_string).collect(), vec!["0001_a".to_owned()])
    );
    assert_eq!(events(server).await, ["0001_a applied", "0001_a failed"]);
}

async fn redo(server: &Server) {
    apply(server, library(server).registry()).await.unwrap();
    // While a chain is being written the last one is edited: redo takes the new text.
    let edited = library(server)
        .edit(|m| m.checksum = "00000000000000000000000000000000000000000000000000000000000000aa")
        .registry();
    let (down, up) = Migrator::new(edited).redo(&mut open(server, edited).await).await.unwrap();
    assert_eq!((ids(&down), ids(&up)), (vec!["0003_loans"], vec!["0003_loans"]));
    assert!(apply(server, edited).await.unwrap().is_empty());
}

async fn a_redo_that_could_not_go_up_again_does_not_go_down(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    server.run("UPDATE whimbrel_history SET checksum = 'other' WHERE id = '0001_users'").await;
    let error = Migrator::new(registry).redo(&mut open(server, registry).await).await.unwrap_err();
    assert!(error.is_checksum_mismatch(), "{error:?}");
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
}
