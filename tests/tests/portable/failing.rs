//! Failing: what is left is what was said, and the next run goes on from there.

use crate::{Chain, Store, applied, apply, events, ids, migrator, open, portable, three};
use whimbrel::Access;

portable!(
    a_failed_migration_leaves_what_it_says,
    a_failed_migration_goes_on_when_it_is_mended,
    a_condition_that_does_not_hold_keeps_everything_from_happening,
    a_check_that_does_not_hold_is_asked_again,
    what_is_applied_can_be_verified_again,
);

fn broken(store: &impl Store) -> Chain {
    three(store).add("0004_broken", &[&store.make("half"), &store.refused(), &store.make("never")])
}

async fn a_failed_migration_leaves_what_it_says(store: &impl Store) {
    let registry = broken(store).registry();
    let error = apply(store, registry).await.unwrap_err();
    assert!(error.is_statement_failed() && error.server().is_some(), "{error:?}");
    let left = store.things().await.contains(&"half".to_owned());
    assert_eq!(left, !store.rolls_back());
    let text = format!("{error:?}");
    let told = if left { "the statement before it stays done" } else { "rolled back" };
    for part in ["0004_broken", "src/migrations/chain.sql:2:", store.refused().as_str(), told] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(events(store, registry).await.last().map(String::as_str), Some("0004_broken failed"));
}

async fn a_failed_migration_goes_on_when_it_is_mended(store: &impl Store) {
    apply(store, broken(store).registry()).await.unwrap_err();
    let mended = three(store).add("0004_broken", &[&store.make("half"), &store.make("well"), &store.make("never")]);
    let registry = mended.registry();
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0004_broken"]);
    let made = store.things().await;
    for name in ["half", "well", "never"] {
        assert_eq!(made.iter().filter(|made| *made == name).count(), 1, "{name} in {made:?}");
    }
}

async fn a_condition_that_does_not_hold_keeps_everything_from_happening(store: &impl Store) {
    let registry = three(store).require(&store.has("shelves")).registry();
    let error = apply(store, registry).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
    assert!(!store.things().await.contains(&"loans".to_owned()));
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books"]);
    let registry = three(store).require(&store.has("books")).registry();
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0003_loans"]);
}

async fn a_check_that_does_not_hold_is_asked_again(store: &impl Store) {
    let registry = three(store).verify(&store.has("shelves")).registry();
    let error = apply(store, registry).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
    assert_eq!(store.things().await.contains(&"loans".to_owned()), !store.rolls_back());
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books"]);
    let registry = three(store).verify(&store.has("loans")).registry();
    assert_eq!(ids(&apply(store, registry).await.unwrap()), ["0003_loans"]);
    assert_eq!(store.things().await.iter().filter(|name| *name == "loans").count(), 1);
}

async fn what_is_applied_can_be_verified_again(store: &impl Store) {
    let registry = three(store).verify(&store.has("loans")).registry();
    apply(store, registry).await.unwrap();
    let mut databases = open(store, registry, Access::ReadWrite).await;
    assert_eq!(migrator(store, registry).verify(&mut databases).await.unwrap(), ["0003_loans"]);
    let other = three(store).edit(|m| m.checksum = registry.migrations()[2].checksum()).verify(&store.has("shelves"));
    let other = other.registry();
    let error = migrator(store, other).verify(&mut databases).await.unwrap_err();
    assert!(error.to_string().contains("1"), "{error}");
}
