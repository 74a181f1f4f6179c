#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "rebuild-misses-column",
    edition: 2,
    level: Level::Error,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a table that is built anew and doesn't get the values of one of its columns",
    condition: "A table that was there is replaced by a new one of its name with its rows, both have a column, and the statements that copy the rows leave it out; or `SELECT *` copies into columns that stand in another order.",
    lock: None,
    work: Work::Rewrite,
    effect: "The values are lost when the old table is dropped, and nothing fails. Where the order differs, they end up in other columns.",
    rewrite: "Name all columns on both sides of the copy.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, name TEXT);"),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT);\nINSERT INTO users_new (id, email) SELECT id, email FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, name TEXT);"),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT);\nINSERT INTO users_new (id, email, name) SELECT id, email, name FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    judge: super::rule::never,
};

/// The copies of tables that SQLite's scripts build anew.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use super::sqlite::is_generated;
    use super::words::quoted;
    for rebuild in case.story.rebuilds.iter().filter(|rebuild| !rebuild.is_unclear) {
        let Some(first) = rebuild.copies.first() else { continue };
        let table = &rebuild.table;
        let listed: Option<Vec<&[String]>> = rebuild.copies.iter().map(|copy| copy.columns.as_deref()).collect();
        if let Some(listed) = listed {
            let is_copied =
                |name: &str| listed.iter().flat_map(|list| list.iter()).any(|it| it.eq_ignore_ascii_case(name));
            for column in rebuild.common().map(|column| column.name.as_str()) {
                // Another statement may fill it.
                if is_copied(column) || rebuild.others.contains(column.to_ascii_lowercase().as_str()) {
                    continue;
                }
                let mut all: Vec<String> = first.columns.iter().flatten().map(|name| quoted(name)).collect();
                all.push(quoted(column));
                let all = all.join(", ");
                found.push(
                    Verdict::new(
                        &RULE,
                        first.into.range.clone(),
                        format!("the new `{table}` has a column `{column}` as the old one had, and its values are not copied"),
                        format!("`{column}` is left out"),
                    )
                    .instead(
                        "copy it as well:",
                        &[format!("INSERT INTO {} ({all}) SELECT …, {} FROM …;", case.written(&first.into), quoted(column))],
                    ),
                );
            }
        }
        let is_plain = !rebuild.old.columns.iter().chain(&rebuild.new.columns).any(is_generated);
        for copy in rebuild.copies.iter().filter(|copy| copy.columns.is_none() && is_plain) {
            let from_old = copy.all_of.as_ref().is_some_and(|from| from == table || *from == rebuild.dropped.name);
            let place = |name: &str| rebuild.new.columns.iter().position(|it| it.name.eq_ignore_ascii_case(name));
            let names = rebuild.old.columns.iter().map(|column| column.name.as_str());
            let moved = names.clone().enumerate().find(|(at, name)| place(name).is_some_and(|place| place != *at));
            let Some((_, column)) = moved.filter(|_| from_old) else { continue };
            let all = rebuild.common().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
            let from = copy.all_of.as_deref().map(quoted).unwrap_or_default();
            found.push(
                Verdict::new(
                    &RULE,
                    copy.into.range.clone(),
                    format!("`{column}` stands at another place in the new `{table}`, so `SELECT *` copies into other columns"),
                    "gets them in another order",
                )
                .instead(
                    "name the columns on both sides:",
                    &[format!("INSERT INTO {} ({all}) SELECT {all} FROM {from};", case.written(&copy.into))],
                ),
            );
        }
    }
}
