use super::facts;
use crate::sql::Dialect::{self, Postgres, Sqlite};

fn net(text: &str, dialect: Dialect) -> (Vec<String>, Vec<String>) {
    let facts = facts(text, dialect);
    (facts.creates, facts.drops)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn created_and_dropped() {
    let cases: [(&str, &[&str], &[&str]); 14] = [
        ("CREATE TABLE Users (id int); create table if not exists App.\"Logs\" (id int)", &["users", "app.Logs"], &[]),
        (
            "CREATE UNLOGGED TABLE a (); CREATE FOREIGN TABLE b () SERVER s; CREATE TABLE c AS SELECT 1",
            &["a", "b", "c"],
            &[],
        ),
        ("CREATE TABLE p_1 PARTITION OF p DEFAULT", &["p_1"], &[]),
        ("CREATE TEMP TABLE a (); CREATE LOCAL TEMPORARY TABLE b ()", &[], &[]),
        ("CREATE TEMP TABLE users (); DROP TABLE users", &[], &[]),
        ("DROP TABLE IF EXISTS a, s.\"B\" CASCADE; DROP FOREIGN TABLE c", &[], &["a", "s.B", "c"]),
        ("CREATE TABLE a (); DROP TABLE a", &[], &[]),
        ("DROP TABLE a; CREATE TABLE a ()", &[], &[]),
        ("DROP TABLE IF EXISTS a; CREATE TABLE a ()", &["a"], &[]),
        ("ALTER TABLE IF EXISTS ONLY s.a RENAME TO b", &["s.b"], &["s.a"]),
        ("ALTER TABLE a SET SCHEMA s", &["s.a"], &["a"]),
        ("ALTER TABLE a RENAME COLUMN b TO c; ALTER TABLE a RENAME b TO c", &[], &[]),
        ("CREATE TABLE new (); DROP TABLE old; ALTER TABLE new RENAME TO old", &[], &[]),
        (
            "CREATE VIEW v AS SELECT 1; CREATE INDEX ON a (b); CREATE FUNCTION table_of() RETURNS int AS '' LANGUAGE sql",
            &[],
            &[],
        ),
    ];
    for (text, creates, drops) in cases {
        assert_eq!(net(text, Postgres), (names(creates), names(drops)), "{text}");
    }
}

#[test]
fn sqlite_has_its_own_tables_and_names() {
    let text = "CREATE VIRTUAL TABLE Docs USING fts5(body); CREATE TABLE `A``b` (x); CREATE TABLE [C] (x); CREATE TABLE 'd' (x);
        CREATE TABLE temp.e (x)";
    assert_eq!(net(text, Sqlite), (names(&["docs", "a`b", "c", "d"]), vec![]));
    assert_eq!(
        net("CREATE TABLE \"New\" (x); DROP TABLE Old; ALTER TABLE NEW RENAME TO \"old\"", Sqlite),
        (vec![], vec![])
    );
}

#[test]
fn what_names_no_tables_is_said() {
    for text in [
        "DO $$ $$",
        "CALL rebuild()",
        "DROP SCHEMA app CASCADE",
        "ALTER SCHEMA a RENAME TO b",
        "SET search_path TO app",
    ] {
        assert!(facts(text, Postgres).hides_tables, "{text}");
    }
    assert!(!facts("CREATE SCHEMA app; SELECT 1; SET lock_timeout = 1", Postgres).hides_tables);
}
