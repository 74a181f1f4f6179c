use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "blocking-exclusion",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "an exclusion constraint whose index is built while nobody can read its table",
    condition: "`ADD CONSTRAINT … EXCLUDE` on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "Reads and writes wait until every row has been read and the index is written.",
    rewrite: "The server can't do it otherwise. Declare it when the table is made; for one that is there, make a new table with it, \
              copy the rows in batches and change the names, or do it at a quiet time and excuse it.",
    bad: &[
        ("0001_stays.sql", "CREATE TABLE stays (id bigint PRIMARY KEY, nights daterange NOT NULL);"),
        ("0002_no_overlap.sql", "ALTER TABLE stays ADD CONSTRAINT stays_nights EXCLUDE USING gist (nights WITH &&);"),
    ],
    good: &[(
        "0001_stays.sql",
        "CREATE TABLE stays (\n    id bigint PRIMARY KEY,\n    nights daterange NOT NULL,\n    CONSTRAINT stays_nights EXCLUDE USING gist (nights WITH &&)\n);",
    )],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::AlterTable(alter) = &case.act.kind else { return };
    if case.effect(&Cause::Exclusion).is_none() {
        return;
    }
    let table = case.written(&alter.table);
    let statement = case.text.piece(case.act.range.clone());
    found.push(
        Verdict::new(
            &RULE,
            case.act.range.clone(),
            format!("nobody can read `{table}` while this constraint's index is built"),
            "builds an index under an ACCESS EXCLUSIVE lock",
        )
        .instead(
            "the server can't build it otherwise; make a table that has it from the start, copy the rows in batches and change the names:",
            &[
                format!("CREATE TABLE {table}_new (LIKE {table} INCLUDING ALL);"),
                format!("ALTER TABLE {table}_new {statement};"),
                format!("INSERT INTO {table}_new SELECT * FROM {table} WHERE …;  -- in batches, then the two renames in one migration"),
            ],
        ),
    );
}
