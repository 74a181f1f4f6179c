//! The ledger: `whimbrel_history`, a row for each applied migration, and `whimbrel_events`, append only.
//!
//! **Invariant:** the columns registry, id, database, ordinal and checksum of `whimbrel_history` keep their names
//! and meaning for ever, so that a binary of any age can tell whether it understands a ledger.

mod language;
mod row;
mod sql;
mod understood;

pub(crate) use language::{Claim, Fence, Known, Language, When};
#[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
pub(crate) use row::user;
pub(crate) use row::{COLUMNS, Cell, Row};
pub(crate) use sql::quote;
pub(crate) use understood::{Glance, Recorded, attempts, entries, glance, records};

use crate::backend::LockName;
use crate::error::Result;
use crate::history::Record;
use crate::plan::Step;
use crate::registry::{Migration, Registry};
use crate::script::{Retry, Script};
use crate::target::Direction;

/// The newest format that this version writes and understands.
pub(crate) const FORMAT: i64 = 1;
/// The registry under which the ledger records its own format.
pub(crate) const SELF: &str = "whimbrel";

/// Says where a ledger is: in which schema, and how its two tables begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    schema: String,
    prefix: String,
    readers: Vec<String>,
}

impl Default for Location {
    fn default() -> Self {
        Self { schema: "public".into(), prefix: SELF.into(), readers: Vec::new() }
    }
}

impl Location {
    /// Chooses the schema; servers without schemas ignore it. The default is `public`.
    #[must_use]
    pub fn schema(self, schema: impl Into<String>) -> Self {
        Self { schema: schema.into(), ..self }
    }
    /// Chooses how the tables' names begin: `whimbrel` gives `whimbrel_history` and `whimbrel_events`.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }
    /// Lets a role of the server read the ledger, and no more, when it is created; for an application that serves under another role
    /// than the one that migrates. Servers without roles ignore it. There may be several.
    #[must_use]
    pub fn reader(mut self, role: impl Into<String>) -> Self {
        self.readers.push(role.into());
        self
    }
    #[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
    pub(crate) fn prefix_name(&self) -> &str {
        &self.prefix
    }
    pub(crate) fn schema_name(&self) -> &str {
        &self.schema
    }
    /// Names the lock that keeps the peace at this ledger; its key is FNV-1a of the ledger's name.
    pub(crate) fn lock<'a>(&'a self, run: &'a str) -> LockName<'a> {
        let name = format!("whimbrel:{}.{}", self.schema, self.prefix);
        let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let key = name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv).cast_signed();
        LockName { key, ledger: &self.prefix, run }
    }
}

/// Writes the texts of one database's ledger, for one registry and run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ledger<'a> {
    pub(crate) language: &'static dyn Language,
    pub(crate) location: &'a Location,
    pub(crate) registry: &'a Registry,
    pub(crate) database: &'a str,
    pub(crate) run: &'a str,
}

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

/// What each text does is said by [`Language`].
impl Ledger<'_> {
    /// Gives each statement's position from 0, its text, and how it is taken up again on this ledger's database.
    pub(crate) fn steps(&self, script: &Script) -> impl Iterator<Item = (usize, &'static str, Retry)> {
        let language = self.language;
        script.steps().map(move |(index, text, retry)| match (retry, language.apart(text)) {
            (Retry::Together | Retry::Joined, Some(apart)) => (index, text, apart),
            _ => (index, text, retry),
        })
    }
    pub(crate) fn table(&self, name: &str) -> Result<String> {
        self.language.table(self, name)
    }
    pub(crate) fn create(&self) -> Result<Vec<String>> {
        self.language.create(self)
    }
    pub(crate) fn complete(&self) -> Result<Vec<String>> {
        self.language.complete(self)
    }
    pub(crate) fn grants(&self) -> Result<Vec<String>> {
        self.language.grants(self)
    }
    pub(crate) fn glance(&self) -> Result<String> {
        self.language.glance(self)
    }
    pub(crate) fn probes(&self) -> Result<[String; 2]> {
        self.language.probes(self)
    }
    pub(crate) fn any(&self) -> Result<String> {
        self.language.any(self)
    }
    pub(crate) fn read(&self) -> Result<String> {
        self.language.read(self)
    }
    pub(crate) fn read_attempts(&self) -> Result<String> {
        self.language.read_attempts(self)
    }
    pub(crate) fn read_events(&self, unfinished: Option<&str>) -> Result<String> {
        self.language.read_events(self, unfinished)
    }
    /// Records a migration as applied; with `rows` only where they are as they were seen.
    pub(crate) fn insert(&self, step: &Step, kind: &str, rows: Option<Known>) -> Result<String> {
        self.language.insert(self, &row::applied(self, step, kind), rows.map_or(When::Always, When::Rows))
    }
    /// Records a migration as applied, as the last of its transaction and with how long that took.
    pub(crate) fn conclude(&self, step: &Step, kind: &str) -> Result<String> {
        let mut row = row::applied(self, step, kind);
        row.push(("duration_ms", Cell::Elapsed));
        self.language.insert(self, &row, When::Always)
    }
    /// Records what a squash replaces, where it has no row of its own.
    pub(crate) fn cover(&self, part: &'static Migration) -> Result<String> {
        self.language.insert(self, &row::applied(self, &Step::up(part), part.covered_kind()), When::Absent)
    }
    /// Writes a row as another database's ledger has it.
    pub(crate) fn copy(&self, record: &Record) -> Result<String> {
        self.language.insert(self, &row::copied(self, record), When::Always)
    }
    /// Takes away a row that another database's ledger has no longer.
    pub(crate) fn forget(&self, id: &str) -> Result<String> {
        self.language.delete(self, id, When::Always)
    }
    /// Takes a migration's row away; with `rows` only where they are as they were seen.
    pub(crate) fn delete(&self, migration: &Migration, rows: Option<Known>) -> Result<String> {
        self.language.delete(self, migration.id, rows.map_or(When::Always, When::Rows))
    }
    pub(crate) fn duration(&self, migration: &Migration) -> Result<String> {
        self.language.duration(self, migration)
    }
    /// Records a migration as it is now, where its row has the checksum that was seen.
    pub(crate) fn realign(&self, m: &Migration, recorded: &str) -> Result<String> {
        self.language.realign(self, m.id, &row::realigned(m), Some(recorded))
    }
    /// Marks a row whose rollback has begun without a transaction, or takes the mark away. It is good as long as the row is there, and
    /// what the first look sees.
    pub(crate) fn mark_rollback(&self, migration: &Migration, is_begun: bool) -> Result<String> {
        self.language.realign(self, migration.id, &row::rolling_back(is_begun), None)
    }
    pub(crate) fn event(&self, migration: &Migration, direction: Direction, what: &Happening<'_>) -> Result<String> {
        let claim = what.fence.map(|fence| Claim { migration, direction, fence });
        self.language.event(self, &row::event(self, migration, direction, what), claim)
    }
}
