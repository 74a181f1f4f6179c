//! How the course of a step is written: what a run sends, and what a dry run shows.

use super::holder::mark;
use super::stepwise;
use super::version::{Reached, tell};
use crate::backend::{Asked, Capabilities, Circumstances, Course, Limits, Task};
use crate::error::Result;
use crate::ledger::{Happening, Known, Ledger};
use crate::plan::Step;
use crate::registry::{Check, Work};
use crate::script::Script;
use crate::target::Direction;
use std::time::Duration;

/// Holds what a course depends on besides the step and the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setting {
    pub(crate) circumstances: Circumstances,
    /// The ledger's tables are created on the way.
    pub(crate) create: bool,
    /// The rows must be as they were seen, where no lock guards them.
    pub(crate) rows: Known,
    /// The lock is given back on the way.
    pub(crate) release: Option<String>,
    /// The commit does not wait for the disk.
    pub(crate) relax: Option<&'static str>,
    /// So many statements are done already.
    pub(crate) done: usize,
    /// So many events of an earlier attempt must be there, where no lock guards them.
    pub(crate) events: usize,
    /// The lock that each transaction takes for itself.
    pub(crate) guard: Option<String>,
    /// So long a statement waits for a lock where its migration says nothing.
    pub(crate) lock_timeout: Option<Duration>,
    /// Its row says already that its rollback was begun.
    pub(crate) marked: bool,
    /// The schema version changes with it.
    pub(crate) reached: Option<Reached>,
}

const SAVEPOINT: &str = "SAVEPOINT whimbrel_step";
const RELEASE: &str = "RELEASE SAVEPOINT whimbrel_step";

/// Writes the course of a step.
pub(crate) fn course(step: &Step, ledger: &Ledger<'_>, can: &Capabilities, setting: &Setting) -> Result<Course> {
    let mut course = Course { statements: step.statements(), keeps: !can.rolls_back, ..Course::default() };
    if step.is_transactional() {
        transactional(&mut course, step, ledger, can, setting)?;
    } else {
        stepwise::tasks(&mut course, step, ledger, can, setting)?;
    }
    course.tasks.extend(setting.release.clone().map(|text| Task::Session(text.into())));
    Ok(course)
}

fn transactional(
    course: &mut Course,
    step: &Step,
    ledger: &Ledger<'_>,
    can: &Capabilities,
    setting: &Setting,
) -> Result<()> {
    let m = step.migration;
    let code = matches!(step.work(), Some(Work::Rust(_)))
        || [&m.require, &m.verify].iter().any(|check| matches!(check, Some(Check::Rust(_))));
    course.foreign_keys = setting.circumstances.foreign_keys;
    let tasks = &mut course.tasks;
    if setting.circumstances.foreign_keys {
        // Inside a transaction SQLite ignores this, and with them on the DROP of a rebuild deletes the children.
        tasks.push(Task::Session("PRAGMA foreign_keys = OFF".into()));
    }
    tasks.push(begin(step, can));
    tasks.extend(setting.guard.clone().map(|text| Task::Ledger(text.into())));
    tasks.extend(limits(step, can, setting, true));
    if setting.create {
        tasks.extend(ledger.create()?.into_iter().map(|text| Task::Ledger(text.into())));
    }
    // Under a lock nobody else records it meanwhile, so its row can be written once, when it is known how long it took; code, which may
    // do more than the transaction takes back, begins only where the row can be written.
    let concluded =
        step.direction == Direction::Up && !step.recorded && !code && can.lock.is_some() && ledger.language.times();
    if !concluded {
        tasks.push(key(step, ledger, can, setting)?);
        covered(tasks, step, ledger)?;
    }
    let savepoint = code && can.savepoints;
    if savepoint {
        // It is gone if the code ends the transaction, and then its release fails before anything is recorded.
        tasks.push(Task::Ledger(SAVEPOINT.into()));
    }
    if step.direction == Direction::Up && !step.recorded {
        ask(tasks, Asked::Require, m.require.as_ref());
    }
    match step.work() {
        Some(Work::Script(script)) => {
            tasks.extend((0..).zip(script.statements()).map(|(index, text)| Task::Author { index, text }));
        }
        Some(Work::Rust(code)) => tasks.push(Task::Rust(*code)),
        None => {}
    }
    if step.direction == Direction::Up {
        ask(tasks, Asked::Verify, m.verify.as_ref());
    }
    if setting.circumstances.foreign_keys {
        tasks.push(Task::ForeignKeys);
    }
    if savepoint {
        tasks.push(Task::Ledger(RELEASE.into()));
    }
    reset(tasks, can, setting);
    if concluded {
        tasks.push(Task::Key(ledger.conclude(step, step.migration.kind())?.into()));
        covered(tasks, step, ledger)?;
        happened(tasks, step, ledger, "applied", None)?;
    } else {
        record(tasks, step, ledger, None)?;
    }
    tell(tasks, ledger, setting.reached.as_ref())?;
    tasks.extend(setting.relax.map(|text| Task::Ledger(text.into())));
    tasks.push(Task::Commit);
    tasks.extend(unlimited(step, can, setting, true));
    if setting.circumstances.foreign_keys {
        tasks.push(Task::Session("PRAGMA foreign_keys = ON".into()));
    }
    Ok(())
}

/// Opens the transaction. Where the server shows to others what a session is at, it shows the migration first.
pub(super) fn begin(step: &Step, can: &Capabilities) -> Task {
    Task::Begin(match can.lock {
        Some(_) => format!("{} {}", can.begin, mark(step)).into(),
        None => can.begin.into(),
    })
}

/// Limits how long a statement waits for locks and how long it runs: in a transaction for as long as that lasts. What
/// runs by itself waits as long as it has to unless its migration says otherwise: nobody queues behind an index build.
pub(super) fn limits(
    step: &Step,
    can: &Capabilities,
    setting: &Setting,
    inside: bool,
) -> impl Iterator<Item = Task> + use<> {
    (can.limits)(limit(step, can, setting, inside)).into_iter().map(|text| Task::Ledger(text.into()))
}

/// Takes the limits back that would stay.
pub(super) fn unlimited(
    step: &Step,
    can: &Capabilities,
    setting: &Setting,
    inside: bool,
) -> impl Iterator<Item = Task> + use<> {
    let Limits { lock, statement, .. } = limit(step, can, setting, inside);
    let stays = (lock.is_some() || statement.is_some()) && !(inside && can.local_limits);
    can.unlimited.iter().filter(move |_| stays).map(|text| Task::Session((*text).into()))
}

fn limit(step: &Step, can: &Capabilities, setting: &Setting, inside: bool) -> Limits {
    let m = step.migration;
    let lock = m.lock_timeout.or(setting.lock_timeout.filter(|_| inside || can.queues));
    // Statement by statement a script may have set its own before.
    let is_declared = m.lock_timeout.is_some() || (setting.circumstances.unlimited && step.is_transactional());
    Limits { lock, is_declared, statement: m.statement_timeout, inside }
}

pub(super) fn key(step: &Step, ledger: &Ledger<'_>, can: &Capabilities, setting: &Setting) -> Result<Task> {
    // What goes statement by statement has made its claim before the first.
    let fence = (can.lock.is_none() && step.is_transactional()).then_some(setting.rows);
    match step.direction {
        Direction::Up => {
            let kind = step.migration.kind();
            match fence {
                None => Ok(Task::Key(ledger.insert(step, kind, None)?.into())),
                rows => Ok(Task::One(ledger.insert(step, kind, rows)?.into())),
            }
        }
        Direction::Down => Ok(Task::One(ledger.delete(step.migration, fence)?.into())),
    }
}

/// Gives what a squash replaces its rows, or takes them away, with an event where there may be events of theirs.
pub(super) fn covered(tasks: &mut Vec<Task>, step: &Step, ledger: &Ledger<'_>) -> Result<()> {
    for part in step.migration.covered() {
        match step.direction {
            Direction::Up => tasks.push(Task::Ledger(ledger.cover(part)?.into())),
            Direction::Down => {
                tasks.push(Task::Ledger(ledger.delete(part, None)?.into()));
                let happening = Happening { event: "rolled_back", ..Happening::default() };
                tasks.push(Task::Ledger(ledger.event(part, step.direction, &happening)?.into()));
            }
        }
    }
    Ok(())
}

pub(super) fn record(tasks: &mut Vec<Task>, step: &Step, ledger: &Ledger<'_>, message: Option<&str>) -> Result<()> {
    let event = match step.direction {
        Direction::Up if step.recorded => "baselined",
        Direction::Up => {
            tasks.push(Task::Ledger(ledger.duration(step.migration)?.into()));
            "applied"
        }
        Direction::Down => "rolled_back",
    };
    happened(tasks, step, ledger, event, message)
}

fn happened(
    tasks: &mut Vec<Task>,
    step: &Step,
    ledger: &Ledger<'_>,
    event: &'static str,
    message: Option<&str>,
) -> Result<()> {
    let happening = Happening { event, message, ..Happening::default() };
    tasks.push(Task::Ledger(ledger.event(step.migration, step.direction, &happening)?.into()));
    Ok(())
}

pub(super) fn reset(tasks: &mut Vec<Task>, can: &Capabilities, setting: &Setting) {
    if setting.circumstances.own {
        tasks.extend(can.reset.iter().map(|text| Task::Ledger((*text).into())));
    }
}

/// Adds the tasks that ask a check.
pub(crate) fn ask(tasks: &mut Vec<Task>, check: Asked, what: Option<&Check>) {
    match what {
        Some(Check::Script(script)) => tasks.extend(queries(script, check)),
        Some(Check::Rust(code)) => tasks.push(Task::RustQuery { check, code: *code }),
        None => {}
    }
}

fn queries(script: &Script, check: Asked) -> impl Iterator<Item = Task> {
    (0..).zip(script.statements()).map(move |(index, text)| Task::Query { check, index, text })
}
