//! The cache of a real deployment: feature flags, namespaces, totals that get another shape.

use crate::{RedisPlace, chain, code, on_both};
use whimbrel::redis::cmd;
use whimbrel::{BoxFuture, RedisStep, Result, RustWork, Target};

on_both!(a_cache_is_prepared_and_taken_back);

fn up<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let mut features = cmd("HSET");
        features.arg("config:features").arg("new_feature_enabled").arg("true").arg("cache_ttl_extended").arg("3600");
        step.write(&features);
        step.write(cmd("SADD").arg("app:namespaces").arg("cache:extended"));
        step.reshape_hash("metrics:totals", |old| {
            let number = |name: &str| old.get(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
            let (hits, misses) = (number("hits"), number("misses"));
            Ok([("requests".to_owned(), (hits + misses).to_string()), ("hits".to_owned(), hits.to_string())].into())
        })
        .await
    })
}

fn down<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(cmd("HDEL").arg("config:features").arg("new_feature_enabled").arg("cache_ttl_extended"));
        step.write(cmd("SREM").arg("app:namespaces").arg("cache:extended"));
        step.reshape_hash("metrics:totals", |old| {
            let number = |name: &str| old.get(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
            let (requests, hits) = (number("requests"), number("hits"));
            Ok([("hits".to_owned(), hits.to_string()), ("misses".to_owned(), (requests - hits).to_string())].into())
        })
        .await
    })
}

async fn a_cache_is_prepared_and_taken_back(place: &RedisPlace) {
    let place = &place.database(8);
    let _: i64 = place.run("DEL config:features app:namespaces metrics:totals").await;
    let _: i64 = place.run("HSET metrics:totals hits 40 misses 2").await;
    let registry = chain()
        .add("0001_base", &["SADD app:namespaces cache:basic", "HSET config:features dark_mode false"])
        .schema(1, 1, 0)
        .add_code("0002_update_redis_config", code(up))
        .edit(|m| m.down = Some(whimbrel::Work::Rust(RustWork::Redis(down))))
        .schema(1, 2, 0)
        .registry();
    place.apply(registry).await.unwrap();
    let features: Vec<String> =
        place.run("HMGET config:features new_feature_enabled cache_ttl_extended dark_mode").await;
    assert_eq!(features, ["true", "3600", "false"]);
    assert_eq!(place.run::<i64>("SISMEMBER app:namespaces cache:extended").await, 1);
    let totals: Vec<Option<i64>> = place.run("HMGET metrics:totals requests hits misses").await;
    assert_eq!(totals, [Some(42), Some(40), None]);
    assert_eq!(place.run::<String>("HGET app:metadata schema_version").await, "1.2.0");
    let mut databases = place.open(registry).await.unwrap();
    place.migrator(registry).rollback(&mut databases, &Target::Count(1)).await.unwrap();
    let totals: Vec<Option<i64>> = place.run("HMGET metrics:totals requests hits misses").await;
    assert_eq!(totals, [None, Some(40), Some(2)]);
    assert_eq!(place.run::<Vec<String>>("SMEMBERS app:namespaces").await, ["cache:basic"]);
    assert_eq!(place.run::<String>("HGET app:metadata schema_version").await, "1.1.0");
}
