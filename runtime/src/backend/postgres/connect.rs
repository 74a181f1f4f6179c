//! Opening a PostgreSQL connection, and the words when that can't be done.

use super::Postgres;
use super::pooler::{self, Pooler};
use crate::backend::reach::{Failure, PATIENCE, misread, reach};
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerError};
use crate::ledger::quote;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};

/// Opens a connection. For reading it is the same: nothing that only looks sends a text that writes.
pub(crate) async fn connect(database: &str, url: &str, _: Access) -> Result<Postgres> {
    let options = options(database, url)?;
    let (reached, pooler) = match reach(&pooler::marked(&options)).await {
        Err(Failure::Refused(error)) if pooler::refuses(&error) => {
            tracing::info!(database, "a pooler stands between: each transaction takes a lock of its own");
            (reach(&pooler::plain(&options)).await, Pooler::Between)
        }
        reached => (reached, Pooler::Unknown),
    };
    match reached {
        Ok(connection) => Ok(Postgres { connection: Some(connection), own: true, pooler, unlimited: false }),
        Err(failure) => Err(explain(database, url, &options, failure)),
    }
}

/// Creates the database where it is not there; tells whether it did.
pub(crate) async fn create(database: &str, url: &str) -> Result<bool> {
    let options = options(database, url)?;
    let missing = match reach(&options).await {
        Ok(_) => return Ok(false),
        Err(Failure::Refused(error)) if code(&error).as_deref() == Some("3D000") => options,
        Err(failure) => return Err(explain(database, url, &options, failure)),
    };
    let name = missing.get_database().unwrap_or(missing.get_username()).to_owned();
    let beside = missing.clone().database("postgres");
    let mut connection = reach(&beside).await.map_err(|failure| explain(database, url, &beside, failure))?;
    let text = format!("CREATE DATABASE {}", quote::identifier(&name, '"')?);
    match sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await {
        Ok(_) => Ok(true),
        // Somebody else was faster.
        Err(error) if matches!(code(&error).as_deref(), Some("42P04" | "23505")) => Ok(false),
        Err(error) => Err(Error::server_refused(database, "creating the database", error.into())),
    }
}

fn options(database: &str, url: &str) -> Result<PgConnectOptions> {
    let misread = |error: sqlx::Error| misread(database, &error, "postgres://user:password@host:5432/database");
    let options: PgConnectOptions = url.parse().map_err(misread)?;
    let options = options.disable_statement_logging();
    Ok(if options.get_application_name().is_none() { options.application_name("whimbrel") } else { options })
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(Into::into)
}

fn explain(database: &str, url: &str, options: &PgConnectOptions, failure: Failure) -> Error {
    let (database, url) = (database.to_owned(), redact(url));
    let place = match options.get_socket() {
        Some(socket) => format!("socket {}", socket.display()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let error = match failure {
        Failure::Silent => {
            let reason = format!("{place} did not answer for {} s; check host, port and firewall", PATIENCE.as_secs());
            return Kind::Unreachable { database, url, reason }.into();
        }
        Failure::Refused(error) => error,
    };
    let kind = match (&error, code(&error).as_deref()) {
        (_, Some("28P01" | "28000")) => Kind::AuthenticationFailed { database, url },
        (_, Some("3D000")) => Kind::NoDatabase {
            database,
            url,
            reason: "the server has no such database; create it, or run `init`".into(),
        },
        (_, Some("57P03")) => {
            Kind::Unreachable { database, url, reason: "the server is starting up or shutting down; try again".into() }
        }
        (_, Some("53300")) => {
            Kind::Unreachable { database, url, reason: "the server has no connection left; close some".into() }
        }
        (sqlx::Error::Io(_), _) => {
            let reason = format!("no server answers at {place}; start it, or correct host and port in the URL");
            Kind::Unreachable { database, url, reason }
        }
        (sqlx::Error::Tls(_), _) => {
            Kind::Unreachable { database, url, reason: "no secure connection; look at `sslmode` in the URL".into() }
        }
        _ => Kind::Unreachable { database, url, reason: "the server refused the connection".into() },
    };
    Error::from(kind).caused_by(match error {
        sqlx::Error::Io(io) => ServerError::other(io.to_string()),
        other => ServerError::from(other),
    })
}
