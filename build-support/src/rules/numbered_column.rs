use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "numbered-column",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a new column that numbers its rows, so that all of them are rewritten",
    condition: "`ADD COLUMN` with `serial`, `bigserial` or `GENERATED … AS IDENTITY` on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until every row and every index has been written anew.",
    rewrite: "A sequence and an ordinary column: the default is set for new rows, and the old ones are numbered in batches.",
    bad: &[
        ("0001_events.sql", "CREATE TABLE events (name text NOT NULL);"),
        ("0002_number.sql", "ALTER TABLE events ADD COLUMN id bigserial;"),
    ],
    good: &[
        ("0001_events.sql", "CREATE TABLE events (name text NOT NULL);"),
        (
            "0002_number.sql",
            "ALTER TABLE events ADD COLUMN id bigint;\nCREATE SEQUENCE events_id_seq OWNED BY events.id;\nALTER TABLE events ALTER COLUMN id SET DEFAULT nextval('events_id_seq');",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    if case.effect(&Cause::NumberedColumn).is_none() {
        return;
    }
    let (table, name) = (case.written(&alter.table), case.text.name(&column.name));
    // What stands there may be `serial`; the type behind it has a name of its own.
    let ty = column.ty.as_ref().map(|ty| ty.name.as_str()).unwrap_or_default();
    let sequence = made_up(&[&alter.table.name.text, &column.name.text, "seq"]);
    found.push(
        Verdict::new(
            &RULE,
            case.act.range.clone(),
            format!("nobody can read `{table}` while its rows are numbered and rewritten"),
            "rewrites every row under an ACCESS EXCLUSIVE lock",
        )
        .instead(
            "number new rows by a sequence, and the old ones in batches:",
            &[
                format!("ALTER TABLE {table} ADD COLUMN {name} {ty};"),
                format!("CREATE SEQUENCE {sequence} OWNED BY {table}.{name};"),
                format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{sequence}');"),
                format!("UPDATE {table} SET {name} = nextval('{sequence}') WHERE {name} IS NULL;  -- in batches, after this migration"),
            ],
        ),
    );
}
