//! A statement that commits by itself, batch by batch, and is refused in the middle.

use crate::graph::Graph;
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
