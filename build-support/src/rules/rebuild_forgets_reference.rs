#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "rebuild-forgets-reference",
    edition: 2,
    level: Level::Warn,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a table that is built anew without a foreign key that it had",
    condition: "A table that was there is replaced by a new one of its name with its rows, and the new one has the columns of a foreign key of the old one and no foreign key of these columns.",
    lock: None,
    work: Work::Rewrite,
    effect: "Rows may refer to nothing from then on, and what `ON DELETE` said is not done any more.",
    rewrite: "Write the `REFERENCES` of the old table in the new one too. Where it is to go, say so by excusing it: there is no other way to drop one.",
    bad: &[
        (
            "0001_users.sql",
            "CREATE TABLE teams (id INTEGER PRIMARY KEY);\nCREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams (id) ON DELETE CASCADE);",
        ),
        (
            "0002_team.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, team INTEGER NOT NULL);\nINSERT INTO users_new (id, team) SELECT id, team FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    good: &[
        (
            "0001_users.sql",
            "CREATE TABLE teams (id INTEGER PRIMARY KEY);\nCREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams (id) ON DELETE CASCADE);",
        ),
        (
            "0002_team.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, team INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE);\nINSERT INTO users_new (id, team) SELECT id, team FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    judge: super::rule::never,
};

/// Foreign keys of tables that SQLite's scripts build anew.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use super::words::quoted;
    for rebuild in &case.story.rebuilds {
        for reference in rebuild.old.references.values() {
            let same = |columns: &[String]| {
                let mut pairs = columns.iter().zip(&reference.columns);
                columns.len() == reference.columns.len() && pairs.all(|(one, other)| one.eq_ignore_ascii_case(other))
            };
            let is_there = rebuild.new.references.values().any(|other| same(&other.columns));
            if is_there || !reference.columns.iter().all(|column| rebuild.keeps(column)) {
                continue;
            }
            let listed = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            let columns = listed(&reference.columns);
            let parent = reference.table.strip_prefix("main.").unwrap_or(&reference.table);
            let mut clause = format!("FOREIGN KEY ({columns}) REFERENCES {}", quoted(parent));
            if !reference.references.is_empty() {
                clause += &format!(" ({})", listed(&reference.references));
            }
            for (event, action) in [("DELETE", &reference.on_delete), ("UPDATE", &reference.on_update)] {
                if !action.is_empty() && action != "NO ACTION" {
                    clause += &format!(" ON {event} {action}");
                }
            }
            found.push(
                Verdict::new(
                    &RULE,
                    rebuild.made.range.clone(),
                    format!(
                        "the foreign key ({columns}) to `{parent}` of the old `{}` is not in the new one",
                        rebuild.table
                    ),
                    "has no such foreign key",
                )
                .instead("write it in the new table:", &[format!("… {clause} …")]),
            );
        }
    }
}
