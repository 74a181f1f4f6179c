//! A ledger that somebody has laid hands on: exit code 3, and what to type to mend it.

use crate::app::App;
use whimbrel_tests::Server;

#[tokio::test]
async fn missing_events() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --to 2").code, 0);
    server.run("DROP TABLE whimbrel_events").await;
    let err = "error: the ledger of `main` is damaged: table `whimbrel_events` is missing; nothing was touched; `init` \
               creates it again and leaves the history as it is\nhelp: `app init` creates it again\n";
    for words in ["status", "plan", "apply", "rollback", "history", "verify", "redo"] {
        app.run(words).is(3, "", err);
    }
    assert_eq!(app.run("status --json").json()["error"]["kind"], "damaged_ledger");
    app.run("init").is(0, "main: the ledger's missing tables created\nnext: app apply\n", "");
    app.run("init").is(0, "main: nothing to do, the ledger is there\nnext: app status\n", "");
    assert!(app.run("status").out.contains("2 of 3 applied, 1 pending"));
    assert_eq!(app.run("apply").code, 0);
}

#[tokio::test]
async fn a_missing_history() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    server.run("DROP TABLE whimbrel_history").await;
    for words in ["status", "plan", "apply", "rollback", "init", "verify"] {
        let failed = app.run(words);
        assert_eq!((failed.code, failed.out.as_str()), (3, ""), "{failed:?}");
        assert!(
            failed.err.contains("table `whimbrel_history` is missing, and `whimbrel_events` is there"),
            "{failed:?}"
        );
        assert!(failed.err.ends_with("help: `app history` shows what had happened\n"), "{failed:?}");
    }
    assert!(app.run("history").out.contains("applied  0003_index_names"));
}

#[tokio::test]
async fn what_moves_a_terminal_is_escaped() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    server
        .run(
            "UPDATE whimbrel_history SET id = '0009_x' || char(10) || 'error: y' || char(27) || '[31m', ordinal = 9, \
             app_version = char(27) || '[2J', name = 'a' || char(13) WHERE id = '0003_index_names'; \
             DELETE FROM whimbrel_events WHERE id = '0003_index_names'; UPDATE whimbrel_events SET actor = 'eve' || char(10) || 'root', message = char(27) || '[2J'",
        )
        .await;
    let id = r"`0009_x\nerror: y\u{1b}[31m`";
    let (status, applied, history) = (app.run("status"), app.run("apply"), app.run("history"));
    assert!(status.out.contains(r"! 0009_x\nerror: y\u{1b}[31m  "), "{}", status.out);
    assert!(status.out.contains(&format!("\n! {id} is applied to `main`")), "{}", status.out);
    assert!(applied.err.starts_with(&format!("error: {id} is applied")), "{}", applied.err);
    assert!(history.out.contains(r"  eve\nroot  \u{1b}[2J"), "{}", history.out);
    for ended in [status, applied, history] {
        assert!(!format!("{}{}", ended.out, ended.err).contains(['\u{1b}', '\r']), "{ended:?}");
    }
    assert_eq!(app.run("status --json").json()["findings"][0]["id"], "0009_x\nerror: y\u{1b}[31m", "JSON has its own");
}

#[tokio::test]
async fn a_time_that_is_none() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    server.run("UPDATE whimbrel_history SET applied_at = 'soon' WHERE ordinal = 1").await;
    server
        .run("UPDATE whimbrel_history SET applied_at = '2030-01-02 03:04:05' WHERE ordinal = 2 AND registry = 'chain'")
        .await;
    server.run("UPDATE whimbrel_events SET at = '12' WHERE seq = 1").await;
    let status = app.run("status --json").json();
    let times = [0, 1].map(|n| &status["migrations"][n]["applied_at"]);
    assert_eq!(times, [&serde_json::Value::Null, &"2030-01-02T03:04:05.000Z".into()]);
    assert!(app.run("status").out.contains("✓ 0001_create_users  unknown  "), "{}", app.run("status").out);
    assert_eq!(app.run("history --json").json()["entries"][0]["at"], serde_json::Value::Null);
}
