//! Running a course: what is in a transaction goes out together, and is committed when all of it is seen to be well.

use super::bolt::{Answer, Limits, Refused, Request};
use super::ledger::CHANGED;
use super::step::{Neo4jStep, Transaction, request};
use super::{answer, check_held, indexes, lease, number, read};
use crate::backend::{Course, Stop, Task, foreign, guarded, judge};
use crate::error::{ServerError, ServerErrorClass as Class};
use crate::step::{RustCheck, RustWork};

type Done<'a> = &'a (dyn Fn(usize) + Send + Sync);
/// So many bytes of statements are collected before they are sent.
const AT_ONCE: usize = 1 << 20;

/// Collects what goes out together, and knows which task each request is of.
struct Walk<'a> {
    step: &'a mut Neo4jStep,
    course: &'a Course,
    done: Done<'a>,
    requests: Vec<Request>,
    tasks: Vec<usize>,
    bytes: usize,
}

pub(super) async fn walk(step: &mut Neo4jStep, course: &Course, done: Done<'_>) -> Result<(), Stop> {
    let mut walk = Walk { step, course, done, requests: Vec::new(), tasks: Vec::new(), bytes: 0 };
    for (at, task) in course.tasks.iter().enumerate() {
        walk.task(at, task).await?;
    }
    walk.flush().await
}

impl Walk<'_> {
    async fn task(&mut self, at: usize, task: &Task) -> Result<(), Stop> {
        match task {
            Task::Begin(text) => {
                let shown = text.split_once("/* ").and_then(|(_, rest)| rest.split_once(" */")).map(|(mark, _)| mark);
                if let (Some(lease), Some(shown)) = (&self.step.lease, shown) {
                    lease.doing(shown);
                }
                let limits = Limits { milliseconds: None, shown: shown.map(Into::into) };
                self.push(at, Request::Begin { limits });
            }
            Task::Session(text) | Task::Ledger(text) | Task::Key(text) | Task::One(text) => {
                if let Some(limit) = text.strip_prefix(lease::LIMIT) {
                    self.limit(limit.parse().ok().filter(|limit| *limit > 0));
                } else if text.starts_with("CREATE ") {
                    self.apart(at, text).await?;
                } else {
                    self.push(at, request(text, &[], true));
                }
                if self.step.lease.as_ref().is_some_and(|lease| lease.is_given_back_by(text)) {
                    // Before, so that the heartbeat doesn't take it for lost.
                    self.step.lease.iter().for_each(|lease| lease.given_back());
                    self.flush().await?;
                    self.step.lease = None;
                }
            }
            Task::Author { text, .. } => self.push(at, request(text, &[], false)),
            Task::Alone { text, .. } => {
                self.flush().await?;
                if let Some(lease) = &self.step.lease {
                    lease.doing(text);
                }
                let made = indexes::before(self.step, text).await.map_err(refused(at))?;
                self.alone(at, text).await?;
                return indexes::wait(self.step, made).await.map_err(refused(at));
            }
            Task::Query { text, .. } => {
                self.flush().await?;
                let asked = self.step.one(text, &[], true).await.and_then(|answer| read(&[answer]));
                let rows = asked.map_err(|error| self.refused(at, error))?;
                return judge(&rows).map_err(|answer| Stop::Untrue { task: at, answer });
            }
            Task::Rust(code) => {
                self.flush().await?;
                let called = call(self.step, code).await.map_err(|message| Stop::Panicked { message })?;
                return called.map_err(|error| Stop::Code { task: at, error });
            }
            Task::RustQuery { code, .. } => {
                self.flush().await?;
                let asked = asked(self.step, code).await.map_err(|message| Stop::Panicked { message })?;
                if !asked.map_err(|error| Stop::Code { task: at, error })? {
                    return Err(Stop::Untrue { task: at, answer: "`false`".into() });
                }
            }
            // A relationship always has both its nodes.
            Task::ForeignKeys => {}
            Task::Commit => {
                // All that was refused, and all that was done by nobody, is known before.
                self.flush().await?;
                self.push(at, Request::Commit);
            }
            Task::Rollback => self.push(at, Request::Rollback),
        }
        if !self.is_inside() || self.bytes > AT_ONCE { self.flush().await } else { Ok(()) }
    }

    /// Sends what runs by itself, once more where half a constraint was in its way.
    async fn alone(&mut self, at: usize, text: &str) -> Result<(), Stop> {
        loop {
            self.push(at, request(text, &[], false));
            match self.flush().await {
                Err(Stop::Refused { answer, .. })
                    if indexes::make_room(self.step, text, &answer).await.map_err(refused(at))? => {}
                sent => return sent,
            }
        }
    }

    fn push(&mut self, at: usize, request: Request) {
        if let Request::Run { text, .. } = &request {
            self.bytes += text.len();
        }
        self.requests.push(request);
        self.tasks.push(at);
    }

    /// Tells whether what is collected ends inside a transaction.
    fn is_inside(&self) -> bool {
        match self.requests.iter().rev().find(|request| !matches!(request, Request::Run { .. })) {
            Some(request) => matches!(request, Request::Begin { .. }),
            None => self.step.transaction == Transaction::Open,
        }
    }

    /// Sets the limit of the transaction that is about to begin, or of what runs by itself.
    fn limit(&mut self, limit: Option<i64>) {
        match self.requests.last_mut() {
            Some(Request::Begin { limits }) => limits.milliseconds = limit,
            _ => self.step.limit = limit,
        }
    }

    /// Sends a schema statement of the ledger's: no transaction may have both these and others.
    async fn apart(&mut self, at: usize, text: &str) -> Result<(), Stop> {
        let begun = self.requests.pop_if(|request| matches!(request, Request::Begin { .. }));
        let task = begun.as_ref().and_then(|_| self.tasks.pop());
        self.flush().await?;
        let made = loop {
            match self.step.one(text, &[], false).await {
                Err(error) if indexes::make_room(self.step, text, &error).await.map_err(refused(at))? => {}
                made => break made,
            }
        };
        // Whoever creates it at the same time has created the same.
        let exists = |error: &ServerError| error.code().is_some_and(|code| code.ends_with("AlreadyExists"));
        match made {
            Err(error) if !exists(&error) => return Err(refused(at)(error)),
            _ => {}
        }
        if let (Some(begin), Some(task)) = (begun, task) {
            self.push(task, begin);
        }
        Ok(())
    }

    /// Sends what has been collected, and judges what has come of it, in order.
    async fn flush(&mut self) -> Result<(), Stop> {
        let (mut requests, tasks) = (std::mem::take(&mut self.requests), std::mem::take(&mut self.tasks));
        self.bytes = 0;
        let mut inside = self.step.transaction != Transaction::None;
        for request in &mut requests {
            match request {
                Request::Begin { .. } => inside = true,
                Request::Commit | Request::Rollback => inside = false,
                Request::Run { limits, .. } if !inside => {
                    *limits = Some(Limits { milliseconds: self.step.limit, shown: None });
                }
                Request::Run { .. } => {}
            }
        }
        if requests.is_empty() {
            return Ok(());
        }
        let (answers, refused) = self.step.send(&requests).await;
        for (at, answer) in tasks.iter().zip(&answers) {
            self.judge(*at, answer)?;
        }
        match refused {
            None => Ok(()),
            Some(Refused { request, error }) => {
                let at = tasks.get(request).copied().unwrap_or_default();
                if matches!(self.course.tasks.get(at), Some(Task::Key(_))) && error.is(Class::UniqueViolation) {
                    return Err(Stop::Stale);
                }
                Err(self.refused(at, error))
            }
        }
    }

    fn judge(&self, at: usize, answer: &Answer) -> Result<(), Stop> {
        match self.course.tasks.get(at) {
            Some(Task::Author { index, .. } | Task::Alone { index, .. }) => (self.done)(*index as usize),
            Some(Task::Ledger(_) | Task::Session(_)) => check_held(answer).map_err(refused(at))?,
            Some(Task::Key(_) | Task::One(_)) => {
                check_held(answer).map_err(refused(at))?;
                if number(answer, CHANGED) != Some(1) {
                    return Err(Stop::Stale);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn refused(&self, task: usize, answer: ServerError) -> Stop {
        let text = match self.course.tasks.get(task) {
            Some(Task::Author { text, .. } | Task::Alone { text, .. } | Task::Query { text, .. }) => text,
            _ => "",
        };
        let position = answer.position().and_then(|position| answer::byte(text, position));
        Stop::Refused { task, position, answer }
    }
}

fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}

async fn call(step: &mut Neo4jStep, code: &RustWork) -> Result<crate::Result<()>, String> {
    match code {
        RustWork::Neo4j(code) => guarded(code(step)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

async fn asked(step: &mut Neo4jStep, code: &RustCheck) -> Result<crate::Result<bool>, String> {
    match code {
        RustCheck::Neo4j(code) => guarded(code(step)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}
