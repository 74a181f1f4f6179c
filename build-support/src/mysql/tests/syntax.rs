//! What is certainly wrong is said at the word, with the one that was meant.

use super::wrong;

#[test]
fn slips_of_keywords() {
    for (script, said) in [
        (
            "CREATE TABEL t (a int)",
            "sql_syntax `TABEL`: expected `TABLE` after `CREATE`, found `TABEL` (did you mean `TABLE`?)",
        ),
        ("INSRT INTO t VALUES (1)", "sql_syntax `INSRT`: no statement begins with `INSRT` (did you mean `INSERT`?)"),
        ("ALTR TABLE t ADD a int", "sql_syntax `ALTR`: no statement begins with `ALTR` (did you mean `ALTER`?)"),
        (
            "CREATE TABLE t (a int NOT NUL)",
            "sql_syntax `NUL`: expected `NULL` after `NOT`, found `NUL` (did you mean `NULL`?)",
        ),
        (
            "CREATE TABLE t (a varchr(8))",
            "sql_syntax `varchr`: expected `VARCHAR` after `a`, found `varchr` (did you mean `VARCHAR`?)",
        ),
        (
            "CREATE TABLE t (a int AUTO_INCREMNT)",
            "sql_syntax `AUTO_INCREMNT`: expected `AUTO_INCREMENT` after `int`, found `AUTO_INCREMNT` (did you mean `AUTO_INCREMENT`?)",
        ),
        (
            "CREATE TABLE t (a int, PRIMRY KEY (a))",
            "sql_syntax `PRIMRY`: expected `PRIMARY` after `,`, found `PRIMRY` (did you mean `PRIMARY`?)",
        ),
        (
            "CREATE TABLE t (a int, CONSTRAIT c UNIQUE (a))",
            "sql_syntax `CONSTRAIT`: expected `CONSTRAINT` after `,`, found `CONSTRAIT` (did you mean `CONSTRAINT`?)",
        ),
        (
            "CREATE TABLE t (a int) ENGIN=InnoDB",
            "sql_syntax `ENGIN`: expected `ENGINE` after `)`, found `ENGIN` (did you mean `ENGINE`?)",
        ),
        ("CREATE TABLE t (a int", "sql_syntax `(`: this parenthesis is never closed (close it with `)`)"),
        (
            "CREATE TABLE t (a int))",
            "sql_syntax `)`: this parenthesis closes nothing (take it out, or open one before it)",
        ),
        ("CREATE TABLE t (a int,)", "sql_syntax `)`: expected a column or a key after `,`, found `)`"),
        ("CREATE TABLE t (a, b int)", "sql_syntax `,`: expected a column type after `a`, found `,`"),
        ("CREATE TABLE t (`a` int `b` int)", "sql_syntax ``b``: expected `,` or `)` after `int`, found ``b``"),
    ] {
        assert_eq!(wrong(&[script]), [said], "{script}");
    }
}

#[test]
fn slips_in_changes() {
    for (script, said) in [
        (
            "ALTER TABLE t ADD COLUM b int",
            "sql_syntax `COLUM`: expected `COLUMN` after `ADD`, found `COLUM` (did you mean `COLUMN`?)",
        ),
        (
            "ALTER TABLE t DORP COLUMN a",
            "sql_syntax `DORP`: expected `DROP` after `t`, found `DORP` (did you mean `DROP`?)",
        ),
        (
            "ALTER TABLE t DROP COLUM a",
            "sql_syntax `COLUM`: expected `COLUMN` after `DROP`, found `COLUM` (did you mean `COLUMN`?)",
        ),
        (
            "ALTER TABLE t MODIFY a bigint AFTR id",
            "sql_syntax `AFTR`: expected `AFTER` after `bigint`, found `AFTR` (did you mean `AFTER`?)",
        ),
        (
            "ALTER TABLE t ADD FORIGN KEY (a) REFERENCES t (id)",
            "sql_syntax `FORIGN`: expected `FOREIGN` after `ADD`, found `FORIGN` (did you mean `FOREIGN`?)",
        ),
        ("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCE t (id)", ""),
        ("ALTER TABLE t ADD a int, ", "sql_syntax `,`: expected a change after `,`, found the end of the statement"),
        ("DROP TABEL t", "sql_syntax `TABEL`: expected `TABLE` after `DROP`, found `TABEL` (did you mean `TABLE`?)"),
        (
            "CREATE INDX i ON t (a)",
            "sql_syntax `INDX`: expected `INDEX` after `CREATE`, found `INDX` (did you mean `INDEX`?)",
        ),
        (
            "INSERT INTO t (a) VALEUS (1)",
            "sql_syntax `VALEUS`: expected `VALUES` after `)`, found `VALEUS` (did you mean `VALUES`?)",
        ),
        (
            "UPDATE t SET a = 1 WHER id = 1",
            "sql_syntax `WHER`: expected `WHERE` after `1`, found `WHER` (did you mean `WHERE`?)",
        ),
    ] {
        let wanted: Vec<&str> = Some(said).into_iter().filter(|said| !said.is_empty()).collect();
        assert_eq!(wrong(&["CREATE TABLE t (id int PRIMARY KEY, a int)", script]), wanted, "{script}");
    }
}
