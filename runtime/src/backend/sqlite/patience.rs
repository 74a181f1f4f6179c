//! How long SQLite waits for whoever holds the file before it answers that it is locked.

use super::{Answer, send};
use sqlx::sqlite::SqliteConnection;
use std::time::Duration;

/// Keeps what a connection was told. One that whimbrel did not open keeps what its owner chose.
#[derive(Debug)]
pub(super) struct Patience {
    own: bool,
    chosen: Duration,
    told: Duration,
    /// The file has not been written to since the last look, so whoever holds it may be met now.
    untried: bool,
}

impl Patience {
    pub(super) fn new(own: bool, told: Duration) -> Self {
        Self { own, chosen: told, told, untried: true }
    }

    pub(super) fn choose(&mut self, wait: Duration) {
        self.chosen = wait;
    }

    /// Tells that the file was written to since the last look, and that SQLite waits as long as was chosen.
    pub(super) fn is_tried(&self) -> bool {
        !self.untried && self.told == self.chosen
    }

    /// Waits as long as was chosen, from now on.
    pub(super) async fn wait(&mut self, connection: &mut SqliteConnection) -> Answer<()> {
        self.tell(connection, self.chosen).await
    }

    /// Has met somebody: the next attempt does not wait.
    pub(super) fn meet(&mut self) {
        self.untried = true;
    }

    /// Looks: what is written next may meet somebody.
    pub(super) async fn look(&mut self, connection: &mut SqliteConnection) -> Answer<()> {
        self.untried = true;
        self.wait(connection).await
    }

    /// Does not wait for the file at the first attempt to write, so that the engine can tell who waits, and for what.
    pub(super) async fn attempt(&mut self, connection: &mut SqliteConnection) -> Answer<()> {
        if self.untried { self.tell(connection, Duration::ZERO).await } else { Ok(()) }
    }

    /// Has the file, and waits again for those who are in the way of the rest.
    pub(super) async fn succeed(&mut self, connection: &mut SqliteConnection) -> Answer<()> {
        self.untried = false;
        self.wait(connection).await
    }

    async fn tell(&mut self, connection: &mut SqliteConnection, wait: Duration) -> Answer<()> {
        if self.own && self.told != wait {
            let milliseconds = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
            send(connection, format!("PRAGMA busy_timeout = {milliseconds}")).await?;
            self.told = wait;
        }
        Ok(())
    }
}
