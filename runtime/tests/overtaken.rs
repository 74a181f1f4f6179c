//! Another process that changes the history between the plan and the step: each migration runs once all the same.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use whimbrel::{Direction, Event, Migrator, Registry, Target};

/// Does something else on the same file, once, at the moment in which the first step has been planned and not begun.
fn overtaken(registry: &'static Registry, file: PathBuf, other: fn(&'static Registry) -> Work) -> Migrator {
    let done = AtomicBool::new(false);
    Migrator::new(registry).on_event(Box::new(move |event| {
        if matches!(event, Event::StepStarted { .. }) && !done.swap(true, Ordering::Relaxed) {
            let (file, work) = (file.clone(), other(registry));
            let thread = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async move {
                    let mut databases = open(registry, &file).await;
                    let migrator = Migrator::new(registry);
                    match work {
                        Work::Apply(target) => migrator.apply(&mut databases, &target).await.unwrap(),
                        Work::Rollback(target) => migrator.rollback(&mut databases, &target).await.unwrap(),
                    };
                });
            });
            thread.join().unwrap();
        }
    }))
}

enum Work {
    Apply(Target),
    Rollback(Target),
}

fn log(stepwise: bool) -> &'static Registry {
    let entry = |chain: Chain, id, up| {
        let chain = chain.sql(id, up).down("INSERT INTO log VALUES ('down')");
        if stepwise { chain.stepwise() } else { chain }
    };
    let chain = Chain::default().sql("0001_log", "CREATE TABLE log (id TEXT)").down("DROP TABLE log");
    let chain = entry(chain, "0002_two", "INSERT INTO log VALUES ('two')");
    entry(chain, "0003_three", "INSERT INTO log VALUES ('three')").registry()
}

const LOG: &str = "SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM log ORDER BY rowid)";

#[tokio::test]
async fn what_another_has_applied_is_not_applied_again() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Apply(Target::Count(1)));
        let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
        assert_eq!(ask(&mut databases, LOG).await, "two,three");
        assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0003_three"]);
    }
}

#[tokio::test]
async fn a_count_is_counted_once() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Apply(Target::Count(1)));
        let report = migrator.apply(&mut databases, &Target::Count(1)).await.unwrap();
        assert!(report.is_empty());
        assert_eq!(ask(&mut databases, LOG).await, "two");
    }
}

#[tokio::test]
async fn what_another_has_rolled_back_is_applied_first() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Count(2)).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Rollback(Target::Latest));
        let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
        assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0002_two", "0003_three"]);
        assert_eq!(ask(&mut databases, LOG).await, "two,down,two,three");
    }
}

#[tokio::test]
async fn a_rollback_does_not_go_further_than_was_planned() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Rollback(Target::Latest));
        let error = migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err();
        assert!(error.is_overtaken(), "{error}");
        assert_eq!(ask(&mut databases, LOG).await, "two,three,down");
        let count = events(&mut databases).await.matches("rolled_back").count();
        assert_eq!(count, 1);
    }
}

#[tokio::test]
async fn what_was_planned_stops_where_another_has_done_a_part_of_it() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
        let target = Target::Id("0001_log".into());
        let plan = Migrator::new(registry).plan(&mut databases, &target, Direction::Down).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Rollback(Target::Latest));
        let error = migrator.run(&mut databases, &plan).await.unwrap_err();
        assert!(error.is_overtaken(), "{error}");
        assert_eq!(ask(&mut databases, LOG).await, "two,three,down");
    }
}

#[tokio::test]
async fn a_rollback_leaves_what_another_has_put_on_top() {
    for stepwise in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let registry = log(stepwise);
        let mut databases = open(registry, &file).await;
        Migrator::new(registry).apply(&mut databases, &Target::Count(2)).await.unwrap();
        let migrator = overtaken(registry, file, |_| Work::Apply(Target::Latest));
        let error = migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err();
        assert!(error.is_overtaken(), "{error}");
        assert_eq!(ask(&mut databases, LOG).await, "two,three");
    }
}
