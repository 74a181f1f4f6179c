//! What is there half: batches that committed before one that was refused, and the index of a constraint that is not made yet.

use crate::graph::Graph;
use tokio::task::JoinHandle;
use whimbrel::DatabaseKind;
use whimbrel_tests::Chain;

#[tokio::test]
async fn what_was_refused_half_way_is_asked_about_and_not_sent_again() {
    let graph = Graph::new();
    graph.run(&["UNWIND [1, 1, 1, 1, 0, 1] AS d CREATE (:@Thing {d: d, n: 0})"]).await;
    let text = graph.text("MATCH (t:@Thing) CALL (t) { SET t.n = t.n + 1 / t.d } IN TRANSACTIONS OF 2 ROWS");
    let chain = Chain::new(DatabaseKind::Neo4j).add("0001_count", &[text]).without_transaction();
    let registry = chain.in_doubt().registry();
    let error = graph.apply(registry).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    let counted = graph.number("MATCH (t:@Thing) RETURN sum(t.n)").await;
    assert!(counted > 0, "some batches are committed");
    let asked = graph.apply(registry).await.unwrap_err();
    assert!(asked.is_interrupted(), "{asked:?}");
    assert_eq!(graph.number("MATCH (t:@Thing) RETURN sum(t.n)").await, counted, "nothing was sent again");
}

/// Begins to make a constraint over so much that its index is there for a while before it is.
async fn half(graph: &Graph, constraint: &str, label: &str, property: &str) -> JoinHandle<()> {
    let long = "reduce(text = toString(n), i IN range(1, 10) | text + text)";
    for part in 0..5 {
        let many = format!(
            "UNWIND range({}, {}) AS n CREATE (:{label} {{{property}: left({long}, 3000)}})",
            part * 4000 + 100_000,
            part * 4000 + 103_999
        );
        graph.run(&[&many]).await;
    }
    let name = constraint.split(' ').nth(2).unwrap().to_owned();
    let (mut connection, text) = (graph.connect().await, graph.text(constraint));
    let making = tokio::spawn(async move { connection.run(text, &[]).await.unwrap() });
    let begun = format!("SHOW INDEXES YIELD name, owningConstraint WHERE name = '{name}' RETURN count(*)");
    while graph.number(&begun).await == 0 {
        assert!(!making.is_finished());
    }
    making
}

#[tokio::test]
async fn half_of_the_leases_own_constraint_is_waited_for() {
    let graph = Graph::new();
    let making =
        half(&graph, "CREATE CONSTRAINT @_lock_name FOR (n:@Lock) REQUIRE n.name IS UNIQUE", "@Lock", "name").await;
    let things = graph.text("CREATE (:@Thing)");
    let run = graph.clone();
    let registry = Chain::new(DatabaseKind::Neo4j).add("0001_things", &[things]).registry();
    let run = tokio::spawn(async move { run.apply(registry).await });
    making.abort();
    run.await.unwrap().unwrap();
    assert_eq!(graph.number("MATCH (t:@Thing) RETURN count(t)").await, 1);
}
