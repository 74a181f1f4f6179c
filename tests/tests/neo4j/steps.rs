//! Rust code.

use crate::graph::Graph;
use whimbrel::{DatabaseKind, Error, Neo4jStep, RustCheck, RustWork, Target};
use whimbrel_tests::Chain;

fn chain() -> Chain {
    Chain::new(DatabaseKind::Neo4j)
}

// An author's code knows its labels; here each test has its own, which are found by the ledger that is being written.
async fn place(neo4j: &mut Neo4jStep) -> whimbrel::Result<String> {
    let rows =
        neo4j.fetch("MATCH (p:Place) WHERE p.thread = $thread RETURN p.name", &[("thread", thread().into())]).await?;
    Ok(rows[0][0].as_text().unwrap().to_owned())
}

fn thread() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

async fn placed() -> Graph {
    let graph = Graph::new();
    let forget = format!("MATCH (p:Place {{thread: '{}'}}) DELETE p", thread());
    graph.run(&[&forget, &format!("CREATE (:Place {{thread: '{}', name: '@'}})", thread())]).await;
    graph
}

async fn two_letters(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    let name = place(neo4j).await?;
    let letters = vec!["it's \\u0027", "two"];
    let make = format!("UNWIND $letters AS letter CREATE (:{name}Letter {{text: letter}})");
    neo4j.run(&make, &[("letters", letters.into())]).await
}

async fn there_are_two(neo4j: &mut Neo4jStep) -> whimbrel::Result<bool> {
    let name = place(neo4j).await?;
    let rows = neo4j.fetch(&format!("MATCH (l:{name}Letter) RETURN count(l) = $n"), &[("n", 2.into())]).await?;
    Ok(rows[0][0].as_boolean() == Some(true))
}

async fn fails(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    two_letters(neo4j).await?;
    Err(Error::new("no more paper"))
}

async fn overlooks_an_error(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    two_letters(neo4j).await?;
    let _ = neo4j.run("RETURN 1 / 0", &[]).await;
    Ok(())
}

async fn panics(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    two_letters(neo4j).await?;
    panic!("out of ink");
}

async fn batches_inside(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
    neo4j.in_batches("MATCH (n:Nothing) RETURN count(n)", &[], 10).await.map(drop)
}

#[tokio::test]
async fn code_belongs_to_its_migrations_transaction() {
    let graph = placed().await;
    let registry = chain()
        .add_code("0001_letters", RustWork::Neo4j(|step| Box::pin(two_letters(step))))
        .verify_code(RustCheck::Neo4j(|step| Box::pin(there_are_two(step))))
        .registry();
    let (graph_of_task, letters) = (graph.clone(), "MATCH (l:@Letter) RETURN l.text ORDER BY l.text");
    graph_of_task.apply(registry).await.unwrap();
    assert_eq!(graph.texts(letters).await, ["it's \\u0027", "two"]);
    assert_eq!(graph.events().await, ["0001_letters applied"]);
}

#[tokio::test]
async fn what_failing_code_did_is_rolled_back() {
    let graph = placed().await;
    let works: [(RustWork, &str); 4] = [
        (RustWork::Neo4j(|step| Box::pin(fails(step))), "no more paper"),
        (RustWork::Neo4j(|step| Box::pin(overlooks_an_error(step))), "a statement before it was refused"),
        (RustWork::Neo4j(|step| Box::pin(panics(step))), "out of ink"),
        (RustWork::Neo4j(|step| Box::pin(batches_inside(step))), "transaction = false"),
    ];
    for (work, told) in works {
        let registry = chain().add_code("0001_letters", work).registry();
        let error = graph.apply(registry).await.unwrap_err();
        assert!(error.is_code_failed() && format!("{error:?}").contains(told), "{error:?}");
        assert_eq!(graph.number("MATCH (l:@Letter) RETURN count(l)").await, 0);
        assert_eq!(graph.events().await.last().unwrap(), "0001_letters failed");
    }
    assert_eq!(graph.number("MATCH (h:@History {id: '0001_letters'}) RETURN count(h)").await, 0);
}

#[tokio::test]
async fn a_check_is_true_or_it_does_not_hold() {
    let graph = Graph::new();
    let make = graph.text("CREATE (:@Thing)");
    for (check, answer) in [
        ("MATCH (t:@Thing) RETURN count(t) = 2", "`false`"),
        ("RETURN null", "NULL"),
        ("MATCH (t:@Nothing) RETURN t", "no row"),
        ("UNWIND [true, true] AS x RETURN x", "2 rows"),
    ] {
        let registry = chain().add("0001_things", &[make]).verify(graph.text(check)).registry();
        let error = graph.apply(registry).await.unwrap_err();
        assert!(error.is_check_failed() && format!("{error:?}").contains(answer), "{error:?}");
        assert_eq!(graph.number("MATCH (t:@Thing) RETURN count(t)").await, 0);
    }
    let registry =
        chain().add("0001_things", &[make]).verify(graph.text("MATCH (t:@Thing) RETURN count(t) = 1")).registry();
    graph.apply(registry).await.unwrap();
}

#[tokio::test]
async fn a_lock_is_waited_for_and_the_migration_tried_again() {
    let graph = Graph::new();
    graph.run(&["CREATE (:@Thing {n: 1}), (:@Thing {n: 2})"]).await;
    // Two migrations of two ledgers that lock the same two nodes in opposite order: one of them is chosen and tried again.
    let other = Graph::new();
    let order = |first: u8, second: u8| {
        let lock = |n: u8| graph.text(&format!("MATCH (t:@Thing {{n: {n}}}) SET t.at = coalesce(t.at, 0) + 1"));
        let spend = "UNWIND range(1, 300000) AS n WITH count(n) AS n RETURN n";
        chain().add("0001_lock", &[lock(first), spend, lock(second)]).registry()
    };
    let (one, two) = (order(1, 2), order(2, 1));
    let (first, second) = tokio::join!(graph.apply(one), other.apply(two));
    first.unwrap();
    second.unwrap();
    assert_eq!(graph.number("MATCH (t:@Thing) RETURN sum(t.at)").await, 4);
}

#[tokio::test]
async fn a_transaction_that_takes_too_long_is_ended() {
    let graph = Graph::new();
    let long = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)";
    let limit = Some(std::time::Duration::from_secs(2));
    for stepwise in [false, true] {
        let chain = chain().add("0001_long", &[graph.text("CREATE (:@Thing)"), long]).edit(|m| {
            m.statement_timeout = limit;
            m.transactional = !stepwise;
        });
        let error = graph.apply(chain.registry()).await.unwrap_err();
        let code = error.server().unwrap().code().unwrap_or_default().to_owned();
        assert!(code.contains("TransactionTimedOut"), "{error:?}");
        assert_eq!(graph.number("MATCH (t:@Thing) RETURN count(t)").await, i64::from(stepwise));
    }
}

#[tokio::test]
async fn a_connection_is_lent_and_handed_over() {
    let graph = Graph::new();
    let registry = chain().add("0001_things", &[graph.text("CREATE (:@Thing)")]).registry();
    let mut databases = whimbrel::Databases::empty().with_neo4j("main", graph.connect().await);
    graph.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    let lent = databases.neo4j("main").unwrap();
    let rows = lent.fetch(graph.text("MATCH (t:@Thing) RETURN count(t)"), &[]).await.unwrap();
    assert_eq!(rows[0][0].as_integer(), Some(1));
}
