//! `doctor`: how each database is, whatever is the matter with the others.

use crate::app::App;
use serde_json::json;
use whimbrel_tests::Server;

/// Takes the figures out of what was said, which differ from run to run.
fn steady(text: &str) -> String {
    let line = |line: &str| match line.find(", answers in ") {
        Some(at) => format!("{}, answers\n", &line[..at]),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[tokio::test]
async fn a_file_before_and_after_its_first_migration() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    app.run("apply");
    let ended = app.run("doctor");
    let version = server.column("SELECT sqlite_version()").await.remove(0);
    let wanted = format!(
        "✓ main  sqlite:FOLDER/test.db\n    SQLite {version}, answers\n    3 applied, 0 pending\nnext: app status\n"
    );
    assert_eq!((ended.code, steady(&ended.out), ended.err.as_str()), (0, wanted, ""));
    let other = app.run_at(&format!("{}.other", server.url()), "doctor");
    assert!(other.code == 0 && other.out.contains("not there yet"), "{other:?}");
    assert!(!std::path::Path::new(&format!("{}.other", server.url().trim_start_matches("sqlite:"))).exists());
    server.run("DROP TABLE whimbrel_events").await;
    let damaged = app.run("doctor");
    assert!(damaged.code == 4 && damaged.out.contains("! the ledger of `main` is damaged"), "{damaged:?}");
}

#[tokio::test]
async fn a_server_tells_who_logs_in_and_what_they_may_do() {
    for version in ["12", "15", "18"] {
        let server = Server::postgres(version).await;
        let app = App::new(&server, "postgres");
        let ended = app.run("doctor --json").json();
        let main = &ended["databases"][0];
        assert_eq!((&ended["well"], &main["user"], &main["pending"]), (&json!(true), &json!("postgres"), &json!(null)));
        assert!(main["server"].as_str().unwrap().starts_with(&format!("PostgreSQL {version}.")), "{main}");
        assert!(main["clock_ahead_ms"].as_i64().unwrap().abs() < 60_000, "{main}");
        let role = format!("{}_doctor", server.column("SELECT current_database()").await[0]);
        server.run(&format!("REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE ROLE {role} LOGIN PASSWORD 'x'")).await;
        let (scheme, rest) = server.url().split_once("://").unwrap();
        let url = format!("{scheme}://{role}:x@{}", rest.split_once('@').unwrap().1);
        let locked_out = app.run_at(&url, "doctor");
        let said =
            "! reading the ledger failed on `main`: permission denied for schema public (42501)\n      advice: grant";
        assert!(locked_out.code == 4 && locked_out.out.contains(said), "{locked_out:?}");
        server.run(&format!("GRANT USAGE ON SCHEMA public TO {role}")).await;
        let refused = app.run_at(&url, "doctor");
        let said = format!("! it has no ledger yet, and `{role}` may not create tables where that belongs\n");
        assert!(refused.code == 4 && refused.out.contains(&said), "{refused:?}");
        server.run(&format!("REVOKE ALL ON SCHEMA public FROM {role}; DROP ROLE {role}")).await;
    }
}

#[tokio::test]
async fn one_that_is_down_hides_no_other() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres");
    let down = app.run_at("postgres://ada:s3cret@127.0.0.1:1/app", "doctor");
    assert_eq!(down.code, 4);
    assert!(down.out.contains("no server answers at 127.0.0.1:1") && !down.out.contains("s3cret"), "{down:?}");
    assert!(down.out.ends_with("something stands in the way, as shown above\n"), "{down:?}");
    let server = Server::sqlite();
    let output =
        App::new(&server, "two").command("doctor").env("CACHE_URL", "sqlite:/no/folder/x.db").output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("✓ main  ") && out.contains("! cache  sqlite:/no/folder/x.db\n    ! `cache`"), "{out}");
    assert_eq!(output.status.code(), Some(4));
}
