//! Commands of many words, which Lua has no room for.

use crate::{RedisPlace, chain, code, on_both};
use std::collections::BTreeMap;
use std::fmt::Write;
use whimbrel::redis::cmd;
use whimbrel::{BoxFuture, RedisStep, Result};

on_both!(
    what_code_writes_may_not_be_too_long_either,
    a_hash_of_many_fields_is_reshaped,
    a_command_that_is_too_long_is_named_before_anything_is_done
);

const FIELDS: usize = 10_000;

fn renames<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.reshape_hash("long:fields", |old| {
            Ok(old.into_iter().map(|(field, value)| (field.replace("old", "new"), value)).collect())
        })
        .await
    })
}

async fn a_hash_of_many_fields_is_reshaped(place: &RedisPlace) {
    let fields: Vec<_> = (0..FIELDS).map(|n| (format!("old{n}"), n)).collect();
    let _: i64 = place.ask(cmd("DEL").arg("long:fields")).await;
    let _: i64 = place.ask(cmd("HSET").arg("long:fields").arg(&fields)).await;
    place.apply(chain().add_code("0001_rename", code(renames)).registry()).await.unwrap();
    let found: BTreeMap<String, usize> = place.run("HGETALL long:fields").await;
    assert_eq!(found, (0..FIELDS).map(|n| (format!("new{n}"), n)).collect());
}

/// Names a key, and as many members as are wanted.
fn members(begin: &str, count: usize) -> String {
    (0..count).fold(begin.to_owned(), |mut line, n| {
        let _ = write!(line, " {n}");
        line
    })
}

fn adds<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(cmd("INCR").arg("long:before"));
        step.write(cmd("SADD").arg("long:set").arg((0..FIELDS).collect::<Vec<_>>()));
        Ok(())
    })
}

async fn a_command_that_is_too_long_is_named_before_anything_is_done(place: &RedisPlace) {
    let (before, set) = (place.key("before"), place.key("set"));
    let registry =
        |count| chain().add("0001_a", &[&format!("INCR {before}"), &members(&format!("SADD {set}"), count)]).registry();
    let error = format!("{:?}", place.apply(registry(FIELDS)).await.unwrap_err());
    assert!(error.contains(&format!("`SADD {set} …` has 10002 words")), "{error}");
    assert!(error.contains("no statement before it was done; mend it, and run again"), "{error}");
    assert_eq!(place.run::<i64>(&format!("EXISTS {before} {set}")).await, 0);
    place.apply(registry(6_998)).await.unwrap();
    assert_eq!(place.run::<i64>(&format!("SCARD {set}")).await, 6_998);
    // A script of the author's is called, and may have more.
    let script = members(&format!("EVAL \"return redis.call('SET', KEYS[1], #ARGV)\" 1 {set}"), FIELDS);
    let longer = chain()
        .add("0001_a", &[&format!("INCR {before}"), &members(&format!("SADD {set}"), 6_998)])
        .add("0002_b", &[&script])
        .registry();
    place.apply(longer).await.unwrap();
    assert_eq!(place.run::<usize>(&format!("GET {set}")).await, FIELDS);
}

async fn what_code_writes_may_not_be_too_long_either(place: &RedisPlace) {
    let _: i64 = place.run("DEL long:before long:set").await;
    let error = format!("{:?}", place.apply(chain().add_code("0001_adds", code(adds)).registry()).await.unwrap_err());
    assert!(error.contains("`SADD long:set …` has 10002 words"), "{error}");
    assert_eq!(place.run::<i64>("EXISTS long:before long:set").await, 0);
}
