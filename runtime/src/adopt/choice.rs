//! Which migrations a baseline takes as applied, held against the databases. Only looks.

use super::tables::{Table, missing, there};
use super::version_table::{TOOLS, entries, query, shown};
use super::{Baseline, Obstacle, matching};
use crate::backend::Rows;
use crate::databases::Databases;
use crate::error::{Error, Result};
use crate::history::History;
use crate::plan::no_such_migration;
use crate::registry::{Database, Migration, Registry};

/// Chooses the migrations, in order.
///
/// # Errors
/// Every obstacle that is found.
pub(crate) async fn choose(
    registry: &Registry,
    databases: &mut Databases,
    history: &History,
    baseline: &Baseline,
) -> Result<Vec<&'static Migration>> {
    let mut obstacles = Vec::new();
    let mut places = Vec::new();
    for database in registry.databases {
        if databases.names().any(|name| name == database.name) {
            let tables = match databases.backend(database.name)?.capabilities().language.sql() {
                Some(dialect) if !absent(databases, database).await? => {
                    there(ask(databases, database, dialect.tables.into()).await?)
                }
                _ => Vec::new(),
            };
            places.push(Place { database, tables });
        }
    }
    let chosen = match baseline {
        Baseline::To(id) => {
            let Some(last) = registry.migration(id) else {
                return Err(Error::refused(vec![no_such_migration(registry, id)]));
            };
            registry.migrations().iter().filter(|m| m.number <= last.number).collect()
        }
        Baseline::Table(name) => read(registry, databases, &places, Some(name), &mut obstacles).await?,
        Baseline::Detect => read(registry, databases, &places, None, &mut obstacles).await?,
    };
    for place in &places {
        let Some(dialect) = databases.backend(place.database.name)?.capabilities().language.sql() else { continue };
        let here: Vec<_> = chosen.iter().filter(|m| m.database == place.database.name).copied().collect();
        obstacles.extend(missing(&here, &place.tables, dialect));
    }
    obstacles.extend(recorded(registry, history, &chosen));
    if obstacles.is_empty() { Ok(chosen) } else { Err(Error::not_adopted(obstacles)) }
}

/// Tells of each database in whose history something is. One that has this very baseline is left out as long as
/// another lacks it: that one could not be written to the last time.
pub(crate) fn recorded(registry: &Registry, history: &History, chosen: &[&'static Migration]) -> Vec<Obstacle> {
    let (mut full, mut lacking) = (Vec::new(), false);
    for database in registry.databases {
        let here: Vec<_> = history.records().iter().filter(|record| record.database == database.name).collect();
        let wanted: Vec<_> = chosen.iter().filter(|m| m.database == database.name).map(|m| m.id).collect();
        lacking |= here.is_empty() && !wanted.is_empty();
        if !here.is_empty() {
            let done = here.iter().all(|record| record.kind == "baseline") && here.iter().map(|r| &r.id).eq(wanted);
            let ids = here.iter().map(|record| record.id.clone()).collect();
            full.push((done, Obstacle::AlreadyRecorded { database: database.name.into(), ids }));
        }
    }
    full.into_iter().filter(|(done, _)| !(*done && lacking)).map(|(_, obstacle)| obstacle).collect()
}

/// Holds the tables of one database.
struct Place {
    database: &'static Database,
    tables: Vec<Table>,
}

/// Reads the version table of that name, or the one that a known tool has left.
async fn read(
    registry: &Registry,
    databases: &mut Databases,
    places: &[Place],
    name: Option<&str>,
    obstacles: &mut Vec<Obstacle>,
) -> Result<Vec<&'static Migration>> {
    let mut found = Vec::new();
    for place in places {
        let Some(dialect) = databases.backend(place.database.name)?.capabilities().language.sql() else { continue };
        let wanted = |table: &&Table| match name {
            Some(name) => table.is_called(name, dialect),
            None => TOOLS.iter().any(|(_, usual)| table.name == *usual),
        };
        found.extend(place.tables.iter().filter(wanted).map(|table| (place.database, dialect, table)));
    }
    let (database, dialect, table) = match found.as_slice() {
        [one] => *one,
        [] => {
            obstacles.push(Obstacle::NoVersionTable { table: name.map(Into::into) });
            return Ok(Vec::new());
        }
        several => {
            let tables = several.iter().map(|(_, dialect, table)| shown(table, dialect)).collect();
            obstacles.push(Obstacle::SeveralVersionTables { tables });
            return Ok(Vec::new());
        }
    };
    let rows = match query(table, dialect) {
        Ok(query) => ask(databases, database, query).await?,
        Err(obstacle) => {
            obstacles.push(obstacle);
            return Ok(Vec::new());
        }
    };
    Ok(matching::recorded(registry, &entries(rows), &shown(table, dialect)).unwrap_or_else(|unmatched| {
        obstacles.extend(unmatched);
        Vec::new()
    }))
}

/// Tells whether the database is not there, and was not to be made only to be looked at.
async fn absent(databases: &mut Databases, database: &Database) -> Result<bool> {
    let circumstances = databases.backend(database.name)?.circumstances().await;
    circumstances.map(|c| c.absent).map_err(|answer| Error::server_refused(database.name, "looking at it", answer))
}

async fn ask(databases: &mut Databases, database: &Database, text: String) -> Result<Rows> {
    let rows = databases.backend(database.name)?.ask(text).await;
    rows.map_err(|answer| Error::server_refused(database.name, "looking at the tables that are there", answer))
}
