//! Redis and Valkey: what belongs together goes out as one script, and a run holds a lease beside its ledger.

mod again;
mod answer;
mod capabilities;
mod cluster;
mod code;
mod connect;
mod lease;
mod ledger;
mod line;
mod link;
mod lua;
mod many;
mod program;
mod question;
mod reads;
mod scan;
mod slot;
mod spread;
mod step;
mod walk;

pub(crate) use connect::connect;
pub use step::RedisStep;

use super::{Backend, Capabilities, Circumstances, LockName, Rows, Stop};
use crate::backend::Course;
use crate::error::{ServerError, ServerErrorClass as Class};
use crate::step::BoxFuture;
use ::redis::aio::MultiplexedConnection;
use answer::{Answer, lease_lost, rows};
use capabilities::{CAPABILITIES, OF_A_CLUSTER};
use lease::Lease;
use line::Words;
use link::Link;
use program::{Batch, Kind, Place};
use std::any::Any;
use std::time::{Duration, Instant};
use walk::Walk;

/// Longer than any server takes.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// After so long a busy server is asked again.
const PAUSE: Duration = Duration::from_millis(100);

/// Holds a connection.
#[derive(Debug)]
pub(crate) struct Redis {
    link: Link,
    lease: Option<Lease>,
    /// The lease that was asked for last: it may have been given to a run that was dropped before it heard of it.
    asked: Option<Place>,
    /// How long a server may be busy with somebody's script.
    wait: Duration,
}

impl Redis {
    /// Takes a connection.
    pub(crate) fn given(mut connection: MultiplexedConnection) -> Self {
        // A command that was given up on may be done all the same, and no note tells of it.
        connection.set_response_timeout(FOR_EVER);
        Self::new(Link::One(connection))
    }

    fn new(link: Link) -> Self {
        Self { link, lease: None, asked: None, wait: Duration::ZERO }
    }

    /// Lends it; a cluster has several.
    pub(crate) fn connection(&mut self) -> Option<&mut MultiplexedConnection> {
        match &mut self.link {
            Link::One(connection) => Some(connection),
            Link::Cluster(_) => None,
        }
    }

    fn check_lease(&self) -> Answer<()> {
        if self.lease.as_ref().is_some_and(Lease::is_lost) { Err(lease_lost()) } else { Ok(()) }
    }

    /// Sends a line of the ledger's. One that changes it goes inside the script that holds the lease.
    async fn line(&self, line: &str) -> Answer<Rows> {
        let words = split(line)?;
        if words.first().is_some_and(|word| word == b"EVAL") {
            return Ok(rows(&self.link.send(&words).await?));
        }
        let place = &self.lease.as_ref().ok_or_else(lease_lost)?.place;
        let mut batch = Batch::default();
        batch.push(Kind::Keep, words, 0);
        match batch.judge(self.link.send(&batch.program(place, "")).await) {
            Err(Stop::Refused { answer, .. }) => Err(answer),
            _ => Ok(Rows::new()),
        }
    }
}

/// Takes a line apart.
fn split(line: &str) -> Answer<Words> {
    let words = line::split(line).filter(|words| !words.is_empty());
    words.ok_or_else(|| ServerError::other(format!("no command, or a quote that is not closed: {line}")))
}

impl Backend for Redis {
    fn capabilities(&self) -> &'static Capabilities {
        if self.link.is_cluster() { &OF_A_CLUSTER } else { &CAPABILITIES }
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Answer<Circumstances>> {
        Box::pin(async { Ok(Circumstances::default()) })
    }

    fn ask(&mut self, line: String) -> BoxFuture<'_, Answer<Rows>> {
        Box::pin(async move {
            let begun = Instant::now();
            loop {
                self.check_lease()?;
                if let Some(place) = capabilities::polled(&line) {
                    self.asked = Some(place);
                }
                match self.line(&line).await {
                    // Somebody's script keeps the server busy, and nothing was done.
                    Err(answer) if answer.is(Class::Locked) && begun.elapsed() < self.wait => {
                        tokio::time::sleep(PAUSE).await;
                    }
                    answer => return answer,
                }
            }
        })
    }

    fn wait_at_most(&mut self, wait: Duration) {
        self.wait = wait;
    }

    fn keep(&mut self, lock: Option<&LockName<'_>>) {
        self.asked = None;
        self.lease = lock.map(|lock| {
            let place = Place { prefix: lock.ledger.to_owned(), run: lock.run.to_owned() };
            Lease::keep(place, &self.link)
        });
    }

    fn run<'a>(
        &'a mut self,
        course: &'a Course,
        done: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(async move {
            self.check_lease().map_err(|answer| Stop::Refused { task: 0, position: None, answer })?;
            Walk::new(self, course, done).walk().await
        })
    }

    fn abandon(&mut self) {
        let held = self.lease.take().map(|lease| lease.place.clone());
        if let Some(place) = held.or_else(|| self.asked.take()) {
            lease::give_back(&self.link, &place);
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
