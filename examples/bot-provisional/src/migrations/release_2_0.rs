//! What no release reads any more goes, and two shapes change.

use whimbrel::prelude::*;

/// Totals are counted by day: one field becomes two, in one step that a writer in between makes start again.
#[migration(on = cache, schema = "2.0.0", after(m0004_update_redis_config), irreversible = "the day of older totals is not known")]
pub mod m0010_reshape_metrics {
    use super::*;
    use std::collections::BTreeMap;

    pub async fn up(redis: &mut RedisStep) -> whimbrel::Result<()> {
        let by_day = |(name, count): (String, String)| (format!("all:{name}"), count);
        redis.reshape_hash("metrics:totals", |totals| Ok(totals.into_iter().map(by_day).collect())).await
    }

    pub async fn verify(redis: &mut RedisStep) -> whimbrel::Result<bool> {
        let totals: BTreeMap<String, String> = redis.hash("metrics:totals").await?;
        Ok(totals.keys().all(|name| name.starts_with("all:")))
    }
}

/// Who took part in a conversation, and as what: a relationship of another type, in batches.
#[migration(on = graph, schema = "2.0.0", transaction = false, after(m0005_add_node_properties))]
pub mod m0011_participated_in {
    use super::*;

    pub async fn up(graph: &mut Neo4jStep) -> whimbrel::Result<()> {
        graph
            .in_batches(
                "MATCH (u:User)-[old:HAS_CONVERSATION]->(c:Conversation) WITH u, old, c LIMIT $batch
                 MERGE (u)-[new:PARTICIPATED_IN]->(c)
                 SET new.role = 'owner', new.started_at = coalesce(c.created_at, datetime())
                 DELETE old RETURN count(*)",
                &[],
                1_000,
            )
            .await
            .map(drop)
    }

    pub async fn down(graph: &mut Neo4jStep) -> whimbrel::Result<()> {
        graph
            .in_batches(
                "MATCH (u:User)-[new:PARTICIPATED_IN {role: 'owner'}]->(c:Conversation) WITH u, new, c LIMIT $batch
                 MERGE (u)-[:HAS_CONVERSATION]->(c) DELETE new RETURN count(*)",
                &[],
                1_000,
            )
            .await
            .map(drop)
    }
}

/// The rounded score takes the old one's name.
#[migration(
    schema = "2.0.0",
    phase = contract,
    after(m0009_copy_quality_score),
    allow(column-dropped, reason = "release 1.2 writes both, and no later one reads the old score"),
    allow(column-renamed, reason = "release 1.2 reads quality_score_exact where it is there"),
    irreversible = "the digits that were rounded away are gone"
)]
pub mod m0012_drop_old_quality_score {
    pub const REQUIRE: &str = "
        SELECT count(*) = 0 FROM fine_tuning.conversations
        WHERE quality_score IS NOT NULL AND quality_score_exact IS NULL";
    pub const UP: &str = "
        ALTER TABLE fine_tuning.conversations DROP COLUMN quality_score;
        ALTER TABLE fine_tuning.conversations RENAME COLUMN quality_score_exact TO quality_score;";
}
