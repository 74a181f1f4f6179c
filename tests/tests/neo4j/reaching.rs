//! Reaching a server, and what is said where that can't be done.

use crate::graph::Graph;
use whimbrel::{Access, DatabaseKind, Databases, Error, Urls};
use whimbrel_tests::Chain;

fn url(graph: &Graph, scheme: &str, credentials: &str, database: &str) -> String {
    let (_, place) = graph.url.split_once('@').unwrap();
    format!("{scheme}://{credentials}@{place}/{database}")
}

async fn connect(url: &str) -> Result<Databases, Error> {
    let registry = Chain::new(DatabaseKind::Neo4j).add("0001_one", &["RETURN 1"]).registry();
    Databases::connect(registry, &Urls::new().with("main", url), Access::ReadWrite).await
}

/// Gives user and password of the server's URL.
fn credentials(graph: &Graph) -> String {
    graph.url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).unwrap().0.to_owned()
}

#[tokio::test]
async fn a_url_leads_to_the_server_that_writes() {
    let graph = Graph::new();
    for scheme in ["bolt", "neo4j"] {
        for database in ["neo4j", ""] {
            let mut databases = connect(&url(&graph, scheme, &credentials(&graph), database)).await.unwrap();
            let rows = databases.neo4j("main").unwrap().fetch("RETURN 1 + $n", &[("n", 41.into())]).await.unwrap();
            assert_eq!(rows[0][0].as_integer(), Some(42));
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_without_the_password() {
    let graph = Graph::new();
    let right = credentials(&graph);
    let password = right.split_once(':').unwrap().1;
    let wrong = connect(&url(&graph, "bolt", "neo4j:s3cr3t", "neo4j")).await.unwrap_err();
    assert!(wrong.is_authentication_failed(), "{wrong:?}");
    let missing = connect(&url(&graph, "neo4j", &right, "no-such")).await.unwrap_err();
    assert!(missing.is_no_database(), "{missing:?}");
    let missing = connect(&url(&graph, "bolt", &right, "no-such")).await.unwrap_err();
    assert!(missing.is_no_database(), "{missing:?}");
    let nobody = connect(&format!("bolt://{right}@127.0.0.1:9")).await.unwrap_err();
    assert!(nobody.is_unreachable(), "{nobody:?}");
    for error in [wrong, missing, nobody] {
        let told = format!("{error:?}");
        assert!(!told.contains("s3cr3t") && !told.contains(&format!(":{password}@")), "{told}");
    }
}

#[tokio::test]
async fn what_answers_but_is_no_neo4j_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut client, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        client
    });
    let error = connect(&format!("bolt://a:b@{place}")).await.unwrap_err();
    drop(server.await);
    assert!(error.is_unreachable() && format!("{error:?}").contains("no Bolt"), "{error:?}");
}
