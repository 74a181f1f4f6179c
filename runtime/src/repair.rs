//! What only a person can know: whether the statement that a run died on took effect, and whether a database has what a
//! migration does since it was changed.

use crate::registry::Migration;

/// Asks about one statement of a migration without a transaction, or about a migration that was changed after it was applied.
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
    /// When it was begun, or applied, as RFC 3339 in UTC.
    pub since: String,
    /// The checksum that the ledger has, where the migration was changed after it was applied: then it is asked whether the
    /// database has what the migration does now.
    pub recorded: Option<String>,
}

/// Answers a [`Question`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It took effect: the next run goes on after it. A migration that was changed is recorded as it is now.
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
