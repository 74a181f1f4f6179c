//! The choices of a run, and the runs themselves.

use crate::adopt::Baseline;
use crate::databases::{Databases, Urls};
use crate::engine;
use crate::error::Result;
use crate::event::Event;
use crate::health::Examination;
use crate::history::{Entry, History};
use crate::ledger::{Language, Location};
use crate::observe::{Events, Listener, Stopper};
use crate::plan::{OutOfOrder, Plan, Policy, plan};
use crate::readiness::Readiness;
use crate::registry::{Migration, Registry};
use crate::repair::{Mark, Question};
use crate::report::Report;
use crate::status::{Status, status};
use crate::stored::with_stored;
use crate::target::{Direction, Target};
use std::fmt;
use std::time::Duration;

/// Applies everything that is pending.
///
/// # Errors
/// See [`Error`](crate::Error): nothing runs while a finding is open, and a failed migration is rolled back.
pub async fn apply(registry: &'static Registry, databases: &mut Databases) -> Result<Report> {
    Migrator::new(registry).apply(databases, &Target::Latest).await
}

/// So long somebody else who migrates is waited for, unless it is said otherwise.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(60);

/// So long a statement waits for a table, and whoever comes after waits behind it, unless it is said otherwise.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// Runs a registry's migrations, with choices.
pub struct Migrator {
    pub(crate) registry: &'static Registry,
    pub(crate) location: Location,
    pub(crate) policy: Policy,
    pub(crate) available: bool,
    pub(crate) lock_wait: Duration,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) stopper: Stopper,
    listeners: Vec<Listener>,
}

impl Migrator {
    /// Begins with the defaults: ledger in `public`, strict order, a minute's wait for whoever is in the way, and two
    /// seconds for each attempt at a lock.
    pub fn new(registry: &'static Registry) -> Self {
        Self {
            registry,
            location: Location::default(),
            policy: Policy::default(),
            available: false,
            lock_wait: LOCK_WAIT,
            lock_timeout: Some(LOCK_TIMEOUT),
            stopper: Stopper::default(),
            listeners: Vec::new(),
        }
    }
    /// Chooses where the ledger is.
    #[must_use]
    pub fn ledger(self, location: Location) -> Self {
        Self { location, ..self }
    }
    /// Chooses whether what is pending may run although a later one is applied.
    #[must_use]
    pub fn out_of_order(self, policy: OutOfOrder) -> Self {
        Self { policy: self.policy.out_of_order(policy), ..self }
    }
    /// Chooses whether a database is refused that a newer program has migrated, also where the phases of what it did say
    /// that this one works with it.
    #[must_use]
    pub fn refuse_newer(self, refused: bool) -> Self {
        Self { policy: self.policy.refuse_newer(refused), ..self }
    }
    /// Chooses whether to go on without databases that can't be reached, where there are several
    /// ([`Databases::connect_available`]). What is pending there waits, and so does what comes after it: by `after(…)`, or by its
    /// number where that says nothing. Everything else is applied; `Report::waiting` tells what was left out. Of a ledger that can't
    /// be read, the copy in that of the first SQL database is believed; without it nothing counts as applied there.
    /// For [`apply`](Self::apply), [`plan`](Self::plan) and [`run`](Self::run) upwards, [`history`](Self::history) and
    /// [`status`](Self::status); everything else needs all databases.
    #[must_use]
    pub fn available(self, available: bool) -> Self {
        Self { available, ..self }
    }
    /// Chooses how long to wait while somebody else migrates, holds a table that is to be changed, or holds the SQLite
    /// file. After that the run gives up, and leaves everything as it was.
    ///
    /// A SQLite connection that whimbrel opened keeps it as its `busy_timeout`; one that was handed over keeps its own,
    /// which is waited each time that the file is held.
    #[must_use]
    pub fn lock_wait(self, lock_wait: Duration) -> Self {
        Self { lock_wait, ..self }
    }
    /// Chooses how long one statement may wait for a lock before it lets those through that queue behind it, and is tried
    /// again; `None` leaves the server's own setting. A migration's `lock_timeout` comes before it, and so does a limit
    /// that the server, the role or the URL has set. What runs by itself, such as `CREATE INDEX CONCURRENTLY`, waits as
    /// long as it has to: nobody queues behind it. SQLite has no such setting.
    #[must_use]
    pub fn lock_timeout(self, lock_timeout: Option<Duration>) -> Self {
        Self { lock_timeout, ..self }
    }
    /// Listens to what a run is doing. Called from within the run: be quick. There may be several.
    #[must_use]
    pub fn on_event(mut self, listener: Box<dyn Fn(Event) + Send + Sync>) -> Self {
        self.listeners.push(listener);
        self
    }
    /// Gives what runs are doing as a stream, for a screen of the application's own.
    #[must_use]
    pub fn events(self) -> (Self, Events) {
        let (listener, events) = Events::new();
        (self.on_event(listener), events)
    }
    /// Gives what stops this migrator's runs: before the next migration, or where they wait for somebody else. What is under way
    /// is finished first.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }
    pub(crate) fn tell(&self, event: Event) {
        #[cfg(feature = "metrics")]
        crate::metrics::record(self.registry.name, &event);
        for listener in &self.listeners {
            listener(event.clone());
        }
    }
    /// Gives the registry.
    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// Reads the ledgers. Writes nothing, and needs no permission to.
    ///
    /// # Errors
    /// A ledger that can't be read, or one of a newer format.
    pub async fn history(&self, databases: &mut Databases) -> Result<History> {
        engine::history(self, databases).await
    }
    /// Reads the events of all ledgers, in the order in which they happened.
    ///
    /// # Errors
    /// Those of [`history`](Self::history).
    pub async fn journal(&self, databases: &mut Databases) -> Result<Vec<Entry>> {
        engine::journal(self, databases).await
    }
    /// Compares code and ledgers. Writes nothing; what is wrong is part of the answer.
    ///
    /// # Errors
    /// Those of [`history`](Self::history).
    pub async fn status(&self, databases: &mut Databases) -> Result<Status> {
        Ok(status(self.registry, &self.history(databases).await?))
    }
    /// Plans a run. Writes nothing.
    ///
    /// # Errors
    /// Every finding at once, or those of [`history`](Self::history).
    pub async fn plan(&self, databases: &mut Databases, target: &Target, direction: Direction) -> Result<Plan> {
        plan(self.registry, &self.history(databases).await?, target, direction, &self.policy)
    }
    /// Writes down the exact texts of a plan's steps, in order. Sends and writes nothing.
    ///
    /// # Errors
    /// A database whose settings can't be read.
    pub async fn statements(&self, databases: &mut Databases, plan: &Plan) -> Result<Vec<StepText>> {
        engine::texts(self, databases, plan).await
    }
    /// Applies what is pending, as far as the target.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub async fn apply(&self, databases: &mut Databases, target: &Target) -> Result<Report> {
        engine::apply(self, databases, target).await
    }
    /// Rolls back what is applied, as far as the target.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub async fn rollback(&self, databases: &mut Databases, target: &Target) -> Result<Report> {
        engine::rollback(self, databases, target).await
    }
    /// Learns from the ledgers what newer programs have applied, so that it can be rolled back: the statements are the
    /// ledger's, so show them ([`statements`](Self::statements)) before they run. For rollbacks alone.
    ///
    /// # Errors
    /// A migration whose rollback the ledger does not have; those of [`history`](Self::history).
    pub async fn with_stored(self, databases: &mut Databases) -> Result<Self> {
        let registry = with_stored(self.registry, &self.history(databases).await?)?;
        Ok(Self { registry, ..self })
    }
    /// Does exactly what [`plan`](Self::plan) has planned, such as what somebody has agreed to.
    ///
    /// # Errors
    /// See [`Error`](crate::Error); [`is_overtaken`](crate::Error::is_overtaken) where the databases have changed
    /// since, so that it would be something else.
    pub async fn run(&self, databases: &mut Databases, plan: &Plan) -> Result<Report> {
        engine::execute(self, databases, plan).await
    }
    /// Rolls back the last one that is applied, and applies it again: both reports, in this order.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub async fn redo(&self, databases: &mut Databases) -> Result<(Report, Report)> {
        engine::redo(self, databases, None).await
    }
    /// Plans the way back of a redo, which takes a migration that was edited since.
    #[cfg(feature = "cli")]
    pub(crate) async fn plan_redo(&self, databases: &mut Databases) -> Result<Plan> {
        engine::plan_redo(self, databases).await
    }
    /// Redoes what was planned, or nothing.
    #[cfg(feature = "cli")]
    pub(crate) async fn redo_planned(&self, databases: &mut Databases, plan: &Plan) -> Result<(Report, Report)> {
        engine::redo(self, databases, Some(plan)).await
    }
    /// Holds the ledgers against the code, and asks every applied migration's `VERIFY` again; gives the ids of
    /// those that were asked. What a `VERIFY` in Rust changes is rolled back.
    ///
    /// # Errors
    /// All that does not hold, at once.
    pub async fn verify(&self, databases: &mut Databases) -> Result<Vec<&'static str>> {
        engine::verify(self, databases).await
    }
    /// Looks whether the application may start: one query where everything is applied. Takes no lock, writes nothing, and
    /// needs no permission to.
    ///
    /// # Errors
    /// Those of [`history`](Self::history); what is wrong between code and ledgers is part of the answer.
    pub async fn check(&self, databases: &mut Databases) -> Result<Readiness> {
        engine::check(self, databases).await
    }
    /// Waits until the application may start, while somebody else migrates; for those that start beside them.
    ///
    /// # Errors
    /// [`is_not_ready`](crate::Error::is_not_ready) where that would not help, or after the limit: it tells who is at it and
    /// with what, or that nobody is.
    pub async fn wait(&self, databases: &mut Databases, limit: Duration) -> Result<Readiness> {
        engine::wait(self, databases, limit).await
    }
    /// Looks how each database is, one by one, so that one that is down hides no other: whether it answers, its clock, who may do what,
    /// what its ledger has, who migrates. Takes no lock and writes nothing.
    pub async fn examine(&self, urls: &Urls) -> Vec<Examination> {
        engine::examine(self, urls).await
    }
    /// Lists the statements that runs died on, of which only a person can tell whether they took effect, the rollbacks that have not
    /// ended, and the migrations that were changed after they were applied. Writes nothing.
    ///
    /// # Errors
    /// Those of [`history`](Self::history).
    pub async fn questions(&self, databases: &mut Databases) -> Result<Vec<Question>> {
        engine::questions(self, databases).await
    }
    /// Writes down what became of the statement that a run died on, that somebody has ended by hand what a rollback had begun, or
    /// records a migration that was changed as it is now; the reason is kept with it.
    ///
    /// # Errors
    /// No such migration, no such statement, or no reason; nothing is written then.
    pub async fn repair(&self, databases: &mut Databases, id: &str, mark: Mark, reason: &str) -> Result<Question> {
        engine::repair(self, databases, id, mark, reason).await
    }
    /// Creates the ledgers that are not there; gives their databases' names.
    ///
    /// # Errors
    /// A missing permission to create tables, or a ledger of a newer format.
    pub async fn init(&self, databases: &mut Databases) -> Result<Vec<&'static str>> {
        engine::init(self, databases).await
    }
    /// Chooses what [`baseline`](Self::baseline) would record. Writes nothing, and needs no permission to.
    ///
    /// # Errors
    /// Those of [`baseline`](Self::baseline).
    pub async fn adoptable(&self, databases: &mut Databases, baseline: &Baseline) -> Result<Vec<&'static Migration>> {
        engine::adoptable(self, databases, baseline).await
    }
    /// Records what a database that exists already has as applied, and runs none of it.
    ///
    /// What is recorded is held against the database first: the tables that these migrations create must be there.
    ///
    /// # Errors
    /// Every [`Obstacle`](crate::Obstacle) at once, with nothing written: a missing table, a history that is not empty,
    /// a version table that records what the code does not know.
    pub async fn baseline(&self, databases: &mut Databases, baseline: &Baseline) -> Result<Report> {
        engine::baseline(self, databases, baseline).await
    }
}

/// Holds the texts of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepText {
    /// The migration.
    pub id: &'static str,
    /// Its database.
    pub database: &'static str,
    /// Each text, in order; Rust code is shown as a comment.
    pub statements: Vec<String>,
    /// What a comment begins with there, and what stands between texts.
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) comment: &'static str,
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) separator: &'static str,
}

impl StepText {
    pub(crate) fn new(
        id: &'static str,
        database: &'static str,
        statements: Vec<String>,
        language: &dyn Language,
    ) -> Self {
        let (comment, separator) = (language.comment(), language.separator());
        Self { id, database, statements, comment, separator }
    }
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrator")
            .field("registry", &self.registry.name())
            .field("ledger", &self.location)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
