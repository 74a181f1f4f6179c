//! The kinds of errors, with typed fields.

use crate::adopt::Obstacle;
use crate::plan::Finding;
use crate::readiness::Readiness;
use crate::script::Place;
use crate::target::Direction;
use std::sync::Arc;
use std::time::Duration;

/// Says why a migration that was left in the middle can't go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interruption {
    /// A process died in the middle of a statement, or is still at it.
    Died,
    /// A statement that has run already was changed in the code since.
    Changed,
    /// A statement that has run already gave its session a value that a later one needs.
    Carried,
}

/// Names the kinds of errors. New ones may come: match with a wildcard, or ask the error's predicates.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The plan can't be made.
    #[non_exhaustive]
    Refused {
        /// Every reason.
        findings: Vec<Finding>,
    },
    /// A statement failed; the server's answer is the source.
    #[non_exhaustive]
    StatementFailed {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// Which way.
        direction: Direction,
        /// The statement, from 1; none where it was the ledger's, or the commit.
        statement: Option<usize>,
        /// How many statements there are.
        statements: usize,
        /// The statement's first lines, or what was done instead of one.
        text: String,
        /// Where it is in the author's file.
        place: Option<Place>,
        /// What was left as it was.
        left: Left,
    },
    /// A migration's Rust code returned an error, which is the source.
    #[non_exhaustive]
    CodeFailed {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// What was left as it was.
        left: Left,
    },
    /// A migration's Rust code panicked.
    #[non_exhaustive]
    Panicked {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// The panic's message.
        message: String,
        /// What was left as it was.
        left: Left,
    },
    /// A migration's Rust code committed or rolled back the transaction that it was handed.
    #[non_exhaustive]
    TransactionEnded {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
    },
    /// A migration's Rust code went on after a statement had failed, and its transaction can't be committed.
    #[non_exhaustive]
    TransactionSpoilt {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// What was left as it was.
        left: Left,
    },
    /// A `REQUIRE` or a `VERIFY` did not hold.
    #[non_exhaustive]
    CheckFailed {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// `REQUIRE` or `VERIFY`.
        check: &'static str,
        /// The query, or the words `Rust code`.
        query: String,
        /// What came back.
        answer: String,
        /// Where it is in the author's file.
        place: Option<Place>,
        /// What was left as it was.
        left: Left,
    },
    /// A migration left rows without the row that they refer to.
    #[non_exhaustive]
    ForeignKeysViolated {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// Each row in words: table, rowid, parent.
        violations: Vec<String>,
    },
    /// What is applied is not as it should be.
    #[non_exhaustive]
    VerificationFailed {
        /// Each failure.
        failures: Vec<super::Error>,
    },
    /// Somebody else changed the history, and what was planned would now be something else.
    #[non_exhaustive]
    Overtaken {
        /// The database.
        database: String,
        /// How many migrations were done before.
        done: usize,
    },
    /// Somebody else held the lock for too long.
    #[non_exhaustive]
    Locked {
        /// The database.
        database: String,
        /// Who, where the server tells.
        holder: Option<Holder>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A statement could not get a lock for too long, however often it was tried.
    #[non_exhaustive]
    Blocked {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// The statement, from 1.
        statement: Option<usize>,
        /// Its first lines.
        text: String,
        /// Where it is in the author's file.
        place: Option<Place>,
        /// Who holds what it waited for, where the server tells.
        holder: Option<Holder>,
        /// How often it was tried.
        attempts: usize,
        /// For how long.
        waited: Duration,
        /// What was left as it was.
        left: Left,
    },
    /// A migration without a transaction was left in the middle, and it can't be known where.
    #[non_exhaustive]
    Interrupted {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
        /// The statement that was begun, from 1; none for Rust code.
        statement: Option<usize>,
        /// The statement's text, or the name of the code.
        text: String,
        /// When it was begun.
        since: String,
        /// Why it can't go on by itself.
        why: Interruption,
    },
    /// A migration without a transaction needs a connection of its own, and a pooler stands between.
    #[non_exhaustive]
    Pooled {
        /// The migration.
        id: String,
        /// Its database.
        database: String,
    },
    /// The server lacks extensions that migrations need.
    #[non_exhaustive]
    MissingExtension {
        /// The first of the migrations that needs one.
        id: String,
        /// Its database.
        database: String,
        /// The extensions.
        extensions: Vec<String>,
    },
    /// The run was stopped while it waited for somebody else, as was asked for.
    #[non_exhaustive]
    Stopped {
        /// The database.
        database: String,
    },
    /// There is no statement of a migration that a run died on, or the next run finds out by itself.
    #[non_exhaustive]
    NothingToRepair {
        /// The migration.
        id: String,
    },
    /// The application may not start yet, or not at all.
    #[non_exhaustive]
    NotReady {
        /// Why.
        readiness: Readiness,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A newer whimbrel has changed the ledger's format.
    #[non_exhaustive]
    NewerLedger {
        /// The database.
        database: String,
        /// The format found.
        found: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// The ledger's tables are not as whimbrel made them.
    #[non_exhaustive]
    DamagedLedger {
        /// The database.
        database: String,
        /// What is wrong with them.
        damage: Damage,
    },
    /// Nothing answers, or the connection could not be opened.
    #[non_exhaustive]
    Unreachable {
        /// The database.
        database: String,
        /// Its URL, without password.
        url: String,
        /// Why.
        reason: String,
    },
    /// Databases can't be reached, of several that are needed; nothing was changed in any of them.
    #[non_exhaustive]
    Down {
        /// Why, for each that can't be.
        failures: Vec<Arc<super::Error>>,
        /// How many there are altogether.
        of: usize,
    },
    /// The server refused user or password.
    #[non_exhaustive]
    AuthenticationFailed {
        /// The database.
        database: String,
        /// Its URL, without password.
        url: String,
    },
    /// There is no such database, file or folder.
    #[non_exhaustive]
    NoDatabase {
        /// The database.
        database: String,
        /// Its URL, without password.
        url: String,
        /// What is not there.
        reason: String,
    },
    /// The file is something else.
    #[non_exhaustive]
    NotADatabase {
        /// The database.
        database: String,
    },
    /// No URL was given.
    #[non_exhaustive]
    NoUrl {
        /// The database.
        database: String,
        /// The environment variables that would give it.
        variables: Vec<String>,
    },
    /// A URL is not understood.
    #[non_exhaustive]
    InvalidUrl {
        /// The database.
        database: String,
        /// Why.
        reason: String,
    },
    /// A database of the registry was not connected.
    #[non_exhaustive]
    NotConnected {
        /// The database.
        database: String,
        /// Why not.
        reason: &'static str,
    },
    /// A text or a name holds what can't be sent.
    #[non_exhaustive]
    InvalidText {
        /// The text, shortened.
        text: String,
        /// Why it can't be sent.
        reason: &'static str,
    },
    /// A server refused something of whimbrel's own; its answer is the source.
    #[non_exhaustive]
    Server {
        /// The database.
        database: String,
        /// What was being done.
        doing: &'static str,
    },
    /// A baseline can't be recorded.
    #[non_exhaustive]
    NotAdopted {
        /// Every reason.
        obstacles: Vec<Obstacle>,
    },
    /// An author's own error.
    #[non_exhaustive]
    Author {
        /// The message.
        message: String,
    },
}

/// Says what is wrong with a ledger's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// The history is there, and the table of the events is not. [`Migrator::init`](crate::Migrator::init) creates it.
    #[non_exhaustive]
    MissingEvents {
        /// The table.
        table: String,
    },
    /// The events are there, and the table of the history is not: what is applied is no longer known.
    #[non_exhaustive]
    MissingHistory {
        /// The table.
        table: String,
        /// The table of the events.
        events: String,
    },
    /// A table lacks a column; the server's answer, which names it, is the source.
    MissingColumn,
    /// What is written to it is not there afterwards.
    KeepsNothing,
}

/// Says what a failed migration left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// The migration was rolled back: nothing of it is left.
    Nothing,
    /// The statements before the failed one stay done, and the next run goes on from there.
    Statements {
        /// How many are done.
        done: usize,
        /// Invalid indexes that the failed statement left; the next run drops them first.
        invalid_indexes: Vec<String>,
    },
    /// Nothing was to be changed.
    Untouched,
    /// The connection was lost: all of it is done and recorded, or nothing is.
    Undecided,
    /// What the code did before it failed stays done; the next run calls it again from the beginning.
    Unknown,
}

/// Names who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Holder {
    /// The server process.
    pub pid: i64,
    /// The name that the application gave itself.
    pub application: String,
    /// The user.
    pub user: String,
    /// The client's address, where it came over the network.
    pub address: Option<String>,
    /// Since when its transaction is open, or since when it is connected.
    pub since: String,
    /// What it does: `active`, `idle in transaction`; where the server tells.
    pub state: Option<String>,
    /// The statement that it is at, or was at last, cut after 500 characters; of a run of whimbrel's the migration: `up 0002_mail`.
    pub query: Option<String>,
    /// How long its lease lasts unless it renews it, where it has one and no session holds the lock.
    pub lease: Option<Duration>,
}
