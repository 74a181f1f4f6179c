//! PostgreSQL: a migration is one simple query, and a run holds one advisory lock.

mod connect;
mod dialect;
mod pooler;

pub(crate) use connect::{connect, create};
#[cfg(all(test, feature = "sqlite", feature = "postgres"))]
pub(crate) use dialect::DIALECT;
pub(crate) use dialect::{CAPABILITIES, POOLED};
use pooler::Pooler;

use super::{Backend, Capabilities, Circumstances, Rows, Stop, foreign, guarded, judge};
use crate::backend::batch::Batch;
use crate::backend::{Course, Task};
use crate::error::{Notes, ServerError, ServerErrorClass as Class};
use crate::step::{BoxFuture, RustCheck, RustWork};
use sqlx::postgres::{PgConnection, PgDatabaseError, PgErrorPosition, PgRow};
use sqlx::{AssertSqlSafe, Connection, Either, Executor, Row, SqlSafeStr};
use std::any::Any;
use std::ops::Range;

type Answer<T> = Result<T, ServerError>;
type Done<'a> = &'a (dyn Fn(usize) + Send + Sync);

/// Holds a PostgreSQL connection, or none after a run was dropped in the middle.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) connection: Option<PgConnection>,
    own: bool,
    pooler: Pooler,
    /// When it was opened nobody limited how long a statement waits for a lock.
    unlimited: bool,
}

impl Postgres {
    /// Takes a connection that somebody has opened for themselves: to the server, as far as anybody knows.
    pub(crate) fn given(connection: PgConnection) -> Self {
        Self { connection: Some(connection), own: false, pooler: Pooler::None, unlimited: false }
    }

    fn open(&mut self) -> Answer<&mut PgConnection> {
        self.connection.as_mut().ok_or_else(|| ServerError {
            class: Class::ConnectionLost,
            ..ServerError::other(
                "the connection was closed because a run on it was dropped before its end; connect again",
            )
        })
    }
}

/// Runs a course; code is handed sqlx's own transaction, so that its `begin` nests.
async fn walk(connection: &mut PgConnection, pooler: Pooler, course: &Course, done: Done<'_>) -> Result<(), Stop> {
    let mut at = 0;
    if course.has_code() {
        while let Some(begin) = next_task(course, at, |task| matches!(task, Task::Begin(_))) {
            stretch(connection, course, at..begin, done).await?;
            let end = next_task(course, begin, |task| matches!(task, Task::Commit | Task::Rollback));
            let end = end.unwrap_or(course.tasks.len());
            let mut transaction = connection.begin().await.map_err(|error| refused(begin)(error.into()))?;
            let mut walked = forget(&mut transaction, pooler).await.map_err(refused(begin));
            if walked.is_ok() {
                walked = stretch(&mut transaction, course, begin + 1..end, done).await;
            }
            if walked.is_ok() {
                walked = forget(&mut transaction, pooler).await.map_err(refused(end));
            }
            if let Err(stop) = walked {
                transaction.rollback().await.map_err(|error| refused(begin)(error.into()))?;
                return Err(stop);
            }
            let ended = match course.tasks.get(end) {
                Some(Task::Commit) => transaction.commit().await,
                _ => transaction.rollback().await,
            };
            ended.map_err(|error| refused(end)(error.into()))?;
            at = end + 1;
        }
    }
    stretch(connection, course, at..course.tasks.len(), done).await
}

/// Behind a pooler, leaves no statement that code has prepared to whoever has the server's connection next.
async fn forget(connection: &mut PgConnection, pooler: Pooler) -> Answer<()> {
    if pooler == Pooler::Between {
        send(connection, pooler::FORGET).await?;
        connection.clear_cached_statements().await?;
    }
    Ok(())
}

fn next_task(course: &Course, from: usize, wanted: fn(&Task) -> bool) -> Option<usize> {
    course.tasks.iter().skip(from).position(wanted).map(|offset| from + offset)
}

/// Runs a stretch of a course, as many tasks in one simple query as need no judging in between.
async fn stretch(
    connection: &mut PgConnection,
    course: &Course,
    range: Range<usize>,
    done: Done<'_>,
) -> Result<(), Stop> {
    let mut batch = Batch::default();
    for (at, task) in course.tasks.iter().enumerate().take(range.end).skip(range.start) {
        match task {
            Task::Session(text) | Task::Ledger(text) | Task::Key(text) => batch.push(at, text),
            Task::Begin(text) => batch.push(at, text),
            Task::Author { text, .. } => batch.push(at, text),
            Task::Commit => batch.push(at, "COMMIT"),
            Task::Rollback => batch.push(at, "ROLLBACK"),
            Task::One(text) => {
                batch.push(at, text);
                flush(connection, course, &mut batch, done).await?;
            }
            Task::Alone { text, .. } => {
                flush(connection, course, &mut batch, done).await?;
                batch.push(at, text);
                flush(connection, course, &mut batch, done).await?;
            }
            Task::Query { text, .. } => {
                flush(connection, course, &mut batch, done).await?;
                let rows = send(connection, *text).await.map_err(|answer| {
                    let position = answer.position.and_then(|position| Batch::of(at, text).place(position));
                    Stop::Refused { task: at, position: position.map(|(_, byte)| byte), answer }
                })?;
                judge(&rows).map_err(|answer| Stop::Untrue { task: at, answer })?;
            }
            Task::Rust(code) => {
                flush(connection, course, &mut batch, done).await?;
                let called = call(connection, code).await.map_err(|message| Stop::Panicked { message })?;
                called.map_err(|error| Stop::Code { task: at, error })?;
            }
            Task::RustQuery { code, .. } => {
                flush(connection, course, &mut batch, done).await?;
                let called = asked(connection, code).await.map_err(|message| Stop::Panicked { message })?;
                if !called.map_err(|error| Stop::Code { task: at, error })? {
                    return Err(Stop::Untrue { task: at, answer: "`false`".into() });
                }
            }
            // The server keeps foreign keys by itself.
            Task::ForeignKeys => {}
        }
    }
    flush(connection, course, &mut batch, done).await
}

/// Sends what has been collected.
async fn flush(connection: &mut PgConnection, course: &Course, batch: &mut Batch, done: Done<'_>) -> Result<(), Stop> {
    if batch.is_empty() {
        return Ok(());
    }
    let batch = std::mem::take(batch);
    let (mut completed, mut stale) = (0, false);
    let mut answers = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(batch.text.as_str())));
    while let Some(answer) = super::next(&mut answers).await {
        let at = batch.at(completed).unwrap_or_default();
        let task = course.tasks.get(at);
        match answer {
            Ok(Either::Right(_)) => {}
            Ok(Either::Left(result)) => {
                completed += 1;
                match task {
                    Some(Task::Author { index, .. } | Task::Alone { index, .. }) => done(*index as usize),
                    Some(Task::One(_)) => stale |= result.rows_affected() != 1,
                    _ => {}
                }
            }
            Err(error) => {
                let answer = ServerError::from(error);
                if matches!(task, Some(Task::Key(_))) && answer.is(Class::UniqueViolation) {
                    return Err(Stop::Stale);
                }
                return Err(match answer.position.and_then(|position| batch.place(position)) {
                    Some((task, byte)) => Stop::Refused { task, position: Some(byte), answer },
                    None => Stop::Refused { task: at, position: None, answer },
                });
            }
        }
    }
    if stale { Err(Stop::Stale) } else { Ok(()) }
}

fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}

async fn call(connection: &mut PgConnection, code: &RustWork) -> Result<crate::Result<()>, String> {
    match code {
        RustWork::Postgres(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

async fn asked(connection: &mut PgConnection, code: &RustCheck) -> Result<crate::Result<bool>, String> {
    match code {
        RustCheck::Postgres(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

/// Sends one text; gives the rows of all its statements.
async fn send(connection: &mut PgConnection, sql: impl SqlSafeStr) -> Answer<Rows> {
    let (rows, refused) = sent(connection, sql).await;
    refused.map_or(Ok(rows), Err)
}

/// Sends one text; gives the rows that came, and the refusal that ended them.
async fn sent(connection: &mut PgConnection, sql: impl SqlSafeStr) -> (Rows, Option<ServerError>) {
    let mut answers = connection.fetch_many(sqlx::raw_sql(sql));
    let mut rows = Rows::new();
    while let Some(answer) = super::next(&mut answers).await {
        match answer.map_err(ServerError::from) {
            Ok(Either::Left(_)) => {}
            Ok(Either::Right(row)) => match cells(&row) {
                Ok(cells) => rows.push(cells),
                Err(refused) => return (rows, Some(refused)),
            },
            Err(refused) => return (rows, Some(refused)),
        }
    }
    (rows, None)
}

fn cells(row: &PgRow) -> Answer<Vec<Option<String>>> {
    (0..row.len()).map(|n| row.try_get_unchecked::<Option<String>, _>(n).map_err(Into::into)).collect()
}

impl Backend for Postgres {
    fn capabilities(&self) -> &'static Capabilities {
        if self.pooler == Pooler::Between { &POOLED } else { &CAPABILITIES }
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Answer<Circumstances>> {
        let unlimited = self.own && self.unlimited && self.pooler == Pooler::None;
        let circumstances = Circumstances { own: self.own, unlimited, ..Circumstances::default() };
        Box::pin(async move { Ok(circumstances) })
    }

    fn ask(&mut self, sql: String) -> BoxFuture<'_, Answer<Rows>> {
        Box::pin(async {
            if self.pooler != Pooler::Unknown {
                return send(self.open()?, AssertSqlSafe(sql)).await;
            }
            // One round trip tells both, also where what is asked is refused.
            let (mut rows, refused) = sent(self.open()?, AssertSqlSafe(format!("{};\n{sql}", pooler::PROBE))).await;
            (self.pooler, self.unlimited) = (Pooler::of(&rows), pooler::is_unlimited(&rows));
            rows.drain(..rows.len().min(1));
            refused.map_or(Ok(rows), Err)
        })
    }

    fn run<'a>(&'a mut self, course: &'a Course, done: Done<'a>) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(async {
            let pooler = self.pooler;
            let connection = self.open().map_err(refused(0))?;
            let end = walk(connection, pooler, course, done).await;
            if end.is_err() {
                // What failed is told; a connection that is lost has rolled back by itself.
                let _ = send(connection, "ROLLBACK").await;
            }
            end
        })
    }

    fn abandon(&mut self) {
        // Closing it rolls back and unlocks, as soon as the server is through with the statement it is at.
        self.connection = None;
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Sorts the server's answer by its SQLSTATE.
///
/// # Source
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
pub(crate) fn answer(error: &PgDatabaseError) -> ServerError {
    let class = match error.code() {
        "42P01" => Class::UndefinedTable,
        "42703" => Class::UndefinedColumn,
        "23505" => Class::UniqueViolation,
        "55P03" => Class::Locked,
        "42501" => Class::PermissionDenied,
        "25006" => Class::ReadOnly,
        "25P02" => Class::TransactionFailed,
        "25P01" | "3B001" => Class::TransactionEnded,
        "57P01" | "57P02" | "57P03" => Class::ConnectionLost,
        code if code.starts_with("08") => Class::ConnectionLost,
        _ => Class::Other,
    };
    let position = match error.position() {
        Some(PgErrorPosition::Original(position)) => Some(position),
        _ => None,
    };
    ServerError {
        class,
        code: Some(error.code().into()),
        notes: Some(Box::new(Notes {
            detail: error.detail().map(Into::into),
            hint: error.hint().map(Into::into),
            context: error.r#where().map(Into::into),
        })),
        position,
        ..ServerError::other(error.message())
    }
}
