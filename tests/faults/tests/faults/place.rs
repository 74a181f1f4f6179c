//! A database on a PostgreSQL server that is used for one point after the other: to make a new one for each takes longer
//! than the point itself.

use crate::state::of_server;
use std::time::Duration;
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection, Row};
use whimbrel_tests::Server;

/// So long is waited between two looks at what the server is doing.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Holds a database and a connection to look at it.
#[derive(Debug)]
pub(crate) struct Place {
    // Closed before the database is dropped.
    pub(crate) connection: PgConnection,
    pub(crate) server: Server,
}

impl Place {
    /// Makes one on the server of a version.
    pub(crate) async fn new(version: &str) -> Place {
        let server = Server::postgres(version).await;
        let connection = PgConnection::connect(server.url()).await.unwrap();
        Place { server, connection }
    }

    /// Lists what is there.
    pub(crate) async fn state(&mut self) -> Vec<String> {
        of_server(&mut self.connection).await
    }

    /// Ends whoever is still at it, and takes everything away.
    pub(crate) async fn clear(&mut self) {
        self.end_others().await;
        self.empty().await;
    }

    /// Takes everything away that is in the database.
    pub(crate) async fn empty(&mut self) {
        rows(&mut self.connection, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    }

    /// Waits until so many sessions are as described.
    pub(crate) async fn has(&mut self, which: &str, sessions: usize) {
        while self.sessions(which).await < sessions {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Counts the sessions that are as described.
    pub(crate) async fn sessions(&mut self, which: &str) -> usize {
        let query = format!("SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND {which}");
        rows(&mut self.connection, &query).await.len()
    }

    /// Ends all other sessions, and waits until they are gone.
    pub(crate) async fn end_others(&mut self) {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND \
                      pid <> pg_backend_pid() AND backend_type = 'client backend'";
        while !rows(&mut self.connection, others).await.is_empty() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Sends a query; gives the first column of its rows, where it is text.
pub(crate) async fn rows(connection: &mut PgConnection, query: &str) -> Vec<String> {
    let sent = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await;
    let rows = sent.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| row.try_get_unchecked::<Option<String>, _>(0).unwrap().unwrap_or_default()).collect()
}
