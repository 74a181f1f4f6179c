//! MySQL and MariaDB: what is whimbrel's own travels together, each of the author's statements by itself, and a run holds one
//! lock of the server.

mod array;
mod connect;
mod dialect;
mod place;

pub(crate) use connect::{connect, create};
pub(crate) use dialect::CAPABILITIES;

use super::{Backend, Capabilities, Circumstances, Rows, Stop, foreign, guarded, judge};
use crate::backend::batch::Batch;
use crate::backend::{Course, Task};
use crate::error::{Notes, ServerError, ServerErrorClass as Class};
use crate::step::{BoxFuture, RustCheck, RustWork};
use sqlx::mysql::{MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::{AssertSqlSafe, Connection, Either, Executor, Row, SqlSafeStr};
use std::any::Any;
use std::ops::Range;

type Answer<T> = Result<T, ServerError>;
type Done<'a> = &'a (dyn Fn(usize) + Send + Sync);

/// Holds a connection, or none after a run was dropped in the middle.
#[derive(Debug)]
pub(crate) struct Mysql {
    pub(crate) connection: Option<MySqlConnection>,
    own: bool,
}

impl Mysql {
    /// Takes a connection that somebody has opened for themselves.
    pub(crate) fn given(connection: MySqlConnection) -> Self {
        Self { connection: Some(connection), own: false }
    }

    fn open(&mut self) -> Answer<&mut MySqlConnection> {
        self.connection.as_mut().ok_or_else(|| ServerError {
            class: Class::ConnectionLost,
            ..ServerError::other(
                "the connection was closed because a run on it was dropped before its end; connect again",
            )
        })
    }
}

/// Runs a course; code is handed sqlx's own transaction, so that its `begin` nests.
async fn walk(connection: &mut MySqlConnection, course: &Course, done: Done<'_>) -> Result<(), Stop> {
    let mut at = 0;
    if course.has_code() {
        while let Some(begin) = next_task(course, at, |task| matches!(task, Task::Begin(_))) {
            stretch(connection, course, at..begin, done).await?;
            let end = next_task(course, begin, |task| matches!(task, Task::Commit | Task::Rollback));
            let end = end.unwrap_or(course.tasks.len());
            let mut transaction = connection.begin().await.map_err(|error| refused(begin)(error.into()))?;
            if let Err(stop) = stretch(&mut transaction, course, begin + 1..end, done).await {
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

fn next_task(course: &Course, from: usize, wanted: fn(&Task) -> bool) -> Option<usize> {
    course.tasks.iter().skip(from).position(wanted).map(|offset| from + offset)
}

/// Runs a stretch of a course.
async fn stretch(
    connection: &mut MySqlConnection,
    course: &Course,
    range: Range<usize>,
    done: Done<'_>,
) -> Result<(), Stop> {
    let mut batch = Batch::default();
    for (at, task) in course.tasks.iter().enumerate().take(range.end).skip(range.start) {
        match task {
            Task::Session(text) | Task::Ledger(text) | Task::Key(text) => batch.push(at, text),
            Task::Begin(text) => batch.push(at, text),
            Task::Commit => batch.push(at, "COMMIT"),
            Task::Rollback => batch.push(at, "ROLLBACK"),
            Task::One(text) => {
                batch.push(at, text);
                flush(connection, course, &mut batch).await?;
            }
            // How many answers a statement of the author's has, and where it ends, is the server's to say.
            Task::Author { index, text } | Task::Alone { index, text } => {
                flush(connection, course, &mut batch).await?;
                send(connection, *text).await.map_err(|answer| {
                    let position = place::culprit(text, answer.message());
                    Stop::Refused { task: at, position, answer }
                })?;
                done(*index as usize);
            }
            Task::Query { text, .. } => {
                flush(connection, course, &mut batch).await?;
                let rows = send(connection, *text).await.map_err(|answer| {
                    let position = place::culprit(text, answer.message());
                    Stop::Refused { task: at, position, answer }
                })?;
                judge(&rows).map_err(|answer| Stop::Untrue { task: at, answer })?;
            }
            Task::Rust(code) => {
                flush(connection, course, &mut batch).await?;
                let called = call(connection, code).await.map_err(|message| Stop::Panicked { message })?;
                called.map_err(|error| Stop::Code { task: at, error })?;
            }
            Task::RustQuery { code, .. } => {
                flush(connection, course, &mut batch).await?;
                let called = asked(connection, code).await.map_err(|message| Stop::Panicked { message })?;
                if !called.map_err(|error| Stop::Code { task: at, error })? {
                    return Err(Stop::Untrue { task: at, answer: "`false`".into() });
                }
            }
            // The server keeps foreign keys by itself.
            Task::ForeignKeys => {}
        }
    }
    flush(connection, course, &mut batch).await
}

/// Sends what has been collected.
async fn flush(connection: &mut MySqlConnection, course: &Course, batch: &mut Batch) -> Result<(), Stop> {
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
                stale |= matches!(task, Some(Task::One(_))) && result.rows_affected() != 1;
            }
            Err(error) => {
                let answer = ServerError::from(error);
                if matches!(task, Some(Task::Key(_))) && answer.is(Class::UniqueViolation) {
                    return Err(Stop::Stale);
                }
                return Err(Stop::Refused { task: at, position: None, answer });
            }
        }
    }
    if stale { Err(Stop::Stale) } else { Ok(()) }
}

fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}

async fn call(connection: &mut MySqlConnection, code: &RustWork) -> Result<crate::Result<()>, String> {
    match code {
        RustWork::Mysql(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

async fn asked(connection: &mut MySqlConnection, code: &RustCheck) -> Result<crate::Result<bool>, String> {
    match code {
        RustCheck::Mysql(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

/// Sends one text; gives the rows of all its statements.
async fn send(connection: &mut MySqlConnection, sql: impl SqlSafeStr) -> Answer<Rows> {
    let mut answers = connection.fetch_many(sqlx::raw_sql(sql));
    let mut rows = Rows::new();
    while let Some(answer) = super::next(&mut answers).await {
        if let Either::Right(row) = answer? {
            rows.push(cells(&row));
        }
    }
    Ok(rows)
}

/// Reads a row. A value that is no text, as a statement of the author's may give, is not looked at by anybody.
fn cells(row: &MySqlRow) -> Vec<Option<String>> {
    (0..row.len()).map(|n| row.try_get_unchecked::<Option<String>, _>(n).unwrap_or_default()).collect()
}

impl Backend for Mysql {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Answer<Circumstances>> {
        let own = self.own;
        Box::pin(async move { Ok(Circumstances { own, ..Circumstances::default() }) })
    }

    fn ask(&mut self, sql: String) -> BoxFuture<'_, Answer<Rows>> {
        Box::pin(async { send(self.open()?, AssertSqlSafe(sql)).await })
    }

    fn run<'a>(&'a mut self, course: &'a Course, done: Done<'a>) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(async {
            let connection = self.open().map_err(refused(0))?;
            let end = walk(connection, course, done).await;
            if end.is_err() {
                // What failed is told; a connection that is lost has rolled back by itself, and keeps no limits.
                for text in std::iter::once(&"ROLLBACK").chain(CAPABILITIES.unlimited) {
                    let _ = send(connection, *text).await;
                }
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

/// Sorts the server's answer by its number: its SQLSTATE says little.
///
/// # Source
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>, <https://mariadb.com/kb/en/mariadb-error-code-reference/>
pub(crate) fn answer(error: &MySqlDatabaseError) -> ServerError {
    let message = error.message();
    let class = match error.number() {
        1146 | 1051 => Class::UndefinedTable,
        1054 => Class::UndefinedColumn,
        1022 | 1062 | 1169 | 1586 => Class::UniqueViolation,
        // After a deadlock, too, the transaction that was chosen is rolled back and can be tried again.
        1205 | 1213 => Class::Locked,
        1044 | 1045 | 1142 | 1143 | 1227 | 1370 => Class::PermissionDenied,
        1792 | 1836 => Class::ReadOnly,
        1290 if message.contains("read-only") || message.contains("read_only") => Class::ReadOnly,
        1305 if message.starts_with("SAVEPOINT") => Class::TransactionEnded,
        1053 | 1077 | 1078 | 1079 | 1080 | 1152 | 1158..=1161 | 1184 | 1927 => Class::ConnectionLost,
        _ => Class::Other,
    };
    let hint = (class == Class::TransactionEnded)
        .then(|| "a statement that changes a schema commits; `transaction = false` lets code do that".to_owned());
    let notes = hint.map(|hint| Box::new(Notes { hint: Some(hint), ..Notes::default() }));
    ServerError { class, code: Some(error.number().to_string()), notes, ..ServerError::other(message) }
}
