//! The whole story on real servers, by the commands that a person types.

mod place;

use place::Place;

const RELEASE_1_2: [&str; 5] = [
    "0001_initial_schema",
    "0002_add_indexes",
    "0003_add_user_preferences",
    "0004_update_redis_config",
    "0005_add_node_properties",
];

#[tokio::test]
async fn three_databases_under_one_history() {
    let place = Place::new().await;

    // Nothing is there, and looking creates nothing.
    assert!(place.run(&["status"]).told("pending"));
    let dry = place.run(&["apply", "--dry-run"]);
    for text in ["CREATE TABLE user_preferences", "HSET config:features new_feature_enabled true", "SET u.last_login"] {
        assert!(dry.told(text), "`{text}` is not in:\n{dry}");
    }
    assert!(place.is_empty().await);

    assert!(place.run(&["apply", "--to", "1.0.0"]).is_well());
    place.people().await;
    assert!(place.run(&["apply"]).is_well());
    assert!(place.run(&["status", "--check"]).is_well());
    assert!(place.run(&["verify"]).is_well());
    assert!(place.run(&["doctor"]).is_well());
    assert!(place.run(&["init"]).is_well(), "it can be repeated");

    assert_eq!(place.sql("SELECT count(*)::text FROM user_preferences").await, "0");
    assert_eq!(
        place
            .sql("SELECT string_agg(quality_score::text, ' ' ORDER BY quality_score) FROM fine_tuning.conversations")
            .await,
        "0.13 0.88"
    );
    assert_eq!(place.redis(&["HGET", "config:features", "cache_ttl_extended"]).await, "7200");
    assert_eq!(place.redis(&["HGET", "app:namespaces", "cache:extended"]).await, "initialized");
    assert_eq!(place.redis(&["HGET", "metrics:totals", "all:messages"]).await, "41");
    assert_eq!(place.redis(&["HEXISTS", "metrics:totals", "messages"]).await, "0");
    let owners = "MATCH (:User {preferences: '{}'})-[p:PARTICIPATED_IN {role: 'owner'}]->(:Conversation {sentiment: 'neutral'}) \
                  WHERE p.started_at IS NOT NULL RETURN toString(count(p))";
    assert_eq!(place.cypher(owners).await, "2");
    assert_eq!(place.cypher("MATCH ()-[h:HAS_CONVERSATION]->() RETURN toString(count(h))").await, "0");

    // Each carries the version that it is at; one query in PostgreSQL shows all that was done.
    assert_eq!(place.sql("SELECT version FROM whimbrel_schema_version WHERE database = 'main' ORDER BY applied_at DESC, version DESC LIMIT 1").await, "2.0.0");
    assert_eq!(place.redis(&["HGET", "app:metadata", "schema_version"]).await, "2.0.0");
    assert_eq!(place.cypher("MATCH (v:SchemaVersion) RETURN v.version").await, "2.0.0");
    let copied = "SELECT string_agg(id || ' ' || database, ', ' ORDER BY id, database) FROM whimbrel_history WHERE database IN ('cache', 'graph')";
    assert_eq!(
        place.sql(copied).await,
        "0001_initial_schema cache, 0001_initial_schema graph, 0004_update_redis_config cache, 0005_add_node_properties graph, \
         0010_reshape_metrics cache, 0011_participated_in graph"
    );

    // One by its id: back and forth.
    assert!(place.run(&["rollback", "--only", "0011_participated_in", "--yes"]).is_well());
    assert_eq!(place.cypher("MATCH ()-[h:HAS_CONVERSATION]->() RETURN toString(count(h))").await, "2");
    assert!(place.run(&["apply", "--only", "0011_participated_in"]).is_well());
    let irreversible = place.run(&["rollback", "--all", "--yes"]);
    assert_eq!(irreversible.code(), 2, "{irreversible}");
    assert!(
        irreversible.told("the digits that were rounded away are gone") || irreversible.told("the day of older totals")
    );
    place.remove().await;
}

#[tokio::test]
async fn what_was_done_elsewhere_stays_when_neo4j_goes_away_halfway() {
    let mut place = Place::new().await;
    place.through_a_wall("0005_add_node_properties").await;
    let halfway = place.run(&["apply", "--to", "0005"]);
    assert_ne!(halfway.code(), 0, "{halfway}");
    assert_eq!(place.redis(&["HGET", "config:features", "cache_ttl_extended"]).await, "7200");
    assert!(halfway.told("graph") && halfway.told("0005_add_node_properties"), "{halfway}");

    place.without_the_wall();
    assert_eq!(place.history().await, RELEASE_1_2[..4]);
    assert!(place.run(&["apply", "--to", "0005"]).is_well());
    assert_eq!(place.history().await, RELEASE_1_2);
    let applied = place.run(&["history", "--json", "--limit", "200"]);
    for id in RELEASE_1_2 {
        let parts = if id == RELEASE_1_2[0] { 3 } else { 1 };
        assert_eq!(applied.entries(id, "applied"), parts, "{id} in {applied}");
    }
    place.remove().await;
}

#[tokio::test]
async fn nothing_is_begun_while_neo4j_is_down_unless_it_is_asked_for() {
    let mut place = Place::new().await;
    place.nowhere();
    let down = place.run(&["apply"]);
    assert_eq!(down.code(), 4, "{down}");
    assert!(down.told("graph") && down.told("--available"), "{down}");
    assert!(place.is_empty().await, "nothing was begun");

    let some = place.run(&["apply", "--available", "--to", "0005"]);
    assert_eq!(some.code(), 6, "{some}");
    assert!(some.told("0005_add_node_properties"), "{some}");
    place.without_the_wall();
    assert!(place.run(&["apply", "--to", "0005"]).is_well());
    assert_eq!(place.history().await, RELEASE_1_2);
    place.remove().await;
}
