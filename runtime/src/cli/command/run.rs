//! `apply`, `rollback` and `redo`.

use super::plan::{dry_run, scripts};
use crate::cli::args::{ApplyOptions, RedoOptions, RollbackOptions};
use crate::cli::consent;
use crate::cli::document::{Done, RunBody};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{self, Answer, counted, spoken};
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::signal::Signals;
use crate::cli::target::target;
use crate::cli::unavailable::Unavailable;
use crate::databases::Access;
use crate::error::Error;
use crate::{Direction, Report, Target};
use std::time::Duration;

pub(super) async fn apply(session: &Session<'_>, options: &ApplyOptions) -> Result<Answer, Failure> {
    let target = target(session.registry, &options.range, Direction::Up, false)?;
    let migrator = session.migrator().out_of_order(options.order.policy()).available(options.available);
    if options.dry.dry_run {
        let mut databases = session.open_for(Access::ReadOnly, options.available).await?;
        let plan = migrator.plan(&mut databases, &target, Direction::Up).await?;
        return dry_run(session, &migrator, &mut databases, &plan).await;
    }
    let progress = Progress::new(session);
    let migrator = migrator.on_event(progress.listener());
    let mut databases = session.open_for(Access::ReadWrite, options.available).await?;
    let signals = Signals::new(migrator.stopper());
    let report = ended(migrator.apply(&mut databases, &target).await, &progress)?;
    drop(signals);
    let left_out = Unavailable::of(&databases, report.waiting.iter().map(|w| (w.id, w.database, w.on)));
    let all = session.registry.migrations().len();
    let text = match report.done.len() {
        done if report.stopped => stopped(session, done, "applied"),
        0 if !report.waiting.is_empty() => String::new(),
        0 if target == Target::Latest => format!("nothing to do: all {} are applied\n", counted(all, "migration")),
        0 => "nothing to do\n".into(),
        done => format!("{} applied in {}\n", counted(done, "migration"), spoken(report.duration)),
    };
    let text = text + &left_out.text(session);
    let done = report.done.iter().map(|outcome| Done::of(outcome, Direction::Up)).collect();
    let body = RunBody { done, duration_ms: report.duration.as_millis(), unavailable: left_out };
    Ok(session.answer(body, text)?.exit(exit(&report)))
}

pub(super) async fn rollback(session: &Session<'_>, options: &RollbackOptions) -> Result<Answer, Failure> {
    let mut target = target(session.registry, &options.range, Direction::Down, options.all)?;
    let mut migrator = session.migrator();
    let mut databases = session.open(Access::ReadOnly).await?;
    if options.stored {
        migrator = migrator.with_stored(&mut databases).await?;
        target = Target::Count(migrator.registry().migrations().len() - session.registry.migrations().len());
    }
    let plan = migrator.plan(&mut databases, &target, Direction::Down).await?;
    if options.dry.dry_run {
        return dry_run(session, &migrator, &mut databases, &plan).await;
    }
    if plan.is_empty() {
        return answer(session, Vec::new(), Duration::ZERO, "nothing to roll back\n".into());
    }
    if options.stored && session.for_people() {
        output::err(&scripts(&plan, &migrator.statements(&mut databases, &plan).await?));
    }
    drop(databases);
    consent::ask(session, &plan, &options.consent)?;
    let progress = Progress::new(session);
    let migrator = migrator.on_event(progress.listener());
    let mut databases = session.open(Access::ReadWrite).await?;
    let signals = Signals::new(migrator.stopper());
    let report = ended(migrator.run(&mut databases, &plan).await, &progress)?;
    drop(signals);
    let text = match report.done.len() {
        done if report.stopped => stopped(session, done, "rolled back"),
        done => format!("{} rolled back in {}\n", counted(done, "migration"), spoken(report.duration)),
    };
    let done = report.done.iter().map(|outcome| Done::of(outcome, Direction::Down)).collect();
    Ok(answer(session, done, report.duration, text)?.exit(exit(&report)))
}

pub(super) async fn redo(session: &Session<'_>, options: &RedoOptions) -> Result<Answer, Failure> {
    let migrator = session.migrator();
    let mut databases = session.open(Access::ReadOnly).await?;
    let plan = migrator.plan_redo(&mut databases).await?;
    drop(databases);
    if plan.is_empty() {
        return answer(session, Vec::new(), Duration::ZERO, "nothing is applied\n".into());
    }
    consent::ask(session, &plan, &options.consent)?;
    let progress = Progress::new(session);
    let migrator = migrator.on_event(progress.listener());
    let mut databases = session.open(Access::ReadWrite).await?;
    let (down, up) = ended(migrator.redo_planned(&mut databases, &plan).await, &progress)?;
    let duration = down.duration + up.duration;
    let back = down.done.iter().map(|outcome| Done::of(outcome, Direction::Down));
    let done = back.chain(up.done.iter().map(|outcome| Done::of(outcome, Direction::Up))).collect();
    answer(session, done, duration, format!("redone in {}\n", spoken(duration)))
}

fn stopped(session: &Session<'_>, done: usize, verb: &str) -> String {
    let status = session.call.other("status");
    format!("stopped: {} {verb}, the rest not begun\nnext: {status}\n", counted(done, "migration"))
}

fn exit(report: &Report) -> Exit {
    match () {
        () if report.stopped => Exit::Stopped,
        () if !report.waiting.is_empty() => Exit::Pending,
        () => Exit::Done,
    }
}

/// Takes the progress away, and on an error keeps what was done before it.
fn ended<T>(result: Result<T, Error>, progress: &Progress) -> Result<T, Failure> {
    let done = progress.end();
    result.map_err(|error| Failure::Run(error, done))
}

fn answer(session: &Session<'_>, done: Vec<Done>, duration: Duration, text: String) -> Result<Answer, Failure> {
    session.answer(RunBody { done, duration_ms: duration.as_millis(), unavailable: Unavailable::default() }, text)
}
