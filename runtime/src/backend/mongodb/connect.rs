//! Opening a connection to MongoDB, and the words when that can't be done.

use super::Mongodb;
use super::answer::{answer, number};
use super::capabilities::has_transactions;
use crate::databases::{Access, redact};
use crate::error::{Error, Kind, Result, ServerErrorClass as Class};
use mongodb::bson::{Document, doc};
use mongodb::error::ErrorKind;
use mongodb::event::EventHandler;
use mongodb::event::sdam::SdamEvent;
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// As long as a server that is there may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The wire protocol's version of MongoDB 6.0.
const OLDEST: i64 = 17;
const EXAMPLE: &str = "mongodb://user:password@host:27017/database";

/// Opens a connection; the server says what it can do. For reading it is the same: nothing that only looks writes, and a database is
/// there as soon as something is in it.
pub(crate) async fn connect(database: &str, url: &str, _: Access) -> Result<Mongodb> {
    let invalid = |reason: String| Error::from(Kind::InvalidUrl { database: database.into(), reason });
    // The driver's message may quote a part of the URL, so it is not passed on.
    let misread = |_| invalid(format!("write `{EXAMPLE}`, special characters as %XX"));
    let mut options = ClientOptions::parse(url).await.map_err(misread)?;
    let Some(name) = options.default_database.clone() else {
        return Err(invalid(format!("it names no database; write `{EXAMPLE}`")));
    };
    options.app_name.get_or_insert_with(|| "whimbrel".into());
    options.server_selection_timeout.get_or_insert(PATIENCE);
    let place = options.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    // The driver would ask again and again, in case the server is about to start.
    let refused = Arc::new(Notify::new());
    if options.hosts.len() == 1 {
        let notify = refused.clone();
        options.sdam_event_handler = Some(EventHandler::callback(move |event| {
            if let SdamEvent::ServerHeartbeatFailed(event) = event
                && let ErrorKind::Io(error) = &*event.failure.kind
                && error.kind() == io::ErrorKind::ConnectionRefused
            {
                notify.notify_one();
            }
        }));
    }
    let (owned, shown) = (database.to_owned(), redact(url));
    let unreachable =
        |reason: String| Error::from(Kind::Unreachable { database: owned.clone(), url: shown.clone(), reason });
    let client = Client::with_options(options).map_err(misread)?;
    let asked = client.database(&name);
    let hello = asked.run_command(doc! { "hello": 1 });
    let hello = tokio::select! {
        hello = tokio::time::timeout(PATIENCE, hello) => hello,
        () = refused.notified() => {
            let reason = format!("no server answers at {place}; start it, or correct host and port in the URL");
            return Err(unreachable(reason));
        }
    };
    let error = match hello {
        Ok(Ok(hello)) => return opened(asked, &hello).map_err(unreachable),
        Ok(Err(error)) => error,
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            let reason = format!("{place} did not answer for {seconds} s; check host, port and firewall");
            return Err(unreachable(reason));
        }
    };
    let answer = answer(&error);
    let error = match (&*error.kind, answer.class()) {
        (_, Class::PermissionDenied) => {
            Kind::AuthenticationFailed { database: owned.clone(), url: shown.clone() }.into()
        }
        (ErrorKind::ServerSelection { .. }, _) => {
            let seconds = PATIENCE.as_secs();
            unreachable(format!("no server that can be used was found at {place} for {seconds} s"))
        }
        _ => unreachable("the server refused the connection".into()),
    };
    Err(error.caused_by(answer))
}

/// Takes a database that an application has opened.
pub(crate) async fn given(name: &str, database: Database) -> Result<Mongodb> {
    let hello = database.run_command(doc! { "hello": 1 }).await;
    let hello = hello.map_err(|error| Error::server_refused(name, "asking what it can do", answer(&error)))?;
    let url = format!("database `{}`", database.name());
    opened(database, &hello).map_err(|reason| Kind::Unreachable { database: name.into(), url, reason }.into())
}

fn opened(database: Database, hello: &Document) -> std::result::Result<Mongodb, String> {
    match number(hello.get("maxWireVersion")) {
        Some(version) if version >= OLDEST => Ok(Mongodb::new(database, has_transactions(hello))),
        version => {
            let version = version.unwrap_or_default();
            Err(format!("it is older than MongoDB 6.0: its protocol has version {version}, and {OLDEST} is needed"))
        }
    }
}
