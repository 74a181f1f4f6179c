//! When a step's commit waits for the disk.
//!
//! A server that writes all commits to one log in their order has written the earlier ones wherever it has written a later one. So a commit
//! that another of the same run follows at once need not wait: nobody is told that the run is done before the last has waited for all.
//! If the server dies in between, the steps that it forgets are the last ones, and it forgets them with their rows in the ledger.

use super::run::Run;
use crate::plan::Step;
use crate::registry::{Check, Work};

/// Tells whether the next step's commit waits for this one's too: nothing happens between them that another system would know of.
pub(super) fn is_followed(step: &Step, next: Option<&Step>) -> bool {
    let of = |step: &Step| step.migration.database;
    is_plain(step) && next.is_some_and(|next| of(next) == of(step) && is_plain(next))
}

/// Tells whether a step is one transaction of statements. Code may do what no transaction takes back, so it begins and ends on firm ground.
pub(super) fn is_plain(step: &Step) -> bool {
    let m = step.migration;
    let by_code = [&m.require, &m.verify].iter().any(|check| matches!(check, Some(Check::Rust(_))));
    step.is_transactional() && !by_code && !matches!(step.work(), Some(Work::Rust(_)))
}

impl Run<'_> {
    /// Waits for the disk where the last step of a database has not: the run has ended early.
    pub(super) async fn flush(&mut self) {
        for session in self.sessions.iter_mut().filter(|session| session.unflushed) {
            let Ok(backend) = self.databases.backend(session.database.name) else { continue };
            if let Some(log) = &backend.capabilities().log
                && let Err(answer) = backend.ask(log.flush.into()).await
            {
                tracing::warn!(database = session.database.name, %answer, "the disk could not be waited for");
            }
            session.unflushed = false;
        }
    }
}
