//! Calling an author's code, and what becomes of what it has written.

use super::lease;
use super::line::{Words, shown};
use super::program::{Batch, Kind, check_length};
use super::step::{ATTEMPTS, RedisStep, send};
use super::walk::{Walk, refused};
use crate::backend::{Stop, Task, foreign, guarded};
use crate::error::{Error, ServerError, ServerErrorClass as Class};
use crate::step::{RustCheck, RustWork};

impl Walk<'_> {
    /// Calls code, and does what it has written together with the notes before and behind it; gives the place of the task behind them.
    ///
    /// Nothing is noted before: as long as the code is at it nothing has happened. In a cluster something has, so there it is.
    pub(super) async fn call(&mut self, at: usize, code: &RustWork) -> Result<usize, Stop> {
        let is_cluster = self.redis.link.is_cluster();
        let begun = if is_cluster { Vec::new() } else { std::mem::take(&mut self.held) };
        self.flush().await?;
        let place = self.place(at)?;
        let cursors = self.cursors(&place);
        let (next, behind) = match self.course.tasks.get(at + 1) {
            Some(Task::Ledger(text)) => (at + 2, vec![(at + 1, self.words(at + 1, text)?)]),
            _ => (at + 1, Vec::new()),
        };
        for _ in 0..ATTEMPTS {
            let mut step = RedisStep::new(self.redis.link.clone(), Some(place.clone()), cursors.clone());
            #[allow(irrefutable_let_patterns)]
            let RustWork::Redis(code) = code else { return Err(Stop::Code { task: at, error: foreign() }) };
            let called = guarded(code(&mut step)).await;
            match called {
                Ok(Ok(())) => {}
                Ok(Err(_)) if step.has_changed => continue,
                Ok(Err(error)) => {
                    step.unwatch().await;
                    return Err(Stop::Code { task: at, error });
                }
                Err(message) => {
                    step.unwatch().await;
                    return Err(Stop::Panicked { message });
                }
            }
            let mut batch = Batch::default();
            let keep = |batch: &mut Batch, notes: &[(usize, Words)]| {
                notes.iter().for_each(|(task, words)| batch.push(Kind::Keep, words.clone(), *task));
            };
            keep(&mut batch, &begun);
            let written = step.finish();
            if is_cluster {
                let sent = lease::send_each(&self.redis.link, &place, &written).await;
                sent.map_err(|(words, answer)| not_written(at, words, answer))?;
            } else {
                if let Err(answer) = written.iter().try_for_each(|words| check_length(words)) {
                    step.unwatch().await;
                    let error = Error::new("what the code wrote at its end was not done").caused_by(answer);
                    return Err(Stop::Code { task: at, error });
                }
                written.iter().for_each(|words| batch.push(Kind::Do, words.clone(), at));
            }
            step.forget.iter().for_each(|words| batch.push(Kind::Keep, words.clone(), at));
            keep(&mut batch, &behind);
            match send(&self.redis.link, &batch, &place, self.doing, step.watches).await {
                Ok(true) => return Ok(next),
                Ok(false) => {}
                Err((n, Stop::Refused { task, answer, .. })) if task == at => {
                    let words = batch.commands.get(n).map_or(&[][..], |command| &command.words);
                    return Err(not_written(at, words, answer));
                }
                Err((_, stop)) => return Err(stop),
            }
        }
        let message = format!(
            "what the code has read was changed by somebody else each of {ATTEMPTS} times; run again when there is less to do"
        );
        Err(Stop::Code { task: at, error: Error::new(message) })
    }

    /// Asks code.
    pub(super) async fn ask(&mut self, at: usize, code: &RustCheck) -> Result<(), Stop> {
        self.flush().await?;
        #[allow(irrefutable_let_patterns)]
        let RustCheck::Redis(code) = code else { return Err(Stop::Code { task: at, error: foreign() }) };
        let mut step = RedisStep::new(self.redis.link.clone(), None, None);
        let called = guarded(code(&mut step)).await;
        step.unwatch().await;
        let holds = called.map_err(|message| Stop::Panicked { message })?;
        let holds = holds.map_err(|error| Stop::Code { task: at, error })?;
        if let Some(words) = step.finish().first() {
            let error = Error::new(format!("a check only asks, and this one was to write `{}`", shown(words)));
            return Err(Stop::Code { task: at, error });
        }
        if holds { Ok(()) } else { Err(Stop::Untrue { task: at, answer: "`false`".into() }) }
    }
}

fn not_written(task: usize, words: &[Vec<u8>], answer: ServerError) -> Stop {
    if answer.is(Class::ConnectionLost) || answer.is(Class::LeaseLost) {
        return refused(task)(answer);
    }
    let message = format!("`{}` was refused, and what the code wrote before it is done", shown(words));
    Stop::Code { task, error: Error::new(message).caused_by(answer) }
}
