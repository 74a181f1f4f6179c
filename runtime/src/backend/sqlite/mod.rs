//! SQLite: one statement a call but in long scripts, each migration a transaction that begins by locking the file.

mod answer;
mod connect;
mod dialect;
mod foreign_keys;
mod patience;
mod together;
mod whole;

pub(crate) use answer::answer;
pub(crate) use connect::{connect, exists};
pub(crate) use dialect::CAPABILITIES;
#[cfg(all(test, feature = "sqlite", feature = "postgres"))]
pub(crate) use dialect::DIALECT;

use super::{Backend, Capabilities, Circumstances, Rows, Stop, foreign, guarded, judge};
use crate::backend::{Course, Task};
use crate::error::{ServerError, ServerErrorClass as Class};
use crate::migrator::LOCK_WAIT;
use crate::step::{BoxFuture, RustCheck, RustWork};
use foreign_keys::Violations;
use patience::Patience;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Either, Executor, Row};
use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

type Answer<T> = Result<T, ServerError>;

/// Holds a SQLite connection, or none where the file is not there and was not to be made.
#[derive(Debug)]
pub(crate) struct Sqlite {
    pub(crate) connection: Option<SqliteConnection>,
    own: bool,
    patience: Patience,
    /// Foreign keys were on and may be off now.
    owes_foreign_keys: bool,
    /// A transaction may be open of which sqlx does not know.
    owes_rollback: bool,
    /// Those that were violated before: old sins are no fault of a migration.
    violations: Option<Violations>,
}

impl Sqlite {
    pub(crate) fn new(connection: Option<SqliteConnection>, own: bool) -> Self {
        let patience = Patience::new(own, LOCK_WAIT);
        Self { connection, own, patience, owes_foreign_keys: false, owes_rollback: false, violations: None }
    }

    async fn walk(&mut self, course: &Course, done: &(dyn Fn(usize) + Send + Sync)) -> Result<(), Stop> {
        if self.is_clean(course)
            && let Some(text) = whole::text(course)
        {
            match self.send_whole(course, text).await {
                Ok(()) => {
                    (0..course.statements).for_each(done);
                    return Ok(());
                }
                Err(answer) if answer.is(Class::Locked) || answer.is(Class::ConnectionLost) => {
                    self.patience.meet();
                    return Err(refused(whole::begin(course))(answer));
                }
                // Nothing is left of it. What it was shows when everything is sent by itself.
                Err(_) => {}
            }
        }
        if !together::is_worthwhile(course) {
            return self.walk_through(course, false, done).await;
        }
        let told = AtomicUsize::new(0);
        let first = |index: usize| {
            if told.fetch_max(index + 1, Ordering::Relaxed) <= index {
                done(index);
            }
        };
        let end = self.walk_through(course, true, &first).await;
        match &end {
            // Nothing is left of it. Which statement it was shows when they are sent one by one.
            Err(Stop::Refused { task, answer, .. })
                if matches!(course.tasks.get(*task), Some(Task::Author { .. }))
                    && !answer.is(Class::Locked)
                    && !answer.is(Class::ConnectionLost) =>
            {
                self.walk_through(course, false, &first).await
            }
            _ => end,
        }
    }

    /// Tells whether a course can be sent as one text: nobody has to be met, and no old sin to be told from a new one.
    fn is_clean(&self, course: &Course) -> bool {
        let forgiven = !course.foreign_keys || self.violations.as_ref().is_some_and(Violations::is_empty);
        self.own && self.patience.is_tried() && forgiven
    }

    async fn send_whole(&mut self, course: &Course, text: String) -> Answer<()> {
        (self.owes_foreign_keys, self.owes_rollback) = (course.foreign_keys, true);
        let end = whole::run(opened(&mut self.connection)?, text).await;
        self.owes_rollback = false;
        end
    }

    /// Sets the pragma again after what was refused.
    async fn recover(&mut self) -> Answer<()> {
        let Some(connection) = self.connection.as_mut() else { return Ok(()) };
        if self.owes_foreign_keys {
            send(connection, "PRAGMA foreign_keys = ON".into()).await?;
        }
        self.patience.wait(connection).await
    }

    async fn walk_through(
        &mut self,
        course: &Course,
        many: bool,
        done: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<(), Stop> {
        if course.foreign_keys && self.violations.is_none() {
            let found = foreign_keys::violations(opened(&mut self.connection).map_err(refused(0))?)
                .await
                .map_err(refused(0))?;
            self.violations = Some(found);
        }
        self.owes_foreign_keys = course.foreign_keys;
        let Self { connection, violations, patience, owes_rollback, .. } = self;
        let connection = opened(connection).map_err(refused(0))?;
        let mut at = 0;
        while let Some(task) = course.tasks.get(at) {
            if matches!(task, Task::Begin(_) | Task::One(_)) {
                patience.attempt(connection).await.map_err(refused(at))?;
            }
            let Task::Begin(begin) = task else {
                perform(connection, at, task, violations, done).await?;
                if matches!(task, Task::One(_)) {
                    patience.succeed(connection).await.map_err(refused(at))?;
                }
                at += 1;
                continue;
            };
            if many {
                at = together::transaction(connection, course, at, patience, violations, owes_rollback, done).await?;
                continue;
            }
            let mut transaction = connection
                .begin_with(AssertSqlSafe(begin.clone().into_string()))
                .await
                .map_err(|error| refused(at)(error.into()))?;
            patience.succeed(&mut transaction).await.map_err(refused(at))?;
            let mut stopped = None;
            at += 1;
            while let Some(task) = course.tasks.get(at).filter(|task| !matches!(task, Task::Commit | Task::Rollback)) {
                if let Err(stop) = perform(&mut transaction, at, task, violations, done).await {
                    stopped = Some(stop);
                    break;
                }
                at += 1;
            }
            let Some(stop) = stopped else {
                let ended = match course.tasks.get(at) {
                    Some(Task::Commit) => transaction.commit().await,
                    _ => transaction.rollback().await,
                };
                ended.map_err(|error| refused(at)(error.into()))?;
                at += 1;
                continue;
            };
            // SQLite ends a transaction by itself on some errors, and sqlx counts on one being open.
            let _ = send(&mut transaction, "SAVEPOINT whimbrel_end".into()).await;
            transaction.rollback().await.map_err(|error| refused(at)(error.into()))?;
            return Err(stop);
        }
        Ok(())
    }
}

fn opened(connection: &mut Option<SqliteConnection>) -> Answer<&mut SqliteConnection> {
    connection.as_mut().ok_or_else(|| ServerError::other("the file does not exist"))
}

fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}

async fn perform(
    connection: &mut SqliteConnection,
    at: usize,
    task: &Task,
    before: &mut Option<Violations>,
    done: &(dyn Fn(usize) + Send + Sync),
) -> Result<(), Stop> {
    match task {
        Task::Session(text) | Task::Ledger(text) => {
            send(connection, text.clone().into()).await.map_err(refused(at))?;
        }
        Task::Key(text) | Task::One(text) => match send(connection, text.clone().into()).await {
            Ok((1, _)) => {}
            Ok(_) => return Err(Stop::Stale),
            Err(answer) if answer.is(Class::UniqueViolation) => return Err(Stop::Stale),
            Err(answer) => return Err(refused(at)(answer)),
        },
        Task::Author { index, text } | Task::Alone { index, text } => {
            let sent = drain(connection, text).await;
            sent.map_err(|answer| {
                let position = connect::culprit(text, answer.message());
                Stop::Refused { task: at, position, answer }
            })?;
            done(*index as usize);
        }
        Task::Query { text, .. } => {
            let (_, rows) = send(connection, (*text).into()).await.map_err(refused(at))?;
            judge(&rows).map_err(|answer| Stop::Untrue { task: at, answer })?;
        }
        Task::Rust(code) => {
            let called = call(connection, code).await.map_err(|message| Stop::Panicked { message })?;
            called.map_err(|error| Stop::Code { task: at, error })?;
        }
        Task::RustQuery { code, .. } => {
            let called = asked(connection, code).await.map_err(|message| Stop::Panicked { message })?;
            if !called.map_err(|error| Stop::Code { task: at, error })? {
                return Err(Stop::Untrue { task: at, answer: "`false`".into() });
            }
        }
        Task::ForeignKeys => {
            let now = foreign_keys::violations(connection).await.map_err(refused(at))?;
            let new = foreign_keys::new(before.as_ref(), &now);
            if !new.is_empty() {
                return Err(Stop::ForeignKeys(new));
            }
            *before = Some(now);
        }
        Task::Begin(_) | Task::Commit | Task::Rollback => {}
    }
    Ok(())
}

async fn call(connection: &mut SqliteConnection, code: &RustWork) -> Result<crate::Result<()>, String> {
    match code {
        RustWork::Sqlite(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

async fn asked(connection: &mut SqliteConnection, code: &RustCheck) -> Result<crate::Result<bool>, String> {
    match code {
        RustCheck::Sqlite(code) => guarded(code(connection)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

/// Sends one text; gives the rows that it changed and those that it gave.
async fn send(connection: &mut SqliteConnection, sql: String) -> Answer<(u64, Rows)> {
    let mut answers = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql)));
    let (mut changed, mut rows) = (0, Rows::new());
    while let Some(answer) = super::next(&mut answers).await {
        match answer? {
            Either::Left(done) => changed = done.rows_affected(),
            Either::Right(row) => rows.push(cells(&row)?),
        }
    }
    Ok((changed, rows))
}

/// Runs an author's statement; its rows are of no interest.
async fn drain(connection: &mut SqliteConnection, sql: &'static str) -> Answer<()> {
    let mut answers = connection.fetch_many(sqlx::raw_sql(sql));
    while let Some(answer) = super::next(&mut answers).await {
        answer?;
    }
    Ok(())
}

fn cells(row: &SqliteRow) -> Answer<Vec<Option<String>>> {
    (0..row.len()).map(|n| row.try_get_unchecked::<Option<String>, _>(n).map_err(Into::into)).collect()
}

impl Backend for Sqlite {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Answer<Circumstances>> {
        Box::pin(async {
            let own = self.own;
            // Others may have been at it since.
            self.violations = None;
            let Some(connection) = self.connection.as_mut() else {
                return Ok(Circumstances { own, absent: true, ..Circumstances::default() });
            };
            let (_, rows) = send(connection, "PRAGMA foreign_keys".into()).await?;
            let foreign_keys = self.owes_foreign_keys || judge(&rows).is_ok();
            Ok(Circumstances { own, foreign_keys, ..Circumstances::default() })
        })
    }

    fn ask(&mut self, sql: String) -> BoxFuture<'_, Answer<Rows>> {
        Box::pin(async {
            let Self { connection, patience, .. } = self;
            let connection = opened(connection)?;
            patience.look(connection).await?;
            Ok(send(connection, sql).await?.1)
        })
    }

    fn wait_at_most(&mut self, wait: Duration) {
        self.patience.choose(wait);
    }

    fn run<'a>(
        &'a mut self,
        course: &'a Course,
        done: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(async {
            let end = self.walk(course, done).await;
            if end.is_err() || !course.foreign_keys {
                self.violations = None;
            }
            if end.is_err()
                && let Some(connection) = self.connection.as_mut()
            {
                // A script without a transaction may have left its own open.
                if course.tasks.iter().any(|task| matches!(task, Task::Alone { .. })) {
                    let _ = send(connection, "SAVEPOINT whimbrel_end; ROLLBACK".into()).await;
                }
                self.recover().await.map_err(refused(0))?;
            }
            self.owes_foreign_keys = false;
            end
        })
    }

    fn joins(&self) -> bool {
        self.own
    }

    fn join<'a>(&'a mut self, courses: &'a [Course]) -> BoxFuture<'a, usize> {
        Box::pin(async {
            let Some(first) = courses.first().filter(|first| self.is_clean(first)) else { return 0 };
            let Some((text, count)) = whole::joined(courses).filter(|(_, count)| *count > 1) else { return 0 };
            let end = self.send_whole(first, text).await;
            if end.as_ref().is_err_and(|answer| answer.is(Class::Locked)) {
                self.patience.meet();
            }
            let recovered = if end.is_err() { self.recover().await } else { Ok(()) };
            self.owes_foreign_keys &= recovered.is_err();
            if end.is_ok() { count } else { 0 }
        })
    }

    fn abandon(&mut self) {
        if let Some(connection) = self.connection.as_mut().filter(|_| self.owes_rollback) {
            together::abandon(connection, self.own);
        }
        self.owes_rollback = false;
        // sqlx rolls back a transaction that is dropped; what is left is to set the pragma again after it. One
        // poll hands it to the connection's own thread, which works on in its own time.
        if let Some(connection) = self.connection.as_mut().filter(|_| self.owes_foreign_keys) {
            let mut sent = Box::pin(drain(connection, "PRAGMA foreign_keys = ON"));
            let _ = sent.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        self.owes_foreign_keys = false;
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
