//! Statements beside what `pg_locks`, `relfilenode` and the messages of PostgreSQL 15 showed of them.

use super::{Touch, Walk, Work, below, touches};
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
            let mut effects = walk.effects(done, act, &situation);
            walk.done(act, &effects, &situation);
            let mut beyond = below((statement, done), act, &mut effects, &situation, simulator);
            beyond.retain(|effect| !walk.is_new(&effect.relation, &situation));
            found.extend(effects.into_iter().chain(beyond));
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
        (t, "COMMENT ON TABLE t IS 'x'", "t:ShareUpdateExclusive"),
        (t, "COMMENT ON COLUMN t.a IS 'x'", "t:ShareUpdateExclusive"),
        (t, "ANALYZE t", "t:ShareUpdateExclusive"),
        (t, "ANALYZE", "t:ShareUpdateExclusive"),
        (t, "CREATE PUBLICATION p FOR TABLE t", "t:ShareUpdateExclusive"),
        (t, "CREATE PUBLICATION p FOR ALL TABLES", ""),
        (t, "CREATE PUBLICATION p; ALTER PUBLICATION p SET TABLE t", "t:ShareUpdateExclusive"),
        (t, "ALTER TABLE t SET (user_catalog_table = true)", "t:AccessExclusive"),
        (t, "ALTER TABLE t RESET (user_catalog_table)", "t:AccessExclusive"),
        (t, "CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'x'", "t:Share+Build"),
        (t, "CREATE TABLE n (a int PRIMARY KEY); COMMENT ON INDEX n_pkey IS 'x'; COMMENT ON COLUMN n.a IS 'x'", ""),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "TRUNCATE t", "t:AccessExclusive+Build"),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "DROP INDEX i", "t:AccessExclusive"),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "ALTER INDEX i RENAME TO j", "i:ShareUpdateExclusive"),
        (
            &format!("{t} CREATE UNIQUE INDEX i ON t (a);"),
            "ALTER INDEX i SET (fillfactor = 70)",
            "i:ShareUpdateExclusive",
        ),
        (&format!("{t} CREATE UNIQUE INDEX i ON t (a);"), "COMMENT ON INDEX i IS 'x'", "i:ShareUpdateExclusive"),
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

#[test]
fn what_is_below_a_table_is_locked_with_it_as_on_a_server() {
    let t = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE r (id int PRIMARY KEY);";
    let family = format!(
        "{t} CREATE TABLE p (id int, a int, b text, CONSTRAINT ck CHECK (a > 0)); CREATE TABLE c () INHERITS (p); \
         ALTER TABLE p ADD CONSTRAINT nv CHECK (a > 1) NOT VALID;"
    );
    let parts = format!(
        "{t} CREATE TABLE p (id int NOT NULL, a int, b text, CONSTRAINT ck CHECK (a > 0)) PARTITION BY LIST (id); \
         CREATE TABLE m PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a); \
         CREATE TABLE c PARTITION OF m FOR VALUES IN (1); \
         CREATE TRIGGER tg AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();"
    );
    let (strong, rows) = ("c:AccessExclusive p:AccessExclusive", "c:RowExclusive p:RowExclusive");
    for (statement, version, inherited, partitioned) in [
        ("ALTER TABLE p ADD COLUMN x int", 15, strong, "c:AccessExclusive m:AccessExclusive p:AccessExclusive"),
        ("ALTER TABLE ONLY p ALTER b SET DEFAULT ''", 15, "p:AccessExclusive", "p:AccessExclusive"),
        (
            "ALTER TABLE p ALTER a SET NOT NULL",
            15,
            "c:AccessExclusive+Scan p:AccessExclusive+Scan",
            "c:AccessExclusive+Scan m:AccessExclusive p:AccessExclusive",
        ),
        ("ALTER TABLE p ALTER b DROP NOT NULL", 18, "p:AccessExclusive", "p:AccessExclusive"),
        ("ALTER TABLE p ALTER b DROP NOT NULL", 12, strong, "c:AccessExclusive m:AccessExclusive p:AccessExclusive"),
        (
            "ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES r",
            15,
            "p:ShareRowExclusive+ForeignKeyScan r:ShareRowExclusive",
            "c:ShareRowExclusive+ForeignKeyScan m:ShareRowExclusive p:ShareRowExclusive r:ShareRowExclusive",
        ),
        ("ALTER TABLE p ADD UNIQUE (id, a)", 15, "p:AccessExclusive+Build", "c:Share+Build m:Share p:AccessExclusive"),
        (
            "ALTER TABLE p ADD UNIQUE (id, a)",
            18,
            "c:AccessExclusive+Build p:AccessExclusive+Build",
            "c:AccessExclusive+Build m:AccessExclusive p:AccessExclusive",
        ),
        ("ALTER TABLE p DROP CONSTRAINT ck", 15, strong, "c:AccessExclusive m:AccessExclusive p:AccessExclusive"),
        (
            "ALTER TABLE p RENAME CONSTRAINT ck TO ck2",
            15,
            strong,
            "c:AccessExclusive m:AccessExclusive p:AccessExclusive",
        ),
        (
            "ALTER TABLE p ALTER a SET STATISTICS 5",
            15,
            "c:ShareUpdateExclusive p:ShareUpdateExclusive",
            "c:ShareUpdateExclusive m:ShareUpdateExclusive p:ShareUpdateExclusive",
        ),
        ("ALTER TABLE p OWNER TO postgres", 15, "p:AccessExclusive", "p:AccessExclusive"),
        ("ALTER TABLE p SET (fillfactor = 70)", 15, "p:ShareUpdateExclusive", "p:ShareUpdateExclusive"),
        ("CREATE INDEX ON p (b)", 15, "p:Share+Build", "c:Share+Build m:Share p:Share"),
        ("CREATE INDEX ON ONLY p (b)", 15, "p:Share+Build", "p:Share"),
        (
            "CREATE TRIGGER t2 AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()",
            15,
            "p:ShareRowExclusive",
            "c:ShareRowExclusive m:ShareRowExclusive p:ShareRowExclusive",
        ),
        ("CREATE TRIGGER t2 BEFORE INSERT ON p EXECUTE FUNCTION f()", 15, "p:ShareRowExclusive", "p:ShareRowExclusive"),
        (
            "TRUNCATE p",
            15,
            "c:AccessExclusive p:AccessExclusive",
            "c:AccessExclusive m:AccessExclusive p:AccessExclusive",
        ),
        ("TRUNCATE ONLY p", 15, "p:AccessExclusive", "p:AccessExclusive"),
        ("LOCK TABLE p IN SHARE MODE", 15, "c:Share p:Share", "c:Share m:Share p:Share"),
        ("UPDATE p SET b = ''", 15, rows, "c:RowExclusive m:RowExclusive p:RowExclusive"),
        ("INSERT INTO p VALUES (2, 1, '')", 15, "p:RowExclusive", "c:RowExclusive m:RowExclusive p:RowExclusive"),
        (
            "ANALYZE p",
            15,
            "p:ShareUpdateExclusive",
            "c:ShareUpdateExclusive m:ShareUpdateExclusive p:ShareUpdateExclusive",
        ),
        ("COMMENT ON TABLE p IS 'x'", 15, "p:ShareUpdateExclusive", "p:ShareUpdateExclusive"),
        (
            "CREATE PUBLICATION pub FOR TABLE p",
            15,
            "c:ShareUpdateExclusive p:ShareUpdateExclusive",
            "p:ShareUpdateExclusive",
        ),
        ("DROP TABLE p CASCADE", 15, strong, "c:AccessExclusive m:AccessExclusive p:AccessExclusive"),
    ] {
        assert_eq!(seen(&family, statement, version), inherited, "{statement} {version}");
        assert_eq!(seen(&parts, statement, version), partitioned, "{statement} {version}");
    }
    assert_eq!(
        seen(&family, "ALTER TABLE p VALIDATE CONSTRAINT nv", 15),
        "c:ShareUpdateExclusive+Scan p:ShareUpdateExclusive+Scan"
    );
    let below = "c:AccessExclusive m:AccessExclusive p:AccessExclusive";
    for statement in ["DROP TRIGGER tg ON p", "ALTER TRIGGER tg ON p RENAME TO th", "DROP TABLE p"] {
        assert_eq!(seen(&parts, statement, 15), below, "{statement}");
    }
    assert_eq!(seen(&parts, "ALTER TRIGGER tg ON p RENAME TO th", 12), "p:AccessExclusive");
    assert_eq!(seen(&parts, "ALTER TABLE p DISABLE TRIGGER tg", 15), below.replace("Access", "ShareRow"));
    assert_eq!(seen(&parts, "ALTER TABLE p DETACH PARTITION m", 15), below);
}

#[test]
fn views_that_go_with_what_is_dropped_are_locked() {
    let before = "CREATE TYPE mood AS ENUM ('sad'); CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE VIEW sv AS SELECT a FROM s.t; \
                  CREATE TABLE t (a int, b mood); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; \
                  CREATE VIEW m AS SELECT b FROM t;";
    for (statement, wanted) in [
        ("DROP TABLE t CASCADE", "m:AccessExclusive t:AccessExclusive v:AccessExclusive w:AccessExclusive"),
        ("DROP VIEW v CASCADE", "v:AccessExclusive w:AccessExclusive"),
        ("ALTER TABLE t DROP COLUMN a CASCADE", "t:AccessExclusive v:AccessExclusive w:AccessExclusive"),
        ("DROP TYPE mood CASCADE", "m:AccessExclusive t:AccessExclusive"),
        ("DROP SCHEMA s CASCADE", "sv:AccessExclusive s.t:AccessExclusive"),
        ("DROP VIEW w", "w:AccessExclusive"),
    ] {
        assert_eq!(seen(before, statement, 15), wanted, "{statement}");
    }
}
