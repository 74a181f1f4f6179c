//! Reaching a server, and what is said of a URL that names none.

use crate::error::{Error, Kind};
use sqlx::ConnectOptions;
use std::time::Duration;

/// As long as a server that is there may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Says why there is no connection.
pub(super) enum Failure {
    Refused(sqlx::Error),
    Silent,
}

pub(super) async fn reach<O>(options: &O) -> Result<O::Connection, Failure>
where
    O: ConnectOptions + Sync,
    O::Connection: Sized,
{
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(Failure::Refused(error)),
        Err(_) => Err(Failure::Silent),
    }
}

/// States that a URL can't be read. The parser's message may quote a part of it, so only what is known to be harmless is passed on.
pub(super) fn misread(database: &str, error: &sqlx::Error, example: &str) -> Error {
    let said = error.to_string();
    let known = ["invalid port number", "empty host", "invalid international domain name", "unknown value"];
    let why = known.iter().find(|words| said.contains(**words)).map(|words| format!("{words}; ")).unwrap_or_default();
    let reason = format!("{why}write `{example}`, special characters as %XX");
    Kind::InvalidUrl { database: database.into(), reason }.into()
}
