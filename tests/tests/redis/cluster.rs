//! A cluster of three nodes: what is elsewhere than the ledger can't be one with it.

use crate::{RedisPlace, chain, code};
use whimbrel::redis::{Cmd, FromRedisValue, cmd};
use whimbrel::{BoxFuture, Mark, RedisStep, Registry, Result};
use whimbrel_tests::redis::command;

/// Sends a command to whichever node takes it.
async fn send<T: FromRedisValue>(place: &RedisPlace, command: &Cmd) -> T {
    let mut connection = place.connection().await;
    for _ in 0..4 {
        match command.query_async(&mut connection).await {
            Ok(value) => return value,
            Err(error) if error.code() == Some("MOVED") => {
                let (address, _) = error.redirect_node().unwrap();
                let url = match place.url().rsplit_once('@') {
                    Some((user, _)) => format!("{}@{address}", user.replace("+cluster", "")),
                    None => format!("redis://{address}"),
                };
                let client = whimbrel::redis::Client::open(url).unwrap();
                connection = client.get_multiplexed_async_connection().await.unwrap();
            }
            Err(error) => panic!("{command:?}: {error}"),
        }
    }
    panic!("{command:?} is sent from node to node")
}

async fn ask<T: FromRedisValue>(place: &RedisPlace, line: &str) -> T {
    send(place, &command(line)).await
}

fn place() -> RedisPlace {
    RedisPlace::on("REDIS_CLUSTER")
}

fn spread(place: &RedisPlace) -> &'static Registry {
    let line = |n: u8| format!("INCR {}", place.key(&format!("k{n}")));
    chain().add("0001_a", &[&line(1), &line(2), &format!("SET {} 1", place.key("k3")), &line(4), &line(5)]).registry()
}

#[tokio::test]
async fn what_is_on_other_nodes_is_noted_before_and_after() {
    let place = place();
    let registry = spread(&place);
    place.apply(registry).await.unwrap();
    assert!(place.apply(registry).await.unwrap().is_empty());
    for n in 1..=5 {
        assert_eq!(ask::<i64>(&place, &format!("GET {}", place.key(&format!("k{n}")))).await, 1);
    }
    let events = place.events(registry).await;
    assert_eq!(events[..4], ["0001_a started 1", "0001_a statement 1", "0001_a started 2", "0001_a statement 2"]);
    // What does no harm a second time needs no note before.
    assert_eq!(events[4..6], ["0001_a statement 3", "0001_a started 4"]);
}

#[tokio::test]
async fn what_only_a_person_knows_is_asked() {
    let place = place();
    let registry = spread(&place);
    let mut databases = place.open(registry).await.unwrap();
    place.migrator(registry).init(&mut databases).await.unwrap();
    // As a run leaves it that died on the first command.
    let detail = format!("INCR {}", place.key("k1"));
    let mut event = cmd("XADD");
    event.arg(place.part("events")).arg("*");
    let fields =
        ["registry", "chain", "id", "0001_a", "database", "main", "run", "dead", "event", "started", "direction", "up"];
    event.arg(&fields).arg(&["statement", "1", "statements", "5", "actor", "ada", "detail", &detail]);
    let _: String = send(&place, &event).await;
    let error = place.apply(registry).await.unwrap_err();
    assert!(error.is_interrupted(), "{error:?}");
    assert_eq!(place.migrator(registry).questions(&mut databases).await.unwrap().len(), 1);
    place.migrator(registry).repair(&mut databases, "0001_a", Mark::RolledBack, "k1 is not there").await.unwrap();
    place.apply(registry).await.unwrap();
    assert_eq!(ask::<i64>(&place, &format!("GET {}", place.key("k1"))).await, 1);
}

#[tokio::test]
async fn keys_change_their_nodes_with_their_time_to_live() {
    let place = place();
    let (old, new) = (place.key("old"), place.key("new"));
    let lines: Vec<String> = (0..300).map(|n| format!("SET {old}:{n} {n} EX 5000")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let chain = || chain().add("0001_a", &lines);
    place.apply(chain().registry()).await.unwrap();
    let rename = format!("WHIMBREL.RENAME {old}:* TO {new}:*");
    let copy = format!("WHIMBREL.COPY {new}:* TO {}:*", place.key("copy"));
    let unlink = format!("WHIMBREL.UNLINK {}:*", place.key("copy"));
    place.apply(chain().add("0002_b", &[&rename, &copy]).registry()).await.unwrap();
    for n in [0, 17, 299] {
        assert_eq!(ask::<Option<i64>>(&place, &format!("GET {old}:{n}")).await, None);
        assert_eq!(ask::<i64>(&place, &format!("GET {new}:{n}")).await, n);
        assert!(ask::<i64>(&place, &format!("TTL {}:{n}", place.key("copy"))).await > 4900);
    }
    place.apply(chain().add("0002_b", &[&rename, &copy]).add("0003_c", &[&unlink]).registry()).await.unwrap();
    for n in 0..300 {
        assert_eq!(ask::<Option<i64>>(&place, &format!("GET {}:{n}", place.key("copy"))).await, None);
        assert_eq!(ask::<i64>(&place, &format!("GET {new}:{n}")).await, n);
    }
}

fn reshapes<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(cmd("SET").arg("cluster:one").arg(1));
        step.reshape_hash("cluster:totals", |mut totals| {
            let hits = totals.remove("hits").unwrap_or_default();
            totals.insert("all".into(), hits);
            Ok(totals)
        })
        .await?;
        step.reshape("cluster:text", |old| Ok(old.map(|old| old + "!"))).await
    })
}

#[tokio::test]
async fn code_reshapes_what_is_on_other_nodes() {
    let place = place();
    for line in ["DEL cluster:totals", "HSET cluster:totals hits 7 other x"] {
        let _: i64 = ask(&place, line).await;
    }
    let _: String = ask(&place, "SET cluster:text a").await;
    let registry = chain().add_code("0001_a", code(reshapes)).registry();
    place.apply(registry).await.unwrap();
    let totals: Vec<Option<String>> = ask(&place, "HMGET cluster:totals hits all other").await;
    assert_eq!(totals, [None, Some("7".into()), Some("x".into())]);
    assert_eq!(ask::<String>(&place, "GET cluster:text").await, "a!");
    assert_eq!(place.events(registry).await, ["0001_a started 1", "0001_a statement 1", "0001_a applied"]);
}

fn scans<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        while let Some(keys) = step.scan("cluster:scan:*").await? {
            for key in keys {
                step.write(cmd("SET").arg(&key).arg("seen"));
            }
        }
        Ok(())
    })
}

#[tokio::test]
async fn code_goes_through_the_keys_of_all_nodes() {
    let place = place();
    for n in 0..100 {
        let _: String = ask(&place, &format!("SET cluster:scan:{n} new")).await;
    }
    let registry = chain().add_code("0001_a", code(scans)).registry();
    place.apply(registry).await.unwrap();
    for n in 0..100 {
        assert_eq!(ask::<String>(&place, &format!("GET cluster:scan:{n}")).await, "seen");
    }
}

/// Gives the lease to somebody else, as it is when a run was stopped for too long.
fn overtakes(lock: &str) -> String {
    format!("HSET {lock} run other")
}

#[tokio::test]
async fn who_was_overtaken_writes_nothing_elsewhere() {
    let place = place();
    let (lock, after) = (place.part("lock"), place.key("after"));
    let set = format!("SET {after} 1");
    // While a question was answered, and while a command was done.
    let asked = chain().add("0001_a", &[&set]).require(&format!("{} new 1", overtakes(&lock))).registry();
    let done = chain().add("0001_a", &["PING", &overtakes(&lock), &set]).registry();
    for registry in [asked, done] {
        let error = place.apply(registry).await.unwrap_err();
        assert!(format!("{error:?}").contains("the lease ran out or was taken over"), "{error:?}");
        assert_eq!(ask::<i64>(&place, &format!("EXISTS {after}")).await, 0);
        let _: i64 = ask(&place, &format!("DEL {lock}")).await;
    }
}

#[tokio::test]
async fn who_was_overtaken_writes_no_schema_version() {
    let place = place();
    let minor = std::process::id();
    let registry = chain().add("0001_a", &[&overtakes(&place.part("lock"))]).schema(77, minor.into(), 7).registry();
    let error = place.apply(registry).await.unwrap_err();
    assert!(format!("{error:?}").contains("the lease ran out or was taken over"), "{error:?}");
    let version: Option<String> = ask(&place, "HGET app:metadata schema_version").await;
    assert_ne!(version.as_deref(), Some(&*format!("77.{minor}.7")));
}

fn is_overtaken<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let lock: String = step.ask(&command("GET cluster:overtaken:lock")).await?;
        for n in 0..250 {
            step.write(cmd("SET").arg(format!("cluster:overtaken:{n}")).arg(1));
            if n == 50 {
                step.write(&command(&overtakes(&lock)));
            }
        }
        Ok(())
    })
}

#[tokio::test]
async fn code_that_was_overtaken_is_stopped_within_a_hundred_writes() {
    let place = place();
    for n in 0..250 {
        let _: i64 = ask(&place, &format!("DEL cluster:overtaken:{n}")).await;
    }
    let _: String = ask(&place, &format!("SET cluster:overtaken:lock {}", place.part("lock"))).await;
    let error = place.apply(chain().add_code("0001_a", code(is_overtaken)).registry()).await.unwrap_err();
    assert!(format!("{error:?}").contains("the lease ran out or was taken over"), "{error:?}");
    let mut found = 0;
    for n in 0..250 {
        found += ask::<usize>(&place, &format!("EXISTS cluster:overtaken:{n}")).await;
    }
    assert_eq!(found, 99);
}
