//! What is typed wrongly: told before anything is done, with what to type instead; always exit code 2.

use crate::app::App;
use whimbrel_tests::Server;

/// Checks that a command is refused with these words, and that no database was made.
#[track_caller]
fn refused(chain: &'static str, words: &str, err: &str) {
    let server = Server::sqlite();
    App::new(&server, chain).run(words).is(2, "", err);
    assert!(!std::path::Path::new(server.url().trim_start_matches("sqlite:")).exists());
}

#[test]
fn the_nearest_command_is_suggested() {
    let err = "error: unrecognized subcommand 'aply'\n\n  tip: a similar subcommand exists: 'apply'\n\n\
               Usage: app [OPTIONS] <COMMAND>\n\nFor more information, try '--help'.\n";
    refused("", "aply", err);
}

#[test]
fn the_nearest_id_is_suggested() {
    refused(
        "",
        "apply --to 0002_ad_email",
        "error: there is no migration `0002_ad_email`\nhelp: did you mean `0002_add_email`?\n",
    );
    refused(
        "",
        "apply --only index_nmaes",
        "error: there is no migration `index_nmaes`\nhelp: did you mean `0003_index_names`?\n",
    );
    refused(
        "",
        "rollback --to 9",
        "error: there is no migration `9`\nhelp: there are 3 migrations, from `0001_create_users` to `0003_index_names`\n",
    );
}

#[test]
fn what_could_be_several_is_refused() {
    refused(
        "",
        "plan --to 000",
        "error: `000` could be any of 3 migrations: `0001_create_users`, `0002_add_email`, `0003_index_names`\nhelp: write more of the id\n",
    );
}

#[test]
fn versions_and_counts_are_checked() {
    refused("", "apply --to 1.2", "error: `1.2` is no schema version\nhelp: write three numbers, such as `1.2.0`\n");
    for words in ["apply --to -2", "plan --to -2"] {
        let err = "error: `-2` goes the wrong way: this goes forward\nhelp: write `--to +2` for so many migrations\n";
        refused("", words, err);
    }
    for words in ["rollback --to +2", "plan --rollback --to +2"] {
        let err = "error: `+2` goes the wrong way: this goes back\nhelp: write `--to -2` for so many migrations\n";
        refused("", words, err);
    }
    for words in ["plan --to -0", "apply --to +0", "apply --to +99999999999999999999"] {
        let typed = words.split(' ').next_back().unwrap();
        let err = format!("error: `{typed}` is no count of migrations\nhelp: write `--to +1`, or a greater number\n");
        refused("", words, &err);
    }
    for words in ["apply --to ++2", "rollback --to -+2", "plan --to +"] {
        let typed = words.split(' ').next_back().unwrap();
        let server = Server::sqlite();
        let ended = App::new(&server, "").run(words);
        assert!(
            ended.code == 2 && ended.err.starts_with(&format!("error: there is no migration `{typed}`")),
            "{ended:?}"
        );
    }
    refused("", "apply --to 1.2.0", "error: no migration declares schema 1.2.0\nhelp: the versions are 1.0.0, 1.1.0\n");
}

#[test]
fn a_limit_shows_something() {
    let err = "error: invalid value '0' for '--limit <COUNT>': write a number from 1 on\n\nFor more information, try '--help'.\n";
    refused("", "history --limit 0", err);
}

#[test]
fn everything_is_a_way_back() {
    let server = Server::sqlite();
    let ended = App::new(&server, "").run("plan --all");
    assert!(ended.code == 2 && ended.err.contains("--rollback"), "{ended:?}");
    let ended = App::new(&server, "").run("plan --rollback --all --to 1");
    assert!(ended.code == 2 && ended.err.contains("cannot be used with"), "{ended:?}");
}

#[test]
fn databases_are_checked() {
    refused("", "status --url man=sqlite:x.db", "error: there is no database `man`\nhelp: did you mean `main`?\n");
    refused(
        "two",
        "status --url sqlite:x.db",
        "error: `--url` doesn't say for which database; there are `main`, `cache`\nhelp: write `--url main=URL`\n",
    );
    refused("two", "status", "error: no URL for `cache`; set CACHE_URL\nhelp: or write `app status --url cache=URL`\n");
    refused(
        "",
        "status --url sqlite:a --url sqlite:b",
        "error: `--url` is given twice for `main`\nhelp: leave one out\n",
    );
}

#[test]
fn a_missing_url_says_what_to_set() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let ended = app.ended(&app.command("apply --to 2").env_remove("MAIN_URL").output().unwrap());
    ended.is(
        2,
        "",
        "error: no URL for `main`; set MAIN_URL or DATABASE_URL\nhelp: or write `app apply --to 2 --url main=URL`\n",
    );
    let ended = app.ended(&app.command("plan --rollback --all").env_remove("MAIN_URL").output().unwrap());
    assert!(ended.err.ends_with("help: or write `app plan --rollback --all --url main=URL`\n"), "{}", ended.err);
}

#[test]
fn a_url_in_the_wrong_place_keeps_its_password() {
    let server = Server::sqlite();
    let ended = App::new(&server, "").run("status postgres://ada:s3cret@db/app");
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.starts_with("error: unexpected argument 'postgres://ada:***@db/app' found\n"), "{}", ended.err);
}

#[test]
fn help_names_the_program_and_every_exit_code() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let help = app.run("--help");
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    for code in 0..=6 {
        assert!(help.out.contains(&format!("\n  {code} ")), "{code} is missing in {}", help.out);
    }
    assert!(app.run("rollback --help").out.contains("\n  app rollback --to 0003  (0003 stays applied)\n"));
    assert_eq!(app.run("--version").out, "chain 1.0.0\n");
}
