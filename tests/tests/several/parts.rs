//! One id with a part in each database.

use super::{applied, on, open, registry, urls};
use whimbrel::{Access, Databases, Migrator, Outcome, Registry, Report, Target};
use whimbrel_tests::{Chain, Server};

/// `0001_schema` and `0003_again` are for both, `0002_more` is for `main` alone.
fn both(main: &Server, cache: &Server) -> &'static Registry {
    let table = |name: &str| [format!("CREATE TABLE {name} (id INTEGER)"), format!("DROP TABLE {name}")];
    let [users, more, again, entries, marks] = ["users", "more", "again", "entries", "marks"].map(table);
    let mut chain = Chain::new(main.kind());
    for (id, [up, down], database) in [
        ("0001_schema", users, "main"),
        ("0001_schema", entries, "cache"),
        ("0002_more", more, "main"),
        ("0003_again", again, "main"),
        ("0003_again", marks, "cache"),
    ] {
        chain = chain.add(id, &[&up]).down(&[&down]).edit(on(database));
    }
    registry(chain, &[("main", main), ("cache", cache)])
}

fn done(report: &Report) -> Vec<(&'static str, &'static str)> {
    report.done.iter().map(|Outcome { id, database, .. }| (*id, *database)).collect()
}

async fn apply_and_roll_back(main: &Server, cache: &Server) {
    let databases = [("main", main), ("cache", cache)];
    let registry = both(main, cache);
    let migrator = Migrator::new(registry);
    let mut connections = open(registry, &databases).await;
    let all = [
        ("0001_schema", "main"),
        ("0001_schema", "cache"),
        ("0002_more", "main"),
        ("0003_again", "main"),
        ("0003_again", "cache"),
    ];
    // So many migrations, each with all its parts.
    let first = migrator.apply(&mut connections, &Target::Count(1)).await.unwrap();
    assert_eq!(done(&first), all[..2]);
    let status = migrator.status(&mut connections).await.unwrap();
    let rows: Vec<_> = status.rows.iter().map(|row| (row.id.as_str(), row.database.as_str())).collect();
    assert_eq!((rows, status.pending().count()), (all.to_vec(), 3));
    let rest = migrator.apply(&mut connections, &Target::Latest).await.unwrap();
    assert_eq!(done(&rest), all[2..]);
    assert!(migrator.apply(&mut connections, &Target::Latest).await.unwrap().is_empty());
    assert_eq!(applied(main, "main").await, ["0001_schema", "0002_more", "0003_again"]);
    assert_eq!(applied(cache, "cache").await, ["0001_schema", "0003_again"]);

    // The last one is both of its parts, and so is one by its id.
    let (down, up) = migrator.redo(&mut connections).await.unwrap();
    assert_eq!((done(&down), done(&up)), (vec![all[4], all[3]], all[3..].to_vec()));
    let only = Target::Only("0003_again".into());
    assert_eq!(done(&migrator.rollback(&mut connections, &only).await.unwrap()), [all[4], all[3]]);
    let refused = migrator.rollback(&mut connections, &Target::Only("0001_schema".into())).await.unwrap_err();
    assert!(refused.is_dependency(), "{refused}");
    assert_eq!(done(&migrator.apply(&mut connections, &only).await.unwrap()), all[3..]);
    // A part that is not there is no obstacle for the others.
    let back = migrator.rollback(&mut connections, &Target::Id("0001_schema".into())).await.unwrap();
    assert_eq!(done(&back), [all[4], all[3], all[2]]);
    migrator.apply(&mut connections, &Target::Latest).await.unwrap();
    let everything = migrator.rollback(&mut connections, &Target::Count(3)).await.unwrap();
    assert_eq!(done(&everything), all.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!((main.tables().await, cache.tables().await), (vec![], vec![]));
}

#[tokio::test]
async fn its_parts_are_applied_in_the_order_of_the_databases_and_rolled_back_in_the_other() {
    let (postgres, sqlite, mariadb) = (Server::postgres("15").await, Server::sqlite(), Server::mysql("MARIADB").await);
    apply_and_roll_back(&postgres, &sqlite).await;
    apply_and_roll_back(&Server::sqlite(), &Server::postgres("18").await).await;
    apply_and_roll_back(&mariadb, &Server::sqlite()).await;
}

#[tokio::test]
async fn what_fails_half_way_says_what_was_done_where_and_the_next_run_goes_on() {
    let (main, cache) = (Server::postgres("15").await, Server::sqlite());
    let databases = [("main", &main), ("cache", &cache)];
    let registry = both(&main, &cache);
    cache.run("CREATE TABLE marks (id INTEGER)").await;
    let migrator = Migrator::new(registry);
    let error = migrator.apply(&mut open(registry, &databases).await, &Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error}");
    let halfway = error.halfway().unwrap();
    assert_eq!(halfway.left, [("0003_again", "cache")]);
    assert_eq!(halfway.done.len(), 4);
    let words = "done before it and recorded: `0001_schema`, `0002_more`, `0003_again` on `main`; `0001_schema` on `cache`\n\
                 left: `0003_again` on `cache`\nthe next run goes on from there";
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(applied(&main, "main").await, ["0001_schema", "0002_more", "0003_again"]);
    assert_eq!(applied(&cache, "cache").await, ["0001_schema"]);
    // The part that is applied is passed over.
    cache.run("DROP TABLE marks").await;
    let report = migrator.apply(&mut open(registry, &databases).await, &Target::Latest).await.unwrap();
    assert_eq!(done(&report), [("0003_again", "cache")]);
}

#[tokio::test]
async fn every_database_that_is_down_is_named_and_nothing_is_changed_anywhere() {
    let (main, there) = (Server::sqlite(), Server::postgres("15").await);
    let chain = Chain::new(main.kind())
        .add("0001_schema", &["CREATE TABLE users (id INTEGER)"])
        .add("0001_schema", &["CREATE TABLE entries (id INTEGER)"])
        .edit(on("cache"))
        .add("0001_schema", &["CREATE TABLE nodes (id INTEGER)"])
        .edit(on("graph"));
    let registry = super::registry(chain, &[("main", &main), ("cache", &there), ("graph", &there)]);
    let down = urls(&[("main", &main)]).with("cache", super::nobody()).with("graph", super::nobody());
    let error = Databases::connect(registry, &down, Access::ReadWrite).await.unwrap_err();
    assert!(error.is_unreachable() && error.down().len() == 2, "{error}");
    let text = error.to_string();
    assert!(text.starts_with("2 of 3 databases can't be reached; nothing was changed in any of them\n  - "), "{text}");
    assert!(text.contains("`cache`") && text.contains("`graph`") && !text.contains("secret"), "{text}");
    // Nothing is begun either where what was opened is not enough.
    let mut databases = Databases::connect_available(registry, &down, Access::ReadWrite).await.unwrap();
    assert_eq!(databases.down().map(|(name, _)| name).collect::<Vec<_>>(), ["cache", "graph"]);
    let error = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert_eq!(error.down().len(), 2);
    let rollback = Migrator::new(registry).available(true).rollback(&mut databases, &Target::Latest).await;
    assert_eq!(rollback.unwrap_err().down().len(), 2);
    assert!(main.column("SELECT name FROM sqlite_master").await.is_empty());
}

/// A connection that breaks after it was opened is found by the first look.
#[tokio::test]
async fn a_connection_that_was_lost_is_found_before_anything_is_changed() {
    let (main, cache) = (Server::sqlite(), Server::postgres("15").await);
    let databases = [("main", &main), ("cache", &cache)];
    let registry = both(&main, &cache);
    let mut connections = open(registry, &databases).await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    cache.run(kill).await;
    let error = Migrator::new(registry).apply(&mut connections, &Target::Latest).await.unwrap_err();
    assert!(error.is_unreachable() && error.down().len() == 1, "{error}");
    assert!(main.tables().await.is_empty());
}

#[tokio::test]
async fn init_makes_what_each_needs_and_can_be_repeated() {
    let (main, cache) = (Server::sqlite(), Server::postgres("15").await);
    let registry = both(&main, &cache);
    let missing = format!("{}_missing", cache.url());
    let at = |cache: &str| urls(&[("main", &main)]).with("cache", cache);
    // Where one can't be reached nothing is made in the others, and what is only missing is made.
    let error = Databases::create(registry, &at(&super::nobody())).await.unwrap_err();
    assert!(error.is_unreachable() && error.down().len() == 1, "{error}");
    assert!(!std::path::Path::new(main.url().trim_start_matches("sqlite:")).exists());
    assert_eq!(Databases::create(registry, &at(&missing)).await.unwrap(), ["main", "cache"]);
    assert_eq!(Databases::create(registry, &at(&missing)).await.unwrap(), [""; 0]);
    let mut databases = Databases::connect(registry, &at(&missing), Access::ReadWrite).await.unwrap();
    let migrator = Migrator::new(registry);
    assert_eq!(migrator.init(&mut databases).await.unwrap(), ["main", "cache"]);
    assert_eq!(migrator.init(&mut databases).await.unwrap(), [""; 0]);
    assert_eq!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 5);
    drop(databases);
    let name = missing.rsplit('/').next().unwrap();
    cache.run(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}
