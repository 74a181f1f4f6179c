//! A database on a server that is used for one point after the other: to make a new one for each takes longer
//! than the point itself.

use crate::graph::Graph;
use crate::keys::Keys;
use crate::state::{of_mysql, of_server};
use std::time::Duration;
use whimbrel::DatabaseKind;
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};
use whimbrel_tests::Server;

/// So long is waited between two looks at what the server is doing.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Holds a database and a connection to look at it.
#[derive(Debug)]
pub(crate) struct Place {
    // Closed before the database is dropped.
    pub(crate) connection: Looking,
    pub(crate) server: Server,
}

#[derive(Debug)]
pub(crate) enum Looking {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
    Redis(Keys),
    Neo4j(Graph),
}

impl Place {
    /// Makes one on the server of a version.
    pub(crate) async fn new(version: &str) -> Place {
        let server = Server::postgres(version).await;
        let connection = Looking::Postgres(PgConnection::connect(server.url()).await.unwrap());
        Place { server, connection }
    }

    /// Makes one on the MariaDB server.
    pub(crate) async fn mariadb() -> Place {
        let server = Server::mysql("MARIADB").await;
        let connection = Looking::Mysql(MySqlConnection::connect(server.url()).await.unwrap());
        Place { server, connection }
    }

    /// Takes a database of its own on the Redis or Valkey server of this name; of a cluster all of it.
    pub(crate) async fn redis(name: &str) -> Place {
        let keys = Keys::new(name).await;
        Place { server: Server::lent(DatabaseKind::Redis, keys.url()), connection: Looking::Redis(keys) }
    }

    /// Takes what the chain makes in the one graph of the Neo4j server.
    pub(crate) async fn neo4j() -> Place {
        let graph = Graph::new().await;
        Place { server: Server::lent(DatabaseKind::Neo4j, graph.url()), connection: Looking::Neo4j(graph) }
    }

    pub(crate) fn is_mysql(&self) -> bool {
        matches!(self.connection, Looking::Mysql(_))
    }

    /// Sends a query; gives the first column of its rows.
    pub(crate) async fn rows(&mut self, query: &str) -> Vec<String> {
        match &mut self.connection {
            Looking::Postgres(connection) => rows(connection, query).await,
            Looking::Mysql(connection) => rows_of_mysql(connection, query).await,
            Looking::Redis(_) | Looking::Neo4j(_) => panic!("it takes no SQL: {query}"),
        }
    }

    /// Lists what is there.
    pub(crate) async fn state(&mut self) -> Vec<String> {
        match &mut self.connection {
            Looking::Postgres(connection) => of_server(connection).await,
            Looking::Mysql(connection) => of_mysql(connection).await,
            Looking::Redis(keys) => keys.state().await,
            Looking::Neo4j(graph) => graph.state().await,
        }
    }

    /// Lets the lease of a run that has died run out, as fifteen seconds would; a lock ends with its session.
    pub(crate) async fn age(&mut self) {
        match &mut self.connection {
            Looking::Postgres(_) | Looking::Mysql(_) => {}
            Looking::Redis(keys) => keys.age().await,
            Looking::Neo4j(graph) => graph.age().await,
        }
    }

    /// Ends whoever is still at it, and takes everything away.
    pub(crate) async fn clear(&mut self) {
        match &mut self.connection {
            Looking::Redis(keys) => keys.clear().await,
            Looking::Neo4j(graph) => graph.clear().await,
            Looking::Postgres(_) | Looking::Mysql(_) => {
                self.end_others().await;
                self.empty().await;
            }
        }
    }

    /// Takes everything away that is in the database.
    pub(crate) async fn empty(&mut self) {
        if self.is_mysql() {
            let kept = "SELECT CONCAT('DROP ', IF(table_type = 'VIEW', 'VIEW ', 'TABLE '), '`', table_name, '`') FROM \
                        information_schema.tables WHERE table_schema = DATABASE()";
            for drop in self.rows(kept).await {
                self.rows(&drop).await;
            }
            return;
        }
        self.rows("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
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
        self.rows(&query).await.len()
    }

    /// Ends all other sessions, and waits until they are gone.
    pub(crate) async fn end_others(&mut self) {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND \
                      pid <> pg_backend_pid() AND backend_type = 'client backend'";
        if let Looking::Mysql(connection) = &mut self.connection {
            let others =
                "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            loop {
                let sessions = rows_of_mysql(connection, others).await;
                if sessions.is_empty() {
                    return;
                }
                for id in sessions {
                    // It may end by itself meanwhile.
                    let _ = sqlx::raw_sql(AssertSqlSafe(format!("KILL {id}"))).execute(&mut *connection).await;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        while !self.rows(others).await.is_empty() {
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

/// Sends a query; gives the first column of its rows.
pub(crate) async fn rows_of_mysql(connection: &mut MySqlConnection, query: &str) -> Vec<String> {
    let sent = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await;
    let rows = sent.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| row.try_get_unchecked::<Option<String>, _>(0).unwrap().unwrap_or_default()).collect()
}
