//! What TimescaleDB adds to PostgreSQL's language, as far as transactions and hypertables are concerned.

use super::TokenKind;
use super::cursor::{Cursor, unquoted};

const AGGREGATE: &str = "CREATE MATERIALIZED VIEW … WITH (timescaledb.continuous)";
const REFRESH: &str = "CALL refresh_continuous_aggregate";
const INDEX: &str = "CREATE INDEX … WITH (timescaledb.transaction_per_chunk)";
const REORDER: &str = "reorder_chunk";

/// Gives the words that make TimescaleDB refuse a statement inside a transaction.
///
/// # Source
/// Seen on TimescaleDB 2.28.3: each of them ends with 25001.
pub(super) fn outside(cursor: Cursor<'_>) -> Option<&'static str> {
    let mut ahead = cursor;
    match ahead.eat_any(&["CREATE", "CALL", "SELECT"])? {
        "CALL" => calls(ahead, "refresh_continuous_aggregate").then_some(REFRESH),
        "SELECT" => calls(ahead, "reorder_chunk").then_some(REORDER),
        _ => {
            ahead.eat(&["UNIQUE"]);
            match ahead.eat_any(&["INDEX", "MATERIALIZED"])? {
                "INDEX" => has_option(ahead, "transaction_per_chunk").then_some(INDEX),
                _ => (has_option(ahead, "continuous") && !ends_without_data(ahead)).then_some(AGGREGATE),
            }
        }
    }
}

/// Says what to write instead of a statement that is refused inside a transaction.
pub(crate) fn instead(words: &str) -> Option<&'static str> {
    Some(match words {
        AGGREGATE => {
            "end it with `WITH NO DATA`, and fill it in a migration of its own with `transaction = false`: \
             `CALL refresh_continuous_aggregate('…', NULL, NULL)`"
        }
        INDEX => {
            "give it a migration of its own with `transaction = false`; without the option it is built in one transaction, and writes wait"
        }
        _ => return None,
    })
}

/// Tells what may be done once more after a run died on it.
pub(super) fn is_done_again(words: &str) -> bool {
    matches!(words, REFRESH | REORDER)
}

/// Gives the table that a statement makes a hypertable of, as `table` or `schema.table` without quotes.
pub(super) fn hypertable(cursor: Cursor<'_>) -> Option<String> {
    let mut ahead = cursor;
    match ahead.eat_any(&["SELECT", "CREATE"])? {
        "SELECT" => {
            while !(ahead.eat(&["create_hypertable"]) && ahead.eat_mark(b'(')) {
                ahead.next()?;
            }
            if ahead.eat(&["relation"]) {
                // `relation => 'name'`, or `:=` of old.
                ahead.next()?;
            }
            let token = ahead.next().filter(|token| token.kind == TokenKind::String)?;
            let name = unquoted(ahead.text_of(token));
            // It is read as a name of a relation is: small letters, unless in quotes.
            Some(if name.contains('"') { name.replace('"', "") } else { name.to_ascii_lowercase() })
        }
        _ => {
            ahead.eat_any(&["UNLOGGED"]);
            if !ahead.eat(&["TABLE"]) || !has_option(ahead, "hypertable") {
                return None;
            }
            ahead.eat(&["IF", "NOT", "EXISTS"]);
            ahead.name()
        }
    }
}

/// Tells whether a statement is nothing to a server without TimescaleDB.
pub(super) fn is_needed(cursor: Cursor<'_>) -> bool {
    hypertable(cursor).is_some()
        || ["continuous", "hypertable", "compress"].iter().any(|option| has_option(cursor, option))
}

fn calls(mut cursor: Cursor<'_>, function: &str) -> bool {
    loop {
        if cursor.eat(&[function]) && cursor.eat_mark(b'(') {
            return true;
        }
        if cursor.next().is_none() {
            return false;
        }
    }
}

/// Tells whether a statement sets `timescaledb.option`, or `tsdb.option`, and not to false.
fn has_option(mut cursor: Cursor<'_>, option: &str) -> bool {
    while !cursor.is_done() {
        if cursor.eat_any(&["timescaledb", "tsdb"]).is_none() {
            cursor.next();
        } else if cursor.eat_mark(b'.') && cursor.eat(&[option]) {
            let value = cursor.next().filter(|token| cursor.text_of(*token) == "=").and_then(|_| cursor.next());
            let value = value.map(|token| unquoted(cursor.text_of(token)).to_ascii_lowercase());
            return value.is_none_or(|value| !matches!(value.as_str(), "false" | "off" | "0" | "no"));
        }
    }
    false
}

/// Tells a statement that ends with `WITH NO DATA`.
fn ends_without_data(mut cursor: Cursor<'_>) -> bool {
    while !cursor.is_done() {
        if cursor.eat(&["WITH", "NO", "DATA"]) {
            if cursor.is_done() {
                return true;
            }
        } else {
            cursor.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, Script};

    fn of<T>(text: &str, read: impl Fn(Cursor<'_>) -> T) -> T {
        let script = Script::parse(text, Dialect::Postgres).unwrap();
        read(Cursor::new(&script, &script.statements()[0]))
    }

    #[test]
    fn what_is_refused_inside_a_transaction_is_known() {
        for (text, words) in [
            ("CREATE MATERIALIZED VIEW d WITH (timescaledb.continuous) AS SELECT 1", AGGREGATE),
            ("CREATE MATERIALIZED VIEW d WITH (tsdb.continuous = true) AS SELECT 1 WITH DATA", AGGREGATE),
            ("CALL refresh_continuous_aggregate('d', NULL, NULL)", REFRESH),
            ("CALL public.refresh_continuous_aggregate('d', NULL, NULL)", REFRESH),
            ("CREATE UNIQUE INDEX i ON t (time, a) WITH (timescaledb.transaction_per_chunk)", INDEX),
            ("SELECT reorder_chunk('c', 'i')", REORDER),
        ] {
            assert_eq!(of(text, outside), Some(words), "{text}");
        }
        for text in [
            "CREATE MATERIALIZED VIEW d WITH (timescaledb.continuous) AS SELECT 1 WITH NO DATA",
            "CREATE MATERIALIZED VIEW d WITH (timescaledb.continuous = false) AS SELECT 1",
            "CREATE MATERIALIZED VIEW d AS SELECT 1",
            "CREATE INDEX i ON t (timescaledb)",
            "SELECT create_hypertable('t', by_range('time'))",
            "SELECT 'reorder_chunk(1)'",
            "SELECT add_reorder_policy('t', 'i')",
        ] {
            assert_eq!(of(text, outside), None, "{text}");
        }
    }

    #[test]
    fn hypertables_are_known() {
        for (text, name) in [
            ("SELECT create_hypertable('Conditions', by_range('time'))", Some("conditions")),
            (
                "SELECT public.create_hypertable(relation => 'app.conditions', dimension => by_range('time'))",
                Some("app.conditions"),
            ),
            ("SELECT create_hypertable('\"My table\"', 'time')", Some("My table")),
            ("CREATE TABLE a (time timestamptz) WITH (tsdb.hypertable, tsdb.partition_column = 'time')", Some("a")),
            ("CREATE TABLE IF NOT EXISTS app.a (t timestamptz) WITH (timescaledb.hypertable)", Some("app.a")),
            ("CREATE TABLE a (hypertable int)", None),
            ("SELECT create_hypertable(name, 'time') FROM names", None),
        ] {
            assert_eq!(of(text, hypertable).as_deref(), name, "{text}");
        }
    }
}
