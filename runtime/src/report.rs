//! What a run has done.

use crate::plan::Plan;
use crate::target::Direction;
use std::time::Duration;

/// Tells what a run has done; empty where there was nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Which way it went.
    pub direction: Direction,
    /// What was done, in order.
    pub done: Vec<Outcome>,
    /// How long it took altogether.
    pub duration: Duration,
    /// Whether it was stopped before all was done, as somebody had asked for.
    pub stopped: bool,
    /// What was left out, because a database that it needs can't be reached ([`Migrator::available`](crate::Migrator::available)).
    pub waiting: Vec<Waiting>,
}

impl Report {
    pub(crate) fn new(direction: Direction) -> Self {
        Self { direction, done: Vec::new(), duration: Duration::ZERO, stopped: false, waiting: Vec::new() }
    }
    pub(crate) fn waiting(self, plan: &Plan) -> Self {
        let waiting = plan.waiting().map(|(m, on)| Waiting { id: m.id, database: m.database, on });
        Self { waiting: waiting.collect(), ..self }
    }
    /// Tells whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }
}

/// Names a migration that was applied or rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Which.
    pub id: &'static str,
    /// Where.
    pub database: &'static str,
    /// How long it took, seen from here.
    pub duration: Duration,
}

/// Names a migration that waits for a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Which.
    pub id: &'static str,
    /// Its own database.
    pub database: &'static str,
    /// The database that can't be reached: its own, or that of what it comes after.
    pub on: &'static str,
}
