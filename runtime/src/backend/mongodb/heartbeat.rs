//! Keeping a lease alive while something else is being done.

use super::exchange::{changed, lease_lost, send};
use super::lease;
use crate::backend::LockName;
use crate::error::ServerError;
use mongodb::Database;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::task::JoinHandle;

/// Keeps a lease alive until it is dropped.
#[derive(Debug)]
pub(super) struct Heartbeat {
    pub(super) ledger: String,
    pub(super) run: String,
    life: Life,
    task: JoinHandle<()>,
}

/// Tells since when nothing is known of the lease; nothing where it is known to be gone.
#[derive(Debug, Clone)]
pub(super) struct Life(Arc<Mutex<Option<Instant>>>);

impl Life {
    fn set(&self, known: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Notes that the lease was kept alive by a command sent at that time.
    pub(super) fn renew(&self, sent: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_mut() {
            *known = sent.max(*known);
        }
    }

    /// Fails where the lease is gone, or may be: nobody has heard of it for as long as it lasts.
    pub(super) fn check(&self) -> Result<(), ServerError> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|known| known.elapsed() < lease::TERM).map(|_| ()).ok_or_else(lease_lost)
    }
}

impl Heartbeat {
    /// Begins; the lease was taken by a command that was sent at that time.
    pub(super) fn begin(database: &Database, name: &LockName<'_>, taken: Instant) -> Self {
        let life = Life(Arc::new(Mutex::new(Some(taken))));
        let (ledger, run) = (name.ledger.to_owned(), name.run.to_owned());
        let task = tokio::spawn(beat(database.clone(), ledger.clone(), run.clone(), life.clone()));
        Self { ledger, run, life, task }
    }

    pub(super) fn life(&self) -> &Life {
        &self.life
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(database: Database, ledger: String, run: String, life: Life) {
    loop {
        tokio::time::sleep(lease::BEAT).await;
        let sent = Instant::now();
        match send(&database, None, lease::beat(&ledger, &run)).await {
            Ok(reply) if changed(&reply).is_some() => life.renew(sent),
            Ok(_) => {
                tracing::error!(ledger, "somebody else has taken the lease over; nothing more is written");
                return life.set(None);
            }
            // It is tried again; that it may have run out is noticed by the time.
            Err(error) => tracing::warn!(ledger, %error, "the lease could not be kept alive this time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_lease_that_nobody_has_heard_of_may_be_gone() {
        let life = |ago: Duration| Life(Arc::new(Mutex::new(Instant::now().checked_sub(ago))));
        assert!(life(Duration::from_secs(1)).check().is_ok());
        let over = life(Duration::from_secs(16));
        assert!(over.check().is_err());
        over.renew(Instant::now());
        assert!(over.check().is_ok());
        over.set(None);
        over.renew(Instant::now());
        assert!(over.check().is_err());
    }
}
