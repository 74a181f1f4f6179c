//! Opening a connection, and the words when that can't be done.

use super::answer::Answer;
use super::cluster::Cluster;
use super::link::Link;
use super::{PAUSE, Redis};
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerError, ServerErrorClass as Class};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisError};
use std::time::{Duration, Instant};

/// As long as a server that is there may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Is said by Redis and Valkey; the driver leaves out the code where it chooses a database.
const BUSY: &str = "is busy running a script";
const EXAMPLE: &str = "redis://user:password@host:6379/0";

/// Opens a connection. For reading it is the same: nothing that only looks sends a command that writes.
pub(crate) async fn connect(database: &str, url: &str, _: Access) -> Result<Redis> {
    let (plain, is_cluster) = plain(url);
    let info = plain.as_str().into_connection_info().map_err(|error| misread(database, &error))?;
    if is_cluster && info.redis_settings().db() != 0 {
        let reason =
            format!("a cluster has the database 0 alone; write `{}`", EXAMPLE.replace("redis:", "redis+cluster:"));
        return Err(Kind::InvalidUrl { database: database.into(), reason }.into());
    }
    let place = info.addr().to_string();
    let client = Client::open(info.clone()).map_err(|error| misread(database, &error))?;
    match patient(&client).await {
        Some(Ok(connection)) if is_cluster => match cluster(info, connection).await {
            Ok(cluster) => Ok(Redis::new(Link::Cluster(cluster))),
            Err(answer) => {
                let reason = "it is no cluster, or one whose nodes can't all be reached from here".into();
                let kind = Kind::Unreachable { database: database.into(), url: redact(url), reason };
                Err(Error::from(kind).caused_by(answer))
            }
        },
        Some(Ok(connection)) => Ok(Redis::given(connection)),
        Some(Err(error)) => Err(explain(database, url, &place, error)),
        None => {
            let reason = format!("{place} did not answer for {} s; check host, port and firewall", PATIENCE.as_secs());
            Err(Kind::Unreachable { database: database.into(), url: redact(url), reason }.into())
        }
    }
}

/// Waits for a connection as long as may be. A server that is busy with somebody's script takes none to another database than 0.
pub(super) async fn patient(client: &Client) -> Option<std::result::Result<MultiplexedConnection, RedisError>> {
    // How long a command takes is the server's to say: one that was given up on may be done all the same.
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let begun = Instant::now();
    loop {
        let opened = async { greet(client.get_multiplexed_async_connection_with_config(&config).await?).await };
        match tokio::time::timeout(PATIENCE, opened).await.ok() {
            Some(Err(error)) if error.to_string().contains(BUSY) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// Sends a first command: whoever has not said who they are hears of it only then. What a user may do is no matter here.
async fn greet(mut connection: MultiplexedConnection) -> std::result::Result<MultiplexedConnection, RedisError> {
    match redis::cmd("PING").query_async::<()>(&mut connection).await {
        Err(error) if error.to_string().contains("NOAUTH") => Err(error),
        _ => Ok(connection),
    }
}

/// Asks for the nodes of a cluster, as long as the first one is busy with somebody's script.
async fn cluster(info: ConnectionInfo, first: MultiplexedConnection) -> Answer<Cluster> {
    let begun = Instant::now();
    loop {
        match Cluster::of(info.clone(), first.clone()).await {
            Err(answer) if answer.is(Class::Locked) && begun.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            cluster => return cluster,
        }
    }
}

/// Takes what says that it is a cluster out of a URL: the scheme `redis+cluster`, or `cluster=true`.
fn plain(url: &str) -> (String, bool) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.into(), false) };
    let (scheme, by_scheme) = scheme.strip_suffix("+cluster").map_or((scheme, false), |scheme| (scheme, true));
    let Some((place, query)) = rest.rsplit_once('?') else { return (format!("{scheme}://{rest}"), by_scheme) };
    let (own, others): (Vec<_>, Vec<_>) =
        query.split('&').partition(|part| matches!(*part, "cluster=true" | "cluster=false"));
    let query = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    (format!("{scheme}://{place}{query}"), by_scheme || own.contains(&"cluster=true"))
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

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_url_says_that_it_is_a_clusters() {
        let read = |url| plain(url);
        assert_eq!(read("redis://h:1/0"), ("redis://h:1/0".into(), false));
        assert_eq!(read("redis+cluster://u:p@h"), ("redis://u:p@h".into(), true));
        assert_eq!(read("rediss+cluster://h?protocol=resp3"), ("rediss://h?protocol=resp3".into(), true));
        assert_eq!(read("redis://h?cluster=true"), ("redis://h".into(), true));
        assert_eq!(read("redis://h?a=b&cluster=true"), ("redis://h?a=b".into(), true));
        assert_eq!(read("redis://u:p?cluster=true@h"), ("redis://u:p?cluster=true@h".into(), false));
    }
}
