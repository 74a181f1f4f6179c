//! A rollback without a transaction that stops on its way, wherever that is: nothing is applied before it has ended.

use crate::{
    Chain, Store, THINGS, applied, apply, events, ids, is_dropped, migrator, open, portable, roll_back, three,
};
use whimbrel::__private::{Retry, Statement, Work};
use whimbrel::{Access, Mark, Readiness, Registry, State, Target};

portable!(
    nothing_is_applied_behind_one_that_failed,
    one_that_is_dropped_at_any_point_is_seen_by_whoever_applies,
    one_that_stopped_is_settled_either_way,
    one_that_undid_nothing_keeps_nobody_back,
);

/// A chain whose last migration makes three things, and this way back.
fn chain(store: &impl Store, down: &[&str]) -> Chain {
    three(store)
        .add("0004_many", &[&store.make("m1"), &store.make("m2"), &store.make("m3")])
        .down(down)
        .without_transaction()
}

fn broken(store: &impl Store) -> &'static Registry {
    chain(store, &[&store.unmake("m3"), &store.refused(), &store.unmake("m1")]).registry()
}

fn mended(store: &impl Store) -> Chain {
    chain(store, &[&store.unmake("m3"), &store.unmake("m2"), &store.unmake("m1")])
}

/// The same, each of whose statements goes by itself and is done again after a death.
fn alone(store: &impl Store) -> Chain {
    chain(store, &["m3", "m2", "m1"].map(|name| store.clear(name)).each_ref().map(String::as_str)).edit(|migration| {
        if let Some(Work::Script(script)) = &mut migration.down {
            let again = |statement: &Statement| Statement { retry: Retry::Again, ..*statement };
            script.statements = Vec::leak(script.statements.iter().map(again).collect());
        }
    })
}

/// Names the things that are there with these.
fn things(more: &[&str]) -> Vec<String> {
    let mut all: Vec<_> = THINGS.iter().chain(more).map(ToString::to_string).collect();
    all.sort_unstable();
    all
}

/// Applies the chain and rolls back until that fails.
async fn stopped(store: &impl Store) -> &'static Registry {
    let registry = broken(store);
    apply(store, registry).await.unwrap();
    let error = roll_back(store, registry, Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    assert_eq!(store.things().await, things(&["m1", "m2"]));
    registry
}

async fn readiness(store: &impl Store, registry: &'static Registry) -> Readiness {
    let mut databases = open(store, registry, Access::ReadOnly).await;
    migrator(store, registry).check(&mut databases).await.unwrap()
}

async fn nothing_is_applied_behind_one_that_failed(store: &impl Store) {
    let registry = stopped(store).await;
    let before = events(store, registry).await;
    let longer = mended(store).add("0005_more", &[&store.make("more")]).registry();
    for registry in [registry, longer] {
        let error = apply(store, registry).await.unwrap_err();
        assert!(error.is_half_rolled_back(), "{error:?}");
        assert!(error.to_string().contains("failed at statement 2 of 3: "), "{error}");
        let told = readiness(store, registry).await;
        assert!(!told.is_ready() && !told.may_become_ready(), "{told}");
    }
    let mut databases = open(store, registry, Access::ReadOnly).await;
    let status = migrator(store, registry).status(&mut databases).await.unwrap();
    assert!(!status.is_current());
    assert!(matches!(status.rows.last().map(|row| &row.state), Some(State::HalfRolledBack(..))), "{status:?}");
    assert_eq!((store.things().await, events(store, registry).await), (things(&["m1", "m2"]), before));
    // One that goes further back goes on from there.
    let mended = mended(store).registry();
    assert_eq!(ids(&roll_back(store, mended, Target::Count(2)).await.unwrap()), ["0004_many", "0003_loans"]);
    assert_eq!(ids(&apply(store, mended).await.unwrap()), ["0003_loans", "0004_many"]);
    assert_eq!(store.things().await, things(&["m1", "m2", "m3"]));
    assert_eq!(readiness(store, mended).await, Readiness::Ready);
}

/// Drops a rollback after it has been polled so often; false where it was through by then.
async fn dropped(store: &impl Store, registry: &'static Registry, polls: usize) -> bool {
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let migrator = migrator(store, registry);
    is_dropped(migrator.rollback(&mut databases, &Target::Latest), polls).await
}

async fn one_that_is_dropped_at_any_point_is_seen_by_whoever_applies(store: &impl Store) {
    let mut halves = 0;
    // Where all of it takes a few polls, which of them meets a server halfway is a matter of luck.
    for _ in 0..20 {
        for chain in [mended(store), alone(store)] {
            halves += dropped_at_each_point(store, chain.registry()).await;
        }
        if halves > 0 {
            break;
        }
    }
    assert!(halves > 0, "no run was dropped on its way");
}

/// Gives how often a rollback was seen that had not ended.
async fn dropped_at_each_point(store: &impl Store, registry: &'static Registry) -> usize {
    let (whole, mut halves) = (things(&["m1", "m2", "m3"]), 0);
    for polls in (1..).step_by(store.stride()) {
        apply(store, registry).await.unwrap();
        let is_dropped = dropped(store, registry, polls).await;
        // Whoever says that all is applied is right, and whoever refuses says why.
        if let Err(error) = apply(store, registry).await {
            assert!(error.is_half_rolled_back(), "after {polls} polls: {error:?}");
            assert!(!readiness(store, registry).await.is_ready(), "after {polls} polls");
            roll_back(store, registry, Target::Latest).await.unwrap_or_else(|error| panic!("after {polls}: {error:?}"));
            assert_eq!(store.things().await, things(&[]), "after {polls} polls");
            apply(store, registry).await.unwrap();
            halves += 1;
        }
        assert_eq!(store.things().await, whole, "after {polls} polls");
        assert_eq!(applied(store, registry).await.len(), 4);
        assert_eq!(readiness(store, registry).await, Readiness::Ready);
        if !is_dropped {
            return halves;
        }
    }
    halves
}

async fn one_that_stopped_is_settled_either_way(store: &impl Store) {
    let registry = stopped(store).await;
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let migrator = migrator(store, registry);
    migrator.repair(&mut databases, "0004_many", Mark::Applied, "").await.unwrap_err();
    migrator.repair(&mut databases, "0004_many", Mark::Applied, "made again by hand").await.unwrap();
    assert_eq!(readiness(store, registry).await, Readiness::Ready);
    assert!(apply(store, registry).await.unwrap().is_empty());
    // The next one begins at the beginning.
    let other = chain(store, &[&store.unmake("m2"), &store.refused()]).registry();
    let error = roll_back(store, other, Target::Latest).await.unwrap_err();
    assert!(error.to_string().contains("at statement 2 of 2"), "{error}");
    assert_eq!(store.things().await, things(&["m1"]));
    let settled =
        migrator.repair(&mut databases, "0004_many", Mark::RolledBack, "the rest is undone too").await.unwrap();
    assert!(settled.half_rollback.is_some_and(|half| half.reached.statement == Some(2)));
    assert_eq!(applied(store, registry).await, ["0001_users", "0002_books", "0003_loans"]);
    assert_eq!(events(store, registry).await.last().map(String::as_str), Some("0004_many rolled_back"));
    assert!(matches!(readiness(store, registry).await, Readiness::Behind { .. }));
    migrator.repair(&mut databases, "0004_many", Mark::RolledBack, "once more").await.unwrap_err();
}

async fn one_that_undid_nothing_keeps_nobody_back(store: &impl Store) {
    let registry = chain(store, &[&store.refused(), &store.unmake("m1")]).registry();
    apply(store, registry).await.unwrap();
    for _ in 0..2 {
        roll_back(store, registry, Target::Latest).await.unwrap_err();
        assert_eq!(readiness(store, registry).await, Readiness::Ready);
        assert!(apply(store, registry).await.unwrap().is_empty());
    }
    roll_back(store, mended(store).registry(), Target::Latest).await.unwrap();
    assert_eq!(store.things().await, things(&[]));
}
