//! What a rehearsal found, in words.

use super::snapshot::{self, Snapshot};
use crate::error::Error;
use crate::registry::{Migration, Registry};
use std::fmt;

/// So many differences are shown for each finding; the rest is counted.
const SHOWN: usize = 20;

/// Holds what was found, in the order in which it was.
#[derive(Debug)]
pub(super) struct Outcome {
    registry: &'static Registry,
    found: Vec<(String, Vec<String>)>,
}

impl Outcome {
    pub(super) fn new(registry: &'static Registry) -> Self {
        Outcome { registry, found: Vec::new() }
    }

    pub(super) fn is_good(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn failed(&mut self, migration: &Migration, error: &Error) {
        self.found.push((format!("`{}` could not be applied: {error:#}", migration.id()), Vec::new()));
    }

    pub(super) fn not_twice(&mut self, migration: &Migration, error: &Error) {
        let text =
            format!("a statement of `{}` says IF NOT EXISTS and fails the second time: {error:#}", migration.id());
        self.found.push((text, Vec::new()));
    }

    pub(super) fn not_rolled_back(&mut self, migration: &Migration, error: &Error) {
        self.found.push((format!("`{}` could not be rolled back: {error:#}", migration.id()), Vec::new()));
    }

    pub(super) fn not_again(&mut self, migration: &Migration, error: &Error) {
        let text = format!("`{}` could not be applied again after its rollback: {error:#}", migration.id());
        self.found.push((text, Vec::new()));
    }

    pub(super) fn rolled_back(&mut self, migration: &Migration, before: &[Snapshot], after: &[Snapshot]) {
        let text = format!("rolling back `{}` does not bring back what was there before", migration.id());
        self.compare(text, before, after);
    }

    pub(super) fn applied_again(&mut self, migration: &Migration, first: &[Snapshot], second: &[Snapshot]) {
        let text = format!("`{}` leaves something else when it is applied again after its rollback", migration.id());
        self.compare(text, first, second);
    }

    /// Compares what the compiler followed with what is there.
    pub(super) fn simulated(&mut self, real: &[Snapshot]) {
        for (database, real) in self.registry.databases().iter().zip(real) {
            if let Some(differences) = snapshot::simulated(database.catalog, real) {
                let text = format!("the schema of `{}` is not the one that the compiler followed", database.name());
                self.found.push((text, differences));
            }
        }
    }

    fn compare(&mut self, text: String, before: &[Snapshot], after: &[Snapshot]) {
        let mut differences = Vec::new();
        for (before, after) in before.iter().zip(after) {
            differences.extend(before.difference(after).map(|line| format!("- {line}")));
            differences.extend(after.difference(before).map(|line| format!("+ {line}")));
        }
        if !differences.is_empty() {
            self.found.push((text, differences));
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the chain of `{}` does not hold:", self.registry.name())?;
        for (text, differences) in &self.found {
            write!(f, "\n\n{text}")?;
            for line in differences.iter().take(SHOWN) {
                write!(f, "\n    {line}")?;
            }
            if differences.len() > SHOWN {
                write!(f, "\n    and {} more", differences.len() - SHOWN)?;
            }
        }
        Ok(())
    }
}
