//! Settling what only a person can know.

use super::course::Setting;
use super::interruption::in_doubt;
use super::look::history;
use super::reach::{Need, look};
use super::run::{Run, ledger};
use super::stepwise;
use super::version::reached;
use crate::backend::{Course, Stop, Task};
use crate::databases::Databases;
use crate::error::{Error, Kind, Result};
use crate::history::{Entry, History};
use crate::ledger::{Happening, entries};
use crate::migrator::Migrator;
use crate::plan::{Finding, Step, mismatch, no_such_migration};
use crate::registry::{Database, Migration, Registry, Work, canonical_id};
use crate::repair::{Mark, Question};
use crate::target::Direction;

/// Lists what is open, in the order of the migrations. Writes nothing.
pub(crate) async fn questions(migrator: &Migrator, databases: &mut Databases) -> Result<Vec<Question>> {
    let seen = look(migrator, databases, Need::All).await?;
    let there = |m: &Migration| seen.iter().any(|seen| seen.database.name == m.database && !seen.fresh);
    let mut open = Vec::new();
    for migration in migrator.registry.migrations().iter().filter(|m| there(m)) {
        if migration.transactional && databases.backend(migration.database)?.capabilities().transactions {
            continue;
        }
        open.extend(question(migrator, databases, migration).await?);
    }
    let history = history(migrator, databases).await?;
    for half in history.half_rollbacks().iter().filter(|half| half.holder.is_none()) {
        let is_asked = |question: &Question| half.is_of(question.migration.id, question.migration.database);
        let migration = everything(migrator.registry).find(|m| half.is_of(m.id, m.database));
        if !open.iter().any(is_asked) {
            open.extend(migration.and_then(|migration| half_rolled_back(migration, &history)));
        }
    }
    open.extend(everything(migrator.registry).filter_map(|migration| changed(migration, &history)));
    Ok(open)
}

/// Shows every migration, and after a squash what that replaces.
fn everything(registry: &Registry) -> impl Iterator<Item = &'static Migration> {
    registry.migrations().iter().flat_map(|migration| std::iter::once(migration).chain(migration.covered()))
}

/// Looks whether a migration's rollback has not ended.
fn half_rolled_back(migration: &'static Migration, history: &History) -> Option<Question> {
    let half = history.half_rollback(migration)?.clone();
    let text = match &migration.down {
        Some(Work::Script(script)) => script.text.trim().to_owned(),
        _ => migration.source.to_owned(),
    };
    let (statement, statements, since) = (half.reached.statement, half.reached.statements, half.reached.at.clone());
    let (direction, recorded, half_rollback) = (Direction::Down, None, Some(half));
    Some(Question { migration, direction, statement, statements, text, since, recorded, half_rollback })
}

/// Looks whether a migration was changed after it was applied.
fn changed(migration: &'static Migration, history: &History) -> Option<Question> {
    let record = history.record(migration)?;
    let finding = mismatch(migration, record, None)?;
    let Finding::ChecksumMismatch { recorded, .. } = finding else { return None };
    let text = match &migration.up {
        Work::Script(script) => script.text.trim().to_owned(),
        Work::Rust(_) => migration.source.to_owned(),
    };
    let (since, recorded) = (record.applied_at.clone(), Some(recorded));
    let (direction, half_rollback) = (Direction::Up, None);
    Some(Question { migration, direction, statement: None, statements: None, text, since, recorded, half_rollback })
}

/// Looks whether a run died on a statement of a migration, of which nobody can tell what became of it.
async fn question(
    migrator: &Migrator,
    databases: &mut Databases,
    migration: &'static Migration,
) -> Result<Option<Question>> {
    let Some(database) = migrator.registry.database(migration.database) else { return Ok(None) };
    let backend = databases.backend(database.name)?;
    let ledger = ledger(migrator, backend, database, "");
    let text = ledger.read_events(Some(migration.id))?;
    let refused = |answer| Error::server_refused(database.name, "reading how far it came", answer);
    let rows = backend.ask(text).await.map_err(refused)?;
    let Some(last) = entries(&rows).pop() else { return Ok(None) };
    let Entry { event, statement, statements, detail, at: since, .. } = &last;
    let down = last.direction == Direction::Down.as_str();
    let direction = if down { Direction::Down } else { Direction::Up };
    let step = Step { direction, ..Step::up(migration) };
    if event != "started" || !in_doubt(&step, &ledger, &last) {
        return Ok(None);
    }
    let text = detail.clone().unwrap_or_else(|| migration.source.to_owned());
    let (statement, statements, since) = (*statement, *statements, since.clone());
    let (recorded, half_rollback) = (None, None);
    Ok(Some(Question { migration, direction, statement, statements, text, since, recorded, half_rollback }))
}

/// Writes down what became of the statement that a run died on. Under the lock, where there is one: whoever is still at it is waited for.
pub(crate) async fn repair(
    migrator: &Migrator,
    databases: &mut Databases,
    id: &str,
    mark: Mark,
    reason: &str,
) -> Result<Question> {
    if reason.trim().is_empty() {
        return Err(Kind::InvalidText { text: reason.into(), reason: "a repair needs a reason" }.into());
    }
    let wanted = canonical_id(id);
    let parts: Vec<_> = everything(migrator.registry).filter(|migration| migration.id == wanted).collect();
    if parts.is_empty() {
        return Err(Error::refused(vec![no_such_migration(migrator.registry, id)]));
    }
    let seen = look(migrator, databases, Need::All).await?;
    let mut run = Run::take(migrator, databases, seen, false).await?;
    let end = settle(&mut run, &parts, mark, reason).await;
    run.release().await;
    end
}

async fn settle(run: &mut Run<'_>, parts: &[&'static Migration], mark: Mark, reason: &str) -> Result<Question> {
    let history = run.history();
    let mut open = None;
    // Of the parts that a migration has in several databases, the first with something to be settled.
    for migration in parts {
        open = question(run.migrator, run.databases, migration).await?;
        open = open.or_else(|| half_rolled_back(migration, &history)).or_else(|| changed(migration, &history));
        if open.is_some() {
            break;
        }
    }
    let database = open.as_ref().and_then(|open| run.migrator.registry.database(open.migration.database));
    let (Some(question), Some(database)) = (open, database) else {
        let id = parts.first().map_or_else(String::new, |migration| migration.id.into());
        return Err(Kind::NothingToRepair { id }.into());
    };
    let migration = question.migration;
    let message = format!("{}: {}", mark.words(), reason.trim());
    if let Some(recorded) = &question.recorded {
        if mark == Mark::RolledBack {
            // Nothing is undone by saying so.
            let finding = history.record(migration).and_then(|record| mismatch(migration, record, None));
            return Err(Error::refused(finding.into_iter().collect()));
        }
        run.realign(database, migration, recorded, &message).await?;
        tracing::warn!(id = migration.id, recorded, %message, "repaired");
        return Ok(question);
    }
    if question.half_rollback.is_some() {
        run.end_rollback(database, migration, mark, &message).await?;
        tracing::warn!(id = migration.id, %message, "repaired");
        return Ok(question);
    }
    let happening = Happening {
        event: mark.event(),
        statement: question.statement.zip(question.statements),
        message: Some(&message),
        detail: Some(&question.text),
        fence: None,
    };
    let backend = run.databases.backend(database.name)?;
    let text = ledger(run.migrator, backend, database, &run.id).event(migration, question.direction, &happening)?;
    let refused = |answer| Error::server_refused(database.name, "writing down the repair", answer);
    backend.ask(text).await.map_err(refused)?;
    tracing::warn!(id = migration.id, statement = question.statement, %message, "repaired");
    Ok(question)
}

impl Run<'_> {
    /// Records a migration as it is now: its row and the event that says why, in one transaction.
    async fn realign(
        &mut self,
        database: &'static Database,
        migration: &'static Migration,
        recorded: &str,
        message: &str,
    ) -> Result<()> {
        let detail = format!("the ledger had the checksum {recorded}");
        let event =
            Happening { event: "repaired", message: Some(message), detail: Some(&detail), ..Happening::default() };
        let backend = self.databases.backend(database.name)?;
        let ledger = ledger(self.migrator, backend, database, &self.id);
        let row = Task::One(ledger.realign(migration, recorded)?.into());
        let event = Task::Ledger(ledger.event(migration, Direction::Up, &event)?.into());
        self.write(database, vec![row, event]).await
    }

    /// Records that a migration whose rollback has not ended is there as a whole again, or gone as a whole.
    async fn end_rollback(
        &mut self,
        database: &'static Database,
        migration: &'static Migration,
        mark: Mark,
        message: &str,
    ) -> Result<()> {
        let step = Step { stepwise: true, ..Step::down(migration) };
        let reached = reached(self.migrator.registry, &self.session(database.name).records, &step);
        let backend = self.databases.backend(database.name)?;
        let (can, ledger) = (backend.capabilities(), ledger(self.migrator, backend, database, &self.id));
        let mut tasks = Vec::new();
        match mark {
            Mark::Applied => {
                // What a later rollback does begins behind this event, and so from the beginning.
                let event = Happening { event: "applied", message: Some(message), ..Happening::default() };
                tasks.push(Task::One(ledger.mark_rollback(migration, false)?.into()));
                tasks.push(Task::Ledger(ledger.event(migration, Direction::Up, &event)?.into()));
            }
            Mark::RolledBack => {
                let setting = Setting { reached, ..Setting::default() };
                stepwise::end(&mut tasks, &step, &ledger, can, &setting, Some(message))?;
            }
        }
        self.write(database, tasks).await
    }

    /// Changes the ledger, in one transaction.
    async fn write(&mut self, database: &'static Database, changes: Vec<Task>) -> Result<()> {
        let refused = |answer| Error::server_refused(database.name, "writing down the repair", answer);
        let lock = self.migrator.location.lock(&self.id);
        let backend = self.databases.backend(database.name)?;
        let can = backend.capabilities();
        let mut tasks = vec![Task::Begin(can.begin.into())];
        tasks.extend(can.guard.map(|guard| Task::Ledger(guard(&lock).into())));
        tasks.extend(changes);
        tasks.push(Task::Commit);
        match backend.run(&Course { tasks, ..Course::default() }, &|_| {}).await {
            Ok(()) => Ok(()),
            Err(Stop::Refused { answer, .. }) => Err(refused(answer)),
            Err(_) => Err(Kind::Overtaken { database: database.name.into(), done: 0 }.into()),
        }
    }
}
