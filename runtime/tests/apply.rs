//! Applying to SQLite files: what is done, what is recorded, what is left after a failure.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod chain;

use chain::{Chain, ask, events, open, sqlx, tables, url};
use whimbrel::{Access, Databases, Migrator, Registry, State, Target};

fn shop() -> &'static Registry {
    Chain::default()
        .sql(
            "0001_users",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO users (name) VALUES ('ann')",
        )
        .down("DROP TABLE users")
        .sql("0002_orders", "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))")
        .down("DROP TABLE orders")
        .registry()
}

#[tokio::test]
async fn everything_pending_is_applied_once_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = open(shop(), &file).await;
    let report = whimbrel::apply(shop(), &mut databases).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0001_users", "0002_orders"]);
    assert_eq!(tables(&mut databases).await, "orders,users");
    assert!(whimbrel::apply(shop(), &mut databases).await.unwrap().is_empty());
    assert_eq!(ask(&mut databases, "SELECT count(*) || '' FROM users").await, "1");
    assert_eq!(events(&mut databases).await, "applied, applied");

    let history = Migrator::new(shop()).history(&mut databases).await.unwrap();
    let first = &history.records()[0];
    assert_eq!((first.id.as_str(), first.number, first.kind.as_str()), ("0001_users", 1, "sql"));
    assert_eq!(first.rollback, ["DROP TABLE users"]);
    assert_eq!(first.app_version.as_deref(), Some("1.4.0"));
    assert!(first.duration.is_some() && first.applied_at.ends_with('Z'), "{first:?}");
    let ledger = "SELECT group_concat(id || ' ' || ordinal) FROM whimbrel_history WHERE registry = 'whimbrel'";
    assert_eq!(ask(&mut databases, ledger).await, "ledger_0001 1");
}

#[tokio::test]
async fn a_target_is_reached_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    let migrator = Migrator::new(shop());
    migrator.apply(&mut databases, &Target::Id("m0001_users".into())).await.unwrap();
    assert_eq!(tables(&mut databases).await, "users");
    let status = migrator.status(&mut databases).await.unwrap();
    assert!(matches!(status.rows[0].state, State::Applied(_)) && status.rows[1].state == State::Pending);
    let error = migrator.apply(&mut databases, &Target::Id("orders".into())).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no migration `orders`; did you mean `0002_orders`?");
    migrator.apply(&mut databases, &Target::Count(5)).await.unwrap();
    assert!(migrator.status(&mut databases).await.unwrap().is_current());
    let error = migrator.apply(&mut databases, &Target::Id("orders".into())).await.unwrap_err();
    assert!(error.is_unknown_target(), "a wrong target is told also when there is nothing to do");
}

fn broken() -> &'static Registry {
    Chain::default()
        .sql("0001_users", "CREATE TABLE users (id INTEGER PRIMARY KEY)")
        .sql("0002_bad", "CREATE TABLE extra (id INTEGER);\n\nINSERT INTO extra (id, nope)\nVALUES (1, 2)")
        .sql("0003_never", "CREATE TABLE never (id INTEGER)")
        .registry()
}

#[tokio::test]
async fn a_failing_statement_is_named_at_its_place_and_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(broken(), &folder.path().join("app.db")).await;
    let error = whimbrel::apply(broken(), &mut databases).await.unwrap_err();
    assert!(error.is_statement_failed());
    assert_eq!(
        format!("{error:#}"),
        "migration `0002_bad` failed on `main` at statement 2 of 2\n  --> src/migrations/mod.rs:3:1\n  \
         | INSERT INTO extra (id, nope)\n  | VALUES (1, 2)\n\
         it was rolled back, and what came before it stays; mend it and run again\n\
         caused by: table extra has no column named nope (1)"
    );
    assert_eq!(tables(&mut databases).await, "users");
    assert_eq!(events(&mut databases).await, "applied, failed 2");
    let status = Migrator::new(broken()).status(&mut databases).await.unwrap();
    let State::Unfinished(attempt) = &status.rows[1].state else { panic!("{:?}", status.rows[1]) };
    assert_eq!(attempt.message.as_deref(), Some("table extra has no column named nope"));
    assert!(whimbrel::apply(broken(), &mut databases).await.unwrap_err().is_statement_failed());
}

#[tokio::test]
async fn a_first_migration_that_fails_leaves_its_failure_alone() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Chain::default().sql("0001_bad", "CREATE TABL x (id INTEGER)").registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.to_string().contains("src/migrations/mod.rs:1:8"), "{error}");
    assert_eq!(tables(&mut databases).await, "");
    assert_eq!(events(&mut databases).await, "failed 1");
}

#[tokio::test]
async fn require_and_verify_decide() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Chain::default()
        .sql("0001_users", "CREATE TABLE users (id INTEGER)")
        .require("SELECT count(*) = 0 FROM sqlite_schema WHERE name = 'users'")
        .verify("SELECT count(*) = 0 FROM users")
        .sql("0002_ann", "INSERT INTO users VALUES (1)")
        .verify("SELECT 1;\nSELECT id = 2 FROM users")
        .registry();
    let mut databases = open(registry, &folder.path().join("app.db")).await;
    let error = whimbrel::apply(registry, &mut databases).await.unwrap_err();
    assert!(error.is_check_failed());
    assert_eq!(
        error.to_string(),
        "VERIFY of `0002_ann` does not hold on `main`: it gave `0`\n  --> src/migrations/mod.rs:302:1\n  \
         | SELECT id = 2 FROM users\nit was rolled back, and what came before it stays; mend it and run again"
    );
    assert_eq!(ask(&mut databases, "SELECT count(*) || '' FROM users").await, "0");

    let never = Chain::default().sql("0001_x", "CREATE TABLE x (id INTEGER)").require("SELECT NULL").named("other");
    let error = whimbrel::apply(never, &mut databases).await.unwrap_err();
    assert!(error.to_string().starts_with("REQUIRE of `0001_x` does not hold on `main`: it gave NULL"), "{error}");
    assert_eq!(tables(&mut databases).await, "users");
}

#[tokio::test]
async fn two_registries_share_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = open(shop(), &folder.path().join("app.db")).await;
    let jobs = Chain::default().sql("0001_users", "CREATE TABLE jobs (id INTEGER)").named("jobs");
    whimbrel::apply(shop(), &mut databases).await.unwrap();
    whimbrel::apply(jobs, &mut databases).await.unwrap();
    assert_eq!(tables(&mut databases).await, "jobs,orders,users");
    assert!(whimbrel::apply(shop(), &mut databases).await.unwrap().is_empty());
}

#[tokio::test]
async fn looking_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let mut databases = Databases::connect(shop(), &url(&file), Access::ReadOnly).await.unwrap();
    let migrator = Migrator::new(shop());
    assert_eq!(migrator.status(&mut databases).await.unwrap().pending().count(), 2);
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    assert!(!file.exists());
    let first = &texts[0].statements;
    assert_eq!(first[0], "BEGIN IMMEDIATE");
    assert!(first.iter().any(|text| text == "INSERT INTO users (name) VALUES ('ann')"), "{first:?}");
    assert_eq!(first.iter().filter(|text| text.contains("CREATE TABLE IF NOT EXISTS \"whimbrel_history\"")).count(), 1);
    assert!(!texts[1].statements.iter().any(|text| text.contains("IF NOT EXISTS")));
}

#[tokio::test]
async fn the_texts_of_a_dry_run_do_what_a_run_does() {
    let folder = tempfile::tempdir().unwrap();
    let (dry, wet) = (folder.path().join("dry.db"), folder.path().join("wet.db"));
    let migrator = Migrator::new(shop());
    let mut databases = open(shop(), &dry).await;
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    for step in migrator.statements(&mut databases, &plan).await.unwrap() {
        for text in step.statements {
            sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(databases.sqlite("main").unwrap()).await.unwrap();
        }
    }
    let mut other = open(shop(), &wet).await;
    migrator.apply(&mut other, &Target::Latest).await.unwrap();
    let schema = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
    assert_eq!(ask(&mut databases, schema).await, ask(&mut other, schema).await);
    assert!(migrator.status(&mut databases).await.unwrap().is_current());
    assert!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().is_empty());
}

#[test]
fn an_apply_can_be_spawned() {
    async fn start(mut databases: Databases) -> whimbrel::Result<()> {
        let migrator = Migrator::new(shop()).on_event(Box::new(|_| {}));
        tokio::spawn(async move {
            whimbrel::apply(shop(), &mut databases).await?;
            migrator.rollback(&mut databases, &Target::Latest).await?;
            migrator.redo(&mut databases).await?;
            migrator.verify(&mut databases).await
        })
        .await
        .map_err(|error| whimbrel::Error::new(error.to_string()))?
        .map(drop)
    }
    fn sendable<F: Future + Send + 'static>(_: &F) {}
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let whole = async move { start(open(shop(), &file).await).await };
    sendable(&whole);
    runtime.block_on(whole).unwrap();
}
