//! What a Rust `up`, `down`, `verify` or `require` is handed: the connection that the migration's transaction is open on.

#[cfg(feature = "mongodb")]
pub use crate::backend::mongodb::{Fill, MongodbStep};
#[cfg(feature = "neo4j")]
pub use crate::backend::neo4j::{Neo4jStep, Neo4jValue};
#[cfg(feature = "redis")]
pub use crate::backend::redis::RedisStep;
use crate::error::Result;
use std::future::Future;
use std::pin::Pin;

/// A boxed future that may move between threads, so that an application can `tokio::spawn` an apply.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Is lent to a SQLite migration's Rust code: sqlx's connection, with the migration's transaction open on it.
///
/// Don't commit or roll back on it: the ledger's row belongs to the same transaction.
#[cfg(feature = "sqlite")]
pub type SqliteStep = sqlx::SqliteConnection;

/// Is lent to a PostgreSQL migration's Rust code: sqlx's connection, with the migration's transaction open on it.
///
/// Don't commit or roll back on it: the ledger's row belongs to the same transaction.
#[cfg(feature = "postgres")]
pub type PostgresStep = sqlx::PgConnection;

/// Is lent to a MySQL or MariaDB migration's Rust code: sqlx's connection, with the migration's transaction open on it.
///
/// Don't commit or roll back on it: the ledger's row belongs to the same transaction. A statement that changes a schema
/// commits too: code with one is for a migration with `transaction = false`.
#[cfg(feature = "mysql")]
pub type MysqlStep = sqlx::MySqlConnection;

/// Points to an author's `up` or `down`, for the database it is declared on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RustWork {
    /// For SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(for<'a> fn(&'a mut SqliteStep) -> BoxFuture<'a, Result<()>>),
    /// For PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(for<'a> fn(&'a mut PostgresStep) -> BoxFuture<'a, Result<()>>),
    /// For MySQL and MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(for<'a> fn(&'a mut MysqlStep) -> BoxFuture<'a, Result<()>>),
    /// For Redis and Valkey.
    #[cfg(feature = "redis")]
    Redis(for<'a> fn(&'a mut RedisStep) -> BoxFuture<'a, Result<()>>),
    /// For Neo4j.
    #[cfg(feature = "neo4j")]
    Neo4j(for<'a> fn(&'a mut Neo4jStep) -> BoxFuture<'a, Result<()>>),
    /// For MongoDB.
    #[cfg(feature = "mongodb")]
    Mongodb(for<'a> fn(&'a mut MongodbStep) -> BoxFuture<'a, Result<()>>),
}

/// Points to an author's `verify` or `require`, for the database it is declared on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RustCheck {
    /// For SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(for<'a> fn(&'a mut SqliteStep) -> BoxFuture<'a, Result<bool>>),
    /// For PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(for<'a> fn(&'a mut PostgresStep) -> BoxFuture<'a, Result<bool>>),
    /// For MySQL and MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(for<'a> fn(&'a mut MysqlStep) -> BoxFuture<'a, Result<bool>>),
    /// For Redis and Valkey.
    #[cfg(feature = "redis")]
    Redis(for<'a> fn(&'a mut RedisStep) -> BoxFuture<'a, Result<bool>>),
    /// For Neo4j.
    #[cfg(feature = "neo4j")]
    Neo4j(for<'a> fn(&'a mut Neo4jStep) -> BoxFuture<'a, Result<bool>>),
    /// For MongoDB.
    #[cfg(feature = "mongodb")]
    Mongodb(for<'a> fn(&'a mut MongodbStep) -> BoxFuture<'a, Result<bool>>),
}

impl std::fmt::Debug for RustWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RustWork(..)")
    }
}

impl std::fmt::Debug for RustCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RustCheck(..)")
    }
}
