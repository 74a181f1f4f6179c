//! The way back.

use crate::{Store, applied, apply, events, ids, migrator, open, portable, roll_back, three};
use whimbrel::{Access, Target};

portable!(goes_back_in_reverse, an_older_program_rolls_back_what_a_newer_one_applied, the_last_one_can_be_done_again,);

async fn goes_back_in_reverse(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    let report = roll_back(store, registry, Target::Id("0002_books".into())).await.unwrap();
    let mut done = ids(&report);
    done.extend(ids(&roll_back(store, registry, Target::Latest).await.unwrap()));
    let left = applied(store, registry).await;
    assert_eq!(done.len() + left.len(), 3, "{done:?} {left:?}");
    assert!(done.starts_with(&["0003_loans"]), "{done:?}");
    let back = events(store, registry).await.iter().filter(|event| event.ends_with("rolled_back")).count();
    assert_eq!(back, done.len());
    let everything = ids(&apply(store, registry).await.unwrap());
    assert_eq!(everything.len(), done.len());
    assert_eq!(store.things().await, crate::THINGS);
}

async fn an_older_program_rolls_back_what_a_newer_one_applied(store: &impl Store) {
    let newer = three(store).add("0004_shelves", &[&store.make("shelves")]).down(&[&store.unmake("shelves")]);
    apply(store, newer.registry()).await.unwrap();
    let old = three(store).registry();
    let mut databases = open(store, old, Access::ReadWrite).await;
    let stored = migrator(store, old).with_stored(&mut databases).await.unwrap();
    let report = stored.rollback(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(ids(&report), ["0004_shelves"]);
    assert_eq!(store.things().await, crate::THINGS);
}

async fn the_last_one_can_be_done_again(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let (down, up) = migrator(store, registry).redo(&mut databases).await.unwrap();
    assert_eq!((ids(&down), ids(&up)), (vec!["0003_loans"], vec!["0003_loans"]));
    assert_eq!(store.things().await, crate::THINGS);
}
