//! Chains of MySQL's and MariaDB's SQL, judged as a whole.

use crate::mysql::{self, Judgement, Server};
use crate::policy::EDITION;
use crate::rules::Verdict;
use crate::step::{Step, Work};
use whimbrel_grammar::header;

/// Gives what the rules say of each file, what it excuses left out. Where places of columns still cost something.
pub(super) fn judge(files: &[(&str, &str)]) -> Vec<(String, Verdict)> {
    judge_on(files, server(false, "8.0.20"))
}

fn server(maria: bool, version: &str) -> Server {
    Server::read(maria, Some(version)).unwrap()
}

fn judge_on(files: &[(&str, &str)], server: Server) -> Vec<(String, Verdict)> {
    let headers: Vec<_> = files.iter().map(|(_, text)| header::read(text).0.arguments).collect();
    let step = |text| Step { key: String::new(), up: Work::Script(text), down: None, require: None, verify: None };
    let steps: Vec<_> = files
        .iter()
        .zip(&headers)
        .map(|((_, text), header)| {
            let transactional = header.transaction.as_ref().is_none_or(|(transaction, _)| *transaction);
            (step(text), Judgement { transactional, edition: EDITION })
        })
        .collect();
    let proof = mysql::prove(&steps, server);
    let mut found = Vec::new();
    for (((file, text), header), proved) in files.iter().zip(&headers).zip(proof.steps) {
        assert_eq!(proved.findings, [], "{file}: {text}");
        let excused = |verdict: &Verdict| header.allow.iter().any(|allow| allow.rule == verdict.rule.name);
        let verdicts = proved.verdicts.into_iter().filter(|verdict| !excused(verdict));
        found.extend(verdicts.map(|verdict| ((*file).to_owned(), verdict)));
    }
    found
}

/// Gives the names of the rules that find something in a script which follows this one.
fn rules_on(script: &str, server: Server) -> Vec<&'static str> {
    const FIRST: &str = "CREATE TABLE t (id int unsigned NOT NULL, a int, b varchar(32), c varchar(300), d text, \
                         e enum('x','y'), f varchar(60) CHARACTER SET latin1, PRIMARY KEY (id), KEY a (a)) DEFAULT CHARSET=utf8mb4; \
                         CREATE TABLE u (id int unsigned NOT NULL PRIMARY KEY);";
    let files = [("0001.sql", FIRST), ("0002.sql", script)];
    let verdicts = judge_on(&files, server).into_iter().filter(|(file, _)| file == "0002.sql");
    let names = verdicts.map(|(_, verdict)| verdict.rule.name);
    // Most statements here name no algorithm: that has a test of its own.
    names.filter(|name| *name != "unstated-algorithm").collect()
}

#[test]
fn what_may_be_copied_in_silence_is_told_unless_it_is_asked_for() {
    let of = |script: &str| {
        let files = [("0001.sql", "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(32));"), ("0002.sql", script)];
        let verdicts = judge_on(&files, server(true, "10.11"));
        verdicts.iter().filter(|(_, verdict)| verdict.rule.name == "unstated-algorithm").count()
    };
    for script in [
        "ALTER TABLE t ADD COLUMN c int",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t MODIFY b varchar(60)",
        "ALTER TABLE t ADD INDEX b (b)",
        "CREATE INDEX b ON t (b)",
    ] {
        assert_eq!(of(script), 1, "{script}");
        let separator = if script.starts_with("ALTER") { "," } else { "" };
        assert_eq!(of(&format!("{script}{separator} ALGORITHM=INPLACE")), 0, "{script}");
        assert_eq!(of(&format!("{script}{separator} LOCK=NONE")), 0, "{script}");
    }
    for script in [
        "ALTER TABLE t MODIFY a bigint",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t ALTER a SET DEFAULT 1",
        "CREATE TABLE u (id int); ALTER TABLE u ADD COLUMN c int",
    ] {
        assert_eq!(of(script), 0, "{script}");
    }
}

#[test]
fn what_copies_a_table_is_found_and_nothing_else() {
    let copies = [
        "ALTER TABLE t MODIFY a bigint",
        "ALTER TABLE t CHANGE a a int unsigned",
        "ALTER TABLE t MODIFY b varchar(400)",
        "ALTER TABLE t MODIFY c varchar(100)",
        "ALTER TABLE t MODIFY d longtext",
        "ALTER TABLE t MODIFY e enum('y','x')",
        "ALTER TABLE t DROP PRIMARY KEY",
        "ALTER TABLE t CONVERT TO CHARACTER SET latin1",
        "ALTER TABLE t ADD COLUMN g int AS (a + 1) STORED",
        "alter table T modify A bigint",
        "ALTER TABLE t ADD COLUMN z int, ALGORITHM=COPY",
    ];
    for script in copies {
        assert_eq!(rules_on(script, server(false, "8.0")), ["table-copied"], "{script}");
    }
    let harmless = [
        "ALTER TABLE t MODIFY b varchar(60)",
        "ALTER TABLE t MODIFY b varchar(32) NOT NULL",
        "ALTER TABLE t MODIFY e enum('x','y','z')",
        "ALTER TABLE t MODIFY a int COMMENT 'seen'",
        "ALTER TABLE t MODIFY a int(11)",
        "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)",
        "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "ALTER TABLE t MODIFY a bigint, ALGORITHM=INPLACE, LOCK=NONE",
        "ALTER TABLE t ADD COLUMN g int AS (a + 1) VIRTUAL",
        "CREATE INDEX b ON t (b)",
        "ALTER TABLE t ADD COLUMN g int AFTER a, ADD COLUMN h int NOT NULL DEFAULT 0",
        "ALTER TABLE t DROP INDEX a",
    ];
    for script in harmless {
        assert_eq!(rules_on(script, server(false, "8.0")), [""; 0], "{script}");
    }
}

#[test]
fn versions_count() {
    let place = "ALTER TABLE t ADD COLUMN g int FIRST";
    let end = "ALTER TABLE t ADD COLUMN g int";
    for (maria, version, at_place, at_end) in [
        (false, "5.7", 1, 1),
        (false, "8.0.20", 1, 0),
        (false, "8.0.29", 0, 0),
        (true, "10.2", 1, 1),
        (true, "10.3", 1, 0),
        (true, "10.11", 0, 0),
    ] {
        let server = server(maria, version);
        assert_eq!((rules_on(place, server).len(), rules_on(end, server).len()), (at_place, at_end), "{version}");
    }
}

#[test]
fn a_migration_that_commits_in_its_middle_is_no_transaction() {
    let server = server(false, "8.0");
    let of = |script: &str| rules_on(script, server);
    assert_eq!(of("CREATE TABLE v (id int); CREATE TABLE w (id int); INSERT INTO v VALUES (1)"), ["implicit-commit"]);
    assert_eq!(of("UPDATE t SET a = 1 WHERE id = 1; CREATE TABLE v (id int)"), ["implicit-commit"]);
    for between in ["SAVEPOINT s", "RELEASE SAVEPOINT s", "ROLLBACK TO s", "ROLLBACK WORK TO SAVEPOINT s"] {
        let script = format!("UPDATE t SET a = 1 WHERE id = 1; {between}; CREATE TABLE v (id int)");
        assert_eq!(of(&script), ["implicit-commit"], "{script}");
    }
    assert_eq!(of("UPDATE t SET a = 1 WHERE id = 1; COMMIT; CREATE TABLE v (id int)"), [""; 0]);
    assert_eq!(of("INSERT INTO t (id) VALUES (1); INSERT INTO u VALUES (2)"), [""; 0]);
    assert_eq!(of("SET NAMES utf8mb4; CREATE TABLE v (id int)"), [""; 0]);
    assert_eq!(of("-- transaction: false\nCREATE TABLE v (id int); CREATE TABLE w (id int)"), [""; 0]);
}

#[test]
fn what_the_script_has_made_is_nobodys_concern() {
    let script = "-- transaction: false\nCREATE TABLE v (id int, a int); ALTER TABLE V MODIFY a bigint; ALTER TABLE v DROP COLUMN a; \
                  CREATE FULLTEXT INDEX w ON v (id); RENAME TABLE v TO w; DROP TABLE w";
    assert_eq!(rules_on(script, server(false, "8.0")), [""; 0]);
}

#[test]
fn what_a_running_program_uses_stays() {
    let of = |script: &str| rules_on(script, server(true, "10.11"));
    assert_eq!(of("ALTER TABLE t DROP COLUMN a"), ["column-dropped"]);
    assert_eq!(of("ALTER TABLE `t` CHANGE `a` `z` int"), ["column-renamed"]);
    assert_eq!(of("ALTER TABLE t RENAME COLUMN a TO z"), ["column-renamed"]);
    assert_eq!(of("DROP TABLE u"), ["table-dropped"]);
    assert_eq!(of("RENAME TABLE u TO w"), ["table-renamed"]);
    assert_eq!(of("-- transaction: false\nRENAME TABLE u TO w; CREATE VIEW u AS SELECT * FROM w"), [""; 0]);
    assert_eq!(of("ALTER TABLE t ADD COLUMN n int NOT NULL"), ["column-without-default"]);
    assert_eq!(of("ALTER TABLE t ADD COLUMN n timestamp NOT NULL"), [""; 0]);
}
