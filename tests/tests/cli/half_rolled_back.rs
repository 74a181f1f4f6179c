//! A rollback without a transaction that has stopped on its way, as each command shows it.

use crate::app::App;
use serde_json::json;
use whimbrel_tests::Server;

/// Applies everything and rolls back until that fails at the second of three statements.
async fn stopped(server: &Server) -> App<'_> {
    let app = App::new(server, "postgres stocked");
    assert_eq!(app.run("apply").code, 0);
    let failed = app.run("rollback");
    assert!(failed.code == 1 && failed.err.contains("at statement 2 of 3"), "{failed:?}");
    app
}

const SAID: &str = "the rollback of `0004_stock` on `main` failed at statement 2 of 3: table \"never_there\" does not exist; nothing is \
                    applied before it has ended: roll it back again, which goes on from there, or settle it with a repair";

#[tokio::test]
async fn every_command_says_it_and_what_to_do() {
    let server = Server::postgres("18").await;
    let app = stopped(&server).await;
    let status = app.run("status --check");
    assert_eq!(status.code, 3);
    assert!(
        status.out.contains("! 0004_stock") && status.out.contains("rollback stopped at statement 2 of 3"),
        "{status:?}"
    );
    assert!(status.out.ends_with(&format!("! {SAID}\n")), "{status:?}");
    app.run("check").is(3, &format!("not ready: a rollback has not ended\n  - {SAID}\n"), "");
    let doctor = app.run("doctor");
    assert!(doctor.code == 4 && doctor.out.contains(&format!("    ! {SAID}\n")), "{doctor:?}");
    let help = "help: `app rollback --only 0004_stock` goes on with the rollback\n";
    app.run("apply").is(3, "", &format!("error: {SAID}\n{help}"));
    app.run("plan").is(3, "", &format!("error: {SAID}\n{help}"));
    app.run("repair").is(
        0,
        "the rollback of 0004_stock failed at statement 2 of 3: table \"never_there\" does not exist:
  | DROP TABLE boxes;
  | DROP TABLE never_there;
  | DROP TABLE shelves;
roll it back again, which goes on from there; or, if you have brought back what it had undone, or undone the rest, write that down
next: app rollback --only 0004_stock
  or: app repair 0004_stock --mark applied|rolled-back --reason \"…\"
",
        "",
    );
    let mended = App::new(&server, "postgres stocked mended");
    assert_eq!(mended.run("rollback --only 0004_stock --yes").code, 0);
    assert_eq!(mended.run("apply").code, 0);
    mended.run("check").is(0, "ready: everything is applied\n", "");
}

#[tokio::test]
async fn programs_read_it_too() {
    let server = Server::postgres("18").await;
    let app = stopped(&server).await;
    let status = app.run("status --json").json();
    assert_eq!(status["migrations"][3]["state"], json!("half_rolled_back"));
    assert_eq!(status["findings"], json!([{ "kind": "half_rolled_back", "id": "0004_stock", "message": SAID }]));
    let check = app.run("check --json").json();
    assert_eq!((&check["ready"], &check["state"]), (&json!(false), &json!("disagrees")));
    assert_eq!(app.run("apply --json").json()["error"]["findings"][0]["kind"], json!("half_rolled_back"));
    let open = app.run("repair --json").json();
    let asked = &open["open"][0];
    assert_eq!(
        (&asked["asks"], &asked["direction"], &asked["statement"]),
        (&json!("rollback"), &json!("down"), &json!(2))
    );
}

#[tokio::test]
async fn a_person_settles_it() {
    for (mark, typed, said) in
        [("applied", "a", "there as a whole again"), ("rolled-back", "r", "rolled back as a whole")]
    {
        let server = Server::postgres("18").await;
        let app = stopped(&server).await;
        let asked = app.on_a_terminal("repair", &format!("{typed}\nlooked\n"));
        assert!(asked.out.contains("[a/r, anything else leaves it open, for a rollback]"), "{asked:?}");
        assert!(asked.out.contains(&format!("0004_stock: written down that it is {said}")), "{asked:?}");
        app.run("repair").is(0, "nothing to repair\n", "");
        assert_eq!(app.run("check").code, if mark == "applied" { 0 } else { 6 });
        let told = format!("marked as {}: looked", mark.replace('-', " "));
        assert!(app.run("history").out.contains(&told), "{told}");
    }
    let server = Server::postgres("18").await;
    let app = stopped(&server).await;
    let settled = app.run("repair 0004_stock --mark applied --reason seen");
    settled.is(0, "0004_stock: written down that it is there as a whole again\nnext: app apply\n", "");
    assert_eq!(app.run("apply").code, 0);
}

#[tokio::test]
async fn a_statement_of_it_that_is_in_doubt_is_asked_about_first() {
    let server = Server::postgres("18").await;
    let app = App::new(&server, "postgres stocked doubtful");
    app.run("apply");
    assert_eq!(app.run("rollback --yes").code, 1);
    server.run("DELETE FROM whimbrel_events WHERE event = 'failed'").await;
    let refused = app.run("apply");
    assert!(refused.code == 3 && refused.err.contains("died at statement 2 of 3"), "{refused:?}");
    let asks = app.run("rollback --yes");
    assert!(asks.err.ends_with("help: `app repair` shows it and writes down what you have found\n"), "{asks:?}");
    assert!(app.run("repair").out.contains("look at the database whether it took effect"));
    app.run("repair 0004_stock --mark applied --reason seen").is(
        0,
        "0004_stock, statement 2 of 3: written down that it took effect: the next run goes on after it\n\
         next: app rollback --only 0004_stock\n",
        "",
    );
    assert!(app.run("apply").err.contains("died after statement 2 of 3"));
    assert_eq!(app.run("rollback --only 0004_stock --yes").code, 0);
    assert_eq!(server.tables().await, ["users"]);
}
