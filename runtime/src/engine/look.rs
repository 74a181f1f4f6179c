//! Runs that only look.

use super::course::{Setting, ask, course};
use super::damage::{check_whole, unreadable};
use super::durability::is_followed;
use super::failure::failure;
use super::half_rolled_back::{self, is_marked};
use super::mirror::known_elsewhere;
use super::progress::progress;
use super::reach::{check_format, readable, unread};
use super::run::ledger;
use super::version::reached;
use crate::backend::{Asked, Course, Task};
use crate::databases::Databases;
use crate::error::{Error, Kind, Result, ServerErrorClass as Class};
use crate::history::{Entry, History, Lost, Record};
use crate::ledger::{Known, Ledger, Recorded, attempts, entries, records};
use crate::migrator::{Migrator, StepText};
use crate::plan::{Plan, Step, findings};
use crate::registry::Database;
use crate::target::Direction;
use std::collections::HashMap;

/// Reads the ledgers.
pub(crate) async fn history(migrator: &Migrator, databases: &mut Databases) -> Result<History> {
    let (mut all, mut tried, mut half, mut lost) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for database in readable(migrator, databases)? {
        let Some(Recorded { records, lost: gone, .. }) = recorded(migrator, databases, database).await? else {
            continue;
        };
        half.extend(half_rolled_back::look(migrator, databases, database, &records).await?);
        all.extend(records);
        lost.extend(gone.into_iter().map(|id| Lost { id, database: database.name.to_owned() }));
        let rows = read(migrator, databases, database, |ledger| ledger.read_attempts()).await?;
        tried.extend(rows.iter().flat_map(attempts));
    }
    let unread = unread(migrator, databases);
    all.extend(known_elsewhere(migrator, databases, &unread).await?);
    Ok(History::new(all).with_attempts(tried).with_half_rollbacks(half).with_lost(lost).with_unread(unread))
}

/// Reads one ledger; none where there is none yet.
pub(super) async fn recorded(
    migrator: &Migrator,
    databases: &mut Databases,
    database: &'static Database,
) -> Result<Option<Recorded>> {
    let Some(rows) = read(migrator, databases, database, |ledger| ledger.read()).await? else { return Ok(None) };
    let recorded = records(&rows, databases.backend(database.name)?.capabilities().language);
    check_format(database, recorded.format)?;
    Ok(Some(recorded))
}

/// Reads the events.
pub(crate) async fn journal(migrator: &Migrator, databases: &mut Databases) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for database in readable(migrator, databases)? {
        let rows = read(migrator, databases, database, |ledger| ledger.read_events(None)).await?;
        all.extend(rows.iter().flat_map(entries));
    }
    // Stable: within one database the sequence decides, and it is sorted already.
    all.sort_by(|a, b| a.at.cmp(&b.at));
    Ok(all)
}

/// Reads from a ledger; none where there is no ledger yet.
async fn read(
    migrator: &Migrator,
    databases: &mut Databases,
    database: &'static Database,
    text: impl FnOnce(&Ledger<'_>) -> Result<String>,
) -> Result<Option<crate::backend::Rows>> {
    let backend = databases.backend(database.name)?;
    backend.wait_at_most(migrator.lock_wait);
    let refused = |answer| Error::server_refused(database.name, "reading the ledger", answer);
    if backend.circumstances().await.map_err(refused)?.absent {
        return Ok(None);
    }
    let text = text(&ledger(migrator, backend, database, ""))?;
    match backend.ask(text).await {
        Ok(rows) => Ok(Some(rows)),
        Err(answer) if answer.is(Class::UndefinedTable) => {
            check_whole(migrator, backend, database).await?;
            Ok(None)
        }
        Err(answer) => Err(unreadable(migrator, backend, database, "reading the ledger", answer).await),
    }
}

/// Writes down the texts of a plan.
pub(crate) async fn texts(migrator: &Migrator, databases: &mut Databases, plan: &Plan) -> Result<Vec<StepText>> {
    let mut all = Vec::new();
    // Whether there is none yet, and the newest event and the rows as each step leaves them.
    let mut ledgers: HashMap<&str, (bool, Option<i64>, Vec<Record>)> = HashMap::new();
    for (n, step) in plan.steps().iter().enumerate() {
        let name = step.migration.database;
        let rest = &plan.steps()[n + 1..];
        let later = rest.iter().any(|step| step.migration.database == name);
        let Some(database) = migrator.registry.database(name) else { continue };
        let is_first = !ledgers.contains_key(name);
        if is_first {
            let rows = read(migrator, databases, database, |ledger| ledger.read()).await?;
            let language = databases.backend(name)?.capabilities().language;
            let fresh = rows.is_none();
            let Recorded { records, newest, .. } = records(&rows.unwrap_or_default(), language);
            ledgers.insert(name, (fresh, newest, records));
        }
        let (fresh, newest, rows) = ledgers.entry(name).or_default();
        let backend = databases.backend(name)?;
        let refused = |answer| Error::server_refused(name, "reading the settings", answer);
        let circumstances = backend.circumstances().await.map_err(refused)?;
        let can = backend.capabilities();
        let step = &Step { stepwise: !can.transactions || is_marked(rows, step), ..*step };
        let ledger = ledger(migrator, backend, database, "<run>");
        let create = *fresh && is_first && step.direction == Direction::Up;
        let lock = migrator.location.lock("<run>");
        let mut setting = Setting {
            circumstances,
            create: create && can.lock.is_none(),
            rows: Known { rows: rows.len(), newest: *newest },
            reached: reached(migrator.registry, rows, step),
            release: can.lock.as_ref().filter(|_| !later).map(|own| (own.release)(&lock)),
            relax: can.log.as_ref().filter(|_| is_followed(step, rest.first())).map(|log| log.relax),
            lock_timeout: migrator.lock_timeout,
            guard: can.guard.map(|guard| guard(&lock)),
            marked: is_marked(rows, step),
            ..Setting::default()
        };
        if !step.is_transactional() && !*fresh {
            let before = progress(step, backend, &ledger, false, std::time::Duration::ZERO).await?.unwrap_or_default();
            (setting.done, setting.events) = (before.done, before.events);
        }
        let mut statements = Vec::new();
        if let Some(own) = can.lock.as_ref().filter(|_| is_first) {
            statements.push(own.opening.as_ref().map_or(own.poll, |opening| opening.take)(&lock));
            if create {
                if let Some(opening) = &own.opening {
                    statements.push((opening.whole)(&ledger.table("history")?, &ledger.table("events")?)?);
                }
                statements.extend(ledger.create()?);
            }
        }
        statements.extend(course(step, &ledger, can, &setting)?.texts(can.language));
        *newest = step.newest(*newest, setting.create);
        step.change(rows);
        all.push(StepText::new(step.migration.id, name, statements, can.language));
    }
    Ok(all)
}

/// Asks every applied migration's `VERIFY`; gives the ids of those that were asked.
pub(crate) async fn verify(migrator: &Migrator, databases: &mut Databases) -> Result<Vec<&'static str>> {
    let history = history(migrator, databases).await?;
    let found = findings(migrator.registry, &history).into_iter();
    // What a newer program has done, and this one works with, is no fault of what is applied.
    let found = found.filter(|finding| migrator.policy.refuse_newer || !finding.is_compatible());
    let mut failures: Vec<Error> = found.map(|finding| Error::refused(vec![finding])).collect();
    let mut asked = Vec::new();
    for migration in migrator.registry.migrations() {
        if migration.verify.is_none() || history.record(migration).is_none() {
            continue;
        }
        let mut tasks = vec![Task::Begin("BEGIN".into())];
        ask(&mut tasks, Asked::Verify, migration.verify.as_ref());
        // Whatever a query or its code changes is none of a verification's business.
        tasks.push(Task::Rollback);
        let course = Course { tasks, ..Course::default() };
        let step = Step::up(migration);
        match databases.backend(migration.database)?.run(&course, &|_| {}).await {
            Ok(()) => asked.push(migration.id),
            Err(stop) => failures.push(failure(&step, &course, stop).verified()),
        }
    }
    if failures.is_empty() { Ok(asked) } else { Err(Kind::VerificationFailed { failures }.into()) }
}
