use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ConstraintKind, KeyKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "not-null-column-without-default",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Sqlite],
    versions: "all",
    finds: "a new column that must not be null and has no value for the rows that are there",
    condition: "`ADD COLUMN … NOT NULL` without a default on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Scan,
    effect: "The server refuses it as soon as the table has one row, and reads the table to find out while reads and writes wait. \
             It passes on an empty test database and fails in production.",
    rewrite: "A default that is the same for all rows costs nothing. Without one: add the column as it is, have the program write it, \
              fill the old rows in batches, and make it `NOT NULL` by a check.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_locale.sql", "ALTER TABLE users ADD COLUMN locale text NOT NULL;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_locale.sql", "ALTER TABLE users ADD COLUMN locale text NOT NULL DEFAULT 'en';"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    let primary = |kind: &ConstraintKind| matches!(kind, ConstraintKind::Key { kind: KeyKind::Primary, .. });
    if case.effect(&Cause::NotNullColumn).is_none()
        || column.constraints.iter().any(|constraint| primary(&constraint.kind))
        || column.generated.is_some()
    {
        return;
    }
    let (table, name) = (case.written(&alter.table), case.text.name(&column.name));
    let ty = column.ty.as_ref().map(|ty| case.text.piece(ty.range.clone())).unwrap_or_default();
    let check = made_up(&[&alter.table.name.text, &column.name.text, "not_null"]);
    found.push(
        Verdict::new(
            &RULE,
            column.not_null.clone().unwrap_or_else(|| case.act.range.clone()),
            format!("the rows that are in `{table}` have no value for `{name}`, so the server refuses this unless there are none"),
            "needs a default",
        )
        .instead(
            "give it one, which costs nothing if it is the same for all rows:",
            &[format!("ALTER TABLE {table} ADD COLUMN {name} {ty} NOT NULL DEFAULT …;")],
        )
        .instead(
            "or, where each row needs its own, in several migrations:",
            &[
                format!("ALTER TABLE {table} ADD COLUMN {name} {ty};"),
                format!("UPDATE {table} SET {name} = … WHERE {name} IS NULL;  -- in batches"),
                format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID;"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- a migration of its own"),
                format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;"),
            ],
        ),
    );
}

/// Columns that SQLite refuses where there are rows.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    for (table, column, definition) in super::sqlite::refused(case, crate::sqlite::RowRefusal::NotNull) {
        found.push(
            Verdict::new(
                &RULE,
                column.range.clone(),
                format!(
                    "the rows that are in `{table}` have no value for `{}`, so SQLite refuses this unless there are none",
                    case.written(column)
                ),
                "needs a default",
            )
            .instead("give it one:", &[format!("ALTER TABLE {table} ADD COLUMN {definition} DEFAULT …;")]),
        );
    }
}
