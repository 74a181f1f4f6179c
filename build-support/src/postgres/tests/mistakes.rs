//! Mistakes, each with what is said about it and where.

use crate::postgres::{SyntaxError, read};

/// A script with a mistake between `«` and `»`, then a line for what is said of each: the message, and the help behind a bar.
/// `WHIMBREL_BLESS=1` writes it anew, to be looked through.
const MISTAKES: &str = include_str!("mistakes.txt");

#[test]
fn mistakes_are_said_in_plain_words_at_their_place() {
    let mut said = String::new();
    let scripts = MISTAKES.lines().filter(|line| !line.starts_with(' '));
    for marked in scripts.clone() {
        let script: String = marked.chars().filter(|c| !matches!(c, '«' | '»')).collect();
        said.push_str(&drawn(&script, &read(&script).errors));
    }
    assert!(scripts.count() >= 150);
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/postgres/tests/mistakes.txt"), &said).unwrap();
        return;
    }
    for (said, wanted) in said.lines().zip(MISTAKES.lines()) {
        assert_eq!(said, wanted);
    }
    assert_eq!(said.lines().count(), MISTAKES.lines().count());
}

fn drawn(script: &str, errors: &[SyntaxError]) -> String {
    let (mut line, mut at, mut said) = (String::new(), 0, String::new());
    for SyntaxError { range, message, help } in errors {
        line.push_str(&script[at..range.start]);
        line.push('«');
        line.push_str(&script[range.clone()]);
        line.push('»');
        at = range.end;
        let help = help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        said.push_str(&format!("    {message}{help}\n"));
    }
    line.push_str(&script[at..]);
    format!("{line}\n{said}")
}

#[test]
fn what_is_right_is_not_refused() {
    for script in [
        "",
        " ",
        ";",
        ";;",
        "SELECT 1",
        "SELECT 1;;SELECT 2;",
        "-- nothing",
        "/* nothing */",
        "BEGIN; CREATE TABLE t (a int); COMMIT;",
        // What the parser doesn't know.
        "CREATE TABLE t (EXCLUDE USING gist (a inet_ops WITH =, b DESC NULLS LAST WITH &&, (c) s.ops WITH OPERATOR(s.=)))",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(user, default, 1, 'x')",
        "CREATE OR REPLACE TRUSTED LANGUAGE plx HANDLER plx_handler",
        "ALTER STATISTICS IF EXISTS s SET STATISTICS 0",
        "ALTER USER MAPPING FOR user SERVER s OPTIONS (a 'b')",
        "SET ROLE TO DEFAULT",
        "SET SESSION ROLE = app",
        "DO $$ DECLARE a int; DECLARE b int; BEGIN SELECT 1, 2 INTO STRICT a, b; INSERT INTO t VALUES (1) RETURNING c INTO a; END $$",
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$",
        "CREATE FUNCTION f(OUT a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$",
        // Nobody reads a body then.
        "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'not SQL'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plperl AS 'not SQL'",
        // Words of the grammar's own that may be names here.
        "CREATE TABLE t (value int, name text, values int, type text, year int, at timestamptz)",
        "SELECT 1 AS user, 2 AS order FROM t WHERE EXISTS (SELECT FROM u) AND a IS UNKNOWN AND b IS NULL::bool",
        "CREATE TABLE t (a bool DEFAULT b IS DISTINCT FROM c, d text DEFAULT 'x' COLLATE \"C\", e int DEFAULT -1)",
        "CREATE INDEX ON t (a COLLATE \"C\" text_pattern_ops DESC, lower(b), (c || d), CAST(e AS text), coalesce(f, g))",
        "CREATE TABLE t PARTITION OF u (a DEFAULT 1, b NOT NULL) FOR VALUES IN (1)",
        "CREATE TABLE t OF u (PRIMARY KEY (a))",
    ] {
        assert_eq!(read(script).errors, [], "{script}");
    }
}

#[test]
fn each_statement_has_at_most_one_mistake() {
    let reading = read("CREATE TABEL a (x int y int,,); DROP TABLE b; ALTER TABLE c AD COLUM d it it;");
    let at: Vec<usize> = reading.errors.iter().map(|error| error.range.start).collect();
    assert_eq!(at, [7, 60]);
    assert_eq!(reading.statements.len(), 3);
}
