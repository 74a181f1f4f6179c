//! What a run has done.

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
}

impl Report {
    pub(crate) fn new(direction: Direction) -> Self {
        Self { direction, done: Vec::new(), duration: Duration::ZERO, stopped: false }
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
