//! The lease of a run, kept alive while it works.

use super::answer::{Answer, lease_lost, text};
use super::ledger::key;
use super::line::Words;
use super::link::{Link, bytes};
use super::lua;
use super::program::Place;
use crate::error::{ServerError, ServerErrorClass as Class};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::AbortHandle;

const BEAT: Duration = Duration::from_secs(5);
const IN_A_ROW: usize = 100;

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

/// Asks whether a run still has its lease, and lengthens it; an error where somebody else has it.
pub(super) async fn hold(link: &Link, place: &Place) -> Answer<()> {
    let words = bytes(["EVAL", lua::RENEW.get(), "1", &key(&place.prefix, "lock"), &place.run]);
    let answer = link.send(&words).await?;
    if text(&answer).as_deref() == Some("1") { Ok(()) } else { Err(lease_lost()) }
}

/// Sends one after the other to where their keys are; so many are sent at most without a look at the lease. Gives the one that failed.
pub(super) async fn send_each<'w>(
    link: &Link,
    place: &Place,
    commands: &'w [Words],
) -> Result<(), (&'w Words, ServerError)> {
    for commands in commands.chunks(IN_A_ROW) {
        let Some(first) = commands.first() else { continue };
        hold(link, place).await.map_err(|answer| (first, answer))?;
        for words in commands {
            link.send(words).await.map_err(|answer| (words, answer))?;
        }
    }
    Ok(())
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
    loop {
        tokio::time::sleep(BEAT).await;
        match hold(&link, &place).await {
            Ok(()) => {}
            Err(answer) if answer.is(Class::LeaseLost) => {
                tracing::warn!(ledger = place.prefix, "somebody else has the lease");
                lost.store(true, Ordering::Relaxed);
                return;
            }
            Err(answer) if answer.is(Class::ConnectionLost) => return,
            Err(answer) => tracing::warn!(%answer, "the lease could not be renewed"),
        }
    }
}
