//! Migrations in Rust.

use crate::{RedisPlace, chain, code, count, dropped, fill, on_both};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use whimbrel::redis::cmd;
use whimbrel::{BoxFuture, RedisStep, Result, RustCheck};
use whimbrel_tests::redis::command;

on_both!(
    what_code_writes_is_done_with_its_notes,
    code_that_fails_writes_nothing,
    a_write_that_is_refused_is_named,
    reads_see_what_was_there_before,
    a_reshape_gives_way_and_begins_anew,
    nothing_of_a_busy_writers_is_lost,
    a_check_asks_and_writes_nothing,
    keys_are_gone_through_in_batches_whatever_dies,
);

async fn fresh(place: &RedisPlace, keys: &[&str]) {
    let mut delete = cmd("DEL");
    delete.arg(keys);
    let _: i64 = place.ask(&delete).await;
}

fn two<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("INCR code:two"));
        step.write(&command("HSET code:two:h a 1"));
        Ok(())
    })
}

async fn what_code_writes_is_done_with_its_notes(place: &RedisPlace) {
    fresh(place, &["code:two", "code:two:h"]).await;
    let registry = chain().add_code("0001_two", code(two)).registry();
    let listener = place.listen();
    place.apply(registry).await.unwrap();
    let own = listener.heard().await.into_iter().filter(|line| line.contains("code:two:h")).count();
    assert_eq!(own, 1);
    assert_eq!(place.run::<i64>("GET code:two").await, 1);
    assert_eq!(place.events(registry).await, ["0001_two started 1", "0001_two statement 1", "0001_two applied"]);
    assert!(place.apply(registry).await.unwrap().is_empty());
}

fn fails<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("INCR code:fails"));
        let missing: Option<String> = step.get("code:missing").await?;
        missing.map(drop).ok_or_else(|| whimbrel::Error::new("there is nothing to move"))
    })
}

async fn code_that_fails_writes_nothing(place: &RedisPlace) {
    fresh(place, &["code:fails"]).await;
    let registry = chain().add_code("0001_fails", code(fails)).registry();
    let error = place.apply(registry).await.unwrap_err();
    assert!(error.is_code_failed() && format!("{error:?}").contains("there is nothing to move"), "{error:?}");
    assert_eq!(place.run::<i64>("EXISTS code:fails").await, 0);
    assert_eq!(place.events(registry).await, ["0001_fails failed"]);
}

fn refused<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("SET code:refused 1"));
        step.write(&command("LPUSH code:refused a"));
        Ok(())
    })
}

async fn a_write_that_is_refused_is_named(place: &RedisPlace) {
    fresh(place, &["code:refused"]).await;
    let registry = chain().add_code("0001_refused", code(refused)).registry();
    let text = format!("{:?}", place.apply(registry).await.unwrap_err());
    assert!(text.contains("`LPUSH code:refused a` was refused") && text.contains("(WRONGTYPE)"), "{text}");
    let registry = chain().add_code("0001_refused", code(two)).registry();
    assert_eq!(place.events(registry).await, ["0001_refused started 1", "0001_refused failed"]);
}

fn reads<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("SET code:reads new"));
        let seen: String = step.get("code:reads").await?;
        let written: Result<i64> = step.ask(&command("INCR code:reads:n")).await;
        let told = written.err().map(|error| error.to_string()).unwrap_or_default();
        step.write(cmd("SET").arg("code:reads:seen").arg(format!("{seen}; {told}")));
        step.reshape("code:reads:s", |old| Ok(old.map(|old| old.to_uppercase()))).await?;
        let twice = step.reshape("code:reads:s", Ok).await;
        assert!(twice.unwrap_err().to_string().contains("a second time"));
        Ok(())
    })
}

async fn reads_see_what_was_there_before(place: &RedisPlace) {
    fresh(place, &["code:reads:n"]).await;
    let _: () = place.run("SET code:reads old").await;
    let _: () = place.run("SET code:reads:s text EX 1000").await;
    place.apply(chain().add_code("0001_reads", code(reads)).registry()).await.unwrap();
    let (now, seen): (String, String) = place.run("MGET code:reads code:reads:seen").await;
    assert_eq!(now, "new");
    assert!(seen.starts_with("old; `INCR code:reads:n` may write"), "{seen}");
    assert_eq!(place.run::<String>("GET code:reads:s").await, "TEXT");
    assert!(place.run::<i64>("TTL code:reads:s").await > 900);
    assert_eq!(place.run::<i64>("EXISTS code:reads:n").await, 0);
}

fn reshapes<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("INCR code:race:done"));
        step.reshape_hash("code:race", |mut totals| {
            let hits = totals.remove("hits").unwrap_or_default();
            totals.insert("all_hits".into(), hits);
            Ok(totals)
        })
        .await?;
        // The first three times somebody else is faster.
        let calls: i64 = step.ask(&command("GET code:race:calls")).await?;
        let url: String = step.ask(&command("GET code:race:url")).await?;
        let client = whimbrel::redis::Client::open(url)?;
        let mut other = client.get_multiplexed_async_connection().await?;
        let _: i64 = command("INCR code:race:calls").query_async(&mut other).await?;
        if calls < 3 {
            let _: i64 = command("HINCRBY code:race hits 1").query_async(&mut other).await?;
        }
        Ok(())
    })
}

async fn a_reshape_gives_way_and_begins_anew(place: &RedisPlace) {
    fresh(place, &["code:race", "code:race:done"]).await;
    let _: i64 = place.run("HSET code:race hits 40 other x").await;
    let _: () = place.run("SET code:race:calls 0").await;
    let _: () = place.run(&format!("SET code:race:url {}", place.url())).await;
    let registry = chain().add_code("0001_race", code(reshapes)).registry();
    place.apply(registry).await.unwrap();
    let race: (i64, Option<i64>, String) = place.run("HMGET code:race all_hits hits other").await;
    assert_eq!(race, (43, None, "x".into()));
    assert_eq!(place.run::<(i64, i64)>("MGET code:race:done code:race:calls").await, (1, 4));
    assert_eq!(place.events(registry).await, ["0001_race started 1", "0001_race statement 1", "0001_race applied"]);
}

fn moves<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.reshape_hash("code:busy", |mut totals| {
            let hits = totals.remove("hits").unwrap_or_default();
            totals.insert("all_hits".into(), hits);
            Ok(totals)
        })
        .await
    })
}

async fn nothing_of_a_busy_writers_is_lost(place: &RedisPlace) {
    fresh(place, &["code:busy"]).await;
    let _: i64 = place.run("HSET code:busy hits 0").await;
    let over = Arc::new(AtomicBool::new(false));
    let (writing, told) = (place.clone(), over.clone());
    let writer = tokio::spawn(async move {
        let mut connection = writing.connection().await;
        let mut count = 0_i64;
        while !told.load(Ordering::Relaxed) {
            let _: i64 = command("HINCRBY code:busy hits 1").query_async(&mut connection).await.unwrap();
            count += 1;
            for _ in 0..20 {
                let _: String = command("PING").query_async(&mut connection).await.unwrap();
            }
        }
        count
    });
    while place.run::<i64>("HGET code:busy hits").await == 0 {}
    place.apply(chain().add_code("0001_moves", code(moves)).registry()).await.unwrap();
    over.store(true, Ordering::Relaxed);
    let written = writer.await.unwrap();
    let (moved, since): (i64, Option<i64>) = place.run("HMGET code:busy all_hits hits").await;
    assert!(moved > 0);
    assert_eq!(moved + since.unwrap_or(0), written);
}

fn asks<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move { Ok(step.get::<Option<i64>>("code:asks").await? == Some(1)) })
}

fn writes<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move {
        step.write(&command("SET code:asks 7"));
        Ok(true)
    })
}

async fn a_check_asks_and_writes_nothing(place: &RedisPlace) {
    fresh(place, &["code:asks"]).await;
    let registry = |check: RustCheck| chain().add("0001_asks", &["SET code:asks 1"]).verify_code(check).registry();
    let error = place.apply(registry(RustCheck::Redis(writes))).await.unwrap_err();
    assert!(
        format!("{error:?}").contains("a check only asks, and this one was to write `SET code:asks 7`"),
        "{error:?}"
    );
    place.apply(registry(RustCheck::Redis(asks))).await.unwrap();
    assert_eq!(place.run::<i64>("GET code:asks").await, 1);
}

fn scans<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(&command("INCR code:scan:done"));
        while let Some(keys) = step.scan("code:old:*").await? {
            for key in keys {
                let value: Option<String> = step.ask(cmd("GET").arg(&key)).await?;
                let Some(value) = value else { continue };
                step.write(cmd("SET").arg(key.replace("code:old:", "code:new:")).arg(value + "!"));
                step.write(cmd("DEL").arg(&key));
            }
        }
        step.write(&command("INCR code:scan:done"));
        Ok(())
    })
}

async fn keys_are_gone_through_in_batches_whatever_dies(place: &RedisPlace) {
    const KEYS: usize = 2000;
    fresh(place, &["code:scan:done"]).await;
    fill(place, (0..KEYS).map(|n| (format!("code:old:{n}"), n.to_string()))).await;
    let _: i64 = place.ask(cmd("DEL").arg((0..KEYS).map(|n| format!("code:new:{n}")).collect::<Vec<_>>())).await;
    let registry = chain().add_code("0001_scan", code(scans)).registry();
    for polls in [700, 1100, 400, 900, 300] {
        if !dropped(place, registry, polls).await {
            break;
        }
    }
    place.apply(registry).await.unwrap();
    assert_eq!((count(place, "code:old:*").await, count(place, "code:new:*").await), (0, KEYS));
    assert_eq!(place.run::<(String, String)>("MGET code:new:7 code:new:1999").await, ("7!".into(), "1999!".into()));
    assert_eq!(place.run::<i64>("GET code:scan:done").await, 2);
    assert_eq!(count(place, &place.part("cursor*")).await, 0);
    let _: i64 = place.ask(cmd("UNLINK").arg((0..KEYS).map(|n| format!("code:new:{n}")).collect::<Vec<_>>())).await;
}
