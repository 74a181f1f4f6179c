//! Processes of their own: many at once, and one that is killed.

use crate::graph::Graph;
use std::process::{Child, Command, Stdio};
use whimbrel::{DatabaseKind, Registry};
use whimbrel_tests::Chain;

pub(crate) const PLACE: &str = "WHIMBREL_TEST_PLACE";

/// Starts a test that is only there to be a process, in a place.
pub(crate) fn start(test: &str, graph: &Graph) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored"]).env(PLACE, &graph.name);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

pub(crate) fn place() -> Graph {
    Graph::named(std::env::var(PLACE).expect("it is started by another test"))
}

fn registry(graph: &Graph) -> &'static Registry {
    Chain::new(DatabaseKind::Neo4j)
        .add("0001_users", &[graph.text("CREATE (:@Thing {name: 'users'})")])
        .add("0002_index", &[graph.text("CREATE INDEX @_thing IF NOT EXISTS FOR (t:@Thing) ON (t.name)")])
        .add("0003_books", &[graph.text("CREATE (:@Thing {name: 'books'})")])
        .registry()
}

#[tokio::test]
#[ignore = "a process of the test below"]
async fn one_of_eight() {
    let graph = place();
    graph.apply(registry(&graph)).await.unwrap();
}

#[tokio::test]
async fn eight_at_once_apply_each_once() {
    let graph = Graph::new();
    let all: Vec<Child> = (0..8).map(|_| start("processes::one_of_eight", &graph)).collect();
    for process in all {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(graph.texts("MATCH (t:@Thing) RETURN t.name ORDER BY t.name").await, ["books", "users"]);
    let applied = graph.texts("MATCH (e:@Event {event: 'applied'}) RETURN e.id ORDER BY e.seq").await;
    assert_eq!(applied, ["0001_users", "0002_index", "0003_books"]);
}
