//! What a Rust `up`, `down`, `verify` or `require` is handed: a connection inside the migration's transaction.

use crate::error::Result;
use std::future::Future;
use std::pin::Pin;

/// A boxed future that may move between threads, so that an application can `tokio::spawn` an apply.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

macro_rules! step {
    ($step:ident, $connection:ty, $feature:literal, $server:literal) => {
        #[doc = concat!("Lends a migration's Rust code the ", $server, " connection that its transaction is open on.")]
        ///
        /// It dereferences to sqlx's connection: `sqlx::query("…").execute(&mut **step).await?`. Don't commit or
        /// roll back on it: the ledger row belongs to the same transaction.
        #[cfg(feature = $feature)]
        #[derive(Debug)]
        pub struct $step<'c>(pub(crate) &'c mut $connection);

        #[cfg(feature = $feature)]
        impl std::ops::Deref for $step<'_> {
            type Target = $connection;
            fn deref(&self) -> &Self::Target {
                self.0
            }
        }

        #[cfg(feature = $feature)]
        impl std::ops::DerefMut for $step<'_> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                self.0
            }
        }
    };
}

step!(SqliteStep, sqlx::SqliteConnection, "sqlite", "SQLite");
step!(PostgresStep, sqlx::PgConnection, "postgres", "PostgreSQL");

/// Points to an author's `up` or `down`, for the database it is declared on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RustWork {
    /// For SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(for<'a, 'c> fn(&'a mut SqliteStep<'c>) -> BoxFuture<'a, Result<()>>),
    /// For PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(for<'a, 'c> fn(&'a mut PostgresStep<'c>) -> BoxFuture<'a, Result<()>>),
}

/// Points to an author's `verify` or `require`, for the database it is declared on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RustCheck {
    /// For SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(for<'a, 'c> fn(&'a mut SqliteStep<'c>) -> BoxFuture<'a, Result<bool>>),
    /// For PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(for<'a, 'c> fn(&'a mut PostgresStep<'c>) -> BoxFuture<'a, Result<bool>>),
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
