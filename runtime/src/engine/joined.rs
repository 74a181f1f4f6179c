//! Steps that share a transaction, where each transaction costs more than what most steps do in it.
//!
//! They are done all or not at all, and what is refused is done again one by one: so each step ends as it would by itself, and the ledger
//! never tells of one that is not there. How many go together grows while they are quick and falls back to one when they are not,
//! so that nobody waits long for the lock, for a stop, or for work that a death undoes.

use super::course::course;
use super::durability::is_plain;
use super::run::{Run, ledger};
use crate::error::Result;
use crate::event::Event;
use crate::plan::Step;
use crate::registry::Migration;
use crate::report::{Outcome, Report};
use crate::target::Direction;
use std::time::{Duration, Instant};

/// So long may steps take together that are followed by more of them.
const SHORT: Duration = Duration::from_millis(50);
const MOST: usize = 64;

/// Says how many steps may share a transaction.
#[derive(Debug)]
pub(super) struct Pace(usize);

impl Pace {
    /// The first step goes by itself.
    pub(super) fn new() -> Self {
        Self(1)
    }
    pub(super) fn took(&mut self, elapsed: Duration) {
        self.0 = if elapsed <= SHORT { (self.0 * 2).min(MOST) } else { 1 };
    }
}

/// Tells whether a step may share its transaction: it is plain, asks nothing on the way, and adds no row but its own.
fn can_join(step: &Step) -> bool {
    let Migration { require, verify, replaces, .. } = step.migration;
    step.direction == Direction::Up && is_plain(step) && require.is_none() && verify.is_none() && replaces.is_empty()
}

impl Run<'_> {
    /// Does as many of the first steps as can share a transaction now; gives how many, with none of them left half done.
    pub(super) async fn join(
        &mut self,
        steps: &[Step],
        pace: &mut Pace,
        report: &mut Report,
        total: usize,
    ) -> Result<usize> {
        let (begun, number) = (Instant::now(), report.done.len());
        let Some(name) = steps.first().map(|step| step.migration.database) else { return Ok(0) };
        if pace.0 < 2 || !self.databases.backend(name)?.joins() {
            return Ok(0);
        }
        let alike = steps.iter().take_while(|step| step.migration.database == name && can_join(step));
        let steps: Vec<_> = alike.take(pace.0).collect();
        if steps.len() < 2 {
            return Ok(0);
        }
        let (registry, lock_timeout) = (self.migrator.registry, self.migrator.lock_timeout);
        let session = self.session(name);
        let (database, rows, newest, create) =
            (session.database, session.records.len(), session.newest, session.create);
        let mut settings = Vec::with_capacity(steps.len());
        for step in &steps {
            let session = self.session(name);
            settings.push(session.setting(registry, step, lock_timeout));
            session.settle(step);
        }
        let backend = self.databases.backend(name)?;
        let (can, ledger) = (backend.capabilities(), ledger(self.migrator, backend, database, &self.id));
        let courses = steps.iter().zip(&settings).map(|(step, setting)| course(step, &ledger, can, setting));
        let count = match courses.collect::<Result<Vec<_>>>() {
            Ok(courses) => backend.join(&courses).await,
            // A text that can't be written is refused where its step goes by itself.
            Err(_) => 0,
        };
        // Where not all were done, the rest is as it was.
        let session = self.session(name);
        session.records.truncate(rows);
        (session.newest, session.create) = (newest, create);
        steps.iter().take(count).for_each(|step| session.settle(step));
        if count == 0 {
            *pace = Pace::new();
            return Ok(0);
        }
        pace.took(begun.elapsed());
        let share = begun.elapsed() / u32::try_from(count).unwrap_or(u32::MAX);
        for (n, step) in steps.into_iter().take(count).enumerate() {
            report.done.push(self.told(step, number + n + 1, total, share));
        }
        Ok(count)
    }

    /// Tells of a step that is done, as if it had been by itself.
    fn told(&self, step: &Step, number: usize, steps: usize, duration: Duration) -> Outcome {
        let Migration { id, database, .. } = *step.migration;
        let _span = tracing::info_span!("migration", id, database, direction = %step.direction).entered();
        let (direction, statements) = (step.direction, step.statements());
        self.migrator.tell(Event::StepStarted { id, database, direction, step: number, steps, statements });
        for statement in 1..=statements {
            tracing::debug!(statement, statements, "statement done");
            self.migrator.tell(Event::StatementDone { id, statement, statements });
        }
        tracing::info!(?duration, "done");
        self.migrator.tell(Event::StepFinished { id, database, direction, duration });
        Outcome { id, database, duration }
    }
}
