#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "left-dangling",
    edition: 2,
    level: Level::Error,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a view, a trigger or a foreign key that names what the migration takes away",
    condition: "A view or a trigger makes sense before the migration and none after it, or a table refers to one that the migration has dropped and nothing has its name.",
    lock: None,
    work: Work::Nothing,
    effect: "SQLite takes it, and every query of the view, every statement that fires the trigger, and with foreign keys on every change of the referring table fails from then on. The classic case: the old table is renamed, the others' references go along with it, and then it is dropped.",
    rewrite: "Build the new table beside the old one, drop the old one, and rename the new one last, so that nobody's references move. Drop or build anew what refers to what goes.",
    bad: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY);\nCREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id));",
        ),
        (
            "0002_users.sql",
            "ALTER TABLE users RENAME TO users_old;\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO users (id) SELECT id FROM users_old;\nDROP TABLE users_old;",
        ),
    ],
    good: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY);\nCREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id));",
        ),
        (
            "0002_users.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO users_new (id) SELECT id FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    judge: super::rule::never,
};

/// What SQLite's scripts leave behind.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    let (story, around) = (case.story, case.around);
    for (name, dropped) in &story.missing {
        let mut say = |what: String| {
            found.push(
                Verdict::new(
                    &RULE,
                    dropped.range.clone(),
                    format!("{what} names `{}`, which is gone", case.written(dropped)),
                    "dropped",
                )
                .instead(
                    "drop it too, or build it anew; a table is rebuilt by making the new one beside it, dropping it, and renaming the \
                     new one last",
                    &[],
                ),
            );
        };
        for broken in around.broken.iter().filter(|broken| broken.words.contains(name)) {
            say(format!("{} `{}`", broken.noun, broken.name));
        }
        for table in (around.referring)(name) {
            let key = format!("main.{name}");
            let refers = |table: &crate::catalog::Table| {
                table.references.values().any(|reference| reference.table.eq_ignore_ascii_case(&key))
            };
            if table != *name && around.table_after(&table).is_some_and(refers) {
                say(format!("a foreign key of `{table}`"));
            }
        }
    }
}
