//! What only a person can know: whether the statement that a run died on took effect.

use crate::registry::Migration;

/// Asks about one statement of a migration without a transaction.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Question {
    /// The migration.
    pub migration: &'static Migration,
    /// The statement that was begun, from 1; Rust code counts as one.
    pub statement: Option<usize>,
    /// How many there are.
    pub statements: Option<usize>,
    /// The statement's text, or the name of the code.
    pub text: String,
    /// When it was begun, as RFC 3339 in UTC.
    pub since: String,
}

/// Answers a [`Question`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It took effect: the next run goes on after it.
    Applied,
    /// It did not, or what it did was undone: the next run does it again.
    RolledBack,
}

impl Mark {
    /// Names the event that says so.
    pub(crate) const fn event(self) -> &'static str {
        match self {
            Mark::Applied => "statement",
            Mark::RolledBack => "failed",
        }
    }
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Mark::Applied => "marked as applied",
            Mark::RolledBack => "marked as rolled back",
        }
    }
}
