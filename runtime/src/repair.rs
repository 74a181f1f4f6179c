//! What only a person can know: whether the statement that a run died on took effect, whether somebody has ended by hand what a
//! rollback had begun, and whether a database has what a migration does since it was changed.

use crate::history::HalfRollback;
use crate::registry::Migration;
use crate::target::Direction;

/// Asks about one statement of a migration without a transaction, about a rollback that has not ended, or about a migration that was
/// changed after it was applied.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Question {
    /// The migration.
    pub migration: &'static Migration,
    /// Which way it went when it stopped.
    pub direction: Direction,
    /// The statement that was begun, or that a rollback came to, from 1; Rust code counts as one.
    pub statement: Option<usize>,
    /// How many there are.
    pub statements: Option<usize>,
    /// The statement's text, the rollback's, or the name of the code.
    pub text: String,
    /// When it was begun, or applied, as RFC 3339 in UTC.
    pub since: String,
    /// The checksum that the ledger has, where the migration was changed after it was applied: then it is asked whether the
    /// database has what the migration does now.
    pub recorded: Option<String>,
    /// How far its rollback came, where that has not ended and no statement of it is in doubt: then it is asked whether the database
    /// has what the migration does as a whole again, or nothing of it. Nobody has to answer: the next rollback goes on by itself.
    pub half_rollback: Option<HalfRollback>,
}

/// Answers a [`Question`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It took effect: the next run goes on after it. A migration that was changed is recorded as it is now; one that is half rolled
    /// back is there as a whole again.
    Applied,
    /// It did not, or what it did was undone: the next run does it again. A migration that is half rolled back is gone as a whole.
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
