//! How a statement of Cypher is taken up again after a run died on it.

use super::clause::Clauses;
use super::script::Parsed;
use super::{again, batches, procedure, schema};
use crate::sql::Retry;
use procedure::Manner;

/// Judges a statement by its words alone; what isn't known for certain is [`Retry::Ask`].
pub(super) fn of(parsed: &Parsed<'_>, clauses: &Clauses) -> Retry {
    if let Some(change) = schema::read(parsed) {
        return change.retry;
    }
    // Another database's transaction isn't the ledger's.
    if parsed.is(parsed.first(), "USE") {
        return Retry::Ask;
    }
    if batches::commits_in_parts(parsed) {
        return if again::is_harmless(parsed, clauses) { Retry::Again } else { Retry::Ask };
    }
    let manners: Vec<Manner> = procedure::names(parsed).iter().map(|name| procedure::manner(name)).collect();
    if manners.contains(&Manner::Unknown) {
        return Retry::Ask;
    }
    // What only waits for an index has to wait behind the transaction that made it.
    if manners.contains(&Manner::Waits)
        && parsed.is(parsed.first(), "CALL")
        && !clauses.all().any(|at| writes(parsed, at))
    {
        return Retry::Again;
    }
    Retry::Together
}

fn writes(parsed: &Parsed<'_>, at: usize) -> bool {
    ["CREATE", "MERGE", "INSERT", "SET", "DELETE", "REMOVE", "FOREACH"].iter().any(|word| parsed.is(at, word))
}
