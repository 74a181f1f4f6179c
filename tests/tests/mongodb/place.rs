//! A database of a test's own, and what is in it.

use whimbrel::mongodb::bson::{Document, doc};
use whimbrel::mongodb::{Client, Database};
use whimbrel::{Access, Databases, Error, Migrator, Registry, Report, Target, Urls};

pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) database: Database,
}

impl Place {
    pub(crate) async fn on(name: &str) -> Self {
        Self::at(whimbrel_tests::server::database_url(name)).await
    }

    pub(crate) async fn at(url: String) -> Self {
        let client = Client::with_uri_str(&url).await.unwrap();
        let database = client.default_database().unwrap();
        Place { url, database }
    }

    pub(crate) async fn open(&self, registry: &Registry) -> Databases {
        Databases::connect(registry, &Urls::new().with("main", &self.url), Access::ReadWrite).await.unwrap()
    }

    pub(crate) async fn apply(&self, registry: &'static Registry) -> Result<Report, Error> {
        let mut databases = self.open(registry).await;
        Migrator::new(registry).apply(&mut databases, &Target::Latest).await
    }

    pub(crate) async fn roll_back(&self, registry: &'static Registry, target: Target) -> Result<Report, Error> {
        let mut databases = self.open(registry).await;
        Migrator::new(registry).rollback(&mut databases, &target).await
    }

    pub(crate) async fn documents(&self, collection: &str, filter: Document) -> Vec<Document> {
        let mut cursor =
            self.database.collection::<Document>(collection).find(filter).sort(doc! { "_id": 1 }).await.unwrap();
        let mut all = Vec::new();
        while cursor.advance().await.unwrap() {
            all.push(cursor.deserialize_current().unwrap());
        }
        all
    }

    /// Lists the events as the ledger tells them: the migration and what happened, without notes of single statements.
    pub(crate) async fn told(&self) -> Vec<String> {
        let events = self.documents("whimbrel_events", doc! { "registry": "chain" }).await;
        let told = events.iter().filter(|event| !["started", "statement"].contains(&event.get_str("event").unwrap()));
        told.map(|event| format!("{} {}", event.get_str("id").unwrap(), event.get_str("event").unwrap())).collect()
    }

    pub(crate) async fn run(&self, command: Document) -> Document {
        self.database.run_command(command).await.unwrap()
    }
}
