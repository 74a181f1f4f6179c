//! Going on without a database that is down.

use super::{applied, nobody, on, registry, urls};
use whimbrel::{Access, Databases, Direction, Migrator, Registry, Target};
use whimbrel_tests::{Chain, Server};

/// What `main` and `cache` need of each other: `0003` only `0001`, `0004` all before it, `0005` both parts of `0002`.
fn chain(main: &Server, cache: &Server) -> &'static Registry {
    let table = |name: &str| format!("CREATE TABLE {name} (id INTEGER)");
    let chain = Chain::new(main.kind())
        .add("0001_a", &[&table("a")])
        .add("0002_b", &[&table("b")])
        .add("0002_b", &[&table("b")])
        .edit(on("cache"))
        .add("0003_c", &[&table("c")])
        .after(&["0001_a"])
        .add("0004_d", &[&table("d")])
        .add("0005_e", &[&table("e")])
        .after(&["0002_b"]);
    registry(chain, &[("main", main), ("cache", cache)])
}

fn without(up: &[(&'static str, &Server)], down: &'static str) -> whimbrel::Urls {
    urls(up).with(down, nobody())
}

#[tokio::test]
async fn what_needs_it_waits_and_everything_else_is_applied() {
    let (main, cache) = (Server::sqlite(), Server::postgres("15").await);
    let registry = chain(&main, &cache);
    let migrator = Migrator::new(registry).available(true);
    let urls_now = without(&[("main", &main)], "cache");
    let mut databases = Databases::connect_available(registry, &urls_now, Access::ReadWrite).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Latest, Direction::Up).await.unwrap();
    assert_eq!(plan.steps().iter().map(|step| step.migration.id()).collect::<Vec<_>>(), ["0001_a", "0002_b", "0003_c"]);
    let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(
        report.done.iter().map(|done| (done.id, done.database)).collect::<Vec<_>>(),
        [("0001_a", "main"), ("0002_b", "main"), ("0003_c", "main")]
    );
    assert_eq!(
        report.waiting.iter().map(|w| (w.id, w.database, w.on)).collect::<Vec<_>>(),
        [("0002_b", "cache", "cache"), ("0004_d", "main", "cache"), ("0005_e", "main", "cache")]
    );
    // Once more there is nothing to do, and the same waits.
    let again = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!((again.done.len(), again.waiting.len()), (0, 3));
    let status = migrator.status(&mut databases).await.unwrap();
    assert_eq!((status.findings.len(), status.pending().count()), (0, 3));

    // When it is back the others follow, although what did not need them was applied before.
    let mut databases = super::open(registry, &[("main", &main), ("cache", &cache)]).await;
    let status = migrator.status(&mut databases).await.unwrap();
    assert!(status.findings.is_empty(), "{status:?}");
    let report = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(
        report.done.iter().map(|done| (done.id, done.database)).collect::<Vec<_>>(),
        [("0002_b", "cache"), ("0004_d", "main"), ("0005_e", "main")]
    );
    assert!(report.waiting.is_empty());
    let orders = main.column("SELECT count(*) FROM whimbrel_history WHERE out_of_order").await;
    assert_eq!(orders, ["0"]);
}

#[tokio::test]
async fn the_first_databases_copy_tells_what_one_that_is_down_has() {
    let (main, cache) = (Server::postgres("15").await, Server::postgres("18").await);
    let registry = chain(&main, &cache);
    let mut databases = super::open(registry, &[("main", &main), ("cache", &cache)]).await;
    let migrator = Migrator::new(registry).available(true);
    migrator.apply(&mut databases, &Target::Id("0002_b".into())).await.unwrap();
    assert_eq!(applied(&cache, "cache").await, ["0002_b"]);
    drop(databases);

    let urls_now = without(&[("main", &main)], "cache");
    let mut databases = Databases::connect_available(registry, &urls_now, Access::ReadWrite).await.unwrap();
    let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0003_c", "0004_d", "0005_e"]);
    assert!(report.waiting.is_empty(), "{report:?}");
    // Neither is anything wrong, nor is a copy taken for what it is a copy of.
    assert!(migrator.status(&mut databases).await.unwrap().is_current());
    assert_eq!(migrator.history(&mut databases).await.unwrap().unread(), ["cache"]);

    // Without the first one nothing is known of it: all of it counts as not applied, and what comes after it waits.
    let chain = Chain::new(main.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)"])
        .add("0006_f", &["CREATE TABLE f (id INTEGER)"])
        .edit(on("cache"))
        .after(&[])
        .add("0007_g", &["CREATE TABLE g (id INTEGER)"])
        .edit(on("cache"));
    let registry = super::registry(chain, &[("main", &main), ("cache", &cache)]);
    let migrator = Migrator::new(registry).available(true);
    let urls_now = without(&[("cache", &cache)], "main");
    cache.run("DELETE FROM whimbrel_history WHERE registry = 'chain'; DELETE FROM whimbrel_events").await;
    let mut databases = Databases::connect_available(registry, &urls_now, Access::ReadWrite).await.unwrap();
    let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0006_f"]);
    assert_eq!(
        report.waiting.iter().map(|w| (w.id, w.on)).collect::<Vec<_>>(),
        [("0001_a", "main"), ("0007_g", "main")]
    );
    // What is kept where it does not belong would be out of date when it is needed.
    assert_eq!(
        cache.column("SELECT DISTINCT database FROM whimbrel_history WHERE registry = 'chain'").await,
        ["cache"]
    );
}

#[tokio::test]
async fn where_none_can_be_reached_nothing_is_left_to_go_on_with() {
    let server = Server::postgres("15").await;
    let registry = chain(&server, &server);
    let urls = urls(&[]).with("main", nobody()).with("cache", nobody());
    let error = Databases::connect_available(registry, &urls, Access::ReadWrite).await.unwrap_err();
    assert!(error.is_unreachable() && error.down().len() == 2, "{error}");
}
