//! Redis and Valkey: a hash counts how often a thing was made.

use crate::store::Store;
use std::collections::BTreeMap;
use whimbrel::redis::cmd;
use whimbrel::{DatabaseKind, Location};
use whimbrel_tests::RedisPlace;

/// A ledger and a hash of a test's own.
pub(crate) struct Redis(RedisPlace);

impl Redis {
    /// Makes a place on the server of this name.
    pub(crate) fn on(name: &str) -> Self {
        Redis(RedisPlace::on(name))
    }

    fn made(&self) -> String {
        self.0.key("things")
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
        self.0.url()
    }
    fn ledger(&self) -> Location {
        self.0.ledger()
    }
    fn rolls_back(&self) -> bool {
        false
    }
    fn clear(&self, name: &str) -> String {
        format!("HDEL {} {}", self.made(), quoted(name))
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
        let made: BTreeMap<String, usize> = self.0.ask(cmd("HGETALL").arg(self.made())).await;
        made.into_iter().flat_map(|(name, times)| std::iter::repeat_n(name, times)).collect()
    }
    async fn remove_row(&self, id: &str) {
        let removed: i64 = self.0.ask(cmd("HDEL").arg(self.0.part("history")).arg(format!("chain/{id}/main"))).await;
        assert_eq!(removed, 1);
    }
    async fn change_row(&self, id: &str) {
        let field = format!("chain/{id}/main");
        let row: String = self.0.ask(cmd("HGET").arg(self.0.part("history")).arg(&field)).await;
        let (before, after) = row.split_once("\"checksum\":\"").unwrap();
        let changed = format!("{before}\"checksum\":\"0{}", &after[1..]);
        let changed = if changed == row { changed.replace("\"checksum\":\"0", "\"checksum\":\"1") } else { changed };
        let _: i64 = self.0.ask(cmd("HSET").arg(self.0.part("history")).arg(&field).arg(changed)).await;
    }
    async fn has_ledger(&self) -> bool {
        let found: i64 =
            self.0.ask(cmd("EXISTS").arg(&["history", "events", "lock"].map(|part| self.0.part(part)))).await;
        found > 0
    }
    async fn remove(&self, part: &str) {
        let removed: i64 = self.0.ask(cmd("DEL").arg(self.0.part(part))).await;
        assert_eq!(removed, 1);
    }
    async fn take_over(&self) {
        let _: i64 = self.0.ask(cmd("DEL").arg(self.0.part("lock"))).await;
        let _: i64 =
            self.0.ask(cmd("HSET").arg(self.0.part("lock")).arg("run").arg("somebody else").arg("pid").arg(1)).await;
        let _: i64 = self.0.ask(cmd("PEXPIRE").arg(self.0.part("lock")).arg(60_000)).await;
    }
}
