//! MongoDB, and what stands in for it: a thing is a document.

use crate::store::Store;
use whimbrel::mongodb::bson::{Document, doc};
use whimbrel::mongodb::{Client, Database};
use whimbrel::{DatabaseKind, Location};

/// A database of a test's own, gone with the value's next namesake.
pub(crate) struct Mongodb {
    url: String,
    database: Database,
    has_transactions: bool,
}

impl Mongodb {
    /// Makes a place on the server of this name.
    pub(crate) async fn on(name: &str) -> Self {
        let url = whimbrel_tests::server::database_url(name);
        let client = Client::with_uri_str(&url).await.unwrap();
        let database = client.default_database().unwrap();
        let hello = database.run_command(doc! { "hello": 1 }).await.unwrap();
        Mongodb { url, database, has_transactions: hello.contains_key("setName") }
    }

    async fn collections(&self) -> Vec<String> {
        self.database.list_collection_names().await.unwrap()
    }
}

fn id(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Store for Mongodb {
    fn kind(&self) -> DatabaseKind {
        DatabaseKind::Mongodb
    }
    fn url(&self) -> &str {
        &self.url
    }
    fn ledger(&self) -> Location {
        Location::default()
    }
    fn stride(&self) -> usize {
        // The driver is polled some hundred times in a run.
        if std::env::var("WHIMBREL_FAULTS").is_ok_and(|which| which == "all") { 1 } else { 11 }
    }
    fn rolls_back(&self) -> bool {
        self.has_transactions
    }
    fn make(&self, name: &str) -> String {
        format!("{{\"insert\": \"things\", \"documents\": [{{\"_id\": {}}}]}}", id(name))
    }
    fn unmake(&self, name: &str) -> String {
        format!("{{\"delete\": \"things\", \"deletes\": [{{\"q\": {{\"_id\": {}}}, \"limit\": 1}}]}}", id(name))
    }
    // Without a transaction the one that it is about to send; docs/backends.md says which.
    fn late(&self) -> usize {
        usize::from(!self.rolls_back())
    }
    fn refused(&self) -> String {
        "{\"update\": \"things\", \"updates\": [{\"q\": {}, \"u\": {\"$nothing\": {}}}]}".into()
    }
    fn has(&self, name: &str) -> String {
        format!("{{\"count\": \"things\", \"query\": {{\"_id\": {}}}}}", id(name))
    }
    async fn things(&self) -> Vec<String> {
        let things = self.database.collection::<Document>("things");
        let mut found = things.find(doc! {}).sort(doc! { "_id": 1 }).await.unwrap();
        let mut names = Vec::new();
        while found.advance().await.unwrap() {
            names.push(found.deserialize_current().unwrap().get_str("_id").unwrap().to_owned());
        }
        names
    }
    async fn remove_row(&self, id: &str) {
        let history = self.database.collection::<Document>("whimbrel_history");
        assert_eq!(history.delete_one(doc! { "id": id }).await.unwrap().deleted_count, 1);
    }
    async fn change_row(&self, id: &str) {
        let history = self.database.collection::<Document>("whimbrel_history");
        let changed = history.update_one(doc! { "id": id }, doc! { "$set": { "checksum": "0".repeat(64) } }).await;
        assert_eq!(changed.unwrap().modified_count, 1);
    }
    async fn has_ledger(&self) -> bool {
        self.collections().await.iter().any(|name| name.starts_with("whimbrel_"))
    }
    async fn remove(&self, part: &str) {
        self.database.collection::<Document>(&format!("whimbrel_{part}")).drop().await.unwrap();
    }
    async fn take_over(&self) {
        let lock = self.database.collection::<Document>("whimbrel_lock");
        let other = doc! { "$set": { "run": "other" }, "$currentDate": { "beat": true } };
        lock.update_one(doc! { "_id": "lease" }, other).await.unwrap();
    }
}
