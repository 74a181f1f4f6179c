//! Databases that can't be had: which, why, and what to do.

use crate::app::App;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use whimbrel_tests::Server;

#[test]
fn urls_that_are_not_understood() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let err =
        "error: the URL of `main` is not understood: it is declared as Sqlite, whose URLs look like `sqlite:path`\n";
    app.run_at("mysql://ada:s3cret@db/app", "status").is(2, "", err);
    let app = App::new(&server, "postgres");
    let wrong = app.run_at("postgres://ada:s3cret@db:99999/app", "status");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.starts_with("error: the URL of `main` is not understood: invalid port number"), "{}", wrong.err);
    assert!(!wrong.err.contains("s3cret"), "{}", wrong.err);
}

#[test]
fn a_folder_that_is_not_there() {
    let server = Server::sqlite();
    let missing = format!("{}.folder/app.db", server.url());
    let failed = App::new(&server, "").run_at(&missing, "apply");
    let err = "error: `main` (sqlite:FOLDER/test.db.folder/app.db) is not there: the folder `FOLDER/test.db.folder` does not exist; \
               create it, or correct the path\n";
    failed.is(4, "", err);
    for words in ["status", "plan", "verify", "history", "rollback", "init", "apply --dry-run"] {
        App::new(&server, "").run_at(&missing, words).is(4, "", err);
    }
}

#[test]
fn a_path_that_is_no_file() {
    let server = Server::sqlite();
    let folder = Path::new(server.url().trim_start_matches("sqlite:")).parent().unwrap().to_owned();
    let pipe = folder.join("pipe.db");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for words in ["status", "init", "apply"] {
        let err = |name, what| format!("error: `main` (sqlite:FOLDER{name}) is not there: the path is {what}\n");
        let (a_pipe, a_folder) = ("a pipe, a socket or a device; name a file", "a folder; name a file in it");
        let app = App::new(&server, "");
        app.run_at(&format!("sqlite:{}", pipe.display()), words).is(4, "", &err("/pipe.db", a_pipe));
        app.run_at(&format!("sqlite:{}", folder.display()), words).is(4, "", &err("", a_folder));
    }
}

#[test]
fn a_password_in_the_wrong_kind_of_url_is_not_shown() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let err =
        "error: the URL of `main` is not understood: a SQLite file has no user and no password; write `sqlite:path`\n";
    for words in ["status", "apply", "init"] {
        app.run_at("sqlite://user:s3cret@host/db", words).is(2, "", err);
    }
}

#[test]
fn a_variable_that_holds_no_url_is_told_and_not_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::sqlite();
    let app = App::new(&server, "");
    let err = |name, what| {
        format!(
            "error: the URL of `main` is not understood: the environment variable {name} {what}; correct it, or unset it\n"
        )
    };
    let bytes = std::ffi::OsStr::from_bytes(b"sqlite:s3cret\xff.db");
    for (value, what) in [(std::ffi::OsStr::new(""), "is empty"), (bytes, "is not UTF-8")] {
        for name in ["MAIN_URL", "DATABASE_URL"] {
            let command = |words| {
                let mut command = app.command(words);
                command.env_remove("MAIN_URL").env(name, value);
                app.ended(&command.output().unwrap())
            };
            command("status").is(2, "", &err(name, what));
            assert_eq!(command(&format!("status --url {}", server.url())).code, 0, "the option comes first");
        }
    }
}

#[test]
fn a_refused_baseline_leaves_no_file() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    for words in ["baseline --to 2", "baseline --from auto"] {
        assert_eq!(app.run(words).code, 3);
        assert!(!Path::new(server.url().trim_start_matches("sqlite:")).exists(), "{words}");
    }
}

#[test]
fn a_file_that_is_no_database() {
    let server = Server::sqlite();
    let path = server.url().trim_start_matches("sqlite:").to_owned();
    let text = "not a database, but a text that is long enough to be looked at as one. ".repeat(20);
    std::fs::write(&path, &text).unwrap();
    let err = "error: the file of `main` is not a SQLite database; check the path, it was not touched\n\
               caused by: file is not a database (26)\n";
    App::new(&server, "").run("status").is(4, "", err);
    App::new(&server, "").run("apply").is(4, "", err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_locked_file() {
    use whimbrel::sqlx::{self, Connection, SqliteConnection};
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --to 1").code, 0);
    let mut other = SqliteConnection::connect(server.url()).await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let failed = app.run("apply --lock-wait 0");
    assert_eq!((failed.code, failed.out.as_str()), (4, ""), "{failed:?}");
    assert!(failed.err.contains("locked"), "{}", failed.err);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(app.run("apply --lock-wait 0").code, 0);
}

#[test]
fn a_file_that_may_only_be_read() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --to 1").code, 0);
    let path = server.url().trim_start_matches("sqlite:").to_owned();
    let folder = Path::new(&path).parent().unwrap();
    let before = std::fs::read(&path).unwrap();
    let binary = readable_by_all(folder);
    read_only(&path, folder, true);
    let reader = |words: &str| {
        let mut command = app.command_of(&binary, words);
        app.ended(&as_nobody(&mut command).output().unwrap())
    };
    let said = [reader("status"), reader("plan"), reader("apply --dry-run"), reader("history"), reader("verify")];
    let refused = reader("apply");
    read_only(&path, folder, false);
    for ended in said {
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    }
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    assert!(refused.err.contains("attempt to write a readonly database"), "{}", refused.err);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_file_in_wal_mode_that_may_only_be_read() {
    let server = Server::sqlite();
    let app = App::new(&server, "");
    assert_eq!(app.run("apply --to 1").code, 0);
    server.run("PRAGMA journal_mode = WAL").await;
    let path = server.url().trim_start_matches("sqlite:").to_owned();
    let folder = Path::new(&path).parent().unwrap();
    let binary = readable_by_all(folder);
    read_only(&path, folder, true);
    let reader = |url: String| {
        let mut command = app.command_of(&binary, "status");
        app.ended(&as_nobody(command.env("MAIN_URL", url)).output().unwrap())
    };
    let (refused, immutable) = (reader(server.url().into()), reader(format!("{}?immutable=1", server.url())));
    read_only(&path, folder, false);
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    assert!(refused.err.contains("in WAL mode even to read it: let the user write in its folder"), "{}", refused.err);
    assert_eq!((immutable.code, immutable.err.as_str()), (0, ""), "{immutable:?}");
}

fn read_only(path: &str, folder: &Path, on: bool) {
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode(if on { 0o444 } else { 0o644 })).unwrap();
    std::fs::set_permissions(folder, mode(if on { 0o555 } else { 0o755 })).unwrap();
}

/// Copies the binary to where another user can start it too.
fn readable_by_all(folder: &Path) -> PathBuf {
    let copy = folder.join("app");
    std::fs::copy(env!("CARGO_BIN_EXE_chains"), &copy).unwrap();
    copy
}

/// Gives up the powers of root, to whom nothing is read-only.
fn as_nobody(command: &mut std::process::Command) -> &mut std::process::Command {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if root { command.uid(65534).gid(65534) } else { command }
}
