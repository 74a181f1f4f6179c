//! Reading a ledger for a run, under its lock.

use super::half_rolled_back::{marked, reached};
use super::reach::check_format;
use super::run::Run;
use crate::backend::Rows;
use crate::error::Result;
use crate::history::Lost;
use crate::ledger::{Recorded, records};
use crate::registry::Database;

impl Run<'_> {
    /// Keeps what a ledger says; how far a rollback came is asked where a row says that one was begun.
    pub(super) async fn understand(&mut self, database: &'static Database, rows: &Rows) -> Result<()> {
        let can = self.databases.backend(database.name)?.capabilities();
        let Recorded { records, lost, format, newest } = records(rows, can.language);
        check_format(database, format)?;
        let lost = lost.into_iter().map(|id| Lost { id, database: database.name.to_owned() }).collect();
        let mut half = Vec::new();
        for record in marked(&records) {
            let id = record.id.as_str();
            let doing = "reading how far a rollback came";
            let events = self.ask(database, |ledger| ledger.read_events(Some(id)), doing).await?;
            half.push(reached(record, &events, can.lock.is_some(), None));
        }
        let session = self.session(database.name);
        // Somebody who died may have left them so.
        session.unflushed = can.log.is_some() && !records.is_empty();
        (session.records, session.newest, session.lost, session.half_rollbacks) = (records, newest, lost, half);
        Ok(())
    }

    /// Reads a ledger anew after somebody else has changed it.
    pub(super) async fn read_again(&mut self, name: &str) -> Result<()> {
        let database = self.session(name).database;
        let rows = self.ask(database, |ledger| ledger.read(), "reading the ledger").await?;
        self.created(database);
        self.understand(database, &rows).await
    }
}
