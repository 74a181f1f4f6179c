//! Before data is lost: a question on a terminal, a refusal elsewhere.

use crate::app::App;
use whimbrel_tests::Server;

const ASKED: &str =
    "data is lost by rolling back 2 migrations:\n  0002_add_email: drops column `users.email`\nroll back? [y/N] ";

fn applied(server: &Server) -> App<'_> {
    let app = App::new(server, "");
    assert_eq!(app.run("apply").code, 0);
    app
}

#[test]
fn without_a_terminal_it_is_refused() {
    let server = Server::sqlite();
    let app = applied(&server);
    let err = "error: rolling back would lose data, and nobody was asked\n  0002_add_email: drops column `users.email`\n\
               help: nothing was done; agree with `app rollback --to 1 --yes`\n";
    app.run("rollback --to 1").is(5, "", err);
    let json = app.run("rollback --to 1 --json");
    assert_eq!(json.json()["error"]["loses"][0]["loses"], "drops column `users.email`");
    assert_eq!(json.json()["error"]["exit"], 5);
    assert!(app.run("status").out.contains("3 of 3 applied"));
}

#[test]
fn what_loses_nothing_is_not_asked_about() {
    let server = Server::sqlite();
    assert_eq!(applied(&server).run("rollback").code, 0);
}

#[test]
fn on_a_terminal_yes_is_needed() {
    let server = Server::sqlite();
    let app = applied(&server);
    for answer in ["n\n", "\n", "nay\n"] {
        let asked = uncoloured(&app.on_a_terminal("rollback --to 1", answer).out);
        assert!(
            asked.contains(ASKED) && asked.ends_with("error: not rolled back: the answer was not yes\n"),
            "{asked}"
        );
        assert!(app.run("status").out.contains("3 of 3 applied"), "after {answer:?}");
    }
    let asked = app.on_a_terminal("rollback --to 1", "y\n");
    assert!(asked.code == 0 && uncoloured(&asked.out).contains(ASKED), "{asked:?}");
    assert!(app.run("status").out.contains("1 of 3 applied"));
}

#[test]
fn what_was_agreed_to_is_done_or_nothing() {
    for (words, before, meanwhile) in [
        ("rollback --to 1", "apply --to 2", "apply"),
        ("rollback --all", "apply", "rollback"),
        ("redo", "apply --to 2", "apply"),
    ] {
        let server = Server::sqlite();
        let app = App::new(&server, "");
        assert_eq!(app.run(before).code, 0);
        let ended = app.asked(words, "[y/N] ", || assert_eq!(app.run(meanwhile).code, 0), "y\n");
        let err = "error: another process changed the history of `main` meanwhile, so that the run would not do what was \
                   planned; 0 of the planned migrations were done; look at `status`, and run again\n\
                   help: `app status` shows where every migration stands\n";
        let said = uncoloured(&ended.out);
        assert!(ended.code == 1 && said.ends_with(err), "{words}: {said}");
        let applied = if meanwhile == "apply" { "3 of 3" } else { "2 of 3" };
        assert!(app.run("status").out.contains(applied), "{words}");
    }
}

/// Takes the colours out of what a terminal was sent.
fn uncoloured(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('\u{1b}');
    plain.extend(parts.next());
    plain.extend(parts.map(|part| part.split_once(|c: char| c.is_ascii_alphabetic()).map_or(part, |(_, rest)| rest)));
    plain
}
