//! A ledger of which only a part is there.

use super::run::ledger;
use crate::backend::Backend;
use crate::error::{Damage, Error, Kind, Result, ServerError, ServerErrorClass as Class};
use crate::migrator::Migrator;
use crate::registry::Database;

/// Tells which of a ledger's tables is missing where the other is there.
pub(super) async fn damage(
    migrator: &Migrator,
    backend: &mut dyn Backend,
    database: &'static Database,
) -> Result<Option<Damage>> {
    let language = backend.capabilities().language;
    let [history, events] = ["history", "events"].map(|name| language.shown(&migrator.location, name));
    let probes = ledger(migrator, backend, database, "").probes()?;
    // Both are created in one transaction, and that may be happening right now: a difference that is still there
    // when they are asked once more was not made by it.
    for again in [true, false] {
        let mut there = [false; 2];
        for (there, probe) in there.iter_mut().zip(&probes) {
            *there = match backend.ask(probe.clone()).await {
                Ok(_) => true,
                Err(answer) if answer.is(Class::UndefinedTable) => false,
                Err(answer) => return Err(Error::server_refused(database.name, "looking for the ledger", answer)),
            };
        }
        match there {
            [true, false] if !again && is_begun(migrator, backend, database).await? => break,
            [true, false] if !again => return Ok(Some(Damage::MissingEvents { table: events })),
            [false, true] if !again => return Ok(Some(Damage::MissingHistory { table: history, events })),
            [here, there] if here == there => break,
            _ => {}
        }
    }
    Ok(None)
}

/// Tells whether somebody has died who was creating the ledger statement by statement: nothing is in it yet.
async fn is_begun(migrator: &Migrator, backend: &mut dyn Backend, database: &'static Database) -> Result<bool> {
    if backend.capabilities().transactional_ddl {
        return Ok(false);
    }
    let text = ledger(migrator, backend, database, "").any()?;
    let rows = backend.ask(text).await;
    rows.map(|rows| rows.is_empty())
        .map_err(|answer| Error::server_refused(database.name, "looking for the ledger", answer))
}

/// Refuses a ledger of which one table is missing; one that is missing altogether is still to be created.
pub(super) async fn check_whole(
    migrator: &Migrator,
    backend: &mut dyn Backend,
    database: &'static Database,
) -> Result<()> {
    match damage(migrator, backend, database).await? {
        Some(damage) => Err(damaged(database, damage)),
        None => Ok(()),
    }
}

/// Says why a ledger could not be read.
pub(super) async fn unreadable(
    migrator: &Migrator,
    backend: &mut dyn Backend,
    database: &'static Database,
    doing: &'static str,
    answer: ServerError,
) -> Error {
    let refused = |answer| Error::server_refused(database.name, doing, answer);
    match answer.class() {
        Class::UndefinedTable => match check_whole(migrator, backend, database).await {
            Err(error) => error,
            Ok(()) => refused(answer),
        },
        Class::UndefinedColumn => damaged(database, Damage::MissingColumn).caused_by(answer),
        _ => refused(answer),
    }
}

pub(super) fn damaged(database: &Database, damage: Damage) -> Error {
    Kind::DamagedLedger { database: database.name.into(), damage }.into()
}
