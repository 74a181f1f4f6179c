//! What can stand in a script, and the texts that a dry run shows.

use crate::{
    Chain, Migrator, Server, Target, applied, apply, apply_to, code, contract, ids, library, notes, open, rolls_back,
};
use whimbrel::{Access, DatabaseKind};

contract!(
    a_dry_run_shows_what_a_run_sends,
    a_dry_run_of_a_new_database,
    a_commit_waits_unless_the_next_one_does,
    statement_by_statement,
    a_failed_statement_is_gone_on_from,
    special_statements,
    scripts_leave_no_settings_behind,
    a_ledger_as_it_once_was_is_gone_on_with
);

async fn a_dry_run_shows_what_a_run_sends(server: &Server) {
    let registry = library(server).registry();
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    drop(databases);
    // By hand, statement by statement, it comes to the same as a run.
    let script: Vec<String> = texts.into_iter().flat_map(|step| step.statements).collect();
    server.run(&script.join(";\n")).await;
    assert_eq!(server.tables().await, ["books", "loans", "users"]);
    assert_eq!(applied(server).await.len(), 3);
    assert!(apply(server, registry).await.unwrap().is_empty());
}

async fn a_dry_run_of_a_new_database(server: &Server) {
    let registry =
        library(server).add("0004_outside", &["CREATE TABLE a (id INTEGER)"]).without_transaction().registry();
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    let created = |texts: &[String]| {
        texts.iter().filter(|text| text.contains("whimbrel_events") && text.starts_with("CREATE TABLE")).count()
    };
    assert_eq!(texts.iter().map(|step| created(&step.statements)).collect::<Vec<_>>(), [1, 0, 0, 0]);
    assert!(texts[3].statements.iter().any(|text| text == "CREATE TABLE a (id INTEGER)"));
}

async fn a_commit_waits_unless_the_next_one_does(server: &Server) {
    let table = |name: &str| format!("CREATE TABLE {name} (id INTEGER)");
    let add = |chain: Chain, id, name| chain.add(id, &[&table(name)]);
    let chain = add(add(Chain::new(server.kind()), "0001_a", "a"), "0002_b", "b");
    let chain = add(chain.add_code("0003_code", code!(server, |_step| Ok(()))), "0004_d", "d");
    let chain = add(add(add(chain, "0005_alone", "e").without_transaction(), "0006_f", "f"), "0007_g", "g");
    let registry = chain.registry();
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    let relaxed = texts.iter().filter(|step| step.statements.iter().any(|text| text.contains("synchronous_commit")));
    let relaxed: Vec<_> = relaxed.map(|step| step.id).collect();
    // Code begins and ends on firm ground, as what is done statement by statement does; and so does the run.
    let expected: &[&str] = if server.kind() == DatabaseKind::Postgres { &["0001_a", "0006_f"] } else { &[] };
    assert_eq!(relaxed, expected, "{texts:#?}");
    drop(databases);
    assert_eq!(apply(server, registry).await.unwrap().done.len(), 7);
}

async fn a_ledger_as_it_once_was_is_gone_on_with(server: &Server) {
    let registry = library(server).add("0004_a", &["CREATE TABLE a (id INTEGER)"]).without_transaction().registry();
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    drop(databases);
    let is_ledger = |text: &&String| text.starts_with("CREATE TABLE IF NOT EXISTS") || text.contains("ledger_0001");
    let mut script: Vec<String> = texts[0].statements.iter().filter(is_ledger).cloned().collect();
    assert_eq!(script.len(), 3, "{script:?}");
    if server.kind() == DatabaseKind::Sqlite {
        for (now, then) in [(") WITHOUT ROWID", ")"), ("integer PRIMARY KEY,", "integer PRIMARY KEY AUTOINCREMENT,")] {
            assert!(script.iter().any(|text| text.contains(now)), "{script:?}");
            script.iter_mut().for_each(|text| *text = text.replace(now, then));
        }
    }
    if rolls_back(server) {
        script.push("CREATE INDEX whimbrel_events_id ON whimbrel_events (registry, id)".into());
    }
    server.run(&script.join(";\n")).await;
    apply_to(server, registry, Target::Id("0002_books".into())).await.unwrap();
    assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0003_loans", "0004_a"]);
    assert!(apply(server, registry).await.unwrap().is_empty());
    assert_eq!(notes(server).await.last().unwrap(), "0004_a applied");
}

async fn statement_by_statement(server: &Server) {
    let registry = Chain::new(server.kind())
        .add("0001_users", &["CREATE TABLE users (id INTEGER)"])
        .add("0002_outside", &["CREATE TABLE a (id INTEGER)", "CREATE TABLE b (id INTEGER)"])
        .without_transaction()
        .registry();
    apply(server, registry).await.unwrap();
    let mut expected =
        vec!["0001_users applied", "0002_outside statement", "0002_outside statement", "0002_outside applied"];
    if !rolls_back(server) {
        // What commits by itself is noted before, too, whatever its migration says of transactions.
        expected.splice(..3, ["0001_users started", "0001_users statement", "0001_users applied"]);
        let noted = ["0002_outside started", "0002_outside statement"];
        expected.splice(3..3, [noted, noted].concat());
    }
    assert_eq!(notes(server).await, expected);
    assert!(apply(server, registry).await.unwrap().is_empty());
}

async fn a_failed_statement_is_gone_on_from(server: &Server) {
    let chain = || {
        Chain::new(server.kind())
            .add(
                "0001_outside",
                &["CREATE TABLE a (id INTEGER)", "INSERT INTO missing VALUES (1)", "CREATE TABLE b (id INTEGER)"],
            )
            .without_transaction()
    };
    let registry = chain().registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    assert_eq!((server.tables().await, applied(server).await), (vec!["a".to_owned()], vec![]));
    server.run("CREATE TABLE missing (id INTEGER)").await;
    apply(server, registry).await.unwrap();
    assert_eq!(server.tables().await, ["a", "b", "missing"]);
    assert_eq!(server.column("SELECT id FROM missing").await, ["1"]);
}

async fn special_statements(server: &Server) {
    let chain = Chain::new(server.kind()).add("0001_t", &["CREATE TABLE t (id INTEGER, note TEXT DEFAULT 'a;b''c')"]);
    let chain = match server.kind() {
        DatabaseKind::Sqlite => chain.add(
            "0002_trigger",
            &["CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET note = 'x;y' WHERE id = new.id; DELETE FROM t WHERE id < 0; END", "INSERT INTO t (id) VALUES (1)"],
        ),
        DatabaseKind::Mysql => chain.add(
            "0002_trigger",
            &["CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET new.note = 'x;y'; SET @seen = 1; END", "INSERT INTO t (id) VALUES (1)"],
        ),
        _ => chain.add(
            "0002_function",
            &["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN new.note := 'x;y'; RETURN new; END $body$", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "INSERT INTO t (id) VALUES (1)"],
        ),
    };
    apply(server, chain.registry()).await.unwrap();
    assert_eq!(server.column("SELECT note FROM t").await, ["x;y"]);
}

async fn scripts_leave_no_settings_behind(server: &Server) {
    if server.kind() == DatabaseKind::Sqlite {
        let chain = Chain::new(server.kind())
            .add(
                "0001_parent",
                &[
                    "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
                    "CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
                    "INSERT INTO parent VALUES (1)",
                    "INSERT INTO child VALUES (1)",
                ],
            )
            .add(
                "0002_rebuild",
                &[
                    "CREATE TABLE anew (id INTEGER PRIMARY KEY, name TEXT)",
                    "INSERT INTO anew (id) SELECT id FROM parent",
                    "DROP TABLE parent",
                    "ALTER TABLE anew RENAME TO parent",
                ],
            );
        apply(server, chain.registry()).await.unwrap();
        assert_eq!(server.column("SELECT parent FROM child").await, ["1"], "the rebuild took the child rows with it");
        let orphan = Chain::new(server.kind()).add(
            "0001_orphan",
            &[
                "CREATE TABLE p (id INTEGER PRIMARY KEY)",
                "CREATE TABLE c (p INTEGER REFERENCES p (id))",
                "INSERT INTO c VALUES (5)",
            ],
        );
        let other = Server::sqlite();
        let error = apply(&other, orphan.registry()).await.unwrap_err();
        assert!(error.is_check_failed(), "{error:?}");
        assert_eq!(other.tables().await, Vec::<String>::new());
        return;
    }
    if server.kind() == DatabaseKind::Mysql {
        let registry = Chain::new(server.kind())
            .add(
                "0001_dump",
                &["SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", "SET time_zone = '+05:00'", "SET NAMES latin1"],
            )
            .edit(|m| m.description = "It's \\ \u{e9}")
            .add(
                "0002_after",
                &["CREATE TABLE here (id INTEGER, note TEXT DEFAULT (\"a\\\\b\"))", "INSERT INTO here (id) VALUES (1)"],
            )
            .registry();
        apply(server, registry).await.unwrap();
        assert_eq!(server.column("SELECT note FROM here").await, ["a\\b"]);
        let told = server.column("SELECT name FROM whimbrel_history WHERE id = '0001_dump'").await;
        assert_eq!(told, ["It's \\ \u{e9}"]);
        return;
    }
    let registry = Chain::new(server.kind())
        .add(
            "0001_dump",
            &[
                "SELECT pg_catalog.set_config('search_path', '', false)",
                "CREATE SCHEMA other",
                "SET search_path = other",
            ],
        )
        .add("0002_after", &["CREATE TABLE here (id INTEGER)"])
        .registry();
    apply(server, registry).await.unwrap();
    assert_eq!(server.tables().await, ["here"]);
    drop(open(server, registry).await);
}
