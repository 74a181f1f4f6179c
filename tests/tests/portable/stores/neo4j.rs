//! Neo4j: a thing is a node. The server has one graph, so each place has labels of its own.

use crate::Store;
use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::{DatabaseKind, Location, Neo4jStep};
use whimbrel_tests::server::server_url;

/// Holds a place on the server.
#[derive(Debug)]
pub(crate) struct Neo4j {
    url: String,
    name: String,
}

impl Neo4j {
    pub(crate) async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let name = format!("P{}x{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed), since.subsec_nanos());
        Self { url: server_url("NEO4J"), name }
    }

    /// Asks something; gives the texts of the first column.
    async fn ask(&self, cypher: &str) -> Vec<String> {
        let mut connection = Neo4jStep::connect(&self.url).await.unwrap();
        let rows = connection.fetch(cypher, &[]).await.unwrap();
        rows.iter().map(|row| row[0].as_text().map_or_else(|| format!("{:?}", row[0]), Into::into)).collect()
    }

    fn quoted(name: &str) -> String {
        format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

impl Store for Neo4j {
    fn kind(&self) -> DatabaseKind {
        DatabaseKind::Neo4j
    }
    fn url(&self) -> &str {
        &self.url
    }
    fn ledger(&self) -> Location {
        Location::default().prefix(self.name.clone())
    }
    fn rolls_back(&self) -> bool {
        true
    }
    fn make(&self, name: &str) -> String {
        format!("CREATE (:{} {{name: {}}})", self.name, Self::quoted(name))
    }
    fn unmake(&self, name: &str) -> String {
        format!("MATCH (n:{} {{name: {}}}) DELETE n", self.name, Self::quoted(name))
    }
    fn refused(&self) -> String {
        "MATCH (n) RETRUN n".into()
    }
    fn has(&self, name: &str) -> String {
        format!("RETURN EXISTS {{ MATCH (:{} {{name: {}}}) }}", self.name, Self::quoted(name))
    }
    async fn things(&self) -> Vec<String> {
        let mut things = self.ask(&format!("MATCH (n:{}) RETURN n.name", self.name)).await;
        things.sort_unstable();
        things
    }
    async fn remove_row(&self, id: &str) {
        self.ask(&format!("MATCH (h:{}History {{id: '{id}'}}) DELETE h", self.name)).await;
    }
    async fn change_row(&self, id: &str) {
        self.ask(&format!("MATCH (h:{}History {{id: '{id}'}}) SET h.checksum = 'changed'", self.name)).await;
    }
    async fn has_ledger(&self) -> bool {
        let any = format!("MATCH (n) WHERE any(l IN labels(n) WHERE l STARTS WITH '{}') RETURN 'x' LIMIT 1", self.name);
        !self.ask(&any).await.is_empty()
    }
    async fn remove(&self, part: &str) {
        let label = if part == "events" { "Event" } else { "History" };
        self.ask(&format!("MATCH (n:{}{label}) DELETE n", self.name)).await;
    }
    async fn take_over(&self) {
        let take = format!(
            "MERGE (l:{0}Lock {{name: '{0}'}}) SET l.run = 'other', l.until = timestamp() + 3600000 MERGE (f:{0}Lock {{name: '{0} \
             fence'}}) SET f.run = 'other'",
            self.name
        );
        self.ask(&take).await;
    }
}
