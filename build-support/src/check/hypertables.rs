//! TimescaleDB's hypertables: what PostgreSQL does to a table and TimescaleDB doesn't.

use super::arguments::database;
use super::{Facts, ScriptFacts};
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Part, Set};
use crate::sql::Retry;

/// Reports each index that is to be built concurrently on a table that is a hypertable by then.
pub(super) fn check(set: &Set, chain: &[&Declaration], facts: &[Facts], files: &Files, found: &mut Vec<Diagnostic>) {
    // The database, the table, and where it became one.
    let mut known: Vec<(&str, &str, &Declaration)> = Vec::new();
    for (declaration, facts) in chain.iter().zip(facts) {
        let (Some((name, _)), Some(up), Part::Script(script)) =
            (database(set, declaration), &facts.up, &declaration.up)
        else {
            continue;
        };
        let builds = |up: &ScriptFacts| -> Vec<(usize, String)> {
            let tables = up.retries.iter().enumerate();
            tables
                .filter_map(|(at, retry)| match retry {
                    Retry::BuildsIndex { table, .. } => Some((at, table.replace('"', ""))),
                    _ => None,
                })
                .collect()
        };
        let made = up.hypertables.iter().map(|table| (name, table.as_str(), *declaration));
        known.extend(made);
        for (at, table) in builds(up) {
            let is_it = |(of, hypertable, _): &&(&str, &str, &Declaration)| *of == name && is_same(hypertable, &table);
            let (Some((.., since)), Some(range)) = (known.iter().find(is_it), up.statements.get(at)) else { continue };
            found.push(
                Diagnostic::error("hypertable_index", format!("`{table}` is a hypertable, and TimescaleDB builds no index on one concurrently"))
                    .at(&script.place(range.clone(), files), "refused by the server")
                    .at(&since.place, "made a hypertable here")
                    .help("write `CREATE INDEX … WITH (timescaledb.transaction_per_chunk)`, which locks one chunk after the other, in a migration with `transaction = false`"),
            );
        }
        known.retain(|(of, table, _)| *of != name || !up.drops.iter().any(|dropped| is_same(table, dropped)));
    }
}

/// Tells whether two names are of one table; without a schema a name may be in any.
fn is_same(one: &str, other: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    one == other || last(one) == last(other) && !(one.contains('.') && other.contains('.'))
}
