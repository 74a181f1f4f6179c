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
