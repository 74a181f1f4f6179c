//! A ledger that somebody has changed by hand: found and said, and nothing is done.

use crate::{Store, THINGS, apply, migrator, open, portable, roll_back, three};
use whimbrel::{Access, Damage, Error, Kind, Target};

portable!(
    a_row_that_was_removed_is_noticed,
    a_row_that_was_changed_is_noticed,
    what_a_newer_program_applied_is_noticed,
    missing_events_stop_every_run,
    a_missing_history_is_never_made_anew,
);

async fn a_row_that_was_removed_is_noticed(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    for id in ["0002_books", "0003_loans"] {
        store.remove_row(id).await;
        let errors = [apply(store, registry).await, roll_back(store, registry, Target::Latest).await];
        for error in errors.map(Result::unwrap_err) {
            assert!(error.is_lost(), "{error:?}");
        }
    }
    assert_eq!(store.things().await, THINGS);
}

async fn a_row_that_was_changed_is_noticed(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    store.change_row("0002_books").await;
    let longer = three(store).add("0004_shelves", &[&store.make("shelves")]).registry();
    for registry in [registry, longer] {
        let error = apply(store, registry).await.unwrap_err();
        assert!(error.is_checksum_mismatch(), "{error:?}");
    }
    assert_eq!(store.things().await, THINGS);
}

async fn what_a_newer_program_applied_is_noticed(store: &impl Store) {
    apply(store, three(store).add("0004_shelves", &[&store.make("shelves")]).registry()).await.unwrap();
    let error = apply(store, three(store).registry()).await.unwrap_err();
    assert!(error.is_unknown(), "{error:?}");
}

#[track_caller]
fn damage(error: &Error) -> &Damage {
    match error.kind() {
        Kind::DamagedLedger { damage, .. } => damage,
        _ => panic!("{error:?}"),
    }
}

async fn missing_events_stop_every_run(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    store.remove("events").await;
    let longer = three(store).add("0004_shelves", &[&store.make("shelves")]).registry();
    let errors = [apply(store, longer).await, roll_back(store, registry, Target::Latest).await];
    for error in errors.map(Result::unwrap_err) {
        assert!(matches!(damage(&error), Damage::MissingEvents { .. }), "{error:?}");
    }
    let mut databases = open(store, registry, Access::ReadWrite).await;
    assert_eq!(migrator(store, registry).init(&mut databases).await.unwrap(), ["main"]);
    apply(store, longer).await.unwrap();
}

async fn a_missing_history_is_never_made_anew(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    store.remove("history").await;
    let errors = [apply(store, registry).await, roll_back(store, registry, Target::Latest).await];
    for error in errors.map(Result::unwrap_err) {
        assert!(matches!(damage(&error), Damage::MissingHistory { .. }), "{error:?}");
    }
    assert_eq!(store.things().await, THINGS);
}
