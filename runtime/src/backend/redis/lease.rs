//! The lease of a run, kept alive while it works.

use super::answer::text;
use super::ledger::key;
use super::link::{Link, bytes};
use super::lua;
use super::program::Place;
use crate::error::ServerErrorClass as Class;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::AbortHandle;

const BEAT: Duration = Duration::from_secs(5);

/// Holds a lease that this run has taken; the beating ends with it.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) place: Place,
    lost: Arc<AtomicBool>,
    beating: Option<AbortHandle>,
}

impl Lease {
    /// Begins to keep a lease alive.
    pub(super) fn keep(place: Place, link: &Link) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let beating = tokio::runtime::Handle::try_current().ok().map(|runtime| {
            let (link, place, lost) = (link.clone(), place.clone(), lost.clone());
            runtime.spawn(beat(link, place, lost)).abort_handle()
        });
        Self { place, lost, beating }
    }

    /// Tells whether a beat found that somebody else has it.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Gives a lease back without waiting; what was sent before is done before.
pub(super) fn give_back(link: &Link, place: &Place) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let link = link.clone();
    let words = bytes(["EVAL", lua::RELEASE.get(), "1", &key(&place.prefix, "lock"), &place.run]);
    runtime.spawn(async move {
        if !link.is_cluster() {
            // What code has watched is nobody's business any more.
            let _ = link.send(&bytes(["UNWATCH"])).await;
        }
        if let Err(answer) = link.send(&words).await {
            tracing::warn!(%answer, "the lease was not given back, and runs out by itself");
        }
    });
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(beating) = &self.beating {
            beating.abort();
        }
    }
}

async fn beat(link: Link, place: Place, lost: Arc<AtomicBool>) {
    let words = bytes(["EVAL", lua::RENEW.get(), "1", &key(&place.prefix, "lock"), &place.run]);
    loop {
        tokio::time::sleep(BEAT).await;
        match link.send(&words).await {
            Ok(answer) if text(&answer).as_deref() == Some("1") => {}
            Ok(_) => {
                tracing::warn!(ledger = place.prefix, "somebody else has the lease");
                lost.store(true, Ordering::Relaxed);
                return;
            }
            Err(answer) if answer.is(Class::ConnectionLost) => return,
            Err(answer) => tracing::warn!(%answer, "the lease could not be renewed"),
        }
    }
}
