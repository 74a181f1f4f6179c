//! What SQLite accepts, or an application's own SQLite may accept, is not refused.

use super::up;

#[track_caller]
fn fine(scripts: &[&str]) {
    let said = up(scripts);
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_table_rebuilt() {
    fine(&[
        "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT)",
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id))",
        "CREATE INDEX posts_user ON posts (user_id); CREATE TRIGGER t AFTER DELETE ON users BEGIN DELETE FROM posts WHERE user_id = old.id; END;",
        "PRAGMA foreign_keys = OFF; DROP TRIGGER t; CREATE TABLE new_users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL); \
         INSERT INTO new_users SELECT id, email FROM users; DROP TABLE users; ALTER TABLE new_users RENAME TO users; PRAGMA foreign_keys = ON;",
        "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'users'; DELETE FROM sqlite_sequence;",
        "DELETE FROM sqlite_sequence",
        "SELECT p.id FROM posts p JOIN users USING (id)",
    ]);
}

#[test]
fn what_an_application_brings_along() {
    fine(&[
        "CREATE TABLE t (a TEXT COLLATE unicode, b TEXT DEFAULT (my_default()), CHECK (my_check(a)))",
        "CREATE INDEX i ON t (slug(a) COLLATE other)",
        "UPDATE t SET a = slug(b, 'x'); SELECT my_sum(a) OVER (ORDER BY b) FROM t; SELECT my_aggregate(DISTINCT a) FROM t",
        "CREATE VIEW v AS SELECT slug(a) AS s FROM t",
        "ALTER TABLE t RENAME COLUMN a TO c",
        "SELECT s FROM v ORDER BY s COLLATE unicode",
        "CREATE VIRTUAL TABLE m USING vec0(embedding float[3]); INSERT INTO m (embedding) VALUES ('[1,2,3]'); SELECT * FROM m_chunks",
        "DROP TABLE m",
        "SELECT value FROM generate_series(1, 10); SELECT * FROM t, carray(1)",
        "CREATE VIRTUAL TABLE f USING fts5(a, tokenize = 'my_tokenizer'); INSERT INTO f VALUES (1); DROP TABLE f",
    ]);
}

#[test]
fn what_may_have_done_anything() {
    fine(&["rust", "SELECT * FROM users; ALTER TABLE users RENAME TO people", "INSERT INTO people (a) VALUES (1)"]);
    fine(&[
        "CREATE TABLE users (a)",
        "rust",
        "UPDATE users SET b = 1; CREATE TABLE users (x); DROP TABLE users; CREATE TABLE users (z)",
    ]);
    fine(&[
        "SELECT InitSpatialMetadata(1)",
        "CREATE TABLE t (a); SELECT AddGeometryColumn('t', 'geom')",
        "SELECT geom FROM t, spatial_ref_sys",
    ]);
    fine(&[
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x' WHERE name = 't'; PRAGMA writable_schema = OFF",
        "SELECT * FROM t",
    ]);
    fine(&["ATTACH 'x.db' AS x; CREATE TABLE x.t (a); INSERT INTO x.t VALUES (1); DETACH x"]);
    fine(&["CREATE TEMP TABLE s (a); INSERT INTO s VALUES (1)", "SELECT b FROM s; DROP TABLE s"]);
}

#[test]
fn what_is_exact_again_after_rust() {
    let said = up(&["rust", "CREATE TABLE t (a)", "SELECT b FROM t", "DROP TABLE t", "SELECT * FROM t"]);
    assert_eq!(said.len(), 2, "{said:#?}");
}

#[test]
fn what_runners_keep() {
    fine(&[
        "DROP TABLE _sqlx_migrations; SELECT version FROM goose_db_version; DELETE FROM whimbrel_history WHERE id = 'x'",
    ]);
}

#[test]
fn conditions() {
    fine(&[
        "CREATE TABLE IF NOT EXISTS t (a); CREATE TABLE IF NOT EXISTS t (a); DROP TABLE IF EXISTS u; DROP INDEX IF EXISTS i; DROP VIEW IF EXISTS v",
    ]);
}

#[test]
fn statements_of_all_kinds() {
    fine(&[
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INT AS (a + 1) STORED) STRICT; CREATE TABLE w (k TEXT PRIMARY KEY) WITHOUT ROWID;",
        "WITH x AS (SELECT a FROM t) INSERT INTO t (a, b) SELECT a + 1, 'x' FROM x WHERE true ON CONFLICT (a) DO UPDATE SET b = excluded.b",
        "REPLACE INTO w VALUES ('a'); EXPLAIN QUERY PLAN SELECT * FROM t; VALUES (1), (2); ANALYZE; REINDEX; VACUUM; PRAGMA user_version = 3",
        "SELECT * FROM sqlite_stat1; DELETE FROM sqlite_stat1; SELECT * FROM sqlite_master, pragma_table_info('t')",
        "CREATE VIRTUAL TABLE f USING fts5(b, content = 't', content_rowid = 'a'); CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO f (rowid, b) VALUES (new.a, new.b); END;",
        "INSERT INTO f (f) VALUES ('rebuild'); SELECT * FROM f WHERE f MATCH 'x'; SELECT * FROM f_data; CREATE VIRTUAL TABLE r USING rtree(id, x0, x1)",
        "SAVEPOINT s; CREATE TABLE z (a); ROLLBACK TO s; RELEASE s; CREATE TABLE z (b); SELECT b FROM z",
        "CREATE TABLE days AS WITH RECURSIVE d (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM d WHERE n < 3) SELECT n, 1 AS one FROM d; CREATE UNIQUE INDEX one ON days (one)",
        "BEGIN; COMMIT; END; BEGIN IMMEDIATE",
    ]);
}
