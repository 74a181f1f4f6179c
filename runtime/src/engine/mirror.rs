//! The first SQL database's ledger has a copy of what the others' say, so that one query shows everything.

use super::reach::used;
use super::run::{Run, ledger};
use crate::backend::{Course, Task};
use crate::databases::Databases;
use crate::error::{Result, ServerErrorClass as Class};
use crate::history::Record;
use crate::ledger::{Ledger, records};
use crate::migrator::Migrator;
use crate::registry::Database;

impl Run<'_> {
    /// Brings the copies up to date. Where that can't be done nobody is kept from anything: the next run makes up for it.
    pub(super) async fn mirror(&mut self) {
        let there = self.sessions.iter().filter(|session| !session.create).map(|session| session.database);
        let mut others: Vec<_> = there.collect();
        let is_home = |database: &&Database| home(self.migrator).is_some_and(|home| home.name == database.name);
        let Some(at) = others.iter().position(is_home) else { return };
        let home = others.remove(at);
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
        copied(self.migrator, self.databases, home, other).await
    }
}

/// Finds the database whose ledger has the copies: the first that speaks SQL.
fn home(migrator: &Migrator) -> Option<&'static Database> {
    used(migrator).find(|database| database.kind.is_sql())
}

/// Reads what the copies tell of databases that can't be read themselves. Where there are no copies, nothing is known.
pub(super) async fn known_elsewhere(
    migrator: &Migrator,
    databases: &mut Databases,
    unread: &[String],
) -> Result<Vec<Record>> {
    let mut all = Vec::new();
    let Some(home) = home(migrator).filter(|home| !unread.iter().any(|name| name == home.name)) else {
        return Ok(all);
    };
    for other in migrator.registry.databases.iter().filter(|other| unread.iter().any(|name| name == other.name)) {
        match copied(migrator, databases, home, other).await {
            Ok(records) => all.extend(records),
            // There is no ledger yet.
            Err(error) if error.server().is_some_and(|answer| answer.is(Class::UndefinedTable)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

async fn copied(
    migrator: &Migrator,
    databases: &mut Databases,
    home: &'static Database,
    other: &'static Database,
) -> Result<Vec<Record>> {
    let backend = databases.backend(home.name)?;
    let refused = |answer| crate::Error::server_refused(home.name, "reading a ledger's copy", answer);
    if backend.circumstances().await.map_err(refused)?.absent {
        return Ok(Vec::new());
    }
    let text = Ledger { database: other.name, ..ledger(migrator, backend, home, "") }.read()?;
    let rows = backend.ask(text).await.map_err(refused)?;
    Ok(records(&rows, backend.capabilities().language).records)
}
