//! Big restructurings: 10,000 nodes, a process that is killed in the middle, and the next one that goes on.

use crate::graph::Graph;
use crate::processes::{place, start};
use std::sync::OnceLock;
use whimbrel::{DatabaseKind, Mark, Neo4jStep, Registry, RustWork};
use whimbrel_tests::Chain;

const NODES: i64 = 10_000;

fn registry(work: RustWork) -> &'static Registry {
    Chain::new(DatabaseKind::Neo4j).add_code("0001_restructure", work).without_transaction().registry()
}

/// Makes the process and the test of a restructuring: what is there before, what must be held so that it can't be finished before it
/// is killed, how much is done, and how much must be done in the end.
macro_rules! killed {
    ($($name:ident: $work:expr, $before:expr, $held:expr, $done:expr, $wanted:expr;)*) => {
        $(
            mod $name {
                use super::*;

                static PLACE: OnceLock<Graph> = OnceLock::new();

                fn work() -> RustWork {
                    RustWork::Neo4j(|step| Box::pin(async { $work(step, PLACE.get().unwrap()).await.map(drop) }))
                }

                #[tokio::test]
                #[ignore = "a process of the test below"]
                async fn process() {
                    let graph = PLACE.get_or_init(place);
                    graph.apply(registry(work())).await.unwrap();
                }

                #[tokio::test]
                async fn is_killed_and_gone_on_with() {
                    let graph = PLACE.get_or_init(Graph::new);
                    let (test, before, held) = (concat!("batches::", stringify!($name), "::process"), $before, $held);
                    goes_on(graph, test, &before, held, $done, $wanted, registry(work())).await;
                }
            }
        )*
    };
}

async fn goes_on(
    shared: &Graph,
    test: &str,
    before: &[&str],
    held: &str,
    done: &str,
    wanted: i64,
    registry: &'static Registry,
) {
    let graph = shared.clone();
    graph.run(before).await;
    // The last one is locked by somebody, so the process can't come to its end.
    let holder = Holder::hold(&graph, held).await;
    let mut process = start(test, &graph);
    let (mut looking, looked) = (graph.connect().await, graph.text(done));
    while looking.fetch(looked, &[]).await.unwrap()[0][0].as_integer() == Some(0) {
        assert!(process.try_wait().unwrap().is_none(), "it ended by itself");
    }
    process.kill().unwrap();
    process.wait().unwrap();
    drop(holder);
    // The server may still be at the dead one's last batch.
    let busy =
        "SHOW TRANSACTIONS YIELD currentQuery AS q WHERE q CONTAINS '@' AND NOT q STARTS WITH 'SHOW' RETURN count(q)";
    while graph.number(busy).await > 0 {}
    let some = graph.number(done).await;
    assert!(some > 0 && some < wanted, "{some} of {wanted}");
    // Its lease runs out, as far as anybody else can tell.
    graph.run(&["MATCH (l:@Lock {name: '@'}) SET l.until = 0"]).await;
    let error = graph.apply(registry).await.unwrap_err();
    assert!(error.is_interrupted(), "{error:?}");
    assert_eq!(graph.number(done).await, some);
    let mut databases = graph.open(registry).await.unwrap();
    let migrator = graph.migrator(registry);
    migrator.repair(&mut databases, "0001_restructure", Mark::RolledBack, "it goes on by itself").await.unwrap();
    graph.apply(registry).await.unwrap();
    assert_eq!(graph.number(done).await, wanted);
}

/// Holds a lock, by a statement that does not end before its connection.
struct Holder(tokio::task::JoinHandle<()>);

impl Holder {
    /// Locks what a statement sets `held` of.
    async fn hold(graph: &Graph, lock: &str) -> Self {
        let text = graph.text(&format!("{lock} SET x.held = true WITH count(x) AS x CALL {{ UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS n }} RETURN n"));
        let mut connection = graph.connect().await;
        let task = tokio::spawn(async move { connection.run(text, &[]).await.unwrap() });
        let holds = "SHOW TRANSACTIONS YIELD currentQuery AS q, activeLockCount AS n WHERE q CONTAINS '@' AND q CONTAINS 'held' AND \
                     NOT q STARTS WITH 'SHOW' RETURN coalesce(sum(n), 0)";
        let (mut looking, holds) = (graph.connect().await, graph.text(holds));
        while looking.fetch(holds, &[]).await.unwrap()[0][0].as_integer() == Some(0) {
            assert!(!task.is_finished());
        }
        Self(task)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn change_type(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    step.change_type(graph.text("@Old"), graph.text("@New"), 200).await
}

async fn add_label(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    step.add_label(graph.text("@User"), graph.text("@Account"), 200).await
}

async fn merge_nodes(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    step.merge_nodes(graph.text("@Topic"), "name", 200).await
}

async fn split_label(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    step.split_label(graph.text("@User"), "n.n % 2 = 0 // the even ones", graph.text("@Even"), 200).await
}

async fn split_off(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    step.split_off(graph.text("@User"), &["street", "my city"], "LIVES_AT", graph.text("@Address"), 200).await
}

async fn scores(step: &mut Neo4jStep, graph: &Graph) -> whimbrel::Result<u64> {
    let scored =
        "MATCH (u:@User) WHERE u.score IS NULL WITH u LIMIT $batch SET u.score = u.n * $factor RETURN count(u)";
    step.in_batches(graph.text(scored), &[("factor", 3.into())], 200).await
}

const USERS: &str = "UNWIND range(1, 10000) AS n CREATE (:@User {n: n, street: 'street ' + n, `my city`: 'x'})";
// Ids that were let go of are given again, so the last one of a scan is not the last one that was made.
const LAST: &str = "MATCH (x:@User) WITH x ORDER BY id(x) DESC LIMIT 1";

killed! {
    type_of_relationships: change_type,
        [USERS, "MATCH (a:@User), (b:@User {n: 1}) CREATE (a)-[:@Old {since: a.n}]->(b)"],
        "MATCH ()-[x:@Old]->() WITH x ORDER BY id(x) DESC LIMIT 1",
        "MATCH (a)-[r:@New]->({n: 1}) WHERE r.since = a.n RETURN count(r)", NODES;
    label: add_label, [USERS], LAST, "MATCH (n:@Account:@User) RETURN count(n)", NODES;
    // Two nodes to a name, and each has a relationship in either direction.
    merged: merge_nodes,
        ["UNWIND range(1, 5000) AS n CREATE (:@Topic {name: n, a: n})",
         "UNWIND range(1, 5000) AS n CREATE (:@Topic:@Other {name: n, b: n})",
         "CREATE INDEX @_topic FOR (t:@Topic) ON (t.name)",
         "MATCH (t:@Topic) CREATE (:@Post {at: t.name})-[:@About {n: t.name}]->(t), (t)-[:@Seen]->(:@Day)"],
        "MATCH (t:@Topic) WITH t.name AS name, min(elementId(t)) AS first, collect(t) AS all ORDER BY first DESC LIMIT 1 UNWIND all AS x",
        "MATCH (t:@Topic:@Other {a: t.name, b: t.name}) WHERE COUNT { (:@Post {at: t.name})-[:@About {n: t.name}]->(t) } = 2 AND COUNT { \
         (t)-[:@Seen]->(:@Day) } = 2 RETURN count(t)", 5000;
    split: split_label, [USERS], LAST, "MATCH (n:@Even) WHERE NOT n:@User AND n.n % 2 = 0 RETURN count(n)", 5000;
    parted: split_off, [USERS], LAST,
        "MATCH (u:@User)-[:LIVES_AT]->(a:@Address {street: 'street ' + u.n, `my city`: 'x'}) WHERE u.street IS NULL RETURN count(a)", NODES;
    filled: scores, [USERS], LAST, "MATCH (u:@User) WHERE u.score = u.n * 3 RETURN count(u)", NODES;
}
