//! A run: the databases it works on, their locks and what their ledgers say.

use super::course::Setting;
use super::damage::{check_whole, damage, damaged, unreadable};
use super::half_rolled_back::is_marked;
use super::holder::holder;
use super::mirror::known_elsewhere;
use super::reach::{Seen, unread};
use super::version::reached;
use crate::backend::{Backend, Circumstances, Course, LockName, Rows, SessionLock, Stop, Task};
use crate::databases::Databases;
use crate::error::{Damage, Error, Holder, Kind, Result, ServerError, ServerErrorClass as Class};
use crate::event::Event;
use crate::history::{HalfRollback, History, Lost, Record};
use crate::ledger::{Known, Ledger};
use crate::migrator::Migrator;
use crate::plan::Step;
use crate::registry::{Database, Registry};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

pub(super) fn ledger<'a>(
    migrator: &'a Migrator,
    backend: &dyn Backend,
    database: &'static Database,
    run: &'a str,
) -> Ledger<'a> {
    let (language, registry) = (backend.capabilities().language, migrator.registry);
    Ledger { language, location: &migrator.location, registry, database: database.name, run }
}

/// Asks who holds the lock; whoever can't see that waits without knowing.
async fn holding(backend: &mut dyn Backend, lock: &SessionLock, name: &LockName<'_>) -> Option<Holder> {
    let rows = backend.ask((lock.holder)(name)).await.ok()?;
    rows.first().and_then(|row| holder(row))
}

/// Holds what a run knows of one database.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) database: &'static Database,
    pub(super) records: Vec<Record>,
    /// The ledger's newest event.
    pub(super) newest: Option<i64>,
    pub(super) lost: Vec<Lost>,
    pub(super) half_rollbacks: Vec<HalfRollback>,
    pub(super) circumstances: Circumstances,
    /// The ledger is still to be created, with the first step.
    pub(super) create: bool,
    pub(super) locked: bool,
    /// What is committed there, by this run or by one that died, may not be on the disk yet.
    pub(super) unflushed: bool,
}

impl Session {
    /// Says what a step's course depends on, besides the step and how far an earlier attempt has come.
    pub(super) fn setting(&self, registry: &Registry, step: &Step, lock_timeout: Option<Duration>) -> Setting {
        Setting {
            reached: reached(registry, &self.records, step),
            circumstances: self.circumstances,
            create: self.create,
            marked: is_marked(&self.records, step),
            rows: Known { rows: self.records.len(), newest: self.newest },
            lock_timeout,
            ..Setting::default()
        }
    }

    /// Notes what a step has changed.
    pub(super) fn settle(&mut self, step: &Step) {
        self.newest = step.newest(self.newest, self.create);
        self.create = false;
        step.change(&mut self.records);
    }
}

/// Holds the locks of a run. Dropped before its end it leaves nothing open and nothing locked.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(super) migrator: &'a Migrator,
    pub(super) databases: &'a mut Databases,
    pub(super) sessions: Vec<Session>,
    pub(super) id: String,
    pub(super) keeps_locks: bool,
    /// What another ledger knows of databases that can't be read.
    copies: Vec<Record>,
    unread: Vec<String>,
    over: bool,
}

impl<'a> Run<'a> {
    /// Locks each database where it can be locked, and reads its ledger.
    pub(super) async fn take(
        migrator: &'a Migrator,
        databases: &'a mut Databases,
        seen: Vec<Seen>,
        create: bool,
    ) -> Result<Run<'a>> {
        let id = format!("{:016x}{:016x}", random(), random());
        let unread = unread(migrator, databases);
        let (sessions, copies, keeps_locks, over) = (Vec::new(), Vec::new(), false, false);
        let mut run = Run { migrator, databases, sessions, id, keeps_locks, copies, unread, over };
        for seen in seen {
            if let Err(error) = run.enter(seen, create).await {
                run.release().await;
                return Err(error);
            }
        }
        match known_elsewhere(migrator, run.databases, &run.unread).await {
            Ok(copies) => run.copies = copies,
            Err(error) => {
                run.release().await;
                return Err(error);
            }
        }
        Ok(run)
    }

    async fn enter(&mut self, seen: Seen, create: bool) -> Result<()> {
        let database = seen.database;
        let backend = self.databases.backend(database.name)?;
        let lock = backend.capabilities().lock.as_ref();
        let looked = backend.circumstances().await;
        let circumstances =
            looked.map_err(|answer| Error::server_refused(database.name, "reading the settings", answer))?;
        let create = create && seen.fresh;
        if seen.fresh && !create && lock.is_some() {
            check_whole(self.migrator, backend, database).await?;
        }
        let locked = lock.is_some();
        let (records, lost, half_rollbacks, newest) = (Vec::new(), Vec::new(), Vec::new(), None);
        self.sessions.push(Session {
            database,
            records,
            newest,
            lost,
            half_rollbacks,
            circumstances,
            create,
            locked,
            unflushed: false,
        });
        let rows = match lock {
            Some(lock) => self.lock(database, lock, seen.fresh, create).await?,
            None if seen.fresh => Rows::new(),
            None => self.ask(database, |ledger| ledger.read(), "reading the ledger").await?,
        };
        self.understand(database, &rows).await
    }

    /// Takes the lock, creates the ledger where it is missing and reads it, in one round trip if nobody is before.
    async fn lock(
        &mut self,
        database: &'static Database,
        lock: &SessionLock,
        fresh: bool,
        create: bool,
    ) -> Result<Rows> {
        let backend = self.databases.backend(database.name)?;
        let ledger = ledger(self.migrator, backend, database, &self.id);
        let (doing, created) = ("taking the lock and reading the ledger", "creating the ledger");
        let doing = if create { created } else { doing };
        let Some(opening) = &lock.opening else {
            let (read, anew) = (ledger.read()?, ledger.create()?);
            self.wait(database, lock).await?;
            let backend = self.databases.backend(database.name)?;
            // What is missing beside its history is created; a history is not made anew.
            if create
                && let Some(damage @ Damage::MissingHistory { .. }) = damage(self.migrator, backend, database).await?
            {
                return Err(damaged(database, damage));
            }
            if create {
                let tasks = anew.into_iter().map(|text| Task::Ledger(text.into())).collect();
                let course = Course { tasks, ..Course::default() };
                match backend.run(&course, &|_| {}).await {
                    Ok(()) => {}
                    Err(Stop::Refused { answer, .. }) => return self.read_under(database, Err(answer), doing).await,
                    Err(_) => return Err(Kind::Overtaken { database: database.name.into(), done: 0 }.into()),
                }
            }
            let backend = self.databases.backend(database.name)?;
            return match backend.ask(read).await {
                Err(answer) if answer.is(Class::UndefinedTable) && fresh && !create => Ok(Rows::new()),
                rows => self.read_under(database, rows, doing).await,
            };
        };
        let mut first = vec![(opening.take)(&self.migrator.location.lock(&self.id))];
        let mut anew = vec![(opening.whole)(&ledger.table("history")?, &ledger.table("events")?)?];
        anew.extend(ledger.create()?);
        if create {
            first.extend(anew.clone());
        }
        if create || !fresh {
            first.push(ledger.read()?);
        }
        match backend.ask(first.join(";\n")).await {
            Ok(rows) => {
                self.created(database);
                return Ok(rows);
            }
            Err(answer) if answer.is(Class::Locked) => {}
            Err(answer) => return Err(unreadable(self.migrator, backend, database, doing, answer).await),
        }
        let read = ledger.read()?;
        let anew = format!("{};\n{read}", anew.join(";\n"));
        self.wait(database, lock).await?;
        let backend = self.databases.backend(database.name)?;
        let rows = match backend.ask(read).await {
            Err(answer) if answer.is(Class::UndefinedTable) && create => backend.ask(anew).await,
            Err(answer) if answer.is(Class::UndefinedTable) && fresh => Ok(Rows::new()),
            read => read,
        };
        self.read_under(database, rows, doing).await
    }

    /// Takes what was read under the lock: the ledger is there now.
    async fn read_under(
        &mut self,
        database: &'static Database,
        rows: std::result::Result<Rows, ServerError>,
        doing: &'static str,
    ) -> Result<Rows> {
        match rows {
            Ok(rows) => {
                self.created(database);
                Ok(rows)
            }
            Err(answer) => {
                let backend = self.databases.backend(database.name)?;
                Err(unreadable(self.migrator, backend, database, doing, answer).await)
            }
        }
    }

    async fn wait(&mut self, database: &'static Database, lock: &SessionLock) -> Result<()> {
        let run = self.id.clone();
        let name = self.migrator.location.lock(&run);
        // Most are short, and nobody has to know whose fault they were.
        let (begun, mut known, mut due) = (Instant::now(), None, Duration::from_millis(50));
        loop {
            let rows = match self.databases.backend(database.name)?.ask((lock.poll)(&name)).await {
                // A server that is busy with somebody else's script, or holds what somebody dead has left open, is waited for as well.
                Err(answer) if answer.is(Class::Locked) => Ok(Rows::new()),
                rows => rows,
            };
            let rows = rows.map_err(|answer| Error::server_refused(database.name, "waiting for the lock", answer))?;
            let row = rows.first().map(Vec::as_slice).unwrap_or_default();
            if row.first().and_then(Option::as_deref) == Some("t") {
                self.databases.backend(database.name)?.keep(Some(&name));
                return Ok(());
            }
            let waited = begun.elapsed();
            if let Some(told @ [_, ..]) = row.get(1..) {
                known = holder(told);
            } else if waited >= due.min(self.migrator.lock_wait) {
                // Who it is costs such a server far more to tell than that it is somebody.
                known = holding(self.databases.backend(database.name)?, lock, &name).await;
                due = waited + waited.clamp(Duration::from_millis(100), Duration::from_secs(1));
            }
            if let Err(error) = self.wait_on(database, known.clone(), begun).await {
                self.session(database.name).locked = false;
                return Err(error);
            }
        }
    }

    /// Tells that somebody else is at it, and pauses; or gives up when it has been long enough.
    pub(super) async fn wait_on(
        &mut self,
        database: &'static Database,
        holder: Option<Holder>,
        begun: Instant,
    ) -> Result<()> {
        let waited = begun.elapsed();
        let name = database.name.to_owned();
        if self.migrator.stopper.is_stopped() {
            return Err(Kind::Stopped { database: name }.into());
        }
        if waited >= self.migrator.lock_wait {
            return Err(Kind::Locked { database: name, holder, waited }.into());
        }
        tracing::info!(database = %name, ?holder, "waiting for the lock");
        self.migrator.tell(Event::Waiting { database: name, holder, waited });
        tokio::time::sleep(pause(waited).min(self.migrator.lock_wait - waited)).await;
        Ok(())
    }

    pub(super) fn created(&mut self, database: &Database) {
        self.session(database.name).create = false;
    }

    pub(super) fn session(&mut self, name: &str) -> &mut Session {
        let at = self.sessions.iter().position(|session| session.database.name == name).unwrap_or_default();
        &mut self.sessions[at]
    }

    pub(super) async fn ask(
        &mut self,
        database: &'static Database,
        text: impl FnOnce(&Ledger<'_>) -> Result<String>,
        doing: &'static str,
    ) -> Result<Rows> {
        let backend = self.databases.backend(database.name)?;
        let text = text(&ledger(self.migrator, backend, database, &self.id))?;
        match backend.ask(text).await {
            Ok(rows) => Ok(rows),
            Err(answer) => Err(unreadable(self.migrator, backend, database, doing, answer).await),
        }
    }

    pub(super) fn history(&self) -> History {
        let lost = self.sessions.iter().flat_map(|session| session.lost.clone()).collect();
        let half = self.sessions.iter().flat_map(|session| session.half_rollbacks.clone()).collect();
        let records = self.sessions.iter().flat_map(|session| session.records.clone());
        let records = records.chain(self.copies.iter().cloned()).collect();
        History::new(records).with_half_rollbacks(half).with_lost(lost).with_unread(self.unread.clone())
    }

    /// Keeps the locks until the run is released, where one run drives twice.
    pub(super) fn keep_locks(&mut self) {
        self.keeps_locks = true;
    }

    /// Creates the ledgers that no step has created yet.
    pub(super) async fn create_ledgers(&mut self) -> Result<()> {
        let open: Vec<_> = self.sessions.iter().filter(|session| session.create).map(|s| s.database).collect();
        for database in open {
            let can = self.databases.backend(database.name)?.capabilities();
            let guard = can.guard.map(|guard| guard(&self.migrator.location.lock(&self.id)));
            let backend = self.databases.backend(database.name)?;
            let texts = ledger(self.migrator, backend, database, &self.id).create()?;
            let mut tasks = vec![Task::Begin(can.begin.into())];
            tasks.extend(guard.into_iter().chain(texts).map(|text| Task::Ledger(text.into())));
            tasks.push(Task::Commit);
            let created = backend.run(&Course { tasks, ..Course::default() }, &|_| {}).await;
            match created {
                Ok(()) => {}
                Err(Stop::Refused { answer, .. }) => {
                    return Err(unreadable(self.migrator, backend, database, "creating the ledger", answer).await);
                }
                Err(_) => return Err(Kind::Overtaken { database: database.name.into(), done: 0 }.into()),
            }
            self.created(database);
        }
        Ok(())
    }

    /// Gives the locks back.
    pub(super) async fn release(mut self) {
        let name = self.migrator.location.lock(&self.id);
        for session in &mut self.sessions {
            let Ok(backend) = self.databases.backend(session.database.name) else { continue };
            backend.keep(None);
            if let Some(lock) = backend.capabilities().lock.as_ref().filter(|_| session.locked)
                && let Err(answer) = backend.ask((lock.release)(&name)).await
            {
                // A lost connection has given its lock back; any other is closed for it.
                tracing::warn!(database = session.database.name, %answer, "closing a connection to give its lock back");
                backend.abandon();
            }
            session.locked = false;
        }
        // Nobody waits for the lock any more.
        if let Err(error) = self.flush().await {
            tracing::warn!(%error, "the disk was not waited for");
        }
        self.over = true;
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.migrator.tell(Event::RunFailed);
        }
        for session in self.sessions.iter().filter(|_| !self.over) {
            if let Ok(backend) = self.databases.backend(session.database.name) {
                backend.abandon();
            }
        }
    }
}

/// Gives a fortieth of what has been waited, but some milliseconds at least and most of a second at most: nobody waits much
/// longer than was needed. Has jitter, so that those who wait don't march in step.
pub(super) fn pause(waited: Duration) -> Duration {
    let base = u64::try_from(waited.as_millis() / 40).unwrap_or(u64::MAX).clamp(3, 800);
    Duration::from_millis(base / 2 + random() % base)
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
