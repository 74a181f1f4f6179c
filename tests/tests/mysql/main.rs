//! MySQL and MariaDB: what commits by itself and dies, one lock of the whole server, and what a session is left with.
//!
//! Each test runs on MariaDB; on MySQL where `WHIMBREL_TEST_MYSQL_URL` names a server.

mod accounts;
mod places;
mod waiting;

use accounts::{a_ledger_that_is_there_is_opened_to_a_reader_by_init, a_reader_reads_and_no_more};
use places::{a_database_is_created, wrong_urls_are_told};
use std::time::Duration;
use waiting::{
    a_run_goes_on_when_the_way_is_free, a_run_that_is_dead_is_told_from_one_that_is_slow,
    a_run_that_is_slow_is_seen_and_waited_for, nobody_queues_behind_it_for_longer_than_an_attempt,
};
use whimbrel::__private::{Retry, RustWork, Work};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, MySqlConnection, Row};
use whimbrel::{Access, Databases, Error, Migrator, MysqlStep, Readiness, Registry, Target, Urls};
use whimbrel_tests::{Chain, Server, on_each_mysql};

on_each_mysql!(
    a_dead_runs_statement_is_found_out,
    what_only_a_person_knows_is_asked,
    a_ledger_that_was_begun_is_finished,
    rows_alone_are_one_transaction,
    the_lock_is_one_databases_and_its_holder_is_named,
    an_application_sees_who_migrates,
    a_held_table_is_given_up_and_nothing_is_left,
    a_given_connection_keeps_its_settings,
    nothing_to_do_is_one_query,
    a_list_that_is_cut_off_costs_a_look_and_no_more,
    a_setting_is_made_again_and_a_lost_value_is_not_guessed,
    code_that_changes_a_schema_is_told,
    a_reader_reads_and_no_more,
    a_ledger_that_is_there_is_opened_to_a_reader_by_init,
    a_database_is_created,
    wrong_urls_are_told,
    a_run_goes_on_when_the_way_is_free,
    nobody_queues_behind_it_for_longer_than_an_attempt,
    a_run_that_is_slow_is_seen_and_waited_for,
    a_run_that_is_dead_is_told_from_one_that_is_slow,
);

async fn apply(server: &Server, registry: &'static Registry) -> whimbrel::Result<whimbrel::Report> {
    let mut databases = server.open(registry, Access::ReadWrite).await?;
    Migrator::new(registry).apply(&mut databases, &Target::Latest).await
}

async fn events(server: &Server) -> Vec<String> {
    let what = "CONCAT(id, ' ', event, ' ', coalesce(statement, '-'), if(message IS NULL, '', ' !'))";
    server.column(&format!("SELECT {what} FROM whimbrel_events WHERE registry = 'chain' ORDER BY seq")).await
}

/// Leaves the ledger as a run does that dies at a statement of the chain's only migration: all before it are done.
async fn died(server: &Server, registry: &'static Registry, at: usize, took_effect: bool) {
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    migrator.init(&mut databases).await.unwrap();
    let migration = &registry.migrations()[0];
    let Work::Script(script) = migration.up() else { panic!("a script") };
    for (n, statement) in script.statements().enumerate().take(at + 1) {
        let mut note = vec!["started"];
        if n < at || took_effect {
            server.run(statement).await;
        }
        if n < at {
            note.push("statement");
        }
        for event in note {
            server
                .run(&format!(
                    "INSERT INTO whimbrel_events (at, registry, id, `database`, run, event, direction, statement, statements, detail, \
                     actor, whimbrel_version) VALUES (UTC_TIMESTAMP(6), 'chain', '{}', 'main', 'dead', '{event}', 'up', {}, {}, \
                     '{statement}', 'x', '0')",
                    migration.id(),
                    n + 1,
                    script.statements().len(),
                ))
                .await;
        }
    }
}

async fn a_dead_runs_statement_is_found_out(server: &Server) {
    let statements = [
        "CREATE TABLE birds (id INTEGER PRIMARY KEY)",
        "ALTER TABLE birds ADD COLUMN name TEXT",
        "CREATE INDEX by_name ON birds (name (10))",
        "CREATE TABLE gone (id INTEGER)",
        "DROP TABLE gone",
        "ALTER TABLE birds DROP COLUMN name",
        "INSERT INTO birds VALUES (1)",
    ];
    for at in 0..statements.len() - 1 {
        for took_effect in [false, true] {
            let registry = Chain::new(server.kind()).add("0001_birds", &statements).registry();
            died(server, registry, at, took_effect).await;
            apply(server, registry).await.unwrap();
            let found = events(server).await.iter().filter(|event| event.ends_with('!')).count();
            assert_eq!(found, usize::from(took_effect), "{at} {took_effect}: {:?}", events(server).await);
            assert_eq!(server.tables().await, ["birds"]);
            assert_eq!(server.column("SELECT * FROM birds").await, ["1"]);
            server.run("DROP TABLE birds, whimbrel_history, whimbrel_events").await;
        }
    }
}

async fn what_only_a_person_knows_is_asked(server: &Server) {
    let registry = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (id INTEGER)", "TRUNCATE TABLE birds"])
        .registry();
    died(server, registry, 1, false).await;
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    let migrator = Migrator::new(registry);
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    assert_eq!(migrator.questions(&mut databases).await.unwrap().len(), 1);
    migrator.repair(&mut databases, "0001_birds", whimbrel::Mark::Applied, "it was empty").await.unwrap();
    apply(server, registry).await.unwrap();
    assert_eq!(events(server).await.last().unwrap(), "0001_birds applied -");
}

async fn a_ledger_that_was_begun_is_finished(server: &Server) {
    let chain = || Chain::new(server.kind()).add("0001_birds", &["CREATE TABLE birds (id INTEGER)"]).registry();
    let migrator = Migrator::new(chain());
    for broken in ["DROP TABLE whimbrel_events; DELETE FROM whimbrel_history", "DELETE FROM whimbrel_history"] {
        let mut databases = server.open(chain(), Access::ReadWrite).await.unwrap();
        migrator.init(&mut databases).await.unwrap();
        server.run(broken).await;
        assert_eq!(migrator.status(&mut databases).await.unwrap().pending().count(), 1);
        apply(server, chain()).await.unwrap();
        assert_eq!(server.column("SELECT ordinal FROM whimbrel_history WHERE registry = 'whimbrel'").await, ["1"]);
        assert!(apply(server, chain()).await.unwrap().is_empty());
        server.run("DROP TABLE birds, whimbrel_history, whimbrel_events").await;
    }
}

async fn rows_alone_are_one_transaction(server: &Server) {
    let chain = |last| {
        Chain::new(server.kind())
            .add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)"])
            .add("0002_rows", &["INSERT INTO birds VALUES (1)", "INSERT INTO birds VALUES (2)", last])
            .registry()
    };
    let error = apply(server, chain("INSERT INTO birds VALUES (1)")).await.unwrap_err();
    let text = format!("{error:?}");
    assert!(text.contains("it was rolled back, and what came before it stays"), "{text}");
    assert!(text.contains("src/migrations/chain.sql:3:1") && text.contains("(1062)"), "{text}");
    assert_eq!(server.column("SELECT id FROM birds").await, Vec::<String>::new());
    apply(server, chain("INSERT INTO birds VALUES (3)")).await.unwrap();
    assert_eq!(events(server).await.iter().filter(|event| event.starts_with("0002")).count(), 2, "failed, applied");
    let syntax = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)"])
        .add(
            "0002_rows",
            &["INSERT INTO birds VALUES (1)", "INSERT INTO birds VALUES (2)", "INSERT INTO birds VALUES (3)"],
        )
        .add("0003_wrong", &["INSERT INTO birds VALUS (4)"]);
    let text = apply(server, syntax.registry()).await.unwrap_err().to_string();
    assert!(text.contains("src/migrations/chain.sql:1:19"), "{text}");
}

/// Takes a ledger's lock as another process does.
async fn holding(server: &Server, registry: &'static Registry) -> (MySqlConnection, u64) {
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let migrator = Migrator::new(registry);
    let plan = migrator.plan(&mut databases, &Target::Latest, whimbrel::Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    let take = texts[0].statements.iter().find(|text| text.contains("GET_LOCK")).unwrap().clone();
    let mut connection = MySqlConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut connection).await.unwrap();
    let row = sqlx::raw_sql("SELECT CONNECTION_ID()").fetch_one(&mut connection).await.unwrap();
    let id = row.get_unchecked::<String, _>(0).parse().unwrap();
    (connection, id)
}

fn birds(server: &Server) -> &'static Registry {
    Chain::new(server.kind()).add("0001_birds", &["CREATE TABLE birds (id INTEGER)"]).registry()
}

async fn the_lock_is_one_databases_and_its_holder_is_named(server: &Server) {
    let registry = birds(server);
    let (held, id) = holding(server, registry).await;
    let patient = || Migrator::new(registry).lock_wait(Duration::from_millis(300));
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let error = patient().apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_locked(), "{error}");
    assert!(error.to_string().contains(&format!("`main` is locked by process {id} of user root")), "{error}");
    // The same ledger in another database of the same server.
    let name = format!("{}_other", server.url().rsplit_once('/').unwrap().1);
    server.run(&format!("CREATE DATABASE {name}")).await;
    let url = format!("{}/{name}", server.url().rsplit_once('/').unwrap().0);
    let mut other = Databases::connect(registry, &Urls::new().with("main", url), Access::ReadWrite).await.unwrap();
    assert_eq!(patient().apply(&mut other, &Target::Latest).await.unwrap().done.len(), 1);
    server.run(&format!("DROP DATABASE {name}")).await;
    // A session that ends lets go of it.
    held.close().await.unwrap();
    assert_eq!(patient().apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
}

async fn an_application_sees_who_migrates(server: &Server) {
    let registry = birds(server);
    let (held, id) = holding(server, registry).await;
    let mut databases = server.open(registry, Access::ReadOnly).await.unwrap();
    let migrator = Migrator::new(registry);
    let now = migrator.check(&mut databases).await.unwrap();
    let Readiness::InProgress { holder, .. } = &now else { panic!("{now}") };
    assert_eq!((u64::try_from(holder.pid).ok(), holder.state.as_deref()), (Some(id), Some("sleep")));
    held.close().await.unwrap();
    // The server ends a session in its own time.
    while matches!(migrator.check(&mut databases).await.unwrap(), Readiness::InProgress { .. }) {
        tokio::task::yield_now().await;
    }
    assert!(matches!(migrator.check(&mut databases).await.unwrap(), Readiness::Behind { .. }));
}

async fn a_held_table_is_given_up_and_nothing_is_left(server: &Server) {
    let registry = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (id INTEGER PRIMARY KEY)", "INSERT INTO birds VALUES (1)"])
        .add("0002_name", &["ALTER TABLE birds ADD COLUMN name TEXT"])
        .add("0003_rows", &["UPDATE birds SET name = 'crane'"])
        .registry();
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    Migrator::new(registry).apply(&mut databases, &Target::Count(1)).await.unwrap();
    let mut reader = MySqlConnection::connect(server.url()).await.unwrap();
    let hold = |sql: &'static str| sqlx::raw_sql(sql);
    hold("START TRANSACTION; SELECT * FROM birds").execute(&mut reader).await.unwrap();
    let migrator =
        || Migrator::new(registry).lock_timeout(Some(Duration::from_secs(1))).lock_wait(Duration::from_millis(2500));
    let error = migrator().apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_locked(), "{error:?}");
    assert!(error.to_string().starts_with("`0002_name` could not get a lock on `main` at statement 1 ("), "{error}");
    hold("COMMIT").execute(&mut reader).await.unwrap();
    assert_eq!(migrator().apply(&mut databases, &Target::Count(1)).await.unwrap().done.len(), 1);
    // A row that somebody holds.
    hold("START TRANSACTION; UPDATE birds SET name = 'heron'").execute(&mut reader).await.unwrap();
    let error = migrator().apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.to_string().starts_with("`0003_rows` could not get a lock"), "{error}");
    hold("ROLLBACK").execute(&mut reader).await.unwrap();
    assert_eq!(migrator().apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 1);
    assert_eq!(server.column("SELECT name FROM birds").await, ["crane"]);
}

async fn value(connection: &mut MySqlConnection, what: &str) -> String {
    let row = sqlx::raw_sql(AssertSqlSafe(format!("SELECT {what}"))).fetch_one(connection).await.unwrap();
    row.get_unchecked::<String, _>(0)
}

async fn a_given_connection_keeps_its_settings(server: &Server) {
    let waits = "CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)";
    let mut connection = MySqlConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql("SET lock_wait_timeout = 77, innodb_lock_wait_timeout = 33").execute(&mut connection).await.unwrap();
    let registry = Chain::new(server.kind())
        .add("0001_birds", &["CREATE TABLE birds (id INTEGER)", "INSERT INTO birds VALUES (1)"])
        .edit(|m| (m.lock_timeout, m.statement_timeout) = (Some(Duration::from_secs(5)), Some(Duration::from_secs(60))))
        .add("0002_rows", &["INSERT INTO birds VALUES (2)"])
        .add("0003_wrong", &["INSERT INTO nowhere VALUES (2)"])
        .registry();
    let mut databases = Databases::empty().with_mysql("main", connection);
    let error = Migrator::new(registry).apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error}");
    let connection = databases.mysql("main").unwrap();
    assert_eq!(value(connection, waits).await, "77 33");
    assert_eq!(value(connection, "IF(IS_FREE_LOCK('x'), 1, 0)").await, "1");
}

async fn nothing_to_do_is_one_query(server: &Server) {
    let registry = birds(server);
    let connection = MySqlConnection::connect(server.url()).await.unwrap();
    let mut databases = Databases::empty().with_mysql("main", connection);
    whimbrel::apply(registry, &mut databases).await.unwrap();
    let questions = "variable_value FROM information_schema.session_status WHERE variable_name = 'questions'";
    let mysql = "variable_value FROM performance_schema.session_status WHERE variable_name = 'questions'";
    let is_maria = value(databases.mysql("main").unwrap(), "VERSION()").await.contains("MariaDB");
    let questions = if is_maria { questions } else { mysql };
    let mut asked = Vec::new();
    for _ in 0..2 {
        asked.push(value(databases.mysql("main").unwrap(), questions).await.parse::<u64>().unwrap());
        assert!(whimbrel::apply(registry, &mut databases).await.unwrap().is_empty());
    }
    assert_eq!(asked[1] - asked[0], 2, "one, and the one that counts them");
}

async fn a_list_that_is_cut_off_costs_a_look_and_no_more(server: &Server) {
    let mut chain = Chain::new(server.kind());
    for n in 1..=20 {
        let id: &'static str = Box::leak(format!("{n:04}_step").into_boxed_str());
        chain = chain.add(id, &["SELECT 1"]);
    }
    let registry = chain.registry();
    apply(server, registry).await.unwrap();
    let mut connection = MySqlConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql("SET group_concat_max_len = 1024").execute(&mut connection).await.unwrap();
    let mut databases = Databases::empty().with_mysql("main", connection);
    assert!(whimbrel::apply(registry, &mut databases).await.unwrap().is_empty());
    assert_eq!(Migrator::new(registry).check(&mut databases).await.unwrap(), Readiness::Ready);
    server.run("DELETE FROM whimbrel_history WHERE id = '0020_step'").await;
    assert!(whimbrel::apply(registry, &mut databases).await.unwrap_err().is_lost());
}

async fn a_setting_is_made_again_and_a_lost_value_is_not_guessed(server: &Server) {
    let setting = Chain::new(server.kind())
        .add(
            "0001_birds",
            &[
                "SET @first = 7",
                "CREATE TABLE birds (id INTEGER)",
                "INSERT INTO missing VALUES (1)",
                "INSERT INTO birds VALUES (@first)",
            ],
        )
        .registry();
    assert!(apply(server, setting).await.unwrap_err().is_statement_failed());
    server.run("CREATE TABLE missing (id INTEGER)").await;
    apply(server, setting).await.unwrap();
    assert_eq!(server.column("SELECT id FROM birds").await, ["7"]);
    let carried = Chain::new(server.kind())
        .add("0001_birds", &["SELECT 1"])
        .edit(|m| {
            (m.checksum, m.text_checksum) =
                (setting.migrations()[0].checksum(), setting.migrations()[0].text_checksum())
        })
        .add(
            "0002_more",
            &[
                "SELECT max(id) INTO @last FROM birds",
                "CREATE TABLE more (id INTEGER)",
                "ALTER TABLE nowhere ADD COLUMN a TEXT",
                "INSERT INTO more VALUES (@last)",
            ],
        )
        .edit(|m| {
            let Work::Script(script) = &mut m.up else { panic!("a script") };
            let mut statements = script.statements.to_vec();
            statements[0].retry = Retry::Carries;
            script.statements = statements.leak();
            m.transactional = false;
        })
        .registry();
    assert!(apply(server, carried).await.unwrap_err().is_statement_failed());
    server.run("CREATE TABLE nowhere (id INTEGER)").await;
    let error: Error = apply(server, carried).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert!(error.to_string().contains("let the statement that needs it find the value by itself"), "{error}");
}

fn making<'a>(step: &'a mut MysqlStep) -> whimbrel::BoxFuture<'a, whimbrel::Result<()>> {
    Box::pin(async move {
        sqlx::raw_sql("CREATE TABLE made (id INTEGER)").execute(&mut *step).await?;
        Ok(())
    })
}

async fn code_that_changes_a_schema_is_told(server: &Server) {
    let chain = || Chain::new(server.kind()).add_code("0001_made", RustWork::Mysql(making));
    let error = apply(server, chain().registry()).await.unwrap_err();
    let text = format!("{error:?}");
    assert!(text.contains("ended the transaction that it was handed"), "{text}");
    assert!(
        text.contains("hint: a statement that changes a schema commits; `transaction = false` lets code do that"),
        "{text}"
    );
    server.run("DROP TABLE made, whimbrel_history, whimbrel_events").await;
    apply(server, chain().without_transaction().registry()).await.unwrap();
    assert_eq!(server.tables().await, ["made"]);
}
