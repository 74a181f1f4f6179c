//! Keeping a lease alive, over a connection of its own: the run's may be at a statement for hours.

use super::bolt::{Connection, Limits, Request};
use super::connect::Address;
use super::{lease, step};
use crate::backend::LockName;
use crate::error::ServerError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const EVERY: Duration = Duration::from_secs(5);
/// After a beat that failed the next one comes sooner, for there are not many until the lease runs out.
const AGAIN: Duration = Duration::from_secs(1);
/// So long one may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// Says whose lease it is, and what became of it.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) ledger: String,
    pub(super) run: String,
    doing: Mutex<String>,
    is_lost: AtomicBool,
    is_given_back: AtomicBool,
    told: Notify,
}

impl Lease {
    pub(super) fn new(ledger: &str, run: &str) -> Self {
        let (ledger, run) = (ledger.to_owned(), run.to_owned());
        let (is_lost, is_given_back) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { ledger, run, doing: Mutex::default(), is_lost, is_given_back, told: Notify::new() }
    }

    /// Says what the run is at, for others to see.
    pub(super) fn doing(&self, what: &str) {
        let shown = what.chars().take(500).collect();
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    /// Waits until the lease is found to be lost.
    pub(super) async fn lost(&self) {
        while !self.is_lost.load(Ordering::SeqCst) {
            self.told.notified().await;
        }
    }

    /// Tells whether a text gives it back.
    pub(super) fn is_given_back_by(&self, text: &str) -> bool {
        lease::release(&LockName { key: 0, ledger: &self.ledger, run: &self.run }) == text
    }

    /// Notes that the run has given it back; it may be at other databases for long.
    pub(super) fn given_back(&self) {
        self.is_given_back.store(true, Ordering::SeqCst);
    }

    fn lose(&self) {
        self.is_lost.store(true, Ordering::SeqCst);
        self.told.notify_one();
    }
}

/// Renews a lease until it is dropped.
#[derive(Debug)]
pub(super) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    pub(super) fn start(address: Address, lease: Arc<Lease>) -> Option<Self> {
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        Some(Self(runtime.spawn(beat(address, lease))))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn beat(address: Address, lease: Arc<Lease>) {
    let (mut connection, mut pause) = (None, EVERY);
    loop {
        tokio::time::sleep(pause).await;
        let renewed = tokio::time::timeout(PATIENCE, renew(&address, &mut connection, &lease)).await;
        if lease.is_given_back.load(Ordering::SeqCst) {
            return;
        }
        match renewed {
            Ok(Ok(true)) => pause = EVERY,
            Ok(Ok(false)) => {
                tracing::warn!(run = lease.run, "somebody else has the lease");
                return lease.lose();
            }
            // Whether it is lost is said by the fence, at the next thing that is written.
            failed => {
                tracing::debug!(?failed, "the lease could not be renewed");
                (connection, pause) = (None, AGAIN);
            }
        }
    }
}

async fn renew(address: &Address, connection: &mut Option<Connection>, lease: &Lease) -> Result<bool, ServerError> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(address.connect().await?.0),
    };
    let doing = lease.doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = lease::renew(&lease.ledger, &lease.run, &doing);
    let milliseconds = i64::try_from(PATIENCE.as_millis()).ok();
    let limits = Some(Limits { milliseconds, shown: None });
    let (answers, refused) =
        connection.send(&[Request::Run { text, parameters: step::none(), rows: true, limits }]).await;
    match refused {
        Some(refused) => Err(refused.error),
        None => Ok(answers
            .first()
            .and_then(|answer| answer.rows.first())
            .is_some_and(|row| row.first().and_then(super::Neo4jValue::as_integer) != Some(0))),
    }
}

/// Gives a lease back over a connection of its own, where nobody waits for it.
pub(super) fn give_back(address: Address, lease: &Lease) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let text = lease::give_back(&lease.ledger, &lease.run);
    runtime.spawn(async move {
        let given = tokio::time::timeout(PATIENCE, async {
            let mut connection = address.connect().await?.0;
            let limits = Some(Limits::default());
            let release = Request::Run { text, parameters: step::none(), rows: false, limits };
            connection.send(&[release]).await.1.map_or(Ok(()), |refused| Err(refused.error))
        });
        if let Ok(Err(error)) = given.await {
            tracing::debug!(%error, "the lease runs out by itself");
        }
    });
}
