//! The tables of those who apply migrations.

use super::told;

fn say(script: &str) -> Vec<String> {
    let function = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';";
    let (_, found) = told(&[function, script]);
    found.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

/// What those who apply migrations keep, by whose hand a chain was applied before.
const RUNNERS: [&str; 13] = [
    "__EFMigrationsHistory",
    "app_schema_migrations",
    "migrations",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
    "refinery_schema_history",
    "flyway_schema_history",
    "goose_db_version",
    "schema_migrations",
    "_prisma_migrations",
    "seaql_migrations",
    "whimbrel_history",
    "whimbrel_events",
];

#[test]
fn what_may_be_there_is_not_made_anew() {
    let anything = "DO $$ BEGIN EXECUTE current_setting('a.b'); END $$;";
    let made = |clause: &str| say(&format!("{anything} CREATE TABLE {clause} t (a int); SELECT b FROM t"));
    assert_eq!(made("IF NOT EXISTS"), [""; 0]);
    assert_eq!(made(""), ["unknown_column: table `t` has no column `b`"]);
}

#[test]
fn the_books_of_a_runner_are_there() {
    for table in RUNNERS {
        for script in [
            "DROP TABLE _T",
            "DROP TABLE public._T CASCADE",
            "SELECT version FROM _T WHERE x > 1; DELETE FROM public._T; INSERT INTO _T (version, x) VALUES ('1', 2); UPDATE _T SET x = 1",
            "ALTER TABLE _T ADD COLUMN x int, DROP COLUMN y, ADD PRIMARY KEY (version); CREATE INDEX i ON _T (x); DROP INDEX i",
            "ALTER TABLE _T RENAME TO books; ALTER TABLE books ADD a int; SELECT a, b FROM books; DROP TABLE books",
            "ALTER TABLE _T RENAME COLUMN a TO b; ALTER TABLE _T ALTER COLUMN c TYPE bigint; TRUNCATE _T; LOCK TABLE _T",
            "CREATE VIEW v AS SELECT * FROM _T; SELECT anything FROM v; DROP VIEW v; COMMENT ON TABLE _T IS 'x'; COMMENT ON COLUMN _T.a IS 'x'",
            "CREATE TABLE a (version bigint REFERENCES _T (version)); ALTER TABLE _T OWNER TO somebody",
            "CREATE SCHEMA s; ALTER TABLE _T SET SCHEMA s; SELECT * FROM s._T",
            "CREATE TABLE _T (a int); SELECT a FROM _T; DROP TABLE _T",
            "CREATE TABLE IF NOT EXISTS _T (a int); INSERT INTO _T (b) VALUES (1)",
            "SELECT * FROM books._T; ALTER TABLE books._T RENAME TO x",
            "GRANT SELECT ON _T TO public; CREATE TRIGGER x AFTER INSERT ON _T FOR EACH ROW EXECUTE FUNCTION f()",
        ] {
            let script = script.replace("_T", table);
            assert_eq!(say(&script), [""; 0], "{script}");
        }
    }
    for table in ["bird_migrations", "migration_routes", "changelog_entries", "changelogs"] {
        let unknown = format!("unknown_table: there is no table `{table}`");
        assert_eq!(say(&format!("SELECT a FROM {table}")), [unknown]);
    }
    let gone = "CREATE TABLE schema_migrations (a int); DROP TABLE schema_migrations; SELECT a FROM schema_migrations";
    assert_eq!(say(gone), ["unknown_table: there is no table `schema_migrations`"]);
}
