//! Statements beside what `pg_locks`, `relfilenode` and the messages of PostgreSQL 15 showed of them.

use super::{Touch, Walk, Work, touches};
use crate::catalog::Simulator;
use crate::postgres;

/// Gives the strongest lock and the longest work on each relation, `t:AccessExclusive+Scan`.
fn seen(before: &str, statement: &str, version: u16) -> String {
    let mut simulator = Simulator::new(false);
    for done in &postgres::read(before).statements {
        assert_eq!(simulator.follow(before, done), [], "{before}");
    }
    simulator.begin(1);
    let reading = postgres::read(statement);
    assert_eq!(reading.errors, [], "{statement}");
    let mut walk = Walk::new(true, version);
    let mut found = Vec::new();
    for done in &reading.statements {
        simulator.follow_seen(statement, done, |simulator, act| {
            let situation = walk.situation(&simulator.catalog, simulator.path.visible());
            let effects = walk.effects(done, act, &situation);
            walk.done(act, &effects, &situation);
            found.extend(effects);
        });
    }
    let shown = touches(&found).into_iter().map(|Touch { relation, lock, work }| {
        let relation = relation.trim_start_matches("public.");
        let lock = lock.unwrap();
        match work {
            Work::Nothing => format!("{relation}:{lock:?}"),
            work => format!("{relation}:{lock:?}+{work:?}"),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn locks_and_work_are_those_of_a_server() {
    let t = "CREATE TABLE t (a int, b int NOT NULL);";
    let refers = "CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (a int, b int CONSTRAINT f REFERENCES r);";
    let parts =
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE d PARTITION OF t DEFAULT; CREATE TABLE c (a int);";
    let trigger = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    for (before, statement, wanted) in [
        (t, "ALTER TABLE t ADD COLUMN c int DEFAULT 1", "t:AccessExclusive"),
        (t, "ALTER TABLE t ADD COLUMN c float DEFAULT random()", "t:AccessExclusive+Rewrite"),
        (t, "ALTER TABLE t ADD CHECK (a > 0)", "t:AccessExclusive+Scan"),
        (t, "ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "t:AccessExclusive"),
        (t, "ALTER TABLE t ADD UNIQUE (a)", "t:AccessExclusive+Build"),
        (t, "ALTER TABLE t ALTER a DROP NOT NULL", "t:AccessExclusive"),
        (t, "ALTER TABLE t ALTER a SET STATISTICS 5", "t:ShareUpdateExclusive"),
        (t, "ALTER TABLE t ALTER a SET STORAGE EXTERNAL", "t:AccessExclusive"),
        (t, "ALTER TABLE t ALTER a SET COMPRESSION pglz", "t:AccessExclusive"),
        (t, "ALTER TABLE t SET WITHOUT CLUSTER", "t:ShareUpdateExclusive"),
        (t, "ALTER TABLE t SET (fillfactor = 70)", "t:ShareUpdateExclusive"),
        (t, "ALTER TABLE t SET UNLOGGED", "t:AccessExclusive+Rewrite"),
        (t, "ALTER TABLE t SET LOGGED", "t:AccessExclusive"),
        (t, "ALTER TABLE t RENAME TO u", "t:AccessExclusive"),
        (t, "CREATE INDEX i ON t (a)", "t:Share+Build"),
        (t, "TRUNCATE t", "t:AccessExclusive"),
        (t, "LOCK TABLE t IN SHARE MODE", "t:Share"),
        (t, "INSERT INTO t VALUES (1, 2)", "t:RowExclusive"),
        (t, "CREATE TABLE n (LIKE t)", ""),
        (t, "CREATE VIEW v AS SELECT a FROM t", ""),
        (t, "COMMENT ON TABLE t IS 'x'", ""),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "TRUNCATE t", "t:AccessExclusive+Build"),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "DROP INDEX i", "t:AccessExclusive"),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "ALTER INDEX i RENAME TO j", ""),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "REINDEX INDEX i", "t:Share+Build"),
        (&format!("{t} {trigger}"), "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()", "t:ShareRowExclusive"),
        (
            &format!("{t} CREATE VIEW v AS SELECT a FROM t;"),
            "CREATE OR REPLACE VIEW v AS SELECT a FROM t",
            "v:AccessExclusive",
        ),
        (
            refers,
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r",
            "r:ShareRowExclusive t:ShareRowExclusive+ForeignKeyScan",
        ),
        (refers, "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r NOT VALID", "r:ShareRowExclusive t:ShareRowExclusive"),
        (refers, "ALTER TABLE t ADD COLUMN c int REFERENCES r", "r:ShareRowExclusive t:AccessExclusive"),
        (refers, "ALTER TABLE t DROP CONSTRAINT f", "r:AccessExclusive t:AccessExclusive"),
        (refers, "ALTER TABLE t DROP COLUMN b", "r:AccessExclusive t:AccessExclusive"),
        (refers, "DROP TABLE t", "r:AccessExclusive t:AccessExclusive"),
        (refers, "CREATE TABLE n (a int REFERENCES r)", "r:ShareRowExclusive"),
        (refers, "ALTER TABLE r ALTER id TYPE bigint", "r:AccessExclusive+Rewrite t:AccessExclusive+ForeignKeyScan"),
        (refers, "ALTER TABLE t ALTER b TYPE bigint", "r:AccessExclusive t:AccessExclusive+Rewrite"),
        (refers, "ALTER TABLE t ALTER a TYPE bigint", "t:AccessExclusive+Rewrite"),
        (refers, "TRUNCATE r CASCADE", "r:AccessExclusive+Build t:AccessExclusive"),
        (
            parts,
            "ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1)",
            "c:AccessExclusive+Scan d:AccessExclusive+Scan t:ShareUpdateExclusive",
        ),
        (parts, "CREATE TABLE n PARTITION OF t FOR VALUES IN (1)", "d:AccessExclusive+Scan t:AccessExclusive"),
        (parts, "DROP TABLE d", "d:AccessExclusive t:AccessExclusive"),
        ("CREATE DOMAIN e AS int; CREATE TABLE t (a e);", "ALTER DOMAIN e ADD CHECK (value > 0)", "t:Share+Scan"),
        ("CREATE DOMAIN e AS int; CREATE TABLE t (a e);", "ALTER DOMAIN e ADD CHECK (value > 0) NOT VALID", ""),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;", "REFRESH MATERIALIZED VIEW v", "v:AccessExclusive+Rewrite"),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "v:Exclusive+Scan",
        ),
    ] {
        assert_eq!(seen(before, statement, 15), wanted, "{statement}");
    }
}

#[test]
fn a_lock_is_held_until_the_transaction_ends() {
    let before = "CREATE TABLE t (a int);";
    let mut simulator = Simulator::new(false);
    postgres::read(before).statements.iter().for_each(|done| drop(simulator.follow(before, done)));
    for (transactional, wanted) in [(true, vec!["public.u"]), (false, vec![])] {
        let text = "LOCK TABLE t; ALTER TABLE t RENAME TO u;";
        let mut walk = Walk::new(transactional, 15);
        let mut simulator = simulator.clone();
        for done in &postgres::read(text).statements {
            simulator.follow_seen(text, done, |simulator, act| {
                let situation = walk.situation(&simulator.catalog, simulator.path.visible());
                let effects = walk.effects(done, act, &situation);
                walk.done(act, &effects, &situation);
            });
        }
        assert_eq!(walk.all_held().map(|(relation, _)| relation).collect::<Vec<_>>(), wanted);
    }
}
