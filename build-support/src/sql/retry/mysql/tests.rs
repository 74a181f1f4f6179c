use crate::sql::{Dialect, Facts, Retry, Script};

fn retries(text: &str) -> Vec<Retry> {
    Facts::of(&Script::parse(text, Dialect::Mysql).unwrap()).retries
}

fn retry(text: &str) -> Retry {
    let mut all = retries(text);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

fn query(text: &str) -> String {
    match retry(text) {
        Retry::Seen(query) => query,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn what_is_there_afterwards_tells() {
    for (text, wanted) in [
        ("CREATE TABLE Users (id int)", "EXISTS tables WHERE table_schema = DATABASE() AND table_name = 'Users'"),
        ("CREATE TABLE app.`it's` LIKE b", "EXISTS tables WHERE table_schema = 'app' AND table_name = 'it''s'"),
        ("DROP TABLE users", "NOT EXISTS tables WHERE table_schema = DATABASE() AND table_name = 'users'"),
        (
            "CREATE UNIQUE INDEX i USING BTREE ON users (id)",
            "EXISTS statistics WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'i'",
        ),
        (
            "DROP INDEX i ON users",
            "NOT EXISTS statistics WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'i'",
        ),
        (
            "CREATE DEFINER=a@localhost TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET new.a = 1",
            "EXISTS triggers WHERE trigger_schema = DATABASE() AND trigger_name = 'g'",
        ),
        ("DROP PROCEDURE p", "NOT EXISTS routines WHERE routine_schema = DATABASE() AND routine_name = 'p'"),
        (
            "CREATE SQL SECURITY INVOKER VIEW v AS SELECT 1",
            "EXISTS tables WHERE table_schema = DATABASE() AND table_name = 'v'",
        ),
        ("CREATE DATABASE other", "EXISTS schemata WHERE schema_name = 'other'"),
        (
            "RENAME TABLE a TO b",
            "EXISTS tables WHERE table_schema = DATABASE() AND table_name = 'b' AND NOT EXISTS tables WHERE table_schema = \
             DATABASE() AND table_name = 'a'",
        ),
    ] {
        let shown = query(text).replace("(SELECT 1 FROM information_schema.", "").replace(')', "");
        assert_eq!(shown, format!("SELECT {wanted}").replace(')', ""), "{text}");
    }
}

#[test]
fn one_change_of_a_table_tells_for_all() {
    for (text, wanted) in [
        (
            "ALTER TABLE t ADD COLUMN c int, MODIFY d int",
            "columns WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'c'",
        ),
        ("ALTER TABLE t ADD c int NOT NULL DEFAULT (1) FIRST", "column_name = 'c'"),
        ("ALTER TABLE t ADD (c int, d int)", "column_name = 'c'"),
        ("ALTER TABLE t MODIFY d int, DROP COLUMN c", "NOT EXISTS (SELECT 1 FROM information_schema.columns"),
        ("ALTER TABLE t ADD UNIQUE KEY k (a, b), LOCK=NONE", "index_name = 'k'"),
        ("ALTER TABLE t ADD PRIMARY KEY (a)", "index_name = 'PRIMARY'"),
        ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (id)", "constraint_name = 'f'"),
        ("ALTER TABLE t DROP FOREIGN KEY f", "NOT EXISTS (SELECT 1 FROM information_schema.table_constraints"),
        ("ALTER TABLE t CHANGE a b int", "column_name = 'b'"),
        ("ALTER TABLE t RENAME COLUMN a TO b", "column_name = 'b'"),
        ("ALTER TABLE t RENAME TO u, ADD COLUMN c int", "table_name = 'u') AND NOT EXISTS"),
        ("ALTER TABLE app.t ADD COLUMN c int", "table_schema = 'app'"),
    ] {
        assert!(query(text).contains(wanted), "{text}: {}", query(text));
    }
}

#[test]
fn some_do_no_harm_a_second_time() {
    for text in [
        "CREATE TABLE IF NOT EXISTS t (id int)",
        "DROP TABLE IF EXISTS a, b",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "ALTER TABLE t MODIFY c bigint NOT NULL",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int",
        "ALTER TABLE t CHANGE c c bigint",
        "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)",
        "ALTER TABLE t ENGINE=InnoDB, COMMENT='a'",
        "ALTER TABLE t ALTER COLUMN c SET DEFAULT 1",
        "GRANT SELECT ON t TO app",
        "ANALYZE TABLE t",
        "SET GLOBAL max_connections = 10",
    ] {
        assert_eq!(retry(text), Retry::Again, "{text}");
    }
}

#[test]
fn what_is_in_doubt_is_asked() {
    for text in [
        "CALL archive()",
        "TRUNCATE TABLE t",
        "DROP TABLE a, b",
        "CREATE TABLE t AS SELECT 1",
        "CREATE TABLE t (id int) SELECT 1 AS id",
        "CREATE OR REPLACE TABLE t (id int)",
        "RENAME TABLE a TO c, b TO a",
        "ALTER TABLE t CHANGE a b int, CHANGE b a int",
        "ALTER TABLE t DROP COLUMN c, ADD COLUMN c int",
        "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (1))",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b (id)",
        "LOAD DATA INFILE 'a' INTO TABLE t",
        "SELECT 1 INTO OUTFILE 'a'",
        "EXECUTE s",
        "REVOKE ALL ON t FROM app",
        "CREATE TABLE `a\\b` (id int)",
    ] {
        assert_eq!(retry(text), Retry::Ask, "{text}");
    }
}

#[test]
fn rows_that_are_changed_one_after_the_other_are_one_transaction() {
    use Retry::{Again, Ask, Joined, Session, Together};
    assert_eq!(
        retries(
            "INSERT INTO a VALUES (1); SET @x = 1; UPDATE a SET b = @x; TRUNCATE a; DELETE FROM a; SET NAMES utf8mb4; SELECT 1"
        ),
        [Joined, Session, Together, Ask, Together, Session, Together]
    );
    assert_eq!(retries("/*!40101 SET NAMES utf8 */; /*!40000 ALTER TABLE a DISABLE KEYS */"), [Session, Ask]);
    assert_eq!(retries("FLUSH TABLES; WITH c AS (SELECT 1) SELECT * FROM c"), [Again, Together]);
}

#[test]
fn a_value_that_a_session_takes_with_it_is_known() {
    use Retry::{Ask, Carries, Joined, Session, Together};
    let ids = "INSERT INTO a VALUES (1); SET @id = LAST_INSERT_ID(); TRUNCATE b; INSERT INTO b VALUES (@id)";
    assert_eq!(retries(ids), [Together, Carries, Ask, Together]);
    let near = "INSERT INTO a VALUES (1); SET @id = LAST_INSERT_ID(); INSERT INTO b VALUES (@id); TRUNCATE c";
    assert_eq!(retries(near), [Joined, Session, Together, Ask]);
    // The idiom for what a server has no words for: asked of the schema, so the same again.
    let idiom = "SET @s = (SELECT IF(COUNT(*) > 0, 'SELECT 1', 'DROP TABLE a') FROM information_schema.tables); PREPARE p FROM @s; \
                 EXECUTE p; DEALLOCATE PREPARE p";
    assert_eq!(retries(idiom), [Session, Session, Ask, Session]);
    assert_eq!(
        retries("SELECT max(id) INTO @m FROM a; TRUNCATE b; DELETE FROM a WHERE id > @m"),
        [Carries, Ask, Together]
    );
}

#[test]
fn a_transaction_of_the_scripts_own_ends_where_a_schema_changes() {
    use Retry::{Closes, Inside, Joined, Together};
    let rows = retries("BEGIN; INSERT INTO a VALUES (1); COMMIT; DELETE FROM a");
    assert_eq!(rows, [Inside, Inside, Closes, Together]);
    let schema = retries("BEGIN; DROP TABLE IF EXISTS a; INSERT INTO b VALUES (1); COMMIT; DELETE FROM b");
    assert_eq!(schema, [Together, Retry::Again, Joined, Joined, Together]);
}
