use super::facts;
use crate::sql::Dialect::{self, Postgres, Sqlite};
use crate::sql::OutsideEffect::{Ignored, Refused};

fn control(text: &str, dialect: Dialect) -> Vec<String> {
    facts(text, dialect).transaction_control.into_iter().map(|finding| finding.words).collect()
}

fn losses(text: &str) -> Vec<String> {
    facts(text, Postgres).losses
}

#[test]
fn an_outer_transaction_is_told_from_inner_ones() {
    let savepoints = "START TRANSACTION; SAVEPOINT a; ROLLBACK TO a; RELEASE a; END";
    for text in ["BEGIN; SELECT 1; COMMIT;", savepoints, "BEGIN WORK; COMMIT AND NO CHAIN"] {
        let facts = facts(text, Postgres);
        assert!(facts.outer_transaction.is_some() && facts.transaction_control.is_empty(), "{text}");
    }
    assert_eq!(facts("BEGIN; SELECT 1; COMMIT", Postgres).outer_transaction, Some((0..5, 17..23)));
    assert!(facts("BEGIN IMMEDIATE; SELECT 1; COMMIT", Sqlite).outer_transaction.is_some());
    assert_eq!(control("begin; SELECT 1; commit; BEGIN; COMMIT", Postgres), ["begin", "commit", "BEGIN", "COMMIT"]);
    assert_eq!(control("BEGIN READ ONLY; SELECT 1; COMMIT", Postgres), ["BEGIN READ", "COMMIT"]);
    assert_eq!(
        control("ROLLBACK WORK; ABORT; PREPARE TRANSACTION 'x'; PREPARE p AS SELECT 1", Postgres),
        ["ROLLBACK WORK", "ABORT", "PREPARE TRANSACTION"]
    );
    assert_eq!(control("ROLLBACK TRANSACTION TO SAVEPOINT a; COMMIT", Sqlite), ["COMMIT"]);
    let found = facts("SELECT 1; COMMIT", Postgres).transaction_control;
    assert_eq!(found[0].range, 10..16);
}

#[test]
fn losses_are_named() {
    let cases: [(&str, &[&str]); 25] = [
        ("DROP TABLE users, App.logs CASCADE", &["drops table `users`", "drops table `app.logs`"]),
        (
            "ALTER TABLE users DROP email, ADD a int, DROP COLUMN IF EXISTS b",
            &["drops column `users.email`", "drops column `users.b`"],
        ),
        ("ALTER TABLE a ALTER b TYPE numeric(1, 2), ADD c int", &["changes the type of `a.b`"]),
        ("ALTER TABLE a ALTER COLUMN c SET DATA TYPE text", &["changes the type of `a.c`"]),
        ("DELETE FROM ONLY users", &["deletes from `users`"]),
        ("UPDATE users u SET a = 1; UPDATE users SET b = 2", &["updates `users`"]),
        ("TRUNCATE TABLE a, ONLY b RESTART IDENTITY", &["truncates `a`", "truncates `b`"]),
        ("INSERT INTO a VALUES (1) ON CONFLICT (x) DO UPDATE SET y = 1", &["updates `a`"]),
        ("WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d", &["deletes from `a`"]),
        ("WITH w AS (SELECT 1) UPDATE a SET b = 1", &["updates `a`"]),
        ("WITH w AS (SELECT 1 FROM a FOR UPDATE) SELECT 1 FROM w FOR NO KEY UPDATE", &[]),
        ("MERGE INTO a USING b ON true WHEN MATCHED THEN UPDATE SET c = 1", &["merges into `a`"]),
        ("DROP SCHEMA x; DROP TYPE IF EXISTS y, z", &["drops schema `x`", "drops type `y`", "drops type `z`"]),
        (
            "DROP MATERIALIZED VIEW v; DROP VIEW w; DROP INDEX CONCURRENTLY i; DROP FUNCTION f(int)",
            &["drops materialized view `v`"],
        ),
        ("ALTER TYPE t DROP ATTRIBUTE a; ALTER TYPE t ADD VALUE 'x'", &["drops attribute `t.a`"]),
        ("DO $$ BEGIN END $$", &["runs a DO block"]),
        ("CALL my.procedure(1); FROBNICATE ALL THE THINGS", &["runs `CALL my`", "runs `FROBNICATE ALL THE`"]),
        ("ALTER TABLE a FROBNICATE b", &["runs `ALTER TABLE a`"]),
        ("ALTER TABLE a ALTER b SET NOT NULL, ALTER b DROP DEFAULT, DROP CONSTRAINT c, RENAME TO d", &[]),
        (
            "CREATE TABLE a (b int); INSERT INTO a VALUES (1); UPDATE a SET b = 2; ALTER TABLE a DROP b; DROP TABLE a",
            &[],
        ),
        ("CREATE TEMP TABLE t AS SELECT 1; DELETE FROM t; TRUNCATE t; DROP TABLE t", &[]),
        ("CREATE TABLE IF NOT EXISTS a (b int); DELETE FROM a", &["deletes from `a`"]),
        (
            "CREATE TABLE new (); DROP TABLE old; ALTER TABLE new RENAME TO old",
            &["drops table `old` and creates it anew"],
        ),
        ("ALTER TABLE a RENAME TO b; CREATE TABLE a (); DROP TABLE b", &["drops table `a` and creates it anew"]),
        ("ALTER TABLE a RENAME TO b; DROP TABLE b", &["drops table `a`"]),
    ];
    for (text, expected) in cases {
        assert_eq!(losses(text), expected, "{text}");
    }
    assert_eq!(
        facts("INSERT OR REPLACE INTO a VALUES (1); UPDATE OR IGNORE b SET c = 1", Sqlite).losses,
        ["replaces rows of `a`", "updates `b`"]
    );
}

#[test]
fn what_needs_to_stand_outside_a_transaction() {
    let refused = [
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)",
        "drop index concurrently i",
        "REINDEX TABLE CONCURRENTLY a",
        "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
        "REINDEX SCHEMA s",
        "VACUUM FULL a",
        "CREATE DATABASE d",
        "DROP TABLESPACE t",
        "ALTER SYSTEM SET a = 1",
        "ALTER TABLE a DETACH PARTITION s.b CONCURRENTLY",
        "CLUSTER",
        "DISCARD ALL",
    ];
    for text in refused {
        let found: Vec<_> =
            facts(text, Postgres).outside.into_iter().map(|outside| (outside.range, outside.effect)).collect();
        assert_eq!(found, [(0..text.len(), Refused)], "{text}");
    }
    let allowed = "CREATE INDEX i ON a (b); REINDEX TABLE a; REINDEX (CONCURRENTLY off) TABLE a; CLUSTER a USING i; ANALYZE;
        ALTER TYPE t ADD VALUE 'x'; REFRESH MATERIALIZED VIEW CONCURRENTLY v; ALTER TABLE a DETACH PARTITION b; ALTER DATABASE d SET a = 1";
    assert_eq!(facts(allowed, Postgres).outside, []);

    let text = "VACUUM; PRAGMA foreign_keys = OFF; PRAGMA main.journal_mode('WAL'); PRAGMA journal_mode; PRAGMA foreign_key_check(a)";
    let found: Vec<_> =
        facts(text, Sqlite).outside.into_iter().map(|outside| (outside.words, outside.effect)).collect();
    assert_eq!(found, [("VACUUM", Refused), ("PRAGMA foreign_keys", Ignored), ("PRAGMA journal_mode", Refused)]);
}
