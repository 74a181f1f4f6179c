//! A database on a PostgreSQL server that is used for one point after the other: to make a new one for each takes longer
//! than the point itself.

use crate::state::of_server;
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection, Row};
use whimbrel_tests::Server;

/// Holds a database and a connection to look at it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) server: Server,
    connection: PgConnection,
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
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND \
                      pid <> pg_backend_pid() AND backend_type = 'client backend'";
        while !rows(&mut self.connection, others).await.is_empty() {
            tokio::task::yield_now().await;
        }
        rows(&mut self.connection, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    }
}

/// Sends a query; gives the first column of its rows, where it is text.
pub(crate) async fn rows(connection: &mut PgConnection, query: &str) -> Vec<String> {
    let sent = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await;
    let rows = sent.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| row.try_get_unchecked::<Option<String>, _>(0).unwrap().unwrap_or_default()).collect()
}
