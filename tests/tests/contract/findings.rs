//! Findings: what the ledger and the code disagree about stops a run before anything is changed.

use crate::{Chain, Migrator, Server, Target, applied, apply, apply_to, contract, library, open};
use whimbrel::Finding;

contract!(a_changed_migration, a_removed_migration, a_newer_migration, a_late_migration, all_findings_at_once);

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
        matches!(status.findings.as_slice(), [Finding::OutOfOrder { id, later }] if id == "0002_b" && later == "0003_c"),
        "{status:?}"
    );
    let allowing = Migrator::new(registry).allow_out_of_order(true);
    allowing.apply(&mut open(server, registry).await, &Target::Latest).await.unwrap();
    assert_eq!(server.tables().await, ["a", "b", "c"]);
    assert!(apply(server, registry).await.unwrap().is_empty());
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
