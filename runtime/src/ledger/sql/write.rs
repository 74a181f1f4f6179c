//! The texts that change it.

use super::{Sql, quote};
use crate::error::Result;
use crate::ledger::{Claim, FORMAT, Known, Row, SELF, When};
use crate::registry::Migration;
use crate::target::Direction;

impl Sql<'_> {
    /// Creates both tables where they are not there, and records the format as the ledger's own migration; one command each.
    pub(super) fn create(&self) -> Result<Vec<String>> {
        let d = self.dialect;
        let (history, events) = (self.history()?, self.events()?);
        let index = quote::identifier(&format!("{}_events_id", self.ledger.location.prefix), d.mark)?;
        let (timestamp, array, sequence) = (d.timestamp, d.array, d.sequence);
        let (text, key, database, [rows, log]) = (d.text, d.key, d.database, d.storage);
        let [insert, passing] = d.insert_new;
        let index = if d.indexed { format!(", INDEX {index} (registry, id)") } else { String::new() };
        let (now, actor, version) = (d.now, self.actor()?, env!("CARGO_PKG_VERSION"));
        let tables = [
            format!(
                "CREATE TABLE IF NOT EXISTS {history} (\
                 registry {key} NOT NULL, id {key} NOT NULL, {database} {key} NOT NULL, ordinal bigint NOT NULL, \
                 name {text} NOT NULL, source {text} NOT NULL, kind {text} NOT NULL, phase {text}, schema_version {text}, \
                 checksum {text} NOT NULL, checksum_algorithm integer NOT NULL, text_checksum {text}, down_checksum {text}, \
                 transactional boolean NOT NULL, out_of_order boolean NOT NULL, applied_at {timestamp} NOT NULL, \
                 applied_by {text} NOT NULL, duration_ms bigint, rollback {array}, app_version {text}, \
                 whimbrel_version {text} NOT NULL, rollback_started_at {timestamp}, PRIMARY KEY (registry, id, {database})){rows}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {events} (\
                 seq {sequence}, at {timestamp} NOT NULL, registry {key} NOT NULL, id {key} NOT NULL, \
                 {database} {key} NOT NULL, run {text} NOT NULL, event {text} NOT NULL, direction {text} NOT NULL, \
                 statement integer, statements integer, checksum {text}, message {text}, detail {text}, \
                 actor {text} NOT NULL, whimbrel_version {text} NOT NULL{index}){log}"
            ),
        ];
        // Last, so that a ledger without it is one that somebody has begun to create.
        let format = [format!(
            "{insert} {history} (registry, id, {database}, ordinal, name, source, kind, checksum, \
                 checksum_algorithm, transactional, out_of_order, applied_at, applied_by, whimbrel_version) VALUES \
                 ('{SELF}', 'ledger_0001', '*', {FORMAT}, 'The ledger itself', 'whimbrel', 'sql', '-', 0, \
                 true, false, {now}, {actor}, '{version}'){passing}"
        )];
        let schema = (d.create_schema)(self.ledger.location.schema_name())?;
        let view = [self.version_view()?];
        Ok(schema.into_iter().chain(tables).chain(view).chain(format).chain(self.grants()?).collect())
    }

    /// Creates the view that shows which schema versions each database has reached, and which of them it is at. It has nothing of its
    /// own that could disagree with the history, and can't be written through.
    pub(super) fn version_view(&self) -> Result<String> {
        let (history, view, d) = (self.history()?, self.table("schema_version")?, self.dialect);
        let database = d.database;
        let other = |name: &str, condition: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {history} {name} WHERE {name}.registry = h.registry AND {name}.{database} = h.{database} AND \
                 {condition})"
            )
        };
        let later = other("l", "l.schema_version = h.schema_version AND l.ordinal > h.ordinal");
        let next = other("n", "n.schema_version IS NOT NULL AND n.ordinal > h.ordinal");
        let breaking = other("b", "b.schema_version = h.schema_version AND b.phase = 'contract'");
        Ok(format!(
            "{} {view} AS SELECT DISTINCT h.registry, h.{database}, h.schema_version AS version, h.applied_at, \
             h.name AS description, {breaking} AS breaking, NOT {next} AS is_current, h.id, h.ordinal FROM {history} h \
             WHERE h.schema_version IS NOT NULL AND NOT {later}",
            d.create_view
        ))
    }

    /// Lets readers read the ledger and no more.
    pub(super) fn grants(&self) -> Result<Vec<String>> {
        let names = [self.history()?, self.events()?, self.table("schema_version")?];
        let mut grants = Vec::new();
        for role in &self.ledger.location.readers {
            grants.extend((self.dialect.readable)(&names, role, self.ledger.location.schema_name())?);
        }
        Ok(grants)
    }

    pub(super) fn insert(&self, row: &Row<'_>, when: When) -> Result<String> {
        let (history, [columns, values]) = (self.history()?, self.row(row)?);
        let condition = match when {
            When::Always => return Ok(format!("INSERT INTO {history} ({columns}) VALUES ({values})")),
            When::Rows(rows) => self.rows(rows)?,
            When::Absent => {
                let [registry, id, database] = ["registry", "id", "database"].map(|name| self.value(row, name));
                format!(
                    "NOT EXISTS (SELECT 1 FROM {history} WHERE registry = {} AND id = {} AND {} = {})",
                    registry?, id?, self.dialect.database, database?
                )
            }
        };
        Ok(format!("INSERT INTO {history} ({columns}) SELECT {values} WHERE {condition}"))
    }

    fn value(&self, row: &Row<'_>, name: &str) -> Result<String> {
        row.iter().find(|(column, _)| *column == name).map_or_else(|| Ok("NULL".into()), |(_, cell)| self.cell(cell))
    }

    /// Writes the condition that exactly so many of this database's rows are there: whoever changes them adds an event.
    fn rows(&self, Known { rows, newest }: Known) -> Result<String> {
        let counted = format!("{rows} = (SELECT count(*) FROM {} WHERE {})", self.history()?, self.mine()?);
        Ok(match newest {
            Some(seq) => format!("({seq} = (SELECT max(seq) FROM {}) OR {counted})", self.events()?),
            None => counted,
        })
    }

    pub(super) fn duration(&self, migration: &Migration) -> Result<String> {
        let since = if migration.transactional {
            "applied_at".into()
        } else {
            let (events, run, id) = (self.events()?, self.text(self.ledger.run)?, self.text(migration.id)?);
            format!("(SELECT min(at) FROM {events} WHERE run = {run} AND id = {id})")
        };
        let elapsed = (self.dialect.elapsed)(&since);
        Ok(format!("UPDATE {} SET duration_ms = {elapsed} WHERE {}", self.history()?, self.key(migration.id)?))
    }

    pub(super) fn realign(&self, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        let values = values.iter().map(|(name, cell)| Ok(format!("{} = {}", self.column(name), self.cell(cell)?)));
        let values = values.collect::<Result<Vec<_>>>()?.join(", ");
        let update = format!("UPDATE {} SET {values} WHERE {}", self.history()?, self.key(id)?);
        Ok(match recorded {
            Some(recorded) => format!("{update} AND checksum = {}", self.text(recorded)?),
            None => update,
        })
    }

    pub(super) fn delete(&self, id: &str, when: When) -> Result<String> {
        let delete = format!("DELETE FROM {} WHERE {}", self.history()?, self.key(id)?);
        Ok(match when {
            When::Rows(rows) => format!("{delete} AND {}", self.rows(rows)?),
            When::Always | When::Absent => delete,
        })
    }

    pub(super) fn event(&self, row: &Row<'_>, claim: Option<Claim<'_>>) -> Result<String> {
        let (events, [columns, values]) = (self.events()?, self.row(row)?);
        let rows = match claim {
            None => format!("VALUES ({values})"),
            Some(Claim { migration, direction, fence }) => {
                let (history, key) = (self.history()?, self.key(migration.id)?);
                let rows = self.rows(Known { rows: fence.rows, newest: None })?;
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
        Ok(format!("INSERT INTO {events} ({columns}) {rows}"))
    }
}
