//! Recording what a database has already, without running it.

use super::course::covered;
use super::look::history;
use super::reach::{Need, look};
use super::run;
use super::run::Run;
use super::version::{reached, tell};
use crate::adopt::{Baseline, choose, recorded};
use crate::backend::Stop;
use crate::backend::{Capabilities, Course, Task};
use crate::databases::Databases;
use crate::error::{Error, Kind, Result, ServerErrorClass};
use crate::ledger::Happening;
use crate::migrator::Migrator;
use crate::plan::Step;
use crate::registry::{Database, Migration};
use crate::report::{Outcome, Report};
use crate::target::Direction;
use std::time::{Duration, Instant};

/// Chooses what a baseline would record, or finds every obstacle. Only looks.
pub(crate) async fn adoptable(
    migrator: &Migrator,
    databases: &mut Databases,
    baseline: &Baseline,
) -> Result<Vec<&'static Migration>> {
    let history = history(migrator, databases).await?;
    choose(migrator.registry, databases, &history, baseline).await
}

/// Records a baseline: all of a database's rows in one transaction, under the lock, or none.
pub(crate) async fn baseline(migrator: &Migrator, databases: &mut Databases, baseline: &Baseline) -> Result<Report> {
    let begun = Instant::now();
    let seen = look(migrator, databases, Need::All).await?;
    let places: Vec<_> = seen.iter().map(|seen| (seen.database, seen.fresh)).collect();
    // No ledger is created before all is checked.
    let mut run = Run::take(migrator, databases, seen, false).await?;
    let end = record(&mut run, baseline, &places).await;
    if end.is_ok() && places.len() > 1 {
        for (database, _) in &places {
            // A ledger that was created on the way is there now.
            let _ = run.read_again(database.name).await;
        }
        run.mirror().await;
    }
    run.release().await;
    let mut report = Report::new(Direction::Up);
    let outcome = |m: &'static Migration| Outcome { id: m.id, database: m.database, duration: Duration::ZERO };
    report.done = end?.into_iter().map(outcome).collect();
    report.duration = begun.elapsed();
    tracing::info!(registry = migrator.registry.name, migrations = report.done.len(), "baseline recorded");
    Ok(report)
}

async fn record(
    run: &mut Run<'_>,
    baseline: &Baseline,
    places: &[(&'static Database, bool)],
) -> Result<Vec<&'static Migration>> {
    let registry = run.migrator.registry;
    let history = run.history();
    let mut chosen = choose(registry, run.databases, &history, baseline).await?;
    // What is numbered after one that is still pending was applied before its turn.
    let pending = registry.migrations().iter().find(|m| !chosen.iter().any(|c| std::ptr::eq(*c, *m))).map(|m| m.number);
    chosen.retain(|m| history.record(m).is_none());
    for (database, fresh) in places {
        let course = course(run, database, *fresh, &chosen, pending)?;
        let begun = Instant::now();
        while let Err(stop) = run.databases.backend(database.name)?.run(&course, &|_| {}).await {
            match stop {
                Stop::Refused { answer, .. } if answer.is(ServerErrorClass::Locked) => {
                    run.wait_on(database, None, begun).await?;
                }
                stop => return Err(explain(run, database, &chosen, stop).await),
            }
        }
    }
    Ok(chosen)
}

fn course(
    run: &mut Run<'_>,
    database: &'static Database,
    fresh: bool,
    chosen: &[&'static Migration],
    pending: Option<i64>,
) -> Result<Course> {
    let (registry, mut rows) = (run.migrator.registry, run.session(database.name).records.clone());
    let backend = run.databases.backend(database.name)?;
    let &Capabilities { begin, guard, transactional_ddl, .. } = backend.capabilities();
    let guard = guard.map(|guard| guard(&run.migrator.location.lock(&run.id)));
    let ledger = run::ledger(run.migrator, backend, database, &run.id);
    let ledgers = if fresh { ledger.create()? } else { Vec::new() };
    let mut create: Vec<_> = ledgers.into_iter().map(|text| Task::Ledger(text.into())).collect();
    let mut tasks = Vec::new();
    if !transactional_ddl {
        tasks.append(&mut create);
    }
    tasks.push(Task::Begin(begin.into()));
    tasks.extend(guard.map(|text| Task::Ledger(text.into())));
    tasks.append(&mut create);
    for migration in chosen.iter().filter(|m| m.database == database.name) {
        let out_of_order = pending.is_some_and(|pending| pending < migration.number);
        let step = Step { out_of_order, ..Step::up(migration) };
        tasks.push(Task::Ledger(ledger.insert(&step, migration.baseline_kind(), None)?.into()));
        let happening = Happening { event: "baselined", ..Happening::default() };
        tasks.push(Task::Ledger(ledger.event(migration, Direction::Up, &happening)?.into()));
        covered(&mut tasks, &step, &ledger)?;
        tell(&mut tasks, &ledger, reached(registry, &rows, &step).as_ref())?;
        step.change(&mut rows);
    }
    tasks.push(Task::Commit);
    Ok(Course { tasks, ..Course::default() })
}

async fn explain(run: &mut Run<'_>, database: &'static Database, chosen: &[&'static Migration], stop: Stop) -> Error {
    let Stop::Refused { answer, .. } = stop else {
        return Kind::Server { database: database.name.into(), doing: "recording the baseline" }.into();
    };
    if answer.is(ServerErrorClass::UniqueViolation) && run.read_again(database.name).await.is_ok() {
        let recorded = recorded(run.migrator.registry, &run.history(), chosen);
        if !recorded.is_empty() {
            return Error::not_adopted(recorded);
        }
    }
    Error::server_refused(database.name, "recording the baseline", answer)
}
