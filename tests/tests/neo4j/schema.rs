//! Schema statements, which no transaction may have beside others.

use crate::graph::Graph;
use whimbrel::__private::{Retry, Statement, Work};
use whimbrel::{DatabaseKind, Direction, Migrator, Target};
use whimbrel_tests::Chain;

/// Is held by a test whose index can't be filled: a statement without a name looks at all that are on the server.
static UNFILLED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn chain() -> Chain {
    Chain::new(DatabaseKind::Neo4j)
}

#[tokio::test]
async fn schema_and_data_in_one_migration_go_statement_by_statement() {
    let graph = Graph::new();
    let users = [
        graph.text("CREATE CONSTRAINT @_mail FOR (u:@User) REQUIRE u.mail IS UNIQUE"),
        graph.text("CREATE (:@User {mail: 'ada', name: 'Ada'})"),
        graph.text("CREATE INDEX @_name FOR (u:@User) ON (u.name)"),
    ];
    let registry = chain().add("0001_users", &users).registry();
    graph.apply(registry).await.unwrap();
    assert_eq!(graph.number("MATCH (u:@User) RETURN count(u)").await, 1);
    assert_eq!(
        graph.events().await,
        [
            "0001_users started 1",
            "0001_users statement 1",
            "0001_users statement 2",
            "0001_users started 3",
            "0001_users statement 3",
            "0001_users applied"
        ]
    );
    assert_eq!(graph.texts("SHOW INDEXES YIELD name, state WHERE name = '@_name' RETURN state").await, ["ONLINE"]);
}

#[tokio::test]
async fn a_failed_one_goes_on_where_it_stopped() {
    let graph = Graph::new();
    let texts = |second: &str| {
        let first = graph.text("CREATE (:@Thing {name: 'first'})");
        let index = graph.text("CREATE INDEX @_thing FOR (t:@Thing) ON (t.name)");
        chain().add("0001_things", &[first, graph.text(second), index]).registry()
    };
    let error = graph.apply(texts("CREATE (:@Thing {name: missing})")).await.unwrap_err();
    let told = format!("{error:?}");
    for part in ["0001_things", "chain.sql:2:", "Variable `missing` not defined", "the statement before it stays done"]
    {
        assert!(told.contains(part), "`{part}` is not in:\n{told}");
    }
    assert!(error.is_statement_failed());
    graph.apply(texts("CREATE (:@Thing {name: 'second'})")).await.unwrap();
    let things = graph.texts("MATCH (t:@Thing) RETURN t.name ORDER BY t.name").await;
    assert_eq!(things, ["first", "second"]);
}

#[tokio::test]
async fn a_mistake_is_shown_at_its_place() {
    let graph = Graph::new();
    let text = graph.text("MATCH (n:@Thing) RETRUN n");
    let error = graph.apply(chain().add("0001_wrong", &[text]).registry()).await.unwrap_err();
    let column = text.find("RETRUN").unwrap() + 1;
    assert!(format!("{error:?}").contains(&format!("chain.sql:1:{column}")), "{error:?}");
}

#[tokio::test]
async fn a_constraint_that_the_data_violates_is_told_and_leaves_nothing() {
    let graph = Graph::new();
    graph.run(&["CREATE (:@User {mail: 'a'}), (:@User {mail: 'a'})"]).await;
    let unique = graph.text("CREATE CONSTRAINT @_mail FOR (u:@User) REQUIRE u.mail IS UNIQUE");
    let registry = chain().add("0001_unique", &[unique]).registry();
    let error = graph.apply(registry).await.unwrap_err();
    let told = format!("{error:?}");
    for part in ["0001_unique", "Neo.DatabaseError.Schema.ConstraintCreationFailed", "have the label", "mail"] {
        assert!(told.contains(part), "`{part}` is not in:\n{told}");
    }
    assert!(graph.texts("SHOW INDEXES YIELD name WHERE name = '@_mail' RETURN name").await.is_empty());
    graph.run(&["MATCH (u:@User) WITH u LIMIT 1 SET u.mail = 'b'"]).await;
    graph.apply(registry).await.unwrap();
    assert_eq!(graph.texts("SHOW CONSTRAINTS YIELD name WHERE name = '@_mail' RETURN name").await.len(), 1);
}

#[tokio::test]
async fn a_row_that_violates_a_constraint_rolls_its_migration_back() {
    let graph = Graph::new();
    graph.run(&["CREATE CONSTRAINT @_mail FOR (u:@User) REQUIRE u.mail IS UNIQUE"]).await;
    let twice = graph.text("CREATE (:@User {mail: 'a'}), (:@User {mail: 'a'})");
    let first = graph.text("CREATE (:@User {mail: 'z'})");
    let error = graph.apply(chain().add("0001_twice", &[first, twice]).registry()).await.unwrap_err();
    assert_eq!(error.server().unwrap().code(), Some("Neo.ClientError.Schema.ConstraintValidationFailed"), "{error:?}");
    assert_eq!(graph.number("MATCH (u:@User) RETURN count(u)").await, 0);
    assert_eq!(graph.events().await, ["0001_twice failed 2"]);
}

#[tokio::test]
async fn an_index_that_can_not_be_filled_is_an_error() {
    let _alone = UNFILLED.lock().await;
    let graph = Graph::new();
    graph.run(&["CREATE (:@Page {text: reduce(t = 'x', n IN range(1, 16) | t + t)})"]).await;
    for (named, id) in [(" @_text", "0001_named"), ("", "0002_unnamed")] {
        let index = graph.text(&format!("CREATE INDEX{named} FOR (p:@Page) ON (p.text)"));
        let registry = chain().add(id, &[index]).registry();
        let error = graph.apply(registry).await.unwrap_err();
        let told = format!("{error:?}");
        for part in ["could not be filled", "too large", "DROP INDEX"] {
            assert!(told.contains(part), "`{part}` is not in:\n{told}");
        }
        let name = &graph.texts("SHOW INDEXES YIELD name, labelsOrTypes AS l WHERE '@Page' IN l RETURN name").await[0];
        graph.run(&[&format!("DROP INDEX {name}")]).await;
        assert_eq!(graph.events().await.last().unwrap(), &format!("{id} failed 1"));
        graph.run(&["MATCH (e:@Event) DELETE e"]).await;
        graph.run(&["MATCH (f:@Lock {name: '@ fence'}) SET f.events = 0"]).await;
    }
}

#[tokio::test]
async fn a_schema_statement_beside_data_in_a_transaction_is_explained() {
    let graph = Graph::new();
    let index = graph.text("CREATE INDEX @_x FOR (p:@Page) ON (p.x)");
    let chain = chain().add("0001_both", &[index]).edit(|m| m.transactional = true);
    let told = format!("{:?}", graph.apply(chain.registry()).await.unwrap_err());
    assert!(told.contains("ForbiddenDueToTransactionType") && told.contains("write `transaction = false`"), "{told}");
    assert!(graph.texts("SHOW INDEXES YIELD name WHERE name = '@_x' RETURN name").await.is_empty());
}

#[tokio::test]
async fn what_a_dry_run_shows_is_what_is_sent() {
    let graph = Graph::new();
    let registry = chain().add("0001_one", &[graph.text("CREATE (:@Thing {name: 'it\\'s; // one'})")]).registry();
    let mut databases = graph.open(registry).await.unwrap();
    let migrator: Migrator = graph.migrator(registry);
    let plan = migrator.plan(&mut databases, &Target::Latest, Direction::Up).await.unwrap();
    let texts = migrator.statements(&mut databases, &plan).await.unwrap();
    assert!(graph.rows("MATCH (n) WHERE any(l IN labels(n) WHERE l STARTS WITH '@') RETURN n").await.is_empty());
    // A person sends them, one after the other.
    let mut connection = graph.connect().await;
    for text in texts.iter().flat_map(|step| &step.statements) {
        for text in text.split(";\n").filter(|text| !text.starts_with("BEGIN") && !text.starts_with("COMMIT")) {
            connection.run(text, &[]).await.unwrap_or_else(|error| panic!("{text}\n{error:?}"));
        }
    }
    assert!(graph.apply(registry).await.unwrap().is_empty());
    assert_eq!(graph.texts("MATCH (t:@Thing) RETURN t.name").await, ["it's; // one"]);
}

#[tokio::test]
async fn the_schema_version_is_a_node() {
    let graph = Graph::new();
    let (make, unmake) = (graph.text("CREATE (:@Thing)"), graph.text("MATCH (t:@Thing) WITH t LIMIT 1 DELETE t"));
    let chain = chain().add("0001_one", &[make]).down(&[unmake]).schema(1, 0, 0);
    let registry = chain.add("0002_two", &[make]).down(&[unmake]).schema(1, 1, 0).registry();
    graph.apply(registry).await.unwrap();
    let version =
        "MATCH (v:SchemaVersion {ledger: '@'}) RETURN v.version + ' ' + v.description + ' ' + toString(v.breaking)";
    assert_eq!(graph.texts(version).await, ["1.1.0 0002_two false"]);
    for left in [vec!["1.0.0 0001_one false"], vec![]] {
        let mut databases = graph.open(registry).await.unwrap();
        graph.migrator(registry).rollback(&mut databases, &Target::Latest).await.unwrap();
        assert_eq!(graph.texts(version).await, left);
    }
}

#[tokio::test]
async fn batches_of_the_servers_own_run_by_themselves() {
    let graph = Graph::new();
    graph.run(&["UNWIND range(1, 10000) AS n CREATE (:@User {n: n})"]).await;
    let text = graph
        .text("MATCH (u:@User) WHERE u.score IS NULL CALL { WITH u SET u.score = u.n } IN TRANSACTIONS OF 500 ROWS");
    let told = format!("{:?}", graph.apply(chain().add("0001_scores", &[text]).registry()).await.unwrap_err());
    assert!(told.contains("runs by itself alone; write `transaction = false`"), "{told}");
    let again = |m: &mut whimbrel::Migration| {
        let Work::Script(script) = &mut m.up else { panic!("it is a script") };
        let statement = Statement { retry: Retry::Again, ..script.statements[0] };
        script.statements = vec![statement].leak();
    };
    graph.apply(chain().add("0001_scores", &[text]).without_transaction().edit(again).registry()).await.unwrap();
    assert_eq!(graph.number("MATCH (u:@User) WHERE u.score = u.n RETURN count(u)").await, 10_000);
}

#[tokio::test]
async fn an_index_of_a_dead_run_counts_once_it_is_filled() {
    let _alone = UNFILLED.lock().await;
    let graph = Graph::new();
    graph.run(&["CREATE (:@Page {text: reduce(t = 'x', n IN range(1, 16) | t + t)})"]).await;
    let index = graph.text("CREATE INDEX @_text FOR (p:@Page) ON (p.text)");
    // As whimbrel-build writes it.
    let seen = graph.text(
        "CALL db.awaitIndex('@_text', 3600);\n// then\nSHOW INDEXES YIELD name, state WHERE name = '@_text' AND state = \
         'ONLINE' RETURN count(*) = 1 AS done",
    );
    let registry = chain().add("0001_text", &[index]).edit(|m| {
        let Work::Script(script) = &mut m.up else { panic!("it is a script") };
        let mut statements: Vec<Statement> = script.statements.to_vec();
        statements[0].retry = Retry::Seen(seen);
        script.statements = statements.leak();
    });
    let registry = registry.registry();
    graph.apply(registry).await.unwrap_err();
    // What a run leaves that dies before it can tell.
    let dies = "MATCH (e:@Event {event: 'failed'}) DELETE e";
    graph.run(&[dies]).await;
    let told = format!("{:?}", graph.apply(registry).await.unwrap_err());
    for part in ["finding out how far it came", "could not be filled", "too large", "DROP INDEX"] {
        assert!(told.contains(part), "`{part}` is not in:\n{told}");
    }
    let state = "SHOW INDEXES YIELD name, state WHERE name = '@_text' RETURN state";
    assert_eq!(graph.texts(state).await, ["FAILED"]);
    // It isn't there: it is made again.
    graph.run(&["DROP INDEX @_text", "MATCH (p:@Page) SET p.text = 'short'"]).await;
    graph.apply(registry).await.unwrap();
    assert_eq!(graph.texts(state).await, ["ONLINE"]);
    // It is there and filled: it is not.
    graph.run(&["MATCH (h:@History {id: '0001_text'}) DELETE h"]).await;
    graph.run(&["MATCH (e:@Event) WHERE e.event IN ['statement', 'applied'] DELETE e"]).await;
    graph.apply(registry).await.unwrap();
    assert_eq!(graph.events().await.last().unwrap(), "0001_text applied");
}
