#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "non-constant-default",
    edition: 2,
    level: Level::Error,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a new column whose default is computed, which SQLite refuses where there are rows",
    condition: "`ADD COLUMN` with `DEFAULT CURRENT_TIMESTAMP` or an expression in parentheses, on a table that was there before the migration.",
    lock: None,
    work: Work::Nothing,
    effect: "SQLite refuses it as soon as the table has one row. It passes on an empty test database and fails in production.",
    rewrite: "Add the column without a default and fill it; the program gives new rows their value. Or build the table anew, where any default is taken.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);"),
        ("0002_since.sql", "ALTER TABLE users ADD COLUMN since TEXT DEFAULT CURRENT_TIMESTAMP;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);"),
        ("0002_since.sql", "ALTER TABLE users ADD COLUMN since TEXT;\nUPDATE users SET since = CURRENT_TIMESTAMP;"),
    ],
    judge: super::rule::never,
};

/// Columns that SQLite refuses where there are rows.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    for (table, column, definition) in super::sqlite::refused(case, crate::sqlite::RowRefusal::NonConstantDefault) {
        let plain = definition.to_ascii_uppercase().find("DEFAULT").and_then(|at| definition.get(..at));
        let name = case.written(column);
        let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {};", plain.unwrap_or(name).trim_end())];
        statements.push(format!("UPDATE {table} SET {name} = …;"));
        found.push(
            Verdict::new(
                &RULE,
                column.range.clone(),
                format!("the default of `{name}` is computed, so SQLite refuses this unless `{table}` has no rows"),
                "its default isn't constant",
            )
            .instead("add it without a default and fill it:", &statements),
        );
    }
}
