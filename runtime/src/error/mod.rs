//! One opaque error, with predicates to tell the kinds apart.

mod display;
mod halfway;
mod kind;
mod server;

pub use halfway::Halfway;
pub use kind::{Damage, Holder, Interruption, Kind, Left};
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis",
    feature = "neo4j",
    feature = "mongodb"
))]
pub(crate) use server::Notes;
#[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
pub(crate) use server::lost;
pub use server::{ServerError, ServerErrorClass};

use crate::adopt::Obstacle;
use crate::plan::Finding;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Is what this crate's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Says what went wrong, where, what was left as it was, and what to do.
///
/// `{}` shows the error alone and leaves its cause (the server's own words) to [`source`](StdError::source);
/// `{:#}` and `{:?}` show the whole chain. Passwords are never part of it.
pub struct Error {
    kind: Box<Kind>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    halfway: Option<Box<Halfway>>,
}

impl Error {
    /// Makes an error of an author's own, for a Rust `up`, `down`, `verify` or `require`.
    pub fn new(message: impl Into<String>) -> Self {
        Kind::Author { message: message.into() }.into()
    }
    /// Keeps the cause of this error.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
    /// Says how far a run over several databases had come.
    pub(crate) fn half_way(mut self, halfway: Halfway) -> Self {
        self.halfway = Some(Box::new(halfway));
        self
    }
    /// Says how far a run over several databases had come when this error stopped it; none where one database was all.
    pub fn halfway(&self) -> Option<&Halfway> {
        self.halfway.as_deref()
    }
    pub(crate) fn refused(findings: Vec<Finding>) -> Self {
        Kind::Refused { findings }.into()
    }
    pub(crate) fn server_refused(database: &str, doing: &'static str, answer: ServerError) -> Self {
        let database = database.to_owned();
        let kind = match answer.class() {
            ServerErrorClass::NotADatabase => Kind::NotADatabase { database },
            _ => Kind::Server { database, doing },
        };
        Error::from(kind).caused_by(answer)
    }
    pub(crate) fn not_adopted(obstacles: Vec<Obstacle>) -> Self {
        Kind::NotAdopted { obstacles }.into()
    }
    /// Gives the kind, with its fields.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }
    /// Lists what kept a plan from being made; empty for other errors.
    pub fn findings(&self) -> &[Finding] {
        match &*self.kind {
            Kind::Refused { findings } => findings,
            _ => &[],
        }
    }
    /// Lists why each of several databases can't be reached; empty for other errors.
    pub fn down(&self) -> &[Arc<Error>] {
        match &*self.kind {
            Kind::Down { failures, .. } => failures,
            _ => &[],
        }
    }
    /// Lists what kept a baseline from being recorded; empty for other errors.
    pub fn obstacles(&self) -> &[Obstacle] {
        match &*self.kind {
            Kind::NotAdopted { obstacles } => obstacles,
            _ => &[],
        }
    }
    /// Gives what the server said, where a server's answer is the cause.
    pub fn server(&self) -> Option<&ServerError> {
        let mut cause: Option<&(dyn StdError + 'static)> = self.source();
        while let Some(error) = cause {
            if let Some(server) = error.downcast_ref::<ServerError>() {
                return Some(server);
            }
            cause = error.source();
        }
        None
    }
    fn found(&self, matching: fn(&Finding) -> bool) -> bool {
        self.findings().iter().any(matching)
    }
    fn class(&self) -> Option<ServerErrorClass> {
        self.server().map(ServerError::class)
    }

    /// Tells whether an applied migration was changed.
    pub fn is_checksum_mismatch(&self) -> bool {
        self.found(|f| matches!(f, Finding::ChecksumMismatch { .. }))
    }
    /// Tells whether an applied migration can't be compared, because a newer whimbrel has written its checksum.
    pub fn is_unknown_checksum(&self) -> bool {
        self.found(|f| matches!(f, Finding::UnknownChecksum { .. }))
    }
    /// Tells whether an applied migration's row is gone from the ledger's history.
    pub fn is_lost(&self) -> bool {
        self.found(|f| matches!(f, Finding::Lost { .. }))
    }
    /// Tells whether the rollback of an applied migration was begun and has not ended.
    pub fn is_half_rolled_back(&self) -> bool {
        self.found(|f| matches!(f, Finding::HalfRolledBack { .. }))
    }
    /// Tells whether an applied migration is gone from the code.
    pub fn is_missing(&self) -> bool {
        self.found(|f| matches!(f, Finding::Missing { .. }))
    }
    /// Tells whether the ledger knows migrations that are newer than the code.
    pub fn is_unknown(&self) -> bool {
        self.found(|f| matches!(f, Finding::Unknown { .. }))
    }
    /// Tells whether a pending migration is numbered before an applied one.
    pub fn is_out_of_order(&self) -> bool {
        self.found(|f| matches!(f, Finding::OutOfOrder { .. }))
    }
    /// Tells whether a dependency is in the way: not applied yet, or (rolling back) still applied.
    pub fn is_dependency(&self) -> bool {
        self.found(|f| matches!(f, Finding::NotReady { .. } | Finding::Needed { .. }))
    }
    /// Tells whether a table is missing that a baseline says exists.
    pub fn is_baseline_mismatch(&self) -> bool {
        self.obstacles().iter().any(|obstacle| matches!(obstacle, Obstacle::MissingTable { .. }))
    }
    /// Tells whether a baseline could not be recorded, for whichever [`Obstacle`].
    pub fn is_baseline_refused(&self) -> bool {
        !self.obstacles().is_empty()
    }
    /// Tells whether a migration can't be rolled back.
    pub fn is_irreversible(&self) -> bool {
        self.found(|f| {
            matches!(f, Finding::Irreversible { .. } | Finding::NoRollback { .. } | Finding::NotStored { .. })
        })
    }
    /// Tells whether the target is not there: no such migration or schema version, or not applied.
    pub fn is_unknown_target(&self) -> bool {
        self.found(|f| {
            matches!(
                f,
                Finding::NoSuchMigration { .. } | Finding::NoSuchSchema { .. } | Finding::TargetNotApplied { .. }
            )
        })
    }
    /// Tells whether somebody else held the lock, or the SQLite file, for too long.
    pub fn is_locked(&self) -> bool {
        matches!(&*self.kind, Kind::Locked { .. } | Kind::Blocked { .. })
            || self.class() == Some(ServerErrorClass::Locked)
    }
    /// Tells whether another process changed the history, so that the plan no longer holds.
    pub fn is_overtaken(&self) -> bool {
        matches!(&*self.kind, Kind::Overtaken { .. })
    }
    /// Tells whether a migration's statement failed.
    pub fn is_statement_failed(&self) -> bool {
        matches!(&*self.kind, Kind::StatementFailed { .. })
    }
    /// Tells whether a migration's Rust code returned an error, panicked, or ended its transaction.
    pub fn is_code_failed(&self) -> bool {
        matches!(
            &*self.kind,
            Kind::CodeFailed { .. }
                | Kind::Panicked { .. }
                | Kind::TransactionEnded { .. }
                | Kind::TransactionSpoilt { .. }
        )
    }
    /// Tells whether a migration's Rust code panicked.
    pub fn is_panic(&self) -> bool {
        matches!(&*self.kind, Kind::Panicked { .. })
    }
    /// Tells whether a `REQUIRE` or a `VERIFY` did not hold, or foreign keys were violated.
    pub fn is_check_failed(&self) -> bool {
        matches!(
            &*self.kind,
            Kind::CheckFailed { .. } | Kind::ForeignKeysViolated { .. } | Kind::VerificationFailed { .. }
        )
    }
    /// Tells whether a newer whimbrel has changed the ledger's format.
    pub fn is_newer_ledger(&self) -> bool {
        matches!(&*self.kind, Kind::NewerLedger { .. })
    }
    /// Tells whether a part of the ledger is missing, or it does not keep what is written to it.
    pub fn is_damaged_ledger(&self) -> bool {
        matches!(&*self.kind, Kind::DamagedLedger { .. })
    }
    /// Tells whether a process died in the middle of a migration that has no transaction.
    pub fn is_interrupted(&self) -> bool {
        matches!(&*self.kind, Kind::Interrupted { .. })
    }
    /// Tells whether the run was stopped while it waited.
    pub fn is_stopped(&self) -> bool {
        matches!(&*self.kind, Kind::Stopped { .. })
    }
    /// Tells whether the application may not start yet, or not at all.
    pub fn is_not_ready(&self) -> bool {
        matches!(&*self.kind, Kind::NotReady { .. })
    }
    /// Tells whether the server can't be reached, or the connection was lost.
    pub fn is_unreachable(&self) -> bool {
        matches!(&*self.kind, Kind::Unreachable { .. })
            || self.class() == Some(ServerErrorClass::ConnectionLost)
            || self.down().iter().any(|failure| failure.is_unreachable())
    }
    /// Tells whether the server refused user or password.
    pub fn is_authentication_failed(&self) -> bool {
        matches!(&*self.kind, Kind::AuthenticationFailed { .. })
            || self.down().iter().any(|failure| failure.is_authentication_failed())
    }
    /// Tells whether the database, its file or its folder does not exist.
    pub fn is_no_database(&self) -> bool {
        matches!(&*self.kind, Kind::NoDatabase { .. } | Kind::NotADatabase { .. })
            || self.down().iter().any(|failure| failure.is_no_database())
    }
    /// Tells whether a URL is missing or not understood, or a database was not connected.
    pub fn is_configuration(&self) -> bool {
        matches!(
            &*self.kind,
            Kind::NoUrl { .. }
                | Kind::InvalidUrl { .. }
                | Kind::Pooled { .. }
                | Kind::MissingExtension { .. }
                | Kind::NotConnected { .. }
                | Kind::InvalidText { .. }
        )
    }
    /// Tells whether the user lacks a permission.
    pub fn is_permission_denied(&self) -> bool {
        self.class() == Some(ServerErrorClass::PermissionDenied)
    }
    /// Tells whether the database only allows reading.
    pub fn is_read_only(&self) -> bool {
        self.class() == Some(ServerErrorClass::ReadOnly)
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind: Box::new(kind), source: None, halfway: None }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Error::from(Kind::Author { message: "a query failed".into() }).caused_by(ServerError::from(error))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::from(Kind::Author { message: "input or output failed".into() }).caused_by(error)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)?;
        self.halfway.iter().try_for_each(|halfway| halfway.fmt(f))?;
        if f.alternate() { chain(self, f) } else { Ok(()) }
    }
}

// `fn main() -> whimbrel::Result<()>` shows an error by its Debug.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)?;
        self.halfway.iter().try_for_each(|halfway| halfway.fmt(f))?;
        chain(self, f)
    }
}

fn chain(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(f, "\ncaused by: {error}")?;
        cause = error.source();
    }
    Ok(())
}
