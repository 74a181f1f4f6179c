//! Applying: in order, once, recorded, by whoever comes first.

use crate::{Chain, Migrator, Server, Target, applied, apply, contract, events, ids, library, open};
use whimbrel::Access;

contract!(
    applies_in_order_and_records_each,
    does_nothing_the_second_time,
    applies_what_was_added_since,
    eight_at_once_are_one_run_and_eight_successes,
    looking_writes_nothing,
    can_be_spawned,
    keeps_what_the_ledger_promises,
);

async fn applies_in_order_and_records_each(server: &Server) {
    let registry = library(server).registry();
    let report = apply(server, registry).await.unwrap();
    assert_eq!(ids(&report), ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
    assert_eq!(applied(server).await, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(events(server).await, ["0001_users applied", "0002_books applied", "0003_loans applied"]);
    assert_eq!(server.column("SELECT name FROM users").await, ["Ada; the first"]);
}

async fn does_nothing_the_second_time(server: &Server) {
    let registry = library(server).registry();
    apply(server, registry).await.unwrap();
    assert!(apply(server, registry).await.unwrap().is_empty());
    assert_eq!(events(server).await.len(), 3);
}

async fn applies_what_was_added_since(server: &Server) {
    apply(server, library(server).registry()).await.unwrap();
    let longer = library(server).add("0004_shelves", &["CREATE TABLE shelves (id INTEGER)"]).registry();
    assert_eq!(ids(&apply(server, longer).await.unwrap()), ["0004_shelves"]);
}

async fn eight_at_once_are_one_run_and_eight_successes(server: &Server) {
    let registry = library(server).registry();
    let mut runs = Vec::new();
    for _ in 0..8 {
        let mut databases = open(server, registry).await;
        runs.push(tokio::spawn(async move { whimbrel::apply(registry, &mut databases).await }));
    }
    let mut done = Vec::new();
    for run in runs {
        done.extend(ids(&run.await.unwrap().unwrap()));
    }
    done.sort_unstable();
    assert_eq!(done, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(events(server).await.len(), 3);
}

async fn looking_writes_nothing(server: &Server) {
    let registry = library(server).registry();
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    assert_eq!(migrator.status(&mut databases).await.unwrap().pending().count(), 3);
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    assert_eq!(plan.steps().len(), 3);
    assert!(!migrator.statements(&mut databases, &plan).await.unwrap().is_empty());
    drop(databases);
    if server.kind() == whimbrel::DatabaseKind::Sqlite {
        assert!(!std::path::Path::new(server.url().trim_start_matches("sqlite:")).exists(), "the file was created");
    } else {
        assert_eq!(server.tables().await, Vec::<String>::new());
        assert!(!crate::adopting::has_ledger(server).await);
    }
}

async fn can_be_spawned(server: &Server) {
    let registry = library(server).registry();
    let mut databases = open(server, registry).await;
    let report = tokio::spawn(async move { Migrator::new(registry).apply(&mut databases, &Target::Latest).await });
    assert_eq!(report.await.unwrap().unwrap().done.len(), 3);
}

async fn keeps_what_the_ledger_promises(server: &Server) {
    let chain = Chain::new(server.kind())
        .add("0007_it's", &["SELECT 1"])
        .edit(|m| m.description = "It's \\ \"quoted\"; -- \u{e9}")
        .down(&["SELECT 'a;b'", "SELECT 2"]);
    let registry = chain.registry();
    apply(server, registry).await.unwrap();
    let columns = "id || '|' || whimbrel_history.database || '|' || ordinal || '|' || name || '|' || kind || '|' || checksum_algorithm || '|' || app_version || '|' || whimbrel_version";
    let row = server.column(&format!("SELECT {columns} FROM whimbrel_history WHERE registry = 'chain'")).await;
    assert_eq!(
        row,
        [format!("0007_it's|main|7|It's \\ \"quoted\"; -- \u{e9}|sql|1|1.0.0|{}", env!("CARGO_PKG_VERSION"))]
    );
    let rollback = match server.kind() {
        whimbrel::DatabaseKind::Sqlite => {
            "SELECT value FROM whimbrel_history, json_each(rollback) WHERE registry = 'chain'"
        }
        whimbrel::DatabaseKind::Mysql => {
            "SELECT s FROM whimbrel_history, JSON_TABLE(rollback, '$[*]' COLUMNS (s longtext PATH '$')) t WHERE registry = 'chain'"
        }
        _ => "SELECT unnest(rollback) FROM whimbrel_history WHERE registry = 'chain'",
    };
    assert_eq!(server.column(rollback).await, ["SELECT 'a;b'", "SELECT 2"]);
    let format = server.column("SELECT ordinal FROM whimbrel_history WHERE registry = 'whimbrel'").await;
    assert_eq!(format, ["1"]);
}
