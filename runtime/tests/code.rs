//! Migrations in Rust: inside the transaction, whatever the code does.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open, sqlx, tables};
use sqlx::Connection;
use whimbrel::{BoxFuture, Migrator, Result, SqliteStep, State, Target};

fn fill<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::query("INSERT INTO users (name) VALUES (?)").bind("ann").execute(&mut *step).await?;
        let mut inner = step.begin().await?;
        sqlx::query("INSERT INTO users (name) VALUES ('ben')").execute(&mut *inner).await?;
        inner.rollback().await?;
        Ok(())
    })
}

fn refuse<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::query("INSERT INTO users (name) VALUES ('ann')").execute(&mut *step).await?;
        sqlx::query("INSERT INTO nope VALUES (1)").execute(&mut *step).await?;
        Ok(())
    })
}

fn panic<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::query("INSERT INTO users (name) VALUES ('ann')").execute(&mut *step).await?;
        panic!("no such luck: {}", 7);
    })
}

fn commit<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::query("INSERT INTO users (name) VALUES ('ann')").execute(&mut *step).await?;
        sqlx::raw_sql("COMMIT").execute(&mut *step).await?;
        Ok(())
    })
}

fn commit_and_fail<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::raw_sql("COMMIT").execute(&mut *step).await?;
        Err(whimbrel::Error::new("too late"))
    })
}

fn never<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        sqlx::query("INSERT INTO users (name) VALUES ('ann')").execute(&mut *step).await?;
        std::future::pending().await
    })
}

fn nobody<'a>(step: &'a mut SqliteStep) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move {
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM users").fetch_one(&mut *step).await?;
        Ok(count == 0)
    })
}

type Code = for<'a> fn(&'a mut SqliteStep) -> BoxFuture<'a, Result<()>>;

fn with(code: Code) -> Chain {
    Chain::default().sql("0001_users", "CREATE TABLE users (name TEXT)").rust("0002_fill", code)
}

const NAMES: &str = "SELECT coalesce(group_concat(name), '') FROM users";

#[tokio::test]
async fn code_works_inside_the_transaction_and_may_nest_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(fill).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    whimbrel::apply(registry, &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
    let kind = "SELECT kind FROM whimbrel_history WHERE id = '0002_fill'";
    assert_eq!(ask(&mut databases, kind).await, "rust");
}

#[tokio::test]
async fn an_error_of_the_code_rolls_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(refuse).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_code_failed() && !error.is_panic());
    assert_eq!(
        format!("{error:#}"),
        "the Rust code of `0002_fill` returned an error on `main`\n\
         it was rolled back, and what came before it stays; mend it and run again\n\
         caused by: a query failed\ncaused by: no such table: nope (1)"
    );
    assert_eq!(ask(&mut databases, NAMES).await, "");
    assert_eq!(events(&mut databases).await, "applied, failed");
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_connection_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(panic).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_panic());
    assert!(error.to_string().contains("panicked on `main`: no such luck: 7"), "{error}");
    assert_eq!(ask(&mut databases, NAMES).await, "");
    let mended = with(fill).registry();
    whimbrel::apply(mended, &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
}

#[tokio::test]
async fn code_that_commits_by_itself_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(commit).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_code_failed());
    assert!(error.to_string().contains("ended the transaction that it was handed"), "{error}");
    // The code ran to its end and its row was committed with it: the ledger tells the truth.
    let status = Migrator::new(registry).status(&mut databases).await.unwrap();
    assert!(matches!(status.rows[1].state, State::Applied(_)));
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
}

#[tokio::test]
async fn code_that_commits_and_then_fails_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(commit_and_fail).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    assert!(whimbrel::apply(registry, &mut databases).await.unwrap_err().is_code_failed());
    let status = Migrator::new(registry).status(&mut databases).await.unwrap();
    assert!(matches!(status.rows[1].state, State::Unfinished(_)), "{:?}", status.rows[1]);
    whimbrel::apply(with(fill).registry(), &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
}

#[tokio::test]
async fn an_apply_that_is_dropped_leaves_nothing_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let registry = with(never).registry();
    let mut databases = open(registry, &file).await;
    Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
    {
        let reached = std::sync::Arc::new(tokio::sync::Notify::new());
        let told = reached.clone();
        let migrator = Migrator::new(registry).on_event(Box::new(move |event| {
            if matches!(event, whimbrel::Event::StepStarted { .. }) {
                told.notify_one();
            }
        }));
        let apply = migrator.apply(&mut databases, &Target::Latest);
        let begun = async {
            reached.notified().await;
            // As long as another connection can write, the code has not reached the point where it stays.
            let mut other = sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
            sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&mut other).await.unwrap();
            while sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut other).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = apply => unreachable!("the code never ends"),
            () = begun => {}
        }
    }
    assert_eq!(ask(&mut databases, NAMES).await, "", "rolled back");
    assert_eq!(ask(&mut databases, "SELECT foreign_keys || '' FROM pragma_foreign_keys").await, "1", "on again");
    assert_eq!(tables(&mut databases).await, "users");
    whimbrel::apply(with(fill).registry(), &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
}

#[tokio::test]
async fn a_check_may_be_code() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(fill).verify_rust(nobody).registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_check_failed());
    assert!(error.to_string().starts_with("VERIFY of `0002_fill` does not hold on `main`: it gave `false`"), "{error}");
    assert_eq!(ask(&mut databases, NAMES).await, "");
}

#[tokio::test]
async fn code_without_a_transaction_is_called_again_after_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let registry = with(refuse).stepwise().registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.to_string().contains("what it did stays done"), "{error}");
    assert_eq!(ask(&mut databases, NAMES).await, "ann");
    assert_eq!(events(&mut databases).await, "applied, started 1, failed");
    whimbrel::apply(with(fill).stepwise().registry(), &mut databases).await.unwrap();
    assert_eq!(ask(&mut databases, NAMES).await, "ann,ann");
    assert_eq!(events(&mut databases).await, "applied, started 1, failed, started 1, statement 1, applied");
}
