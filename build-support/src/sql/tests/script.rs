use super::statements;
use crate::sql::Dialect::{Postgres, Sqlite};
use crate::sql::{Script, SqlErrorKind};

#[test]
fn statements_end_at_semicolons() {
    for dialect in [Postgres, Sqlite] {
        assert_eq!(statements(" ;; -- a\nSELECT 1 ; /* b */ SELECT ';' -- c\n ;", dialect), ["SELECT 1", "SELECT ';'"]);
        assert_eq!(statements("/*+ only */; -- none", dialect), [""; 0]);
        assert_eq!(statements("SELECT 1 /* in */ + /*! x */ 2", dialect), ["SELECT 1 /* in */ + /*! x */ 2"]);
        assert_eq!(statements("SELECT ) ; SELECT 2", dialect), ["SELECT )", "SELECT 2"]);
    }
    let rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
    assert_eq!(statements(&format!("{rule}; SELECT 1"), Postgres), [rule, "SELECT 1"]);
    assert_eq!(statements("DO $$ BEGIN; END $$; SELECT 1", Postgres), ["DO $$ BEGIN; END $$", "SELECT 1"]);
}

#[test]
fn an_atomic_body_is_part_of_its_routine() {
    let function = "create or replace function f(a int) returns int begin atomic
        select case when a > 0 then 1 else 2 end; select t.end as end from t; end";
    let procedure = "CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC END";
    assert_eq!(statements(&format!("{function}; {procedure}; SELECT 1"), Postgres), [function, procedure, "SELECT 1"]);
    let plain = ["CREATE FUNCTION f() RETURNS int AS 'BEGIN ATOMIC' LANGUAGE sql", "SELECT 1"];
    assert_eq!(statements(&plain.join(";"), Postgres), plain);
}

#[test]
fn a_triggers_body_is_part_of_it() {
    let trigger =
        "CREATE TEMP TRIGGER IF NOT EXISTS x AFTER UPDATE OF begin ON t WHEN new.a > CASE 1 WHEN 1 THEN 2 END BEGIN
        UPDATE t SET end = CASE WHEN a THEN 1 END; -- one
        DELETE FROM t WHERE end; END /* done */";
    let trigger = trigger.trim_end_matches(" /* done */");
    assert_eq!(statements(&format!("{trigger} /* done */; SELECT 1"), Sqlite), [trigger, "SELECT 1"]);
    assert_eq!(statements("BEGIN; SELECT 1; END; SELECT 2", Sqlite), ["BEGIN", "SELECT 1", "END", "SELECT 2"]);
    let postgres = "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()";
    assert_eq!(statements(&format!("{postgres}; BEGIN; SELECT 1"), Postgres), [postgres, "BEGIN", "SELECT 1"]);
}

#[test]
fn commands_of_shells_are_found_all_at_once() {
    let text = "\\set x 1\nSELECT 1;\n  \\d+ users\nSELECT 2 \\gexec\n";
    let errors = Script::parse(text, Postgres).unwrap_err();
    let found: Vec<&str> = errors.iter().filter_map(|error| text.get(error.range.clone())).collect();
    assert_eq!(found, ["\\set x 1", "\\d+ users", "\\gexec"]);

    let text = ".mode csv\nSELECT .5;\n.import a.csv b\r\nSELECT a.b;";
    let errors = Script::parse(text, Sqlite).unwrap_err();
    let found: Vec<&str> = errors.iter().filter_map(|error| text.get(error.range.clone())).collect();
    assert_eq!(found, [".mode csv", ".import a.csv b"]);
    assert_eq!(errors[0].to_string(), "`.mode` is a command of the sqlite3 shell, not SQL");
    assert!(Script::parse("SELECT '\n\\d\n', $$\n.mode\n$$", Postgres).is_ok());
}

#[test]
fn copied_rows_are_one_mistake() {
    let text = "copy a (b, c) from StdIn with (format csv);\nit's\t\\N\n\\.\nSELECT 'open";
    let errors = Script::parse(text, Postgres).unwrap_err();
    assert_eq!(errors.len(), 2);
    assert_eq!((&errors[0].kind, errors[0].range.clone()), (&SqlErrorKind::CopyFromStdin, 0..42));
    assert_eq!(errors[1].kind, SqlErrorKind::UnterminatedString);
    assert_eq!(Script::parse("COPY a FROM stdin; SELECT 1", Postgres).unwrap_err().len(), 1);
    assert!(Script::parse("COPY a FROM '/stdin'; COPY a TO stdout", Postgres).is_ok());
}
