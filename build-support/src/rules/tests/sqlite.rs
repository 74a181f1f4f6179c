//! What the rules say of SQLite's scripts, beside what SQLite does where there are rows.

use super::chain::judge_sqlite;
use rusqlite::Connection;

/// Gives the names of the rules that find something in the last of some scripts, each as often as it does.
fn rules_of(scripts: &[&str]) -> Vec<&'static str> {
    let names: Vec<String> = (0..scripts.len()).map(|index| format!("{index:04}.sql")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(scripts.iter().copied()).collect();
    let last = names.last().cloned().unwrap_or_default();
    let found = judge_sqlite(&files).into_iter().filter(|(file, _)| *file == last);
    found.map(|(_, verdict)| verdict.rule.name).collect()
}

const BASE: &str = "
    CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, age INT, team INTEGER REFERENCES teams (id));
    CREATE INDEX users_email ON users (email);
    CREATE UNIQUE INDEX users_lower ON users (lower(email)) WHERE age > 0;
    CREATE VIEW emails AS SELECT email FROM users;
    CREATE TRIGGER users_log AFTER UPDATE ON users BEGIN SELECT 1; END;";

/// Puts a new table in the place of `users`: its columns, what is copied, what comes behind it.
fn rebuilt(columns: &str, copied: &str, behind: &str) -> String {
    format!(
        "DROP VIEW emails; CREATE TABLE new (id INTEGER PRIMARY KEY, {columns}); \
         INSERT INTO new ({copied}) SELECT {copied} FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users; \
         CREATE VIEW emails AS SELECT 1; {behind}"
    )
}

const ALL: &str = "email TEXT NOT NULL, age INT, team INTEGER REFERENCES teams (id)";
const INDEXES: &str = "CREATE INDEX users_email ON users (email); \
                       CREATE UNIQUE INDEX users_lower ON users (lower(email)) WHERE age > 0;";
const TRIGGER: &str = "CREATE TRIGGER users_log AFTER UPDATE ON users BEGIN SELECT 1; END;";

#[test]
fn what_the_running_program_uses() {
    for (script, rules) in [
        ("DROP VIEW emails; DROP TABLE users", &["table-dropped", "table-dropped"][..]),
        ("DROP TABLE teams", &["table-dropped", "left-dangling"]),
        ("DROP TABLE IF EXISTS absent; DROP VIEW IF EXISTS absent", &[]),
        ("CREATE TABLE early (a REFERENCES later (id)); DROP TABLE IF EXISTS later", &[]),
        ("DROP VIEW emails", &["table-dropped"]),
        ("DROP VIEW emails; CREATE VIEW emails AS SELECT email, age FROM users", &[]),
        ("DROP INDEX users_email; DROP TRIGGER users_log", &[]),
        ("ALTER TABLE teams RENAME TO groups", &["table-renamed"]),
        ("ALTER TABLE teams RENAME TO groups; CREATE VIEW teams AS SELECT * FROM groups", &[]),
        ("ALTER TABLE teams RENAME TO groups; ALTER TABLE groups RENAME TO teams", &[]),
        ("ALTER TABLE teams RENAME TO groups; DROP TABLE groups", &["table-dropped", "left-dangling"]),
        ("ALTER TABLE users RENAME COLUMN age TO years", &["column-renamed"]),
        ("ALTER TABLE users RENAME COLUMN age TO years; ALTER TABLE users ADD COLUMN age INT", &[]),
        ("ALTER TABLE teams DROP COLUMN name", &["column-dropped"]),
        ("ALTER TABLE teams DROP COLUMN name; ALTER TABLE teams ADD COLUMN name INT", &[]),
        (
            "ALTER TABLE teams ADD COLUMN x INT; ALTER TABLE teams RENAME COLUMN x TO y; ALTER TABLE teams DROP COLUMN y",
            &[],
        ),
        (
            "CREATE TABLE mine (a, b); ALTER TABLE mine DROP COLUMN b; ALTER TABLE mine RENAME TO yours; DROP TABLE yours",
            &[],
        ),
        ("CREATE TEMP TABLE keep AS SELECT * FROM users; DROP TABLE keep", &[]),
        ("CREATE TABLE IF NOT EXISTS teams (id); DROP TABLE teams", &["table-dropped", "left-dangling"]),
    ] {
        assert_eq!(rules_of(&[BASE, script]), rules, "{script}");
    }
}

#[test]
fn what_is_refused_where_there_are_rows() {
    for (definition, rules) in [
        ("a TEXT NOT NULL", &["not-null-column-without-default"][..]),
        ("a TEXT NOT NULL DEFAULT ''", &[]),
        ("a TEXT NOT NULL DEFAULT NULL", &["not-null-column-without-default"]),
        ("a TEXT DEFAULT CURRENT_TIMESTAMP", &["non-constant-default"]),
        ("a TEXT DEFAULT current_date NOT NULL", &["non-constant-default"]),
        ("a INT DEFAULT (1 + 1)", &["non-constant-default"]),
        ("a INT DEFAULT (1)", &[]),
        ("a INT DEFAULT -1", &[]),
        ("a BOOLEAN DEFAULT TRUE", &[]),
        ("a INT AS (id * 2) VIRTUAL", &[]),
        ("a INT AS (id * 2) STORED", &["stored-generated-column"]),
        ("a INT CHECK (a > 0)", &[]),
        // Foreign keys are off while a migration runs.
        ("a INTEGER DEFAULT 1 REFERENCES teams (id)", &[]),
    ] {
        let added = format!("ALTER TABLE teams ADD COLUMN {definition}");
        assert_eq!(rules_of(&[BASE, &added]), rules, "{definition}");
        let made = format!("CREATE TABLE mine (id INT); ALTER TABLE mine ADD COLUMN {definition}");
        assert_eq!(rules_of(&[BASE, &made]), [""; 0], "{definition}");
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(BASE).unwrap();
        db.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO teams VALUES (1, 'a')").unwrap();
        assert_eq!(db.execute_batch(&added).is_err(), !rules.is_empty(), "{definition}");
    }
}

#[test]
fn a_rebuild_that_keeps_everything_is_not_spoken_of() {
    let all = "id, email, age, team";
    let behind = format!("{INDEXES} {TRIGGER}");
    for script in [
        rebuilt(ALL, all, &behind),
        rebuilt(&ALL.replace("age INT", "age INT CHECK (age > 0)"), all, &behind),
        // A constraint does what the index did, and a longer index as well.
        rebuilt(&ALL.replace("NOT NULL", "UNIQUE"), all, &behind.replace("CREATE INDEX users_email ON users (email);", "")),
        rebuilt(ALL, all, &behind.replace("users_email ON users (email)", "users_both ON users (email, age)")),
        // What is to go is dropped by name.
        rebuilt(ALL, all, TRIGGER).replace("DROP VIEW emails;", "DROP VIEW emails; DROP INDEX users_email; DROP INDEX users_lower;"),
        rebuilt(ALL, all, INDEXES).replace("DROP VIEW emails;", "DROP VIEW emails; DROP TRIGGER users_log;"),
        rebuilt(ALL, all, &behind.replace("users_log", "users_history")),
        // A column is filled by another statement.
        rebuilt(ALL, "id, email, team", &behind).replace("DROP TABLE users;", "UPDATE new SET age = 1; DROP TABLE users;"),
        rebuilt(ALL, "id, email, team", &behind).replace("INSERT INTO new", "WITH x AS (SELECT 1) INSERT INTO new"),
        // The rows come by way of another table.
        format!(
            "DROP VIEW emails; CREATE TEMP TABLE keep AS SELECT * FROM users; DROP TABLE users; \
             CREATE TABLE users (id INTEGER PRIMARY KEY, {ALL}); INSERT INTO users SELECT * FROM keep; DROP TABLE keep; \
             CREATE VIEW emails AS SELECT 1; {behind}"
        ),
        format!(
            "DROP VIEW emails; CREATE TABLE new AS SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users; \
             CREATE VIEW emails AS SELECT 1; {behind}"
        ).replace("CREATE TABLE new AS", "CREATE TABLE new (id, email, age, team INTEGER REFERENCES teams (id)); INSERT INTO new"),
        // Nothing is copied: it is another table.
        format!("DROP VIEW emails; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, {ALL}); CREATE VIEW emails AS SELECT 1"),
        // All of it is the migration's own.
        "CREATE TABLE mine (a, b); CREATE INDEX mine_a ON mine (a); CREATE TABLE new (a); INSERT INTO new (a) SELECT a FROM mine; \
         DROP TABLE mine; ALTER TABLE new RENAME TO mine"
            .to_owned(),
    ] {
        assert_eq!(rules_of(&[BASE, &script]), [""; 0], "{script}");
    }
}

#[test]
fn what_a_rebuild_loses() {
    let all = "id, email, age, team";
    let behind = format!("{INDEXES} {TRIGGER}");
    for (script, rules) in [
        (rebuilt(ALL, all, TRIGGER), &["rebuild-forgets-index", "rebuild-forgets-index"][..]),
        (rebuilt(ALL, all, INDEXES), &["rebuild-forgets-trigger"]),
        (rebuilt("email TEXT, age INT, team INTEGER", all, &behind), &["rebuild-forgets-reference"]),
        (rebuilt(ALL, "id, email, team", &behind), &["rebuild-misses-column"]),
        (rebuilt(ALL, "email, age, team", &behind), &["rebuild-misses-column"]),
        (
            rebuilt("age INT, email TEXT, team INTEGER REFERENCES teams (id)", all, &behind)
                .replace(&format!("INSERT INTO new ({all}) SELECT {all}"), "INSERT INTO new SELECT *"),
            &["rebuild-misses-column"],
        ),
        // An index of a column that goes can't be kept.
        (rebuilt("age INT, team INTEGER REFERENCES teams (id)", "id, age, team", TRIGGER), &["column-dropped"]),
        (
                            "DROP VIEW emails; ALTER TABLE teams RENAME TO old; CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL); \
                 INSERT INTO teams (id, name) SELECT id, name FROM old; DROP TABLE old; CREATE VIEW emails AS SELECT 1"
                .to_owned(),
            &["left-dangling"],
        ),
    ] {
        assert_eq!(rules_of(&[BASE, &script]), rules, "{script}");
    }
}

#[test]
fn nothing_is_said_where_anything_may_have_been_done() {
    for before in ["PRAGMA writable_schema = 1", "ROLLBACK"] {
        assert_eq!(rules_of(&[BASE, before, "DROP TABLE teams"]), ["table-dropped"], "{before}");
        let scripts = [BASE, before, &rebuilt(ALL, "id, email", "")];
        assert_eq!(rules_of(&scripts), [""; 0], "{before}");
    }
}

#[test]
fn what_dangles_breaks_what_is_written_later() {
    let db = Connection::open_in_memory().unwrap();
    let rebuild = "PRAGMA foreign_keys = OFF; ALTER TABLE teams RENAME TO old; CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT); \
                   DROP TABLE old; PRAGMA foreign_keys = ON";
    db.execute_batch(BASE).unwrap();
    db.execute_batch(rebuild).unwrap();
    let refused = db.execute("INSERT INTO users (team) VALUES (1)", []).unwrap_err();
    assert!(refused.to_string().contains("no such table: main.old"), "{refused}");
}
