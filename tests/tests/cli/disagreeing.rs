//! History and code disagree: exit code 3, and nothing is done.

use crate::app::App;
use whimbrel_tests::Server;

/// Applies one chain and then comes with another; gives what `status --check` and `apply` say.
fn after(first: &'static str, then: &'static str) -> (String, String) {
    let server = Server::sqlite();
    assert_eq!(App::new(&server, first).run("apply").code, 0);
    let app = App::new(&server, then);
    let (before, applied, check) = (app.run("status"), app.run("apply"), app.run("status --check"));
    assert_eq!((before.code, applied.code, check.code), (0, 3, 3), "{applied:?}");
    assert_eq!((applied.out.as_str(), &before.out), ("", &check.out), "nothing may be done");
    (check.out, applied.err)
}

#[test]
fn a_changed_migration() {
    let (status, err) = after("", "changed");
    assert!(status.contains("\n! 0001_create_users  TIME TIME  changed since  # ms  1.0.0"), "{status}");
    assert!(
        err.starts_with("error: `0001_create_users` was changed after it was applied to `main`: the ledger has "),
        "{err}"
    );
    assert!(err.contains("src/migrations/chain.sql:1 has "), "{err}");
}

#[test]
fn a_migration_that_is_edited_before_it_is_sealed() {
    let server = Server::sqlite();
    App::new(&server, "").run("apply");
    let app = App::new(&server, "edited");
    let refused = app.run("apply");
    assert!(
        refused.err.contains("it is not sealed yet, so `redo` may roll it back and apply it as it is now"),
        "{refused:?}"
    );
    assert_eq!((app.run("redo").code, app.run("status --check").code), (0, 0));
}

#[test]
fn a_migration_that_is_gone() {
    let (status, err) = after("", "gone");
    assert!(status.contains("\n! 0002_add_email  TIME TIME  not in the code  # ms"), "{status}");
    assert!(err.starts_with("error: `0002_add_email` is applied to `main` but gone from the code"), "{err}");
}

#[test]
fn a_registry_that_is_shorter_than_the_history() {
    let (status, err) = after("", "short");
    assert!(status.contains("\n! 0003_index_names  TIME TIME  newer than this program  # ms"), "{status}");
    assert_eq!(
        err,
        "error: `0003_index_names` is applied to `main` and newer than this program (applied by version 1.0.0), and this \
         program may not work with it; run the newer one, or roll it back first\nhelp: `app status` shows where every migration stands\n"
    );
}

#[test]
fn a_pending_one_before_an_applied_one() {
    let (status, err) = after("gone", "");
    assert!(status.contains("\n! 0002_add_email  pending  out of order  Where to write to\n"), "{status}");
    assert!(err.ends_with("help: `app apply --allow-out-of-order` applies it nevertheless\n"), "{err}");
    let server = Server::sqlite();
    assert_eq!(App::new(&server, "gone").run("apply").code, 0);
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --allow-out-of-order").code, 0);
    assert!(app.run("status --check").out.contains("\n✓ 0002_add_email  TIME TIME  out of order"));
}

#[tokio::test]
async fn a_newer_ledger() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    server
        .run(
            "INSERT INTO whimbrel_history (registry, id, database, ordinal, name, source, kind, checksum, checksum_algorithm, \
             transactional, out_of_order, applied_at, applied_by, whimbrel_version) \
             VALUES ('whimbrel', 'ledger_0099', '*', 99, 'x', 'x', 'sql', '-', 0, true, false, '2030-01-01', 'x', '9.0.0')",
        )
        .await;
    let err = "error: the ledger of `main` has format 99, and this program knows formats up to 1; a newer whimbrel has been here: \
               update the dependency `whimbrel`; nothing was touched\n";
    for command in ["status", "apply", "rollback", "verify"] {
        app.run(command).is(3, "", err);
    }
}

#[tokio::test]
async fn a_checksum_of_a_newer_kind() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --to 2").code, 0);
    server
        .run("UPDATE whimbrel_history SET checksum_algorithm = 99, checksum = 'new' WHERE id = '0002_add_email'")
        .await;
    let what = "`0002_add_email` is applied to `main` with checksum algorithm 99, and this program knows algorithms 1 to 1, \
                so it can't be compared; a newer whimbrel has written it: update the dependency `whimbrel`\n";
    let help = "help: `app status` shows where every migration stands\n";
    for command in ["apply", "rollback --yes", "plan"] {
        app.run(command).is(3, "", &format!("error: {what}{help}"));
    }
    let status = app.run("status --check");
    assert!(status.code == 3 && status.out.ends_with(&format!("! {what}")), "{status:?}");
    let json = app.run("status --json").json();
    assert_eq!(
        (&json["findings"][0]["kind"], &json["migrations"][1]["state"]),
        (&"unknown_checksum".into(), &"applied".into())
    );
}

#[tokio::test]
async fn a_verification_that_does_not_hold() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    server.run("INSERT INTO users (id, name) VALUES (1, NULL)").await;
    let failed = app.run("verify");
    assert_eq!((failed.code, failed.out.as_str()), (3, ""));
    assert!(failed.err.contains("VERIFY of `0003_index_names` does not hold on `main`: it gave `0`"), "{}", failed.err);
}

#[test]
fn what_is_irreversible_stays() {
    let server = Server::sqlite();
    let app = App::new(&server, "irreversible");
    assert_eq!(app.run("apply").code, 0);
    app.run("rollback").is(2, "", "error: `0004_forget_names` is irreversible: the names are gone\n");
}

#[test]
fn what_a_newer_program_applied_is_rolled_back_by_the_ledger() {
    let server = Server::sqlite();
    App::new(&server, "").run("apply");
    let app = App::new(&server, "short");
    assert_eq!(app.run("rollback").code, 3);
    let dry = app.run("rollback --stored --dry-run");
    assert!(
        dry.code == 0
            && dry.out.contains("-- 0003_index_names on main\n")
            && dry.out.contains("DROP INDEX users_by_name;\n"),
        "{dry:?}"
    );
    let refused = app.run("rollback --stored");
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.err.contains("DROP INDEX users_by_name;\n"), "it is shown: {refused:?}");
    assert!(refused.err.contains("0003_index_names: whatever the statements in the ledger drop"), "{refused:?}");
    let done = app.run("rollback --stored --yes");
    assert_eq!((done.code, app.run("check").code), (0, 0), "{done:?}");
    app.run("rollback --stored").is(0, "nothing to roll back\n", "");
}
