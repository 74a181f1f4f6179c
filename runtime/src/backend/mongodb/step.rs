//! What code on MongoDB is handed.

use super::exchange::send;
use super::heartbeat::Life;
use crate::error::{Error, Result};
use mongodb::bson::Document;
use mongodb::{ClientSession, Collection, Database};

/// Is lent to a MongoDB migration's Rust code: the database, and the session whose transaction is open where there is one.
///
/// On a replica set and on a mongos the migration is one transaction. What belongs to it is sent with the session:
///
/// ```no_run
/// # use whimbrel::mongodb::bson::{doc, Document};
/// # async fn up(mongodb: &mut whimbrel::MongodbStep) -> whimbrel::Result<()> {
/// let tenants = mongodb.collection::<Document>("tenants");
/// tenants.insert_one(doc! { "_id": "acme" }).session(mongodb.session()).await?;
/// # Ok(())
/// # }
/// ```
///
/// Don't commit or abort it: the ledger's row belongs to the same transaction. A server by itself has no transactions; there the code
/// is called again from its beginning after a run that died in it, if a person says so.
#[derive(Debug)]
pub struct MongodbStep {
    pub(super) database: Database,
    pub(super) session: ClientSession,
    pub(super) is_open: bool,
    /// Tells whether the run still has its lease, where it has one.
    pub(super) life: Option<Life>,
}

impl MongodbStep {
    pub(super) async fn begin(database: &Database, life: Option<Life>) -> Result<Self, mongodb::error::Error> {
        let session = database.client().start_session().await?;
        Ok(Self { database: database.clone(), session, is_open: false, life })
    }

    /// Gives the database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Gives a collection of it.
    pub fn collection<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.database.collection(name)
    }

    /// Lends the session, for what the driver sends within it.
    pub fn session(&mut self) -> &mut ClientSession {
        &mut self.session
    }

    /// Tells whether a transaction is open.
    pub fn is_in_transaction(&self) -> bool {
        self.is_open
    }

    /// Runs a command, within the transaction where one is open, and gives the reply; a cursor's documents are all in its first batch.
    ///
    /// # Errors
    /// What the server refuses, and a single document that it refuses too. A lease that the run has lost: nothing was sent then.
    pub async fn run_command(&mut self, command: Document) -> Result<Document> {
        if let Some(life) = &self.life {
            life.check().map_err(|answer| Error::new("the command was not sent").caused_by(answer))?;
        }
        let session = self.is_open.then_some(&mut self.session);
        send(&self.database, session, command)
            .await
            .map_err(|answer| Error::new("the command failed").caused_by(answer))
    }
}
