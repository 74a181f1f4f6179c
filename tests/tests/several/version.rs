//! The schema version, where a database's users look for it.

use super::{on, open, registry};
use whimbrel::{DatabaseKind, Migrator, Phase, Target};
use whimbrel_tests::{Chain, Server};

/// Shows what a database's view tells of one of the databases: version, description, whether it breaks, whether it is the last.
async fn versions(server: &Server, of: &str) -> Vec<String> {
    let yes = |column: &str| format!("CASE WHEN {column} THEN 'yes' ELSE 'no' END");
    let parts = ["version".to_owned(), "description".to_owned(), yes("breaking"), yes("is_current")];
    let (database, row) = match server.kind() {
        DatabaseKind::Mysql => ("`database`", format!("CONCAT_WS(' ', {})", parts.join(", "))),
        _ => ("database", parts.join(" || ' ' || ")),
    };
    server
        .column(&format!("SELECT {row} FROM whimbrel_schema_version WHERE {database} = '{of}' ORDER BY ordinal"))
        .await
}

async fn follow(main: &Server, cache: &Server) {
    let table = |name: &str| [format!("CREATE TABLE {name} (id INTEGER)"), format!("DROP TABLE {name}")];
    let [a, b, c, d] = ["a", "b", "c", "d"].map(table);
    let chain = Chain::new(main.kind())
        .add("0001_a", &[&a[0]])
        .down(&[&a[1]])
        .schema(1, 0, 0)
        .add("0002_b", &[&b[0]])
        .down(&[&b[1]])
        .schema(1, 1, 0)
        .edit(|migration| migration.phase = Some(Phase::Contract))
        .add("0002_b", &[&b[0]])
        .down(&[&b[1]])
        .schema(1, 1, 0)
        .edit(on("cache"))
        .add("0003_c", &[&c[0]])
        .down(&[&c[1]])
        .schema(1, 1, 0)
        .edit(|migration| migration.phase = Some(Phase::Expand))
        .add("0004_d", &[&d[0]])
        .down(&[&d[1]]);
    let registry = registry(chain, &[("main", main), ("cache", cache)]);
    let migrator = Migrator::new(registry);
    let mut databases = open(registry, &[("main", main), ("cache", cache)]).await;
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(versions(main, "main").await, ["1.0.0 0001_a no no", "1.1.0 0003_c yes yes"]);
    assert_eq!(versions(cache, "cache").await, ["1.1.0 0002_b no yes"]);
    assert_eq!(versions(main, "cache").await, versions(cache, "cache").await);

    migrator.rollback(&mut databases, &Target::Id("0002_b".into())).await.unwrap();
    assert_eq!(versions(main, "main").await, ["1.0.0 0001_a no no", "1.1.0 0002_b yes yes"]);
    migrator.rollback(&mut databases, &Target::Id("0001_a".into())).await.unwrap();
    assert_eq!(versions(main, "main").await, ["1.0.0 0001_a no yes"]);
    assert_eq!(versions(cache, "cache").await, [""; 0]);

    // A ledger from before there was a view is as good as any, and `init` gives it one.
    main.run("DROP VIEW whimbrel_schema_version").await;
    migrator.apply(&mut databases, &Target::Count(1)).await.unwrap();
    for _ in 0..2 {
        assert!(migrator.init(&mut databases).await.unwrap().is_empty());
        assert_eq!(versions(main, "main").await, ["1.0.0 0001_a no no", "1.1.0 0002_b yes yes"]);
    }
}

#[tokio::test]
async fn a_view_over_the_history_shows_it() {
    let mariadb = Server::mysql("MARIADB").await;
    follow(&Server::postgres("12").await, &Server::sqlite()).await;
    follow(&Server::sqlite(), &Server::postgres("18").await).await;
    follow(&mariadb, &Server::sqlite()).await;
}

#[tokio::test]
async fn it_can_t_be_written_through() {
    for server in [Server::sqlite(), Server::postgres("15").await, Server::mysql("MARIADB").await] {
        let chain = Chain::new(server.kind()).add("0001_a", &["CREATE TABLE a (id INTEGER)"]).schema(1, 0, 0);
        let registry = chain.registry();
        let mut databases = server.open(registry, whimbrel::Access::ReadWrite).await.unwrap();
        whimbrel::apply(registry, &mut databases).await.unwrap();
        server.try_run("DELETE FROM whimbrel_schema_version").await.unwrap_err();
        server.try_run("UPDATE whimbrel_schema_version SET version = '9.9.9'").await.unwrap_err();
        assert_eq!(server.column("SELECT version FROM whimbrel_schema_version").await, ["1.0.0"]);
    }
}
