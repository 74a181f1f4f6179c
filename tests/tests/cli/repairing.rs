//! Whether the application may start, and what becomes of a statement that a process died on.

use crate::app::App;
use whimbrel_tests::Server;

/// Leaves a ledger as a process leaves it that died on the second statement.
async fn died(server: &Server) -> App<'_> {
    let app = App::new(server, "calling");
    assert_eq!(app.run("apply").code, 1);
    let long_ago = "DELETE FROM whimbrel_events WHERE event = 'failed'; \
                    UPDATE whimbrel_events SET at = '2020-01-01T00:00:00.000Z'";
    server.run(long_ago).await;
    app
}

#[tokio::test]
async fn check_tells_whether_the_application_may_start() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let behind = "not ready: `0001_create_users` and 2 others still to be applied, and nobody is at it\n";
    app.run("check").is(6, behind, "");
    app.run("check --wait 0").is(6, behind, "");
    app.run("apply");
    app.run("check").is(0, "ready: everything is applied\n", "");
    app.run("check --wait 9").is(0, "ready: everything is applied\n", "");
    let json = app.run("check --json").out;
    assert!(json.contains("\"ready\": true") && json.contains("\"state\": \"ready\""), "{json}");
    let changed = App::new(&server, "changed").run("check");
    assert_eq!(changed.code, 3);
    assert!(
        changed.out.starts_with("not ready: code and ledgers disagree\n  - `0001_create_users` was changed"),
        "{changed:?}"
    );
    server.run("UPDATE whimbrel_history SET phase = 'expand'").await;
    let ahead = "ready: a newer program has applied `0003_index_names`, and this one works with that\n";
    App::new(&server, "short").run("check").is(0, ahead, "");
}

#[tokio::test]
async fn a_statement_in_doubt_is_shown_and_settled() {
    let server = Server::sqlite();
    let app = died(&server).await;
    let refused = app.run("apply");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("look at the database whether it took effect"), "{refused:?}");
    assert!(refused.err.ends_with("help: `app repair` shows it and writes down what you have found\n"), "{refused:?}");
    app.run("repair").is(
        0,
        "0004_call, statement 2 of 2, begun at 2020-01-01T00:00:00.000Z:
  | CALL archive()
look at the database whether it took effect
next: app repair 0004_call --mark applied|rolled-back --reason \"…\"
",
        "",
    );
    assert!(app.run("repair 0004_call --mark applied").code == 2, "a reason is missing");
    assert!(app.run("repair 0001_create_users --mark applied --reason seen").err.contains("nothing to repair"));
    assert!(app.run("repair 0004_cal --mark applied --reason seen").err.contains("did you mean `0004_call`?"));
    app.run("repair 0004_call --mark applied --reason seen").is(
        0,
        "0004_call, statement 2 of 2: written down that it took effect: the next run goes on after it\nnext: app apply\n",
        "",
    );
    assert_eq!(app.run("apply").code, 0);
    assert!(app.run("history").out.contains("marked as applied: seen"));
    app.run("repair").is(0, "nothing to repair\n", "");
}

#[tokio::test]
async fn a_migration_that_was_changed_is_recorded_as_it_is_where_somebody_says_so() {
    let server = Server::sqlite();
    App::new(&server, "").run("apply");
    let recorded =
        server.column("SELECT checksum FROM whimbrel_history WHERE id = '0001_create_users'").await.remove(0);
    let at = server.column("SELECT applied_at FROM whimbrel_history WHERE id = '0001_create_users'").await.remove(0);
    let app = App::new(&server, "changed");
    assert_eq!(app.run("apply").code, 3);
    let shown = app.run("repair");
    let begins = format!("0001_create_users was changed after it was applied at {at}:\n  the ledger has  {recorded}\n");
    assert!(shown.out.starts_with(&begins), "{shown:?}");
    let ends = "restore what was edited; or, if the database has what it does now, have that recorded\n\
                next: app repair 0001_create_users --mark applied --reason \"…\"\n";
    assert!(shown.out.ends_with(ends), "{shown:?}");
    let undone = app.run("repair 0001_create_users --mark rolled-back --reason seen");
    assert!(undone.code == 3 && undone.err.contains("was changed after it was applied"), "{undone:?}");
    app.run("repair 0001_create_users --mark applied --reason seen").is(
        0,
        "0001_create_users: recorded as it is now\nnext: app apply\n",
        "",
    );
    assert_eq!(app.run("apply").code, 0);
    assert_eq!(app.run("status --check").code, 0);
    let told = server.column("SELECT message || '|' || detail FROM whimbrel_events WHERE event = 'repaired'").await;
    assert_eq!(told, [format!("marked as applied: seen|the ledger had the checksum {recorded}")]);
    assert_eq!(App::new(&server, "").run("apply").code, 3, "the program from before finds it changed");
}

#[tokio::test]
async fn on_a_terminal_it_is_asked() {
    let server = Server::sqlite();
    let app = died(&server).await;
    let asked = app.on_a_terminal("repair", "n\nthe table is empty\n");
    assert!(asked.out.contains("did it take effect? [y/n, anything else leaves it open]"), "{asked:?}");
    assert!(asked.out.contains("did not take effect: the next run does it again"), "{asked:?}");
    assert_eq!(app.run("repair --json").code, 0);
    let left = app.run("apply");
    assert!(left.err.contains("near \"CALL\": syntax error"), "{left:?}");
}
