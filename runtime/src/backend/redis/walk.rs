//! Walking through a course: neighbours go out together, as far as they can.

use super::again::does_no_harm;
use super::answer::lease_lost;
use super::ledger::key;
use super::line::Words;
use super::link::bytes;
use super::many::Many;
use super::program::{Batch, Kind, Place, check_line};
use super::question::Question;
use super::scan::Scan;
use super::{Redis, lease, lua, split, spread};
use crate::backend::{Course, Stop, Task};
use crate::error::{ServerError, ServerErrorClass as Class};
use std::time::Instant;

/// Walks through a course.
pub(super) struct Walk<'a> {
    pub(super) redis: &'a mut Redis,
    pub(super) course: &'a Course,
    done: &'a (dyn Fn(usize) + Send + Sync),
    begun: Instant,
    /// What the run is at, for whoever waits for it.
    pub(super) doing: &'a str,
    pub(super) batch: Batch,
    /// The ledger's own that stand before a command of the author's: true only behind it.
    pub(super) held: Vec<(usize, Words)>,
    /// What stands right before a row, and has its key elsewhere in a cluster.
    elsewhere: Vec<(usize, Words)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(redis: &'a mut Redis, course: &'a Course, done: &'a (dyn Fn(usize) + Send + Sync)) -> Self {
        let begun = Instant::now();
        let (batch, held, elsewhere) = (Batch::default(), Vec::new(), Vec::new());
        Self { redis, course, done, begun, doing: "", batch, held, elsewhere }
    }

    pub(super) async fn walk(mut self) -> Result<(), Stop> {
        self.check_lengths()?;
        let mut at = 0;
        while let Some(task) = self.course.tasks.get(at) {
            at = self.task(at, task).await?;
        }
        self.flush().await
    }

    /// Refuses what no script takes, at the place where nothing is done yet.
    fn check_lengths(&self) -> Result<(), Stop> {
        let begin = self.course.tasks.iter().position(|task| matches!(task, Task::Begin(_))).unwrap_or_default();
        for task in &self.course.tasks {
            if let Task::Author { text, .. } = task {
                check_line(text).map_err(refused(begin))?;
            }
        }
        Ok(())
    }

    /// Does a task; gives the next one's place.
    async fn task(&mut self, at: usize, task: &'a Task) -> Result<usize, Stop> {
        match task {
            Task::Begin(text) => self.doing = text,
            Task::Ledger(text) => {
                let words = self.words(at, text)?;
                if self.redis.link.is_cluster() && !self.is_of_the_ledger(&words) {
                    self.elsewhere.push((at, words));
                } else {
                    self.held.push((at, words));
                }
            }
            Task::Key(text) => self.put(Kind::New, at, text)?,
            Task::One(text) => self.put(Kind::One, at, text)?,
            Task::Author { text, .. } => {
                let words = self.words(at, text)?;
                self.batch.push(Kind::Do, words, at);
                self.release();
            }
            Task::Alone { index, text } => {
                let is_fenced = !self.held.is_empty() || !self.batch.is_empty();
                self.flush().await?;
                if self.redis.link.is_cluster() && !is_fenced {
                    self.hold(at).await?;
                }
                let words = self.words(at, text)?;
                if Many::is_one(&words) {
                    self.many(at, *index, &words).await?;
                } else {
                    self.redis.link.send(&words).await.map_err(|answer| refused(at)(self.settled(text, answer)))?;
                }
                (self.done)(*index as usize);
            }
            Task::Query { text, .. } => {
                self.flush().await?;
                let question = Question::read(text).filter(|question| !question.command.is_empty());
                let question = question.ok_or_else(|| refused(at)(ServerError::other("no question")))?;
                let answer = self.redis.link.send(&question.command).await.map_err(refused(at))?;
                question.judge(&answer).map_err(|answer| Stop::Untrue { task: at, answer })?;
            }
            Task::Rust(code) => return self.call(at, code).await,
            Task::RustQuery { code, .. } => self.ask(at, code).await?,
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
            // Nothing was begun that could be rolled back, and there are no foreign keys.
            Task::Rollback | Task::ForeignKeys => {}
        }
        Ok(at + 1)
    }

    /// What can't be done again is not tried again either: its note says that it was begun.
    fn settled(&self, text: &str, answer: ServerError) -> ServerError {
        let is_asked = self.redis.link.is_cluster() && !does_no_harm(text);
        if is_asked && answer.is(Class::Locked) { ServerError { class: Class::Other, ..answer } } else { answer }
    }

    /// Does a statement about many keys, batch by batch.
    async fn many(&mut self, at: usize, index: u32, words: &[Vec<u8>]) -> Result<(), Stop> {
        let many = Many::read(words).map_err(refused(at))?;
        let place = self.place(at)?;
        let cursor = self.cursors(&place).map(|cursors| format!("{cursors}:{}", index + 1));
        many.spare(&place.prefix).map_err(refused(at))?;
        if self.sweep(at, &many, &place, cursor.clone()).await? {
            // What was written behind the place that an earlier run had reached is not overlooked.
            let again = cursor.as_ref().map(|cursor| format!("{cursor}:again"));
            self.sweep(at, &many, &place, again.clone()).await?;
            self.held.extend(again.map(|again| (at, bytes(["UNLINK", &again]))));
        }
        // Together with the note that it is done.
        self.held.extend(cursor.map(|cursor| (at, bytes(["UNLINK", &cursor]))));
        Ok(())
    }

    /// Goes through the keys once, from where an earlier run has come to; tells whether there was one.
    async fn sweep(&mut self, at: usize, many: &Many, place: &Place, cursor: Option<String>) -> Result<bool, Stop> {
        let opened = Scan::open(&self.redis.link, &place.prefix, cursor, &many.pattern()).await;
        let Some(mut scan) = opened.map_err(refused(at))? else { return Ok(true) };
        let is_taken_up = scan.is_taken_up();
        while let Some((_, keys)) = scan.next().await.map_err(refused(at))? {
            let mut batch = Batch::default();
            if self.redis.link.is_cluster() {
                spread::each(&self.redis.link, many, keys).await.map_err(refused(at))?;
            } else {
                many.commands(&keys).into_iter().for_each(|words| batch.push(Kind::Do, words, at));
            }
            scan.keep().into_iter().for_each(|words| batch.push(Kind::Keep, words, at));
            batch.judge(self.redis.link.send(&batch.program(place, self.doing)).await)?;
        }
        Ok(is_taken_up)
    }

    pub(super) fn place(&self, at: usize) -> Result<Place, Stop> {
        let lease = self.redis.lease.as_ref();
        lease.map(|lease| lease.place.clone()).ok_or_else(|| refused(at)(lease_lost()))
    }

    /// Asks whether the run still has the lease, before what is elsewhere and can't be held against it.
    async fn hold(&self, at: usize) -> Result<(), Stop> {
        lease::hold(&self.redis.link, &self.place(at)?).await.map_err(refused(at))
    }

    /// Names where a step's cursors are kept, by its row and the way that it goes.
    pub(super) fn cursors(&self, place: &Place) -> Option<String> {
        let row = self.course.tasks.iter().find_map(|task| match task {
            Task::Key(text) => Some(("up", text)),
            Task::One(text) => Some(("down", text)),
            _ => None,
        });
        let (direction, text) = row?;
        let words = split(text).ok()?;
        let field = String::from_utf8(words.get(2)?.clone()).ok()?;
        Some(format!("{}:{field}:{direction}", key(&place.prefix, "cursor")))
    }

    fn is_of_the_ledger(&self, words: &[Vec<u8>]) -> bool {
        let is_script = words.first().is_some_and(|word| word == b"EVAL");
        let key = words.get(if is_script { 3 } else { 1 });
        let begin = self.redis.lease.as_ref().map(|lease| format!("{{{}}}:", lease.place.prefix));
        key.zip(begin).is_none_or(|(key, begin)| key.starts_with(begin.as_bytes()))
    }

    pub(super) fn words(&self, at: usize, text: &str) -> Result<Words, Stop> {
        let mut words = split(text).map_err(refused(at))?;
        // What has been done since is not in the ledger yet, and takes its time all the same.
        if words.get(1).is_some_and(|word| word == lua::DURATION.get().as_bytes()) {
            words.push(self.begun.elapsed().as_millis().to_string().into_bytes());
        }
        Ok(words)
    }

    fn put(&mut self, kind: Kind, at: usize, text: &str) -> Result<(), Stop> {
        let words = self.words(at, text)?;
        self.release();
        self.batch.push(kind, words, at);
        Ok(())
    }

    fn release(&mut self) {
        for (task, words) in self.held.drain(..) {
            self.batch.push(Kind::Keep, words, task);
        }
    }

    /// Sends what has been collected.
    pub(super) async fn flush(&mut self) -> Result<(), Stop> {
        self.release();
        for (task, words) in std::mem::take(&mut self.elsewhere) {
            self.hold(task).await?;
            self.redis.link.send(&words).await.map_err(refused(task))?;
        }
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let place = self.place(batch.commands.first().map_or(0, |command| command.task))?;
        let end = batch.judge(self.redis.link.send(&batch.program(&place, self.doing)).await);
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
