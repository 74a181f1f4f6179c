//! A chain's rehearsal on real servers: up, down and up again, one migration after the other.

mod outcome;
mod snapshot;
mod twice;

use super::template::places;
use crate::databases::{Access, Databases, Urls};
use crate::error::{Error, Kind, Result};
use crate::migrator::Migrator;
use crate::registry::Registry;
use crate::target::Target;
use outcome::Outcome;
use snapshot::Snapshot;
use twice::Spared;

pub(super) use snapshot::unsupported;

/// Applies every migration, rolls it back and applies it again, on empty databases of real servers.
///
/// After each rollback a database has to be what it was before, after each second application what it was after the
/// first. Statements that say `IF NOT EXISTS` run twice. In the end the schema has to be the one that the compiler
/// followed (PostgreSQL). `url` names the server of the first database that isn't SQLite, where the user has to be allowed to create
/// databases; further ones are named by `<NAME>_URL`. SQLite's are files in the system's temporary folder, whatever the URL.
///
/// ```no_run
/// # use whimbrel::Registry;
/// # static MIGRATIONS: Registry = Registry::EMPTY;
/// #[test]
/// fn the_chain_holds_on_a_real_server() {
///     whimbrel::testing::rehearse(&MIGRATIONS, "postgres://localhost/app");
/// }
/// ```
///
/// # Panics
/// Where a migration fails, or leaves what it shouldn't: with everything that was found, by migration.
pub fn rehearse(registry: &'static Registry, url: &str) {
    let rehearsed = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(crate::Error::from)
        .and_then(|runtime| runtime.block_on(run(registry, url)));
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    match rehearsed {
        Ok(outcome) if outcome.is_good() => {}
        Ok(outcome) => panic!("{outcome}"),
        Err(error) => panic!("the rehearsal could not begin: {error:#}"),
    }
}

async fn run(registry: &'static Registry, url: &str) -> Result<Outcome> {
    let mut urls = Urls::from_env(registry);
    if let Some(database) = registry.databases().iter().find(|database| !database.kind().is_embedded()) {
        urls.set(database.name(), url);
    }
    let mut places = places(registry, "rehearsal", &urls).await?;
    let mut scratch = Urls::new();
    for place in &mut places {
        place.lock().await?;
        let url = place.begin().await?;
        scratch.set(place.database(), url);
    }
    let mut databases = Databases::connect(registry, &scratch, Access::ReadWrite).await?;
    let mut outcome = Outcome::new(registry);
    let rehearsed = rehearse_each(registry, &mut databases, &mut outcome).await;
    drop(databases);
    for place in &mut places {
        place.discard().await?;
        place.unlock().await?;
    }
    rehearsed.map(|()| outcome)
}

/// Goes through the chain, to its end or to the first migration that can't be applied.
async fn rehearse_each(registry: &'static Registry, databases: &mut Databases, outcome: &mut Outcome) -> Result<()> {
    let plain = Migrator::new(registry);
    let mut spared = Spared::new();
    let mut twice = Migrator::new(twice::registry(registry, &spared));
    let mut before = all(registry, databases).await?;
    for migration in registry.migrations() {
        let target = Target::Id(migration.id().to_owned());
        // What came before it may stay done, so the rest of the same chain follows.
        while let Err(error) = twice.apply(databases, &target).await {
            let Some(second) = failed_at(&error).and_then(|place| twice::second(migration, &spared, place)) else {
                outcome.failed(migration, &error);
                return Ok(());
            };
            outcome.not_twice(migration, &error);
            spared.insert((migration.id, second));
            twice = Migrator::new(twice::registry(registry, &spared));
        }
        let after = all(registry, databases).await?;
        if migration.down.is_some() {
            if let Err(error) = plain.rollback(databases, &Target::Count(1)).await {
                outcome.not_rolled_back(migration, &error);
                return Ok(());
            }
            outcome.rolled_back(migration, &before, &all(registry, databases).await?);
            if let Err(error) = plain.apply(databases, &target).await {
                outcome.not_again(migration, &error);
                return Ok(());
            }
            outcome.applied_again(migration, &after, &all(registry, databases).await?);
        }
        before = after;
    }
    outcome.simulated(&before);
    Ok(())
}

fn failed_at(error: &Error) -> Option<usize> {
    match error.kind() {
        Kind::StatementFailed { statement, .. } => *statement,
        _ => None,
    }
}

/// Reads each database, in the order of their declaration.
async fn all(registry: &'static Registry, databases: &mut Databases) -> Result<Vec<Snapshot>> {
    let mut all = Vec::new();
    for database in registry.databases() {
        let used = registry.migrations().iter().any(|m| m.database() == database.name());
        all.push(if used { snapshot::take(databases, database).await? } else { Snapshot::new() });
    }
    Ok(all)
}
