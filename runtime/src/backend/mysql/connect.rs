//! Opening a MySQL or MariaDB connection, and the words when that can't be done.

use super::Mysql;
use crate::backend::reach::{Failure, PATIENCE, misread, reach};
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerError};
use crate::ledger::quote;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, ConnectOptions};

const UNKNOWN_DATABASE: u16 = 1049;

/// Opens a connection. For reading it is the same: nothing that only looks sends a text that writes.
pub(crate) async fn connect(database: &str, url: &str, _: Access) -> Result<Mysql> {
    let (options, _) = options(database, url)?;
    match reach(&options).await {
        Ok(connection) => Ok(Mysql { connection: Some(connection), own: true }),
        Err(failure) => Err(explain(database, url, &options, failure)),
    }
}

/// Creates the database where it is not there; tells whether it did.
pub(crate) async fn create(database: &str, url: &str) -> Result<bool> {
    let (options, name) = options(database, url)?;
    match reach(&options).await {
        Ok(_) => return Ok(false),
        Err(Failure::Refused(error)) if number(&error) == Some(UNKNOWN_DATABASE) => {}
        Err(failure) => return Err(explain(database, url, &options, failure)),
    }
    // Everybody may use this one.
    let beside = options.clone().database("information_schema");
    let mut connection = reach(&beside).await.map_err(|failure| explain(database, url, &beside, failure))?;
    let text = format!("CREATE DATABASE {} CHARACTER SET utf8mb4", quote::identifier(&name, '`')?);
    match sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await {
        Ok(_) => Ok(true),
        // Somebody else was faster.
        Err(error) if number(&error) == Some(1007) => Ok(false),
        Err(error) => Err(Error::server_refused(database, "creating the database", error.into())),
    }
}

/// Reads a URL; gives the database's name too.
fn options(database: &str, url: &str) -> Result<(MySqlConnectOptions, String)> {
    let options = parse(database, url)?;
    let Some(name) = options.get_database().map(Into::into) else {
        let reason = "it names no database; write `mysql://user:password@host:3306/database`".into();
        return Err(Kind::InvalidUrl { database: database.into(), reason }.into());
    };
    Ok((options, name))
}

fn parse(database: &str, url: &str) -> Result<MySqlConnectOptions> {
    let misread = |error: sqlx::Error| misread(database, &error, "mysql://user:password@host:3306/database");
    let options: MySqlConnectOptions = url.parse().map_err(misread)?;
    // A script means there what it means to any other client of the server.
    let options = options.pipes_as_concat(false).no_engine_substitution(false).disable_statement_logging();
    let zoned = ["timezone=", "time-zone="].iter().any(|named| url.contains(named));
    Ok(if zoned { options } else { options.timezone(None) })
}

fn number(error: &sqlx::Error) -> Option<u16> {
    error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

fn explain(database: &str, url: &str, options: &MySqlConnectOptions, failure: Failure) -> Error {
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
    let unreachable =
        |reason: &str| Kind::Unreachable { database: database.clone(), url: url.clone(), reason: reason.into() };
    let kind = match (&error, number(&error)) {
        (_, Some(1045 | 1698)) => Kind::AuthenticationFailed { database, url },
        (_, Some(UNKNOWN_DATABASE)) => Kind::NoDatabase {
            database,
            url,
            reason: "the server has no such database; create it, or run `init`".into(),
        },
        (_, Some(1044)) => unreachable("the user may not use this database, or there is none of this name"),
        (_, Some(1053)) => unreachable("the server is shutting down; try again"),
        (_, Some(1040 | 1203)) => unreachable("the server has no connection left; close some"),
        (_, Some(1130)) => unreachable("the server takes no connections from this host"),
        (sqlx::Error::Io(_), _) => {
            unreachable(&format!("no server answers at {place}; start it, or correct host and port in the URL"))
        }
        (sqlx::Error::Tls(_), _) => unreachable("no secure connection; look at `ssl-mode` in the URL"),
        _ => unreachable("the server refused the connection"),
    };
    Error::from(kind).caused_by(match error {
        sqlx::Error::Io(io) => ServerError::other(io.to_string()),
        other => ServerError::from(other),
    })
}
