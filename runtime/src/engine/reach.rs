//! The first look at every database that is needed, before anything is changed in any.

use super::damage::{check_whole, unreadable};
use super::run::ledger;
use crate::databases::Databases;
use crate::error::{Kind, Result, ServerErrorClass as Class};
use crate::ledger::{FORMAT, Glance, glance};
use crate::migrator::Migrator;
use crate::registry::Database;

/// Tells what one look at a database's ledger showed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) database: &'static Database,
    /// There is no ledger, or a part of it is to be created again.
    pub(super) fresh: bool,
    /// Everything is applied.
    pub(super) complete: bool,
    /// The ledger has more rows than there are migrations.
    pub(super) newer: bool,
}

/// Says what becomes of a look where some of several databases can't be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// All of them are needed.
    All,
    /// The others will do, if that was chosen.
    Chosen,
}

/// Looks once at each database that has migrations; takes no lock and writes nothing. All that can't be reached are named at once.
pub(super) async fn look(migrator: &Migrator, databases: &mut Databases, need: Need) -> Result<Vec<Seen>> {
    let several = migrator.registry.databases.len() > 1;
    let mut all = Vec::new();
    for database in used(migrator) {
        if databases.is_down(database.name) {
            continue;
        }
        match seen(migrator, databases, database).await {
            Ok(seen) => all.push(seen),
            Err(error) if several && error.is_unreachable() => databases.set_down(database, error),
            Err(error) => return Err(error),
        }
    }
    if !(migrator.available && need == Need::Chosen) || all.is_empty() {
        databases.all_up()?;
    }
    Ok(all)
}

async fn seen(migrator: &Migrator, databases: &mut Databases, database: &'static Database) -> Result<Seen> {
    let backend = databases.backend(database.name)?;
    backend.wait_at_most(migrator.lock_wait);
    let can = backend.capabilities();
    let text = ledger(migrator, backend, database, "").glance()?;
    match backend.ask(text).await {
        Ok(rows) => {
            let Glance { format, complete, newer } = glance(&rows, migrator.registry, database, can.hashes);
            check_format(database, format)?;
            // Somebody died who was creating it, and statement by statement is how it is created there.
            let begun = format == 0 && !can.transactional_ddl;
            Ok(Seen { database, fresh: begun, complete: complete && !begun, newer })
        }
        Err(answer) if answer.is(Class::UndefinedTable) => {
            // Under a lock that is found out together with what comes next.
            if backend.capabilities().lock.is_none() {
                check_whole(migrator, backend, database).await?;
            }
            Ok(Seen { database, fresh: true, complete: false, newer: false })
        }
        Err(_) if backend.circumstances().await.is_ok_and(|now| now.absent) => {
            Ok(Seen { database, fresh: true, complete: false, newer: false })
        }
        Err(answer) => Err(unreadable(migrator, backend, database, "reading the ledger", answer).await),
    }
}

/// Lists the databases that have migrations, in the order of their declaration.
pub(super) fn used(migrator: &Migrator) -> impl Iterator<Item = &'static Database> + use<> {
    let registry = migrator.registry;
    registry.databases.iter().filter(|database| registry.uses(database.name))
}

/// Lists those of them that can be read: all, unless it was chosen to go on without the others.
pub(super) fn readable(migrator: &Migrator, databases: &Databases) -> Result<Vec<&'static Database>> {
    if !migrator.available {
        databases.all_up()?;
    }
    Ok(used(migrator).filter(|database| !databases.is_down(database.name)).collect())
}

/// Names those that can't be read.
pub(super) fn unread(migrator: &Migrator, databases: &Databases) -> Vec<String> {
    used(migrator)
        .filter(|database| databases.is_down(database.name))
        .map(|database| database.name.to_owned())
        .collect()
}

pub(super) fn check_format(database: &Database, found: i64) -> Result<()> {
    if found <= FORMAT {
        return Ok(());
    }
    Err(Kind::NewerLedger { database: database.name.into(), found, known: FORMAT }.into())
}
