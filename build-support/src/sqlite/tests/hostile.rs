//! A chain that means harm, or is only very large: nothing is written, nothing hangs, nothing panics.

use super::{chain, up};
use std::fmt::Write as _;

#[test]
fn no_file_is_written_or_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let scripts = [
        format!("ATTACH '{}' AS x; CREATE TABLE x.t (a)", path("a.db")),
        format!("ATTACH DATABASE 'file:{}?mode=rwc' AS x", path("b.db")),
        format!("VACUUM INTO '{}'", path("c.db")),
        format!("VACUUM main INTO '{}'", path("d.db")),
        format!("PRAGMA temp_store_directory = '{}'; PRAGMA temp_store = FILE", folder.path().display()),
        format!("PRAGMA data_store_directory = '{}'; PRAGMA journal_mode = DELETE", folder.path().display()),
        "CREATE TABLE t AS SELECT load_extension('./evil.so')".to_owned(),
        "SELECT load_extension('./evil.so'); CREATE TABLE t AS SELECT fts3_tokenizer('x', x'00')".to_owned(),
        format!("CREATE VIRTUAL TABLE t USING csv(filename = '{}')", path("e.csv")),
        format!("CREATE TABLE t AS SELECT writefile('{}', 'x')", path("f")),
        format!("CREATE TABLE t AS SELECT * FROM fsdir('{}')", path("")),
        "CREATE TEMP TABLE big AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT randomblob(100000) FROM c LIMIT 3000".to_owned(),
        "BEGIN EXCLUSIVE; COMMIT; DETACH main; PRAGMA wal_checkpoint; PRAGMA writable_schema = 1".to_owned(),
    ];
    for script in &scripts {
        assert_eq!(up(&[script]), Vec::<String>::new(), "{script}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_never_ends_is_ended() {
    for script in [
        "CREATE TABLE t AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c",
        "CREATE TABLE t AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
        "CREATE TABLE t AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT zeroblob(60000000) FROM c ORDER BY 1",
        "CREATE TABLE t AS SELECT zeroblob(2000000000)",
        "CREATE TABLE t AS SELECT group_concat(printf('%.*c', 1000000, 'x')) FROM pragma_function_list a, pragma_function_list b",
    ] {
        // The table is in doubt, and nothing is said about it.
        assert_eq!(up(&[script, "SELECT x FROM t; INSERT INTO t (y) VALUES (1)"]), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn views_and_triggers_that_multiply() {
    let mut views = "CREATE TABLE v0 (a);\n".to_owned();
    for n in 1..40 {
        let _ = writeln!(views, "CREATE VIEW v{n} AS SELECT * FROM v{} UNION ALL SELECT * FROM v{};", n - 1, n - 1);
    }
    chain(&[(&views, "DROP VIEW v39"), ("ALTER TABLE v0 RENAME TO v", ""), ("SELECT * FROM v39", "")]);
    let mut joins = "CREATE TABLE j0 (a);\n".to_owned();
    for n in 1..40 {
        let _ = writeln!(joins, "CREATE VIEW j{n} AS SELECT x.a FROM j{} x, j{} y;", n - 1, n - 1);
    }
    chain(&[(&joins, "DROP VIEW j39"), ("SELECT * FROM j39", "")]);
    let mut triggers = String::new();
    for n in 0..200 {
        let _ = writeln!(triggers, "CREATE TABLE t{n} (a);");
    }
    for n in 0..200 {
        let next = (n + 1) % 200;
        let insert = format!("INSERT INTO t{next} SELECT a FROM t{next};").repeat(5);
        let _ = writeln!(triggers, "CREATE TRIGGER g{n} AFTER INSERT ON t{n} BEGIN {insert} END;");
    }
    assert_eq!(up(&[&triggers, "INSERT INTO t0 VALUES (1)", "ALTER TABLE t7 RENAME TO u7"]), Vec::<String>::new());
}

#[test]
fn very_large_scripts() {
    let mut rows = "CREATE TABLE t (a INT, b TEXT);\n".to_owned();
    for n in 0..20_000 {
        let _ = writeln!(
            rows,
            "INSERT INTO t (a, b) VALUES ({n}, 'row {n} of many, with some text to make it long enough');"
        );
    }
    let one = format!("INSERT INTO t (b) VALUES ('{}')", "x".repeat(10 << 20));
    let many = format!("INSERT INTO t (a, b) VALUES (0, ''){}", ", (1, 'text')".repeat(100_000));
    let deep = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let wide = format!("SELECT a{} FROM t", " + a".repeat(100_000));
    assert_eq!(up(&[&rows, &one, &many]), Vec::<String>::new());
    chain(&[(&rows, ""), (&deep, ""), (&wide, "")]);
}

#[test]
fn bytes_that_are_no_sql() {
    for script in [
        "CREATE TABLE t (a\0b)",
        "CREATE TABLE \"t\0\" (a); SELECT 'x\0y', \"\0\"",
        "SELECT \u{1e}\u{1f}\u{1d} FROM \"\u{1e}\"",
        "CREATE TABLE \"a\u{1d}\u{1e}\u{1f}\" (\"\u{1f}\")",
        "é€𝄞 CREATE TABLE é (𝄞); SELECT 'é' FROM 𝄞é",
        "CREATE TABLE \"\" (\"\"); SELECT * FROM \"\"; ALTER TABLE \"\" RENAME TO \"x\"",
        "'",
        "\"",
        "[",
        "`",
        "/*",
        "--",
        ";",
        ";;;",
        "(",
        ")",
        "CREATE",
        "DROP",
        "ALTER",
        "ALTER TABLE",
        "PRAGMA",
        "CREATE TABLE",
    ] {
        chain(&[(script, script), (script, script)]);
    }
}
