//! Whether an application may start, and waiting until it may.

use super::holder::holder;
use super::look::history;
use super::reach::{Need, look, readable};
use super::run::pause;
use crate::databases::Databases;
use crate::error::{Error, Holder, Kind, Result};
use crate::event::Event;
use crate::migrator::Migrator;
use crate::plan::{Finding, findings};
use crate::readiness::Readiness;
use std::time::{Duration, Instant};

/// Looks whether the application may start. Takes no lock and writes nothing.
pub(crate) async fn check(migrator: &Migrator, databases: &mut Databases) -> Result<Readiness> {
    if look(migrator, databases, Need::All).await?.iter().all(|seen| seen.complete) {
        #[cfg(feature = "metrics")]
        crate::metrics::pending(migrator.registry.name, 0);
        return Ok(Readiness::Ready);
    }
    let history = history(migrator, databases).await?;
    let mut findings = findings(migrator.registry, &history);
    let mut unknown = Vec::new();
    if !migrator.policy.refuse_newer {
        findings.retain(|finding| {
            let Finding::Unknown { id, .. } = finding else { return true };
            let compatible = finding.is_compatible();
            unknown.extend(compatible.then(|| id.clone()));
            !compatible
        });
    }
    let pending: Vec<String> = (migrator.registry.migrations().iter())
        .filter(|migration| history.record(migration).is_none())
        .map(|migration| migration.id.to_owned())
        .collect();
    if !findings.is_empty() {
        return Ok(match under_way(&findings) {
            Some((database, holder)) => Readiness::InProgress { pending, database, holder },
            None => Readiness::Disagrees { findings },
        });
    }
    #[cfg(feature = "metrics")]
    crate::metrics::pending(migrator.registry.name, pending.len());
    if pending.is_empty() {
        return Ok(if unknown.is_empty() { Readiness::Ready } else { Readiness::Ahead { unknown } });
    }
    for database in readable(migrator, databases)? {
        if let Some(holder) = migrating(migrator, databases, database.name).await? {
            return Ok(Readiness::InProgress { pending, database: database.name.to_owned(), holder });
        }
    }
    Ok(Readiness::Behind { pending })
}

/// Finds who rolls back right now, where nothing else is wrong.
fn under_way(findings: &[Finding]) -> Option<(String, Holder)> {
    let holder = |finding: &Finding| match finding {
        Finding::HalfRolledBack { database, reached, .. } => {
            Some((database.clone(), reached.holder.as_deref()?.clone()))
        }
        _ => None,
    };
    findings.iter().map(holder).collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Asks who migrates, where the server can tell.
pub(super) async fn migrating(
    migrator: &Migrator,
    databases: &mut Databases,
    database: &str,
) -> Result<Option<Holder>> {
    let backend = databases.backend(database)?;
    let Some(lock) = &backend.capabilities().lock else { return Ok(None) };
    let rows = backend.ask((lock.holder)(&migrator.location.lock(""))).await;
    let rows = rows.map_err(|answer| Error::server_refused(database, "looking who migrates", answer))?;
    Ok(rows.first().and_then(|row| holder(row)))
}

/// Waits until the application may start.
pub(crate) async fn wait(migrator: &Migrator, databases: &mut Databases, limit: Duration) -> Result<Readiness> {
    let begun = Instant::now();
    loop {
        let readiness = check(migrator, databases).await?;
        if readiness.is_ready() {
            return Ok(readiness);
        }
        let waited = begun.elapsed();
        if waited >= limit || !readiness.may_become_ready() {
            return Err(Kind::NotReady { readiness, waited }.into());
        }
        tracing::info!(%readiness, "waiting until it is migrated");
        if let Readiness::InProgress { database, holder, .. } = readiness {
            migrator.tell(Event::Waiting { database, holder: Some(holder), waited });
        }
        tokio::time::sleep(pause(waited).min(limit - waited)).await;
    }
}
