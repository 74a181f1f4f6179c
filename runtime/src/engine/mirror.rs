//! The first SQL database's ledger has a copy of what the others' say, so that one query shows everything.

use super::run::{Run, ledger};
use crate::backend::{Course, Task};
use crate::error::Result;
use crate::history::Record;
use crate::ledger::{Ledger, records};
use crate::registry::Database;

impl Run<'_> {
    /// Brings the copies up to date. Where that can't be done nobody is kept from anything: the next run makes up for it.
    pub(super) async fn mirror(&mut self) {
        let there = self.sessions.iter().filter(|session| !session.create).map(|session| session.database);
        let mut others: Vec<_> = there.collect();
        let Some(home) = others.iter().position(|database| database.kind.is_sql()) else { return };
        let home = others.remove(home);
        for other in others {
            if let Err(error) = self.copy(home, other).await {
                tracing::warn!(database = home.name, of = other.name, %error, "the copy of a ledger is not up to date");
            }
        }
    }

    /// Copies what one ledger has and its copy has not, and takes away what it has no longer.
    async fn copy(&mut self, home: &'static Database, other: &'static Database) -> Result<()> {
        let copied = self.copied(home, other).await?;
        let is = |one: &Record, another: &Record| one.id == another.id && one.checksum == another.checksum;
        let differs = |those: &[Record], others: &[Record]| {
            those.iter().filter(|record| !others.iter().any(|other| is(record, other))).cloned().collect::<Vec<_>>()
        };
        if copied.len() == self.session(other.name).records.len()
            && differs(&copied, &self.session(other.name).records).is_empty()
        {
            return Ok(());
        }
        // What this run has added is not known with its time yet.
        self.read_again(other.name).await?;
        let own = self.session(other.name).records.clone();
        let backend = self.databases.backend(home.name)?;
        let mut tasks = vec![Task::Begin(backend.capabilities().begin.into())];
        let copy = Ledger { database: other.name, ..ledger(self.migrator, backend, home, &self.id) };
        for record in differs(&copied, &own) {
            tasks.push(Task::Ledger(copy.forget(&record.id)?.into()));
        }
        for record in differs(&own, &copied) {
            tasks.push(Task::Ledger(copy.forget(&record.id)?.into()));
            tasks.push(Task::Ledger(copy.copy(&record)?.into()));
        }
        tasks.push(Task::Commit);
        let course = Course { tasks, ..Course::default() };
        let stopped = self.databases.backend(home.name)?.run(&course, &|_| {}).await;
        stopped.map_err(|stop| crate::Error::new(format!("{stop:?}")))
    }

    async fn copied(&mut self, home: &'static Database, other: &'static Database) -> Result<Vec<Record>> {
        let backend = self.databases.backend(home.name)?;
        let text = Ledger { database: other.name, ..ledger(self.migrator, backend, home, &self.id) }.read()?;
        let rows = backend.ask(text).await;
        let rows = rows.map_err(|answer| crate::Error::server_refused(home.name, "reading a ledger's copy", answer))?;
        Ok(records(&rows, backend.capabilities().language).records)
    }
}
