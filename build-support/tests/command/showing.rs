//! `schema`.

use crate::app::App;

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n";
const EMAIL: &str =
    "-- schema: 1.1.0\nALTER TABLE users ADD COLUMN email varchar(80);\nCREATE INDEX users_email ON users (email);\n";

fn app(databases: &str) -> App {
    App::new(&[
        ("mod.rs", &format!("whimbrel::registry! {{ {databases} }}\n")),
        ("0001_users.sql", USERS),
        ("0002_email.sql", EMAIL),
    ])
}

#[test]
fn the_schema_is_shown_at_any_migration() {
    let app = app("main: Postgres");
    let lines = "col public.users.id bigint notnull\ncol public.users.name text notnull\n\
                 con public.users.users_pkey PRIMARY KEY (id)\nidx public.users_pkey\nschema public\n";
    app.run("schema --at 1 --format lines").is(0, lines, "");
    app.run("schema").says(0, &["CREATE TABLE", "email character varying(80)", "CREATE INDEX users_email"]);
    app.run("schema --format json").says(0, &["\"main\"", "\"email\""]);
    app.run("schema --since 0001_users").is(
        0,
        "main: adds column `users.email` (additive)\nmain: adds index `users_email` of `users` (a patch)\n",
        "",
    );
    app.run("schema --since 2").is(0, "nothing has changed\n", "");
    app.run("schema --at 0002_emial").says(2, &["there is no migration `0002_emial`", "did you mean `0002_email`?"]);
    app.run("schema --database mian").says(2, &["there is no database `mian`", "declared: main"]);
}

#[test]
fn what_has_another_name_is_followed_from_migration_to_migration() {
    for kind in ["Postgres", "Sqlite"] {
        let table = "CREATE TABLE users (id bigint PRIMARY KEY, mail varchar(80) NOT NULL, note varchar(8));\n";
        let app = App::new(&[
            ("mod.rs", &format!("whimbrel::registry! {{ main: {kind} }}\n")),
            ("0001_users.sql", table),
            ("0002_address.sql", "ALTER TABLE users RENAME COLUMN mail TO address;\nALTER TABLE users ADD age int;\n"),
            ("0003_people.sql", "ALTER TABLE users RENAME TO people;\n"),
            (
                "0004_email.sql",
                "ALTER TABLE people RENAME COLUMN address TO email;\nALTER TABLE people DROP COLUMN note;\n",
            ),
        ]);
        app.run("schema --since 1").is(
            0,
            "main: renames table `users` to `people` (breaking)\n\
             main: renames column `people.mail` to `email` (breaking)\n\
             main: drops column `people.note` (breaking)\n\
             main: adds column `people.age` (additive)\n",
            "",
        );
    }
}

#[test]
fn the_schema_of_sqlite_is_sqlite_s_own() {
    let app = app("main: Sqlite");
    let whole = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email varchar(80));\n\
                 CREATE INDEX users_email ON users (email);\n";
    app.run("schema").is(0, whole, "");
}

#[test]
fn a_schema_file_is_written_and_compared() {
    let app = app("main: Postgres");
    app.run("schema --check schema.sql").says(1, &["can't read `schema.sql`"]);
    app.run("schema --write schema.sql").is(0, "schema.sql is written\n", "");
    let written = app.read("schema.sql");
    assert!(
        written
            .starts_with("-- Schema after 0002_email, version 1.1.0. Written by `cargo whimbrel schema --write`, 20"),
        "{written}"
    );
    app.run("schema --check schema.sql").is(0, "schema.sql is up to date\n", "");
    app.edit("src/migrations/0002_email.sql", "varchar(80)", "varchar(81)");
    app.run("schema --check schema.sql")
        .says(1, &["`schema.sql` is not the schema that the migrations make", "--write schema.sql` writes it anew"]);
}

#[test]
fn a_chain_that_cannot_be_followed_says_so() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
        ("0001_a.sql", USERS),
        ("0001_b.sql", EMAIL),
    ]);
    app.run("schema").says(1, &["the migrations could not be followed: ", "`cargo whimbrel check` shows it"]);
}
