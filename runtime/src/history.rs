//! What the ledgers say has happened.

use crate::error::Holder;
use crate::escaped::Escaped;
use crate::registry::{Migration, Work};
use std::fmt;
use std::time::Duration;

/// Holds what the ledgers of a registry's databases have recorded.
#[derive(Debug, Clone, Default)]
pub struct History {
    records: Vec<Record>,
    attempts: Vec<Attempt>,
    half_rollbacks: Vec<HalfRollback>,
    lost: Vec<Lost>,
    unread: Vec<String>,
}

/// Names a migration that was applied and has no record any more.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    pub(crate) id: String,
    pub(crate) database: String,
}

impl History {
    /// Builds a history from records, in any order.
    pub fn new(mut records: Vec<Record>) -> Self {
        records.sort_by(|a, b| (a.number, &a.id, &a.database).cmp(&(b.number, &b.id, &b.database)));
        Self { records, ..Self::default() }
    }
    /// Tells whether what a squash replaces is applied.
    pub(crate) fn covers(&self, squash: &Migration) -> bool {
        let is_there = |part: &Migration| self.record(part).is_some() || self.covers(part);
        !squash.replaces.is_empty() && squash.replaces.iter().all(is_there)
    }
    /// Gives the history as it was without a migration, and without what that replaces.
    pub(crate) fn without(&self, migration: &Migration) -> Self {
        let gone = Record::all_of(migration);
        let other = |r: &&Record| !gone.iter().any(|g| g.id == r.id && g.database == r.database);
        Self { records: self.records.iter().filter(other).cloned().collect(), ..self.clone() }.of_its_records()
    }
    /// Tells whether the same migrations are applied.
    pub(crate) fn has_the_same(&self, other: &Self) -> bool {
        let keys =
            |history: &'_ Self| history.records.iter().map(|r| (r.id.clone(), r.database.clone())).collect::<Vec<_>>();
        keys(self) == keys(other)
    }
    pub(crate) fn with_attempts(self, attempts: Vec<Attempt>) -> Self {
        Self { attempts, ..self }
    }
    /// Says which rollbacks have not ended, of migrations that it has records of.
    pub(crate) fn with_half_rollbacks(self, half_rollbacks: Vec<HalfRollback>) -> Self {
        Self { half_rollbacks, ..self }.of_its_records()
    }
    fn of_its_records(mut self) -> Self {
        let Self { records, half_rollbacks, .. } = &mut self;
        half_rollbacks.retain(|half| records.iter().any(|record| half.is_of(&record.id, &record.database)));
        self
    }
    pub(crate) fn with_lost(self, lost: Vec<Lost>) -> Self {
        Self { lost, ..self }
    }
    /// Says which databases could not be read, so that what is known of them is another ledger's copy, or nothing.
    pub(crate) fn with_unread(self, unread: Vec<String>) -> Self {
        Self { unread, ..self }
    }
    /// Names the databases that could not be read ([`Migrator::available`](crate::Migrator::available)).
    pub fn unread(&self) -> &[String] {
        &self.unread
    }
    pub(crate) fn lost(&self) -> &[Lost] {
        &self.lost
    }
    /// Lists what is applied, in ascending order of the numbers.
    pub fn records(&self) -> &[Record] {
        &self.records
    }
    /// Lists the migrations that are not applied but were tried: the last attempt of each.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
    /// Finds the record of a migration in its database.
    pub fn record(&self, migration: &Migration) -> Option<&Record> {
        let start = self.records.partition_point(|r| r.number < migration.number);
        let numbered = self.records.iter().skip(start).take_while(|r| r.number == migration.number);
        numbered.into_iter().find(|r| r.id == migration.id && r.database == migration.database)
    }
    /// Lists the rollbacks without a transaction that were begun and have not ended: these migrations are applied still, and not as a whole.
    pub fn half_rollbacks(&self) -> &[HalfRollback] {
        &self.half_rollbacks
    }
    /// Finds the rollback of a migration that was begun and has not ended.
    pub fn half_rollback(&self, migration: &Migration) -> Option<&HalfRollback> {
        self.half_rollbacks.iter().find(|half| half.is_of(migration.id, migration.database))
    }
    /// Finds the last attempt at a migration that did not end well.
    pub fn attempt(&self, migration: &Migration) -> Option<&Attempt> {
        self.attempts.iter().find(|a| a.id == migration.id && a.database == migration.database)
    }
}

/// Records one applied migration: a row of `whimbrel_history`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The id.
    pub id: String,
    /// The database whose ledger has the row.
    pub database: String,
    /// The number that the id begins with.
    pub number: i64,
    /// The description.
    pub name: String,
    /// Where it was declared.
    pub source: String,
    /// `sql`, `rust` or `baseline`; `squash` where it replaces others, `covered` where a squash has brought what it did.
    pub kind: String,
    /// The phase, where one was declared.
    pub phase: Option<String>,
    /// The schema version that was reached with it.
    pub schema_version: Option<String>,
    /// The checksum of what was applied.
    pub checksum: String,
    /// The version of the way in which the checksum was computed; 0 where the ledger has no number.
    pub checksum_algorithm: i64,
    /// The checksum of its text.
    pub text_checksum: Option<String>,
    /// The checksum of its rollback.
    pub down_checksum: Option<String>,
    /// Whether it ran in a transaction.
    pub transactional: bool,
    /// Whether it was applied before an earlier one, or after a later one.
    pub out_of_order: bool,
    /// When, as RFC 3339 in UTC; empty where the ledger has something else than a time.
    pub applied_at: String,
    /// By which user.
    pub applied_by: String,
    /// How long it took.
    pub duration: Option<Duration>,
    /// The statements that roll it back, where they are SQL.
    pub rollback: Vec<String>,
    /// The application's version that applied it.
    pub app_version: Option<String>,
    /// The version of whimbrel that applied it.
    pub whimbrel_version: String,
    /// When a rollback without a transaction was begun that has not ended, as RFC 3339 in UTC.
    pub rollback_started_at: Option<String>,
}

/// The kind of what replaces others.
pub(crate) const SQUASH: &str = "squash";
/// The kind of what was never applied under its own id, but as part of a squash.
const COVERED: &str = "covered";

impl Record {
    /// Builds the records that applying a migration leaves: its own, and those of what it replaces.
    pub(crate) fn all_of(migration: &Migration) -> Vec<Self> {
        let covered = migration.covered().into_iter();
        let covered = covered.map(|part| Self { kind: part.covered_kind().into(), ..Self::of(part) });
        std::iter::once(Self::of(migration)).chain(covered).collect()
    }
    /// Builds the record that applying a migration leaves, without what only the database knows.
    pub fn of(migration: &Migration) -> Self {
        Self {
            id: migration.id.into(),
            database: migration.database.into(),
            number: migration.number,
            name: migration.description.into(),
            source: migration.source.into(),
            kind: migration.kind().into(),
            phase: migration.phase.map(|phase| phase.as_str().into()),
            schema_version: migration.schema.as_ref().map(ToString::to_string),
            checksum: migration.checksum.into(),
            checksum_algorithm: migration.checksum_algorithm.into(),
            text_checksum: Some(migration.text_checksum.into()),
            down_checksum: migration.down_checksum.map(Into::into),
            transactional: migration.transactional,
            out_of_order: false,
            applied_at: String::new(),
            applied_by: String::new(),
            duration: None,
            rollback: migration.down.as_ref().map(|down| down.statements()).unwrap_or_default(),
            app_version: None,
            whimbrel_version: env!("CARGO_PKG_VERSION").into(),
            rollback_started_at: None,
        }
    }
}

/// Records the last attempt at a migration that is still not applied, or not rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The id.
    pub id: String,
    /// The database.
    pub database: String,
    /// The last event: `started`, `statement` or `failed`.
    pub event: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// The statement that was reached, from 1.
    pub statement: Option<usize>,
    /// How many there are.
    pub statements: Option<usize>,
    /// The error, where it failed.
    pub message: Option<String>,
}

/// Says how far a rollback without a transaction has come that was begun and has not ended. Displayed as what becomes of it: `died after
/// statement 1 of 3`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HalfRollback {
    /// What was heard of it last; its event is empty where the events tell nothing.
    pub reached: Attempt,
    /// Whether nobody can be at it any more; where no lock lasts for a run that can't be known.
    pub is_dead: bool,
    /// Who is at it, where the server can tell.
    pub holder: Option<Box<Holder>>,
}

impl HalfRollback {
    pub(crate) fn is_of(&self, id: &str, database: &str) -> bool {
        self.reached.id == id && self.reached.database == database
    }
}

impl fmt::Display for HalfRollback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Attempt { event, statement, statements, message, .. } = &self.reached;
        let of = match (statement, statements) {
            (Some(statement), Some(statements)) => format!(" statement {statement} of {statements}"),
            _ => String::new(),
        };
        let died = if self.is_dead { "died" } else { "died, or is still running," };
        match (event.as_str(), &self.holder) {
            ("", _) => f.write_str("was begun, and the events do not tell how far it came"),
            ("failed", _) => {
                f.write_str("failed")?;
                if !of.is_empty() {
                    write!(f, " at{of}")?;
                }
                message.iter().try_for_each(|message| write!(f, ": {}", Escaped(message)))
            }
            (event, Some(holder)) => {
                let place = if event == "statement" { "behind" } else { "at" };
                write!(f, "is {place}{of}, by {holder}")
            }
            (event, None) => {
                let place = if event == "statement" { "after" } else { "at" };
                write!(f, "{died} {place}{of}")
            }
        }
    }
}

/// Holds one row of `whimbrel_events`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The position in its ledger, ascending.
    pub sequence: i64,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// The migration's id.
    pub id: String,
    /// The database.
    pub database: String,
    /// The run that wrote it.
    pub run: String,
    /// `started`, `statement`, `applied`, `failed`, `rolled_back`, `verified`, `baselined` or `repaired`.
    pub event: String,
    /// `up` or `down`.
    pub direction: String,
    /// The statement, from 1.
    pub statement: Option<usize>,
    /// How many there are.
    pub statements: Option<usize>,
    /// The migration's checksum at that time.
    pub checksum: Option<String>,
    /// The error's message.
    pub message: Option<String>,
    /// The statement's text, or the error's detail.
    pub detail: Option<String>,
    /// The user.
    pub actor: String,
    /// How long ago it was, by the server's clock.
    pub age: Duration,
}

impl Migration {
    /// Names the kind as the ledger does.
    pub(crate) fn kind(&self) -> &'static str {
        match self.up {
            _ if !self.replaces.is_empty() => SQUASH,
            Work::Script(_) => "sql",
            Work::Rust(_) => "rust",
        }
    }
    /// Names the kind of the row that it gets where it is recorded and not run: programs from before a squash know one by its kind.
    pub(crate) fn baseline_kind(&self) -> &'static str {
        if self.replaces.is_empty() { "baseline" } else { SQUASH }
    }
    /// Names the kind of the row that it gets where a squash brings what it did.
    pub(crate) fn covered_kind(&self) -> &'static str {
        if self.replaces.is_empty() { COVERED } else { SQUASH }
    }
}

impl Work {
    /// Gives the statements as text; none for Rust code.
    pub(crate) fn statements(&self) -> Vec<String> {
        match self {
            Work::Script(script) => script.statements().map(Into::into).collect(),
            Work::Rust(_) => Vec::new(),
        }
    }
}
