use std::ops::Range;

use super::Dialect;
use super::cursor::Cursor;
use super::pragma::Pragma;
use super::timescale;

/// Holds a statement that does its work outside a transaction only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outside {
    /// Gives its bytes in the text.
    pub(crate) range: Range<usize>,
    /// Gives the words that decide it, in their usual spelling.
    pub(crate) words: &'static str,
    /// Tells what the server does with it inside a transaction.
    pub(crate) effect: OutsideEffect,
}

/// Names what a server does with a statement that has no place in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutsideEffect {
    /// It fails.
    Refused,
    /// It succeeds and changes nothing.
    Ignored,
}

/// Recognises a statement that does its work outside a transaction only, by its words alone.
pub(crate) fn find(cursor: Cursor<'_>, range: &Range<usize>) -> Option<Outside> {
    let (words, effect) = match cursor.dialect() {
        Dialect::Postgres => (postgres(cursor)?, OutsideEffect::Refused),
        Dialect::Sqlite => sqlite(cursor)?,
        Dialect::Mysql => return None,
    };
    Some(Outside { range: range.clone(), words, effect })
}

/// Gives the words that make PostgreSQL refuse a statement inside a transaction.
pub(super) fn postgres(cursor: Cursor<'_>) -> Option<&'static str> {
    timescale::outside(cursor).or_else(|| plain(cursor))
}

fn plain(mut cursor: Cursor<'_>) -> Option<&'static str> {
    let first = cursor.eat_any(&["CREATE", "DROP", "ALTER", "REINDEX", "VACUUM", "CLUSTER", "DISCARD"])?;
    match first {
        "CREATE" => {
            cursor.eat(&["UNIQUE"]);
            match cursor.eat_any(&["INDEX", "DATABASE", "TABLESPACE"])? {
                "INDEX" => cursor.eat(&["CONCURRENTLY"]).then_some("CREATE INDEX CONCURRENTLY"),
                "DATABASE" => Some("CREATE DATABASE"),
                _ => Some("CREATE TABLESPACE"),
            }
        }
        "DROP" => match cursor.eat_any(&["INDEX", "DATABASE", "TABLESPACE"])? {
            "INDEX" => cursor.eat(&["CONCURRENTLY"]).then_some("DROP INDEX CONCURRENTLY"),
            "DATABASE" => Some("DROP DATABASE"),
            _ => Some("DROP TABLESPACE"),
        },
        "ALTER" => match cursor.eat_any(&["SYSTEM", "DATABASE", "TABLE"])? {
            "SYSTEM" => Some("ALTER SYSTEM"),
            "DATABASE" => cursor.find(&["SET", "TABLESPACE"]).then_some("ALTER DATABASE … SET TABLESPACE"),
            _ => {
                let detaches = cursor.find(&["DETACH", "PARTITION"]) && cursor.name().is_some();
                (detaches && cursor.eat(&["CONCURRENTLY"])).then_some("DETACH PARTITION … CONCURRENTLY")
            }
        },
        "REINDEX" => reindex(cursor),
        "VACUUM" => Some("VACUUM"),
        "CLUSTER" => {
            cursor.eat(&["VERBOSE"]);
            cursor.is_done().then_some("CLUSTER")
        }
        _ => cursor.eat(&["ALL"]).then_some("DISCARD ALL"),
    }
}

fn reindex(mut cursor: Cursor<'_>) -> Option<&'static str> {
    let mut concurrently = false;
    if cursor.eat_mark(b'(') {
        while !cursor.eat_mark(b')') {
            if cursor.eat(&["CONCURRENTLY"]) {
                concurrently = cursor.eat_any(&["FALSE", "OFF"]).is_none();
            } else {
                cursor.next()?;
            }
        }
    }
    match cursor.eat_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"])? {
        "SCHEMA" => Some("REINDEX SCHEMA"),
        "DATABASE" => Some("REINDEX DATABASE"),
        "SYSTEM" => Some("REINDEX SYSTEM"),
        _ => (concurrently || cursor.eat(&["CONCURRENTLY"])).then_some("REINDEX CONCURRENTLY"),
    }
}

fn sqlite(mut cursor: Cursor<'_>) -> Option<(&'static str, OutsideEffect)> {
    if cursor.eat(&["VACUUM"]) {
        return Some(("VACUUM", OutsideEffect::Refused));
    }
    let pragma = Pragma::read(cursor)?;
    match (pragma.name.as_str(), pragma.value?.as_str()) {
        ("foreign_keys", _) => Some(("PRAGMA foreign_keys", OutsideEffect::Ignored)),
        ("journal_mode", "wal") => Some(("PRAGMA journal_mode", OutsideEffect::Refused)),
        ("journal_mode", _) => Some(("PRAGMA journal_mode", OutsideEffect::Ignored)),
        ("synchronous", _) => Some(("PRAGMA synchronous", OutsideEffect::Refused)),
        _ => None,
    }
}
