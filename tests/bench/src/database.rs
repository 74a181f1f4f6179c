//! The databases that are measured on: an empty one for each run, and a look at what came out.

use crate::Result;
use crate::package::Place;
use crate::workload::Objects;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::cell::RefCell;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    /// Names it as the features of the packages do.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Database::Sqlite => "sqlite",
            Database::Postgres => "postgres",
        }
    }

    /// Names it as its makers do.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const SQLITE_OBJECTS: &str = "
    SELECT count(*) FILTER (WHERE type = 'table' AND name GLOB 't[0-9]*') AS tables,
           count(*) FILTER (WHERE type = 'index' AND name GLOB 'ix_t[0-9]*') AS indexes,
           count(*) FILTER (WHERE type = 'view' AND name GLOB 'v_t[0-9]*') AS views,
           (SELECT count(*) FROM t0000_alpha) AS found
    FROM sqlite_master";

const POSTGRES_OBJECTS: &str = "
    SELECT count(*) FILTER (WHERE relkind = 'r' AND relname ~ '^t[0-9]') AS tables,
           count(*) FILTER (WHERE relkind = 'i' AND relname ~ '^ix_t[0-9]') AS indexes,
           count(*) FILTER (WHERE relkind = 'v' AND relname ~ '^v_t[0-9]') AS views,
           (SELECT count(*) FROM t0000_alpha) AS found
    FROM pg_class";

/// Where databases are made: a folder, or a server.
pub(crate) struct Maker {
    runtime: Runtime,
    backend: Backend,
    /// What is on the server, by the names that were asked for. Whoever comes soon after a database was dropped would pay for it: ext4 looks
    /// long for the number of a file that was not just given back.
    made: RefCell<Vec<(String, String)>>,
}

enum Backend {
    Folder(PathBuf),
    Server(Url),
}

impl Maker {
    /// Takes a folder of the work folder for SQLite, and for PostgreSQL the server.
    pub(crate) fn new(database: Database, place: &Place, postgres: Option<&Url>) -> Result<Maker> {
        let backend = match database {
            Database::Sqlite => {
                let folder = place.path("databases");
                fs::create_dir_all(&folder)?;
                Backend::Folder(folder)
            }
            Database::Postgres => Backend::Server(
                postgres.cloned().ok_or("no PostgreSQL: name a server by `--postgres URL` or WHIMBREL_TEST_POSTGRES_15_URL (`tests/run --servers` starts one)")?,
            ),
        };
        Ok(Maker { runtime: Builder::new_current_thread().enable_all().build()?, backend, made: RefCell::default() })
    }

    /// Makes an empty database, and gives what contenders are pointed at. An old one of the name is gone, or no longer meant.
    pub(crate) fn create(&self, name: &str) -> Result<String> {
        match &self.backend {
            Backend::Folder(folder) => {
                self.drop(name)?;
                Ok(folder.join(name).display().to_string())
            }
            Backend::Server(server) => {
                let own = format!("{name}_{}", self.made.borrow().len());
                let remove = format!("DROP DATABASE IF EXISTS \"{own}\" WITH (FORCE)");
                let create = format!("CREATE DATABASE \"{own}\" TEMPLATE template0");
                self.postgres(server, &[remove, create, "CHECKPOINT".to_owned()])?;
                let mut url = server.clone();
                url.set_path(&own);
                self.made.borrow_mut().push((name.to_owned(), own));
                Ok(url.into())
            }
        }
    }

    /// Removes all databases that were made under a name.
    pub(crate) fn drop(&self, name: &str) -> Result<()> {
        match &self.backend {
            Backend::Folder(folder) => {
                for tail in ["", "-journal", "-wal", "-shm"] {
                    match fs::remove_file(folder.join(format!("{name}{tail}"))) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                        _ => {}
                    }
                }
                Ok(())
            }
            Backend::Server(server) => {
                let made = self.made.borrow();
                let gone = made.iter().filter(|(asked, _)| asked == name);
                let gone: Vec<_> =
                    gone.map(|(_, own)| format!("DROP DATABASE IF EXISTS \"{own}\" WITH (FORCE)")).collect();
                self.postgres(server, &gone)
            }
        }
    }

    /// Holds a database against what the workload should have left there.
    pub(crate) fn verify(&self, target: &str, count: usize) -> Result<()> {
        let found = self.runtime.block_on(async {
            match &self.backend {
                Backend::Folder(_) => {
                    let mut connection = SqliteConnectOptions::new().filename(target).read_only(true).connect().await?;
                    Objects::read(&sqlx::query(SQLITE_OBJECTS).fetch_one(&mut connection).await?)
                }
                Backend::Server(_) => {
                    let mut connection = PgConnection::connect(target).await?;
                    Objects::read(&sqlx::query(POSTGRES_OBJECTS).fetch_one(&mut connection).await?)
                }
            }
        })?;
        let expected = Objects::expected(count);
        if found == expected { Ok(()) } else { Err(format!("left {found:?} where {expected:?} were to be").into()) }
    }

    /// Says which server or library this is, and what of its settings matters here.
    pub(crate) fn describe(&self) -> Result<String> {
        self.runtime.block_on(async {
            match &self.backend {
                Backend::Folder(_) => {
                    let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
                    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
                    Ok(format!("SQLite {version} (whimbrel's and sqlx's)"))
                }
                Backend::Server(server) => {
                    let mut connection = PgConnection::connect(server.as_str()).await?;
                    let query = "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('fsync') AS fsync";
                    let row = sqlx::query(query).fetch_one(&mut connection).await?;
                    let (version, fsync): (String, String) = (row.try_get("version")?, row.try_get("fsync")?);
                    Ok(format!("PostgreSQL {version} on the same machine (fsync {fsync})"))
                }
            }
        })
    }

    fn postgres(&self, server: &Url, statements: &[String]) -> Result<()> {
        self.runtime.block_on(async {
            let mut connection = PgConnection::connect(server.as_str()).await?;
            for statement in statements {
                sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut connection).await?;
            }
            connection.close().await?;
            Ok(())
        })
    }
}
