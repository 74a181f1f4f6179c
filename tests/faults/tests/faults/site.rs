//! Where one point after the other is tried: a database, the way to it, and what runs there.

use crate::place::{PAUSE, Place};
use crate::victim::{End, Status, applying, run};
use std::fmt;
use std::time::Duration;
use tokio::process::Command;
use whimbrel_tests::Pooler;

/// Longer than any run waits for another.
const PATIENCE: Duration = Duration::from_secs(120);

/// Makes the command of a run, for a URL.
type Runs = Box<dyn Fn(&str) -> Command + Send + Sync>;

/// Holds the database, a pooler before it if there is one, and what runs.
pub(crate) struct Site {
    // Ended before the database is dropped.
    pooler: Option<Pooler>,
    pub(crate) place: Place,
    runs: Runs,
    again: (usize, Duration),
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("pooler", &self.pooler).field("place", &self.place).finish_non_exhaustive()
    }
}

impl Site {
    /// Takes a server for the chain of its kind.
    pub(crate) fn direct(place: Place) -> Site {
        let database = if place.is_mysql() { "maria" } else { "server" };
        Site::running(place, move |url| applying(database, url))
    }

    /// Takes a server for what a command does.
    pub(crate) fn running(place: Place, runs: impl Fn(&str) -> Command + Send + Sync + 'static) -> Site {
        Site { pooler: None, place, runs: Box::new(runs), again: (0, Duration::ZERO) }
    }

    /// Has a run that did not end well started again so often, with a pause before.
    pub(crate) fn again(self, times: usize, pause: Duration) -> Site {
        Site { again: (times, pause), ..self }
    }

    /// Puts a pooler before a server, for the chain of transactions.
    pub(crate) async fn pooled(place: Place, settings: &str) -> Site {
        let pooler = Pooler::start(&place.server, settings).await;
        Site { pooler: Some(pooler), ..Site::running(place, |url| applying("pooled", url)) }
    }

    /// Gives the URL that a run is told.
    pub(crate) fn url(&self) -> &str {
        self.pooler.as_ref().map_or_else(|| self.place.server.url(), Pooler::url)
    }

    /// Makes the command of a run at a URL, which may be a proxy's.
    pub(crate) fn command(&self, url: &str) -> Command {
        (self.runs)(url)
    }

    /// Runs undisturbed, but not for ever.
    pub(crate) async fn next(&self) -> End {
        let ended = tokio::time::timeout(PATIENCE, run(&mut self.command(self.url()))).await;
        let said = || format!("it did not end within {PATIENCE:?}");
        ended.unwrap_or_else(|_| End { status: Status::Failed, said: said() })
    }

    /// Runs undisturbed, and once more for as long as it does not end well.
    pub(crate) async fn runs(&self) -> Vec<End> {
        let mut ends = vec![self.next().await];
        let (times, pause) = self.again;
        while ends.len() <= times && !ends.last().is_some_and(|end| matches!(end.status, Status::Applied(_))) {
            tokio::time::sleep(pause).await;
            ends.push(self.next().await);
        }
        ends
    }

    /// Takes everything away.
    pub(crate) async fn clear(&mut self) {
        if self.pooler.is_none() {
            return self.place.clear().await;
        }
        // The idle sessions are the pooler's, which might hand out once more what is ended under it.
        while self.place.sessions("pid <> pg_backend_pid() AND state <> 'idle'").await > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        self.place.empty().await;
    }
}
