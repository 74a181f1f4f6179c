//! What stopped a step, in the author's terms: which statement, in which file, and what is left.

use super::progress::leftover;
use crate::backend::Stop;
use crate::backend::{Asked, Course, Task};
use crate::error::{Error, Holder, Kind, Left, ServerError, ServerErrorClass as Class};
use crate::plan::Step;
use crate::registry::{Check, Work};
use crate::script::{Place, Script};
use std::fmt::Write;
use std::time::Duration;

/// Holds a failure until it is written down.
#[derive(Debug)]
pub(super) struct Failed {
    kind: Kind,
    source: Option<Source>,
    /// The statement, from 1.
    pub(super) statement: Option<usize>,
    /// The connection is gone, so nothing can be written down.
    pub(super) lost: bool,
    /// Rust code stopped it.
    pub(super) by_code: bool,
}

#[derive(Debug)]
enum Source {
    Server(ServerError),
    Code(Error),
}

impl Failed {
    /// Gives the error to be returned.
    pub(super) fn error(self) -> Error {
        let error = Error::from(self.kind);
        match self.source {
            None => error,
            Some(Source::Server(answer)) => error.caused_by(answer),
            Some(Source::Code(code)) => error.caused_by(code),
        }
    }

    /// Says who was in the way of a statement that did not get its lock.
    pub(super) fn blocked(mut self, holder: Option<Holder>, attempts: usize, waited: Duration) -> Self {
        if let Kind::StatementFailed { id, database, statement, text, place, left, .. } = self.kind {
            self.kind = Kind::Blocked { id, database, statement, text, place, left, holder, attempts, waited };
        }
        self
    }

    /// Gives the error of a verification, which had nothing to leave behind.
    pub(super) fn verified(mut self) -> Error {
        match &mut self.kind {
            Kind::CheckFailed { left, .. } | Kind::StatementFailed { left, .. } | Kind::CodeFailed { left, .. } => {
                *left = Left::Untouched;
            }
            Kind::Panicked { left, .. } => *left = Left::Untouched,
            _ => {}
        }
        self.error()
    }

    /// Gives the server's answer, if it was that.
    pub(super) fn answer(&self) -> Option<&ServerError> {
        match &self.source {
            Some(Source::Server(answer)) => Some(answer),
            _ => None,
        }
    }

    /// Tells how many statements stay done; none where something else may have stayed.
    pub(super) fn done(&self) -> Option<usize> {
        match &self.kind {
            Kind::StatementFailed { left, .. } | Kind::Blocked { left, .. } => match left {
                Left::Statements { done, invalid_indexes } if invalid_indexes.is_empty() => Some(*done),
                _ => None,
            },
            _ => None,
        }
    }

    /// Gives the words for the events.
    pub(super) fn message(&self) -> String {
        match &self.source {
            Some(Source::Server(answer)) => answer.message().to_owned(),
            Some(Source::Code(code)) => format!("{code:#}"),
            None => self.kind.to_string(),
        }
    }

    pub(super) fn detail(&self) -> Option<String> {
        let mut lines = Vec::new();
        if let Some(Source::Server(answer)) = &self.source {
            let parts = [("code", answer.code()), ("detail", answer.detail()), ("hint", answer.hint())];
            lines.extend(parts.iter().filter_map(|(name, text)| text.map(|text| format!("{name}: {text}"))));
        }
        if let Kind::StatementFailed { left: Left::Statements { invalid_indexes, .. }, .. } = &self.kind {
            lines.extend(invalid_indexes.iter().map(|index| leftover(index)));
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Keeps those invalid indexes whose names the failed statement contains.
    pub(super) fn leave(&mut self, names: impl Iterator<Item = String>) {
        if let Kind::StatementFailed { text, left: Left::Statements { invalid_indexes, .. }, .. } = &mut self.kind {
            invalid_indexes.extend(names.filter(|name| mentions(text, name)));
        }
    }
}

/// Tells whether a statement contains an index's name; REINDEX CONCURRENTLY adds `_ccnew` to it.
fn mentions(statement: &str, index: &str) -> bool {
    let name = index.trim_end_matches('"');
    let start = if name.len() < index.len() { name.rfind('"') } else { name.rfind('.') };
    let name = name.get(start.map_or(0, |at| at + 1)..).unwrap_or(name);
    let name = name.find("_ccnew").and_then(|at| name.get(..at)).unwrap_or(name);
    let (statement, name) = (statement.to_lowercase(), name.to_lowercase());
    let part = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty()
        && statement.match_indices(&name).any(|(at, _)| {
            let before = statement.get(..at).and_then(|text| text.chars().next_back());
            let after = statement.get(at + name.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(part) && !after.is_some_and(part)
        })
}

/// Explains what stopped a course.
pub(super) fn failure(step: &Step, course: &Course, stop: Stop) -> Failed {
    let m = step.migration;
    let (id, database) = (m.id.to_owned(), m.database.to_owned());
    let mut failed = Failed {
        kind: Kind::Author { message: String::new() },
        source: None,
        statement: None,
        lost: false,
        by_code: false,
    };
    match stop {
        Stop::Refused { task, position, answer } => {
            failed.lost = answer.is(Class::ConnectionLost) || answer.is(Class::LeaseLost);
            let at = course.tasks.get(task);
            if answer.is(Class::TransactionEnded) && course.has_code() && matches!(at, Some(Task::Ledger(_))) {
                failed.kind = Kind::TransactionEnded { id, database };
            } else if answer.is(Class::TransactionFailed) && course.has_code() && matches!(at, Some(Task::Ledger(_))) {
                failed.by_code = true;
                failed.kind = Kind::TransactionSpoilt { id, database, left: left(step, course, task) };
            } else {
                failed.statement = statement(at);
                let left =
                    if failed.lost && step.is_transactional() { Left::Undecided } else { left(step, course, task) };
                failed.kind = refused(step, course, at, position, left);
            }
            failed.source = Some(Source::Server(answer));
        }
        Stop::Untrue { task, answer } => {
            let at = course.tasks.get(task);
            failed.by_code = matches!(at, Some(Task::RustQuery { .. }));
            let (check, query, place) = match at {
                Some(Task::Query { check, index, text }) => (
                    check.as_str(),
                    (*text).to_owned(),
                    checked(step, *check).and_then(|script| begin(script, *index as usize)),
                ),
                Some(Task::RustQuery { check, .. }) => (check.as_str(), "Rust code".into(), None),
                _ => ("VERIFY", String::new(), None),
            };
            failed.kind =
                Kind::CheckFailed { id, database, check, query, answer, place, left: left(step, course, task) };
        }
        Stop::Code { task, error } => {
            failed.by_code = true;
            failed.kind = Kind::CodeFailed { id, database, left: left(step, course, task) };
            failed.source = Some(Source::Code(error));
        }
        Stop::Panicked { message } => {
            failed.by_code = true;
            let left = if step.is_transactional() { Left::Nothing } else { Left::Unknown };
            failed.kind = Kind::Panicked { id, database, message, left };
        }
        Stop::ForeignKeys(violations) => failed.kind = Kind::ForeignKeysViolated { id, database, violations },
        Stop::Stale => {
            failed.kind = Kind::Author { message: format!("another process changed the ledger of `{database}`") };
        }
    }
    failed
}

fn refused(step: &Step, course: &Course, task: Option<&Task>, position: Option<usize>, left: Left) -> Kind {
    let m = step.migration;
    let script = match (task, step.work()) {
        (Some(Task::Author { .. } | Task::Alone { .. }), Some(Work::Script(script))) => Some(script),
        (Some(Task::Query { check, .. }), _) => checked(step, *check),
        _ => None,
    };
    let (text, place) = match task {
        Some(Task::Author { index, text } | Task::Alone { index, text } | Task::Query { index, text, .. }) => {
            let place = script.and_then(|script| {
                let start = script.statements.get(*index as usize)?.start as usize;
                Some(script.place(start + position.unwrap_or(0)))
            });
            let mut shown = String::new();
            if let Some(Task::Query { check, .. }) = task {
                let _ = write!(shown, "in {}: ", check.as_str());
            }
            (shown + text, place)
        }
        Some(Task::Begin(_)) => ("when its transaction was to begin".into(), None),
        Some(Task::Commit) => ("at the commit".into(), None),
        _ => ("when its ledger was written".into(), None),
    };
    Kind::StatementFailed {
        id: m.id.into(),
        database: m.database.into(),
        direction: step.direction,
        statement: statement(task),
        statements: course.statements,
        text,
        place,
        left,
    }
}

fn statement(task: Option<&Task>) -> Option<usize> {
    match task {
        Some(Task::Author { index, .. } | Task::Alone { index, .. }) => Some(*index as usize + 1),
        _ => None,
    }
}

fn checked<'s>(step: &Step, check: Asked) -> Option<&'s Script> {
    let check = if check == Asked::Require { &step.migration.require } else { &step.migration.verify };
    match check {
        Some(Check::Script(script)) => Some(script),
        _ => None,
    }
}

fn begin(script: &Script, index: usize) -> Option<Place> {
    script.statements.get(index).map(|statement| script.place(statement.start as usize))
}

/// Tells what is left of a step that stopped at a task.
fn left(step: &Step, course: &Course, task: usize) -> Left {
    if step.is_transactional() {
        return Left::Nothing;
    }
    if matches!(step.work(), Some(Work::Rust(_))) {
        return Left::Unknown;
    }
    let (mut done, mut begun, mut open) = (course.done, course.done, false);
    for task in course.tasks.iter().take(task) {
        match task {
            Task::Begin(_) => open = true,
            Task::Commit => (done, open) = (begun, false),
            Task::Author { index, .. } | Task::Alone { index, .. } => {
                begun = begun.max(*index as usize + 1);
                done = if open && !course.keeps { done } else { begun };
            }
            _ => {}
        }
    }
    Left::Statements { done, invalid_indexes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn an_index_is_recognised_by_its_name_as_a_word() {
        let sql = "CREATE INDEX CONCURRENTLY Audit_TS ON cm.audit_log (ts)";
        assert!(mentions(sql, "cm.audit_ts"));
        assert!(mentions("REINDEX INDEX CONCURRENTLY audit_ts", "audit_ts_ccnew1"));
        assert!(mentions("CREATE INDEX \"my index\" ON t (a)", "public.\"my index\""));
        assert!(!mentions(sql, "audit"));
        assert!(!mentions(sql, "other"));
    }
}
