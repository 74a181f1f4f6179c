//! Neo4j: a transaction for what is data, one statement after the other for what is schema, and a lease for a run.

mod answer;
mod bolt;
mod capabilities;
mod connect;
mod course;
mod heartbeat;
mod indexes;
mod lease;
mod ledger;
mod moment;
mod quote;
mod restructure;
mod step;
mod value;

pub use step::Neo4jStep;
pub use value::Neo4jValue;

use super::{Backend, Capabilities, Circumstances, Course, LockName, Rows, Stop};
use crate::error::{Result as Outcome, ServerError, ServerErrorClass as Class};
use crate::step::BoxFuture;
use bolt::{Answer, Limits, Refused, Request};
use capabilities::{CAPABILITIES, EXAMINE};
use heartbeat::{Heartbeat, Lease};
use ledger::{HELD, JOINT, LINES, THEN, THERE};
use std::any::Any;
use std::sync::Arc;

type Sent<T> = Result<T, ServerError>;

/// So long the attempt to take a lease may wait for the transaction of whoever had it, in milliseconds.
const PATIENCE: i64 = 2000;

/// Holds a connection, and the lease of the run that is on it.
#[derive(Debug)]
pub(crate) struct Neo4j {
    pub(crate) step: Neo4jStep,
    heartbeat: Option<Heartbeat>,
    /// A lease that is renewed no more, and may still have to be given back.
    left: Option<Arc<Lease>>,
    own: bool,
}

/// Opens a connection. For reading it is the same: nothing that only looks sends a text that writes.
pub(crate) async fn connect(database: &str, url: &str) -> Outcome<Neo4j> {
    Ok(Neo4j { step: Neo4jStep::open(database, url).await?, heartbeat: None, left: None, own: true })
}

impl Neo4j {
    /// Takes a connection that somebody has opened for themselves.
    pub(crate) fn given(step: Neo4jStep) -> Self {
        Self { step, heartbeat: None, left: None, own: false }
    }

    async fn texts(&mut self, text: &str, milliseconds: Option<i64>) -> (Vec<Answer>, Option<Refused>) {
        let limits = Some(Limits { milliseconds, shown: None });
        let request = |text: &str| {
            let (text, parameters) = (text.to_owned(), step::none());
            Request::Run { text, parameters, rows: true, limits: limits.clone() }
        };
        let requests: Vec<_> = text.split(THEN).map(request).collect();
        self.step.send(&requests).await
    }

    /// Tries to take a lease: whatever is in the way is asked about again.
    async fn poll(&mut self, text: &str, name: &str) -> Sent<Rows> {
        // Whoever drops the run from here on has it to give back.
        if let Some((run, ledger)) = name.split_once(' ') {
            self.step.lease = Some(Arc::new(Lease::new(ledger, run)));
        }
        // Many may be waiting, so whoever finds it taken asks no more than that.
        let (look, rest) = text.split_once(THEN).unwrap_or((text, ""));
        let looked = match self.texts(look, Some(PATIENCE)).await {
            (answers, None) => read(&answers)?,
            (_, Some(Refused { error, .. })) => return in_the_way(error),
        };
        let state = looked.first().and_then(|row| row.first()).and_then(Option::as_deref);
        let take = match state {
            Some("f") => return Ok(looked),
            Some("none") => rest,
            _ => rest.split_once(THEN).map_or(rest, |(_, take)| take),
        };
        match self.texts(take, Some(PATIENCE)).await {
            (answers, None) => read(&answers),
            (_, Some(Refused { request, error })) => {
                let text = take.split(THEN).nth(request).unwrap_or_default();
                if indexes::make_room(&mut self.step, text, &error).await? {
                    return Ok(vec![vec![Some("f".into())]]);
                }
                in_the_way(error)
            }
        }
    }

    /// Puts what several statements tell of the server into one row.
    async fn examine(&mut self) -> Sent<Rows> {
        let (answers, refused) = self.texts(EXAMINE, None).await;
        let rows = read(&answers)?;
        let cell = |row: usize, column: usize| rows.get(row).and_then(|row| row.get(column)).cloned().flatten();
        if answers.is_empty() {
            return Err(refused.map_or_else(bolt::closed, |refused| refused.error));
        }
        let name = self.step.address.database.clone();
        let mine = |row: &&Vec<Option<String>>| match &name {
            Some(name) => row.first().cloned().flatten().is_some_and(|other| other.eq_ignore_ascii_case(name)),
            None => row.get(3).and_then(Option::as_deref) == Some("true"),
        };
        let database = rows.iter().skip(2).find(mine);
        let says = |column: usize| database.and_then(|row| row.get(column)).and_then(Option::as_deref);
        let is_read_only = says(1) == Some("read-only") || says(2) == Some("false");
        let shown = Some(if is_read_only { "t" } else { "f" }.to_owned());
        Ok(vec![vec![cell(0, 0), cell(1, 0), shown, None, cell(0, 1)]])
    }
}

/// Says that it is taken where somebody else is at the same thing: takes the lease, makes the constraint, or still has the fence.
fn in_the_way(error: ServerError) -> Sent<Rows> {
    let name = error.code().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    let waits = error.is(Class::Locked)
        || error.is(Class::UniqueViolation)
        || name.starts_with("TransactionTimedOut")
        || ["Terminated", "EquivalentSchemaRuleAlreadyExists", "ConstraintAlreadyExists", "LockClientStopped"]
            .contains(&name);
    if waits { Ok(vec![vec![Some("f".into())]]) } else { Err(error) }
}

/// Reads answers as rows of text; what they tell of lease and ledger is taken out and heeded.
fn read(answers: &[Answer]) -> Sent<Rows> {
    let mut rows = Rows::new();
    for answer in answers {
        check_held(answer)?;
        let fields: Vec<&str> = answer.fields.iter().map(String::as_str).collect();
        if fields == [THERE] {
            if answer.rows.first().and_then(|row| row.first()) != Some(&Neo4jValue::Boolean(true)) {
                let message = "there is no ledger, or a part of it is missing";
                return Err(ServerError { class: Class::UndefinedTable, ..ServerError::other(message) });
            }
            continue;
        }
        let joint = |field: Option<&&str>| if field == Some(&LINES) { "\n" } else { JOINT };
        let cells = |row: &Vec<Neo4jValue>| {
            row.iter().enumerate().map(|(at, value)| value.cell(joint(fields.get(at)))).collect::<Vec<_>>()
        };
        rows.extend(answer.rows.iter().map(cells));
    }
    Ok(rows)
}

/// Gives the number in a column of an answer's only row.
fn number(answer: &Answer, column: &str) -> Option<i64> {
    let at = answer.fields.iter().position(|field| field == column)?;
    answer.rows.first()?.get(at)?.as_integer()
}

/// Refuses what was not done because somebody else has the lease.
fn check_held(answer: &Answer) -> Sent<()> {
    if number(answer, HELD) == Some(0) { Err(step::lease_lost()) } else { Ok(()) }
}

impl Backend for Neo4j {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn circumstances(&mut self) -> BoxFuture<'_, Sent<Circumstances>> {
        let own = self.own;
        Box::pin(async move { Ok(Circumstances { own, ..Circumstances::default() }) })
    }

    fn ask(&mut self, text: String) -> BoxFuture<'_, Sent<Rows>> {
        Box::pin(async move {
            if text == EXAMINE {
                return self.examine().await;
            }
            if let Some((name, _)) = text.strip_prefix(lease::LEASE).and_then(|rest| rest.split_once('\n')) {
                return self.poll(&text, name).await;
            }
            let text = indexes::awaited(&mut self.step, text).await?;
            match self.texts(&text, None).await {
                (answers, None) => {
                    self.left.take_if(|lease| lease.is_given_back_by(&text));
                    read(&answers)
                }
                (_, Some(refused)) => Err(refused.error),
            }
        })
    }

    fn keep(&mut self, lock: Option<&LockName<'_>>) {
        self.heartbeat = None;
        self.left = self.step.lease.take();
        self.step.lease = lock.map(|lock| Arc::new(Lease::new(lock.ledger, lock.run)));
        if let Some(lease) = &self.step.lease {
            self.heartbeat = Heartbeat::start(self.step.address.clone(), Arc::clone(lease));
        }
    }

    fn run<'a>(
        &'a mut self,
        course: &'a Course,
        done: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<(), Stop>> {
        Box::pin(async move {
            let end = course::walk(&mut self.step, course, done).await;
            self.step.limit = None;
            if end.is_err() {
                self.step.roll_back().await;
            }
            end
        })
    }

    fn abandon(&mut self) {
        self.heartbeat = None;
        // Closing it ends the transaction, and what it is at.
        self.step.close();
        if let Some(lease) = self.step.lease.take().or(self.left.take()) {
            heartbeat::give_back(self.step.address.clone(), &lease);
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
