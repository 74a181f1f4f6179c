//! Places on Redis and Valkey: a ledger and keys of a test's own, on a server that all share.

use crate::server_url;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, FromRedisValue, IntoConnectionInfo, aio::MultiplexedConnection,
    cmd,
};
use whimbrel::{Access, Databases, Location, Migrator, Registry, Report, Target, Urls};

/// A place of a test's own.
#[derive(Debug, Clone)]
pub struct RedisPlace {
    url: String,
    name: String,
}

impl RedisPlace {
    /// Makes a place on the server of this name (`REDIS`, `VALKEY`, `REDIS_CLUSTER`).
    ///
    /// # Panics
    /// Where `tests/run` has not started it.
    pub fn on(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let nanos =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        Self::named(server, &format!("t{}_{count}_{nanos}", std::process::id()))
    }

    /// Gives the place of this name.
    pub fn named(server: &str, name: &str) -> Self {
        Self { url: server_url(server), name: name.to_owned() }
    }

    /// Gives the same place in another of the server's databases.
    #[must_use]
    pub fn database(&self, number: u8) -> Self {
        let (server, _) = self.url.rsplit_once('/').expect("the URL names a database");
        Self { url: format!("{server}/{number}"), name: self.name.clone() }
    }

    /// Gives the URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gives the name, which is the ledger's too.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Names a part of the ledger.
    pub fn part(&self, part: &str) -> String {
        format!("{{{}}}:{part}", self.name)
    }

    /// Names a key of the test's own.
    pub fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.name)
    }

    /// Says where the ledger is.
    pub fn ledger(&self) -> Location {
        Location::default().prefix(&self.name)
    }

    /// Gives a migrator of this place.
    pub fn migrator(&self, registry: &'static Registry) -> Migrator {
        Migrator::new(registry).ledger(self.ledger())
    }

    /// Opens it for a registry.
    pub async fn open(&self, registry: &Registry) -> whimbrel::Result<Databases> {
        Databases::connect(registry, &Urls::new().with("main", &self.url), Access::ReadWrite).await
    }

    /// Applies everything, as an application does at start-up.
    pub async fn apply(&self, registry: &'static Registry) -> whimbrel::Result<Report> {
        let mut databases = self.open(registry).await?;
        self.migrator(registry).apply(&mut databases, &Target::Latest).await
    }

    /// Lists what has happened, with the statements' numbers.
    pub async fn events(&self, registry: &'static Registry) -> Vec<String> {
        let mut databases = self.open(registry).await.expect("the place opens");
        let journal = self.migrator(registry).journal(&mut databases).await.expect("the ledger is read");
        let shown = |entry: &whimbrel::Entry| {
            format!("{} {}{}", entry.id, entry.event, entry.statement.map(|n| format!(" {n}")).unwrap_or_default())
        };
        journal.iter().map(shown).collect()
    }

    /// Opens a connection to it; of a cluster to its first node.
    pub async fn connection(&self) -> MultiplexedConnection {
        let client = Client::open(self.url.replace("+cluster", "")).expect("a URL");
        let config = AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        client.get_multiplexed_async_connection_with_config(&config).await.expect("the test server answers")
    }

    /// Sends a command.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> T {
        command.query_async(&mut self.connection().await).await.unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    /// Sends a command of plain words.
    pub async fn run<T: FromRedisValue>(&self, line: &str) -> T {
        self.ask(&command(line)).await
    }

    /// Takes its keys away, for others to have less to go through.
    pub async fn clear(&self) {
        let mut connection = self.connection().await;
        let mut cursor = 0_u64;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("*{}*", self.name)).arg("COUNT").arg(5000);
            let (next, keys): (u64, Vec<String>) = scan.query_async(&mut connection).await.expect("keys");
            if !keys.is_empty() {
                let _: i64 = cmd("UNLINK").arg(keys).query_async(&mut connection).await.expect("unlinked");
            }
            cursor = next;
            if cursor == 0 {
                return;
            }
        }
    }

    /// Begins to listen to what the server is sent.
    pub fn listen(&self) -> Listener {
        let info = self.url.as_str().into_connection_info().expect("a URL");
        let ConnectionAddr::Tcp(host, port) = info.addr() else { panic!("a plain address") };
        let mut stream = TcpStream::connect((host.as_str(), *port)).expect("the test server answers");
        if let Some(password) = info.redis_settings().password() {
            write!(stream, "AUTH {} {password}\r\n", info.redis_settings().username().unwrap_or("default"))
                .expect("sent");
        }
        write!(stream, "MONITOR\r\n").expect("sent");
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        // What is sent from now on is heard once the last of these has been answered.
        let answers = if info.redis_settings().password().is_some() { 2 } else { 1 };
        for _ in 0..answers {
            reader.read_line(&mut line).expect("an answer");
        }
        Listener { reader, place: self.clone() }
    }
}

/// Makes plain words a command.
pub fn command(line: &str) -> Cmd {
    let mut words = line.split(' ');
    let mut command = cmd(words.next().unwrap_or_default());
    command.arg(words.collect::<Vec<_>>());
    command
}

/// Hears what a server is sent about a place.
#[derive(Debug)]
pub struct Listener {
    reader: BufReader<TcpStream>,
    place: RedisPlace,
}

impl Listener {
    /// Gives the commands that were sent so far and name the place, without what scripts did.
    pub async fn heard(mut self) -> Vec<String> {
        let end = format!("end of {}", self.place.name);
        let _: String = self.place.ask(cmd("ECHO").arg(&end)).await;
        let mut heard = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).expect("the server goes on");
            if line.contains(&end) {
                return heard;
            }
            if line.contains(&self.place.name) && !line.contains("lua]") {
                heard.push(line);
            }
        }
    }
}
