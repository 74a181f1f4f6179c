//! The databases behind one object-safe trait of verbs.
//!
//! **Invariant:** the engine tells databases apart by [`Capabilities`] alone. Connections are concrete types
//! inside: generic sqlx executors can't be used behind `Send` futures.

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod batch;
mod capabilities;
mod course;
#[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
mod lease;
#[cfg(feature = "mongodb")]
pub(crate) mod mongodb;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "neo4j")]
pub(crate) mod neo4j;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod reach;
#[cfg(feature = "redis")]
pub(crate) mod redis;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

pub(crate) use capabilities::{Backslash, Capabilities, Dialect, Limits, LockName, SessionLock};
pub(crate) use course::{Asked, Course, Task};

use crate::error::{Error, ServerError};
use crate::step::BoxFuture;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use futures_core::Stream;
use std::any::Any;
use std::fmt::Debug;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use std::pin::Pin;
use std::time::Duration;

/// Holds rows as text; `None` is NULL.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// Does with an open connection what the engine says.
pub(crate) trait Backend: Send + Debug {
    fn capabilities(&self) -> &'static Capabilities;
    /// Looks at what a step's texts depend on.
    fn circumstances(&mut self) -> BoxFuture<'_, Result<Circumstances, ServerError>>;
    /// Sends one text, whole, and gives the rows of all its statements.
    fn ask(&mut self, sql: String) -> BoxFuture<'_, Result<Rows, ServerError>>;
    /// Chooses how long to wait for whoever holds the database, where no lock of the engine's stands before it.
    fn wait_at_most(&mut self, _: Duration) {}
    /// Keeps a lease alive that a run (its token) has taken, until it is let go of with `None`; a lock of the connection lasts by itself.
    fn keep(&mut self, _: Option<&LockName<'_>>) {}
    /// Runs a course to its end or to the first task that stops it; then nothing of its transaction is left.
    fn run<'a>(
        &'a mut self,
        course: &'a Course,
        done: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<(), Stop>>;
    /// Tells whether courses of transactions can share one here.
    fn joins(&self) -> bool {
        false
    }
    /// Runs as many of the first courses as can share one transaction, and gives how many: either all of these are done, or none is.
    /// Whoever gets none runs the first by itself, and hears then what was wrong.
    fn join<'a>(&'a mut self, _: &'a [Course]) -> BoxFuture<'a, usize> {
        Box::pin(async { 0 })
    }
    /// Leaves a connection in whose work nobody is interested any more so that nothing stays open or locked.
    fn abandon(&mut self);
    fn as_any(&mut self) -> &mut dyn Any;
}

/// Tells what a step's texts depend on, besides the step.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Circumstances {
    /// Foreign keys are enforced, row by row, and have to be off while tables are rebuilt.
    pub(crate) foreign_keys: bool,
    /// Whimbrel opened the connection, so nobody misses the settings that a script made.
    pub(crate) own: bool,
    /// Nobody limits how long a statement waits for a lock, and every migration begins so.
    pub(crate) unlimited: bool,
    /// The database does not exist yet, and was not to be created.
    pub(crate) absent: bool,
}

/// Says why a course did not reach its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The server refused a task; the position is a byte within the task's text.
    Refused { task: usize, position: Option<usize>, answer: ServerError },
    /// Somebody else changed the history meanwhile.
    Stale,
    /// A check did not hold.
    Untrue { task: usize, answer: String },
    /// Rust code returned an error.
    Code { task: usize, error: Error },
    /// Rust code panicked.
    Panicked { message: String },
    /// Foreign keys were violated, each in words.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    ForeignKeys(Vec<String>),
}

/// Sorts a database's answer.
pub(crate) fn answer(error: &dyn sqlx::error::DatabaseError) -> ServerError {
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return postgres::answer(error);
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return mysql::answer(error);
    }
    #[cfg(feature = "sqlite")]
    if let Some(error) = error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
        return sqlite::answer(error);
    }
    ServerError::other(error.message())
}

/// Judges what a check's query gave: true if its only row's first column is true.
pub(crate) fn judge(rows: &Rows) -> Result<(), String> {
    let [row] = rows.as_slice() else {
        return Err(if rows.is_empty() { "no row".into() } else { format!("{} rows", rows.len()) });
    };
    match row.first() {
        None => Err("a row without columns".into()),
        Some(None) => Err("NULL".into()),
        Some(Some(text)) => {
            let holds =
                matches!(text.as_str(), "t" | "true") || text.parse::<f64>().is_ok_and(|n| n != 0.0 && !n.is_nan());
            let shown: String = text.chars().take(200).collect();
            if holds { Ok(()) } else { Err(format!("`{shown}`")) }
        }
    }
}

/// Waits for a stream's next item.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) async fn next<T>(stream: &mut Pin<Box<dyn Stream<Item = T> + Send + '_>>) -> Option<T> {
    std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await
}

// On a registry that is made by hand the code may be for another database; the generated ones can't mix them.
fn foreign() -> crate::Error {
    crate::Error::new("the migration's Rust code is for another database than the one it is declared on")
}

/// Calls an author's code so that its panic becomes a value.
pub(crate) async fn guarded<T>(
    call: impl Future<Output = crate::Result<T>> + Send,
) -> Result<crate::Result<T>, String> {
    let mut call = Box::pin(call);
    std::future::poll_fn(move |context| {
        let poll = std::panic::AssertUnwindSafe(|| call.as_mut().poll(context));
        match std::panic::catch_unwind(poll) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                std::task::Poll::Ready(Err(text.unwrap_or_else(|| "no message".into())))
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::{Rows, judge};

    fn one(cell: Option<&str>) -> Rows {
        vec![vec![cell.map(Into::into)]]
    }

    #[test]
    fn true_is_true_or_a_number_that_is_not_zero() {
        for cell in ["t", "1", "-3", "0.5"] {
            assert_eq!(judge(&one(Some(cell))), Ok(()), "{cell}");
        }
    }

    #[test]
    fn all_else_is_told_as_it_came() {
        assert_eq!(judge(&one(Some("f"))), Err("`f`".into()));
        assert_eq!(judge(&one(Some("0"))), Err("`0`".into()));
        assert_eq!(judge(&one(Some("yes"))), Err("`yes`".into()));
        assert_eq!(judge(&one(None)), Err("NULL".into()));
        assert_eq!(judge(&vec![]), Err("no row".into()));
        assert_eq!(judge(&vec![vec![], vec![]]), Err("2 rows".into()));
    }
}
