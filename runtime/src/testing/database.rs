//! A test's own databases.

use crate::databases::{Access, Databases, Urls};
use crate::error::{Error, Kind, Result};
use crate::registry::{DatabaseKind, Registry};
use std::sync::Arc;

/// Names a test's own databases, migrated; clones name the same.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    registry: &'static Registry,
    urls: Arc<Urls>,
}

impl TestDatabase {
    pub(super) fn new(registry: &'static Registry, urls: Urls) -> Self {
        Self { registry, urls: Arc::new(urls) }
    }

    /// Gives the URL of a database of the registry, with its password; none where the registry has no migration of it.
    pub fn url(&self, database: &str) -> Option<&str> {
        self.urls.get(database)
    }

    pub(super) fn urls(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.registry.databases().iter().filter_map(|database| Some((database.name(), self.url(database.name())?)))
    }

    /// Opens all of them, for a [`Migrator`](crate::Migrator).
    ///
    /// # Errors
    /// Those of [`Databases::connect`].
    pub async fn databases(&self) -> Result<Databases> {
        Databases::connect(self.registry, &self.urls, Access::ReadWrite).await
    }

    /// Connects to the registry's first SQLite database.
    ///
    /// # Errors
    /// A registry without one, or a connection that can't be opened.
    #[cfg(feature = "sqlite")]
    pub async fn connect_sqlite(&self) -> Result<sqlx::SqliteConnection> {
        use sqlx::Connection;
        sqlx::SqliteConnection::connect(self.first(DatabaseKind::Sqlite)?).await.map_err(unconnected)
    }

    /// Connects to the registry's first PostgreSQL database.
    ///
    /// # Errors
    /// A registry without one, or a connection that can't be opened.
    #[cfg(feature = "postgres")]
    pub async fn connect_postgres(&self) -> Result<sqlx::PgConnection> {
        use sqlx::Connection;
        sqlx::PgConnection::connect(self.first(DatabaseKind::Postgres)?).await.map_err(unconnected)
    }

    /// Connects to the registry's first MySQL or MariaDB database.
    ///
    /// # Errors
    /// A registry without one, or a connection that can't be opened.
    #[cfg(feature = "mysql")]
    pub async fn connect_mysql(&self) -> Result<sqlx::MySqlConnection> {
        use sqlx::Connection;
        sqlx::MySqlConnection::connect(self.first(DatabaseKind::Mysql)?).await.map_err(unconnected)
    }

    pub(super) fn first(&self, kind: DatabaseKind) -> Result<&str> {
        let declared = self.registry.databases().iter().find(|database| database.kind() == kind);
        let url = declared.and_then(|database| self.url(database.name()));
        url.ok_or_else(|| Error::new(format!("the registry declares no {kind:?} database with a migration")))
    }
}

pub(super) fn unconnected(error: sqlx::Error) -> Error {
    Error::from(Kind::Author { message: "can't connect to the test's database".into() })
        .caused_by(crate::error::ServerError::from(error))
}
