//! `check`: for people, for GitHub, for programs; and on a folder of another tool.

use crate::app::App;
use serde_json::{Value, json};

fn broken() -> App {
    let app = App::new(&[("0001_users.sql", "CREATE TABLE users (id INTEGER);\n\nCOMMIT;\n")]);
    app.write("src/migrations/mod.rs", "pub mod release;\n\nwhimbrel::registry! {}\n");
    app.write(
        "src/migrations/release.rs",
        "use whimbrel::prelude::*;\n\n#[migration(after(m0001_usres))]\npub mod m0003_a {\n    pub const UP: &str = \"SELECT 'é\";\n}\n",
    );
    app
}

#[test]
fn people_see_what_rustc_would_show() {
    let ended = broken().run("check");
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    assert!(
        ended.out.contains(
            "error[whimbrel::transaction_control]: `COMMIT` inside a migration, which is one transaction already\n \
             --> src/migrations/0001_users.sql:3:1\n  |\n3 | COMMIT;\n  | ^^^^^^ would end or split the migration's own transaction\n"
        ),
        "{}",
        ended.out
    );
    assert!(ended.out.ends_with("\n2 migrations in src/migrations: 3 errors, 1 warning\n"), "{}", ended.out);
    assert!(!ended.out.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn programs_get_an_object_a_line() {
    let app = broken();
    let ended = app.run("check --format json");
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let lines: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<&str> = lines.iter().map(|line| line["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "whimbrel::unknown_dependency",
            "whimbrel::unclosed",
            "whimbrel::transaction_control",
            "whimbrel::gap_in_sequence"
        ]
    );
    assert_eq!(
        lines[0],
        json!({
            "level": "error", "code": "whimbrel::unknown_dependency", "rule": null, "migration": "0003_a",
            "file": "src/migrations/release.rs", "line": 3, "column": 19, "end": { "line": 3, "column": 30 },
            "message": "there is no migration `0001_usres`", "help": ["did you mean `0001_users`?"],
        })
    );
    let places: Vec<_> = lines[1..].iter().map(|line| (&line["migration"], &line["line"], &line["column"])).collect();
    assert_eq!(
        places,
        [
            (&json!("0003_a"), &json!(5), &json!(34)),
            (&json!("0001_users"), &json!(3), &json!(1)),
            (&json!("0003_a"), &json!(4), &json!(9))
        ]
    );
    let folder = app.path("src");
    std::fs::create_dir_all(&folder).unwrap();
    assert!(app.run_in("src", "check --format json", &[]).out.contains("FOLDER/src/migrations/release.rs"));
    App::new(&[]).run("check --format json").is(0, "", "");
}

#[test]
fn github_gets_annotations_with_paths_from_the_repository() {
    let app = App::bare();
    app.write("db/Cargo.toml", "[package]\nname = \"db\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    app.write("db/src/lib.rs", "");
    app.write("db/src/migrations/mod.rs", "whimbrel::registry! {}");
    app.write("db/src/migrations/0001_a.sql", "SELECT 1;\nCOMMIT;");
    app.write("db/src/migrations/0002_b.sql", "SELECT '100%;\n");
    app.git(&["init"]);
    app.run_in("db", "check --format github", &[]).is(
        1,
        "::error file=db/src/migrations/0001_a.sql,line=2,endLine=2,col=1,endColumn=7,title=whimbrel%3A%3Atransaction_control::\
         `COMMIT` inside a migration, which is one transaction already%0A\
         db/src/migrations/0001_a.sql:2: would end or split the migration's own transaction%0A\
         help: take it out; where the migration can't be one transaction, say `transaction = false`\n\
         ::error file=db/src/migrations/0002_b.sql,line=1,endLine=1,col=8,endColumn=9,title=whimbrel%3A%3Aunclosed::\
         this string is never closed%0Ahelp: close it with `'`; a quote inside a string is written twice, `''`\n",
        "",
    );
}

#[test]
fn another_tools_folder_is_checked_as_it_is() {
    let app = App::bare();
    app.write("sql/V1__users.sql", "CREATE TABLE users (id int);");
    app.write("sql/V3__books.sql", "CREATE TABLE books (id int); SELECT 'it's';");
    app.write("sql/R__views.sql", "CREATE VIEW v AS SELECT 1");
    let before = app.list("sql");
    app.run("check --from sql").is(
        2,
        "",
        "error: what the folder's SQL is written for is not known\nhelp: say it: `--dialect postgres@15`, `--dialect mysql@8.0`, `--dialect mariadb@10.11`, `--dialect sqlite`\n",
    );
    let ended = app.run("check --from sql --dialect postgres@15");
    ended.says(
        1,
        &[
            "error[whimbrel::unclosed]: this string is never closed\n --> sql/V3__books.sql:1:42\n",
            "left out: R__views.sql: it is repeatable",
            "2 migrations in sql: 1 error\n",
        ],
    );
    let json = app.run("check --from ./sql --dialect postgres --tool flyway --format json").out;
    let line: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!((&line["migration"], &line["file"]), (&json!("0003_books"), &json!("sql/V3__books.sql")));
    assert_eq!((app.list("sql"), app.list("")), (before, vec!["sql".to_owned()]), "nothing is written");
}

#[test]
fn what_the_oldest_server_cannot_read_is_said() {
    let app = App::bare();
    app.write(
        "sql/V1__users.sql",
        "CREATE TABLE users (id int, mail text);\nCREATE UNIQUE INDEX ON users (mail) NULLS NOT DISTINCT;\n",
    );
    for server in ["postgres", "postgres@15", "postgres@18"] {
        app.run(&format!("check --from sql --dialect {server}")).says(0, &["nothing is wrong"]);
    }
    app.run("check --from sql --dialect postgres@14").says(
        1,
        &[
            "error[whimbrel::newer_syntax]: PostgreSQL 14 can't read `NULLS NOT DISTINCT`, which came with PostgreSQL 15\n \
             --> sql/V1__users.sql:2:37\n",
            "^^^^^^^^^^^^^^^^^^ since PostgreSQL 15",
            "help: write it in another way, or say that the oldest server is a newer one: `postgres@15`",
        ],
    );
}

#[test]
fn rows_of_a_dump_are_passed_over() {
    let app = App::bare();
    let dump = "\\restrict abc\nCREATE TABLE public.users (id int, name text);\nCOPY public.users (id, name) FROM stdin;\n\
                1\tit's\n2\t;\n\\.\n\nALTER TABLE public.users ADD PRIMARY KEY (id);\n\\unrestrict abc\n";
    app.write("sql/V1__base.sql", dump);
    app.run("check --from sql --dialect postgres@15").says(0, &["nothing is wrong"]);
    app.run("schema --from sql --dialect postgres --format lines")
        .says(0, &["con public.users.users_pkey PRIMARY KEY (id)"]);
    app.run("check --from sql --dialect postgres --tool refinery").says(1, &["[whimbrel::copy_from_stdin]"]);
}

#[test]
fn a_folder_that_may_be_of_two_tools_is_asked_about() {
    let app = App::bare();
    app.write("two/1_a.up.sql", "CREATE TABLE a (id int);");
    app.run("check --from two --dialect postgres").is(
        2,
        "",
        "error: `two` may be sqlx's or golang-migrate's: both name their files so\n\
         help: say which: `--tool sqlx` (each file is a transaction) or `--tool golang-migrate` (a file that needs none has none)\n",
    );
    app.run("check --from two --dialect postgres --tool sqlx").says(0, &["nothing is wrong"]);
    app.write("six/000001_a.up.sql", "CREATE TABLE a (id int);");
    app.run("check --from six --dialect postgres").says(0, &["nothing is wrong"]);
}

#[test]
fn a_mysql_folder_is_checked_as_it_is() {
    let app = App::bare();
    app.write("sql/V1__users.sql", "CREATE TABLE `Users` (id int AUTO_INCREMENT PRIMARY KEY, name varchar(64));");
    app.write(
        "sql/V2__trigger.sql",
        "DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN SET NEW.name = 'a'; END//\nDELIMITER ;\n",
    );
    app.write("sql/V3__age.sql", "ALTER TABLE users ADD COLUMN age int AFTER nmae;");
    app.run("check --from sql --dialect mysql@8.0").says(
        1,
        &[
            "error[whimbrel::unknown_column]: table `Users` has no column `nmae`\n --> sql/V3__age.sql:1:44\n",
            "help: did you mean `name`?",
            "3 migrations in sql: 1 error\n",
        ],
    );
    app.write("sql/V3__age.sql", "ALTER TABLE users ADD COLUMN age int AFTER name;");
    app.run("check --from sql --dialect mariadb@10.11").says(0, &["nothing is wrong"]);
    app.run("schema --from sql --dialect mysql").says(
        0,
        &["CREATE TABLE `Users` (\n    `id` int NOT NULL AUTO_INCREMENT,\n    `name` varchar(64),\n    `age` int,\n    PRIMARY KEY (`id`)\n);"],
    );
    app.write("sql/V4__call.sql", "CALL mend();");
    app.run("check --from sql --dialect mysql --opaque").says(0, &["this can't be followed: it calls a procedure"]);
}

#[test]
fn what_is_typed_wrongly_gets_a_suggestion() {
    let app = App::new(&[("0001_users.sql", "-- irreversible: nobody goes back\nCREATE TABLE users (id INTEGER)")]);
    app.write("sql/1_a.sql", "SELECT 1");
    app.run("check --judge new-since 0001_usres").is(
        2,
        "",
        "error: there is no migration `0001_usres`\nhelp: did you mean `0001_users`?\n",
    );
    app.run("check --judge new-since=1").says(0, &["nothing is wrong"]);
    app.run("check --judge all").says(0, &["nothing is wrong"]);
    app.run("check --judge some").says(2, &["write `--judge all`, or `--judge new-since ID`"]);
    app.run("check --from sql --dialect postgers").says(2, &["did you mean `postgres`?"]);
    app.run("check --from sql --dialect oracle@19").says(2, &["whimbrel does not read the SQL of `oracle`"]);
    app.run("check --from sql --dialect mysql@new").says(2, &["`new` is no version", "`mysql@8.0`"]);
    app.run("check --from sql --dialect maridb").says(2, &["did you mean `mariadb`?"]);
    app.run("check --from sql --dialect postgres@new").says(2, &["`new` is no version"]);
    app.run("check --from sql --dialect sqlite@2").says(2, &["`2` is no version", "`sqlite@3`"]);
    for (typed, message, help) in [
        ("postgres@7", "PostgreSQL 7 is older than what whimbrel knows", "it knows PostgreSQL 12 to 18"),
        ("mysql@5.6", "MySQL 5.6 is older than what whimbrel knows", "it knows MySQL 5.7 to 9"),
        ("mariadb@10.1", "MariaDB 10.1 is older than what whimbrel knows", "it knows MariaDB 10.2 to 12"),
    ] {
        let said = format!("error: {message}\nhelp: {help}\n");
        app.run(&format!("check --from sql --dialect {typed}")).is(2, "", &said);
    }
    for (typed, note) in [
        ("postgres@99", "PostgreSQL 99 is newer than what whimbrel knows: it is taken for 18\n"),
        ("mysql@10.0", "MySQL 10.0 is newer than what whimbrel knows: it is taken for 9\n"),
        ("mariadb@13", "MariaDB 13 is newer than what whimbrel knows: it is taken for 12\n"),
    ] {
        app.run(&format!("check --from sql --dialect {typed}")).says(0, &[note]);
    }
    app.run("check --from nowhere --dialect sqlite").is(2, "", "error: there is no folder `nowhere`\n");
    app.run("check --from src --dialect sqlite").says(2, &["no migrations of a tool that whimbrel knows are in `src`"]);
    app.run("check --from sql --tool prisma --dialect sqlite").says(2, &["has no migrations as prisma names them"]);
    app.run("check --dialect postgres").says(2, &["--from"]);
}

#[test]
fn what_is_believed_is_listed_on_request() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
        (
            "0001_users.sql",
            "-- irreversible: nobody goes back\nCREATE TABLE users (id integer);\nDO $$ BEGIN EXECUTE lower('DROP TABLE ') || 'users'; END $$;",
        ),
    ]);
    assert!(!app.run("check").out.contains("whimbrel::opaque"));
    let ended = app.run("check --opaque");
    ended.says(0, &["note[whimbrel::opaque]: this can't be followed: ", "src/migrations/0001_users.sql:3:"]);
    app.run("check --opaque --format github").says(0, &["::notice file=src/migrations/0001_users.sql,line=3"]);
    app.run("check --opaque --format json").says(0, &["\"level\":\"note\"", "\"code\":\"whimbrel::opaque\""]);
    app.edit(
        "src/migrations/0001_users.sql",
        "EXECUTE lower('DROP TABLE ') || 'users'",
        "EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO a', current_user, current_user)",
    );
    app.run("check --opaque").says(0, &["nothing is known of what it may name from here on"]);
}

#[test]
fn what_sqlite_can_t_tell_is_listed_on_request() {
    let app = App::new(&[
        ("mod.rs", "whimbrel::registry! {}\n"),
        (
            "0001_birds.sql",
            "-- irreversible: nobody goes back\nCREATE TABLE birds (name TEXT COLLATE by_wing);\nSELECT tidy_up(1);\nUPDATE seen_elsewhere.birds SET name = '';",
        ),
    ]);
    assert!(!app.run("check").out.contains("whimbrel::opaque"));
    app.run("check --opaque").says(
        0,
        &[
            "this can't be followed: it calls a function that may be the application's own",
            "src/migrations/0001_birds.sql:3:1",
            "this can't be followed: table `seen_elsewhere.birds` may be there in a real database",
            "src/migrations/0001_birds.sql:4:1",
        ],
    );
}
