//! What a backend is asked to do: the tasks of one step, in order, with their exact texts.

use crate::ledger::Language;
use crate::step::{RustCheck, RustWork};

/// Lists a step's tasks in order.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) tasks: Vec<Task>,
    /// How many statements the author's script has.
    pub(crate) statements: usize,
    /// How many of them an earlier attempt has done.
    pub(crate) done: usize,
    /// Whether what a transaction did before it stopped stays, with its notes.
    pub(crate) keeps: bool,
    /// Whether foreign keys are off on the way, to be on again however it ends.
    pub(crate) foreign_keys: bool,
}

/// Names the check that a query is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Require,
    Verify,
}

impl Asked {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Asked::Require => "REQUIRE",
            Asked::Verify => "VERIFY",
        }
    }
}

/// Names one thing to do, in few bytes: a script may have statements by the hundred thousand. Neighbours may travel together, except where one has to be judged or stands alone.
#[derive(Debug)]
pub(crate) enum Task {
    /// A setting or a lock, outside the transaction.
    Session(Box<str>),
    /// Opens the transaction.
    Begin(Box<str>),
    /// Adds a row whose key is there already if somebody else was faster.
    Key(Box<str>),
    /// Changes exactly one row, or somebody else was faster.
    One(Box<str>),
    /// The ledger's own.
    Ledger(Box<str>),
    /// The author's statement, within the transaction.
    Author { index: u32, text: &'static str },
    /// The author's statement, where it must be sent by itself.
    Alone { index: u32, text: &'static str },
    /// A query whose answer must be true.
    Query { check: Asked, index: u32, text: &'static str },
    /// The author's code.
    Rust(RustWork),
    /// The author's code, whose answer must be true.
    RustQuery { check: Asked, code: RustCheck },
    /// No row may have lost the row that it refers to.
    ForeignKeys,
    /// Commits the transaction.
    Commit,
    /// Rolls the transaction back, all being well.
    Rollback,
}

impl Course {
    /// Tells whether the author's code is handed the transaction.
    pub(crate) fn has_code(&self) -> bool {
        self.tasks.iter().any(|task| matches!(task, Task::Rust(_) | Task::RustQuery { .. }))
    }

    /// Shows the texts as they are sent, code as a comment.
    pub(crate) fn texts(&self, language: &dyn Language) -> Vec<String> {
        let comment = language.comment();
        let text = |task: &Task| match task {
            Task::Session(text) | Task::Begin(text) | Task::Key(text) | Task::One(text) | Task::Ledger(text) => {
                text.clone().into_string()
            }
            Task::Author { text, .. } | Task::Alone { text, .. } => (*text).into(),
            Task::Query { check, text, .. } => format!("{comment} {}, must be true\n{text}", check.as_str()),
            Task::Rust(_) => format!("{comment} the migration's Rust code runs here"),
            Task::RustQuery { check, .. } => {
                format!("{comment} {}: the migration's Rust code is asked here", check.as_str())
            }
            Task::ForeignKeys => "PRAGMA foreign_key_check".into(),
            Task::Commit => language.commit().into(),
            Task::Rollback => "ROLLBACK".into(),
        };
        self.tasks.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Task;

    #[test]
    fn a_task_takes_little_more_than_its_text() {
        assert!(size_of::<Task>() <= 24, "{}", size_of::<Task>());
    }
}
