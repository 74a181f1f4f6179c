//! The extensions that a PostgreSQL script can't do without.

use super::cursor::Cursor;
use super::timescale;

/// Names the extension that a statement creates, or that gives it its meaning.
pub(super) fn extension(cursor: Cursor<'_>) -> Option<String> {
    let mut ahead = cursor;
    if ahead.eat(&["CREATE", "EXTENSION"]) {
        ahead.eat(&["IF", "NOT", "EXISTS"]);
        return ahead.name();
    }
    timescale::is_needed(cursor).then(|| "timescaledb".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, Script};

    #[test]
    fn what_a_statement_needs_is_named() {
        for (text, needed) in [
            ("CREATE EXTENSION pgcrypto", Some("pgcrypto")),
            ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA app", Some("uuid-ossp")),
            ("SELECT create_hypertable('readings', by_range('time'))", Some("timescaledb")),
            ("CREATE TABLE r (t timestamptz) WITH (tsdb.hypertable)", Some("timescaledb")),
            ("CREATE MATERIALIZED VIEW v WITH (timescaledb.continuous) AS SELECT 1 WITH NO DATA", Some("timescaledb")),
            ("DROP EXTENSION pgcrypto", None),
            ("CREATE TABLE extension (id int)", None),
        ] {
            let script = Script::parse(text, Dialect::Postgres).unwrap();
            assert_eq!(extension(Cursor::new(&script, &script.statements()[0])).as_deref(), needed, "{text}");
        }
    }
}
