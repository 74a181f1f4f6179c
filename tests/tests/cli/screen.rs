//! What differs between a terminal and a pipe.

use crate::app::App;
use std::process::Stdio;
use whimbrel_tests::Server;

#[test]
fn a_terminal_has_colours_and_progress() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let applied = app.on_a_terminal("apply", "").out;
    assert!(applied.contains("[1/3] 0002_add_email") && applied.contains("applied 0003_index_names"), "{applied}");
    assert!(app.on_a_terminal("status", "").out.contains("\u{1b}[32m✓ 0001_create_users\u{1b}[0m"));
}

#[test]
fn a_table_is_no_wider_than_the_terminal() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply").code, 0);
    let (terminal, pipe) = (app.on_a_terminal("status", "").out, app.run("status").out);
    assert!(terminal.starts_with("  id  applied (UTC)  took  schema\n"), "the description gives way: {terminal}");
    assert!(pipe.starts_with("  id  applied (UTC)  took  schema  description\n"), "{pipe}");
}

#[test]
fn a_pipe_has_neither() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let (applied, status) = (app.run("apply"), app.run("status"));
    assert!(![applied.out, applied.err, status.out].concat().contains('\u{1b}'));
}

#[test]
fn a_reader_who_goes_away_stops_nothing() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output =
        app.command("apply").stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    app.ended(&output).is(0, "", "");
    assert!(app.run("status").out.contains("3 of 3 applied"));
}

#[test]
fn a_full_disk_is_told() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = app.ended(&app.command("status").stdout(full).output().unwrap());
    ended.is(1, "", "error: standard output can't be written: No space left on device (os error 28)\n");
}
