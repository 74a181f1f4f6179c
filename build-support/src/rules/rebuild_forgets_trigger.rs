#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "rebuild-forgets-trigger",
    edition: 2,
    level: Level::Error,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a table that is built anew without a trigger that it had",
    condition: "A table that was there is replaced by a new one of its name with its rows, the new one has no trigger but old ones, and no statement drops the missing one by name.",
    lock: None,
    work: Work::Rewrite,
    effect: "`DROP TABLE` takes the triggers along without a word, and what they did is not done any more.",
    rewrite: "Create the trigger again once the new table has its name. Where it is to go, drop it by name first.",
    bad: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nCREATE TABLE log (id INTEGER);\nCREATE TRIGGER users_log AFTER INSERT ON users BEGIN INSERT INTO log VALUES (NEW.id); END;",
        ),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\nINSERT INTO users_new (id, email) SELECT id, email FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    good: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nCREATE TABLE log (id INTEGER);\nCREATE TRIGGER users_log AFTER INSERT ON users BEGIN INSERT INTO log VALUES (NEW.id); END;",
        ),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\nINSERT INTO users_new (id, email) SELECT id, email FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;\nCREATE TRIGGER users_log AFTER INSERT ON users BEGIN INSERT INTO log VALUES (NEW.id); END;",
        ),
    ],
    judge: super::rule::never,
};

/// Triggers of tables that SQLite's scripts build anew.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use crate::by_name::ByName;
    use crate::catalog::Trigger;
    for rebuild in &case.story.rebuilds {
        let (old, new) = (&rebuild.old.triggers, &rebuild.new.triggers);
        let has = |name: &str, names: &ByName<Trigger>| names.keys().any(|it| it.eq_ignore_ascii_case(name));
        // One of another name may do the same.
        if new.keys().any(|name| !has(name, old)) {
            continue;
        }
        for name in old.keys().filter(|name| !has(name, new)) {
            if case.story.dropped.contains_key(&name.to_ascii_lowercase()) {
                continue;
            }
            let (table, name) = (super::words::quoted(&rebuild.table), super::words::quoted(name));
            found.push(
                Verdict::new(
                    &RULE,
                    rebuild.dropped.range.clone(),
                    format!("trigger `{name}` goes with the old `{table}`, and the new one doesn't have it"),
                    "takes its triggers along",
                )
                .instead(
                    "create it again at the end of the migration, or drop it by name before if it is to go:",
                    &[format!("CREATE TRIGGER {name} … ON {table} …;")],
                ),
            );
        }
    }
}
