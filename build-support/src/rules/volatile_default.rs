use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "volatile-default",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "11 and later; before that every default does it",
    finds: "a new column whose default is another for each row, so that all of them are rewritten",
    condition: "`ADD COLUMN … DEFAULT` with a volatile function (`random()`, `gen_random_uuid()`, `clock_timestamp()`) on a table \
                that was there before the migration. A constant, and `now()`, which is one within a statement, cost nothing.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until every row and every index has been written anew.",
    rewrite: "Add the column without the default, set the default for new rows, and fill the old ones in batches.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_token.sql", "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        (
            "0002_token.sql",
            "ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    let (Some(_), Some(default)) = (case.effect(&Cause::VolatileDefault), &column.default) else { return };
    let (table, name) = (case.written(&alter.table), case.text.name(&column.name));
    let ty = column.ty.as_ref().map(|ty| case.text.piece(ty.range.clone())).unwrap_or_default();
    let mut statements = vec![
        format!("ALTER TABLE {table} ADD COLUMN {name} {ty};"),
        format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {};", default.text),
        format!(
            "UPDATE {table} SET {name} = {} WHERE {name} IS NULL;  -- in batches, after this migration",
            default.text
        ),
    ];
    if column.not_null.is_some() {
        let check = made_up(&[&alter.table.name.text, &column.name.text, "not_null"]);
        statements.extend([
            format!(
                "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID;  -- the next one"
            ),
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- the next one"),
            format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;  -- the next one"),
        ]);
    }
    found.push(
        Verdict::new(
            &RULE,
            default.range.clone(),
            format!("nobody can read `{table}` while every row is rewritten with a `{name}` of its own"),
            "another value for each row",
        )
        .instead("set the default for new rows, and fill the old ones in batches:", &statements),
    );
}
