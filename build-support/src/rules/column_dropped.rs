use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "column-dropped",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
    versions: "all",
    finds: "a column that is dropped while the program that uses it still runs",
    condition: "`DROP COLUMN` of a column that was there before the migration; on SQLite also one that a table which is built anew leaves out.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "The values are gone. Until the new version of the program runs everywhere, the old one's queries fail, and with them those \
             of libraries that name all columns of a table they know.",
    rewrite: "First release a program that doesn't use it (a `NOT NULL` column without a default has to lose the `NOT NULL`, so that \
              it can be left out). Drop it in a later release, and say so by excusing it.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, nickname text);"),
        ("0002_no_nickname.sql", "ALTER TABLE users DROP COLUMN nickname;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, nickname text);"),
        (
            "0002_no_nickname.sql",
            "-- allow: column-dropped, nothing has used it since release 1.4\nALTER TABLE users DROP COLUMN nickname;",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::DropColumn { name, if_exists, .. })) = case.change() else { return };
    let Some(key) = case.was_there(&alter.table) else { return };
    let known = case.before.table_at(&key);
    let column = known.and_then(|table| table.columns.iter().find(|column| column.name == name.text));
    if case.walk.has_added(&key, &name.text) || (*if_exists && known.is_some_and(|it| !it.opaque) && column.is_none()) {
        return;
    }
    let (table, column_name) = (case.written(&alter.table), case.text.name(name));
    let needed = column.is_some_and(|column| column.not_null && column.default == crate::catalog::Default::None);
    let verdict = Verdict::new(
        &RULE,
        name.range.clone(),
        format!(
            "a program that still uses `{table}.{column_name}` fails as soon as this is applied, and the values are gone"
        ),
        "dropped",
    );
    let first = "first release a program that doesn't use it; drop it in a later release, and say so";
    found.push(if needed {
        verdict.instead(
            format!("{first}. Until then a program that leaves it out can't insert, so:"),
            &[match case.dialect {
                Dialect::Mysql => format!("ALTER TABLE {table} ALTER COLUMN {column_name} SET DEFAULT …;"),
                _ => format!("ALTER TABLE {table} ALTER COLUMN {column_name} DROP NOT NULL;"),
            }],
        )
    } else {
        verdict.instead(first, &[])
    });
}

/// Columns that SQLite's scripts drop, or leave out where they build a table anew.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use super::sqlite::find;
    let mut say = |table: &str, column: &str, range, label: &str| {
        found.push(
            Verdict::new(
                &RULE,
                range,
                format!(
                    "a program that still uses `{table}.{column}` fails as soon as this is applied, and the values are gone"
                ),
                label,
            )
            .instead("first release a program that doesn't use it; drop it in a later release, and say so", &[]),
        );
    };
    for (old, deed) in &case.story.changes {
        let crate::sqlite::Effect::DropColumn { table, column } = &deed.effect else { continue };
        let was = case.around.table_before(old).is_some_and(|table| find(table, &column.name).is_some());
        let is = case.around.table_after(old).is_some_and(|table| find(table, &column.name).is_some());
        if was && !is {
            say(case.written(table), case.written(column), column.range.clone(), "dropped");
        }
    }
    for rebuild in &case.story.rebuilds {
        for column in rebuild.old.columns.iter().filter(|column| !rebuild.keeps(&column.name)) {
            say(&rebuild.table, &column.name, rebuild.made.range.clone(), "the new table doesn't have it");
        }
    }
}
