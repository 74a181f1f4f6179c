//! `lock`: what is sealed, what is refused, what is accepted.

use crate::app::App;

const USERS: &str = "CREATE TABLE users (id INTEGER)";
const BOOKS: &str = "CREATE TABLE books (id INTEGER)";

fn two() -> App {
    App::new(&[("0001_users.sql", USERS), ("0002_books.sql", BOOKS), ("0002_books.down.sql", "DROP TABLE books")])
}

fn sealed() -> App {
    let app = two();
    app.run("lock").says(0, &[]);
    app
}

#[test]
fn what_is_new_is_sealed_and_the_rest_stays() {
    let app = two();
    let path = "src/migrations/whimbrel.lock";
    app.run("lock").is(
        0,
        &format!(
            "sealed 0001_users\nsealed 0002_books\n{path} is written (2 migrations); commit it with the migrations\n"
        ),
        "",
    );
    let first = app.lock();
    app.write("src/migrations/0003_loans.sql", "CREATE TABLE loans (id INTEGER)");
    app.run("lock --check").is(
        1,
        "would seal 0003_loans\nchecked, and nothing was written\n",
        &format!(
            "error: {path} is not complete\nhelp: `cargo whimbrel lock` writes it; commit it with the migrations\n"
        ),
    );
    assert_eq!(app.lock(), first);
    app.run("lock").says(0, &["sealed 0003_loans"]);
    assert!(app.lock().starts_with(&first), "an entry is added at the end");
    app.run("lock").is(0, &format!("{path} is complete\n"), "");
    app.run("lock --check").is(0, &format!("checked: {path} is complete\n"), "");
    assert_eq!(app.list("src/migrations").iter().filter(|name| name.contains("lock")).count(), 1);
}

#[test]
fn nothing_is_sealed_while_something_is_wrong() {
    let app = sealed();
    let before = app.lock();
    app.write("src/migrations/0003_loans.sql", "CREATE TABLE loans (id INTEGER); COMMIT;");
    app.run("lock")
        .says(1, &["error[whimbrel::transaction_control]", "nothing is sealed while something is wrong: 1 error"]);
    assert_eq!(app.lock(), before);
}

#[test]
fn an_edit_is_accepted_only_by_name() {
    let app = sealed();
    let before = app.lock();
    app.edit("src/migrations/0001_users.sql", "INTEGER", "BIGINT");
    app.run("lock").says(1, &["error[whimbrel::edited_migration]", "cargo whimbrel lock --accept 0001_users"]);
    assert_eq!(app.lock(), before);
    app.run("lock --accept m0001_users")
        .says(0, &["accepted 0001_users: sealed as it is now; a database that has it already will refuse it"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
    assert_eq!(app.lock().matches("[[migration]]").count(), 2);
}

#[test]
fn there_must_be_something_to_accept() {
    let app = sealed();
    app.run("lock --accept 0001_users").is(
        2,
        "",
        "error: `0001_users` is sealed as it is: there is nothing to accept\n",
    );
    app.run("lock --accept 0001_usres").is(
        2,
        "",
        "error: there is no migration `0001_usres`\nhelp: did you mean `0001_users`?\n",
    );
}

#[test]
fn what_is_gone_or_renamed_can_be_accepted() {
    let app = sealed();
    let text = app.read("src/migrations/0002_books.sql");
    app.remove("src/migrations/0002_books.sql");
    app.remove("src/migrations/0002_books.down.sql");
    app.run("lock").says(1, &["error[whimbrel::removed_migration]"]);
    app.write("src/migrations/0003_library.sql", &text);
    app.run("lock").says(1, &["error[whimbrel::renamed_migration]: `0003_library` was sealed as `0002_books`"]);
    app.run("lock --accept 0003_library").says(0, &["sealed 0003_library", "taken out 0002_books"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
    app.remove("src/migrations/0003_library.sql");
    app.run("lock --accept 0003_library").says(0, &["taken out 0003_library"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
}

#[test]
fn a_late_arrival_can_be_accepted_at_its_place() {
    let app = App::new(&[("0001_users.sql", USERS), ("0003_books.sql", BOOKS)]);
    app.run("lock").says(0, &["sealed 0003_books"]);
    app.write("src/migrations/0002_loans.sql", "CREATE TABLE loans (id INTEGER)");
    app.run("lock").says(1, &["error[whimbrel::below_sealed]"]);
    app.run("lock --accept 2").says(0, &["sealed 0002_loans"]);
    let ids: Vec<String> = app.lock().lines().filter(|line| line.starts_with("id")).map(str::to_owned).collect();
    assert_eq!(ids, ["id = \"0001_users\"", "id = \"0002_loans\"", "id = \"0003_books\""]);
}

#[test]
fn texts_and_rollbacks_are_taken_over() {
    let app = sealed();
    app.edit("src/migrations/0001_users.sql", "CREATE", "-- Who reads.\nCREATE");
    app.edit("src/migrations/0002_books.down.sql", "TABLE", "TABLE IF EXISTS");
    app.run_in("", "check", &[("CI", "1")])
        .says(0, &["warning[whimbrel::cosmetic_edit]", "warning[whimbrel::changed_rollback]"]);
    app.run("lock").says(0, &["taken over 0001_users", "taken over 0002_books"]);
    app.run("check").says(0, &["nothing is wrong"]);
}

#[test]
fn history_is_judged_by_no_rules_for_ever() {
    let app = two();
    app.run("lock --history 0001").says(0, &["sealed 0001_users as history", "sealed 0002_books\n"]);
    let editions =
        || app.lock().lines().filter(|line| line.starts_with("rules")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(editions(), ["rules = 0", "rules = 3"]);
    app.edit("src/migrations/0001_users.sql", "CREATE", "-- Who reads.\nCREATE");
    app.run("lock").says(0, &["taken over 0001_users"]);
    assert_eq!(editions(), ["rules = 0", "rules = 3"]);
    app.run("lock --history 9").says(2, &["there is no migration `9`"]);
}

#[test]
fn a_lock_that_cannot_be_read_is_left_as_it_is() {
    let app = sealed();
    let broken = app.lock().replace("version = 1", "version = 9");
    app.write("src/migrations/whimbrel.lock", &broken);
    app.run("lock").says(1, &["error[whimbrel::lock_version]", "`whimbrel.lock` can't be read"]);
    assert_eq!(app.lock(), broken);
}

#[test]
fn the_parts_of_a_migration_are_sealed_each_for_its_database() {
    let module = "
whimbrel::registry! { main: Postgres, cache: Sqlite }

#[migration(on = all, schema = \"1.0.0\")]
pub mod m0001_both {
    pub mod main {
        pub const UP: &str = \"CREATE TABLE users (id INTEGER)\";
        pub const DOWN: &str = \"DROP TABLE users\";
    }
    pub mod cache {
        pub const UP: &str = \"CREATE TABLE entries (id INTEGER)\";
        pub const DOWN: &str = \"DROP TABLE entries\";
    }
}
";
    let app = App::new(&[
        ("mod.rs", module),
        ("0002_files.cache.sql", BOOKS),
        ("0002_files.cache.down.sql", "DROP TABLE books"),
        ("0002_files.main.sql", BOOKS),
        ("0002_files.main.down.sql", "DROP TABLE books"),
        ("0003_one.sql", "-- on: cache\n-- irreversible: no reason\nCREATE TABLE one (id INTEGER)"),
    ]);
    app.run("lock").says(0, &["sealed 0001_both\n", "sealed 0002_files\n", "sealed 0003_one\n"]);
    let told = |key: &str| {
        let lock = app.lock();
        let lines = lock.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        lines.map(|value| value.trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("id"), ["0001_both", "0001_both", "0002_files", "0002_files", "0003_one"]);
    assert_eq!(told("on"), ["main", "cache", "main", "cache", "cache"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &["nothing is wrong"]);
    app.run("lock --check").says(0, &["is complete"]);

    // An edit of one part is one of that part.
    let sealed = app.lock();
    app.edit("src/migrations/mod.rs", "entries (id INTEGER)", "entries (id BIGINT)");
    app.run("check").says(1, &["error[whimbrel::edited_migration]: `0001_both`", "1 error"]);
    app.run("lock --accept 0001_both").says(0, &["accepted 0001_both"]);
    let changed = sealed.lines().zip(app.lock().lines().map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(changed.filter(|(before, after)| before != after).count(), 2, "the checksum and the text of one part");

    // A database that is declared later is not in what was sealed before, and nobody is told to put it there.
    app.edit("src/migrations/mod.rs", "cache: Sqlite }", "cache: Sqlite, graph: Sqlite }");
    app.run_in("", "check", &[("CI", "1")]).says(0, &["nothing is wrong"]);

    // What is sealed is still there for each of its databases.
    app.remove("src/migrations/0002_files.cache.sql");
    app.remove("src/migrations/0002_files.cache.down.sql");
    app.run("check").says(1, &["error[whimbrel::removed_migration]: `0002_files`"]);
    let doubled = app.lock().replace("on = \"cache\"", "on = \"main\"");
    app.write("src/migrations/whimbrel.lock", &doubled);
    app.run("check").says(1, &["error[whimbrel::lock_duplicate]"]);
}

#[test]
fn a_squash_of_all_databases_takes_the_place_of_each_ones_part() {
    let part = |name: &str, table: &str| {
        format!(
            "pub mod {name} {{ pub const UP: &str = \"CREATE TABLE {table} (id INTEGER)\"; pub const DOWN: &str = \"DROP TABLE {table}\"; }}\n"
        )
    };
    let both = |arguments: &str, id: &str, table: &str| {
        let parts = part("main", table) + &part("cache", table);
        format!("#[migration(on = all{arguments})]\npub mod {id} {{\n{parts}}}\n")
    };
    let registry = "whimbrel::registry! { main: Postgres, cache: Sqlite }\n";
    let before = format!("{registry}{}{}", both("", "m0001_users", "users"), both("", "m0002_books", "books"));
    let app = App::new(&[
        ("mod.rs", &before),
        ("0003_one.sql", "-- on: cache\n-- irreversible: no\nCREATE TABLE one (id INTEGER)"),
    ]);
    app.run("lock").says(0, &[]);
    let squash = "#[migration(on = all, replaces(m0001_users, m0002_books, m0003_one), irreversible = \"all\")]
pub mod m0003_library {
    pub mod main { pub const UP: &str = \"CREATE TABLE users (id INTEGER); CREATE TABLE books (id INTEGER)\"; }
    pub mod cache { pub const UP: &str = \"CREATE TABLE users (id INTEGER); CREATE TABLE books (id INTEGER); CREATE TABLE one (id INTEGER)\"; }
}
";
    app.write("src/migrations/mod.rs", &format!("{registry}{squash}"));
    app.remove("src/migrations/0003_one.sql");
    app.run("lock").says(0, &["kept 0001_users", "kept 0002_books", "kept 0003_one", "sealed 0003_library"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &["nothing is wrong"]);
    assert_eq!(app.lock().matches("replaced = \"0003_library\"").count(), 5);
    // One script can't take the place of what several databases have.
    app.write("src/migrations/mod.rs", &before);
    app.remove("src/migrations/whimbrel.lock");
    app.run("lock").says(0, &[]);
    app.run("squash --to 2 library").says(1, &["several databases share the id of `0001_users`"]);
}
