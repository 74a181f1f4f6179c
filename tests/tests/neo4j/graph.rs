//! A place for each test: the server has one graph, so each has labels of its own.

use std::sync::atomic::{AtomicU32, Ordering};
use whimbrel::{Access, Databases, Error, Location, Migrator, Neo4jStep, Neo4jValue, Registry, Report, Target, Urls};
use whimbrel_tests::server::server_url;

/// Holds a place; its name begins every label in it.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    pub(crate) url: String,
    pub(crate) name: String,
}

impl Graph {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::named(format!("G{}x{next}x{}", std::process::id(), since.subsec_nanos()))
    }

    pub(crate) fn named(name: String) -> Self {
        Self { url: server_url("NEO4J"), name }
    }

    pub(crate) async fn connect(&self) -> Neo4jStep {
        Neo4jStep::connect(&self.url).await.unwrap()
    }

    /// Sends statements in which `@` is the place's name.
    pub(crate) async fn run(&self, cypher: &[&str]) {
        let mut connection = self.connect().await;
        for text in cypher {
            connection.run(&text.replace('@', &self.name), &[]).await.unwrap();
        }
    }

    pub(crate) async fn rows(&self, cypher: &str) -> Vec<Vec<Neo4jValue>> {
        self.connect().await.fetch(&cypher.replace('@', &self.name), &[]).await.unwrap()
    }

    /// Gives the only number of the only row.
    pub(crate) async fn number(&self, cypher: &str) -> i64 {
        self.rows(cypher).await[0][0].as_integer().unwrap()
    }

    /// Lists the texts of the first column.
    pub(crate) async fn texts(&self, cypher: &str) -> Vec<String> {
        self.rows(cypher).await.iter().map(|row| row[0].as_text().unwrap().to_owned()).collect()
    }

    /// Lists the events, with their statements.
    pub(crate) async fn events(&self) -> Vec<String> {
        let what = "e.id + ' ' + e.event + coalesce(' ' + toString(e.statement), '')";
        self.texts(&format!("MATCH (e:@Event) RETURN {what} ORDER BY e.seq")).await
    }

    /// Makes a statement last as long as the test, as a registry's are; `@` is the place's name.
    pub(crate) fn text(&self, cypher: &str) -> &'static str {
        cypher.replace('@', &self.name).leak()
    }

    pub(crate) fn migrator(&self, registry: &'static Registry) -> Migrator {
        // A server that plans everything anew after each change of a schema takes its time where many tests change it.
        let patience = std::time::Duration::from_secs(600);
        Migrator::new(registry).ledger(Location::default().prefix(self.name.clone())).lock_wait(patience)
    }

    pub(crate) async fn open(&self, registry: &Registry) -> whimbrel::Result<Databases> {
        Databases::connect(registry, &Urls::new().with("main", &self.url), Access::ReadWrite).await
    }

    pub(crate) async fn apply(&self, registry: &'static Registry) -> Result<Report, Error> {
        let mut databases = self.open(registry).await?;
        self.migrator(registry).apply(&mut databases, &Target::Latest).await
    }
}
