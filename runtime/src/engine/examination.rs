//! Looking at each database by itself, so that one which is down keeps nobody from seeing the others.

use super::half_rolled_back;
use super::look::recorded;
use super::readiness::migrating;
use crate::databases::{Access, Databases, Urls, redact};
use crate::error::{Error, Result};
use crate::health::{Examination, Health, Progress};
use crate::history::{HalfRollback, History};
use crate::migrator::Migrator;
use crate::registry::Database;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Examines every database that the registry declares, one after the other. Takes no lock and writes nothing.
pub(crate) async fn examine(migrator: &Migrator, urls: &Urls) -> Vec<Examination> {
    let mut all = Vec::new();
    for database in migrator.registry.databases() {
        let url = urls.get(database.name()).map(redact);
        let health = health(migrator, urls, database).await;
        all.push(Examination { database: database.name(), url, health });
    }
    all
}

async fn health(migrator: &Migrator, urls: &Urls, database: &'static Database) -> Result<Health> {
    let mut databases = Databases::connect_one(migrator.registry, database, urls, Access::ReadOnly).await?;
    let backend = databases.backend(database.name())?;
    let refused = |answer| Error::server_refused(database.name(), "asking how it is", answer);
    // The first answer of a connection takes longer, and knows whether a pooler stands between.
    if backend.circumstances().await.map_err(refused)?.absent {
        return Ok(Health::absent());
    }
    let text = (backend.capabilities().examine)(migrator.location.schema_name())?;
    let (begun, before) = (Instant::now(), now());
    let rows = backend.ask(text).await;
    let latency = begun.elapsed();
    let half = i64::try_from(latency.as_millis() / 2).unwrap_or_default();
    let rows = rows.map_err(refused)?;
    let cell = |n: usize| rows.first().and_then(|row| row.get(n)).cloned().flatten();
    let is = |n: usize| cell(n).map(|cell| matches!(cell.as_str(), "t" | "1"));
    let clock = cell(4).and_then(|millis| millis.parse::<i64>().ok());
    let is_pooled = !backend.capabilities().session;
    let holder = migrating(migrator, &mut databases, database.name()).await.unwrap_or_default();
    let (ledger, half_rollbacks) = match progress(migrator, &mut databases, database).await {
        Ok(Some((progress, half_rollbacks))) => (Ok(Some(progress)), half_rollbacks),
        Ok(None) => (Ok(None), Vec::new()),
        Err(error) => (Err(error), Vec::new()),
    };
    Ok(Health {
        server: cell(0).unwrap_or_default(),
        user: cell(1),
        latency,
        clock_ahead: clock.map_or(0, |clock| clock - (before + half)),
        is_read_only: is(2).unwrap_or_default(),
        may_create: is(3),
        is_pooled,
        ledger,
        half_rollbacks,
        holder,
    })
}

/// Counts what is applied, and lists what is half rolled back; none where there is no ledger.
async fn progress(
    migrator: &Migrator,
    databases: &mut Databases,
    database: &'static Database,
) -> Result<Option<(Progress, Vec<HalfRollback>)>> {
    let Some(recorded) = recorded(migrator, databases, database).await? else { return Ok(None) };
    let half = half_rolled_back::look(migrator, databases, database, &recorded.records).await?;
    let history = History::new(recorded.records);
    let own = migrator.registry.migrations().iter().filter(|m| m.database == database.name());
    let (applied, pending): (Vec<_>, Vec<_>) = own.partition(|m| history.record(m).is_some());
    Ok(Some((Progress { applied: applied.len(), pending: pending.len() }, half)))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or_default()
}
