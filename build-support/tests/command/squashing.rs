//! `squash`: one migration in the place of many, sealed, and nothing lost of what databases know.

use crate::app::App;

const USERS: &str = "-- The people.\n-- schema: 1.0.0\nCREATE TABLE users (id INTEGER); -- ends\nCREATE INDEX users_id ON users (id) -- in a comment";
const AGE: &str = "-- allow: column-dropped, never read\nALTER TABLE users ADD COLUMN age INTEGER; ALTER TABLE users ADD COLUMN old TEXT; ALTER TABLE users DROP COLUMN old;";
const LOANS: &str = "-- schema: 1.1.0\nCREATE TABLE loans (id INTEGER)";

fn three() -> App {
    App::new(&[
        ("0001_users.sql", USERS),
        ("0001_users.down.sql", "DROP TABLE users"),
        ("0002_age.sql", AGE),
        ("0002_age.down.sql", "ALTER TABLE users DROP COLUMN age"),
        ("0003_loans.sql", LOANS),
        ("0003_loans.down.sql", "DROP TABLE loans"),
    ])
}

fn sealed() -> App {
    let app = three();
    app.run("lock").says(0, &[]);
    app
}

const SQUASH: &str = "-- What `0001_users` to `0002_age` did.
-- schema: 1.0.0
-- replaces: 0001_users, 0002_age

-- 0001_users
CREATE TABLE users (id INTEGER);
CREATE INDEX users_id ON users (id);

-- 0002_age
ALTER TABLE users ADD COLUMN age INTEGER;
ALTER TABLE users ADD COLUMN old TEXT;
ALTER TABLE users DROP COLUMN old;
";

#[test]
fn the_first_ones_become_one_file() {
    let app = sealed();
    let before = app.lock();
    let listed = "  src/migrations/0001_users.sql\n  src/migrations/0001_users.down.sql\n  src/migrations/0002_age.sql\n  \
                  src/migrations/0002_age.down.sql\n2 migrations replaced\n";
    app.run("squash start --to 0002_age --dry-run").is(
        0,
        &format!("{SQUASH}\nwould write src/migrations/0002_start.sql and its rollback, and take away:\n{listed}"),
        "",
    );
    assert_eq!((app.lock(), app.list("src/migrations").len()), (before, 8));
    app.run("squash start --to m0002_age").is(
        0,
        &format!(
            "wrote src/migrations/0002_start.sql and its rollback, in the place of:\n{listed}\
             sealed 0002_start\n\
             kept 0001_users: its migration is replaced; databases that have it are told by its checksum\n\
             kept 0002_age: its migration is replaced; databases that have it are told by its checksum\n\
             src/migrations/whimbrel.lock is written (3 migrations); commit it with the migrations\n"
        ),
        "",
    );
    assert_eq!(app.read("src/migrations/0002_start.sql"), SQUASH);
    assert_eq!(
        app.read("src/migrations/0002_start.down.sql"),
        "\n-- 0002_age\nALTER TABLE users DROP COLUMN age;\n\n-- 0001_users\nDROP TABLE users;\n"
    );
    assert_eq!(
        app.list("src/migrations"),
        ["0002_start.down.sql", "0002_start.sql", "0003_loans.down.sql", "0003_loans.sql", "mod.rs", "whimbrel.lock"]
    );
    assert_eq!(app.lock().matches("replaced = \"0002_start\"").count(), 2);
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
}

#[test]
fn a_squash_can_be_squashed_again() {
    let app = sealed();
    app.run("squash start --to 0002_age").says(0, &[]);
    app.run("squash all --to 0003_loans").says(0, &["sealed 0003_all", "kept 0002_start", "kept 0003_loans"]);
    let lock = app.lock();
    assert_eq!(
        (lock.matches("replaced = \"0002_start\"").count(), lock.matches("replaced = \"0003_all\"").count()),
        (2, 2)
    );
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
    app.run("lock").says(0, &["is complete"]);
}

#[test]
fn what_a_sealed_squash_no_longer_names_is_missed() {
    let app = sealed();
    app.run("squash start --to 0002_age").says(0, &[]);
    app.edit("src/migrations/0002_start.sql", "0001_users, 0002_age", "0002_age");
    app.run("check").says(1, &["error[whimbrel::removed_migration]: `0001_users` is sealed, and gone"]);
}

#[test]
fn what_can_not_be_squashed_is_left_as_it_is() {
    let app = three();
    app.run("squash start --to 0002_age")
        .says(1, &["not sealed yet: `0001_users`, `0002_age`", "`cargo whimbrel lock`"]);
    app.run("lock").says(0, &[]);
    app.run("squash start --to 0001_users").says(2, &["a squash replaces two migrations or more"]);
    app.run("squash start --to 0002_aeg").says(2, &["0002_age"]);
    app.run("squash ! --to 0002_age").says(2, &["can't be a migration's name"]);
    let before = app.list("src/migrations");
    app.run("squash users --to 0002_age --from 0002_age").says(2, &["two migrations"]);
    app.edit("src/migrations/0003_loans.sql", "loans", "lo ans");
    app.run("squash start --to 0002_age").says(1, &["nothing is written", "mend the chain"]);
    assert_eq!(app.list("src/migrations"), before);
}

#[test]
fn modules_are_the_author_s_to_take_out() {
    let app = App::new(&[
        ("mod.rs", "pub mod one;\nwhimbrel::registry! {}\n"),
        (
            "one.rs",
            "use whimbrel::prelude::*;\n#[migration]\npub mod m0001_users {\n    pub const UP: &str = \"CREATE TABLE users (id INTEGER)\";\n}\n\
             #[migration]\npub mod m0002_books {\n    pub const UP: &str = \"CREATE TABLE books (id INTEGER)\";\n}\n",
        ),
    ]);
    app.run("lock").says(0, &[]);
    app.run("squash start --to 0002_books").says(
        0,
        &[
            "src/migrations/one.rs:3 (`one::m0001_users`)",
            "next: take these modules out by hand, then `cargo whimbrel lock`",
        ],
    );
    app.run("check").says(1, &["`0001_users` is replaced by `0002_start`, and still here"]);
    app.write("src/migrations/one.rs", "");
    app.run("lock").says(0, &["sealed 0002_start", "kept 0001_users"]);
}

#[test]
fn rust_code_stays_code() {
    let app = App::new(&[
        ("0001_users.sql", "CREATE TABLE users (id INTEGER)"),
        ("mod.rs", "pub mod one;\nwhimbrel::registry! {}\n"),
        (
            "one.rs",
            "#[migration]\npub mod m0002_code { pub async fn up(step: &mut SqliteStep) -> whimbrel::Result<()> { Ok(()) } }\n",
        ),
    ]);
    app.run("lock").says(0, &[]);
    app.run("squash start --to 0002_code").says(1, &["Rust code can't be put into one script: `0002_code`"]);
}

#[test]
fn what_ended_with_each_migration_ends_there_in_the_squash() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
        (
            "0001_a.sql",
            "CREATE TABLE p (id bigint PRIMARY KEY);\nSET LOCAL TIME ZONE 'Asia/Tokyo';\nSET datestyle = 'ISO, DMY';",
        ),
        (
            "0002_b.sql",
            "CREATE TABLE c (p bigint REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\nINSERT INTO p VALUES (1);",
        ),
        ("0003_c.sql", "ALTER TABLE c ADD COLUMN n int;"),
        ("0004_d.sql", "-- transaction: false\nCREATE INDEX CONCURRENTLY c_p ON c (p);"),
    ]);
    app.run("lock").says(0, &[]);
    let ended = app.run("squash start --to 0003_c --dry-run");
    let joined = "
-- 0001_a
CREATE TABLE p (id bigint PRIMARY KEY);
SET LOCAL TIME ZONE 'Asia/Tokyo';
SET datestyle = 'ISO, DMY';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
RESET TIME ZONE;
RESET datestyle;

-- 0002_b
CREATE TABLE c (p bigint REFERENCES p DEFERRABLE INITIALLY DEFERRED);
INSERT INTO c VALUES (1);
INSERT INTO p VALUES (1);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- 0003_c
";
    assert!(ended.out.contains(joined), "{ended:?}");
    let mixed = app.run("squash start --to 0004_d --dry-run");
    let kept = "
-- transaction: false
-- replaces: 0001_a, 0002_b, 0003_c, 0004_d
-- irreversible: not everything that it replaces has a rollback

-- 0001_a
BEGIN;
CREATE TABLE p (id bigint PRIMARY KEY);
SET LOCAL TIME ZONE 'Asia/Tokyo';
SET datestyle = 'ISO, DMY';
COMMIT;
RESET TIME ZONE;
RESET datestyle;

-- 0002_b
BEGIN;
";
    assert!(mixed.out.contains(kept), "{mixed:?}");
    assert!(mixed.out.contains("\nCOMMIT;\n\n-- 0004_d\nCREATE INDEX CONCURRENTLY c_p ON c (p);\n"), "{mixed:?}");
    app.run("squash start --to 0004_d").says(0, &["sealed 0004_start"]);
    app.run_in("", "check", &[("CI", "1")]).says(0, &[]);
}

#[test]
fn a_setting_that_is_not_seen_is_refused() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
        ("0001_a.sql", "SELECT set_config('search_path', 'public', false); CREATE TABLE a (id int);"),
        ("0002_b.sql", "CREATE TABLE b (id int);"),
    ]);
    app.run("lock").says(0, &[]);
    app.run("squash start --to 0002_b")
        .says(1, &["`0001_a` uses `set_config`, whose setting would reach into what follows"]);
    app.run("squash start --from 0002_b --to 0001_a").says(2, &["`--from` comes after `--to`"]);
}
