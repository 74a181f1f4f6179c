//! The texts that change a ledger.

use super::{FORMAT, Ledger, SELF, quote};
use crate::error::Result;
use crate::history::Record;
use crate::plan::Step;
use crate::registry::{Migration, Phase, Work};
use crate::target::Direction;

/// Says what an event tells.
#[derive(Debug, Default)]
pub(crate) struct Happening<'a> {
    pub(crate) event: &'static str,
    /// The position from 1, and how many there are.
    pub(crate) statement: Option<(usize, usize)>,
    pub(crate) message: Option<&'a str>,
    pub(crate) detail: Option<&'a str>,
    /// Only if the history is as it was seen: so many rows and so many events since the migration's last end.
    pub(crate) fence: Option<Fence>,
}

/// Says what a look has shown, for databases where no lock keeps it from changing before the transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fence {
    /// So many rows.
    pub(crate) rows: usize,
    /// So many events since the migration's last end.
    pub(crate) events: usize,
}

impl Ledger<'_> {
    /// Lists what every row of the history begins with.
    fn columns(&self) -> String {
        format!(
            "registry, id, {}, ordinal, name, source, kind, phase, schema_version, checksum, checksum_algorithm, \
             text_checksum, down_checksum, transactional, out_of_order, applied_at, applied_by",
            self.dialect.database
        )
    }

    /// Creates both tables where they are not there, and records the format as the ledger's own migration; one command each.
    pub(crate) fn create(&self) -> Result<Vec<String>> {
        let d = self.dialect;
        let (history, events) = (self.history()?, self.events()?);
        let index = quote::identifier(&format!("{}_events_id", self.location.prefix), d.mark)?;
        let (timestamp, array, sequence) = (d.timestamp, d.array, d.sequence);
        let (text, key, database, storage) = (d.text, d.key, d.database, d.storage);
        let [insert, passing] = d.insert_new;
        let inside = if d.index_apart { String::new() } else { format!(", INDEX {index} (registry, id)") };
        let (now, actor, version) = (d.now, self.actor()?, env!("CARGO_PKG_VERSION"));
        let tables = [
            format!(
                "CREATE TABLE IF NOT EXISTS {history} (\
                 registry {key} NOT NULL, id {key} NOT NULL, {database} {key} NOT NULL, ordinal bigint NOT NULL, \
                 name {text} NOT NULL, source {text} NOT NULL, kind {text} NOT NULL, phase {text}, schema_version {text}, \
                 checksum {text} NOT NULL, checksum_algorithm integer NOT NULL, text_checksum {text}, down_checksum {text}, \
                 transactional boolean NOT NULL, out_of_order boolean NOT NULL, applied_at {timestamp} NOT NULL, \
                 applied_by {text} NOT NULL, duration_ms bigint, rollback {array}, app_version {text}, \
                 whimbrel_version {text} NOT NULL, PRIMARY KEY (registry, id, {database})){storage}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {events} (\
                 seq {sequence}, at {timestamp} NOT NULL, registry {key} NOT NULL, id {key} NOT NULL, \
                 {database} {key} NOT NULL, run {text} NOT NULL, event {text} NOT NULL, direction {text} NOT NULL, \
                 statement integer, statements integer, checksum {text}, message {text}, detail {text}, \
                 actor {text} NOT NULL, whimbrel_version {text} NOT NULL{inside}){storage}"
            ),
        ];
        let index = d.index_apart.then(|| format!("CREATE INDEX IF NOT EXISTS {index} ON {events} (registry, id)"));
        // Last, so that a ledger without it is one that somebody has begun to create.
        let format = [format!(
            "{insert} {history} (registry, id, {database}, ordinal, name, source, kind, checksum, \
                 checksum_algorithm, transactional, out_of_order, applied_at, applied_by, whimbrel_version) VALUES \
                 ('{SELF}', 'ledger_0001', '*', {FORMAT}, 'The ledger itself', 'whimbrel', 'sql', '-', 0, \
                 true, false, {now}, {actor}, '{version}'){passing}"
        )];
        let schema = (d.create_schema)(self.location.schema_name())?;
        Ok(schema.into_iter().chain(tables).chain(index).chain(format).chain(self.grants()?).collect())
    }

    /// Lets readers read the ledger and no more.
    pub(crate) fn grants(&self) -> Result<Vec<String>> {
        let (history, events) = (self.history()?, self.events()?);
        let mut grants = Vec::new();
        for role in &self.location.readers {
            grants.extend((self.dialect.readable)(&history, &events, role, self.location.schema_name())?);
        }
        Ok(grants)
    }

    /// Records a migration as applied; with `rows` only where exactly so many are there.
    pub(crate) fn insert(&self, step: &Step, kind: &str, rows: Option<usize>) -> Result<String> {
        self.insert_where(step, kind, rows.map(|rows| self.rows(rows)).transpose()?)
    }

    /// Records what a squash replaces, where it has no row of its own.
    pub(crate) fn cover(&self, part: &'static Migration) -> Result<String> {
        let absent = format!("NOT EXISTS (SELECT 1 FROM {} WHERE {})", self.history()?, self.key(part)?);
        self.insert_where(&Step::up(part), part.covered_kind(), Some(absent))
    }

    fn insert_where(&self, step: &Step, kind: &str, condition: Option<String>) -> Result<String> {
        let m = step.migration;
        let history = self.history()?;
        let schema = m.schema.as_ref().map(ToString::to_string);
        let rollback = self.rollback(m)?;
        let values = [
            self.text(self.registry.name)?,
            self.text(m.id)?,
            self.text(self.database)?,
            m.number.to_string(),
            self.text(m.description)?,
            self.text(m.source)?,
            self.text(kind)?,
            self.optional(m.phase.map(Phase::as_str))?,
            self.optional(schema.as_deref())?,
            self.text(m.checksum)?,
            m.checksum_algorithm.to_string(),
            self.text(m.text_checksum)?,
            self.optional(m.down_checksum)?,
            m.transactional.to_string(),
            step.out_of_order.to_string(),
            self.dialect.now.into(),
            self.actor()?,
            rollback,
            self.text(self.registry.app_version)?,
            self.text(env!("CARGO_PKG_VERSION"))?,
        ]
        .join(", ");
        let columns = format!("{}, rollback, app_version, whimbrel_version", self.columns());
        Ok(match condition {
            None => format!("INSERT INTO {history} ({columns}) VALUES ({values})"),
            Some(condition) => format!("INSERT INTO {history} ({columns}) SELECT {values} WHERE {condition}"),
        })
    }

    /// Writes the condition that exactly so many of this database's rows are there.
    fn rows(&self, rows: usize) -> Result<String> {
        Ok(format!("{rows} = (SELECT count(*) FROM {} WHERE {})", self.history()?, self.mine()?))
    }

    /// Notes how long a migration took: since its row, or (without a transaction) since this run's first event.
    pub(crate) fn duration(&self, migration: &Migration) -> Result<String> {
        let since = if migration.transactional {
            "applied_at".into()
        } else {
            format!(
                "(SELECT min(at) FROM {} WHERE run = {} AND id = {})",
                self.events()?,
                self.text(self.run)?,
                self.text(migration.id)?
            )
        };
        let elapsed = (self.dialect.elapsed)(&since);
        Ok(format!("UPDATE {} SET duration_ms = {elapsed} WHERE {}", self.history()?, self.key(migration)?))
    }

    /// Records a migration as it is now, where its row has the checksum that was seen.
    pub(crate) fn realign(&self, m: &Migration, recorded: &str) -> Result<String> {
        let values = [
            format!("checksum = {}", self.text(m.checksum)?),
            format!("checksum_algorithm = {}", m.checksum_algorithm),
            format!("text_checksum = {}", self.text(m.text_checksum)?),
            format!("down_checksum = {}", self.optional(m.down_checksum)?),
            format!("rollback = {}", self.rollback(m)?),
        ]
        .join(", ");
        let (history, key, recorded) = (self.history()?, self.key(m)?, self.text(recorded)?);
        Ok(format!("UPDATE {history} SET {values} WHERE {key} AND checksum = {recorded}"))
    }

    /// Writes the statements that roll a migration back; who does not know a squash does not know either what else goes with it.
    fn rollback(&self, m: &Migration) -> Result<String> {
        match &m.down {
            Some(down @ Work::Script(_)) if m.replaces.is_empty() => (self.dialect.statements)(&down.statements()),
            _ => Ok("NULL".into()),
        }
    }

    /// Writes a row as another database's ledger has it.
    pub(crate) fn copy(&self, record: &Record) -> Result<String> {
        let at = match record.applied_at.as_str() {
            "" => self.dialect.now.to_owned(),
            at => (self.dialect.moment)(&self.text(at)?),
        };
        let rollback = match record.rollback.as_slice() {
            [] => "NULL".into(),
            statements => (self.dialect.statements)(statements)?,
        };
        let values = [
            self.text(self.registry.name)?,
            self.text(&record.id)?,
            self.text(self.database)?,
            record.number.to_string(),
            self.text(&record.name)?,
            self.text(&record.source)?,
            self.text(&record.kind)?,
            self.optional(record.phase.as_deref())?,
            self.optional(record.schema_version.as_deref())?,
            self.text(&record.checksum)?,
            record.checksum_algorithm.to_string(),
            self.optional(record.text_checksum.as_deref())?,
            self.optional(record.down_checksum.as_deref())?,
            record.transactional.to_string(),
            record.out_of_order.to_string(),
            at,
            self.text(&record.applied_by)?,
            record.duration.map_or("NULL".into(), |duration| duration.as_millis().to_string()),
            rollback,
            self.optional(record.app_version.as_deref())?,
            self.text(&record.whimbrel_version)?,
        ]
        .join(", ");
        let history = self.history()?;
        Ok(format!(
            "INSERT INTO {history} ({}, duration_ms, rollback, app_version, whimbrel_version) VALUES ({values})",
            self.columns()
        ))
    }

    /// Takes away a row that another database's ledger has no longer.
    pub(crate) fn forget(&self, id: &str) -> Result<String> {
        Ok(format!("DELETE FROM {} WHERE {} AND id = {}", self.history()?, self.mine()?, self.text(id)?))
    }

    /// Takes a migration's row away; with `rows` only where exactly so many are there.
    pub(crate) fn delete(&self, migration: &Migration, rows: Option<usize>) -> Result<String> {
        let delete = format!("DELETE FROM {} WHERE {}", self.history()?, self.key(migration)?);
        Ok(match rows {
            None => delete,
            Some(rows) => format!("{delete} AND {}", self.rows(rows)?),
        })
    }

    fn key(&self, migration: &Migration) -> Result<String> {
        let (registry, id) = (self.text(self.registry.name)?, self.text(migration.id)?);
        let (column, database) = (self.dialect.database, self.text(self.database)?);
        Ok(format!("registry = {registry} AND id = {id} AND {column} = {database}"))
    }

    /// Appends an event.
    pub(crate) fn event(&self, migration: &Migration, direction: Direction, what: &Happening<'_>) -> Result<String> {
        let number = |n: Option<usize>| n.map_or("NULL".into(), |n| n.to_string());
        let clean = |text: Option<&str>| text.map(|text| text.replace('\0', "\\0"));
        let values = [
            self.dialect.now.into(),
            self.text(self.registry.name)?,
            self.text(migration.id)?,
            self.text(self.database)?,
            self.text(self.run)?,
            self.text(what.event)?,
            self.text(direction.as_str())?,
            number(what.statement.map(|(statement, _)| statement)),
            number(what.statement.map(|(_, statements)| statements)),
            self.text(migration.checksum)?,
            self.optional(clean(what.message).as_deref())?,
            self.optional(clean(what.detail).as_deref())?,
            self.actor()?,
            self.text(env!("CARGO_PKG_VERSION"))?,
        ]
        .join(", ");
        let events = self.events()?;
        let rows = match what.fence {
            None => format!("VALUES ({values})"),
            Some(fence) => {
                let (history, key, rows) = (self.history()?, self.key(migration)?, self.rows(fence.rows)?);
                // The migration's own row too: another's may have gone in the same moment, and the count is right again.
                let not = if direction == Direction::Up { "NOT " } else { "" };
                format!(
                    "SELECT {values} WHERE {rows} AND {not}EXISTS (SELECT 1 FROM {history} WHERE {key}) AND {} = \
                     (SELECT count(*) FROM {events} WHERE {})",
                    fence.events,
                    self.unfinished(migration.id)?
                )
            }
        };
        Ok(format!(
            "INSERT INTO {events} (at, registry, id, {}, run, event, direction, statement, statements, checksum, \
             message, detail, actor, whimbrel_version) {rows}",
            self.dialect.database
        ))
    }
}
