//! Migrations without a transaction: what is begun and what is done is written down.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open, sqlx, tables};
use std::time::Duration;
use whimbrel::{Mark, Migrator, Registry, Target};

fn three(second: &'static str) -> &'static Registry {
    let text = format!("CREATE TABLE a (id INTEGER);\n{second};\nCREATE TABLE c (id INTEGER)");
    Chain::default().sql("0001_three", text.leak()).stepwise().registry()
}

#[tokio::test]
async fn what_no_transaction_allows_runs() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Chain::default().sql("0001_vacuum", "VACUUM;\nPRAGMA journal_mode = WAL").stepwise().registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    whimbrel::apply(registry, &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, "SELECT journal_mode FROM pragma_journal_mode").await, "wal");
    assert_eq!(events(&mut databases).await, "statement 1, statement 2, applied");
    assert!(whimbrel::apply(registry, &mut databases).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_failed_run_goes_on_at_the_statement_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = open(three("CREATE TABLE a (id INTEGER)"), &file).await;
    let error = whimbrel::apply(three("CREATE TABLE a (id INTEGER)"), &mut databases).await.unwrap_err();
    assert!(error.is_statement_failed());
    assert!(
        error.to_string().ends_with("the statement before it stays done; mend it, and the next run goes on from it")
    );
    assert_eq!(tables(&mut databases).await, "a");
    whimbrel::apply(three("CREATE TABLE b (id INTEGER)"), &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "a,b,c");
    assert_eq!(events(&mut databases).await, "statement 1, failed 2, statement 2, statement 3, applied");
}

#[tokio::test]
async fn a_statement_that_ran_must_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(three("nonsense"), &folder.path().join("app.db")).await;
    whimbrel::apply(three("nonsense"), &mut databases).await.unwrap_err();
    let other =
        Chain::default().sql("0001_three", "CREATE TABLE z (id INTEGER);\nCREATE TABLE b (id INTEGER)").stepwise();
    let error = whimbrel::apply(other.registry(), &mut databases).await.unwrap_err();
    assert!(error.is_interrupted());
    assert!(error.to_string().contains("a statement that has run already was changed in the code since"), "{error}");
    assert_eq!(tables(&mut databases).await, "a");
}

/// Leaves a statement as a run leaves it that died on it long ago.
async fn died(databases: &mut whimbrel::Databases) {
    let died = "DELETE FROM whimbrel_events WHERE event = 'failed'; \
                UPDATE whimbrel_events SET at = '2020-01-01T00:00:00.000Z'";
    sqlx::raw_sql(died).execute(databases.sqlite("main").unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_run_that_died_asks_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(three("REINDEX nonsense"), &folder.path().join("app.db")).await;
    whimbrel::apply(three("REINDEX nonsense"), &mut databases).await.unwrap_err();
    died(&mut databases).await;
    let good = three("CREATE TABLE b (id INTEGER)");
    let error = whimbrel::apply(three("REINDEX nonsense"), &mut databases).await.unwrap_err();
    assert!(error.is_interrupted());
    let text = error.to_string();
    assert!(text.contains("statement 2 was begun at 2020-01-01T00:00:00.000Z\n  | REINDEX nonsense\n"), "{text}");
    assert_eq!(tables(&mut databases).await, "a", "nothing is done");

    let migrator = Migrator::new(three("REINDEX nonsense"));
    let open = migrator.questions(&mut databases).await.unwrap();
    assert_eq!(open.iter().map(|question| question.text.as_str()).collect::<Vec<_>>(), ["REINDEX nonsense"]);
    let silent = migrator.repair(&mut databases, "0001_three", Mark::RolledBack, " ").await.unwrap_err();
    assert!(silent.to_string().starts_with("a repair needs a reason"), "{silent}");
    migrator.repair(&mut databases, "0001_three", Mark::RolledBack, "there is no b").await.unwrap();
    assert!(migrator.questions(&mut databases).await.unwrap().is_empty());
    let again = migrator.repair(&mut databases, "0001_three", Mark::Applied, "twice").await.unwrap_err();
    assert!(again.to_string().starts_with("there is nothing to repair in `0001_three`"), "{again}");
    let kept = ask(&mut databases, "SELECT message FROM whimbrel_events WHERE event = 'failed'").await;
    assert_eq!(kept, "marked as rolled back: there is no b");
    whimbrel::apply(good, &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "a,b,c");
}

#[tokio::test]
async fn a_run_that_died_can_go_on_after_the_statement() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(three("REINDEX nonsense"), &folder.path().join("app.db")).await;
    whimbrel::apply(three("REINDEX nonsense"), &mut databases).await.unwrap_err();
    died(&mut databases).await;
    let migrator = Migrator::new(three("REINDEX nonsense"));
    migrator.repair(&mut databases, "m0001_three", Mark::Applied, "it is there").await.unwrap();
    whimbrel::apply(three("REINDEX nonsense"), &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "a,c");
}

#[tokio::test]
async fn one_that_may_be_at_work_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(three("REINDEX nonsense"), &folder.path().join("app.db")).await;
    whimbrel::apply(three("REINDEX nonsense"), &mut databases).await.unwrap_err();
    let alive = "DELETE FROM whimbrel_events WHERE event = 'failed'";
    sqlx::raw_sql(alive).execute(databases.sqlite("main").unwrap()).await.unwrap();
    let waited = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = waited.clone();
    let migrator = Migrator::new(three("CREATE TABLE b (id INTEGER)")).lock_wait(Duration::from_millis(300)).on_event(
        Box::new(move |event| {
            if matches!(event, whimbrel::Event::Waiting { .. }) {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }),
    );
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_interrupted() || error.is_locked(), "{error}");
    assert!(waited.load(std::sync::atomic::Ordering::Relaxed) > 0);
    assert_eq!(tables(&mut databases).await, "a");
}

#[tokio::test]
async fn a_transaction_of_the_scripts_own_is_one_unit() {
    let folder = tempfile::tempdir().unwrap();
    let bad = "BEGIN;\nCREATE TABLE a (id INTEGER);\nnonsense;\nCOMMIT";
    let good = "BEGIN;\nCREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);\nCOMMIT";
    let chain = |text| Chain::default().sql("0001_unit", text).stepwise().registry();
    let mut databases = open(chain(bad), &folder.path().join("app.db")).await;
    assert!(whimbrel::apply(chain(bad), &mut databases).await.unwrap_err().is_statement_failed());
    assert_eq!(tables(&mut databases).await, "");
    whimbrel::apply(chain(good), &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "a,b");
}

#[tokio::test]
async fn a_rollback_may_go_stepwise_too() {
    let folder = tempfile::tempdir().unwrap();
    let down = |text| three_down(text);
    let mut databases = open(down("DROP TABLE a;\nnonsense"), &folder.path().join("app.db")).await;
    let migrator = Migrator::new(down("DROP TABLE a;\nnonsense"));
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert!(migrator.rollback(&mut databases, &Target::Latest).await.unwrap_err().is_statement_failed());
    assert_eq!(tables(&mut databases).await, "b");
    assert_eq!(migrator.history(&mut databases).await.unwrap().records().len(), 1, "it is still recorded");
    assert!(!migrator.status(&mut databases).await.unwrap().is_current());
    assert!(migrator.apply(&mut databases, &Target::Latest).await.unwrap_err().is_half_rolled_back());
    let mended = Migrator::new(down("DROP TABLE a;\nDROP TABLE b"));
    mended.rollback(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(tables(&mut databases).await, "");
    assert_eq!(mended.status(&mut databases).await.unwrap().pending().count(), 1);
}

fn three_down(down: &'static str) -> &'static Registry {
    let up = "CREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER)";
    Chain::default().sql("0001_two", up).stepwise().down(down).registry()
}
