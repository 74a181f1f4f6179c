//! What goes out together: one script does all of it in order, holds the lease first, and stops at the first command that fails.

use super::answer::{Answer, lease_lost, refused, text};
use super::ledger::key;
use super::line::{Words, shown};
use super::{lua, split};
use crate::backend::Stop;
use crate::error::ServerError;
use redis::Value;

/// Names a ledger and the run that has its lease.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) prefix: String,
    pub(super) run: String,
}

/// Says what an answer has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The author's: no error.
    Do,
    /// The ledger's own: no error.
    Keep,
    /// It adds a row, which is not there before anything is done.
    New,
    /// It changes exactly one row, which is there before anything is done.
    One,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Kind::Do => "do",
            Kind::Keep => "keep",
            Kind::New => "new",
            Kind::One => "one",
        }
    }
}

/// Holds one command of a batch.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) kind: Kind,
    pub(super) words: Words,
    /// The task that it belongs to.
    pub(super) task: usize,
}

/// Collects commands.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) commands: Vec<Command>,
    size: usize,
}

/// The server does nothing else meanwhile, so that much at once and no more.
const MANY: usize = 512;
const LARGE: usize = 512 * 1024;

/// A script hands on no more words than Lua's stack has room for, which is about 8,000.
const WORDS: usize = 7000;

/// Refuses a command that a script can't hand on. The author's own scripts are called, not handed on.
pub(super) fn check_length(words: &[Vec<u8>]) -> Answer<()> {
    let is_script = words.first().is_some_and(|name| name.eq_ignore_ascii_case(b"EVAL"));
    if is_script || words.len() <= WORDS {
        return Ok(());
    }
    let name = shown(words.get(..2).unwrap_or_default());
    let count = words.len();
    Err(ServerError::other(format!("`{name} …` has {count} words, and a command may have {WORDS}: divide it")))
}

/// Refuses a line that a script can't hand on, without a look at those that are too short for that.
pub(super) fn check_line(line: &str) -> Answer<()> {
    if line.len() < 2 * WORDS { Ok(()) } else { check_length(&split(line)?) }
}

impl Batch {
    pub(super) fn push(&mut self, kind: Kind, words: Words, task: usize) {
        self.size += words.iter().map(Vec::len).sum::<usize>();
        self.commands.push(Command { kind, words, task });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    pub(super) fn is_large(&self) -> bool {
        self.commands.len() >= MANY || self.size >= LARGE
    }

    /// Writes the one command that does all of it.
    pub(super) fn program(&self, place: &Place, doing: &str) -> Words {
        let keys = ["lock", "history", "events"].map(|name| key(&place.prefix, name));
        let mut words: Words = ["EVAL", lua::PROGRAM.get(), "3"].map(|word| word.as_bytes().to_vec()).into();
        words.extend(keys.into_iter().map(String::into_bytes));
        words.extend([place.run.clone().into_bytes(), doing.as_bytes().to_vec()]);
        for command in &self.commands {
            words.push(command.kind.as_str().into());
            words.push(command.words.len().to_string().into_bytes());
            words.extend(command.words.iter().cloned());
        }
        words
    }

    /// Understands its answer.
    pub(super) fn judge(&self, answer: Answer<Value>) -> Result<(), Stop> {
        self.judge_each(answer).map_err(|(_, stop)| stop)
    }

    /// Understands its answer; gives the place of the command that stopped it, too.
    pub(super) fn judge_each(&self, answer: Answer<Value>) -> Result<(), (usize, Stop)> {
        let task = |n: usize| self.commands.get(n).map_or(0, |command| command.task);
        let stop = |n, answer| (n, Stop::Refused { task: task(n), position: None, answer });
        let value = answer.map_err(|answer| stop(0, answer))?;
        let Value::Array(parts) = &value else {
            return Err(stop(0, refused(&format!("an answer that nobody understands: {value:?}"))));
        };
        let part = |n: usize| parts.get(n).and_then(text).unwrap_or_default();
        let at = part(1).parse::<usize>().unwrap_or(1).saturating_sub(1);
        match part(0).as_str() {
            "done" => Ok(()),
            "lost" => Err(stop(0, lease_lost())),
            "stale" => Err((at, Stop::Stale)),
            _ => Err(stop(at, refused(&part(2)))),
        }
    }
}
