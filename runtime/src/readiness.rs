//! Whether an application may start.

use crate::error::Holder;
use crate::plan::Finding;
use std::fmt;

/// Says whether this program may serve on its databases as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// Everything is applied.
    Ready,
    /// A newer program has migrated, and this one works with what it did.
    #[non_exhaustive]
    Ahead {
        /// What it has applied.
        unknown: Vec<String>,
    },
    /// Something is still to be applied, and nobody is seen to be at it.
    #[non_exhaustive]
    Behind {
        /// What is pending.
        pending: Vec<String>,
    },
    /// Something is still to be applied, or a rollback has not ended, and somebody is at it.
    #[non_exhaustive]
    InProgress {
        /// What is pending.
        pending: Vec<String>,
        /// The database that is being migrated.
        database: String,
        /// Who is at it, and what they are doing.
        holder: Holder,
    },
    /// Code and ledgers disagree: something was changed or removed, a newer program has taken away what this one needs, or a rollback
    /// has stopped on its way.
    #[non_exhaustive]
    Disagrees {
        /// Every reason.
        findings: Vec<Finding>,
    },
}

impl Readiness {
    /// Tells whether the application may serve.
    pub const fn is_ready(&self) -> bool {
        matches!(self, Readiness::Ready | Readiness::Ahead { .. })
    }
    /// Tells whether waiting may help.
    pub const fn may_become_ready(&self) -> bool {
        matches!(self, Readiness::Behind { .. } | Readiness::InProgress { .. })
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Readiness::Ready => f.write_str("ready: everything is applied"),
            Readiness::Ahead { unknown } => {
                write!(f, "ready: a newer program has applied {}, and this one works with that", list(unknown))
            }
            Readiness::Behind { pending } => {
                write!(f, "not ready: {} still to be applied, and nobody is at it", list(pending))
            }
            Readiness::InProgress { pending, database, holder } if pending.is_empty() => {
                write!(f, "not ready: a rollback is under way; `{database}` is being migrated by {holder}")
            }
            Readiness::InProgress { pending, database, holder } => {
                write!(
                    f,
                    "not ready: {} still to be applied; `{database}` is being migrated by {holder}",
                    list(pending)
                )
            }
            Readiness::Disagrees { findings } => {
                let is_half = |finding: &Finding| matches!(finding, Finding::HalfRolledBack { .. });
                f.write_str(match findings.iter().all(is_half) {
                    true => "not ready: a rollback has not ended",
                    false => "not ready: code and ledgers disagree",
                })?;
                findings.iter().try_for_each(|finding| write!(f, "\n  - {finding}"))
            }
        }
    }
}

/// Names the first and counts the rest.
fn list(ids: &[String]) -> String {
    match ids {
        [one] => format!("`{one}`"),
        [first, second] => format!("`{first}` and `{second}`"),
        [first, rest @ ..] => format!("`{first}` and {} others", rest.len()),
        [] => "nothing".into(),
    }
}
