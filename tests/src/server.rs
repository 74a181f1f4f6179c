//! Databases for tests: a new one each, on a real server, gone with the value.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::sqlx::{
    self, AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, PgConnection, Row, SqliteConnection,
    postgres::PgConnectOptions,
};
use whimbrel::{Access, DatabaseKind, Databases, Registry, Urls};

/// A database of a test's own.
#[derive(Debug)]
pub struct Server {
    kind: DatabaseKind,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Server { url: String, database: String },
    Lent,
}

impl Server {
    /// Makes the place for a new SQLite file.
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir_all(&folder).expect("a folder below the temporary one");
        Server {
            kind: DatabaseKind::Sqlite,
            url: format!("sqlite:{}", folder.join("test.db").display()),
            place: Place::Folder(folder),
        }
    }

    /// Makes a new database on the PostgreSQL server of a version.
    ///
    /// # Panics
    /// Where `tests/run` has not started the server.
    pub async fn postgres(version: &str) -> Self {
        Self::postgres_at(postgres_url(version)).await
    }

    /// Makes a new database on the TimescaleDB server.
    ///
    /// # Panics
    /// Where `tests/run` has not started the server.
    pub async fn timescale() -> Self {
        Self::postgres_at(server_url("TIMESCALEDB")).await
    }

    async fn postgres_at(url: String) -> Self {
        let database = unique();
        let mut connection = PgConnection::connect(&url).await.expect("the test server answers");
        let create = format!("CREATE DATABASE {database}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.expect("a new database");
        let (server, _) = url.rsplit_once('/').expect("the URL names a database");
        Server {
            kind: DatabaseKind::Postgres,
            url: format!("{server}/{database}"),
            place: Place::Server { url, database },
        }
    }

    /// Makes a new database on the MariaDB server, or on the MySQL server, by the name of the variable that has its URL.
    ///
    /// # Panics
    /// Where `tests/run` has not started the server.
    pub async fn mysql(name: &str) -> Self {
        let url = server_url(name);
        let database = unique();
        let mut connection = MySqlConnection::connect(&url).await.expect("the test server answers");
        let create = format!("CREATE DATABASE {database}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.expect("a new database");
        let server = url.trim_end_matches('/').to_owned();
        Server {
            kind: DatabaseKind::Mysql,
            url: format!("{server}/{database}"),
            place: Place::Server { url, database },
        }
    }

    /// Names a place that is there without it, and stays.
    pub fn lent(kind: DatabaseKind, url: &str) -> Self {
        Server { kind, url: url.to_owned(), place: Place::Lent }
    }

    /// Gives the kind.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Gives the URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it for a registry.
    pub async fn open(&self, registry: &Registry, access: Access) -> whimbrel::Result<Databases> {
        let urls = Urls::new().with("main", &self.url);
        Databases::connect(registry, &urls, access).await
    }

    /// Runs statements that are not whimbrel's.
    pub async fn run(&self, sql: &str) {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Runs statements that are not whimbrel's and may fail.
    pub async fn try_run(&self, sql: &str) -> sqlx::Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.kind {
            DatabaseKind::Sqlite => {
                let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse()?;
                let mut connection = options.create_if_missing(true).connect().await?;
                sql.execute(&mut connection).await?;
                connection.close().await
            }
            DatabaseKind::Mysql => {
                let mut connection = MySqlConnection::connect(&self.url).await?;
                sql.execute(&mut connection).await?;
                connection.close().await
            }
            _ => {
                let mut connection = PgConnection::connect(&self.url).await?;
                sql.execute(&mut connection).await?;
                connection.close().await
            }
        }
    }

    /// Gives the first column of each row, as text.
    pub async fn column(&self, query: &str) -> Vec<String> {
        // A common table expression may name its columns on both servers. MySQL hands out text in any case, and keeps no order there.
        let query = match self.kind {
            DatabaseKind::Mysql => query.to_owned(),
            _ => format!("WITH q (x) AS ({query}) SELECT CAST(x AS TEXT) FROM q"),
        };
        let sql = sqlx::raw_sql(AssertSqlSafe(query.clone()));
        let texts = match self.kind {
            DatabaseKind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("the file opens");
                let rows = sql.fetch_all(&mut connection).await;
                rows.map(|rows| rows.iter().map(|row| row.get::<Option<String>, _>(0)).collect::<Vec<_>>())
            }
            DatabaseKind::Mysql => {
                let mut connection = MySqlConnection::connect(&self.url).await.expect("the server answers");
                let rows = sql.fetch_all(&mut connection).await;
                rows.map(|rows| rows.iter().map(|row| row.get_unchecked::<Option<String>, _>(0)).collect())
            }
            _ => {
                let mut connection = PgConnection::connect(&self.url).await.expect("the server answers");
                let rows = sql.fetch_all(&mut connection).await;
                rows.map(|rows| rows.iter().map(|row| row.get::<Option<String>, _>(0)).collect())
            }
        };
        let texts = texts.unwrap_or_else(|error| panic!("{query}: {error}"));
        texts.into_iter().map(|text| text.unwrap_or_else(|| "NULL".to_owned())).collect()
    }

    /// Lists the tables that are not whimbrel's.
    pub async fn tables(&self) -> Vec<String> {
        self.column(match self.kind {
            DatabaseKind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'whimbrel%' AND name NOT LIKE 'sqlite%' ORDER BY name",
            DatabaseKind::Mysql => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'whimbrel%' ORDER BY table_name",
            _ => "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'whimbrel%' ORDER BY tablename",
        })
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Lent => {}
            Place::Server { url, database } if self.kind == DatabaseKind::Mysql => {
                let (url, drop) = (url.clone(), format!("DROP DATABASE IF EXISTS {database}"));
                let gone = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    runtime.block_on(async {
                        let mut connection = MySqlConnection::connect(&url).await.map_err(std::io::Error::other)?;
                        let sent = sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await;
                        sent.map(|_| ()).map_err(std::io::Error::other)
                    })
                });
                let _ = gone.join();
            }
            Place::Server { url, database } => {
                let (url, drop) = (url.clone(), format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
                let old = format!("DROP DATABASE IF EXISTS {database}");
                let others =
                    format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
                // A destructor can't wait inside the test's own runtime.
                let gone = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    runtime.block_on(async {
                        let options: PgConnectOptions = url.parse().map_err(std::io::Error::other)?;
                        let mut connection = options.connect().await.map_err(std::io::Error::other)?;
                        // PostgreSQL 12 knows no FORCE.
                        if sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await.is_err() {
                            for statement in [others, old] {
                                let sent = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await;
                                sent.map_err(std::io::Error::other)?;
                            }
                        }
                        Ok::<_, std::io::Error>(())
                    })
                });
                let _ = gone.join();
            }
        }
    }
}

/// Gives the URL of the test server of a version.
///
/// # Panics
/// Where `tests/run` has not started it.
pub fn postgres_url(version: &str) -> String {
    server_url(&format!("POSTGRES_{version}"))
}

/// Gives the URL of a test server by its name: `tests/servers/kinds` lists them.
///
/// # Panics
/// Where `tests/run` has not started it.
pub fn server_url(name: &str) -> String {
    let variable = format!("WHIMBREL_TEST_{name}_URL");
    std::env::var(&variable).unwrap_or_else(|_| {
        panic!(
            "{variable} is not set: start the servers with `tests/run`, or `tests/run --servers` in another terminal"
        )
    })
}

/// Gives the URL of a database of a test's own on the server of this name, where one comes into being with what is written to it.
pub fn database_url(name: &str) -> String {
    let url = server_url(name);
    let (server, options) = url.split_once('?').unwrap_or((&url, ""));
    format!("{}/{}?{options}", server.trim_end_matches('/'), unique())
}

fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let nanos =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    format!("whimbrel_tests_{}_{}_{nanos}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
