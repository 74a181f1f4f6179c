//! What a backend is asked to do: the tasks of one step, in order, with their exact texts.

use crate::step::{RustCheck, RustWork};
use std::borrow::Cow;

/// Lists a step's tasks in order.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) tasks: Vec<Task>,
    /// How many statements the author's script has.
    pub(crate) statements: usize,
    /// Whether foreign keys are off on the way, to be on again however it ends.
    pub(crate) foreign_keys: bool,
}

/// Names one thing to do. Neighbours may travel together, except where one has to be judged or stands alone.
#[derive(Debug)]
pub(crate) enum Task {
    /// A setting or a lock, outside the transaction.
    Session(String),
    /// Opens the transaction.
    Begin(Cow<'static, str>),
    /// Adds a row whose key is there already if somebody else was faster.
    Key(String),
    /// Changes exactly one row, or somebody else was faster.
    One(String),
    /// The ledger's own.
    Ledger(String),
    /// The author's statement, within the transaction.
    Author { index: usize, text: &'static str },
    /// The author's statement, where it must be sent by itself.
    Alone { index: usize, text: &'static str },
    /// A query whose answer must be true.
    Query { check: &'static str, index: usize, text: &'static str },
    /// The author's code.
    Rust(RustWork),
    /// The author's code, whose answer must be true.
    RustQuery { check: &'static str, code: RustCheck },
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
    pub(crate) fn texts(&self) -> Vec<String> {
        let text = |task: &Task| match task {
            Task::Session(text) | Task::Key(text) | Task::One(text) | Task::Ledger(text) => text.clone(),
            Task::Begin(text) => text.clone().into_owned(),
            Task::Author { text, .. } | Task::Alone { text, .. } => (*text).into(),
            Task::Query { check, text, .. } => format!("-- {check}, must be true\n{text}"),
            Task::Rust(_) => "-- the migration's Rust code runs here".into(),
            Task::RustQuery { check, .. } => format!("-- {check}: the migration's Rust code is asked here"),
            Task::ForeignKeys => "PRAGMA foreign_key_check".into(),
            Task::Commit => "COMMIT".into(),
            Task::Rollback => "ROLLBACK".into(),
        };
        self.tasks.iter().map(text).collect()
    }
}
