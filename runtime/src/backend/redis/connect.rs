//! Opening a connection, and the words when that can't be done.

use super::Redis;
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerError};
use redis::{AsyncConnectionConfig, Client, ErrorKind, IntoConnectionInfo, RedisError};
use std::time::Duration;

/// As long as a server that is there may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
const EXAMPLE: &str = "redis://user:password@host:6379/0";

/// Opens a connection. For reading it is the same: nothing that only looks sends a command that writes.
pub(crate) async fn connect(database: &str, url: &str, _: Access) -> Result<Redis> {
    let info = url.into_connection_info().map_err(|error| misread(database, &error))?;
    let place = info.addr().to_string();
    let client = Client::open(info).map_err(|error| misread(database, &error))?;
    // How long a command takes is the server's to say: one that was given up on may be done all the same.
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    match tokio::time::timeout(PATIENCE, client.get_multiplexed_async_connection_with_config(&config)).await {
        Ok(Ok(connection)) => Ok(Redis::given(connection)),
        Ok(Err(error)) => Err(explain(database, url, &place, error)),
        Err(_) => {
            let reason = format!("{place} did not answer for {} s; check host, port and firewall", PATIENCE.as_secs());
            Err(Kind::Unreachable { database: database.into(), url: redact(url), reason }.into())
        }
    }
}

/// States that a URL can't be read. What the driver says of it may quote a part, so only what is known to be harmless is passed on.
fn misread(database: &str, error: &RedisError) -> Error {
    let said = error.to_string();
    let why = if said.contains("TLS") {
        "whimbrel was built without its feature `tls`; "
    } else if said.to_lowercase().contains("database number") {
        "the path has to be the number of a database; "
    } else {
        ""
    };
    let reason = format!("{why}write `{EXAMPLE}`, with TLS `rediss://…`, special characters as %XX");
    Kind::InvalidUrl { database: database.into(), reason }.into()
}

fn explain(database: &str, url: &str, place: &str, error: RedisError) -> Error {
    let (database, url) = (database.to_owned(), redact(url));
    let said = error.to_string();
    let unreachable = |reason: String| Kind::Unreachable { database: database.clone(), url: url.clone(), reason };
    let kind = match error.kind() {
        ErrorKind::AuthenticationFailed => Kind::AuthenticationFailed { database, url },
        _ if said.contains("NOAUTH") || said.contains("WRONGPASS") => Kind::AuthenticationFailed { database, url },
        _ if said.contains("DB index") => unreachable("the server has no database of this number".into()),
        _ if said.contains("max number of clients") => {
            unreachable("the server has no connection left; close some".into())
        }
        _ if error.is_io_error() => {
            unreachable(format!("no server answers at {place}; start it, or correct host and port in the URL"))
        }
        _ => unreachable("the server refused the connection".into()),
    };
    Error::from(kind).caused_by(ServerError::from(error))
}
