//! What only a server can refuse, on PostgreSQL 15.

use crate::app::App;
use whimbrel_tests::Server;

/// Replaces what is before the host in a URL.
fn url_of(server: &Server, user: &str) -> String {
    let (_, host) = server.url().rsplit_once('@').expect("the server's URL has a user");
    format!("postgres://{user}@{host}")
}

fn database(server: &Server) -> &str {
    server.url().rsplit_once('/').expect("the URL names a database").1
}

#[tokio::test]
async fn a_database_is_created_and_used() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    server.run(&format!("CREATE SCHEMA {}", "other")).await;
    let missing = format!("{}_new", server.url());
    let failed = app.run_at(&missing, "status");
    assert_eq!((failed.code, failed.out.as_str()), (4, ""), "{failed:?}");
    assert!(failed.err.ends_with("help: `app init` creates it\n"), "{}", failed.err);
    app.run_at(&missing, "init").is(0, "main: database and ledger created\nnext: app apply\n", "");
    app.run_at(&missing, "init").is(0, "main: nothing to do, the ledger is there\nnext: app status\n", "");
    assert!(app.run_at(&missing, "apply").out.ends_with("3 migrations applied in # ms\n"));
    server.run(&format!("DROP DATABASE {}_new WITH (FORCE)", database(&server))).await;
}

#[tokio::test]
async fn the_ledger_is_in_the_schema_that_was_chosen() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    assert_eq!(app.run("apply --ledger-schema audit").code, 0);
    let schemas = server.column("SELECT schemaname FROM pg_tables WHERE tablename = 'whimbrel_history'").await;
    assert_eq!(schemas, ["audit"]);
    assert!(app.run("status --ledger-schema audit").out.contains("3 of 3 applied"));
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_shown() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    let wrong = url_of(&server, "postgres:s3cret-and-wrong");
    for words in ["status", "apply", "init", "apply --json", "plan --to 1"] {
        let failed = app.run_at(&wrong, words);
        assert_eq!(failed.code, 4, "{failed:?}");
        assert!(failed.err.contains("refused the user or the password"), "{}", failed.err);
        assert!(!format!("{failed:?}").contains("s3cret"), "{failed:?}");
    }
}

#[test]
fn a_server_that_is_down_is_named() {
    let server = Server::sqlite();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let failed = App::new(&server, "postgres").run_at(&format!("postgres://ada:s3cret@127.0.0.1:{port}/app"), "apply");
    let err = format!(
        "error: can't connect to `main` (postgres://ada:***@127.0.0.1:{port}/app): no server answers at 127.0.0.1:{port}; start it, \
         or correct host and port in the URL\ncaused by: Connection refused (os error 111)\n"
    );
    failed.is(4, "", &err);
}

#[tokio::test]
async fn who_may_only_read_can_look_and_not_change() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    assert_eq!(app.run("apply --to 2").code, 0);
    // Roles belong to the whole server: the database's name makes this one the test's own.
    let role = format!("reader_of_{}", database(&server));
    server
        .run(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
        ))
        .await;
    let url = url_of(&server, &format!("{role}:reads"));
    for words in ["status", "plan", "apply --dry-run", "history", "verify", "rollback --dry-run"] {
        let looked = app.run_at(&url, words);
        assert_eq!((looked.code, looked.err.as_str()), (0, ""), "{words}: {looked:?}");
    }
    let refused = app.run_at(&url, "apply");
    server.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    assert!(refused.err.contains("caused by: must be owner of table users (42501)"), "{}", refused.err);
    assert!(app.run("status").out.contains("2 of 3 applied, 1 pending"));
}

#[tokio::test]
async fn a_server_that_only_allows_reading() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    assert_eq!(app.run("apply --to 2").code, 0);
    server.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database(&server))).await;
    assert_eq!(app.run("status").code, 0);
    let refused = app.run("apply");
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    assert!(refused.err.contains("in a read-only transaction (25006)"), "{}", refused.err);
}

#[tokio::test]
async fn a_failing_statement_has_its_place() {
    let server = Server::postgres("15").await;
    let failed = App::new(&server, "postgres failing").run("apply");
    assert_eq!(failed.code, 1);
    assert!(failed.err.contains("at statement 2 of 2\n  --> src/migrations/chain.sql:2:26\n"), "{}", failed.err);
    assert!(failed.err.contains("caused by: column \"nam\" does not exist (42703)"), "{}", failed.err);
    assert_eq!(server.tables().await, ["users"]);
}
