//! An assistant's graph as its product grows: users with preferences, conversations with scores, participation instead of ownership.

use crate::graph::Graph;
use std::sync::OnceLock;
use whimbrel::{DatabaseKind, Neo4jStep, RustWork, Target};
use whimbrel_tests::Chain;

static GRAPH: OnceLock<Graph> = OnceLock::new();

/// HAS_CONVERSATION becomes PARTICIPATED_IN with a role, and since when.
async fn participation(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    let graph = GRAPH.get().unwrap();
    let change = "MATCH (u:@User)-[old:HAS_CONVERSATION]->(c:@Conversation) WITH u, old, c LIMIT $batch MERGE \
                  (u)-[new:PARTICIPATED_IN]->(c) SET new.role = $role, new.started_at = c.started_at DELETE old RETURN count(*)";
    neo4j.in_batches(graph.text(change), &[("role", "initiator".into())], 100).await.map(drop)
}

async fn ownership(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    let graph = GRAPH.get().unwrap();
    let change = "MATCH (u:@User)-[new:PARTICIPATED_IN {role: 'initiator'}]->(c:@Conversation) WITH u, new, c LIMIT $batch MERGE \
                  (u)-[:HAS_CONVERSATION]->(c) DELETE new RETURN count(*)";
    neo4j.in_batches(graph.text(change), &[], 100).await.map(drop)
}

#[tokio::test]
async fn users_conversations_and_participation() {
    let graph = GRAPH.get_or_init(Graph::new);
    let text = |cypher: &str| graph.text(cypher);
    let chain = Chain::new(DatabaseKind::Neo4j)
        .add(
            "0001_initial",
            &[
                text("CREATE CONSTRAINT @_user_id IF NOT EXISTS FOR (u:@User) REQUIRE u.id IS UNIQUE"),
                text("CREATE CONSTRAINT @_conversation_id IF NOT EXISTS FOR (c:@Conversation) REQUIRE c.id IS UNIQUE"),
            ],
        )
        .down(&[text("DROP CONSTRAINT @_conversation_id IF EXISTS"), text("DROP CONSTRAINT @_user_id IF EXISTS")])
        .schema(1, 0, 0)
        .add(
            "0002_user_profile",
            &[text(
                "MATCH (u:@User) SET u.last_login = coalesce(u.last_login, datetime('2026-01-01T00:00:00Z')), u.preferences = \
                 coalesce(u.preferences, '{\"theme\": \"light\", \"language\": \"en\"}'), u.activity_score = 0.0",
            )],
        )
        .down(&[text("MATCH (u:@User) REMOVE u.last_login, u.preferences, u.activity_score")])
        .verify(text("RETURN NOT EXISTS { MATCH (u:@User) WHERE u.activity_score IS NULL OR u.preferences IS NULL }"))
        .schema(1, 1, 0)
        .add(
            "0003_conversation_scores",
            &[
                text("MATCH (c:@Conversation) SET c.sentiment = 'neutral', c.complexity_score = 0.5"),
                text("CREATE INDEX @_sentiment IF NOT EXISTS FOR (c:@Conversation) ON (c.sentiment)"),
            ],
        )
        .down(&[
            text("DROP INDEX @_sentiment IF EXISTS"),
            text("MATCH (c:@Conversation) REMOVE c.sentiment, c.complexity_score"),
        ])
        .schema(1, 2, 0)
        .add_code("0004_participation", RustWork::Neo4j(|step| Box::pin(participation(step))))
        .without_transaction()
        .edit(|m| m.down = Some(whimbrel::Work::Rust(RustWork::Neo4j(|step| Box::pin(ownership(step))))))
        .verify(text("RETURN NOT EXISTS { MATCH (:@User)-[:HAS_CONVERSATION]->() }"))
        .schema(2, 0, 0);
    let registry = chain.registry();
    let mut databases = graph.open(registry).await.unwrap();
    let migrator = graph.migrator(registry);
    migrator.apply(&mut databases, &Target::Id("0001_initial".into())).await.unwrap();
    graph
        .run(&[
            "UNWIND range(1, 300) AS n CREATE (u:@User {id: n}) CREATE (c:@Conversation {id: n, started_at: datetime()}) CREATE \
             (u)-[:HAS_CONVERSATION]->(c)",
            "MATCH (u:@User {id: 1}) SET u.preferences = '{\"theme\": \"dark\"}'",
        ])
        .await;
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let dark = "MATCH (u:@User) WHERE u.preferences CONTAINS 'dark' RETURN count(u)";
    assert_eq!(graph.number(dark).await, 1);
    let whole = "MATCH (:@User {activity_score: 0.0})-[p:PARTICIPATED_IN {role: 'initiator'}]->(c:@Conversation {sentiment: 'neutral', \
                 complexity_score: 0.5}) WHERE p.started_at = c.started_at RETURN count(p)";
    assert_eq!(graph.number(whole).await, 300);
    assert!(graph.apply(registry).await.unwrap().is_empty());
    migrator.rollback(&mut databases, &Target::Id("0001_initial".into())).await.unwrap();
    let before = "MATCH (u:@User)-[:HAS_CONVERSATION]->(c) WHERE u.activity_score IS NULL AND c.sentiment IS NULL RETURN count(c)";
    assert_eq!(graph.number(before).await, 300);
    assert_eq!(graph.texts("MATCH (v:SchemaVersion {ledger: '@'}) RETURN v.version").await, ["1.0.0"]);
}
