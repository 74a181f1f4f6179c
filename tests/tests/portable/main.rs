//! One suite for the databases that don't speak SQL: what a user may rely on, whichever is behind it.
//!
//! Each test runs on a place of its own on Redis, Valkey, Neo4j and the stand-in for MongoDB; on MongoDB itself where there is a
//! server, which is not to be had everywhere: `tests/run` says so.

mod applying;
mod dying;
mod examining;
mod failing;
mod half_rolled_back;
mod rolling_back;
mod squashing;
mod store;
mod stores;
mod tampered;

use std::task::Poll;
use store::Store;
use whimbrel::{Access, Databases, Direction, Migrator, Registry, Report, Result, Target};
use whimbrel_tests::Chain;

/// Makes a test of each function for each server.
macro_rules! portable {
    ($($test:ident),* $(,)?) => {
        mod redis {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(&crate::stores::Redis::on("REDIS")).await; })*
        }
        mod valkey {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(&crate::stores::Redis::on("VALKEY")).await; })*
        }
        mod neo4j {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(&crate::stores::Neo4j::new().await).await; })*
        }
        mod ferretdb {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { super::$test(&crate::stores::Mongodb::on("FERRETDB").await).await; })*
        }
        mod mongodb {
            $(
                #[tokio::test(flavor = "multi_thread")]
                #[ignore = "needs a MongoDB, which only Docker has: tests/run runs it there"]
                async fn $test() { super::$test(&crate::stores::Mongodb::on("MONGODB").await).await; }
            )*
        }
    };
}
use portable;

/// Opens a place for a registry.
async fn open(store: &impl Store, registry: &Registry, access: Access) -> Databases {
    store.open(registry, access).await.unwrap()
}

fn migrator(store: &impl Store, registry: &'static Registry) -> Migrator {
    // Seven others may be waiting on a busy machine.
    Migrator::new(registry).ledger(store.ledger()).lock_wait(std::time::Duration::from_secs(600))
}

/// Applies everything, as an application does at start-up.
async fn apply(store: &impl Store, registry: &'static Registry) -> Result<Report> {
    apply_to(store, registry, Target::Latest).await
}

async fn apply_to(store: &impl Store, registry: &'static Registry, target: Target) -> Result<Report> {
    let mut databases = open(store, registry, Access::ReadWrite).await;
    migrator(store, registry).apply(&mut databases, &target).await
}

async fn roll_back(store: &impl Store, registry: &'static Registry, target: Target) -> Result<Report> {
    let mut databases = open(store, registry, Access::ReadWrite).await;
    migrator(store, registry).rollback(&mut databases, &target).await
}

/// Lists what was done.
fn ids(report: &Report) -> Vec<&'static str> {
    report.done.iter().map(|outcome| outcome.id).collect()
}

/// Lists what the ledger says is applied.
async fn applied(store: &impl Store, registry: &'static Registry) -> Vec<String> {
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let history = migrator(store, registry).history(&mut databases).await.unwrap();
    history.records().iter().map(|record| record.id.clone()).collect()
}

/// Lists what has happened, as the ledger tells it, without the notes of single statements.
async fn events(store: &impl Store, registry: &'static Registry) -> Vec<String> {
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let journal = migrator(store, registry).journal(&mut databases).await.unwrap();
    let told = journal.iter().filter(|entry| !["started", "statement"].contains(&entry.event.as_str()));
    told.map(|entry| format!("{} {}", entry.id, entry.event)).collect()
}

/// A chain of three, each of which makes a thing; the first makes two.
fn three(store: &impl Store) -> Chain {
    Chain::new(store.kind())
        .add("0001_users", &[&store.make("users"), &store.make("ada; the \"first\" 'one'")])
        .down(&[&store.unmake("ada; the \"first\" 'one'"), &store.unmake("users")])
        .schema(1, 0, 0)
        .add("0002_books", &[&store.make("books")])
        .down(&[&store.unmake("books")])
        .add("0003_loans", &[&store.make("loans")])
        .down(&[&store.unmake("loans")])
        .schema(1, 1, 0)
}

/// Names the things that the three make, as they are listed.
const THINGS: [&str; 4] = ["ada; the \"first\" 'one'", "books", "loans", "users"];

/// Plans everything.
async fn plan(store: &impl Store, registry: &'static Registry, databases: &mut Databases) -> whimbrel::Plan {
    migrator(store, registry).plan(databases, &Target::Latest, Direction::Up).await.unwrap()
}

/// Drops a run after it has been polled so often; false where it was through by then.
async fn is_dropped(run: impl Future<Output = Result<Report>>, polls: usize) -> bool {
    let mut run = Box::pin(run);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(true);
        }
        left -= 1;
        run.as_mut().poll(context).map(|end| {
            end.unwrap();
            false
        })
    })
    .await
}
