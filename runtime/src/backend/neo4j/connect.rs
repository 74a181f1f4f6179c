//! Opening a connection to Neo4j, and the words when that can't be done.

use super::bolt::Connection;
use crate::databases::redact;
use crate::error::{Error, Kind, Result, ServerError, ServerErrorClass as Class};
use percent_encoding::percent_decode_str;
use std::time::Duration;
use url::Url;

/// As long as a server that is there may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
const EXAMPLE: &str = "neo4j://user:password@host:7687/neo4j";

/// Says where a server is, and who asks it for what.
#[derive(Clone)]
pub(crate) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    /// None leaves it to the server.
    pub(super) database: Option<String>,
    pub(super) secure: bool,
    /// Whichever server of a cluster it is, the one that writes is asked for.
    pub(super) routed: bool,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("user", &self.user).field("place", &self.place()).finish_non_exhaustive()
    }
}

impl Address {
    /// Reads a URL.
    pub(super) fn read(database: &str, url: &str) -> Result<Self> {
        let wrong = |why: &str| {
            let reason = format!("{why}; write `{EXAMPLE}`, special characters as %XX");
            Error::from(Kind::InvalidUrl { database: database.into(), reason })
        };
        // The parser's message quotes nothing of the URL.
        let url = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
        let (routed, secure) = match url.scheme() {
            "bolt" => (false, false),
            "bolt+s" => (false, true),
            "neo4j" => (true, false),
            "neo4j+s" => (true, true),
            "bolt+ssc" | "neo4j+ssc" => {
                return Err(wrong("a certificate that nobody has signed is not taken; use `+s` with one that is"));
            }
            _ => return Err(wrong("unknown scheme")),
        };
        if secure && !cfg!(feature = "tls") {
            return Err(wrong("whimbrel was built without its feature `tls`, which `+s` needs"));
        }
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(std::borrow::Cow::into_owned).map_err(|_| wrong("something in it is not UTF-8"))
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
        let path = decoded(url.path().trim_matches('/'))?;
        if path.contains('/') || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("behind the host stands the database's name and nothing more"));
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(7687),
            user: decoded(url.username())?,
            password: decoded(url.password().unwrap_or_default())?,
            database: Some(path).filter(|path| !path.is_empty()),
            secure,
            routed,
        })
    }

    pub(super) fn place(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// Gives the address of another server of the cluster, from `host:port`.
    fn moved(&self, place: &str) -> Option<Self> {
        let (host, port) = place.rsplit_once(':')?;
        Some(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: port.parse().ok()?,
            routed: false,
            ..self.clone()
        })
    }

    /// Opens a connection, to the server that writes where that was asked for; gives its address too.
    pub(super) async fn connect(&self) -> Result<(Connection, Address), ServerError> {
        let mut connection = Connection::open(self).await?;
        if !self.routed {
            return Ok((connection, self.clone()));
        }
        let writers = connection.writers(self).await?;
        if writers.is_empty() {
            return Err(ServerError {
                class: Class::ReadOnly,
                ..ServerError::other("the cluster has no leader now; try again")
            });
        }
        if writers.contains(&self.place()) {
            return Ok((connection, self.clone()));
        }
        let mut last = ServerError::other("the server's list of those that write can't be read");
        for writer in writers.iter().filter_map(|place| self.moved(place)) {
            match Connection::open(&writer).await {
                Ok(connection) => return Ok((connection, writer)),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// Opens a connection for a URL.
pub(super) async fn reach(database: &str, url: &str) -> Result<(Connection, Address)> {
    let address = Address::read(database, url)?;
    match tokio::time::timeout(PATIENCE, reached(&address)).await {
        Ok(Ok(reached)) => Ok(reached),
        Ok(Err(error)) => Err(explain(database, url, &address, error)),
        Err(_) => {
            let place = address.place();
            let reason = format!("{place} did not answer for {} s; check host, port and firewall", PATIENCE.as_secs());
            Err(Kind::Unreachable { database: database.into(), url: redact(url), reason }.into())
        }
    }
}

/// Opens it, and asks something, for whether the database is there is said only then.
async fn reached(address: &Address) -> Result<(Connection, Address), ServerError> {
    let (mut connection, address) = address.connect().await?;
    let ask = super::bolt::Request::Run {
        text: "RETURN 1".into(),
        parameters: super::step::none(),
        rows: false,
        limits: Some(super::bolt::Limits::default()),
    };
    match connection.send(&[ask]).await.1 {
        Some(refused) => Err(refused.error),
        None => Ok((connection, address)),
    }
}

fn explain(database: &str, url: &str, address: &Address, error: ServerError) -> Error {
    let (database, url) = (database.to_owned(), redact(url));
    let place = address.place();
    let code = error.code().unwrap_or_default();
    let kind = match error.class() {
        _ if code == "Neo.ClientError.Security.Unauthorized" || code.contains("AuthenticationRateLimit") => {
            Kind::AuthenticationFailed { database, url }
        }
        _ if code == "Neo.ClientError.Database.DatabaseNotFound" => Kind::NoDatabase {
            database,
            url,
            reason: "the server has no such database; create it with `CREATE DATABASE` (Enterprise), or name `neo4j`"
                .into(),
        },
        Class::ConnectionLost => {
            let reason =
                format!("no Neo4j answers at {place}; start it, or correct host and port (Bolt's, 7687) in the URL");
            Kind::Unreachable { database, url, reason }
        }
        _ => Kind::Unreachable { database, url, reason: "the server refused the connection".into() },
    };
    Error::from(kind).caused_by(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Address;

    #[test]
    fn a_url_is_taken_apart() {
        let address = Address::read("graph", "neo4j://ann:p%40ss%2F@db.example/movies").unwrap();
        assert_eq!((address.user.as_str(), address.password.as_str()), ("ann", "p@ss/"));
        assert_eq!((address.place().as_str(), address.database.as_deref()), ("db.example:7687", Some("movies")));
        assert!(address.routed && !address.secure);
        let address = Address::read("graph", "bolt://ann@[::1]:99").unwrap();
        assert_eq!((address.place().as_str(), address.database, address.routed), ("[::1]:99", None, false));
        assert_eq!(address.host, "::1");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        let urls = [
            "neo4j+ssc://a:s3cret@db",
            "bolt://a:s3cret@db/one/two",
            "bolt://a:s3cret@db/neo4j?x=s3cret",
            "bolt://a:s3cret@db:99999",
            "bolt://a:s3cret@",
            "bolt://a:s3cret%ff@db",
            "http://a:s3cret@db",
        ];
        for url in urls {
            let error = format!("{:?}", Address::read("graph", url).unwrap_err());
            assert!(error.contains("graph") && !error.contains("s3cret"), "{error}");
        }
        let address = Address::read("graph", "bolt://a:s3cret@db").unwrap();
        assert!(!format!("{address:?}").contains("s3cret"));
    }
}
