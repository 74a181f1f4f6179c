//! How each database is: whether it answers, as what, to whom, and what stands in the way of a migration.

use crate::error::{Error, Holder};
use crate::history::HalfRollback;
use crate::plan::Finding;
use std::time::Duration;

/// Shows how one database is.
#[derive(Debug)]
#[non_exhaustive]
pub struct Examination {
    /// The database's name.
    pub database: &'static str,
    /// Where it is, without password; none where nobody says.
    pub url: Option<String>,
    /// What was found, or why it could not be looked at.
    pub health: Result<Health, Error>,
}

/// Says what a database that answers has told.
#[derive(Debug)]
#[non_exhaustive]
pub struct Health {
    /// The server, with its version: `PostgreSQL 15.14`.
    pub server: String,
    /// Who has logged in, and as whom they work, where that is somebody else.
    pub user: Option<String>,
    /// How long one question took.
    pub latency: Duration,
    /// How far the server's clock is before this machine's, in milliseconds, up to half the latency.
    pub clock_ahead: i64,
    /// Whether nothing can be written: a standby, a file without permission.
    pub is_read_only: bool,
    /// Whether this user may create the ledger's tables; `None` where the server has no permissions.
    pub may_create: Option<bool>,
    /// Whether a pooler hands out another connection for each transaction.
    pub is_pooled: bool,
    /// How many migrations are applied and pending; none where there is no ledger yet.
    pub ledger: Result<Option<Progress>, Error>,
    /// The rollbacks without a transaction that have not ended.
    pub half_rollbacks: Vec<HalfRollback>,
    /// Who migrates right now, where the server can tell.
    pub holder: Option<Holder>,
}

/// Counts what a ledger has and lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The migrations that are applied.
    pub applied: usize,
    /// Those that are not.
    pub pending: usize,
}

/// A clock that is further off than this confuses whoever reads a history.
const CLOCK_LIMIT: u64 = 5_000;

impl Health {
    /// That of a file which is made when it is first written.
    pub(crate) fn absent() -> Self {
        Self {
            server: "not there yet".to_owned(),
            user: None,
            latency: Duration::ZERO,
            clock_ahead: 0,
            is_read_only: false,
            may_create: None,
            is_pooled: false,
            ledger: Ok(None),
            half_rollbacks: Vec::new(),
            holder: None,
        }
    }
}

impl Examination {
    /// Lists what stands in the way of a migration, or will confuse somebody, in words; empty where all is well.
    pub fn concerns(&self) -> Vec<String> {
        let health = match &self.health {
            Ok(health) => health,
            Err(error) => return vec![whole(error)],
        };
        let mut concerns = Vec::new();
        if health.is_read_only {
            concerns.push("it is read-only: nothing can be migrated here".to_owned());
        }
        match &health.ledger {
            Err(error) => concerns.push(whole(error)),
            Ok(None) if health.may_create == Some(false) => concerns.push(format!(
                "it has no ledger yet, and `{}` may not create tables where that belongs",
                health.user.as_deref().unwrap_or_default()
            )),
            Ok(_) => {}
        }
        for half in health.half_rollbacks.iter().filter(|half| half.holder.is_none()) {
            concerns.push(Finding::from(half).to_string());
        }
        if health.clock_ahead.unsigned_abs() > CLOCK_LIMIT {
            let side = if health.clock_ahead > 0 { "before" } else { "behind" };
            let seconds = health.clock_ahead.unsigned_abs() / 1000;
            concerns.push(format!("its clock is {seconds} s {side} this machine's"));
        }
        concerns
    }
}

/// Writes an error with its causes, but not what it has told itself.
fn whole(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
