//! Who hears what a run does, and who may stop it.

use crate::event::Event;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Hears an event.
pub(crate) type Listener = Box<dyn Fn(Event) + Send + Sync>;

/// Gives the events of a migrator's runs, in order; it ends when the migrator is gone.
#[derive(Debug)]
pub struct Events(UnboundedReceiver<Event>);

impl Events {
    pub(crate) fn new() -> (Listener, Events) {
        let (sender, receiver) = unbounded_channel();
        // Whoever no longer reads them misses nothing.
        (Box::new(move |event| drop(sender.send(event))), Events(receiver))
    }
    /// Waits for the next one.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.poll_recv(context)
    }
}

/// Stops a run before its next migration; what is under way is finished first.
#[derive(Clone, Default)]
pub struct Stopper(Arc<AtomicBool>);

impl Stopper {
    /// Asks for the stop. From any thread, such as one that waits for a signal.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Tells whether it was asked for.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Stopper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stopper").field(&self.is_stopped()).finish()
    }
}
