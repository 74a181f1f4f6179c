//! Taking over a database that exists already, by naming how far it is.

use crate::{Chain, Migrator, Server, applied, apply, contract, events, ids, open};
use whimbrel::{Access, Baseline, DatabaseKind, Obstacle, Registry, Report, Result};

contract!(
    what_is_there_is_recorded_and_the_rest_is_applied,
    every_missing_table_is_told_and_nothing_is_written,
    what_was_dropped_again_need_not_be_there,
    names_are_folded_as_the_server_folds_them,
    a_history_that_is_not_empty_is_refused,
    two_at_once_are_one_baseline,
    an_id_that_is_not_there,
    a_new_database_is_not_one_that_exists,
);

/// A chain whose first two migrations the database has already.
pub(crate) fn shop(server: &Server) -> Chain {
    Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER PRIMARY KEY)"])
        .edit(|m| m.creates = &["users"])
        .add("0002_orders", &["CREATE TABLE orders (id INTEGER)", "CREATE TABLE parts (id INTEGER)"])
        .edit(|m| m.creates = &["orders", "parts"])
        .add("0003_notes", &["CREATE TABLE notes (id INTEGER)"])
        .edit(|m| m.creates = &["notes"])
}

/// Does by hand what the first two migrations of the shop do.
pub(crate) async fn by_hand(server: &Server) {
    let tables = "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE orders (id INTEGER); CREATE TABLE parts (id INTEGER)";
    server.run(&format!("{tables}; INSERT INTO users VALUES (7)")).await;
}

pub(crate) async fn baseline(server: &Server, registry: &'static Registry, baseline: Baseline) -> Result<Report> {
    Migrator::new(registry).baseline(&mut open(server, registry).await, &baseline).await
}

/// Tells whether the ledger's tables are there.
pub(crate) async fn has_ledger(server: &Server) -> bool {
    let tables = match server.kind() {
        DatabaseKind::Sqlite => "SELECT name FROM sqlite_master WHERE name LIKE 'whimbrel%'",
        DatabaseKind::Mysql => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'whimbrel%'"
        }
        _ => "SELECT relname FROM pg_class WHERE relname LIKE 'whimbrel%'",
    };
    !server.column(tables).await.is_empty()
}

fn to(id: &str) -> Baseline {
    Baseline::To(id.into())
}

async fn what_is_there_is_recorded_and_the_rest_is_applied(server: &Server) {
    by_hand(server).await;
    let registry = shop(server).registry();
    let report = baseline(server, registry, to("m0002_orders")).await.unwrap();
    assert_eq!(ids(&report), ["0001_users", "0002_orders"]);
    assert_eq!(
        server.column("SELECT id || ' ' || kind FROM whimbrel_history WHERE registry = 'chain' ORDER BY ordinal").await,
        ["0001_users baseline", "0002_orders baseline"]
    );
    assert_eq!(events(server).await, ["0001_users baselined", "0002_orders baselined"]);
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0003_notes"]);
    assert_eq!(server.column("SELECT id FROM users").await, ["7"]);
    assert!(apply(server, registry).await.unwrap().is_empty());
    let status = Migrator::new(registry).status(&mut open(server, registry).await).await.unwrap();
    assert!(status.is_current(), "{status:?}");
}

async fn every_missing_table_is_told_and_nothing_is_written(server: &Server) {
    server.run("CREATE TABLE users (id INTEGER)").await;
    let error = baseline(server, shop(server).registry(), to("0003_notes")).await.unwrap_err();
    assert!(error.is_baseline_mismatch() && error.is_baseline_refused(), "{error:?}");
    let missing = |table: &str, id: &str| {
        format!("`main` has no table `{table}`, which `{id}` creates; baseline to a migration before it")
    };
    let told: Vec<_> = error.obstacles().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [missing("orders", "0002_orders"), missing("parts", "0002_orders"), missing("notes", "0003_notes")]
    );
    assert!(!has_ledger(server).await);
    assert_eq!(ids(&baseline(server, shop(server).registry(), to("0001_users")).await.unwrap()), ["0001_users"]);
}

async fn what_was_dropped_again_need_not_be_there(server: &Server) {
    server.run("CREATE TABLE kept (id INTEGER)").await;
    let registry = Chain::new(server.kind())
        .add("0001_both", &["CREATE TABLE kept (id INTEGER)", "CREATE TABLE gone (id INTEGER)"])
        .edit(|m| m.creates = &["kept", "gone"])
        .add("0002_drop", &["DROP TABLE gone"])
        .edit(|m| m.drops = &["gone"])
        .registry();
    let error = baseline(server, registry, to("0001_both")).await.unwrap_err();
    assert!(matches!(error.obstacles(), [Obstacle::MissingTable { table, .. }] if table == "gone"), "{error:?}");
    baseline(server, registry, to("0002_drop")).await.unwrap();
    assert_eq!(applied(server).await, ["0001_both", "0002_drop"]);
}

async fn names_are_folded_as_the_server_folds_them(server: &Server) {
    let (tables, creates): (_, &'static [&'static str]) = match server.kind() {
        DatabaseKind::Sqlite => (
            "CREATE TABLE \"USERS\" (id INTEGER); CREATE VIRTUAL TABLE words USING fts5(word)",
            &["Users", "main.Words"],
        ),
        DatabaseKind::Mysql => ("CREATE TABLE USERS (id INTEGER)", &["Users"]),
        _ => (
            "CREATE SCHEMA app; CREATE TABLE app.users (id INTEGER); CREATE TABLE \"Orders\" (id INTEGER) PARTITION BY RANGE (id)",
            &["Users", "APP.users", "Orders"],
        ),
    };
    server.run(tables).await;
    let chain = || Chain::new(server.kind()).add("0001_users", &["SELECT 1"]);
    baseline(server, chain().edit(|m| m.creates = creates).registry(), to("0001_users")).await.unwrap();
    if server.kind() == DatabaseKind::Postgres {
        let other = Server::postgres("15").await;
        other.run("CREATE TABLE \"USERS\" (id INTEGER); CREATE SCHEMA app; CREATE TABLE app.orders (id INTEGER)").await;
        let registry = chain().edit(|m| m.creates = &["Users", "public.orders"]).registry();
        let error = baseline(&other, registry, to("0001_users")).await.unwrap_err();
        assert_eq!(error.obstacles().len(), 2, "{error:?}");
    }
}

async fn a_history_that_is_not_empty_is_refused(server: &Server) {
    by_hand(server).await;
    let registry = shop(server).registry();
    baseline(server, registry, to("0001_users")).await.unwrap();
    for id in ["0001_users", "0002_orders"] {
        let error = baseline(server, registry, to(id)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the history of `main` has `0001_users` already; a baseline is for a database in whose history nothing is"
        );
        assert!(error.is_baseline_refused() && !error.is_baseline_mismatch());
    }
    assert_eq!((applied(server).await.len(), events(server).await.len()), (1, 1));
}

async fn two_at_once_are_one_baseline(server: &Server) {
    by_hand(server).await;
    let registry = shop(server).registry();
    let mut runs = Vec::new();
    for _ in 0..2 {
        let mut databases = open(server, registry).await;
        runs.push(tokio::spawn(
            async move { Migrator::new(registry).baseline(&mut databases, &to("0002_orders")).await },
        ));
    }
    let mut ends = Vec::new();
    for run in runs {
        ends.push(run.await.unwrap());
    }
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1, "{ends:?}");
    let refused = ends.iter().find_map(|end| end.as_ref().err()).unwrap();
    assert!(refused.is_baseline_refused(), "{refused:?}");
    assert_eq!((applied(server).await.len(), events(server).await.len()), (2, 2));
}

async fn an_id_that_is_not_there(server: &Server) {
    by_hand(server).await;
    let error = baseline(server, shop(server).registry(), to("orders")).await.unwrap_err();
    assert!(error.is_unknown_target(), "{error:?}");
    assert!(error.to_string().contains("`0002_orders`"), "{error}");
    assert!(!has_ledger(server).await);
}

async fn a_new_database_is_not_one_that_exists(server: &Server) {
    let registry = shop(server).registry();
    assert!(baseline(server, registry, to("0002_orders")).await.unwrap_err().is_baseline_mismatch());
    assert!(!has_ledger(server).await);
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let report = whimbrel::apply(registry, &mut databases).await.unwrap();
    assert_eq!(report.done.len(), 3);
}
