//! A database of Redis or Valkey that is used for one point after the other, and what is in it.

use crate::cluster;
use crate::place::PAUSE;
use std::sync::atomic::{AtomicUsize, Ordering};
use whimbrel::redis::aio::MultiplexedConnection;
use whimbrel::redis::{AsyncConnectionConfig, Client, FromRedisValue, cmd};
use whimbrel_tests::server_url;

/// So many databases a server has unless it is told otherwise; the first one is left to others.
const DATABASES: usize = 16;

/// Lists the keys of a database with what they hold: of the ledger no times, of the events which migrations were applied.
const STATE: &str = include_str!("keys.lua");

/// Holds a connection to the database; to a cluster one to each of its nodes.
#[derive(Debug)]
pub(crate) struct Keys {
    url: String,
    database: usize,
    nodes: Vec<MultiplexedConnection>,
}

impl Keys {
    /// Takes the next database of the server of this name that nobody else in this process has.
    pub(crate) async fn new(name: &str) -> Keys {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let url = server_url(name);
        let mut nodes = Vec::new();
        if cluster::is_one(&url) {
            let (credentials, _) = url.split_once('@').expect("the URL has a user");
            for node in cluster::nodes(&url).await {
                nodes.push(connect(&format!("{}@{node}", credentials.replace("+cluster", ""))).await);
            }
            return Keys { url, database: 0, nodes };
        }
        let database = NEXT.fetch_add(1, Ordering::SeqCst);
        assert!(database < DATABASES, "the server has no database {database}");
        let (server, _) = url.rsplit_once('/').expect("the URL names a database");
        let url = format!("{server}/{database}");
        nodes.push(connect(&url).await);
        Keys { url, database, nodes }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Lists what is there.
    pub(crate) async fn state(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for node in &mut self.nodes {
            lines.extend(ask::<Vec<String>>(node, &["EVAL", STATE, "0"]).await);
        }
        lines.sort();
        lines
    }

    /// Lets a lease run out; the other nodes of a cluster have none.
    pub(crate) async fn age(&mut self) {
        let delete = ["EVAL", "redis.pcall('DEL', ARGV[1]) return 0", "0", "{whimbrel}:lock"];
        for node in &mut self.nodes {
            ask::<i64>(node, &delete).await;
        }
    }

    /// Waits until nobody else is at it, and takes everything away.
    pub(crate) async fn clear(&mut self) {
        let database = format!(" db={} ", self.database);
        for node in &mut self.nodes {
            loop {
                let clients: String = ask(node, &["CLIENT", "LIST", "TYPE", "NORMAL"]).await;
                // This one is there.
                if clients.lines().filter(|client| client.contains(&database)).count() == 1 {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        for node in &mut self.nodes {
            ask::<String>(node, &["FLUSHDB"]).await;
        }
    }
}

async fn connect(url: &str) -> MultiplexedConnection {
    let config = AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
    let client = Client::open(url).expect("a URL");
    client.get_multiplexed_async_connection_with_config(&config).await.expect("the test server answers")
}

async fn ask<T: FromRedisValue>(node: &mut MultiplexedConnection, words: &[&str]) -> T {
    let answer = cmd(words[0]).arg(&words[1..]).query_async(node).await;
    answer.unwrap_or_else(|error| panic!("{words:?}: {error}"))
}
