#[cfg(feature = "sqlite")]
use super::Verdict;
use super::{Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "rebuild-forgets-index",
    edition: 2,
    level: Level::Error,
    dialects: &[Dialect::Sqlite],
    versions: "all",
    finds: "a table that is built anew without an index that it had",
    condition: "A table that was there is replaced by a new one of its name with its rows, the new one has all columns of an index of the old one and no index that does the same, and no statement drops that index by name.",
    lock: None,
    work: Work::Rewrite,
    effect: "`DROP TABLE` takes the indexes along without a word. Queries read the whole table from then on, and a unique index no longer keeps doubles out.",
    rewrite: "Create the index again once the new table has its name. Where it is to go, drop it by name first.",
    bad: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nCREATE UNIQUE INDEX users_email ON users (email);",
        ),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\nINSERT INTO users_new (id, email) SELECT id, email FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
        ),
    ],
    good: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nCREATE UNIQUE INDEX users_email ON users (email);",
        ),
        (
            "0002_email.sql",
            "CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);\nINSERT INTO users_new (id, email) SELECT id, email FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;\nCREATE UNIQUE INDEX users_email ON users (email);",
        ),
    ],
    judge: super::rule::never,
};

/// Indexes of tables that SQLite's scripts build anew.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use super::words::quoted;
    use crate::catalog::IndexPart;
    for rebuild in &case.story.rebuilds {
        for (name, index) in rebuild.own_indexes() {
            let is_kept = |part: &IndexPart| match part {
                IndexPart::Column(column) => rebuild.keeps(column),
                IndexPart::Expression(expression) => expression.columns.iter().all(|column| rebuild.keeps(column)),
            };
            let predicate = index.predicate.as_ref();
            let fits = index.keys.iter().all(|key| is_kept(&key.part))
                && predicate.is_none_or(|predicate| predicate.columns.iter().all(|column| rebuild.keeps(column)));
            let folded = name.to_ascii_lowercase();
            let is_there = rebuild.new.indexes.keys().any(|other| other.eq_ignore_ascii_case(name));
            if !fits || is_there || case.story.dropped.contains_key(&folded) || rebuild.has_like(index) {
                continue;
            }
            let keys = index.keys.iter().map(|key| {
                let part = match &key.part {
                    IndexPart::Column(column) => quoted(column),
                    IndexPart::Expression(expression) => expression.text.clone(),
                };
                format!("{part} {}", key.options).trim_end().to_owned()
            });
            let keys = keys.collect::<Vec<_>>().join(", ");
            let unique = if index.unique { "UNIQUE " } else { "" };
            let predicate = predicate.map(|predicate| format!(" WHERE {}", predicate.text)).unwrap_or_default();
            let (table, name) = (quoted(&rebuild.table), quoted(name));
            found.push(
                Verdict::new(
                    &RULE,
                    rebuild.dropped.range.clone(),
                    format!("index `{name}` goes with the old `{table}`, and the new one doesn't have it"),
                    "takes its indexes along",
                )
                .instead(
                    "create it again at the end of the migration, or drop it by name before if it is to go:",
                    &[format!("CREATE {unique}INDEX {name} ON {table} ({keys}){predicate};")],
                ),
            );
        }
    }
}
