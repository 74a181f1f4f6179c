//! Statements about many keys: all of them, once, whatever dies on the way.

use crate::{RedisPlace, chain, count, dropped, fill, on_both};
use whimbrel::redis::cmd;

on_both!(
    keys_are_unlinked_whatever_dies,
    keys_are_renamed_whatever_dies,
    keys_are_copied_with_their_time_to_live,
    what_is_special_in_a_prefix_is_meant_as_it_is,
    a_server_that_was_started_anew_is_gone_through_anew,
);

const KEYS: usize = 10_000;

/// Drops runs here and there, as long as one is dropped, and then lets one come to its end.
async fn with_deaths(place: &RedisPlace, registry: &'static whimbrel::Registry) -> usize {
    let mut deaths = 0;
    for polls in [12, 13, 14, 31, 12, 26, 19] {
        if !dropped(place, registry, polls).await {
            break;
        }
        deaths += 1;
    }
    place.apply(registry).await.unwrap();
    assert_eq!(count(place, &place.part("cursor*")).await, 0, "no cursor is left");
    deaths
}

async fn keys_are_unlinked_whatever_dies(place: &RedisPlace) {
    let (old, other) = (place.key("old"), place.key("older"));
    fill(place, (0..KEYS).map(|n| (format!("{old}:{n}"), n.to_string()))).await;
    fill(place, (0..100).map(|n| (format!("{other}:{n}"), n.to_string()))).await;
    let registry =
        chain().add("0001_a", &[&format!("WHIMBREL.UNLINK {old}:*"), &format!("SET {other}:end 1")]).registry();
    let deaths = with_deaths(place, registry).await;
    assert!(deaths > 2, "{deaths}");
    assert_eq!((count(place, &format!("{old}:*")).await, count(place, &format!("{other}:*")).await), (0, 101));
    assert_eq!(place.events(registry).await, ["0001_a statement 1", "0001_a statement 2", "0001_a applied"]);
}

async fn keys_are_renamed_whatever_dies(place: &RedisPlace) {
    let (old, new) = (place.key("old"), place.key("new"));
    fill(place, (0..KEYS).map(|n| (format!("{old}:{n}"), n.to_string()))).await;
    let registry = chain().add("0001_a", &[&format!("WHIMBREL.RENAME {old}:* TO {new}:*")]).registry();
    let deaths = with_deaths(place, registry).await;
    assert!(deaths > 2, "{deaths}");
    assert_eq!((count(place, &format!("{old}:*")).await, count(place, &format!("{new}:*")).await), (0, KEYS));
    assert_eq!(place.run::<i64>(&format!("GET {new}:4711")).await, 4711);
}

async fn keys_are_copied_with_their_time_to_live(place: &RedisPlace) {
    let (old, new) = (place.key("old"), place.key("new"));
    fill(place, (0..KEYS).map(|n| (format!("{old}:{n}"), n.to_string()))).await;
    let _: i64 = place.run(&format!("EXPIRE {old}:7 5000")).await;
    let _: i64 = place.run(&format!("HSET {old}:h a 1")).await;
    let registry = chain().add("0001_a", &[&format!("WHIMBREL.COPY {old}:* TO {new}:*")]).registry();
    with_deaths(place, registry).await;
    assert_eq!(
        (count(place, &format!("{old}:*")).await, count(place, &format!("{new}:*")).await),
        (KEYS + 1, KEYS + 1)
    );
    assert!(place.run::<i64>(&format!("TTL {new}:7")).await > 4900);
    assert_eq!(place.run::<i64>(&format!("TTL {new}:8")).await, -1);
    assert_eq!(place.run::<i64>(&format!("HGET {new}:h a")).await, 1);
}

async fn what_is_special_in_a_prefix_is_meant_as_it_is(place: &RedisPlace) {
    let (odd, plain) = (place.key("a[bc]?x"), place.key("abzx"));
    fill(place, [&odd, &plain].into_iter().map(|key| (format!("{key}:1"), "1".into()))).await;
    let registry = chain().add("0001_a", &[&format!("WHIMBREL.UNLINK {odd}*")]).registry();
    place.apply(registry).await.unwrap();
    assert_eq!(place.run::<(i64, i64)>(&format!("MGET {plain}:1 {plain}:1")).await, (1, 1));
    assert_eq!(place.run::<i64>(&format!("EXISTS {odd}:1")).await, 0);
    // Not even a prefix of whimbrel's own reaches the ledger.
    let registry = chain()
        .add("0001_a", &[&format!("WHIMBREL.UNLINK {odd}*")])
        .add("0002_b", &[&format!("WHIMBREL.UNLINK {}*", place.part("")), "WHIMBREL.UNLINK nothing:*"])
        .registry();
    place.apply(registry).await.unwrap();
    assert!(place.apply(registry).await.unwrap().is_empty());
}

async fn a_server_that_was_started_anew_is_gone_through_anew(place: &RedisPlace) {
    let old = place.key("old");
    fill(place, (0..3000).map(|n| (format!("{old}:{n}"), n.to_string()))).await;
    let registry = chain().add("0001_a", &[&format!("WHIMBREL.UNLINK {old}:*")]).registry();
    // A cursor of another life of the server, which would pass over nearly everything.
    let kept = format!("0123456789abcdef\n1\n\n{old}:*");
    let cursor = format!("{}:chain/0001_a/main:up:1", place.part("cursor"));
    let _: () = place.ask(cmd("SET").arg(cursor).arg(kept)).await;
    place.apply(registry).await.unwrap();
    assert_eq!(count(place, &format!("{old}:*")).await, 0);
}
