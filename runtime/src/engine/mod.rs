//! What runs do: look, lock, plan, and do step after step.
//!
//! **Invariant:** [`Run`] alone takes and releases locks, and gives them back on every path.

mod baseline;
mod course;
mod damage;
mod durability;
mod examination;
mod extensions;
mod failure;
mod half_rolled_back;
mod holder;
mod interruption;
mod joined;
mod look;
mod mirror;
mod progress;
mod reach;
mod readiness;
mod reading;
mod repair;
mod run;
mod step;
mod stepwise;
mod version;

pub(crate) use baseline::{adoptable, baseline};
pub(crate) use examination::examine;
pub(crate) use look::{history, journal, texts, verify};
pub(crate) use readiness::{check, wait};
pub(crate) use repair::{questions, repair};

use crate::databases::Databases;
use crate::error::{Damage, Error, Halfway, Kind, Result};
use crate::event::Event;
use crate::history::{History, Record};
use crate::migrator::Migrator;
use crate::plan::{Plan, Policy, plan};
use crate::registry::Migration;
use crate::report::Report;
use crate::target::{Direction, Target};
use damage::{damage, damaged};
use durability::is_followed;
use joined::Pace;
use reach::{Need, look, unread};
use run::{Run, ledger};
use std::time::Instant;
use step::Place;

/// So often a step is tried that finds the history changed under it, although it is as it was.
const ATTEMPTS: usize = 20;

/// Applies as far as the target.
pub(crate) async fn apply(migrator: &Migrator, databases: &mut Databases, target: &Target) -> Result<Report> {
    let seen = look(migrator, databases, Need::Chosen).await?;
    let is_whole = unread(migrator, databases).is_empty();
    if is_whole && seen.iter().all(|seen| seen.complete) {
        if *target != Target::Latest {
            // It may still be one that there is not.
            let all = History::new(migrator.registry.migrations().iter().flat_map(Record::all_of).collect());
            plan(migrator.registry, &all, target, Direction::Up, &migrator.policy)?;
        }
        return Ok(Report::new(Direction::Up));
    }
    if !is_whole || seen.iter().any(|seen| seen.newer) {
        // Programs of the version before start beside the new ones: they take no lock to find nothing to do.
        let history = history(migrator, databases).await?;
        let plan = plan(migrator.registry, &history, target, Direction::Up, &migrator.policy)?;
        if plan.is_empty() {
            tracing::info!(
                "a newer program has migrated, and this one works with what it did; or all that is left has to wait"
            );
            return Ok(Report::new(Direction::Up).waiting(&plan));
        }
    }
    let mut run = Run::take(migrator, databases, seen, true).await?;
    let end = run.drive(Direction::Up, target, &migrator.policy, None).await;
    run.release().await;
    end
}

/// Rolls back as far as the target.
pub(crate) async fn rollback(migrator: &Migrator, databases: &mut Databases, target: &Target) -> Result<Report> {
    let seen = look(migrator, databases, Need::All).await?;
    let mut run = Run::take(migrator, databases, seen, false).await?;
    let end = run.drive(Direction::Down, target, &migrator.policy, None).await;
    run.release().await;
    end
}

/// Does exactly what was planned.
pub(crate) async fn execute(migrator: &Migrator, databases: &mut Databases, agreed: &Plan) -> Result<Report> {
    let need = if agreed.direction() == Direction::Up { Need::Chosen } else { Need::All };
    let seen = look(migrator, databases, need).await?;
    let mut run = Run::take(migrator, databases, seen, agreed.direction() == Direction::Up).await?;
    let end = run.drive(agreed.direction(), &agreed.target, &agreed.policy, Some(agreed)).await;
    run.release().await;
    end
}

/// Plans the way back of a redo.
#[cfg(feature = "cli")]
pub(crate) async fn plan_redo(migrator: &Migrator, databases: &mut Databases) -> Result<Plan> {
    let history = history(migrator, databases).await?;
    plan(migrator.registry, &history, &Target::Latest, Direction::Down, &redoing(migrator))
}

/// Allows what was edited after it was applied: it is applied as it is now.
fn redoing(migrator: &Migrator) -> Policy {
    Policy { allow_changed: true, ..migrator.policy }
}

/// Rolls the last one back and applies it again, under one lock; with a plan only if it is the one of that.
pub(crate) async fn redo(
    migrator: &Migrator,
    databases: &mut Databases,
    agreed: Option<&Plan>,
) -> Result<(Report, Report)> {
    let seen = look(migrator, databases, Need::All).await?;
    let mut run = Run::take(migrator, databases, seen, false).await?;
    let end = again(&mut run, agreed).await;
    run.release().await;
    end
}

async fn again(run: &mut Run<'_>, agreed: Option<&Plan>) -> Result<(Report, Report)> {
    run.keep_locks();
    let policy = redoing(run.migrator);
    let (registry, history) = (run.migrator.registry, run.history());
    let first = plan(registry, &history, &Target::Latest, Direction::Down, &policy)?;
    if let Some(step) = first.steps().first() {
        // What could not be applied again is not rolled back either.
        let again = Target::Only(step.migration.id.into());
        let without = first.steps().iter().fold(history, |history, step| history.without(step.migration));
        plan(registry, &without, &again, Direction::Up, &policy)?;
    }
    let down = run.drive(Direction::Down, &Target::Latest, &policy, agreed).await?;
    let up = match down.done.first() {
        Some(outcome) => run.drive(Direction::Up, &Target::Only(outcome.id.into()), &policy, None).await?,
        None => Report::new(Direction::Up),
    };
    Ok((down, up))
}

/// Creates the ledgers that are not there, and a table of events that is missing beside its history.
pub(crate) async fn init(migrator: &Migrator, databases: &mut Databases) -> Result<Vec<&'static str>> {
    let mut seen = look(migrator, databases, Need::All).await?;
    for seen in seen.iter_mut().filter(|seen| !seen.fresh) {
        let found = damage(migrator, databases.backend(seen.database.name)?, seen.database).await?;
        if let Some(Damage::MissingEvents { table }) = found {
            tracing::warn!(database = seen.database.name, table, "creating the missing table again, without its rows");
            seen.fresh = true;
        }
    }
    for seen in seen.iter().filter(|seen| !seen.fresh) {
        let (database, backend) = (seen.database, databases.backend(seen.database.name)?);
        let ledger = ledger(migrator, backend, database, "");
        let missing = ledger.complete()?.into_iter().map(|text| ("creating what the ledger lacks", text));
        let grants = ledger.grants()?.into_iter().map(|text| ("letting roles read the ledger", text));
        for (doing, text) in missing.chain(grants) {
            backend.ask(text).await.map_err(|answer| Error::server_refused(database.name, doing, answer))?;
        }
    }
    let fresh: Vec<_> = seen.iter().filter(|seen| seen.fresh).map(|seen| seen.database.name).collect();
    if fresh.is_empty() {
        return Ok(fresh);
    }
    let mut run = Run::take(migrator, databases, seen, true).await?;
    let end = run.create_ledgers().await;
    run.release().await;
    end.map(|()| fresh)
}

fn overtaken(database: &str, report: &Report) -> Error {
    Kind::Overtaken { database: database.into(), done: report.done.len() }.into()
}

/// Says what a run over several databases had done before an error, and what it leaves.
fn halfway(error: Error, migrator: &Migrator, plan: &Plan, report: &Report) -> Error {
    if migrator.registry.databases.len() < 2 {
        return error;
    }
    let done: Vec<_> = report.done.iter().map(|done| (done.id, done.database)).collect();
    let left = plan.steps().iter().map(|step| (step.migration.id, step.migration.database));
    let left = left.filter(|step| !done.contains(step)).collect();
    error.half_way(Halfway { done, left })
}

impl Run<'_> {
    async fn drive(
        &mut self,
        direction: Direction,
        target: &Target,
        policy: &Policy,
        agreed: Option<&Plan>,
    ) -> Result<Report> {
        let mut end = self.go(direction, target, policy, agreed).await;
        // A copy tells of nothing that its database could still forget.
        if end.as_ref().map_or(true, |report| !report.done.is_empty())
            && let Err(error) = self.flush().await
        {
            end = end.and(Err(error));
        }
        self.mirror().await;
        if end.is_err() {
            self.migrator.tell(Event::RunFailed);
        }
        end
    }

    /// Plans and runs; plans again whenever somebody else has changed a history in between, or stops there if it was
    /// agreed what to do.
    async fn go(
        &mut self,
        direction: Direction,
        target: &Target,
        policy: &Policy,
        agreed: Option<&Plan>,
    ) -> Result<Report> {
        let begun = Instant::now();
        let migrator = self.migrator;
        let mut report = Report::new(direction);
        let first = plan(migrator.registry, &self.history(), target, direction, policy)?;
        let steps = first.steps().len();
        if agreed.is_some_and(|agreed| !agreed.is_the_same(&first)) {
            let database = agreed.and_then(|agreed| agreed.steps().first()).or(first.steps().first());
            return Err(overtaken(database.map_or("", |step| step.migration.database), &report));
        }
        report = report.waiting(&first);
        if steps == 0 {
            return Ok(report);
        }
        for step in first.steps() {
            let (id, database) = (step.migration.id, step.migration.database);
            if !step.is_transactional() && !self.databases.backend(database)?.capabilities().session {
                return Err(Kind::Pooled { id: id.into(), database: database.into() }.into());
            }
        }
        extensions::check(&first, self.databases).await?;
        // Planned again, a number would count from where somebody else has come to.
        let last = first.steps().last().map(|step| step.migration.id.to_owned());
        let target = match (direction, target, last) {
            (Direction::Up, Target::Count(_), Some(id)) => Target::Id(id),
            _ => target.clone(),
        };
        tracing::info!(registry = migrator.registry.name, %direction, steps, "run started");
        migrator.tell(Event::RunStarted { direction, steps });
        let mut plan = first.clone();
        let (mut seen, mut fruitless) = (self.history().records().to_vec(), 0);
        loop {
            let walked = self.walk(&plan, &mut report, steps).await;
            let Some(database) = walked.map_err(|error| halfway(error, migrator, &plan, &report))? else { break };
            let left = self.history();
            self.read_again(database).await?;
            if agreed.is_some() && !left.has_the_same(&self.history()) {
                return Err(overtaken(database, &report));
            }
            let now = self.history().records().to_vec();
            fruitless = if now == seen { fruitless + 1 } else { 0 };
            if fruitless == ATTEMPTS {
                // Nobody else is at it: what is written to the ledger does not take effect.
                return Err(damaged(self.session(database).database, Damage::KeepsNothing));
            }
            seen = now;
            let next = match agreed {
                Some(_) => first.rest(report.done.len()),
                None => crate::plan::plan(migrator.registry, &self.history(), &target, direction, policy)?,
            };
            let before = std::mem::replace(&mut plan, next);
            if direction == Direction::Down && !plan.is_within(&first) {
                return Err(overtaken(database, &report));
            }
            let done = |m: &Migration| report.done.iter().any(|done| (done.id, done.database) == (m.id, m.database));
            let waits = |m: &Migration| plan.steps().iter().any(|step| std::ptr::eq(step.migration, m));
            let skipped = before.steps().iter().map(|step| step.migration).filter(|m| !done(m) && !waits(m));
            skipped.for_each(|m| migrator.tell(Event::Skipped { id: m.id, database: m.database, direction }));
        }
        self.flush().await?;
        report.duration = begun.elapsed();
        tracing::info!(registry = migrator.registry.name, %direction, steps = report.done.len(), "run finished");
        let history = self.history();
        let pending = migrator.registry.migrations().iter().filter(|m| history.record(m).is_none()).count();
        migrator.tell(Event::RunFinished { direction, pending, steps: report.done.len(), duration: report.duration });
        Ok(report)
    }
    /// Does a plan's steps; gives the database whose history somebody else has changed, if that stops it.
    async fn walk(&mut self, plan: &Plan, report: &mut Report, steps: usize) -> Result<Option<&'static str>> {
        let (mut n, mut pace) = (0, Pace::new());
        while let Some(step) = plan.steps().get(n) {
            if self.migrator.stopper.is_stopped() {
                tracing::warn!(done = report.done.len(), "stopped before the next migration, as was asked for");
                report.stopped = true;
                return Ok(None);
            }
            self.flush_before(step).await?;
            let joined = self.join(&plan.steps()[n..], &mut pace, report, steps).await?;
            if joined > 0 {
                n += joined;
                continue;
            }
            let (database, begun) = (step.migration.database, Instant::now());
            let rest = &plan.steps()[n + 1..];
            let place = Place {
                number: report.done.len() + 1,
                steps,
                last: !rest.iter().any(|step| step.migration.database == database),
                followed: is_followed(step, rest.first()),
            };
            match self.step(step, place).await? {
                Some(outcome) => report.done.push(outcome),
                None => return Ok(Some(database)),
            }
            pace.took(begun.elapsed());
            n += 1;
        }
        Ok(None)
    }
}
