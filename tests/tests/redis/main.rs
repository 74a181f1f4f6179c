//! What is Redis's and Valkey's own: scripts, leases, keys by the thousand, code that races with others, clusters.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alive;
mod asking;
mod busy;
mod cluster;
mod code;
mod deployment;
mod long;
mod many;
mod reads;
mod ways;

use whimbrel::{DatabaseKind, RustWork};
use whimbrel_tests::{Chain, RedisPlace};

/// Makes a test of each function for each server.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod redis {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { let place = crate::RedisPlace::on("REDIS"); super::$test(&place).await; place.clear().await; })*
        }
        mod valkey {
            $(#[tokio::test(flavor = "multi_thread")] async fn $test() { let place = crate::RedisPlace::on("VALKEY"); super::$test(&place).await; place.clear().await; })*
        }
    };
}
use on_both;

fn chain() -> Chain {
    Chain::new(DatabaseKind::Redis)
}

/// Gives the code of a migration.
fn code(code: for<'a> fn(&'a mut whimbrel::RedisStep) -> whimbrel::BoxFuture<'a, whimbrel::Result<()>>) -> RustWork {
    RustWork::Redis(code)
}

/// Makes keys, many at a time.
async fn fill(place: &RedisPlace, keys: impl Iterator<Item = (String, String)>) {
    let mut pipeline = whimbrel::redis::pipe();
    for (key, value) in keys {
        pipeline.cmd("SET").arg(key).arg(value).ignore();
    }
    let _: () = pipeline.query_async(&mut place.connection().await).await.unwrap();
}

/// Counts the keys of a pattern.
async fn count(place: &RedisPlace, pattern: &str) -> usize {
    let (mut cursor, mut found) = (0_u64, std::collections::BTreeSet::new());
    loop {
        let scan = format!("SCAN {cursor} MATCH {pattern} COUNT 5000");
        let (next, keys): (u64, Vec<String>) = place.run(&scan).await;
        found.extend(keys);
        cursor = next;
        if cursor == 0 {
            return found.len();
        }
    }
}

/// Drops a run after it has been polled so often; false where it was through by then.
async fn dropped(place: &RedisPlace, registry: &'static whimbrel::Registry, polls: usize) -> bool {
    let mut databases = place.open(registry).await.unwrap();
    let migrator = place.migrator(registry);
    let mut run = Box::pin(migrator.apply(&mut databases, &whimbrel::Target::Latest));
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return std::task::Poll::Ready(true);
        }
        left -= 1;
        run.as_mut().poll(context).map(|end| {
            end.unwrap();
            false
        })
    })
    .await
}
