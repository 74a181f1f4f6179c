//! Open connections, by the names that the registry declares.

mod url;

pub use url::{Urls, redact};

use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::registry::{Database, DatabaseKind, Registry};
use std::sync::Arc;

/// Says what a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look: a missing SQLite file is an empty history, and is not created.
    ReadOnly,
    /// To change: a missing SQLite file is created.
    ReadWrite,
}

/// Holds open connections by the names of their databases.
#[derive(Debug, Default)]
pub struct Databases {
    entries: Vec<(String, Box<dyn Backend>)>,
    /// Those that could not be reached, and why.
    down: Vec<(String, Arc<Error>)>,
}

impl Databases {
    /// Begins with none, to be given connections that the application has opened.
    ///
    /// On a connection that is given, settings that a script changes (`SET search_path`) stay changed; on one that
    /// whimbrel opened they are taken back after each migration.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Takes over a SQLite connection.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn with_sqlite(self, name: impl Into<String>, connection: sqlx::SqliteConnection) -> Self {
        self.with(name.into(), Box::new(crate::backend::sqlite::Sqlite::new(Some(connection), false)))
    }

    /// Takes over a PostgreSQL connection.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn with_postgres(self, name: impl Into<String>, connection: sqlx::PgConnection) -> Self {
        self.with(name.into(), Box::new(crate::backend::postgres::Postgres::given(connection)))
    }

    /// Takes over a MySQL or MariaDB connection.
    #[cfg(feature = "mysql")]
    #[must_use]
    pub fn with_mysql(self, name: impl Into<String>, connection: sqlx::MySqlConnection) -> Self {
        self.with(name.into(), Box::new(crate::backend::mysql::Mysql::given(connection)))
    }

    /// Takes over a connection to Redis or Valkey. It waits for every answer, whatever limit it had: a command that was given up on may
    /// be done all the same.
    #[cfg(feature = "redis")]
    #[must_use]
    pub fn with_redis(self, name: impl Into<String>, connection: redis::aio::MultiplexedConnection) -> Self {
        self.with(name.into(), Box::new(crate::backend::redis::Redis::given(connection)))
    }

    /// Takes over a connection to Neo4j.
    #[cfg(feature = "neo4j")]
    #[must_use]
    pub fn with_neo4j(self, name: impl Into<String>, connection: crate::Neo4jStep) -> Self {
        self.with(name.into(), Box::new(crate::backend::neo4j::Neo4j::given(connection)))
    }

    /// Takes over a MongoDB database, after asking its server what it can do.
    ///
    /// # Errors
    /// A server that does not answer, or is older than MongoDB 6.0.
    #[cfg(feature = "mongodb")]
    pub async fn with_mongodb(self, name: impl Into<String>, database: mongodb::Database) -> Result<Self> {
        let name = name.into();
        let backend = crate::backend::mongodb::given(&name, database).await?;
        Ok(self.with(name, Box::new(backend)))
    }

    fn with(mut self, name: String, backend: Box<dyn Backend>) -> Self {
        self.entries.retain(|(other, _)| *other != name);
        self.down.retain(|(other, _)| *other != name);
        self.entries.push((name, backend));
        self
    }

    /// Opens what the registry declares. A database without migrations may be without URL.
    ///
    /// # Errors
    /// A missing or wrong URL; servers that don't answer, refused credentials, missing databases: of several, all that are so.
    pub async fn connect(registry: &Registry, urls: &Urls, access: Access) -> Result<Self> {
        let databases = Self::connect_each(registry, urls, access).await?;
        databases.all_up()?;
        Ok(databases)
    }

    /// Opens what can be reached of what the registry declares; for [`Migrator::available`](crate::Migrator::available).
    ///
    /// # Errors
    /// A missing or wrong URL; no database that can be reached.
    pub async fn connect_available(registry: &Registry, urls: &Urls, access: Access) -> Result<Self> {
        let databases = Self::connect_each(registry, urls, access).await?;
        if databases.entries.is_empty() {
            databases.all_up()?;
        }
        Ok(databases)
    }

    async fn connect_each(registry: &Registry, urls: &Urls, access: Access) -> Result<Self> {
        if let Some(name) = urls.names().find(|name| registry.database(name).is_none()) {
            let known: Vec<_> = registry.databases().iter().map(Database::name).collect();
            let reason = format!("the registry declares no such database; it declares {}", known.join(", "));
            return Err(Kind::InvalidUrl { database: name.into(), reason }.into());
        }
        let mut databases = Self::empty();
        apart(registry, urls)?;
        for database in registry.databases() {
            let used = registry.uses(database.name());
            if !used && urls.get(database.name()).is_none() {
                continue;
            }
            match open(database, urls.require(registry, database)?, access).await {
                Ok(backend) => databases = databases.with(database.name().into(), backend),
                Err(error) if is_down(&error) && registry.databases().len() > 1 => databases.set_down(database, error),
                Err(error) => return Err(error),
            }
        }
        Ok(databases)
    }

    pub(crate) fn set_down(&mut self, database: &Database, error: Error) {
        self.down.retain(|(name, _)| name != database.name());
        self.down.push((database.name().into(), Arc::new(error)));
    }

    /// Gives up where one of them can't be reached, and names each that can't.
    pub(crate) fn all_up(&self) -> Result<()> {
        if self.down.is_empty() {
            return Ok(());
        }
        let is_both = |name: &str| self.down.iter().any(|(down, _)| down == name);
        let of = self.down.len() + self.entries.iter().filter(|(name, _)| !is_both(name)).count();
        Err(Kind::Down { failures: self.down.iter().map(|(_, error)| error.clone()).collect(), of }.into())
    }

    /// Lists the databases that could not be reached, and why.
    pub fn down(&self) -> impl Iterator<Item = (&str, &Error)> {
        self.down.iter().map(|(name, error)| (name.as_str(), &**error))
    }

    pub(crate) fn is_down(&self, name: &str) -> bool {
        self.down.iter().any(|(down, _)| down == name)
    }

    /// Opens one of them alone.
    pub(crate) async fn connect_one(
        registry: &Registry,
        database: &Database,
        urls: &Urls,
        access: Access,
    ) -> Result<Self> {
        let backend = open(database, urls.require(registry, database)?, access).await?;
        Ok(Self::empty().with(database.name().into(), backend))
    }

    /// Opens for writing what the registry declares, at the URLs that the environment gives: `<NAME>_URL` for
    /// each, `DATABASE_URL` for the first.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    pub async fn from_env(registry: &Registry) -> Result<Self> {
        Self::connect(registry, &Urls::from_env(registry), Access::ReadWrite).await
    }

    /// Creates the databases that are not there; gives their names. Where one of several servers can't be reached none is created.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect), and a missing permission to create one.
    pub async fn create(registry: &Registry, urls: &Urls) -> Result<Vec<&'static str>> {
        if registry.databases().len() > 1 {
            let mut looked_at = Self::connect_each(registry, urls, Access::ReadOnly).await?;
            looked_at.down.retain(|(_, error)| !matches!(error.kind(), Kind::NoDatabase { .. }));
            looked_at.all_up()?;
        }
        let mut created = Vec::new();
        for database in registry.databases() {
            let used = registry.uses(database.name());
            if !used && urls.get(database.name()).is_none() {
                continue;
            }
            if make(database, urls.require(registry, database)?).await? {
                created.push(database.name());
            }
        }
        Ok(created)
    }

    /// Lists the names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// Lends a SQLite connection.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(&mut self, name: &str) -> Option<&mut sqlx::SqliteConnection> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::sqlite::Sqlite>()?;
        backend.connection.as_mut()
    }

    /// Lends a PostgreSQL connection.
    #[cfg(feature = "postgres")]
    pub fn postgres(&mut self, name: &str) -> Option<&mut sqlx::PgConnection> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::postgres::Postgres>()?;
        backend.connection.as_mut()
    }

    /// Lends a MySQL or MariaDB connection.
    #[cfg(feature = "mysql")]
    pub fn mysql(&mut self, name: &str) -> Option<&mut sqlx::MySqlConnection> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::mysql::Mysql>()?;
        backend.connection.as_mut()
    }

    /// Lends a connection to Redis or Valkey; of a cluster there are several, and none is lent.
    #[cfg(feature = "redis")]
    pub fn redis(&mut self, name: &str) -> Option<&mut redis::aio::MultiplexedConnection> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::redis::Redis>()?;
        backend.connection()
    }

    /// Lends a connection to Neo4j.
    #[cfg(feature = "neo4j")]
    pub fn neo4j(&mut self, name: &str) -> Option<&mut crate::Neo4jStep> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::neo4j::Neo4j>()?;
        Some(&mut backend.step)
    }

    /// Lends a MongoDB database.
    #[cfg(feature = "mongodb")]
    pub fn mongodb(&mut self, name: &str) -> Option<&mongodb::Database> {
        let backend = self.find(name)?.as_any().downcast_mut::<crate::backend::mongodb::Mongodb>()?;
        Some(&backend.database)
    }

    fn find(&mut self, name: &str) -> Option<&mut dyn Backend> {
        let (_, backend) = self.entries.iter_mut().find(|(other, _)| other == name)?;
        Some(&mut **backend)
    }

    pub(crate) fn backend(&mut self, name: &str) -> Result<&mut dyn Backend> {
        let reason =
            "open it with `Databases::connect`, or hand it over with `with_sqlite`, `with_postgres` or the like";
        self.find(name).ok_or_else(|| Kind::NotConnected { database: name.into(), reason }.into())
    }
}

/// Refuses two databases at one URL: a run would wait for itself.
fn apart(registry: &Registry, urls: &Urls) -> Result<()> {
    let server = |database: &&Database| !database.kind().is_embedded() && registry.uses(database.name());
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for database in registry.databases().iter().filter(server) {
        let Some(url) = urls.get(database.name()) else { continue };
        if let Some((other, _)) = seen.iter().find(|(_, known)| *known == url) {
            let reason = format!("it is that of `{other}` too: each database that is declared is one of its own");
            return Err(Kind::InvalidUrl { database: database.name().into(), reason }.into());
        }
        seen.push((database.name(), url));
    }
    Ok(())
}

/// Tells a database that is not there, or does not let us in, from one that was never said where it is.
fn is_down(error: &Error) -> bool {
    error.is_unreachable() || matches!(error.kind(), Kind::AuthenticationFailed { .. } | Kind::NoDatabase { .. })
}

#[cfg_attr(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")), allow(unused_variables))]
async fn open(database: &Database, url: &str, access: Access) -> Result<Box<dyn Backend>> {
    check_scheme(database, url)?;
    match database.kind() {
        #[cfg(feature = "sqlite")]
        DatabaseKind::Sqlite => Ok(Box::new(crate::backend::sqlite::connect(database.name(), url, access).await?)),
        #[cfg(feature = "postgres")]
        DatabaseKind::Postgres => Ok(Box::new(crate::backend::postgres::connect(database.name(), url, access).await?)),
        #[cfg(feature = "mysql")]
        DatabaseKind::Mysql => Ok(Box::new(crate::backend::mysql::connect(database.name(), url, access).await?)),
        #[cfg(feature = "redis")]
        DatabaseKind::Redis => Ok(Box::new(crate::backend::redis::connect(database.name(), url, access).await?)),
        #[cfg(feature = "neo4j")]
        DatabaseKind::Neo4j => Ok(Box::new(crate::backend::neo4j::connect(database.name(), url).await?)),
        #[cfg(feature = "mongodb")]
        DatabaseKind::Mongodb => Ok(Box::new(crate::backend::mongodb::connect(database.name(), url, access).await?)),
        #[allow(unreachable_patterns)]
        _ => Err(unsupported(database)),
    }
}

async fn make(database: &Database, url: &str) -> Result<bool> {
    check_scheme(database, url)?;
    match database.kind() {
        #[cfg(feature = "sqlite")]
        DatabaseKind::Sqlite => {
            use crate::backend::sqlite::{connect, exists};
            if exists(database.name(), url)? {
                return Ok(false);
            }
            let mut made = connect(database.name(), url, Access::ReadWrite).await?;
            // SQLite makes the file when it is first read.
            let looked = made.ask("PRAGMA user_version".into()).await;
            looked.map(|_| true).map_err(|answer| Error::server_refused(database.name(), "creating the file", answer))
        }
        #[cfg(feature = "postgres")]
        DatabaseKind::Postgres => crate::backend::postgres::create(database.name(), url).await,
        #[cfg(feature = "mysql")]
        DatabaseKind::Mysql => crate::backend::mysql::create(database.name(), url).await,
        // A server has all of its databases from the beginning.
        #[cfg(feature = "redis")]
        DatabaseKind::Redis => {
            crate::backend::redis::connect(database.name(), url, Access::ReadWrite).await.map(|_| false)
        }
        // Community has the one database, and whoever may create more with Enterprise says with which topology.
        #[cfg(feature = "neo4j")]
        DatabaseKind::Neo4j => crate::backend::neo4j::connect(database.name(), url).await.map(|_| false),
        // A database is there as soon as something is in it.
        #[cfg(feature = "mongodb")]
        DatabaseKind::Mongodb => {
            crate::backend::mongodb::connect(database.name(), url, Access::ReadWrite).await.map(|_| false)
        }
        #[allow(unreachable_patterns)]
        _ => Err(unsupported(database)),
    }
}

fn check_scheme(database: &Database, url: &str) -> Result<()> {
    let scheme = url.split(':').next().unwrap_or_default();
    let (fits, wanted) = match database.kind() {
        DatabaseKind::Sqlite => (scheme == "sqlite" || !url.contains("://"), "sqlite:path"),
        DatabaseKind::Postgres => {
            (matches!(scheme, "postgres" | "postgresql"), "postgres://user:password@host:5432/database")
        }
        DatabaseKind::Mysql => (matches!(scheme, "mysql" | "mariadb"), "mysql://user:password@host:3306/database"),
        DatabaseKind::Redis => {
            (scheme.starts_with("redis") || scheme.starts_with("valkey"), "redis://user:password@host:6379/0")
        }
        DatabaseKind::Neo4j => {
            (scheme.starts_with("neo4j") || scheme.starts_with("bolt"), "neo4j://user:password@host:7687/neo4j")
        }
        DatabaseKind::Mongodb => (scheme.starts_with("mongodb"), "mongodb://user:password@host:27017/database"),
    };
    if fits && (database.kind() == DatabaseKind::Sqlite || url.contains("://")) {
        return Ok(());
    }
    let reason = format!("it is declared as {:?}, whose URLs look like `{wanted}`", database.kind());
    Err(Kind::InvalidUrl { database: database.name().into(), reason }.into())
}

fn unsupported(database: &Database) -> Error {
    let reason = match database.kind() {
        DatabaseKind::Sqlite => "whimbrel was built without its feature `sqlite`",
        DatabaseKind::Postgres => "whimbrel was built without its feature `postgres`",
        DatabaseKind::Mysql => "whimbrel was built without its feature `mysql`",
        DatabaseKind::Redis => "whimbrel was built without its feature `redis`",
        DatabaseKind::Neo4j => "whimbrel was built without its feature `neo4j`",
        DatabaseKind::Mongodb => "whimbrel was built without its feature `mongodb`",
    };
    Kind::NotConnected { database: database.name().into(), reason }.into()
}
