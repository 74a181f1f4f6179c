//! What a test may ask for and what it may return.

use super::TestDatabase;
use crate::databases::Databases;
use crate::error::Result;
use std::fmt::Debug;

/// Opens what a parameter of a test asks for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a test can ask for",
    note = "a test takes `TestDatabase`, `Databases`, `SqliteConnection`, `SqlitePool`, `PgConnection`, `PgPool`, \
            `MySqlConnection` or `MySqlPool`; those of sqlx need whimbrel's feature `sqlite`, `postgres` or `mysql`"
)]
pub trait Argument: Sized {
    /// Opens it on the test's database.
    fn open(database: &TestDatabase) -> impl Future<Output = Result<Self>>;
}

impl Argument for TestDatabase {
    async fn open(database: &TestDatabase) -> Result<Self> {
        Ok(database.clone())
    }
}

impl Argument for Databases {
    async fn open(database: &TestDatabase) -> Result<Self> {
        database.databases().await
    }
}

#[cfg(feature = "sqlite")]
impl Argument for sqlx::SqliteConnection {
    async fn open(database: &TestDatabase) -> Result<Self> {
        database.connect_sqlite().await
    }
}

#[cfg(feature = "sqlite")]
impl Argument for sqlx::SqlitePool {
    async fn open(database: &TestDatabase) -> Result<Self> {
        let url = database.first(crate::DatabaseKind::Sqlite)?;
        sqlx::SqlitePool::connect(url).await.map_err(super::database::unconnected)
    }
}

#[cfg(feature = "postgres")]
impl Argument for sqlx::PgConnection {
    async fn open(database: &TestDatabase) -> Result<Self> {
        database.connect_postgres().await
    }
}

#[cfg(feature = "postgres")]
impl Argument for sqlx::PgPool {
    async fn open(database: &TestDatabase) -> Result<Self> {
        let url = database.first(crate::DatabaseKind::Postgres)?;
        sqlx::PgPool::connect(url).await.map_err(super::database::unconnected)
    }
}

#[cfg(feature = "mysql")]
impl Argument for sqlx::MySqlConnection {
    async fn open(database: &TestDatabase) -> Result<Self> {
        database.connect_mysql().await
    }
}

#[cfg(feature = "mysql")]
impl Argument for sqlx::MySqlPool {
    async fn open(database: &TestDatabase) -> Result<Self> {
        let url = database.first(crate::DatabaseKind::Mysql)?;
        sqlx::MySqlPool::connect(url).await.map_err(super::database::unconnected)
    }
}

/// Tells whether what a test returned means that it passed.
pub trait Outcome {
    /// Gives the message of a failure.
    ///
    /// # Errors
    /// The failure's message.
    fn outcome(self) -> std::result::Result<(), String>;
}

impl Outcome for () {
    fn outcome(self) -> std::result::Result<(), String> {
        Ok(())
    }
}

impl<E: Debug> Outcome for std::result::Result<(), E> {
    fn outcome(self) -> std::result::Result<(), String> {
        self.map_err(|error| format!("the test returned an error: {error:?}"))
    }
}

/// Runs an `async fn` of one to three [`Argument`]s.
pub trait Test<Arguments> {
    /// Opens the arguments and runs it; gives the message of a failure.
    fn run(self, database: &TestDatabase) -> impl Future<Output = std::result::Result<(), String>>;
}

macro_rules! test {
    ($($argument:ident)+) => {
        impl<F, Run, $($argument),+> Test<($($argument,)+)> for F
        where
            F: FnOnce($($argument),+) -> Run,
            Run: Future<Output: Outcome>,
            $($argument: Argument),+
        {
            async fn run(self, database: &TestDatabase) -> std::result::Result<(), String> {
                let opened = async { Ok::<_, crate::Error>(($($argument::open(database).await?,)+)) };
                #[allow(non_snake_case)]
                let ($($argument,)+) = opened.await.map_err(|error| format!("{error:#}"))?;
                self($($argument),+).await.outcome()
            }
        }
    };
}

test!(A);
test!(A B);
test!(A B C);
