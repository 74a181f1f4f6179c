//! What only a server can refuse, on MariaDB, and on MySQL where there is a server.

use crate::app::App;
use serde_json::json;
use whimbrel_tests::{Server, on_each_mysql};

on_each_mysql!(
    a_database_is_created_and_used,
    a_chain_goes_there_and_back,
    a_wrong_password_is_refused_and_never_shown,
    who_may_only_read_can_look_and_not_change,
    a_failing_statement_has_its_place_and_what_stays_is_told,
    a_server_tells_who_logs_in_and_what_they_may_do,
);

/// Replaces what is before the host in a URL.
fn url_of(server: &Server, user: &str) -> String {
    let (_, host) = server.url().rsplit_once('@').expect("the server's URL has a user");
    format!("mysql://{user}@{host}")
}

fn database(server: &Server) -> &str {
    server.url().rsplit_once('/').expect("the URL names a database").1
}

/// Makes a user of the test's own: users belong to the whole server.
async fn user(server: &Server, may: &str) -> String {
    let user = database(server).replace("whimbrel_tests", "u");
    let database = database(server);
    server
        .run(&format!("CREATE USER {user}@'%' IDENTIFIED BY 'reads'; GRANT {may} ON {database}.* TO {user}@'%'"))
        .await;
    user
}

async fn a_database_is_created_and_used(server: &Server) {
    let app = App::new(server, "mysql");
    let missing = format!("{}_new", server.url());
    let failed = app.run_at(&missing, "status");
    assert_eq!((failed.code, failed.out.as_str()), (4, ""), "{failed:?}");
    assert!(failed.err.ends_with("help: `app init` creates it\n"), "{}", failed.err);
    app.run_at(&missing, "init").is(0, "main: database and ledger created\nnext: app apply\n", "");
    app.run_at(&missing, "init").is(0, "main: nothing to do, the ledger is there\nnext: app status\n", "");
    assert!(app.run_at(&missing, "apply").out.ends_with("3 migrations applied in # ms\n"));
    server.run(&format!("DROP DATABASE {}_new", database(server))).await;
}

async fn a_chain_goes_there_and_back(server: &Server) {
    let app = App::new(server, "mysql");
    assert!(app.run("plan").out.contains("0003_index_names"));
    assert_eq!(app.run("apply").code, 0);
    assert!(app.run("status").out.contains("3 of 3 applied"));
    assert_eq!(app.run("verify").code, 0);
    assert_eq!(app.run("check").code, 0);
    let dry = app.run("rollback --dry-run");
    assert!(dry.code == 0 && dry.out.contains("DROP INDEX users_by_name ON users"), "{dry:?}");
    assert!(app.run("status").out.contains("3 of 3 applied"));
    let back = app.run("rollback");
    assert_eq!(back.code, 0, "{back:?}");
    assert!(app.run("status").out.contains("2 of 3 applied"));
    assert_eq!(app.run("history").code, 0);
}

async fn a_wrong_password_is_refused_and_never_shown(server: &Server) {
    let app = App::new(server, "mysql");
    let wrong = url_of(server, "root:s3cret-and-wrong");
    for words in ["status", "apply", "init", "apply --json", "plan --to 1"] {
        let failed = app.run_at(&wrong, words);
        assert_eq!(failed.code, 4, "{failed:?}");
        assert!(failed.err.contains("refused the user or the password"), "{}", failed.err);
        assert!(!format!("{failed:?}").contains("s3cret"), "{failed:?}");
    }
}

async fn who_may_only_read_can_look_and_not_change(server: &Server) {
    let app = App::new(server, "mysql");
    assert_eq!(app.run("apply --to 2").code, 0);
    let user = user(server, "SELECT").await;
    let url = url_of(server, &format!("{user}:reads"));
    for words in ["status", "plan", "apply --dry-run", "history", "verify", "rollback --dry-run"] {
        let looked = app.run_at(&url, words);
        assert_eq!((looked.code, looked.err.as_str()), (0, ""), "{words}: {looked:?}");
    }
    let refused = app.run_at(&url, "apply");
    server.run(&format!("DROP USER {user}@'%'")).await;
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    assert!(refused.err.contains("command denied to user"), "{}", refused.err);
    assert!(app.run("status").out.contains("2 of 3 applied, 1 pending"));
}

async fn a_failing_statement_has_its_place_and_what_stays_is_told(server: &Server) {
    let app = App::new(server, "mysql failing");
    let failed = app.run("apply");
    assert_eq!(failed.code, 1);
    assert!(failed.err.contains("at statement 2 of 2\n  --> src/migrations/chain.sql:2:26\n"), "{}", failed.err);
    assert!(failed.err.contains("caused by: Unknown column 'nam' in "), "{}", failed.err);
    assert!(failed.err.contains("the statement before it stays done"), "{}", failed.err);
    assert_eq!(server.tables().await, ["names", "users"]);
}

async fn a_server_tells_who_logs_in_and_what_they_may_do(server: &Server) {
    let app = App::new(server, "mysql");
    let ended = app.run("doctor --json").json();
    let main = &ended["databases"][0];
    assert_eq!((&ended["well"], &main["pending"], &main["may_create"]), (&json!(true), &json!(null), &json!(true)));
    let version = server.column("SELECT VERSION()").await.remove(0);
    let name = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
    let number = version.split('-').next().unwrap();
    assert_eq!(main["server"], json!(format!("{name} {number}")));
    assert!(main["user"].as_str().unwrap().starts_with("root@"), "{main}");
    assert!(main["clock_ahead_ms"].as_i64().unwrap().abs() < 60_000, "{main}");
    assert_eq!(app.run("apply").code, 0);
    let ended = app.run("doctor");
    assert!(ended.code == 0 && ended.out.contains("3 applied, 0 pending"), "{ended:?}");
    let user = user(server, "INSERT").await;
    let locked_out = app.run_at(&url_of(server, &format!("{user}:reads")), "doctor");
    server.run(&format!("DROP USER {user}@'%'")).await;
    let said = "! reading the ledger failed on `main`: SELECT command denied to user";
    assert!(locked_out.code == 4 && locked_out.out.contains(said), "{locked_out:?}");
    server.run("DROP TABLE whimbrel_events").await;
    let damaged = app.run("doctor");
    assert!(damaged.code == 4 && damaged.out.contains("! the ledger of `main` is damaged"), "{damaged:?}");
}
