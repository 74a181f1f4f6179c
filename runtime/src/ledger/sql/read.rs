//! The texts that read it.

use super::Sql;
use crate::error::Result;
use crate::ledger::{COLUMNS, SELF};

impl Sql<'_> {
    pub(super) fn glance(&self) -> Result<String> {
        let (registry, database) = (self.text(self.ledger.registry.name)?, self.text(self.ledger.database)?);
        Ok((self.dialect.glance)(&self.history()?, &registry, &database))
    }

    pub(super) fn probes(&self) -> Result<[String; 2]> {
        let probe = |table| format!("SELECT 1 FROM {table} WHERE 1 = 0");
        Ok([probe(self.history()?), probe(self.events()?)])
    }

    /// Nothing is to be done that could not be written down, so it fails where the events are missing.
    pub(super) fn read(&self) -> Result<String> {
        Ok(format!("{};\n{}", self.read_rows()?, self.read_lost()?))
    }

    fn read_lost(&self) -> Result<String> {
        let (history, events, mine) = (self.history()?, self.events()?, self.mine()?);
        let database = self.dialect.database;
        // Each statement sees both tables as they were at one moment.
        Ok(format!(
            "SELECT e.id FROM {events} e WHERE e.seq IN (SELECT max(seq) FROM {events} WHERE {mine} AND event IN \
             ('applied', 'baselined', 'rolled_back') GROUP BY id) AND e.event <> 'rolled_back' AND NOT EXISTS (SELECT 1 FROM \
             {history} h WHERE h.registry = e.registry AND h.id = e.id AND h.{database} = e.{database}) ORDER BY e.seq"
        ))
    }

    fn read_rows(&self) -> Result<String> {
        let column = |name| match name {
            "applied_at" | "rollback_started_at" => (self.dialect.rfc3339)(name),
            "rollback" => (self.dialect.joined)(name),
            name => self.column(name).to_owned(),
        };
        Ok(format!(
            "SELECT {}, (SELECT max(seq) FROM {}) FROM {} WHERE ({}) OR registry = '{SELF}' ORDER BY ordinal",
            COLUMNS.map(column).join(", "),
            self.events()?,
            self.history()?,
            self.mine()?
        ))
    }

    pub(super) fn read_attempts(&self) -> Result<String> {
        let (history, events) = (self.history()?, self.events()?);
        let (mine, database) = (self.mine()?, self.dialect.database);
        let at = (self.dialect.rfc3339)("e.at");
        Ok(format!(
            "SELECT e.id, e.{database}, e.event, {at}, e.statement, e.statements, e.message FROM {events} e WHERE e.seq \
             IN (SELECT max(seq) FROM {events} WHERE {mine} GROUP BY id) AND \
             e.event IN ('started', 'statement', 'failed') AND NOT EXISTS (SELECT 1 FROM {history} h WHERE \
             h.registry = e.registry AND h.id = e.id AND h.{database} = e.{database})"
        ))
    }

    pub(super) fn read_events(&self, unfinished: Option<&str>) -> Result<String> {
        let (at, age) = ((self.dialect.rfc3339)("at"), (self.dialect.elapsed)("at"));
        let which = unfinished.map_or_else(|| self.mine(), |id| self.unfinished(id))?;
        Ok(format!(
            "SELECT seq, {at}, id, {}, run, event, direction, statement, statements, checksum, message, detail, \
             actor, {age} FROM {} WHERE {which} ORDER BY seq",
            self.dialect.database,
            self.events()?
        ))
    }

    /// Names the events of a migration since it was last applied or rolled back.
    pub(super) fn unfinished(&self, id: &str) -> Result<String> {
        let which = format!("{} AND id = {}", self.mine()?, self.text(id)?);
        Ok(format!(
            "{which} AND seq > (SELECT coalesce(max(seq), 0) FROM {} WHERE {which} AND event IN ('applied', \
             'rolled_back', 'baselined'))",
            self.events()?
        ))
    }
}
