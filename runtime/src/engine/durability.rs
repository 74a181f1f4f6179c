//! When a step's commit waits for the disk.
//!
//! A server that writes all commits to one log in their order has written the earlier ones wherever it has written a later one. So a commit
//! that another of the same run follows at once need not wait: nobody is told that the run is done before the last has waited for all.
//! If the server dies in between, the steps that it forgets are the last ones, and it forgets them with their rows in the ledger.

use super::run::Run;
use crate::error::{Error, Result, ServerErrorClass as Class};
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
    /// Waits for the disk before a step that may leave traces elsewhere, where others' commits or this run's have not waited.
    pub(super) async fn flush_before(&mut self, step: &Step) -> Result<()> {
        let elsewhere =
            self.sessions.iter().any(|session| session.unflushed && session.database.name != step.migration.database);
        if elsewhere || !is_plain(step) { self.flush().await } else { Ok(()) }
    }

    /// Waits until everything is on the disk that this run has committed, or has found in a ledger.
    pub(super) async fn flush(&mut self) -> Result<()> {
        for session in self.sessions.iter_mut().filter(|session| session.unflushed) {
            let name = session.database.name;
            let backend = self.databases.backend(name)?;
            let Some(log) = &backend.capabilities().log else { continue };
            match backend.ask(log.flush.into()).await {
                Ok(_) => session.unflushed = false,
                // The log's writer does it by itself, a moment later.
                Err(answer) if answer.is(Class::PermissionDenied) => {
                    tracing::warn!(database = name, %answer, "the disk was not waited for");
                    session.unflushed = false;
                }
                Err(answer) => return Err(Error::server_refused(name, "waiting for the disk", answer)),
            }
        }
        Ok(())
    }
}
