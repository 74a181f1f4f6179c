//! Runs that end in the middle: the next one, started at once, makes each thing exactly once.

use crate::{Chain, Store, applied, apply, is_dropped, migrator, open, portable, three};
use std::sync::mpsc::Sender;
use std::time::Duration;
use tokio::task::JoinHandle;
use whimbrel::{Access, Kind, Registry, Report, Result, Target};

portable!(
    a_run_that_is_dropped_at_any_point_is_finished_by_the_next,
    whoever_lost_the_lease_writes_no_more,
    whoever_is_kept_out_is_told_when_the_lease_runs_out,
);

fn chain(store: &impl Store) -> Chain {
    three(store).add("0004_many", &[&store.make("m1"), &store.make("m2"), &store.make("m3")])
}

/// Drops a run after it has been polled so often; false where it was through by then.
async fn dropped(store: &impl Store, polls: usize) -> bool {
    let registry = chain(store).registry();
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let migrator = migrator(store, registry);
    is_dropped(migrator.apply(&mut databases, &Target::Latest), polls).await
}

async fn a_run_that_is_dropped_at_any_point_is_finished_by_the_next(store: &impl Store) {
    let mut wanted = vec!["ada; the \"first\" 'one'", "books", "loans", "m1", "m2", "m3", "users"];
    wanted.sort_unstable();
    for polls in (1..).step_by(store.stride()) {
        let is_dropped = dropped(store, polls).await;
        let registry = chain(store).registry();
        apply(store, registry).await.unwrap_or_else(|error| panic!("after {polls}: {error:?}"));
        assert_eq!(store.things().await, wanted, "after {polls} polls");
        assert_eq!(applied(store, registry).await.len(), 4);
        crate::roll_back(store, three_back(store), Target::Count(4)).await.unwrap();
        assert!(store.things().await.is_empty());
        if !is_dropped {
            break;
        }
    }
}

/// The same chain, all of which can be rolled back.
fn three_back(store: &impl Store) -> &'static whimbrel::Registry {
    chain(store).down(&[&store.unmake("m1"), &store.unmake("m2"), &store.unmake("m3")]).registry()
}

/// Holds a run under its lease, at the beginning of a step, until its sender is dropped.
async fn held(store: &impl Store, registry: &'static Registry) -> (JoinHandle<Result<Report>>, Sender<()>) {
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let (begun, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (go, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let migrator = migrator(store, registry).on_event(Box::new(move |event| {
        if matches!(event, whimbrel::Event::StepStarted { .. }) && begun.send(()).is_ok() {
            // What else waits on this thread goes to another one.
            let _ = tokio::task::block_in_place(|| held.lock().unwrap().recv());
        }
    }));
    let run = tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await });
    told.recv().await.unwrap();
    (run, go)
}

async fn whoever_is_kept_out_is_told_when_the_lease_runs_out(store: &impl Store) {
    let registry = three(store).registry();
    let (run, go) = held(store, registry).await;
    let mut databases = open(store, registry, Access::ReadWrite).await;
    let impatient = migrator(store, registry).lock_wait(Duration::ZERO);
    let error = impatient.apply(&mut databases, &Target::Latest).await.unwrap_err();
    let Kind::Locked { holder: Some(holder), .. } = error.kind() else { panic!("{error:?}") };
    assert!(holder.lease.is_some_and(|lease| lease <= Duration::from_secs(15)), "{holder:?}");
    let text = error.to_string();
    assert!(text.contains("; its lease runs out in ") && text.contains(" s unless it renews it; waited"), "{text}");
    drop(go);
    run.await.unwrap().unwrap();
}

async fn whoever_lost_the_lease_writes_no_more(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    let longer = chain(store).registry();
    let (run, go) = held(store, longer).await;
    store.take_over().await;
    drop(go);
    let error = run.await.unwrap().unwrap_err();
    let class = error.server().map(whimbrel::ServerError::class);
    assert_eq!(class, Some(whimbrel::ServerErrorClass::LeaseLost), "{error:?}");
    let (applied, things) = (applied(store, longer).await, store.things().await);
    assert_eq!(applied.len(), 3, "{applied:?}");
    assert!(things.len() <= 4 + store.late(), "{things:?}");
}
