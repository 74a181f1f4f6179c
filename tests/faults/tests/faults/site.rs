//! Where one point after the other is tried: a database, the way to it, and what runs there.

use crate::place::{PAUSE, Place};
use crate::victim::{End, applying, run};
use std::fmt;
use tokio::process::Command;
use whimbrel_tests::Pooler;

/// Makes the command of a run, for a URL.
type Runs = Box<dyn Fn(&str) -> Command + Send + Sync>;

/// Holds the database, a pooler before it if there is one, and what runs.
pub(crate) struct Site {
    // Ended before the database is dropped.
    pooler: Option<Pooler>,
    pub(crate) place: Place,
    runs: Runs,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("pooler", &self.pooler).field("place", &self.place).finish_non_exhaustive()
    }
}

impl Site {
    /// Takes a server for the chain of its kind.
    pub(crate) fn direct(place: Place) -> Site {
        Site { pooler: None, place, runs: Box::new(|url| applying("server", url)) }
    }

    /// Puts a pooler before a server, for the chain of transactions.
    pub(crate) async fn pooled(place: Place, settings: &str) -> Site {
        let pooler = Pooler::start(&place.server, settings).await;
        Site { pooler: Some(pooler), place, runs: Box::new(|url| applying("pooled", url)) }
    }

    /// Gives the URL that a run is told.
    pub(crate) fn url(&self) -> &str {
        self.pooler.as_ref().map_or_else(|| self.place.server.url(), Pooler::url)
    }

    /// Makes the command of a run at a URL, which may be a proxy's.
    pub(crate) fn command(&self, url: &str) -> Command {
        (self.runs)(url)
    }

    /// Runs undisturbed.
    pub(crate) async fn next(&self) -> End {
        run(&mut self.command(self.url())).await
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
