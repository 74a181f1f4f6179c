//! What SQLite refuses is found, at its place and with what was meant.

use super::{chain, said, up};

const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT);";

#[track_caller]
fn one(script: &str, expected: &str) {
    assert_eq!(up(&[USERS, script]), [expected], "{script}");
}

#[test]
fn a_table_that_is_not_there() {
    one(
        "INSERT INTO usres (email) VALUES ('a');",
        "1 Up unknown_table [usres] there is no table `usres`; did you mean `users`?",
    );
    one(
        "ALTER TABLE usres ADD COLUMN x TEXT",
        "1 Up unknown_table [usres] there is no table `usres`; did you mean `users`?",
    );
    one(
        "CREATE INDEX i ON usres (email)",
        "1 Up unknown_table [usres] there is no table `usres`; did you mean `users`?",
    );
    one(
        "UPDATE main.\"usres\" SET x = 1",
        "1 Up unknown_table [\"usres\"] there is no table `usres`; did you mean `users`?",
    );
    one("DROP TABLE orders", "1 Up unknown_table [orders] there is no table `orders`");
    one("DROP INDEX i", "1 Up unknown_index [i] there is no index `i`");
    one("DROP VIEW i", "1 Up unknown_view [i] there is no view `i`");
    one("DROP TRIGGER i", "1 Up unknown_trigger [i] there is no trigger `i`");
    one("DROP VIEW users", "1 Up wrong_kind [users] `users` is a table, not a view; write `DROP TABLE`");
    one(
        "CREATE TRIGGER t AFTER INSERT ON usrs BEGIN SELECT 1; END",
        "1 Up unknown_table [usrs] there is no table `usrs`; did you mean `users`?",
    );
}

#[test]
fn a_column_that_is_not_there() {
    let said = "1 Up unknown_column [emial] table `users` has no column `emial`; did you mean `email`?";
    one("UPDATE users SET emial = ''", said);
    one("SELECT id, emial FROM users", said);
    one("SELECT u.emial FROM users u", said);
    one("INSERT INTO users (id, emial) VALUES (1, '')", said);
    one("CREATE INDEX i ON users (emial)", said);
    one("ALTER TABLE users DROP COLUMN emial", said);
    one("ALTER TABLE users RENAME COLUMN emial TO mail", said);
    one("CREATE TABLE a AS SELECT emial FROM users", said);
    one("CREATE TABLE a (b INT, CHECK (c > 1))", "1 Up unknown_column [c] there is no column `c` here");
    one(
        "CREATE TABLE a (b INT, FOREIGN KEY (c) REFERENCES users (id))",
        "1 Up unknown_column [c] there is no column `c` here",
    );
}

#[test]
fn a_virtual_table_is_known_too() {
    for (make, table) in [
        ("CREATE VIRTUAL TABLE f USING fts5(a, b)", "f"),
        ("CREATE VIRTUAL TABLE g USING fts4(a, b)", "g"),
        ("CREATE VIRTUAL TABLE r USING rtree(id, a, b)", "r"),
    ] {
        let read = format!("INSERT INTO {table} (a, x) VALUES (1, 2)");
        let said = up(&[make, &read]);
        assert_eq!(said, [format!("1 Up unknown_column [x] table `{table}` has no column `x`")]);
        assert_eq!(up(&[make, make]), [format!("1 Up duplicate_table [{table}] there is a table `{table}` already")]);
    }
}

#[test]
fn what_is_there_already() {
    one("CREATE TABLE users (a)", "1 Up duplicate_table [users] there is a table `users` already");
    one("CREATE VIEW users AS SELECT 1", "1 Up duplicate_table [users] there is a table `users` already");
    one("ALTER TABLE users ADD COLUMN name TEXT", "1 Up duplicate_column [name] there is a column `name` already");
    one("CREATE TABLE t (a INT, b INT, a TEXT)", "1 Up duplicate_column [a] there is a column `a` already");
    one("CREATE INDEX users ON users (id)", "1 Up duplicate_table [users] there is a table `users` already");
    assert_eq!(
        up(&[USERS, "CREATE INDEX i ON users (id)", "CREATE INDEX i ON users (name)"]),
        ["2 Up duplicate_index [i] there is an index `i` already"]
    );
}

#[test]
fn where_it_went() {
    assert_eq!(
        up(&[USERS, "DROP TABLE users", "SELECT * FROM users"]),
        ["2 Up unknown_table [users] there is no table `users`; 1 Up [users] dropped here"]
    );
    assert_eq!(
        up(&[USERS, "ALTER TABLE users RENAME TO people", "SELECT * FROM users"]),
        [
            "2 Up unknown_table [users] there is no table `users`; it is called `people` since then; 1 Up [users] renamed to `people` here"
        ]
    );
    assert_eq!(
        up(&[USERS, "ALTER TABLE users RENAME COLUMN email TO mail", "UPDATE users SET email = ''"]),
        [
            "2 Up unknown_column [email] table `users` has no column `email`; it is called `mail` since then; 1 Up [email] renamed to `mail` here"
        ]
    );
    assert_eq!(
        up(&[USERS, "ALTER TABLE users DROP COLUMN name; SELECT name FROM users"]),
        ["1 Up unknown_column [name] table `users` has no column `name`; 1 Up [name] dropped here"]
    );
}

#[test]
fn syntax() {
    one("CREATE TABEL t (a INT)", "1 Up sql_syntax [TABEL] syntax error at `TABEL`; did you mean `TABLE`?");
    one("selct * from users", "1 Up sql_syntax [selct] syntax error at `selct`; did you mean `select`?");
    one("SELECT * FORM users", "1 Up sql_syntax [FORM] syntax error at `FORM`; did you mean `FROM`?");
    one("CREATE TABLE t (a INT,)", "1 Up sql_syntax [,] syntax error at `,`; take this comma out");
    one(
        "CREATE TABLE t (a INT NOT NULL b TEXT)",
        "1 Up sql_syntax [b] syntax error at `b`; is a comma missing before `b`?",
    );
    one(
        "CREATE TABLE order (a INT)",
        "1 Up sql_syntax [order] syntax error at `order`; `order` is a keyword; as a name it is written `\"order\"`",
    );
    one("CREATE TABLE t (a INT", "1 Up sql_syntax [INT] the statement ends too early; a `(` is never closed");
    one("INSERT INTO users VALUES (1, 2, @)", "1 Up sql_syntax [@] syntax error at `@`");
    one("DROP TABLE IF EXIST users", "1 Up sql_syntax [EXIST] syntax error at `EXIST`; did you mean `EXISTS`?");
    // What an unreadable statement may have made is not missed.
    assert_eq!(up(&["CREATE TABEL t (a INT)", "INSERT INTO t VALUES (1)"]).len(), 1);
    assert_eq!(up(&["CREATE TABLE t (a INT,)", "INSERT INTO t VALUES (1)"]).len(), 1);
}

#[test]
fn what_sqlite_says_in_its_own_words() {
    one(
        "INSERT INTO users VALUES (1, 2)",
        "1 Up refused_statement [users] SQLite refuses this: table users has 3 columns but 2 values were supplied",
    );
    one(
        "ALTER TABLE users ADD COLUMN x TEXT UNIQUE",
        "1 Up refused_statement [ALTER TABLE] SQLite refuses this: Cannot add a UNIQUE column",
    );
}

#[test]
fn a_view_that_would_be_broken() {
    assert_eq!(
        up(&[
            USERS,
            "CREATE VIEW v AS SELECT email FROM users",
            "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT); INSERT INTO new SELECT id, email FROM users; DROP TABLE users; \
             ALTER TABLE new RENAME TO users;",
        ]),
        [
            "2 Up broken_view [ALTER TABLE] view `v` would be broken: there is no table `users`; drop view `v` before, and create it again afterwards"
        ]
    );
    assert_eq!(
        up(&[
            USERS,
            "CREATE TABLE log (a); CREATE TRIGGER t AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.id); END",
            "DROP TABLE log",
            "INSERT INTO users (email) VALUES ('')",
        ]),
        [
            "3 Up broken_trigger [INSERT INTO] trigger `t` is broken: there is no table `log`; drop trigger `t`, or create it anew"
        ]
    );
    // One that an earlier migration broke stands in the way of any other table's change.
    assert_eq!(
        up(&[
            USERS,
            "CREATE TABLE t (a, b)",
            "CREATE VIEW v AS SELECT a FROM t",
            "DROP TABLE t",
            "ALTER TABLE users DROP COLUMN name"
        ])
        .len(),
        1
    );
}

#[test]
fn a_rollback_that_fails() {
    let scripts =
        [(USERS, "DROP TABLE users"), ("ALTER TABLE users ADD COLUMN age INT", "ALTER TABLE users DROP COLUMN aeg")];
    assert_eq!(
        said(&chain(&scripts), &scripts),
        ["1 Down unknown_column [aeg] table `users` has no column `aeg`; did you mean `age`?"]
    );
}
