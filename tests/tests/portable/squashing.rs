//! Squashes: one migration in the place of several, whether a database has those or not.

use crate::{Chain, Store, THINGS, applied, apply, events, ids, migrator, open, plan, portable, roll_back, three};
use whimbrel::{Access, Registry, Target};

portable!(
    a_new_database_runs_the_squash_alone,
    a_database_that_has_the_parts_only_records_it,
    a_squash_is_rolled_back_whole_and_comes_again,
);

/// The three as two: the first makes what two of them made.
fn squashed(store: &impl Store, before: &'static Registry) -> &'static Registry {
    Chain::new(store.kind())
        .add("0002_start", &[&store.make("users"), &store.make("ada; the \"first\" 'one'"), &store.make("books")])
        .down(&[&store.unmake("books"), &store.unmake("ada; the \"first\" 'one'"), &store.unmake("users")])
        .replaces(before, 2)
        .add("0003_loans", &[&store.make("loans")])
        .down(&[&store.unmake("loans")])
        .schema(1, 1, 0)
        .registry()
}

async fn kinds(store: &impl Store, registry: &'static Registry) -> Vec<String> {
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let history = migrator(store, registry).history(&mut databases).await.unwrap();
    history.records().iter().map(|record| format!("{} {}", record.id, record.kind)).collect()
}

async fn a_new_database_runs_the_squash_alone(store: &impl Store) {
    let before = three(store).registry();
    let registry = squashed(store, before);
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0002_start", "0003_loans"]);
    assert_eq!(store.things().await, THINGS);
    let wanted = ["0001_users covered", "0002_books covered", "0002_start squash", "0003_loans sql"];
    assert_eq!(kinds(store, registry).await, wanted);
    assert_eq!(events(store, registry).await, ["0002_start applied", "0003_loans applied"]);
    assert!(apply(store, registry).await.unwrap().is_empty());
    // The version before finds what it needs.
    assert!(apply(store, before).await.unwrap().is_empty());
}

async fn a_database_that_has_the_parts_only_records_it(store: &impl Store) {
    let before = three(store).registry();
    apply(store, before).await.unwrap();
    let registry = squashed(store, before);
    let planned = plan(store, registry, &mut open(store, registry, Access::ReadOnly).await).await;
    assert!(matches!(planned.steps(), [step] if step.work().is_none()), "{planned:?}");
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0002_start"]);
    assert_eq!(store.things().await, THINGS);
    // The parts' rows are as they were.
    let wanted = ["0001_users sql", "0002_books sql", "0002_start squash", "0003_loans sql"];
    assert_eq!(kinds(store, registry).await, wanted);
    assert!(apply(store, registry).await.unwrap().is_empty());
}

async fn a_squash_is_rolled_back_whole_and_comes_again(store: &impl Store) {
    let before = three(store).registry();
    apply(store, before).await.unwrap();
    let registry = squashed(store, before);
    apply(store, registry).await.unwrap();
    roll_back(store, registry, Target::Count(2)).await.unwrap();
    assert!(store.things().await.is_empty() && applied(store, registry).await.is_empty());
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0002_start", "0003_loans"]);
    assert_eq!(store.things().await, THINGS);
    assert_eq!(kinds(store, registry).await.len(), 4);
}
