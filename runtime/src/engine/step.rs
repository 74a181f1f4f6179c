//! One step: its course, and what is written down when it stops.

use super::course::{Setting, course};
use super::failure::{Failed, failure};
use super::half_rolled_back::{is_marked, is_untouched};
use super::holder::holder;
use super::progress::{Progress, clear, progress};
use super::run::{Run, ledger};
use crate::backend::Stop;
use crate::backend::{Capabilities, Course, Task};
use crate::error::{Error, Holder, Result, ServerError, ServerErrorClass as Class};
use crate::event::Event;
use crate::ledger::{Happening, Ledger};
use crate::plan::Step;
use crate::registry::{Database, Work};
use crate::report::Outcome;
use crate::script::Retry;
use crate::target::Direction;
use std::time::Instant;
use tracing::Instrument;

/// Says where a step stands in its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// From 1.
    pub(super) number: usize,
    pub(super) steps: usize,
    /// No other step of its database is behind it.
    pub(super) last: bool,
    /// The next step's commit waits for this one's.
    pub(super) followed: bool,
}

impl Run<'_> {
    /// Does a step; none where somebody else has changed the history, so that the plan no longer holds.
    pub(super) async fn step(&mut self, step: &Step, place: Place) -> Result<Option<Outcome>> {
        let (id, database) = (step.migration.id, step.migration.database);
        let transactions = self.databases.backend(database)?.capabilities().transactions;
        // What was begun statement by statement goes on so, although its mended rollback may be one transaction.
        let stepwise = !transactions || is_marked(&self.session(database).records, step);
        let step = &Step { stepwise, ..*step };
        let span = tracing::info_span!("migration", id, database, direction = %step.direction);
        async {
            let begun = Instant::now();
            let (direction, statements, Place { number, steps, .. }) = (step.direction, step.statements(), place);
            self.migrator.tell(Event::StepStarted { id, database, direction, step: number, steps, statements });
            match self.try_step(step, place).await {
                Ok(false) => Ok(None),
                Ok(true) => {
                    let duration = begun.elapsed();
                    tracing::info!(?duration, "done");
                    self.migrator.tell(Event::StepFinished { id, database, direction: step.direction, duration });
                    Ok(Some(Outcome { id, database, duration }))
                }
                Err(error) => {
                    tracing::error!(%error, "failed");
                    self.migrator.tell(Event::StepFailed { id, database, direction: step.direction });
                    Err(error)
                }
            }
        }
        .instrument(span)
        .await
    }

    async fn try_step(&mut self, step: &Step, place: Place) -> Result<bool> {
        let (begun, mut attempts) = (Instant::now(), 0);
        let name = step.migration.database;
        loop {
            let mut before = match self.progress(step).await? {
                Some(before) => before,
                None => {
                    // Somebody is at this very migration.
                    let database = self.session(name).database;
                    self.wait_on(database, None, begun).await?;
                    self.read_again(name).await?;
                    if self.holds(step) {
                        return Ok(false);
                    }
                    continue;
                }
            };
            let keeps_locks = self.keeps_locks;
            let (registry, lock_timeout) = (self.migrator.registry, self.migrator.lock_timeout);
            let session = self.session(name);
            let (database, locked) = (session.database, session.locked);
            let setting = session.setting(registry, step, lock_timeout);
            let setting = Setting { done: before.done, events: before.events, ..setting };
            let backend = self.databases.backend(name)?;
            clear(&mut before, backend, name).await?;
            let can = backend.capabilities();
            let lock = self.migrator.location.lock(&self.id);
            let release = can.lock.as_ref().filter(|_| place.last && locked && !keeps_locks);
            let release = release.map(|own| (own.release)(&lock));
            let relax = can.log.as_ref().filter(|_| place.followed).map(|log| log.relax);
            let setting = Setting { guard: can.guard.map(|guard| guard(&lock)), release, relax, ..setting };
            let ledger = ledger(self.migrator, backend, database, &self.id);
            let course = course(step, &ledger, can, &setting)?;
            let done = |index: usize| {
                let (statement, statements) = (index + 1, course.statements);
                tracing::debug!(statement, statements, "statement done");
                self.migrator.tell(Event::StatementDone { id: step.migration.id, statement, statements });
            };
            match backend.run(&course, &done).await {
                Ok(()) => {
                    let session = self.session(name);
                    session.settle(step);
                    session.locked &= setting.release.is_none();
                    session.unflushed = setting.relax.is_some();
                    return Ok(true);
                }
                Err(Stop::Stale) => return Ok(false),
                Err(Stop::Refused { task, position, answer })
                    if answer.is(Class::Locked) && waits(step, &course, &ledger, task) =>
                {
                    attempts += 1;
                    let holder = self.blocker(database, &course, task).await;
                    if let Err(error) = self.wait_on(database, holder.clone(), begun).await {
                        if self.session(name).locked {
                            let stop = Stop::Refused { task, position, answer };
                            let failed = failure(step, &course, stop).blocked(holder, attempts, begun.elapsed());
                            return Err(self.write_down(step, &course, failed, &before).await);
                        }
                        return Err(error);
                    }
                }
                Err(stop) => {
                    let failed = failure(step, &course, stop);
                    return Err(self.write_down(step, &course, failed, &before).await);
                }
            }
        }
    }

    /// Asks who holds what a task waits for.
    async fn blocker(&mut self, database: &'static Database, course: &Course, task: usize) -> Option<Holder> {
        let backend = self.databases.backend(database.name).ok()?;
        let blocker = backend.capabilities().blocker?;
        let (Task::Author { text, .. } | Task::Alone { text, .. } | Task::Query { text, .. }) =
            course.tasks.get(task)?
        else {
            return None;
        };
        let rows = backend.ask(blocker(text).ok()?).await.ok()?;
        holder(rows.first()?)
    }

    fn holds(&mut self, step: &Step) -> bool {
        let id = step.migration.id;
        let applied = self.session(step.migration.database).records.iter().any(|record| record.id == id);
        applied == (step.direction == Direction::Up)
    }

    async fn progress(&mut self, step: &Step) -> Result<Option<Progress>> {
        if step.is_transactional() {
            return Ok(Some(Progress::default()));
        }
        let session = self.session(step.migration.database);
        let (database, create) = (session.database, session.create);
        let backend = self.databases.backend(database.name)?;
        let ledger = ledger(self.migrator, backend, database, &self.id);
        progress(step, backend, &ledger, create, self.migrator.lock_wait).await
    }

    /// Appends the failure to the events, in a transaction of its own: the step's own has kept nothing.
    async fn write_down(&mut self, step: &Step, course: &Course, mut failed: Failed, before: &Progress) -> Error {
        if failed.lost {
            return failed.error();
        }
        let name = step.migration.database;
        let session = self.session(name);
        let (database, create, locked) = (session.database, session.create, session.locked);
        let was_marked = is_marked(&session.records, step);
        let Ok(backend) = self.databases.backend(name) else { return failed.error() };
        let can = backend.capabilities();
        let alone = course.tasks.iter().any(|task| matches!(task, Task::Alone { .. }));
        if let Some(leftovers) = can.leftovers.filter(|_| alone)
            && let Ok(rows) = backend.ask(leftovers.into()).await
        {
            let names = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
            failed.leave(names.filter(|name| !before.leftovers.contains(name)));
        }
        let ledger = ledger(self.migrator, backend, database, &self.id);
        let message = failed.message();
        let detail = failed.detail();
        let statement = failed.statement.map(|statement| (statement, course.statements));
        let happening = Happening {
            event: "failed",
            statement,
            message: Some(&message),
            detail: detail.as_deref(),
            ..Happening::default()
        };
        let m = step.migration;
        let has_limits = !step.is_transactional() && (m.lock_timeout.is_some() || m.statement_timeout.is_some());
        // Only a statement that succeeds is followed by the task that takes its limits back.
        let unlimited = can.unlimited.iter().filter(|_| has_limits);
        let mut tasks: Vec<Task> = unlimited.map(|text| Task::Session((*text).into())).collect();
        tasks.push(Task::Begin(can.begin.into()));
        let written: Result<()> = (|| {
            let mut texts = if create { ledger.create()? } else { Vec::new() };
            if failed.by_code && step.direction == Direction::Up && step.is_transactional() {
                // Code that committed on its own and failed after that has committed its row with it.
                for migration in std::iter::once(step.migration).chain(step.migration.covered()) {
                    texts.push(ledger.delete(migration, None)?);
                }
            }
            texts.push(ledger.event(step.migration, step.direction, &happening)?);
            if let Some(text) =
                failed.answer().and_then(|answer| in_part(step, course, &ledger, failed.statement, answer, can))
            {
                // As if the run had died on it: a person is asked before it is sent again.
                let doubt = Happening { event: "started", statement, detail: Some(text), ..Happening::default() };
                texts.push(ledger.event(step.migration, step.direction, &doubt)?);
            } else if step.direction == Direction::Down
                && !step.is_transactional()
                && !was_marked
                && failed.done().is_some_and(|done| is_untouched(step, &ledger, done))
            {
                texts.push(ledger.mark_rollback(step.migration, false)?);
            }
            tasks.extend(texts.into_iter().map(|text| Task::Ledger(text.into())));
            Ok(())
        })();
        tasks.push(Task::Commit);
        if let Some(lock) = can.lock.as_ref().filter(|_| locked) {
            tasks.push(Task::Session((lock.release)(&self.migrator.location.lock(&self.id)).into()));
        }
        if written.is_ok() {
            match backend.run(&Course { tasks, ..Course::default() }, &|_| {}).await {
                Ok(()) => {
                    let session = self.session(name);
                    (session.locked, session.create, session.unflushed) = (false, false, false);
                }
                Err(stop) => tracing::warn!(?stop, "the failure could not be written down"),
            }
        }
        failed.error()
    }
}

/// Gives the statement that was refused and may be done in part, where only a person can tell.
fn in_part<'t>(
    step: &Step,
    course: &Course,
    ledger: &Ledger<'_>,
    statement: Option<usize>,
    answer: &ServerError,
    can: &Capabilities,
) -> Option<&'t str> {
    let at = statement?.checked_sub(1)?;
    let is_alone = |task: &Task| matches!(task, Task::Alone { index, .. } if *index as usize == at);
    let Some(Work::Script(script)) = step.work() else { return None };
    let (_, text, retry) = ledger.steps(script).nth(at)?;
    (retry == Retry::Ask && course.tasks.iter().any(is_alone) && (can.partial)(text, answer)).then_some(text)
}

/// Tells whether a step that met a lock at this task can be tried again: what it had done is rolled back, or noted.
pub(super) fn waits(step: &Step, course: &Course, ledger: &Ledger<'_>, task: usize) -> bool {
    if course.tasks.iter().take(task).any(|task| matches!(task, Task::Rust(_) | Task::RustQuery { .. })) {
        // What code did besides is not known to anybody here.
        return false;
    }
    match course.tasks.get(task) {
        Some(Task::Alone { index, .. }) => match step.work() {
            Some(Work::Script(script)) => {
                ledger.steps(script).nth(*index as usize).is_some_and(|(_, _, retry)| retry != Retry::Ask)
            }
            _ => false,
        },
        Some(Task::Rust(_) | Task::RustQuery { .. } | Task::Session(_)) | None => false,
        Some(_) => true,
    }
}
