//! Redis and Valkey: a hash counts how often a thing was made.

use crate::store::Store;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, aio::MultiplexedConnection, cmd};
use whimbrel::{DatabaseKind, Location};

/// A ledger and a hash of a test's own, on a server that all share.
pub(crate) struct Redis {
    url: String,
    place: String,
    client: Client,
}

impl Redis {
    /// Makes a place on the server of this name.
    pub(crate) fn on(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let url = whimbrel_tests::server::server_url(name);
        let place = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let client = Client::open(url.as_str()).unwrap();
        Redis { url, place, client }
    }

    fn key(&self, part: &str) -> String {
        format!("{{{}}}:{part}", self.place)
    }

    fn made(&self) -> String {
        format!("things:{}", self.place)
    }

    async fn connection(&self) -> MultiplexedConnection {
        let config = AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        self.client.get_multiplexed_async_connection_with_config(&config).await.unwrap()
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> T {
        command.query_async(&mut self.connection().await).await.unwrap()
    }
}

/// Quotes as redis-cli does.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Store for Redis {
    fn kind(&self) -> DatabaseKind {
        DatabaseKind::Redis
    }
    fn url(&self) -> &str {
        &self.url
    }
    fn ledger(&self) -> Location {
        Location::default().prefix(&self.place)
    }
    fn rolls_back(&self) -> bool {
        false
    }
    fn make(&self, name: &str) -> String {
        format!("HINCRBY {} {} 1", self.made(), quoted(name))
    }
    fn unmake(&self, name: &str) -> String {
        format!("HINCRBY {} {} -1", self.made(), quoted(name))
    }
    fn refused(&self) -> String {
        format!("LPUSH {} a", self.made())
    }
    fn has(&self, name: &str) -> String {
        format!("HGET {} {} = 1", self.made(), quoted(name))
    }
    async fn things(&self) -> Vec<String> {
        let made: BTreeMap<String, usize> = self.ask(cmd("HGETALL").arg(self.made())).await;
        made.into_iter().flat_map(|(name, times)| std::iter::repeat_n(name, times)).collect()
    }
    async fn remove_row(&self, id: &str) {
        let removed: i64 = self.ask(cmd("HDEL").arg(self.key("history")).arg(format!("chain/{id}/main"))).await;
        assert_eq!(removed, 1);
    }
    async fn change_row(&self, id: &str) {
        let field = format!("chain/{id}/main");
        let row: String = self.ask(cmd("HGET").arg(self.key("history")).arg(&field)).await;
        let (before, after) = row.split_once("\"checksum\":\"").unwrap();
        let changed = format!("{before}\"checksum\":\"0{}", &after[1..]);
        let changed = if changed == row { changed.replace("\"checksum\":\"0", "\"checksum\":\"1") } else { changed };
        let _: i64 = self.ask(cmd("HSET").arg(self.key("history")).arg(&field).arg(changed)).await;
    }
    async fn has_ledger(&self) -> bool {
        let found: i64 = self.ask(cmd("EXISTS").arg(&["history", "events", "lock"].map(|part| self.key(part)))).await;
        found > 0
    }
    async fn remove(&self, part: &str) {
        let removed: i64 = self.ask(cmd("DEL").arg(self.key(part))).await;
        assert_eq!(removed, 1);
    }
    async fn take_over(&self) {
        let _: i64 = self.ask(cmd("DEL").arg(self.key("lock"))).await;
        let _: i64 =
            self.ask(cmd("HSET").arg(self.key("lock")).arg("run").arg("somebody else").arg("pid").arg(1)).await;
        let _: i64 = self.ask(cmd("PEXPIRE").arg(self.key("lock")).arg(60_000)).await;
    }
}
