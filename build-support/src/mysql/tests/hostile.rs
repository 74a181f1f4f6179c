//! Input that no author writes: long chains and deep nests neither overflow the stack nor take long.

use super::{follow, mysql};
use std::time::{Duration, Instant};

const MANY: usize = 100_000;

/// Follows a script that repeats something: no part of it may be too much.
fn repeated(before: &str, again: &str, after: &str) {
    let script = format!("{before}{}{after}", again.repeat(MANY));
    let start = Instant::now();
    let (findings, _) = follow(&["CREATE TABLE t (a int)", &script], mysql());
    assert_eq!(findings.len(), 2);
    assert!(start.elapsed() < Duration::from_secs(20), "{before}{again}: {:?}", start.elapsed());
}

#[test]
fn long_rows_of_prefixes() {
    for again in ["~", "- ", "! ", "NOT ", "BINARY ", "EXISTS ", "INTERVAL ", "NOT - "] {
        repeated("SELECT ", again, "a FROM t");
    }
    repeated("CREATE TABLE u (a int) ", "DEFAULT ", "CHARSET = utf8");
    repeated("ALTER TABLE t ", "DEFAULT ", "CHARSET = utf8");
}

#[test]
fn deep_nests() {
    for (again, middle, closing) in [
        ("(", "a", ")"),
        ("(SELECT ", "a", " FROM t)"),
        ("abs(", "a", ")"),
        ("CASE WHEN a THEN ", "a", " END"),
        ("CASE ", "a", " WHEN 1 THEN 2 END"),
        ("a IN (", "1", ")"),
        ("CAST(", "a", " AS CHAR)"),
    ] {
        repeated("SELECT ", again, "");
        repeated("SELECT ", again, &format!("{middle}{}", closing.repeat(MANY)));
    }
    repeated("SELECT * FROM ", "(", &format!("t{}", ")".repeat(MANY)));
    repeated("SELECT * FROM ", "(SELECT * FROM ", &format!("t{}", ") x".repeat(MANY)));
    repeated("", "(", &format!("SELECT 1{}", ")".repeat(MANY)));
    repeated("WITH c AS ", "(WITH c AS ", "");
    repeated("CREATE TABLE u (a int CHECK ", "(", &format!("a > 1{})", ")".repeat(MANY)));
    repeated("CREATE TABLE u (a int DEFAULT ", "(", &format!("1{})", ")".repeat(MANY)));
}

#[test]
fn long_chains() {
    for again in [" AND a", " OR a", " + a", " = a", ", a", " UNION SELECT a", ".a", " COLLATE x", " LEFT", " JOIN t"] {
        repeated("SELECT a", again, " FROM t");
    }
    repeated("SELECT 1 FROM t", " JOIN t", "");
    repeated("SELECT 1 FROM t WHERE a", " AND a", "");
    repeated("SELECT CASE", " WHEN a THEN a", " END FROM t");
    repeated("INSERT INTO t VALUES (1)", ", (1)", "");
    repeated("ALTER TABLE t ADD b int", ", FORCE", "");
    repeated("", "BEGIN NOT ATOMIC ", "END");
}
