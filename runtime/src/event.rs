//! What a run tells while it goes on.

use crate::error::Holder;
use crate::target::Direction;
use std::time::Duration;

/// Tells what a run is doing; given to [`Migrator::on_event`](crate::Migrator::on_event).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// A run with something to do has begun.
    RunStarted {
        /// Which way.
        direction: Direction,
        /// How many migrations.
        steps: usize,
    },
    /// Somebody else holds the lock; told again at every look.
    Waiting {
        /// The database whose lock it is.
        database: String,
        /// Who has it, where the server tells.
        holder: Option<Holder>,
        /// How long it has been waited for.
        waited: Duration,
    },
    /// A migration has begun.
    StepStarted {
        /// Which.
        id: &'static str,
        /// Where.
        database: &'static str,
        /// Which way.
        direction: Direction,
        /// Its position in the run, from 1.
        step: usize,
        /// How many migrations.
        steps: usize,
        /// How many statements it has; 0 for Rust code.
        statements: usize,
    },
    /// A statement of a migration is done.
    StatementDone {
        /// Of which migration.
        id: &'static str,
        /// Its position, from 1.
        statement: usize,
        /// How many there are.
        statements: usize,
    },
    /// A migration is done.
    StepFinished {
        /// Which.
        id: &'static str,
        /// Where.
        database: &'static str,
        /// Which way.
        direction: Direction,
        /// How long it took, seen from here.
        duration: Duration,
    },
    /// A migration failed; the run ends.
    StepFailed {
        /// Which.
        id: &'static str,
        /// Where.
        database: &'static str,
        /// Which way.
        direction: Direction,
    },
    /// The run is over: it failed, was refused, or was dropped.
    RunFailed,
    /// Another process did this one meanwhile.
    Skipped {
        /// Which.
        id: &'static str,
        /// Where.
        database: &'static str,
        /// Which way.
        direction: Direction,
    },
    /// The run is over, and all is well.
    RunFinished {
        /// Which way.
        direction: Direction,
        /// How many migrations of the registry are still to be applied.
        pending: usize,
        /// How many migrations were done.
        steps: usize,
        /// How long it took.
        duration: Duration,
    },
}
