use super::words::computed;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{Generated, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "stored-generated-column",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Sqlite],
    versions: "12 and later",
    finds: "a new column that is computed and stored, so that all rows are rewritten",
    condition: "`ADD COLUMN … GENERATED ALWAYS AS (…) STORED` on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until every row and every index has been written anew.",
    rewrite: "From PostgreSQL 18 on a `VIRTUAL` column costs nothing. Before: an ordinary column, a trigger that keeps it, and the old \
              rows filled in batches; or an index on the expression, where that was all it was for.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);"),
        ("0002_folded.sql", "ALTER TABLE users ADD COLUMN folded text GENERATED ALWAYS AS (lower(email)) STORED;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);"),
        ("0002_folded.sql", "-- transaction: false\nCREATE INDEX CONCURRENTLY users_folded ON users (lower(email));"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    let (Some(_), Some(Generated::Stored(expression))) = (case.effect(&Cause::StoredColumn), &column.generated) else {
        return;
    };
    let (table, name) = (case.written(&alter.table), case.text.name(&column.name));
    let ty = column.ty.as_ref().map(|ty| case.text.piece(ty.range.clone())).unwrap_or_default();
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can read `{table}` while `{name}` is computed and every row rewritten"),
        "rewrites every row under an ACCESS EXCLUSIVE lock",
    );
    found.push(if case.before.version >= 18 {
        verdict.instead(
            "compute it when it is read:",
            &[format!("ALTER TABLE {table} ADD COLUMN {name} {ty} GENERATED ALWAYS AS ({}) VIRTUAL;", expression.text)],
        )
    } else {
        let expression = &expression.text;
        let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {name} {ty};")];
        statements.extend(computed(&table, &alter.table.name.text, &name, expression));
        statements.push(format!(
            "UPDATE {table} SET {name} = {expression} WHERE {name} IS NULL;  -- in batches, after this migration"
        ));
        verdict.instead("keep an ordinary column by a trigger, and fill the old rows in batches:", &statements)
    });
}

/// Columns that SQLite refuses where there are rows.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    for (table, column, definition) in super::sqlite::refused(case, crate::sqlite::RowRefusal::Stored) {
        let at = definition.to_ascii_uppercase().rfind("STORED");
        let mut virtually = definition.clone();
        at.into_iter().for_each(|at| virtually.replace_range(at..at + "STORED".len(), "VIRTUAL"));
        found.push(
            Verdict::new(
                &RULE,
                column.range.clone(),
                format!(
                    "SQLite stores no new column in rows that are there, so it refuses this unless `{table}` has none"
                ),
                "stored",
            )
            .instead(
                "have it computed when it is read; an index on it stores it all the same:",
                &[format!("ALTER TABLE {table} ADD COLUMN {virtually};")],
            ),
        );
    }
}
