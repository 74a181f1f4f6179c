//! MongoDB 6 and newer: a text is a command as the shell's `runCommand` takes it, in relaxed Extended JSON; a run holds a lease.
//!
//! A replica set or a mongos has transactions, and a migration is one of them together with its row. A server by itself has none:
//! there every single write is whole, and notes before and after tell how far it came.

mod again;
mod answer;
mod capabilities;
mod connect;
mod course;
mod exchange;
mod extended_json;
mod fill;
mod heartbeat;
mod lease;
mod ledger;
mod rows;
mod step;
mod takeover;
#[cfg(feature = "mongodb-schema")]
pub mod validator;

pub(crate) use connect::{connect, given};
pub use fill::Fill;
pub use step::MongodbStep;

use super::{Backend, Capabilities, Circumstances, LockName, Rows, Stop};
use crate::backend::Course;
use crate::step::BoxFuture;
use exchange::{Answer, commands, purpose, send};
use heartbeat::Heartbeat;
use mongodb::Database;
use std::any::Any;
use std::time::Instant;

/// Holds a database, and the lease while a run has it.
#[derive(Debug)]
pub(crate) struct Mongodb {
    pub(crate) database: Database,
    transactions: bool,
    heartbeat: Option<Heartbeat>,
    /// The number of the ledger's last change, while a run has the lease.
    last: i64,
    /// When the lease was last asked for.
    polled: Instant,
    /// The ledger and the run for which it is being asked for: whoever stops listening may have got it all the same.
    taking: Option<(String, String)>,
}

impl Mongodb {
    fn new(database: Database, transactions: bool) -> Self {
        Self { database, transactions, heartbeat: None, last: 0, polled: Instant::now(), taking: None }
    }

    /// Fails where the lease that a run holds is gone, or may be.
    fn check(&self) -> Answer<()> {
        self.heartbeat.as_ref().map_or(Ok(()), |heartbeat| heartbeat.life().check())
    }

    async fn send(&mut self, text: &str) -> Answer<Rows> {
        let first = commands(text)?.swap_remove(0);
        if purpose(&first) == "take" {
            self.polled = Instant::now();
            return takeover::poll(self, first).await;
        }
        let shape =
            commands(text)?.iter().map(purpose).find(|purpose| !purpose.is_empty()).unwrap_or_default().to_owned();
        let replies = course::ledger(self, None, text).await?;
        rows::rows(&shape, &replies)
    }
}

impl Backend for Mongodb {
    fn capabilities(&self) -> &'static Capabilities {
        if self.transactions { &capabilities::SET } else { &capabilities::ALONE }
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Answer<Circumstances>> {
        Box::pin(async { Ok(Circumstances { own: true, ..Circumstances::default() }) })
    }

    fn ask(&mut self, text: String) -> BoxFuture<'_, Answer<Rows>> {
        Box::pin(async move { self.send(&text).await })
    }

    fn keep(&mut self, name: Option<&LockName<'_>>) {
        self.taking = None;
        self.heartbeat = name.map(|name| Heartbeat::begin(&self.database, name, self.polled));
    }

    fn run<'a>(
        &'a mut self,
        course: &'a Course,
        done: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(course::run(self, course, done))
    }

    fn abandon(&mut self) {
        let held = self.heartbeat.take().map(|heartbeat| (heartbeat.ledger.clone(), heartbeat.run.clone()));
        let Some((ledger, run)) = held.or(self.taking.take()) else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (database, release) = (self.database.clone(), lease::release(&ledger, &run));
            // Where nobody is left to send it, the lease runs out.
            runtime.spawn(async move { send(&database, None, release).await });
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
