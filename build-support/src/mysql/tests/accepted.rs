//! What the servers take is never refused, and what it makes is known.

use super::{follow, mysql};
use crate::mysql::{Server, sql};

/// Follows scripts that a server takes; gives the schema.
fn made(scripts: &[&str]) -> String {
    let (findings, catalog) = follow(scripts, mysql());
    assert_eq!(findings.concat(), [], "{scripts:?}");
    sql(&catalog)
}

#[test]
fn names_in_any_case_and_quotes() {
    made(&[
        "CREATE TABLE Users (`Id` int, `order` int); ALTER TABLE users ADD KEY (ID, `ORDER`); UPDATE USERS SET id = 1 WHERE `Order` = 2",
    ]);
}

#[test]
fn changes_of_one_statement_are_one() {
    let sql = made(&[
        "CREATE TABLE t (a int, b int, c int, KEY k (a)); CREATE TABLE u (id int PRIMARY KEY)",
        "ALTER TABLE t CHANGE a b int, CHANGE b a bigint, DROP KEY k, ADD KEY k (b), ADD d int FIRST, ADD e int AFTER b, DROP c, ADD c text",
    ]);
    assert!(
        sql.contains("`d` int,\n    `b` int,\n    `e` int,\n    `a` bigint,\n    `c` text,\n    KEY `k` (`b`)"),
        "{sql}"
    );
}

#[test]
fn types_are_those_that_the_server_prints() {
    let sql = made(&[
        "CREATE TABLE t (a INTEGER(11), b BOOL, c DEC(8), d CHARACTER VARYING(9), e NATIONAL CHAR(3), f DOUBLE PRECISION, \
                      g SERIAL, h YEAR(4), i DATETIME(0), j TIMESTAMP(6) NULL, k SET('a', 'b'), l FLOAT(53), m BIT, n INT UNSIGNED ZEROFILL, \
                      o LONG VARCHAR, p VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x' NOT NULL COMMENT 'it''s')",
    ]);
    for column in [
        "`a` int,",
        "`b` tinyint(1),",
        "`c` decimal(8,0),",
        "`d` varchar(9),",
        "`e` char(3),",
        "`f` double,",
        "`g` bigint unsigned NOT NULL AUTO_INCREMENT,",
        "`h` year,",
        "`i` datetime,",
        "`j` timestamp(6),",
        "`k` set('a','b'),",
        "`l` double,",
        "`m` bit(1),",
        "`n` int unsigned zerofill,",
        "`o` mediumtext,",
        "`p` varchar(9) NOT NULL DEFAULT 'x' COMMENT 'it''s'",
    ] {
        assert!(sql.contains(column), "{column} in {sql}");
    }
}

#[test]
fn what_code_does_is_believed() {
    made(&[
        "CREATE TABLE t (a int); CREATE PROCEDURE p() BEGIN IF EXISTS (SELECT 1) THEN SET @s = 'ALTER TABLE t ADD b int'; \
         PREPARE s FROM @s; EXECUTE s; END IF; END; CALL p(); DROP PROCEDURE p",
        "UPDATE t SET b = 1; ALTER TABLE t DROP b",
        "SET @s = 'CREATE TABLE u (a int)'; PREPARE s FROM @s; EXECUTE s",
        "INSERT INTO u (a) VALUES (1)",
    ]);
}

#[test]
fn what_a_block_does_is_believed() {
    made(&[
        "CREATE TABLE t (a int)",
        "BEGIN NOT ATOMIC IF 1 THEN CREATE TABLE u (a int); ALTER TABLE t ADD b int; END IF; END",
        "UPDATE t SET b = 1; INSERT INTO u (a) VALUES (1)",
    ]);
}

#[test]
fn what_a_procedure_calls_is_believed() {
    for body in ["CALL q()", "CALL `Q`()", "CALL db.q()", "EXECUTE IMMEDIATE 'CALL q()'"] {
        made(&[
            "CREATE TABLE t (a int); CREATE PROCEDURE q() BEGIN ALTER TABLE t ADD b int; CALL p(); END",
            &format!("CREATE PROCEDURE p() {body}; CALL p()"),
            "UPDATE t SET b = 1",
        ]);
    }
    made(&["CREATE TABLE t (a int); CREATE PROCEDURE p() CALL of_another_chain(); CALL p()", "UPDATE t SET b = 1"]);
}

#[test]
fn what_a_procedure_did_before_is_believed() {
    made(&[
        "CREATE TABLE t (a int); CREATE PROCEDURE p() ALTER TABLE t ADD b int; DROP PROCEDURE p; CREATE PROCEDURE p() SELECT 1",
        "CALL p(); UPDATE t SET b = 1",
    ]);
}

#[test]
fn what_need_not_be_there() {
    made(&[
        "RENAME TABLE IF EXISTS old TO new; CREATE TABLE t (a int); ALTER TABLE t ALTER INDEX IF EXISTS i NOT IGNORED",
    ]);
}

#[test]
fn a_database_may_be_written_or_not() {
    for script in [
        "CREATE TABLE db.t (a int)",
        "CREATE VIEW db.t AS SELECT 1 AS a",
        "RENAME TABLE other.t TO t",
        "CREATE TABLE u (a int); RENAME TABLE u TO db.t",
        "CREATE TABLE t (b int); ALTER TABLE db.t ADD a int",
        "CREATE TABLE t (b int); DROP TABLE db.t; CREATE TABLE t (a int)",
    ] {
        made(&[script, "UPDATE t SET a = 1", "ALTER TABLE t ADD KEY (a)"]);
    }
}

#[test]
fn what_may_be_there_is_not_made_anew() {
    made(&[
        "CALL anything(); CREATE TABLE IF NOT EXISTS t (a int); CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS a",
        "UPDATE t SET b = 1; SELECT b FROM v",
    ]);
}

#[test]
fn clients_and_dumps() {
    made(&[
        "/*!40101 SET NAMES utf8 */;\nCREATE TABLE t (a int /*!80023 INVISIBLE */, b int) /*!50100 PARTITION BY HASH (a) PARTITIONS 2 */;\n\
         # a comment\n-- another; one\nDELIMITER //\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END//\n\
         DELIMITER ;\nINSERT INTO t (a) VALUES ('it\\'s; \"one\"')",
        "CREATE TRIGGER y BEFORE UPDATE ON t FOR EACH ROW IF NEW.a THEN SET NEW.b = CASE WHEN 1 THEN IF(1, 2, 3) ELSE 4 END; END IF; UPDATE t SET b = 1",
    ]);
}

#[test]
fn queries_of_many_forms() {
    let forms = [
        "SELECT u.*, COUNT(*) AS n FROM t u LEFT JOIN (SELECT a AS x FROM t) v ON v.x = u.a GROUP BY u.a HAVING n > 1 ORDER BY n DESC LIMIT 1, 2",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c",
        "INSERT INTO t (a, b) SELECT a, b + INTERVAL 1 DAY FROM t WHERE a IN (SELECT b FROM t x WHERE x.a = t.a) ON DUPLICATE KEY UPDATE b = VALUES(b)",
        "UPDATE t x JOIN t y ON x.a = y.b SET x.b = CASE WHEN y.a IS NULL THEN 0 ELSE y.a END WHERE y.b NOT BETWEEN 1 AND 2",
        "DELETE x FROM t x JOIN t y USING (a) WHERE x.b <=> y.b",
        "SELECT EXTRACT(YEAR FROM c), CAST(a AS CHAR(3)), CONVERT(b USING utf8mb4), DATE '2020-01-01', _utf8'x' COLLATE utf8_bin FROM t",
        "SELECT j->>'$.a', JSON_TABLE.x FROM t, JSON_TABLE(j, '$[*]' COLUMNS (x int PATH '$')) AS JSON_TABLE",
        "INSERT INTO t SET a = 1, b = a + 1",
        "REPLACE INTO t VALUES (1, DEFAULT, NOW(), '{}'), (2, NULL, CURRENT_TIMESTAMP, JSON_OBJECT('a', 1))",
        "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS r FROM t WHERE MATCH (a) AGAINST ('x' IN BOOLEAN MODE)",
        "CREATE OR REPLACE ALGORITHM = MERGE DEFINER = `root`@`localhost` SQL SECURITY INVOKER VIEW v AS SELECT a FROM t",
        "CREATE TABLE w AS SELECT a, b FROM t",
        "CREATE TABLE x LIKE t",
        "SELECT @a := b, @@session.sql_mode FROM t FOR UPDATE",
        "SELECT information_schema.tables.table_name FROM information_schema.tables",
    ];
    for form in forms {
        made(&["CREATE TABLE t (a int, b int, c datetime, j json)", form]);
    }
}

#[test]
fn the_books_of_a_runner_are_there() {
    made(&[
        "DELETE FROM schema_migrations WHERE version = 1; ALTER TABLE flyway_schema_history ADD a int; DROP TABLE goose_db_version",
    ]);
}

#[test]
fn the_two_servers_differ() {
    let script = "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (u_id int REFERENCES u (id)); DROP TABLE u";
    assert_eq!(follow(&[script], mysql()).0.concat(), []);
    let maria = Server::read(true, Some("10.11")).unwrap();
    assert_eq!(follow(&[script], maria).0.concat().len(), 1);
}
