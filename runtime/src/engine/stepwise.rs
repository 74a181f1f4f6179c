//! The course of a migration without a transaction.

use super::course::{Setting, ask, begin, covered, key, limits, record, reset, unlimited};
use super::version::tell;
use crate::backend::{Asked, Capabilities, Course, Task};
use crate::error::Result;
use crate::ledger::{Fence, Happening, Ledger};
use crate::plan::Step;
use crate::registry::Work;
use crate::script::Retry;
use crate::target::Direction;

/// Writes it, statement by statement. What can be in a transaction is done together with the note that it is; what can't
/// is noted before, where a later run may have to find out, and after.
pub(super) fn tasks(
    course: &mut Course,
    step: &Step,
    ledger: &Ledger<'_>,
    can: &Capabilities,
    setting: &Setting,
) -> Result<()> {
    let m = step.migration;
    // Where no lock keeps others away each note is a claim, good only if nobody else has noted anything since.
    let fence = can.lock.is_none().then_some(Fence { rows: setting.rows.rows, events: setting.events });
    // Code counts as one statement.
    let marks = step.direction == Direction::Down && !setting.marked;
    let mut notes = Notes { step, ledger, statements: course.statements.max(1), fence, marks };
    course.done = setting.done;
    let tasks = &mut course.tasks;
    if setting.create {
        tasks.push(Task::Begin(can.begin.into()));
        tasks.extend(ledger.create()?.into_iter().map(|text| Task::Ledger(text.into())));
        tasks.push(Task::Commit);
    }
    if step.direction == Direction::Up && setting.done == 0 {
        ask(tasks, Asked::Require, m.require.as_ref());
    }
    match step.work() {
        Some(Work::Script(script)) => {
            let mut open = false;
            for (at, text, retry) in ledger.steps(script) {
                let index = at as u32;
                if at < setting.done {
                    // What a statement says of its session is gone with that.
                    if retry == Retry::Session {
                        tasks.push(Task::Alone { index, text });
                    }
                    continue;
                }
                match retry {
                    Retry::Session | Retry::Carries if open => tasks.push(Task::Author { index, text }),
                    Retry::Session | Retry::Carries => tasks.push(Task::Alone { index, text }),
                    Retry::Together | Retry::Joined => {
                        if !open {
                            tasks.push(begin(step, can));
                            tasks.extend(limits(step, can, setting, true));
                        }
                        open = retry == Retry::Joined;
                        tasks.extend(notes.done(at, text)?);
                        tasks.push(Task::Author { index, text });
                        if !open {
                            tasks.push(Task::Commit);
                            tasks.extend(unlimited(step, can, setting, true));
                        }
                    }
                    Retry::Inside => tasks.push(Task::Author { index, text }),
                    Retry::Closes => {
                        tasks.extend(notes.done(at, text)?);
                        tasks.push(Task::Author { index, text });
                    }
                    Retry::Again | Retry::Ask | Retry::Seen(_) | Retry::BuildsIndex { .. } | Retry::DropsIndex(_) => {
                        // Where nothing can be left behind, what is done again needs no note: unless nobody knows yet that it is undone.
                        if retry != Retry::Again || can.leftovers.is_some() || notes.marks {
                            tasks.extend(notes.begun(at, text)?);
                        }
                        tasks.extend(limits(step, can, setting, false));
                        tasks.push(Task::Alone { index, text });
                        tasks.extend(unlimited(step, can, setting, false));
                        tasks.extend(notes.done(at, text)?);
                    }
                }
            }
        }
        Some(Work::Rust(code)) if setting.done == 0 => {
            tasks.extend(notes.begun(0, m.source)?);
            tasks.push(Task::Rust(*code));
            tasks.extend(notes.done(0, m.source)?);
        }
        Some(Work::Rust(_)) | None => {}
    }
    if step.direction == Direction::Up {
        ask(tasks, Asked::Verify, m.verify.as_ref());
    }
    reset(tasks, can, setting);
    tasks.push(begin(step, can));
    end(tasks, step, ledger, can, setting, None)?;
    tasks.push(Task::Commit);
    Ok(())
}

/// Writes what ends it, in one transaction: the row, and the event, with a message where somebody has one to give.
pub(super) fn end(
    tasks: &mut Vec<Task>,
    step: &Step,
    ledger: &Ledger<'_>,
    can: &Capabilities,
    setting: &Setting,
    message: Option<&str>,
) -> Result<()> {
    tell(tasks, ledger, setting.reached.as_ref())?;
    tasks.push(key(step, ledger, can, setting)?);
    covered(tasks, step, ledger)?;
    record(tasks, step, ledger, message)
}

/// Writes what the events tell of each statement.
struct Notes<'a> {
    step: &'a Step,
    ledger: &'a Ledger<'a>,
    statements: usize,
    fence: Option<Fence>,
    /// The first of them marks the row: a rollback has begun.
    marks: bool,
}

impl Notes<'_> {
    fn begun(&mut self, index: usize, text: &str) -> Result<Vec<Task>> {
        self.note("started", index, text)
    }

    fn done(&mut self, index: usize, text: &str) -> Result<Vec<Task>> {
        self.note("statement", index, text)
    }

    fn note(&mut self, event: &'static str, index: usize, text: &str) -> Result<Vec<Task>> {
        let statement = Some((index + 1, self.statements));
        let happening = Happening { event, statement, detail: Some(text), fence: self.fence, ..Happening::default() };
        let task = if self.fence.is_some() { Task::One } else { Task::Ledger };
        self.fence.iter_mut().for_each(|fence| fence.events += 1);
        let m = self.step.migration;
        let mut tasks = vec![task(self.ledger.event(m, self.step.direction, &happening)?.into())];
        // Behind the note: where that is a claim, only who has it marks the row.
        if std::mem::take(&mut self.marks) {
            tasks.push(Task::Ledger(self.ledger.mark_rollback(m, true)?.into()));
        }
        Ok(tasks)
    }
}
