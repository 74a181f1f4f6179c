//! A signal stops a run between two migrations; what is under way is finished first.

use crate::app::App;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use whimbrel_tests::Server;

/// Starts a run, and waits until it is at the migration that takes a second.
async fn at_the_slow_one(app: &App<'_>) -> Child {
    let child = app.command("apply").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> \
                  pg_backend_pid() AND datname = current_database()";
    while app.server.column(sleeps).await != ["1"] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn sigterm_finishes_the_migration_that_is_under_way() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres slow");
    let child = at_the_slow_one(&app).await;
    terminate(&child);
    let ended = app.ended(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, 7, "{ended:?}");
    assert_eq!(ended.err, "stopping when this migration is done; once more ends it at once\n");
    assert!(ended.out.ends_with("stopped: 4 migrations applied, the rest not begun\nnext: app status\n"), "{ended:?}");
    assert_eq!(server.column("SELECT name FROM users").await, ["slow"]);
    assert_eq!(app.run("apply").code, 0, "the lock was given back");
    assert_eq!(server.column("SELECT name FROM users ORDER BY id").await, ["slow", "after"]);
}

#[tokio::test]
async fn a_second_signal_ends_it_and_nothing_is_half_done() {
    let server = Server::postgres("15").await;
    let app = App::new(&server, "postgres slow");
    let child = at_the_slow_one(&app).await;
    terminate(&child);
    tokio::time::sleep(Duration::from_millis(200)).await;
    terminate(&child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143));
    assert_eq!(app.run("apply").code, 0);
    assert_eq!(server.column("SELECT name FROM users ORDER BY id").await, ["slow", "after"]);
}
