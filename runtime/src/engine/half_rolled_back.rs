//! How far a rollback without a transaction came that was begun and has not ended.

use super::readiness::migrating;
use super::run::ledger;
use crate::backend::Rows;
use crate::databases::Databases;
use crate::error::{Error, Holder, Result};
use crate::history::{Attempt, HalfRollback, Record};
use crate::ledger::{Ledger, entries};
use crate::migrator::Migrator;
use crate::plan::Step;
use crate::registry::{Database, Work};
use crate::script::Retry;
use crate::target::Direction;

/// Looks how far the rollbacks came whose rows are marked, and who is at them. Where none is marked it asks nothing.
pub(super) async fn look(
    migrator: &Migrator,
    databases: &mut Databases,
    database: &'static Database,
    records: &[Record],
) -> Result<Vec<HalfRollback>> {
    let mut all = Vec::new();
    for record in marked(records) {
        // First who is at it, then how far it is: who has come to the end by then has taken the row away.
        let holder = migrating(migrator, databases, database.name).await?;
        let backend = databases.backend(database.name)?;
        let has_lock = backend.capabilities().lock.is_some();
        let text = ledger(migrator, backend, database, "").read_events(Some(&record.id))?;
        let refused = |answer| Error::server_refused(database.name, "reading how far a rollback came", answer);
        let rows = backend.ask(text).await.map_err(refused)?;
        all.push(reached(record, &rows, has_lock && holder.is_none(), holder));
    }
    Ok(all)
}

/// Lists the rows whose rollback was begun and has not ended.
pub(super) fn marked(records: &[Record]) -> impl Iterator<Item = &Record> {
    records.iter().filter(|record| record.rollback_started_at.is_some())
}

/// Tells whether a step's row is marked.
pub(super) fn is_marked(records: &[Record], step: &Step) -> bool {
    let m = step.migration;
    marked(records).any(|record| record.id == m.id && record.database == m.database)
}

/// Tells whether a rollback that stopped after so many statements has undone nothing yet.
pub(super) fn is_untouched(step: &Step, ledger: &Ledger<'_>, done: usize) -> bool {
    match step.work() {
        // What a statement says of its session is gone with that.
        Some(Work::Script(script)) => ledger.steps(script).take(done).all(|(_, _, retry)| retry == Retry::Session),
        _ => false,
    }
}

/// Understands what the events tell of it.
pub(super) fn reached(record: &Record, events: &Rows, is_dead: bool, holder: Option<Holder>) -> HalfRollback {
    let last = entries(events).into_iter().rfind(|entry| entry.direction == Direction::Down.as_str());
    let begun = record.rollback_started_at.clone().unwrap_or_default();
    let reached = Attempt {
        id: record.id.clone(),
        database: record.database.clone(),
        event: last.as_ref().map(|entry| entry.event.clone()).unwrap_or_default(),
        at: last.as_ref().map_or(begun, |entry| entry.at.clone()),
        statement: last.as_ref().and_then(|entry| entry.statement),
        statements: last.as_ref().and_then(|entry| entry.statements),
        message: last.and_then(|entry| entry.message),
    };
    HalfRollback { reached, is_dead, holder: holder.map(Box::new) }
}
