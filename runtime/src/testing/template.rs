//! From a registry to a template of each of its databases, and from there to a test's copies.

use super::TestDatabase;
#[cfg(feature = "postgres")]
use super::cluster::Cluster;
#[cfg(feature = "sqlite")]
use super::folder::Folder;
#[cfg(feature = "mysql")]
use super::instance::Instance;
use super::name::Names;
use super::place::Place;
use crate::databases::{Access, Databases, Urls};
use crate::error::{Error, Kind, Result};
use crate::migrator::Migrator;
use crate::registry::{Database, DatabaseKind, Registry};
use crate::target::Target;

/// How often a template is made anew that others take away before it is copied.
const ATTEMPTS: usize = 5;

/// Gives a test its databases, and what removes them.
pub(super) async fn copy(registry: &'static Registry, test: &str) -> Result<(TestDatabase, Vec<Box<dyn Place>>)> {
    let mut places = places(registry, test, &Urls::from_env(registry)).await?;
    let mut urls = Urls::new();
    for place in &mut places {
        place.remove_left_overs().await?;
    }
    for attempt in 1.. {
        prepare(registry, &mut places).await?;
        urls = Urls::new();
        let (mut gone, mut empty) = (false, false);
        for place in &mut places {
            match place.copy().await? {
                Some(copied) => {
                    empty |= !copied.migrated;
                    urls.set(place.database(), copied.url);
                }
                None => gone = true,
            }
        }
        if !gone {
            if empty {
                migrate(registry, &urls).await?;
            }
            break;
        }
        if attempt == ATTEMPTS {
            return Err(Error::new("other processes take the template away again and again; run the tests once more"));
        }
    }
    Ok((TestDatabase::new(registry, urls), places))
}

/// Makes the templates that are not there. What is not ready has another name, so a process that dies leaves nothing
/// that could be taken for a template.
async fn prepare(registry: &'static Registry, places: &mut [Box<dyn Place>]) -> Result<()> {
    let mut ready = true;
    // Everybody locks in the order of declaration, so nobody waits in a circle.
    for place in places.iter_mut() {
        place.lock().await?;
        ready &= place.is_ready().await?;
    }
    if !ready {
        let mut urls = Urls::new();
        for place in places.iter_mut() {
            let url = place.begin().await?;
            urls.set(place.database(), url);
        }
        migrate(registry, &urls).await?;
        for place in places.iter_mut() {
            place.finish().await?;
        }
    }
    for place in places.iter_mut() {
        place.unlock().await?;
    }
    Ok(())
}

async fn migrate(registry: &'static Registry, urls: &Urls) -> Result<()> {
    let mut databases = Databases::connect(registry, urls, Access::ReadWrite).await?;
    Migrator::new(registry).apply(&mut databases, &Target::Latest).await.map(drop)
}

/// Finds a place for each database that has migrations.
pub(super) async fn places(registry: &'static Registry, test: &str, urls: &Urls) -> Result<Vec<Box<dyn Place>>> {
    let mut places = Vec::new();
    for database in registry.databases() {
        if registry.migrations().iter().any(|m| m.database() == database.name()) {
            places.push(place(registry, database, test, urls).await?);
        }
    }
    Ok(places)
}

#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(unused_variables))]
async fn place(
    registry: &'static Registry,
    database: &'static Database,
    test: &str,
    urls: &Urls,
) -> Result<Box<dyn Place>> {
    let names = Names::new(registry, database.name(), test);
    match database.kind() {
        #[cfg(feature = "sqlite")]
        DatabaseKind::Sqlite => Ok(Box::new(Folder::new(database.name(), names)?)),
        #[cfg(feature = "postgres")]
        DatabaseKind::Postgres => {
            Ok(Box::new(Cluster::connect(database.name(), urls.require(registry, database)?, &names).await?))
        }
        #[cfg(feature = "mysql")]
        DatabaseKind::Mysql => {
            Ok(Box::new(Instance::connect(database.name(), urls.require(registry, database)?, &names).await?))
        }
        #[allow(unreachable_patterns)]
        DatabaseKind::Sqlite | DatabaseKind::Postgres | DatabaseKind::Mysql => {
            let reason = "whimbrel was built without the feature for it";
            Err(Kind::NotConnected { database: database.name().into(), reason }.into())
        }
        _ => Err(super::rehearsal::unsupported(database)),
    }
}
