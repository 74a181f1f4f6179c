//! Signals: the first stops a run before its next migration, the second ends the process.

use super::output;
use crate::Stopper;
use tokio::task::JoinHandle;

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Signals(JoinHandle<()>);

impl Signals {
    /// Begins to listen. Where that can't be done a signal does what it always does.
    pub(super) fn new(stopper: Stopper) -> Signals {
        Signals(tokio::spawn(async move {
            let Some(code) = signalled().await else { return };
            stopper.stop();
            output::err("stopping when this migration is done; once more ends it at once\n");
            signalled().await;
            std::process::exit(code);
        }))
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a signal; gives what a process that it ends exits with.
#[cfg(unix)]
async fn signalled() -> Option<i32> {
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate()).ok()?;
    let mut interrupted = signal(SignalKind::interrupt()).ok()?;
    std::future::poll_fn(|context| {
        if terminated.poll_recv(context).is_ready() {
            return Poll::Ready(Some(143));
        }
        interrupted.poll_recv(context).map(|_| Some(130))
    })
    .await
}

#[cfg(not(unix))]
async fn signalled() -> Option<i32> {
    tokio::signal::ctrl_c().await.ok().map(|()| 130)
}
