//! The first database's ledger tells of the others too.

use whimbrel::__private::Database;
use whimbrel::{Access, DatabaseKind, Databases, Migrator, Registry, Target, Urls};
use whimbrel_tests::{Chain, Server};

/// Two migrations of `main` and two of `cache`, one after the other.
fn registry(main: &Server) -> &'static Registry {
    let on_cache = |m: &mut whimbrel::Migration| m.database = "cache";
    let made = Chain::new(main.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER)"])
        .down(&["DROP TABLE users"])
        .add("0002_cache", &["CREATE TABLE cache (id INTEGER)"])
        .down(&["DROP TABLE cache", "SELECT 'it''s'"])
        .edit(on_cache)
        .add("0003_loans", &["CREATE TABLE loans (id INTEGER)"])
        .down(&["DROP TABLE loans"])
        .add("0004_keys", &["CREATE TABLE shelves (id INTEGER)"])
        .down(&["DROP TABLE shelves"])
        .edit(on_cache)
        .registry();
    let database = |name, kind| Database { name, kind, digest: "", catalog: "" };
    let databases = Box::leak(Box::new([database("main", main.kind()), database("cache", DatabaseKind::Sqlite)]));
    Box::leak(Box::new(Registry { digest: "", databases, ..*made }))
}

async fn open(main: &Server, cache: &Server, registry: &Registry) -> Databases {
    let urls = Urls::new().with("main", main.url()).with("cache", cache.url());
    Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap()
}

/// Gives what a ledger says of a database.
async fn told(server: &Server, database: &str) -> Vec<String> {
    let columns =
        "id || ' ' || kind || ' ' || substr(checksum, 1, 8) || ' ' || (duration_ms IS NOT NULL) || ' ' || applied_by";
    let query = match server.kind() {
        DatabaseKind::Mysql => format!(
            "SELECT CONCAT_WS(' ', id, kind, LEFT(checksum, 8), duration_ms IS NOT NULL, applied_by) FROM whimbrel_history WHERE `database` = \
             '{database}' ORDER BY ordinal"
        ),
        _ => format!("SELECT {columns} FROM whimbrel_history WHERE database = '{database}' ORDER BY ordinal"),
    };
    let rows = server.column(&query).await;
    rows.into_iter().map(|row| row.replace(" true", " 1")).collect()
}

async fn mirrors(main: &Server) {
    let cache = Server::sqlite();
    let registry = registry(main);
    let migrator = Migrator::new(registry);
    let mut databases = open(main, &cache, registry).await;
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let own = told(&cache, "cache").await;
    assert_eq!(own.len(), 2);
    assert_eq!(told(main, "cache").await, own);
    assert!(told(&cache, "main").await.is_empty());

    migrator.rollback(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(told(main, "cache").await, told(&cache, "cache").await);
    assert_eq!(told(main, "cache").await.len(), 1);

    // A run that died between the two leaves the copy behind; the next one that has something to do makes up for it.
    let column = if main.kind() == DatabaseKind::Mysql { "`database`" } else { "database" };
    main.run(&format!("DELETE FROM whimbrel_history WHERE {column} = 'cache'")).await;
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(told(main, "cache").await, told(&cache, "cache").await);
    assert_eq!(told(main, "cache").await.len(), 2);
    let status = migrator.status(&mut databases).await.unwrap();
    assert!(status.is_current() && status.rows.len() == 4, "{status:?}");
}

#[tokio::test]
async fn on_sqlite() {
    mirrors(&Server::sqlite()).await;
}

#[tokio::test]
async fn on_postgresql() {
    for version in ["12", "15", "18"] {
        mirrors(&Server::postgres(version).await).await;
    }
}

#[tokio::test]
async fn on_mariadb() {
    mirrors(&Server::mysql("MARIADB").await).await;
}

mod mysql {
    #[tokio::test]
    #[ignore = "needs a MySQL server, which WHIMBREL_TEST_MYSQL_URL names"]
    async fn on_mysql() {
        super::mirrors(&whimbrel_tests::Server::mysql("MYSQL").await).await;
    }
}

#[tokio::test]
async fn what_fails_in_one_leaves_the_others_as_far_as_they_came() {
    let (main, cache) = (Server::postgres("15").await, Server::sqlite());
    let registry = registry(&main);
    cache.run("CREATE TABLE cache (id INTEGER)").await;
    let migrator = Migrator::new(registry);
    let error = migrator.apply(&mut open(&main, &cache, registry).await, &Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed() && error.to_string().contains("`0002_cache`"), "{error}");
    assert_eq!(
        main.column("SELECT id FROM whimbrel_history WHERE registry = 'chain' ORDER BY id").await,
        ["0001_users"]
    );
    cache.run("DROP TABLE cache").await;
    let report = migrator.apply(&mut open(&main, &cache, registry).await, &Target::Latest).await.unwrap();
    assert_eq!(report.done.iter().map(|done| done.id).collect::<Vec<_>>(), ["0002_cache", "0003_loans", "0004_keys"]);
    assert_eq!(told(&main, "cache").await, told(&cache, "cache").await);
    // Back across both, last first.
    let back = migrator.rollback(&mut open(&main, &cache, registry).await, &Target::Count(4)).await.unwrap();
    assert_eq!(
        back.done.iter().map(|done| (done.id, done.database)).collect::<Vec<_>>(),
        [("0004_keys", "cache"), ("0003_loans", "main"), ("0002_cache", "cache"), ("0001_users", "main")]
    );
    assert_eq!(main.column("SELECT id FROM whimbrel_history WHERE registry = 'chain'").await, [""; 0]);
}
