//! What a change of the schema means to the programs that use it: breaking, additive, or a patch.

mod rows;
#[cfg(test)]
mod tests;
mod widening;

pub(crate) use rows::{ROWS, Row};

use crate::catalog::Change;

/// How much a change matters, in the order of semantic versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Significance {
    /// Nobody who reads or writes has to know: an index, a constraint, a comment.
    Patch,
    /// Something new, which nobody uses yet.
    Additive,
    /// What somebody may use is gone, or something else.
    Breaking,
}

impl Significance {
    /// Gives the word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Significance::Patch => "a patch",
            Significance::Additive => "additive",
            Significance::Breaking => "breaking",
        }
    }

    /// Tells how much a version goes up by; `None` where it doesn't. Before 1.0.0 a minor version may break, as Cargo
    /// has it.
    pub(crate) fn of_step(from: [u64; 3], to: [u64; 3]) -> Option<Significance> {
        if to <= from {
            return None;
        }
        Some(match (to[0] > from[0], to[1] > from[1]) {
            (true, _) => Significance::Breaking,
            (false, true) if from[0] == 0 => Significance::Breaking,
            (false, true) => Significance::Additive,
            (false, false) if from[0] == 0 => Significance::Additive,
            (false, false) => Significance::Patch,
        })
    }

    /// Gives the lowest version above another one that says as much.
    pub(crate) fn next(self, [major, minor, patch]: [u64; 3]) -> [u64; 3] {
        match (self, major) {
            (Significance::Breaking, 1..) => [major + 1, 0, 0],
            (Significance::Breaking, 0) | (Significance::Additive, 1..) => [major, minor + 1, 0],
            (Significance::Additive, 0) | (Significance::Patch, _) => [major, minor, patch + 1],
        }
    }
}

/// Tells how much a change matters: by the first row that it fits, and a patch where none does.
pub(crate) fn significance(change: &Change) -> Significance {
    row(change).map_or(Significance::Patch, |row| row.significance)
}

/// Finds the row that a change fits.
pub(crate) fn row(change: &Change) -> Option<&'static Row> {
    ROWS.iter().find(|row| (row.fits)(change))
}
