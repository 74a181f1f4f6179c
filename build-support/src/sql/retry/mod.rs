//! How a statement is taken up again after a run died on it, where its migration has no transaction.

mod altered;
mod carried;
mod mysql;
mod shown;

pub(super) use carried::join;

use super::cursor::Cursor;
use super::{Dialect, TokenKind};
use super::{outside, timescale};

/// Names how a statement is taken up again after a run died on it, where its migration has no transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It can be in a transaction of its own, with what is written down about it: it is done with that or not at all.
    Together,
    /// It belongs to a transaction of the script's own, up to the one that [`Retry::Closes`] it: all of it is done or nothing.
    Inside,
    /// It commits a transaction of the script's own.
    Closes,
    /// It can't, and to do it again does no harm.
    Again,
    /// It builds an index of this name beside its work, on this table as PostgreSQL's `to_regclass` reads it.
    BuildsIndex { table: String, name: String },
    /// It drops this index beside its work.
    DropsIndex(String),
    /// It can't, and this query tells whether it took effect.
    Seen(String),
    /// It belongs to one transaction with what follows, up to the next [`Retry::Together`].
    Joined,
    /// It says how its session is, and has to be said again in another.
    Session,
    /// It gives its session a value that a later statement needs and that can't be had a second time.
    Carries,
    /// It can't, or it may not, and only somebody who knows it can tell whether it took effect.
    Ask,
}

/// As many bytes as PostgreSQL keeps of a name.
const NAME_BYTES: usize = 63;

impl Retry {
    /// Tells whether it can be in a transaction with others.
    pub(crate) fn is_transactional(&self) -> bool {
        matches!(self, Retry::Together | Retry::Joined | Retry::Session | Retry::Carries)
    }

    /// Judges a statement by its words alone; what isn't known for certain is [`Retry::Ask`].
    pub(crate) fn of(cursor: Cursor<'_>) -> Retry {
        match cursor.dialect() {
            Dialect::Postgres => postgres(cursor),
            Dialect::Sqlite => sqlite(cursor),
            Dialect::Mysql => mysql::retry(cursor),
        }
    }
}

fn sqlite(mut cursor: Cursor<'_>) -> Retry {
    // Of settings and of these it does not matter how often they are done, and not each can be in a transaction.
    match cursor.eat_any(&["PRAGMA", "VACUUM", "ATTACH", "DETACH"]) {
        Some(_) => Retry::Again,
        None => Retry::Together,
    }
}

fn postgres(cursor: Cursor<'_>) -> Retry {
    match outside::postgres(cursor) {
        Some("CREATE INDEX CONCURRENTLY") => builds_index(cursor).unwrap_or(Retry::Ask),
        Some("DROP INDEX CONCURRENTLY") => drops_index(cursor).unwrap_or(Retry::Ask),
        Some("VACUUM" | "CLUSTER" | "DISCARD ALL" | "ALTER SYSTEM") => Retry::Again,
        Some(words) if words.starts_with("REINDEX") || timescale::is_done_again(words) => Retry::Again,
        Some(_) => Retry::Ask,
        None if is_transactional(cursor) => Retry::Together,
        None => Retry::Ask,
    }
}

/// Tells what the server is certain to take inside a transaction.
fn is_transactional(mut cursor: Cursor<'_>) -> bool {
    let first = cursor.eat_any(&[
        "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "SELECT", "VALUES", "TRUNCATE", "COMMENT", "GRANT", "REVOKE",
        "SET", "RESET", "LOCK", "ANALYZE", "REINDEX", "CLUSTER", "CREATE", "ALTER", "DROP", "REFRESH", "DO",
    ]);
    match first {
        // Code that commits can't be called in one.
        Some("DO") => !runs_in_parts(cursor),
        Some("CREATE") => {
            cursor.eat(&["OR", "REPLACE"]);
            cursor.eat_any(&["TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "CONSTRAINT", "RECURSIVE"]);
            let object = cursor.eat_any(SCHEMA_OBJECTS);
            // TimescaleDB's own extension changes how the session is.
            object.is_some_and(|object| object != "EXTENSION" || !mentions(cursor, "timescaledb"))
        }
        Some("ALTER") => cursor.eat(&["DEFAULT", "PRIVILEGES"]) || cursor.eat_any(SCHEMA_OBJECTS).is_some(),
        Some("DROP") => cursor.eat_any(SCHEMA_OBJECTS).is_some(),
        first => first.is_some(),
    }
}

const SCHEMA_OBJECTS: &[&str] = &[
    "TABLE",
    "INDEX",
    "VIEW",
    "MATERIALIZED",
    "SEQUENCE",
    "SCHEMA",
    "TYPE",
    "DOMAIN",
    "FUNCTION",
    "PROCEDURE",
    "TRIGGER",
    "RULE",
    "POLICY",
    "EXTENSION",
    "AGGREGATE",
    "COLLATION",
    "STATISTICS",
];

/// Tells a block in which `COMMIT` or `ROLLBACK` is mentioned, or which runs what may do so.
fn runs_in_parts(cursor: Cursor<'_>) -> bool {
    any(cursor, |text| {
        let text = text.to_ascii_lowercase();
        ["commit", "rollback", "call", "execute"].iter().any(|word| text.contains(word))
    })
}

fn mentions(cursor: Cursor<'_>, word: &str) -> bool {
    any(cursor, |text| text.eq_ignore_ascii_case(word))
}

fn any(cursor: Cursor<'_>, is: impl Fn(&str) -> bool) -> bool {
    let mut ahead = cursor;
    std::iter::from_fn(|| ahead.next()).any(|token| is(cursor.text_of(token)))
}

fn builds_index(mut cursor: Cursor<'_>) -> Option<Retry> {
    cursor.eat(&["CREATE"]);
    cursor.eat(&["UNIQUE"]);
    cursor.eat(&["INDEX", "CONCURRENTLY"]);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    // One without a name gets one that nobody knows beforehand.
    let name = if cursor.eat(&["ON"]) { None } else { cursor.name_part().filter(|_| cursor.eat(&["ON"])) }?;
    cursor.eat(&["ONLY"]);
    Some(Retry::BuildsIndex { table: relation(&mut cursor)?, name: kept(&name).to_owned() })
}

fn drops_index(mut cursor: Cursor<'_>) -> Option<Retry> {
    cursor.eat(&["DROP", "INDEX", "CONCURRENTLY"]);
    cursor.eat(&["IF", "EXISTS"]);
    relation(&mut cursor).map(Retry::DropsIndex)
}

/// Takes a relation's name; each of its parts in quotes.
fn relation(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut parts = Vec::new();
    loop {
        if cursor.peek()?.kind == TokenKind::String {
            return None;
        }
        parts.push(format!("\"{}\"", kept(&cursor.name_part()?).replace('"', "\"\"")));
        if !cursor.eat_mark(b'.') {
            return Some(parts.join("."));
        }
    }
}

fn kept(name: &str) -> &str {
    &name[..name.floor_char_boundary(NAME_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Script;

    #[test]
    fn a_transaction_of_the_scripts_own_is_one_unit() {
        let text = "BEGIN; CREATE TABLE a (b int); SAVEPOINT s; COMMIT; SELECT 1; ROLLBACK; BEGIN; BEGIN; END; START TRANSACTION";
        let script = Script::parse(text, Dialect::Postgres).unwrap();
        use Retry::{Ask, Closes, Inside, Together};
        assert_eq!(
            crate::sql::Facts::of(&script).retries,
            [Inside, Inside, Inside, Closes, Together, Ask, Ask, Inside, Closes, Ask]
        );
    }

    fn retry(text: &str, dialect: Dialect) -> Retry {
        let script = Script::parse(text, dialect).unwrap();
        Retry::of(Cursor::new(&script, &script.statements()[0]))
    }

    #[test]
    fn what_can_be_in_a_transaction_is_done_with_its_progress() {
        for text in [
            "UPDATE users SET name = 'commit'",
            "ALTER TABLE users ADD COLUMN a int",
            "CREATE UNIQUE INDEX a ON users (a)",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "DO $$ BEGIN PERFORM 1; END $$",
            "REINDEX TABLE users",
            "SET statement_timeout = 0",
        ] {
            assert_eq!(retry(text, Dialect::Postgres), Retry::Together, "{text}");
        }
        assert_eq!(retry("CREATE TABLE a (b)", Dialect::Sqlite), Retry::Together);
    }

    #[test]
    fn what_is_in_doubt_is_asked() {
        for text in [
            "CALL archive()",
            "DO $$ BEGIN COMMIT; END $$",
            "CREATE DATABASE other",
            "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
            "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
            "CREATE INDEX CONCURRENTLY ON users (a)",
            "CREATE MATERIALIZED VIEW m WITH (timescaledb.continuous) AS SELECT 1",
        ] {
            assert_eq!(retry(text, Dialect::Postgres), Retry::Ask, "{text}");
        }
    }

    #[test]
    fn an_index_is_known_by_its_name_and_its_table() {
        let index = |table: &str, name: &str| Retry::BuildsIndex { table: table.into(), name: name.into() };
        for (text, known) in [
            ("CREATE INDEX CONCURRENTLY By_Name ON Users (name)", index("\"users\"", "by_name")),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"By Name\" ON ONLY \"my app\".Users (name)",
                index("\"my app\".\"users\"", "By Name"),
            ),
            ("DROP INDEX CONCURRENTLY IF EXISTS app.by_name", Retry::DropsIndex("\"app\".\"by_name\"".into())),
        ] {
            assert_eq!(retry(text, Dialect::Postgres), known, "{text}");
        }
        let long = "a".repeat(70);
        let kept = index("\"users\"", &"a".repeat(63));
        assert_eq!(retry(&format!("CREATE INDEX CONCURRENTLY {long} ON users (a)"), Dialect::Postgres), kept);
    }

    #[test]
    fn some_are_done_again() {
        for text in
            ["VACUUM users", "REINDEX INDEX CONCURRENTLY i", "REINDEX (CONCURRENTLY) TABLE t", "ALTER SYSTEM SET a = 1"]
        {
            assert_eq!(retry(text, Dialect::Postgres), Retry::Again, "{text}");
        }
        for text in ["VACUUM", "PRAGMA journal_mode = wal"] {
            assert_eq!(retry(text, Dialect::Sqlite), Retry::Again, "{text}");
        }
    }
}
