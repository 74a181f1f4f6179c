//! A migration fails: exit code 1, the place in the author's file, and what was done before it stays.

use crate::app::App;
use whimbrel_tests::Server;

const DONE: &str = "applied 0001_create_users (# ms)\napplied 0002_add_email (# ms)\napplied 0003_index_names (# ms)\n";

#[tokio::test]
async fn a_statement_is_shown_at_its_place() {
    let server = Server::sqlite();
    let app = App::new(&server, "failing");
    app.run("apply").is(
        1,
        DONE,
        "error: migration `0004_fill_names` failed on `main` at statement 2 of 2
  --> src/migrations/chain.sql:2:26
  | INSERT INTO names SELECT nam FROM users
it was rolled back, and what came before it stays; mend it and run again
caused by: no such column: nam (1)
help: `app status` shows where every migration stands
",
    );
    assert_eq!(server.tables().await, ["users"], "the failed one's first statement is rolled back");
    let status = app.run("status");
    assert!(status.out.contains("\n! 0004_fill_names  pending  failed at statement 2 of 2"), "{}", status.out);
    assert!(app.run("history").out.contains("failed  0004_fill_names  ada"), "{}", app.run("history").out);
}

#[test]
fn json_says_what_was_done_before() {
    let server = Server::sqlite();
    let failed = App::new(&server, "failing").run("apply --json");
    let json = failed.json();
    assert_eq!((failed.code, &json["error"]["kind"]), (1, &"statement_failed".into()));
    assert_eq!(json["done"].as_array().unwrap().len(), 3);
    assert_eq!(json["error"]["causes"][0], "no such column: nam (1)");
}

#[test]
fn a_panic_is_an_error_like_others() {
    let server = Server::sqlite();
    let app = App::new(&server, "panicking");
    let failed = app.run("apply");
    assert_eq!((failed.code, failed.out.as_str()), (1, DONE));
    let err = "error: the Rust code of `0004_guess_names` panicked on `main`: no names to guess from\n\
               it was rolled back, and what came before it stays; mend it and run again\n\
               help: `app status` shows where every migration stands\n";
    assert!(failed.err.ends_with(err), "{}", failed.err);
    assert!(app.run("status").out.contains("3 of 4 applied, 1 pending"));
}
