//! Findings: what the ledger and the code disagree about stops a run before anything is changed.

use crate::{Chain, Migrator, Server, Target, applied, apply, apply_to, contract, library, open};
use whimbrel::{Finding, OutOfOrder};

contract!(
    a_changed_migration,
    a_removed_migration,
    a_newer_migration,
    a_late_migration,
    a_late_migration_that_has_to_do_with_nothing_later,
    all_findings_at_once,
);

async fn a_changed_migration(server: &Server) {
    apply(server, library(server).registry()).await.unwrap();
    let edited = library(server)
        .edit(|m| m.checksum = "0000000000000000000000000000000000000000000000000000000000000000")
        .add("0004_x", &["CREATE TABLE x (id INTEGER)"]);
    let error = apply(server, edited.registry()).await.unwrap_err();
    assert!(error.is_checksum_mismatch(), "{error:?}");
    assert!(format!("{error}").contains("0003_loans"), "{error}");
    assert_eq!(applied(server).await.len(), 3);
}

async fn a_removed_migration(server: &Server) {
    apply(server, library(server).registry()).await.unwrap();
    let shorter = Chain::new(server.kind())
        .add(
            "0001_users",
            &[
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
                "INSERT INTO users VALUES (1, 'Ada; the first')",
            ],
        )
        .add("0003_loans", &["CREATE TABLE loans (id INTEGER PRIMARY KEY)"]);
    let error = apply(server, shorter.registry()).await.unwrap_err();
    assert!(error.is_missing() && !error.is_unknown(), "{error:?}");
}

async fn a_newer_migration(server: &Server) {
    apply(server, library(server).add("0004_x", &["CREATE TABLE x (id INTEGER)"]).registry()).await.unwrap();
    let error = apply(server, library(server).registry()).await.unwrap_err();
    assert!(error.is_unknown() && !error.is_missing(), "{error:?}");
    assert!(format!("{error}").contains("0004_x"), "{error}");
}

fn with_a_late_one(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)"])
        .add("0002_b", &["CREATE TABLE b (id INTEGER)"])
        .add("0003_c", &["CREATE TABLE c (id INTEGER)"])
}

async fn a_late_migration(server: &Server) {
    let without = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)"])
        .add("0003_c", &["CREATE TABLE c (id INTEGER)"]);
    apply(server, without.registry()).await.unwrap();
    let registry = with_a_late_one(server).registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_out_of_order(), "{error:?}");
    assert_eq!(server.tables().await, ["a", "c"]);
    let status = Migrator::new(registry).status(&mut open(server, registry).await).await.unwrap();
    assert!(
        matches!(status.findings.as_slice(), [Finding::OutOfOrder { id, later, shares: None }] if id == "0002_b" && later == "0003_c"),
        "{status:?}"
    );
    let allowing = Migrator::new(registry).out_of_order(OutOfOrder::Allow);
    allowing.apply(&mut open(server, registry).await, &Target::Latest).await.unwrap();
    assert_eq!(server.tables().await, ["a", "b", "c"]);
    assert!(apply(server, registry).await.unwrap().is_empty());
}

/// The middle one comes late, and names what the last one names.
async fn a_late_migration_that_has_to_do_with_nothing_later(server: &Server) {
    let chain = |late: bool, names: &'static [&'static str]| {
        let first = Chain::new(server.kind()).add("0001_a", &["CREATE TABLE a (id INTEGER)"]).names(&["a"]);
        let second = if late { first.add("0002_b", &["CREATE TABLE b (id INTEGER)"]).names(names) } else { first };
        second.add("0003_c", &["CREATE TABLE c (id INTEGER)"]).names(&["c", "users"]).registry()
    };
    apply(server, chain(false, &[])).await.unwrap();
    let (related, independent) = (chain(true, &["b", "users"]), chain(true, &["a", "b"]));
    let policy = |registry| Migrator::new(registry).out_of_order(OutOfOrder::Independent);
    let error = policy(related).apply(&mut open(server, related).await, &Target::Latest).await.unwrap_err();
    let said = "`0002_b` is pending although the later `0003_c` is applied; a later one names `users` too; give it a number after `0003_c`";
    assert_eq!(error.findings()[0].to_string(), said);
    assert!(apply(server, independent).await.unwrap_err().is_out_of_order());
    policy(independent).apply(&mut open(server, independent).await, &Target::Latest).await.unwrap();
    assert_eq!(server.tables().await, ["a", "b", "c"]);
}

async fn all_findings_at_once(server: &Server) {
    apply_to(server, library(server).registry(), Target::Latest).await.unwrap();
    let other = Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER)"])
        .add("0002_other", &["CREATE TABLE other (id INTEGER)"]);
    let error = apply(server, other.registry()).await.unwrap_err();
    assert!(error.is_checksum_mismatch() && error.is_unknown(), "{error:?}");
    assert!(error.findings().len() >= 3, "{error:?}");
}
