//! The lease of a run, and the fence that only its holder passes.

use crate::graph::Graph;
use std::sync::OnceLock;
use std::time::Duration;
use whimbrel::{DatabaseKind, Error, Kind, Neo4jStep, Readiness, RustWork, Target};
use whimbrel_tests::Chain;

fn chain(graph: &Graph) -> Chain {
    Chain::new(DatabaseKind::Neo4j).add("0001_things", &[graph.text("CREATE (:@Thing {name: 'one'})")])
}

async fn lease(graph: &Graph, run: &str, until: &str) {
    graph
        .run(&[
            &format!(
                "MERGE (l:@Lock {{name: '@'}}) SET l.run = '{run}', l.until = {until}, l.pid = 4711, l.host = 'far', l.user = 'ada', \
                 l.application = 'whimbrel', l.since = '2026', l.state = 'active', l.query = 'up 0007_long'"
            ),
            &format!("MERGE (f:@Lock {{name: '@ fence'}}) SET f.run = '{run}'"),
        ])
        .await;
}

#[tokio::test]
async fn whoever_holds_it_is_named_and_waited_for() {
    let graph = Graph::new();
    let registry = chain(&graph).registry();
    lease(&graph, "other", "timestamp() + 3600000").await;
    let mut databases = graph.open(registry).await.unwrap();
    let migrator = graph.migrator(registry).lock_wait(Duration::from_millis(300));
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    let Kind::Locked { holder: Some(holder), .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!((holder.pid, holder.user.as_str(), holder.address.as_deref()), (4711, "ada", Some("far")));
    assert_eq!(holder.query.as_deref(), Some("up 0007_long"));
    let readiness = migrator.check(&mut databases).await.unwrap();
    assert!(matches!(readiness, Readiness::InProgress { .. }), "{readiness}");
    assert_eq!(graph.number("MATCH (n:@Thing) RETURN count(n)").await, 0);
}

#[tokio::test]
async fn one_that_ran_out_is_taken_over() {
    let graph = Graph::new();
    lease(&graph, "dead", "timestamp() - 1").await;
    graph.apply(chain(&graph).registry()).await.unwrap();
    let left = "MATCH (l:@Lock {name: '@'}) RETURN l.run + toString(l.until)";
    assert_eq!(graph.texts(left).await, ["0"]);
}

static OPEN: OnceLock<Graph> = OnceLock::new();

/// The lease runs out by the server's clock while a transaction is open, and somebody else tries to take it.
async fn somebody_comes(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    let graph = OPEN.get().unwrap();
    neo4j.run(graph.text("CREATE (:@Thing {name: 'code'})"), &[]).await?;
    graph.run(&["MATCH (l:@Lock {name: '@'}) SET l.until = 0"]).await;
    let registry = chain(graph).add("0002_code", &[]).registry();
    let mut databases = graph.open(registry).await?;
    let migrator = graph.migrator(registry).lock_wait(Duration::from_secs(1));
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    if error.is_locked() { Ok(()) } else { Err(Error::new("it was let in").caused_by(error)) }
}

#[tokio::test]
async fn an_open_transaction_is_waited_for_even_where_its_lease_ran_out() {
    let graph = OPEN.get_or_init(Graph::new);
    let code = RustWork::Neo4j(|step| Box::pin(somebody_comes(step)));
    graph.apply(chain(graph).add_code("0002_code", code).registry()).await.unwrap();
    assert_eq!(graph.texts("MATCH (n:@Thing) RETURN n.name ORDER BY n.name").await, ["code", "one"]);
}

static TAKEN: OnceLock<Graph> = OnceLock::new();

async fn is_robbed(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    let graph = TAKEN.get().unwrap();
    neo4j
        .in_batches(
            graph.text("MATCH (t:@Thing) WHERE NOT t:@Old WITH t LIMIT $batch SET t:@Old RETURN count(t)"),
            &[],
            1,
        )
        .await?;
    lease(graph, "thief", "timestamp() + 3600000").await;
    neo4j
        .in_batches(
            graph.text("MATCH (t:@Thing) WHERE NOT t:@Odd WITH t LIMIT $batch SET t:@Odd RETURN count(t)"),
            &[],
            1,
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn whoever_lost_it_changes_nothing_more() {
    let graph = TAKEN.get_or_init(Graph::new);
    let code = RustWork::Neo4j(|step| Box::pin(is_robbed(step)));
    let registry = chain(graph).add_code("0002_code", code).without_transaction().registry();
    let error = graph.apply(registry).await.unwrap_err();
    assert!(format!("{error:?}").contains("somebody else has taken it over"), "{error:?}");
    assert_eq!(graph.number("MATCH (n:@Old) RETURN count(n)").await, 1);
    assert_eq!(graph.number("MATCH (n:@Odd) RETURN count(n)").await, 0);
    assert_eq!(graph.events().await, ["0001_things applied", "0002_code started 1"]);
    assert_eq!(graph.texts("MATCH (l:@Lock {name: '@'}) RETURN l.run").await, ["thief"]);
}

#[tokio::test]
async fn a_transaction_whose_lease_is_anothers_is_refused() {
    let graph = Graph::new();
    let registry = chain(&graph).add("0002_more", &[graph.text("CREATE (:@Thing {name: 'two'})")]).registry();
    let mut databases = graph.open(registry).await.unwrap();
    let (migrator, mut events) = graph.migrator(registry).events();
    // The lease is given to somebody else in the middle of the first migration's transaction: what it has locked is let go of at its end.
    let run = tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await });
    while let Some(event) = events.next().await {
        if matches!(event, whimbrel::Event::StepStarted { .. }) {
            break;
        }
    }
    lease(&graph, "thief", "timestamp() + 3600000").await;
    let end = run.await.unwrap();
    let things = graph.number("MATCH (n:@Thing) RETURN count(n)").await;
    let rows = graph.number("MATCH (h:@History {registry: 'chain'}) RETURN count(h)").await;
    assert_eq!(things, rows, "{end:?}");
    assert!(rows == 2 || format!("{end:?}").contains("somebody else has taken it over"), "{rows} {end:?}");
}

#[tokio::test]
async fn a_name_that_somebody_else_has_given_is_told() {
    let graph = Graph::new();
    graph.run(&["CREATE INDEX @_lock_name FOR (h:@Half) ON (h.x)"]).await;
    let error = graph.apply(chain(&graph).registry()).await.unwrap_err();
    assert!(format!("{error:?}").contains("_lock_name"), "{error:?}");
    assert_eq!(graph.number("MATCH (n:@Thing) RETURN count(n)").await, 0);
}
