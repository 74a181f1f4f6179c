//! What the chain makes in the graph of a Neo4j server, which has one for all.

use crate::place::PAUSE;
use whimbrel::Neo4jStep;
use whimbrel_tests::server_url;

/// How the chain's labels begin, and those of the ledger.
const MINE: &str = "any(label IN labels(n) WHERE label STARTS WITH 'Fault' OR label STARTS WITH 'Whimbrel' OR label = 'SchemaVersion')";
/// How the names of its constraints and indexes begin.
const NAMED: &str = "name STARTS WITH 'fault' OR name STARTS WITH 'whimbrel_'";

/// Holds a connection to look at it.
#[derive(Debug)]
pub(crate) struct Graph {
    url: String,
    connection: Neo4jStep,
}

impl Graph {
    pub(crate) async fn new() -> Graph {
        let url = server_url("NEO4J");
        let connection = Neo4jStep::connect(&url).await.unwrap();
        Graph { url, connection }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sends a query; gives its rows as text.
    async fn rows(&mut self, cypher: &str) -> Vec<String> {
        let rows = self.connection.fetch(cypher, &[]).await.unwrap_or_else(|error| panic!("{cypher}: {error:?}"));
        rows.iter().map(|row| format!("{row:?}")).collect()
    }

    /// Sends a query; gives the texts of its first column.
    async fn names(&mut self, cypher: &str) -> Vec<String> {
        let rows = self.connection.fetch(cypher, &[]).await.unwrap_or_else(|error| panic!("{cypher}: {error:?}"));
        rows.iter().map(|row| row[0].as_text().unwrap_or_default().to_owned()).collect()
    }

    async fn run(&mut self, cypher: &str) {
        self.connection.run(cypher, &[]).await.unwrap_or_else(|error| panic!("{cypher}: {error:?}"));
    }

    /// Lists what is there: of the ledger no times, of the events which migrations were applied, and nothing of the lease.
    pub(crate) async fn state(&mut self) -> Vec<String> {
        let nodes = format!(
            "MATCH (n) WHERE {MINE} AND NOT n:WhimbrelLock AND (NOT n:WhimbrelEvent OR n.event = 'applied') RETURN CASE WHEN n:WhimbrelEvent THEN 'event ' + \
             n.id ELSE 'node' END, labels(n), CASE WHEN n:WhimbrelEvent THEN null ELSE n {{.*, applied_at: null, duration_ms: null}} END"
        );
        let follows = "MATCH (a:FaultUser)-[r]->(b) RETURN type(r), a.id, b.id, properties(r)";
        let indexes = format!("SHOW INDEXES YIELD name, type, state WHERE {NAMED} RETURN 'index', name, type, state");
        let constraints = format!("SHOW CONSTRAINTS YIELD name, type WHERE {NAMED} RETURN 'constraint', name, type");
        let mut lines = Vec::new();
        for cypher in [nodes.as_str(), follows, &indexes, &constraints] {
            lines.extend(self.rows(cypher).await);
        }
        lines.sort();
        lines
    }

    /// Lets a lease run out.
    pub(crate) async fn age(&mut self) {
        self.run("MATCH (lease:WhimbrelLock {name: 'whimbrel'}) SET lease.until = 0").await;
    }

    /// Waits until the server is through with everybody else, and takes everything away.
    pub(crate) async fn clear(&mut self) {
        let others = "SHOW TRANSACTIONS YIELD currentQuery AS query, status WHERE NOT query STARTS WITH 'SHOW TRANSACTIONS' RETURN query";
        while !self.names(others).await.is_empty() {
            tokio::time::sleep(PAUSE).await;
        }
        for name in self.names(&format!("SHOW CONSTRAINTS YIELD name WHERE {NAMED} RETURN name")).await {
            self.run(&format!("DROP CONSTRAINT {name} IF EXISTS")).await;
        }
        for name in self.names(&format!("SHOW INDEXES YIELD name WHERE {NAMED} RETURN name")).await {
            self.run(&format!("DROP INDEX {name} IF EXISTS")).await;
        }
        self.run(&format!("MATCH (n) WHERE {MINE} DETACH DELETE n")).await;
    }
}
