//! Walking through a course: neighbours go out together, as far as they can.

use super::answer::lease_lost;
use super::line::Words;
use super::program::{Batch, Kind};
use super::question::Question;
use super::{Redis, lua, split};
use crate::backend::{Course, Stop, Task};
use crate::error::ServerError;
use std::time::Instant;

/// Walks through a course.
pub(super) struct Walk<'a> {
    redis: &'a mut Redis,
    course: &'a Course,
    done: &'a (dyn Fn(usize) + Send + Sync),
    begun: Instant,
    /// What the run is at, for whoever waits for it.
    doing: &'a str,
    batch: Batch,
    /// The ledger's own that stand before a command of the author's: true only behind it.
    held: Vec<(usize, Words)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(redis: &'a mut Redis, course: &'a Course, done: &'a (dyn Fn(usize) + Send + Sync)) -> Self {
        Self { redis, course, done, begun: Instant::now(), doing: "", batch: Batch::default(), held: Vec::new() }
    }

    pub(super) async fn to_the_end(mut self) -> Result<(), Stop> {
        let course = self.course;
        for (at, task) in course.tasks.iter().enumerate() {
            match task {
                Task::Begin(text) => self.doing = text,
                Task::Ledger(text) => {
                    let words = self.words(at, text)?;
                    self.held.push((at, words));
                }
                Task::Key(text) => {
                    let words = self.words(at, text)?;
                    self.put(Kind::New, words, at);
                }
                Task::One(text) => {
                    let words = self.words(at, text)?;
                    self.put(Kind::One, words, at);
                }
                Task::Author { text, .. } => {
                    let words = self.words(at, text)?;
                    self.batch.push(Kind::Do, words, at);
                    self.release();
                }
                Task::Alone { index, text } => {
                    self.flush().await?;
                    let words = self.words(at, text)?;
                    self.redis.link.send(&words).await.map_err(refused(at))?;
                    (self.done)(*index as usize);
                }
                Task::Query { text, .. } => {
                    self.flush().await?;
                    let question = Question::read(text).filter(|question| !question.command.is_empty());
                    let question = question.ok_or_else(|| refused(at)(ServerError::other("no question")))?;
                    let answer = self.redis.link.send(&question.command).await.map_err(refused(at))?;
                    question.judge(&answer).map_err(|answer| Stop::Untrue { task: at, answer })?;
                }
                Task::Session(text) => {
                    self.flush().await?;
                    // The lease is given back: nobody is to miss it.
                    self.redis.lease = None;
                    self.redis.line(text).await.map_err(refused(at))?;
                }
                Task::Commit => {
                    self.release();
                    if self.batch.is_large() {
                        self.flush().await?;
                    }
                }
                Task::Rust(_) | Task::RustQuery { .. } | Task::Rollback | Task::ForeignKeys => {}
            }
        }
        self.flush().await
    }

    fn words(&self, at: usize, text: &str) -> Result<Words, Stop> {
        let mut words = split(text).map_err(refused(at))?;
        // What has been done since is not in the ledger yet, and takes its time all the same.
        if words.get(1).is_some_and(|word| word == lua::DURATION.get().as_bytes()) {
            words.push(self.begun.elapsed().as_millis().to_string().into_bytes());
        }
        Ok(words)
    }

    fn put(&mut self, kind: Kind, words: Words, task: usize) {
        self.release();
        self.batch.push(kind, words, task);
    }

    fn release(&mut self) {
        for (task, words) in self.held.drain(..) {
            self.batch.push(Kind::Keep, words, task);
        }
    }

    /// Sends what has been collected.
    async fn flush(&mut self) -> Result<(), Stop> {
        self.release();
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let first = batch.commands.first().map_or(0, |command| command.task);
        let Some(lease) = &self.redis.lease else { return Err(refused(first)(lease_lost())) };
        let end = batch.judge(self.redis.link.send(&batch.program(&lease.place, self.doing)).await);
        let reached = match &end {
            Ok(()) => self.course.tasks.len(),
            Err(Stop::Refused { task, .. }) => *task,
            Err(_) => 0,
        };
        for command in batch.commands.iter().filter(|command| command.kind == Kind::Do && command.task < reached) {
            if let Some(Task::Author { index, .. }) = self.course.tasks.get(command.task) {
                (self.done)(*index as usize);
            }
        }
        end
    }
}

pub(super) fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}
